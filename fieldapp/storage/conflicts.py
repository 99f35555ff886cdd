"""서로 다른 내용 that wait for a person: base, ours and theirs with both authors (formats F5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.exchange import ConflictDoc
from fieldapp.domain.ids import ConflictId, EntityId, RecordId
from fieldapp.domain.operation import FormRef, ObjectRef
from fieldapp.domain.shapes import decode, encode
from fieldapp.errors import RecordMissing
from fieldapp.storage.sqlite import Database, Row

_SELECT = (
    "SELECT c.id, c.object_type, c.list, c.object_id, c.doc, c.is_open, c.decided_by,"
    " c.decided_at, c.reason FROM conflict c"
)
#: Those whose record or entity is on this device and not deleted.
_OPEN = (
    " WHERE c.is_open = 1 AND (EXISTS (SELECT 1 FROM record r"
    " WHERE c.object_type = 'record' AND r.id = c.object_id AND r.deleted = 0)"
    " OR EXISTS (SELECT 1 FROM entity e WHERE c.object_type = 'entity'"
    " AND e.list = c.list AND e.id = c.object_id AND e.deleted = 0))"
)
_INSERT = (
    "INSERT INTO conflict (id, object_type, list, object_id, doc, is_open, decided_by, decided_at,"
    " reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc"
)
_KEEP = _INSERT + "".join(
    f", {name} = excluded.{name}" for name in ("is_open", "decided_by", "decided_at", "reason")
)
#: Of such an object a decision is on its way to the server.
_DECIDED = (
    "(SELECT object_id FROM operation WHERE kind = 'resolve' AND op_state IN ('new', 'sent'))"
)
_REOPEN_UNDECIDED = (
    "UPDATE conflict SET is_open = 1, decided_by = NULL, decided_at = NULL, reason = NULL"  # noqa: S608 - constants
    " WHERE is_open = 0 AND json_extract(doc, '$.decided_by') IS NULL"
    f" AND object_id NOT IN {_DECIDED}"
)
_KEEP_DECISION = _INSERT + ", is_open = min(is_open, excluded.is_open)"


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A conflict of a record or an entity, and who decided it: on the server, or here and not yet
    confirmed. Of an entity the paths of its lines are names of properties.
    """

    conflict_id: ConflictId
    object: ObjectRef
    doc: ConflictDoc
    is_open: bool
    decided_by: str | None
    decided_at: str | None
    reason: str | None

    @property
    def record_id(self) -> RecordId:
        """The record that it is of. Raises ValueError for one of an entity."""
        if self.object.type != "record":
            raise ValueError("a conflict of an entity")
        return RecordId(self.object.id)

    @property
    def entity_id(self) -> EntityId:
        """The entity that it is of. Raises ValueError for one of a record."""
        if self.object.type != "entity":
            raise ValueError("a conflict of a record")
        return EntityId(self.object.id)


def keep(db: Database, of: ObjectRef, doc: ConflictDoc) -> None:
    """Store the server's word on a conflict. Still open there, or open again on a server that was
    restored, a decision made here stands until its operation is answered.
    """
    is_decided = doc.decided_by is not None
    db.execute(
        _KEEP_DECISION if not is_decided and _decides(db, of) else _KEEP,
        (
            doc.id,
            of.type,
            of.list,
            of.id,
            encode(doc).decode(),
            int(not is_decided),
            doc.decided_by,
            doc.decided_at,
            doc.reason,
        ),
    )


def _decides(db: Database, of: ObjectRef) -> bool:
    return bool(db.value(f"SELECT ? IN {_DECIDED}", (of.id,)))


def find(db: Database, conflict_id: str) -> StoredConflict:
    """One conflict. Raises RecordMissing."""
    row = db.row(_SELECT + " WHERE c.id = ?", (conflict_id,))
    if row is None:
        raise RecordMissing(record_id=conflict_id)
    return _read(row)


def open_conflicts(db: Database) -> tuple[StoredConflict, ...]:
    """Conflicts of records and entities on this device that wait for a person, oldest first."""
    return tuple(_read(row) for row in db.rows(_SELECT + _OPEN + " ORDER BY c.id"))


def forms_of_open(db: Database) -> Mapping[str, tuple[FormRef, str]]:
    """The form version and the state of each record here that an open conflict is of, by its id."""
    rows = db.rows(
        "SELECT DISTINCT r.id, r.form_id, r.form_version, r.state FROM conflict c JOIN record r"
        " ON r.id = c.object_id WHERE c.is_open = 1 AND c.object_type = 'record'"
    )
    return {
        record_id: (FormRef(id=form_id, version=version), state)
        for record_id, form_id, version, state in rows
    }


def of_record(db: Database, record_id: str) -> tuple[StoredConflict, ...]:
    """Every conflict that a record had, decided ones too, oldest first."""
    return _of(db, record_id)


def of_entity(db: Database, list_name: str, entity_id: str) -> tuple[StoredConflict, ...]:
    """Every conflict that an entity had, decided ones too, oldest first."""
    return tuple(kept for kept in _of(db, entity_id) if kept.object.list == list_name)


def mark_decided(db: Database, conflict_id: str, *, by: str, at: str, reason: str | None) -> None:
    """Decided here, in the transaction that appends the resolve operation."""
    db.execute(
        "UPDATE conflict SET is_open = 0, decided_by = ?, decided_at = ?, reason = ? WHERE id = ?",
        (by, at, reason, conflict_id),
    )


def reopen(db: Database, object_id: str) -> bool:
    """The server refused a decision made here: what it still has open waits for a person again."""
    still_open = [
        (kept.conflict_id,)
        for kept in _of(db, object_id)
        if not kept.is_open and kept.doc.decided_by is None
    ]
    db.execute_many(
        "UPDATE conflict SET is_open = 1, decided_by = NULL, decided_at = NULL, reason = NULL"
        " WHERE id = ?",
        still_open,
    )
    return bool(still_open)


def reopen_undecided(db: Database) -> bool:
    """To be called once everything that the server has is here: what it has open, whatever was
    decided here, waits for a person again, unless that decision is still on its way.
    """
    return db.execute(_REOPEN_UNDECIDED) > 0


def _of(db: Database, object_id: str) -> tuple[StoredConflict, ...]:
    rows = db.rows(_SELECT + " WHERE c.object_id = ? ORDER BY c.id", (object_id,))
    return tuple(_read(row) for row in rows)


def _read(row: Row) -> StoredConflict:
    conflict_id, object_type, list_name, object_id, doc, is_open, *decision = row
    decided_by, decided_at, reason = decision
    return StoredConflict(
        conflict_id=ConflictId(conflict_id),
        object=ObjectRef(type=object_type, list=list_name, id=object_id),
        doc=decode(ConflictDoc, doc),
        is_open=bool(is_open),
        decided_by=decided_by,
        decided_at=decided_at,
        reason=reason,
    )
