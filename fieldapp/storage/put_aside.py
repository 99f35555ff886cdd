"""What becomes of own operations that the server refused, once their author has decided.

A refused operation stays laid over its object, and whatever builds on it waits. Put aside, it and
those are `settled` with the status `rejected`: kept for good, to be read, but laid over nothing,
offered no more and in nobody's way. What they said is taken up anew by other operations, or not.

Those that only waited for the refused one have numbers that the server never saw, or saw and holds
open; seq has no holes (formats F3), so the next round begins a new incarnation without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fieldapp.domain.ids import EntityId, RecordId
from fieldapp.domain.operation import Changes
from fieldapp.storage import (
    answers,
    conflicts,
    entity_laying,
    meta,
    operations,
    pulled,
    records,
    touches,
)
from fieldapp.storage.operations import StoredOperation
from fieldapp.storage.sqlite import Database, Row

Deed = Literal["again", "dropped", "seen"]
#: The code of what was only waiting for a refused operation (`sync.protocol`).
_BASE_WAITS = "base_waits"

# Upwards, as far as the server has not taken it, by what each builds on itself and, where that only
# waits, by its effects (as in `operations`).
_ROOT = """
WITH RECURSIVE built_on (op_id, base_op, op_state, position) AS (
    SELECT op_id, base_op, op_state, position FROM operation WHERE op_id = ?
    UNION
    SELECT o.op_id, o.base_op, o.op_state, o.position
    FROM operation o JOIN built_on ON o.op_id = built_on.base_op
    WHERE o.op_state IN ('new', 'sent', 'quarantined')
    UNION
    SELECT o.op_id, o.base_op, o.op_state, o.position
    FROM built_on JOIN operation later USING (op_id)
    JOIN json_each(later.doc, '$.effects') effect
    JOIN operation o ON o.op_id = effect.value ->> '$.base.op' AND o.op_state IN ('new', 'sent')
)
SELECT op_id FROM built_on WHERE op_state = 'quarantined' ORDER BY position LIMIT 1
"""
_BUILT_ON_IT = """
WITH RECURSIVE waiting (op_id) AS (
    SELECT ?
    UNION
    SELECT o.op_id FROM operation o JOIN waiting ON o.base_op = waiting.op_id
    WHERE o.op_state IN ('new', 'sent', 'quarantined')
    UNION
    SELECT later.op_id FROM waiting
    JOIN operation base ON base.op_id = waiting.op_id AND base.op_state IN ('new', 'sent')
    CROSS JOIN operation later ON later.op_state IN ('new', 'sent')
    JOIN json_each(later.doc, '$.effects') effect ON effect.value ->> '$.base.op' = base.op_id
)
SELECT o.op_id FROM waiting JOIN operation o USING (op_id) ORDER BY o.position
"""
_TOGETHER = """
SELECT p.op_id FROM put_aside p JOIN operation o USING (op_id)
WHERE p.root = (SELECT root FROM put_aside WHERE op_id = ? AND deed <> 'seen')
ORDER BY o.position
"""
# Until its author says so, or a later step or signature of theirs on that record stands.
_NOTICES = """
SELECT o.op_id FROM operation o JOIN record r ON r.id = o.object_id
WHERE o.op_state IN ('acked', 'settled') AND o.code IS NOT NULL AND o.status IS NOT 'rejected'
AND NOT EXISTS (SELECT 1 FROM put_aside p WHERE p.op_id = o.op_id)
AND NOT EXISTS (SELECT 1 FROM operation later
    WHERE later.object_id = o.object_id AND later.position > o.position
    AND later.op_state IN ('acked', 'settled') AND later.code IS NULL
    AND (json_type(later.doc, '$.transition') IS NOT NULL
        OR instr(later.doc, '"@signed/') > 0))
