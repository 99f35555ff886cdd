"""What is being typed: one draft a record, at most two seconds behind the keyboard.

Keyed by the record's id, which is minted when a form is opened (or is that of the record being
amended). A draft is nobody's business but this device's: no operation is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Base, FormRef
from fieldapp.errors import RecordMissing
from fieldapp.storage import meta
from fieldapp.storage.composed import composed_values
from fieldapp.storage.sqlite import Database, Row

_SELECT = (
    "SELECT record_id, form_id, form_version, is_amendment, base, seen, answers, cursor_path,"
    " updated FROM draft"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was left.

    seen: the record's answers when it was opened to amend; answers: as typed, irrelevant ones
    included; cursor_path: the question the cursor stood in.
    """

    record_id: RecordId
    form: FormRef
    is_amendment: bool
    base: Base | None
    answers: Mapping[str, str]
    updated_at: datetime
    seen: Mapping[str, str] = field(default_factory=dict)
    cursor_path: str | None = None


def keep(db: Database, draft: Draft) -> None:
    """Write a draft over the one before it, its texts composed (NFC)."""
    instant = draft.updated_at.isoformat()
    db.execute(
        "INSERT OR REPLACE INTO draft (record_id, form_id, form_version, is_amendment, base, seen,"
        " answers, cursor_path, updated, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.record_id,
            draft.form.id,
            draft.form.version,
            int(draft.is_amendment),
            msgspec.json.encode(draft.base).decode() if draft.base else None,
            _written(draft.seen),
            _written(composed_values(draft.answers)),
            draft.cursor_path,
            instant,
            int(draft.updated_at.timestamp() * 1000),
        ),
    )
    meta.put_saved_at(db, instant)


def find(db: Database, record_id: str) -> Draft:
    """The draft of a record. Raises RecordMissing."""
    row = db.row(_SELECT + " WHERE record_id = ?", (record_id,))
    if row is None:
        raise RecordMissing(record_id=record_id)
    return _read(row)


def exists(db: Database, record_id: str) -> bool:
    """Whether a draft of this record was begun."""
    return db.value("SELECT 1 FROM draft WHERE record_id = ?", (record_id,)) is not None


def all_drafts(db: Database) -> tuple[Draft, ...]:
    """Every draft, the latest first."""
    rows = db.rows(_SELECT + " ORDER BY updated_ms DESC, record_id DESC")
    return tuple(_read(row) for row in rows)


def discard(db: Database, record_id: str) -> None:
    """Throw a draft away, or let it end because it became a record."""
    db.execute("DELETE FROM draft WHERE record_id = ?", (record_id,))


def _written(answers: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(answers)).decode()


def _read(row: Row) -> Draft:
    record_id, form_id, form_version, is_amendment, base, seen, answers, cursor_path, updated = row
    return Draft(
        record_id=RecordId(record_id),
        form=FormRef(id=form_id, version=form_version),
        is_amendment=bool(is_amendment),
        base=None if base is None else msgspec.json.decode(base, type=Base),
        answers=msgspec.json.decode(answers, type=dict[str, str]),
        updated_at=datetime.fromisoformat(updated),
        seen=msgspec.json.decode(seen, type=dict[str, str]),
        cursor_path=cursor_path,
    )
