"""Notes of this laptop about records: 옮김, and what the second keying of a sheet gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from fieldapp.domain.ids import RecordId
from fieldapp.storage.sqlite import Database


def copied(db: Database, record_ids: Sequence[str]) -> frozenset[RecordId]:
    """Those of the records whose text was copied."""
    rows = db.rows(
        "SELECT record_id FROM copied WHERE record_id IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(record_ids)).decode(),),
    )
    return frozenset(RecordId(record_id) for (record_id,) in rows)


def put_copied(db: Database, record_id: str, *, at: datetime) -> None:
    """The text of a record was copied; the first time is kept."""
    db.execute(
        "INSERT OR IGNORE INTO copied (record_id, at) VALUES (?, ?)", (record_id, at.isoformat())
    )


def keyed(db: Database, record_ids: Sequence[str]) -> Mapping[RecordId, Mapping[str, str]]:
    """What the second keying gave, of those of the records that were keyed again."""
    rows = db.rows(
        "SELECT record_id, answers FROM keyed WHERE record_id IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(record_ids)).decode(),),
    )
    return {
        RecordId(record_id): msgspec.json.decode(answers, type=dict[str, str])
        for record_id, answers in rows
    }


def put_keyed(db: Database, record_id: str, answers: Mapping[str, str], *, at: datetime) -> None:
    """A sheet was keyed a second time; the newest keying is kept."""
    db.execute(
        "INSERT OR REPLACE INTO keyed (record_id, answers, at) VALUES (?, ?, ?)",
        (record_id, msgspec.json.encode(dict(answers)).decode(), at.isoformat()),
    )