ORDER BY o.position
"""
_HOLES = """
SELECT count(*) FROM put_aside p JOIN operation o USING (op_id)
WHERE p.is_unanswered = 1 AND o.replica = ? AND o.incarnation = ?
"""

#: Of a store that is being salvaged, for `take_over`.
SALVAGED = (
    "SELECT p.op_id, p.root, p.deed, p.at, o.code FROM put_aside p JOIN operation o USING (op_id)"
    " ORDER BY o.position"
)


@dataclass(frozen=True, slots=True)
class Aside:
    """An operation that was put aside, with which refused one, and how."""

    own: StoredOperation
    root: str
    deed: Deed


def refused_with(db: Database, op_id: str) -> tuple[StoredOperation, ...]:
    """The refused operation on which this one was built, or itself, and everything built on that,
    oldest first; of one that was put aside, what was put aside with it. () for any other.
    """
    together = [one for (one,) in db.rows(_TOGETHER, (op_id,))]
    if not together:
        root = db.value(_ROOT, (op_id,))
        together = [one for (one,) in db.rows(_BUILT_ON_IT, (root,))] if root else []
    return _found(db, together)


def put_aside(db: Database, group: Sequence[StoredOperation], at: datetime) -> Changes:
    """Give a refused operation up with everything built on it; the first is the refused one.

    A record or an entity that they alone made is not here any more; a conflict that they decided
    waits for a person again. Returns what shows otherwise.
    """
    root = group[0].operation.op_id
    db.execute_many(
        "INSERT OR REPLACE INTO put_aside (op_id, root, deed, at, is_unanswered)"
        " VALUES (?, ?, 'dropped', ?, ?)",
        [
            (own.operation.op_id, root, at.isoformat(), int(own.status != "rejected"))
            for own in group
        ],
    )
    return _lay_without(db, group)


def take_over(db: Database, rows: Sequence[Row]) -> None:
    """What a store that was lost had put aside stays so in what is restored of it (`SALVAGED`).

    Under their new numbers the server has met none of them.
    """
    db.execute_many(
        "INSERT OR REPLACE INTO put_aside (op_id, root, deed, at, is_unanswered)"
        " VALUES (?, ?, ?, ?, 1)",
        [row[:4] for row in rows],
    )
    aside = [(op_id, code) for op_id, _, deed, _, code in rows if deed != "seen"]
    db.execute_many(
        "UPDATE operation SET code = ?2 WHERE op_id = ?1 AND op_state <> 'settled'", aside
    )
    _lay_without(db, _found(db, [op_id for op_id, _ in aside]))


def note_again(db: Database, asked: Sequence[StoredOperation], at: datetime) -> None:
    """What these said, of those put aside, was taken up anew."""
    db.execute_many(
        "UPDATE put_aside SET deed = 'again', at = ? WHERE op_id = ?",
        [(at.isoformat(), own.operation.op_id) for own in asked],
    )


def note_seen(db: Database, op_id: str, at: datetime) -> None:
    """Its author knows what of it was not taken in."""
    db.execute(
        "INSERT OR REPLACE INTO put_aside (op_id, root, deed, at, is_unanswered)"
        " VALUES (?1, ?1, 'seen', ?2, 0)",
        (op_id, at.isoformat()),
    )


def notices(db: Database) -> tuple[StoredOperation, ...]:
    """Own operations on records that the server took in without their step or their signature, and
    that their author has not answered; oldest first.
    """
    return _found(db, [one for (one,) in db.rows(_NOTICES)])


def all_aside(db: Database) -> tuple[Aside, ...]:
    """Every operation that was put aside, the latest first."""
    told: dict[str, tuple[str, Deed]] = {
        op_id: (root, deed)
        for op_id, root, deed in db.rows(
            "SELECT p.op_id, p.root, p.deed FROM put_aside p JOIN operation o USING (op_id)"
            " WHERE p.deed <> 'seen' ORDER BY o.position DESC"
        )
    }
    return tuple(Aside(own, *told[own.operation.op_id]) for own in _found(db, list(told)))


def leaves_hole(db: Database) -> bool:
    """Whether numbers of this incarnation will never have a final answer."""
    who = meta.identity(db)
    return db.count(_HOLES, (who.replica, who.incarnation)) > 0


def _lay_without(db: Database, group: Sequence[StoredOperation]) -> Changes:
    db.execute_many(
        "UPDATE operation SET op_state = 'settled', status = 'rejected', code = coalesce(code, ?)"
        " WHERE op_id = ?",
        [(_BASE_WAITS, own.operation.op_id) for own in group],
    )
    of_records = dict.fromkeys(
        own.operation.object.id for own in group if own.operation.object.type == "record"
    )
    of_entities = dict.fromkeys(
        touched for own in group for touched in touches.touched_by(own.operation)
    )
    for record_id in of_records:
        if not records.lay_again(db, record_id):
            _forget_unmade(db, record_id)
    for list_name, entity_id in of_entities:
        entity_laying.lay_again(db, list_name, entity_id)
    undecided = [
        conflicts.reopen(db, own.operation.object.id)
        for own in group
        if own.operation.kind == "resolve"
    ]
    # What had left this device but for them goes now.
    pulled.drop_evicted(db)
    return Changes(
        records=frozenset(RecordId(one) for one in of_records),
        entities=frozenset(EntityId(one) for _, one in of_entities),
        outbox=True,
        conflicts=any(undecided),
    )


def _forget_unmade(db: Database, record_id: str) -> None:
    """A record that no server document shows and no operation makes any more."""
    unmade = db.value(
        "SELECT 1 FROM record WHERE id = ?1 AND server_doc IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM operation WHERE object_id = ?1 AND op_state <> 'settled')",
        (record_id,),
    )
    if unmade is not None:
        answers.remove(db, record_id)
        for table in ("reviewed", "copied", "keyed", "record"):
            name = "id" if table == "record" else "record_id"
            db.execute(f"DELETE FROM {table} WHERE {name} = ?", (record_id,))  # noqa: S608


def _found(db: Database, op_ids: Sequence[str]) -> tuple[StoredOperation, ...]:
    found = (operations.find(db, op_id) for op_id in op_ids)
    return tuple(own for own in found if own is not None)


__all__ = [
    "SALVAGED", "Aside", "Deed", "all_aside", "leaves_hole", "note_again", "note_seen", "notices",
    "put_aside", "refused_with", "take_over",
]  # fmt: skip
