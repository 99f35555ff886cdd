"""One's own operations: outbox, audit and undo are this one list (formats F3).

An operation is immutable from commit on. Its `replica` and `seq` stand in columns beside it, since
an enrolment or a restore may renumber what has not settled. Which entities it changes, itself or by
the effects it carries, is noted in `touches`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from fieldapp.domain.exchange import Offered
from fieldapp.domain.ids import EntityId, RecordId
from fieldapp.domain.operation import (
    INSTANCE_ID,
    Operation,
    OperationState,
    PatchLine,
    ReceiptStatus,
    ReplicaIdentity,
)
from fieldapp.domain.scalars import is_instance
from fieldapp.domain.shapes import to_wire
from fieldapp.storage import meta, touches
from fieldapp.storage.sqlite import Database, Row

#: Why an operation waits that the server could not read; no code of the server's.
UNREADABLE = "unreadable"
#: What stands where a value was destroyed (formats, Erase).
_ERASED = "파기됨"
#: Operations that wait for one that the server refused, directly or through others; also those with
#: an effect on what only waits. An effect on the refused one itself is for the server to judge.
_REFUSED = """
WITH RECURSIVE refused (op_id) AS (
    SELECT op_id FROM operation WHERE op_state = 'quarantined'
    UNION
    SELECT operation.op_id FROM operation JOIN refused ON operation.base_op = refused.op_id
    UNION
    SELECT later.op_id FROM refused
    JOIN operation base ON base.op_id = refused.op_id AND base.op_state IN ('new', 'sent')
    CROSS JOIN operation later ON later.op_state IN ('new', 'sent')
    JOIN json_each(later.doc, '$.effects') effect ON effect.value ->> '$.base.op' = base.op_id
)
"""
_SELECT = (
    "SELECT doc, replica, seq, op_state, status, code, operation.rev, sent_at, acked_at,"
    " unsigned_state FROM operation"
)


_PENDING = (
    _REFUSED + _SELECT + " WHERE op_state IN ('new', 'sent')"  # noqa: S608 - constants
    " AND op_id NOT IN (SELECT op_id FROM refused) AND seq > ? ORDER BY position LIMIT ?"
)


class _Said(msgspec.Struct):
    """What is asked of an operation that goes up, unchecked."""

    op_id: str
    author: str
    at: str


_SAID = msgspec.json.Decoder(_Said)
_REOPEN = (
    "UPDATE operation SET op_state = 'new', status = NULL, code = NULL, rev = NULL, acked_at = NULL"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """The server's word: operations of this incarnation, up to this seq, survive its restore."""

    incarnation: int
    through: int


@dataclass(frozen=True, slots=True)
class StoredOperation:
    """An operation and what became of it.

    rev: the revision that includes it, once the server named one; code: why it is held or refused;
    unsigned_state: where its record stands because it changed what somebody had signed.
    """

    operation: Operation
    state: OperationState
    status: ReceiptStatus | None
    code: str | None
    rev: int | None
    sent_at: datetime | None
    acked_at: datetime | None
    unsigned_state: str | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An operation that the server has not taken, with what its record shows."""

    record_id: RecordId
    op_id: str
    form_id: str
    answers: dict[str, str]
    op_state: OperationState
    status: ReceiptStatus | None
    code: str | None


@dataclass(frozen=True, slots=True)
class UnsettledEntity:
    """An operation on an entity that the server has not taken, with what the entity is called."""

    list: str
    entity_id: EntityId
    label: str
    op_state: OperationState
    status: ReceiptStatus | None
    code: str | None


def next_seq(db: Database) -> int:
    """The number of the next operation of this replica: no holes, from 1 (F3)."""
    who = meta.identity(db)
    return 1 + db.count(
        "SELECT max(seq) FROM operation WHERE replica = ? AND incarnation = ?",
        (who.replica, who.incarnation),
    )


def append(db: Database, operation: Operation) -> None:
    """Keep a new operation. Raises ValueError when it is not this replica's next."""
    who = meta.identity(db)
    if operation.replica != who.replica or operation.seq != next_seq(db):
        raise ValueError("an operation is its replica's next")
    db.execute(
        "INSERT INTO operation"
        " (replica, incarnation, seq, op_id, object_id, kind, base_op, doc, op_state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'new')",
        (
            who.replica,
            who.incarnation,
            operation.seq,
            operation.op_id,
            operation.object.id,
            operation.kind,
            operation.base.op if operation.base else None,
            _written(operation),
        ),
    )
    touches.note(db, operation)
    meta.put_saved_at(db, operation.at)


