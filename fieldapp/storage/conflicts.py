"""서로 다른 내용 that wait for a person: base, ours and theirs with both authors (formats F5)."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.exchange import ConflictDoc
from fieldapp.domain.ids import ConflictId, RecordId
from fieldapp.domain.shapes import decode, encode
from fieldapp.errors import RecordMissing
from fieldapp.storage.sqlite import Database, Row

_SELECT = (
    "SELECT c.id, c.record_id, c.doc, c.is_open, c.decided_by, c.decided_at, c.reason"
    " FROM conflict c"
)


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A conflict, and who decided it: on the server, or here and not yet confirmed."""

    conflict_id: ConflictId
    record_id: RecordId
    doc: ConflictDoc
    is_open: bool
    decided_by: str | None
    decided_at: str | None
    reason: str | None


def keep(db: Database, record_id: str, doc: ConflictDoc) -> None:
    """Store the server's word on a conflict. Decided there, it is decided; still open there, a
    decision made here stands until its operation is answered.
    """
    is_decided = doc.decided_by is not None
    db.execute(
        "INSERT INTO conflict (id, record_id, doc, is_open, decided_by, decided_at, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc,"
        " is_open = min(is_open, excluded.is_open),"
        " decided_by = coalesce(excluded.decided_by, decided_by),"
        " decided_at = coalesce(excluded.decided_at, decided_at),"
        " reason = coalesce(excluded.reason, reason)",
        (
            doc.id,
            record_id,
            encode(doc).decode(),
            int(not is_decided),
            doc.decided_by,
            doc.decided_at,
            doc.reason,
        ),
    )


def find(db: Database, conflict_id: str) -> StoredConflict:
    """One conflict. Raises RecordMissing."""
    row = db.row(_SELECT + " WHERE c.id = ?", (conflict_id,))
    if row is None:
        raise RecordMissing(record_id=conflict_id)
    return _read(row)


def open_conflicts(db: Database) -> tuple[StoredConflict, ...]:
    """Conflicts of records on this device that wait for a person, oldest first."""
    rows = db.rows(
        _SELECT
        + " JOIN record r ON r.id = c.record_id WHERE c.is_open = 1 AND r.deleted = 0 ORDER BY c.id"
    )
    return tuple(_read(row) for row in rows)


def of_record(db: Database, record_id: str) -> tuple[StoredConflict, ...]:
    """Every conflict that a record had, decided ones too, oldest first."""
    rows = db.rows(_SELECT + " WHERE c.record_id = ? ORDER BY c.id", (record_id,))
    return tuple(_read(row) for row in rows)


def count_open(db: Database) -> int:
    """How many wait for a person."""
    return db.count(
        "SELECT count(*) FROM conflict c JOIN record r ON r.id = c.record_id"
        " WHERE c.is_open = 1 AND r.deleted = 0"
    )


def mark_decided(db: Database, conflict_id: str, *, by: str, at: str, reason: str | None) -> None:
    """Decided here, in the transaction that appends the resolve operation."""
    db.execute(
        "UPDATE conflict SET is_open = 0, decided_by = ?, decided_at = ?, reason = ? WHERE id = ?",
        (by, at, reason, conflict_id),
    )


def reopen(db: Database, record_id: str) -> bool:
    """The server refused a decision made here: what it still has open waits for a person again."""
    still_open = [
        (kept.conflict_id,)
        for kept in of_record(db, record_id)
        if not kept.is_open and kept.doc.decided_by is None
    ]
    db.execute_many(
        "UPDATE conflict SET is_open = 1, decided_by = NULL, decided_at = NULL, reason = NULL"
        " WHERE id = ?",
        still_open,
    )
    return bool(still_open)


def _read(row: Row) -> StoredConflict:
    conflict_id, record_id, doc, is_open, decided_by, decided_at, reason = row
    return StoredConflict(
        conflict_id=ConflictId(conflict_id),
        record_id=RecordId(record_id),
        doc=decode(ConflictDoc, doc),
        is_open=bool(is_open),
        decided_by=decided_by,
        decided_at=decided_at,
        reason=reason,
    )