def offered(
    db: Database, max_operations: int, max_bytes: int, after: int = 0
) -> tuple[Offered, ...]:
    """The first above seq `after` without a receipt that takes them in: at least one if any.

    Those that wait for a refused one are left out. As they stand, without reading them whole.
    """
    chosen: list[Offered] = []
    total = 0
    for row in db.rows(_PENDING, (after, max_operations)):
        json = _named(row[0], row[1], row[2]).encode()
        total += len(json) + 1
        if chosen and total > max_bytes:
            break
        said = _SAID.decode(json)
        chosen.append(Offered(row[2], said.op_id, said.author, said.at, json))
    return tuple(chosen)


def mark_sent(db: Database, op_ids: Iterable[str], at: datetime | None) -> None:
    """They are about to be handed over; only a receipt says that they arrived."""
    db.execute(
        "UPDATE operation SET op_state = 'sent', sent_at = ?"
        " WHERE op_id IN (SELECT value FROM json_each(?)) AND op_state IN ('new', 'sent')",
        (at.isoformat() if at else None, msgspec.json.encode(list(op_ids)).decode()),
    )


def settle(db: Database, through: int) -> None:
    """Acknowledged operations up to this seq survive a restore of the server."""
    who = meta.identity(db)
    db.execute(
        "UPDATE operation SET op_state = 'settled'"
        " WHERE op_state = 'acked' AND replica = ? AND incarnation = ? AND seq <= ?",
        (who.replica, who.incarnation, through),
    )


def reopen_unsettled(db: Database) -> int:
    """What had not settled may be lost on the server: send it again, receipts make it harmless."""
    return db.execute(_REOPEN + " WHERE op_state = 'acked'")


def offer_again(db: Database, object_ids: Sequence[str]) -> None:
    """What was acknowledged of these objects and has not settled is sent again: the server shows
    them no more.
    """
    who = meta.identity(db)
    db.execute_many(
        _REOPEN + " WHERE op_state = 'acked' AND object_id = ? AND replica = ? AND incarnation = ?",
        [(object_id, who.replica, who.incarnation) for object_id in object_ids],
    )


def begin_epoch(db: Database, settled: Settled | None = None) -> None:
    """The server began another life: what had not settled is sent again, and what had is in every
    revision it gives from now on, since revisions of two lives do not compare.

    settled: its word on that, against which nothing that settled before stands; an older backup may
    have been restored than the one by which it did. What then has a name or an incarnation that is
    over goes, with everything open, under the next one; so does everything where an operation was
    refused that the server may have forgotten: it is not sent again, and leaves a hole.
    """
    reopen_unsettled(db)
    who = meta.identity(db)
    forgotten = 0
    if settled is not None:
        through = settled.through if settled.incarnation == who.incarnation else 0
        db.execute(
            # A refused one that was put aside has settled for good.
            _REOPEN + " WHERE op_state = 'settled' AND status IS NOT 'rejected'"
            " AND NOT (replica = ? AND incarnation = ? AND seq <= ?)",
            (who.replica, who.incarnation, through),
        )
        forgotten = db.count(
            "SELECT count(*) FROM operation WHERE status = 'rejected'"
            " AND replica = ? AND incarnation = ? AND seq > ?",
            (who.replica, who.incarnation, through),
        )
    if forgotten or db.count(
        "SELECT count(*) FROM operation WHERE op_state = 'new'"
        " AND NOT (replica = ? AND incarnation = ?)",
        (who.replica, who.incarnation),
    ):
        later = max(who.incarnation, settled.incarnation if settled is not None else 0) + 1
        begin_incarnation(db, ReplicaIdentity(who.replica, later))
    db.execute("UPDATE operation SET rev = NULL WHERE op_state = 'settled'")
    touches.begin_epoch(db)


def adopt_identity(db: Database, identity: ReplicaIdentity) -> None:
    """Take the name (or the new incarnation) that the server gave; renumber what it does not hold.

    Under another name only operations without a receipt move. In a new incarnation everything
    unsettled does, to be sent again: receipts are keyed by replica and op_id, so nothing doubles.
    """
    meta.put_enrolled(db)
    begin_incarnation(db, identity)


def begin_incarnation(db: Database, identity: ReplicaIdentity) -> None:
    """Go on as a restored store does: renumbered as by `adopt_identity`, but whether the server
    gave it a name is as it was. Nothing renumbered counts as sent.
    """
    before = meta.identity(db)
    meta.put_identity(db, identity)
    if before == identity:
        return
    meta.put_compared_at(db, None)
    if before.replica == identity.replica:
        reopen_unsettled(db)
    moved = db.rows(
        "SELECT position FROM operation WHERE op_state IN ('new', 'sent') ORDER BY position"
    )
    first = next_seq(db)
    db.execute_many(
        "UPDATE operation SET replica = ?, incarnation = ?, seq = ?, op_state = 'new',"
        " status = NULL, code = NULL, sent_at = NULL WHERE position = ?",
        [
            (identity.replica, identity.incarnation, first + index, position)
            for index, (position,) in enumerate(moved)
        ],
    )


def blank(db: Database, object_id: str) -> None:
    """Destroy the values inside the operations on an erased object; the envelopes stay, since seq
    has no holes, and the server refuses what it did not have.
    """
    for own in for_object(db, object_id):
        emptied = msgspec.structs.replace(
            own.operation,
            patch=tuple(_blanked(line) for line in own.operation.patch),
            effects=(),
            subject=None,
            reason=None,
        )
        db.execute(
            "UPDATE operation SET doc = ? WHERE op_id = ?",
            (_written(emptied), own.operation.op_id),
        )
    touches.forget(db, object_id)


def blank_effects(db: Database, list_name: str, entity_id: str) -> None:
    """Destroy what operations on records did to an erased entity; their answers are not its own."""
    for own in for_entity(db, list_name, entity_id):
        if own.operation.object.type == "record":
            spared = tuple(
                effect
                for effect in own.operation.effects
                if (effect.list, effect.id) != (list_name, entity_id)
            )
            emptied = msgspec.structs.replace(own.operation, effects=spared)
            db.execute(
                "UPDATE operation SET doc = ? WHERE op_id = ?",
                (_written(emptied), own.operation.op_id),
            )


def find(db: Database, op_id: str) -> StoredOperation | None:
    """One operation by its id."""
    row = db.row(_SELECT + " WHERE op_id = ?", (op_id,))
    return None if row is None else _stored(row)


def for_object(db: Database, object_id: str) -> tuple[StoredOperation, ...]:
    """One's own operations on a record, in the order in which they were made."""
    rows = db.rows(_SELECT + " WHERE object_id = ? ORDER BY position", (object_id,))
    return tuple(_stored(row) for row in rows)


def for_entity(db: Database, list_name: str, entity_id: str) -> tuple[StoredOperation, ...]:
    """One's own operations that change an entity, themselves or by an effect, in their order."""
    rows = db.rows(
        _SELECT + " JOIN operation_entity AS touch USING (position)"
        " WHERE touch.list = ? AND touch.id = ? ORDER BY position",
        (list_name, entity_id),
    )
    return tuple(_stored(row) for row in rows)


def count_unsent(db: Database) -> int:
    """How many have no receipt that takes them in; held ones count, refused ones do not."""
    return db.count("SELECT count(*) FROM operation WHERE op_state IN ('new', 'sent')")


def count_quarantined(db: Database) -> int:
    """How many the server refused."""
    return db.count("SELECT count(*) FROM operation WHERE op_state = 'quarantined'")


def pass_over(db: Database, op_id: str) -> bool:
    """The server cannot read it: it waits, is offered again, and is told of meanwhile. Returns
    whether that is news.
    """
    return bool(
        db.execute(
            "UPDATE operation SET status = 'held', code = ? WHERE op_id = ?"
            " AND op_state IN ('new', 'sent') AND code IS NOT ?",
            (UNREADABLE, op_id, UNREADABLE),
        )
    )


def waiting_for_refused(db: Database) -> frozenset[str]:
    """Operations that are not offered, since they build on one that the server refused."""
    rows = db.rows(
        _REFUSED + "SELECT op_id FROM operation WHERE op_state IN ('new', 'sent')"  # noqa: S608
        " AND op_id IN (SELECT op_id FROM refused)"
    )
    return frozenset(op_id for (op_id,) in rows)


def without_settlement(db: Database) -> tuple[Unsettled, ...]:
    """What the server has not received or not taken of records, oldest first; also of one that is
    not here: it was lost with a disk, and the next pull brings it.
    """
    rows = db.rows(
        "SELECT o.object_id, coalesce(r.form_id, json_extract(o.doc, '$.form.id'), ''),"
        " coalesce(r.local_doc, r.server_doc), o.op_state, o.status, o.code, o.op_id"
        " FROM operation o LEFT JOIN record r ON r.id = o.object_id"
        " WHERE o.op_state IN ('new', 'sent', 'quarantined')"
        " AND json_extract(o.doc, '$.object.type') = 'record' ORDER BY o.position"
    )
    return tuple(
        Unsettled(
            record_id=RecordId(record_id),
            op_id=op_id,
            form_id=form_id,
            answers=_answers(doc) if doc is not None else {},
            op_state=state,
            status=status,
            code=code,
        )
        for record_id, form_id, doc, state, status, code, op_id in rows
    )


def entities_without_settlement(db: Database) -> tuple[UnsettledEntity, ...]:
    """What the server has not received or not taken of entities themselves, oldest first."""
    rows = db.rows(
        "SELECT e.list, e.id, e.label, o.op_state, o.status, o.code FROM operation o"
        " JOIN operation_entity t ON t.position = o.position AND t.id = o.object_id"
        " JOIN entity e ON e.list = t.list AND e.id = t.id"
        " WHERE o.op_state IN ('new', 'sent', 'quarantined') ORDER BY o.position"
    )
    return tuple(
        UnsettledEntity(list_name, EntityId(entity_id), label, state, status, code)
        for list_name, entity_id, label, state, status, code in rows
    )


def states_of(db: Database, record_ids: Sequence[str]) -> Mapping[str, StateOfRecord]:
    """How one's own operations on these records stand: for each record the most troubled one."""
    found: dict[str, StateOfRecord] = {}
    for record_id, state, status, code in db.rows(
        "SELECT object_id, op_state, status, code FROM operation"
        " WHERE object_id IN (SELECT value FROM json_each(?)) AND op_state <> 'settled'"
        " ORDER BY position",
        (msgspec.json.encode(list(record_ids)).decode(),),
    ):
        stands = StateOfRecord(state, status == "held", code)
        if record_id not in found or stands.trouble > found[record_id].trouble:
            found[record_id] = stands
    return found


@dataclass(frozen=True, slots=True)
class StateOfRecord:
    """The most troubled of a record's own operations: its state, and whether and why it is held."""

    op_state: OperationState
    is_held: bool
    code: str | None

    @property
    def trouble(self) -> int:
        """Refused before held before never sent before sent before received."""
        if self.is_held:
            return 4
        return {"quarantined": 5, "new": 3, "sent": 2, "acked": 1, "settled": 0}[self.op_state]


def _written(operation: Operation) -> str:
    wire = to_wire(operation)
    del wire["replica"], wire["seq"]
    return msgspec.json.encode(wire).decode()


def _stored(row: Row) -> StoredOperation:
    doc, replica, seq, state, status, code, rev, sent_at, acked_at, unsigned_state = row
    return StoredOperation(
        operation=_read(_named(doc, replica, seq)),
        state=state,
        status=status,
        code=code,
        rev=rev,
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        acked_at=datetime.fromisoformat(acked_at) if acked_at else None,
        unsigned_state=unsigned_state,
    )


def _named(doc: str, replica: str, seq: int) -> str:
    """The operation's JSON, with what stands in columns."""
    return f'{{"replica":"{replica}","seq":{seq},{doc[1:]}'


def _read(json: str | bytes) -> Operation:
    return msgspec.json.decode(json, type=Operation)


def _blanked(line: PatchLine) -> PatchLine:
    if line.path == INSTANCE_ID:
        return line
    if is_instance(line.path):
        return PatchLine(path=line.path, old="{}")
    return PatchLine(path=line.path, new=_ERASED)


def _answers(doc: str) -> dict[str, str]:
    answers: dict[str, str] = msgspec.json.decode(doc)["answers"]
    return answers
