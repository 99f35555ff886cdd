"""Records that the server sends down, a page of them at once (formats F10).

Own operations that a new document does not include are laid over it again, each record by itself;
of most records there are none, and those cost a statement for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from fieldapp.domain.exchange import PulledRow
from fieldapp.domain.record import RecordDoc
from fieldapp.storage import revisions
from fieldapp.storage.documents import written
from fieldapp.storage.records import described, lay_again
from fieldapp.storage.sqlite import Database, Value

#: What is put, each record once.
_Batch: TypeAlias = dict[str, tuple[PulledRow, RecordDoc]]

_COLUMNS = (
    "form_id", "form_version", "kind", "subject_list", "subject_id", "scope", "state", "author",
    "created", "updated", "updated_ms", "rev", "epoch", "hash", "server_doc", "local_doc",
    "deleted", "server_deleted", "evicted", "is_due",
)  # fmt: skip
_UPSERT = (
    f"INSERT INTO record (id, {', '.join(_COLUMNS)})"  # noqa: S608 - named above
    f" VALUES ({', '.join('?' * (1 + len(_COLUMNS)))}) ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What this device has of a record."""

    rev: int
    epoch: str | None
    is_evicted: bool


_NOWHERE = _Standing(rev=0, epoch=None, is_evicted=False)


def put_all(
    db: Database,
    puts: Iterable[tuple[PulledRow, RecordDoc]],
    epoch: str,
    is_projected: Callable[[PulledRow], bool],
) -> list[PulledRow]:
    """Store puts and what was read of each; returns those after which this device holds something
    else.
    """
    return [row for batch in _each_once(puts) for row in _put_batch(db, batch, epoch, is_projected)]


def _each_once(puts: Iterable[tuple[PulledRow, RecordDoc]]) -> Iterator[_Batch]:
    """In their order, a record that comes again in a batch of its own."""
    batch: _Batch = {}
    for row, doc in puts:
        if row.object.id in batch:
            yield batch
            batch = {}
        batch[row.object.id] = (row, doc)
    yield batch


def _put_batch(
    db: Database, batch: _Batch, epoch: str, is_projected: Callable[[PulledRow], bool]
) -> list[PulledRow]:
    standing = _standing(db, batch)
    changed: list[PulledRow] = []
    stored: list[tuple[Value, ...]] = []
    headers: list[tuple[str, int, str]] = []
    taken: dict[str, int] = {}
    for record_id, (row, doc) in batch.items():
        stands = standing.get(record_id, _NOWHERE)
        if stands.epoch == epoch and row.rev <= stands.rev:
            # A record that came back to this replica unchanged is here to stay.
            if stands.is_evicted:
                db.execute("UPDATE record SET evicted = 0 WHERE id = ?", (record_id,))
                changed.append(row)
            continue
        if stands.rev > 0 and stands.epoch != epoch:
            revisions.forget_other_life(db, record_id, epoch)
        changed.append(row)
        taken[record_id] = row.rev
        columns = _columns(row, doc, epoch, is_due=is_projected(row))
        stored.append((record_id, *(columns[name] for name in _COLUMNS)))
        headers += [
            (record_id, header.rev, msgspec.json.encode(header).decode()) for header in doc.history
        ]
    db.execute_many(_UPSERT, stored)
    db.execute_many(
        "INSERT OR IGNORE INTO revision (record_id, rev, doc) VALUES (?, ?, ?)", headers
    )
    for record_id in _with_own(db, taken):
        lay_again(db, record_id)
    return changed


def _standing(db: Database, record_ids: Iterable[str]) -> dict[str, _Standing]:
    """What this device has of some records, by their id."""
    rows = db.rows(
        "SELECT r.id, r.rev, r.epoch, r.evicted FROM json_each(?) asked"
        " CROSS JOIN record r ON r.id = asked.value",
        (_json(record_ids),),
    )
    return {
        record_id: _Standing(rev, epoch, bool(is_evicted))
        for record_id, rev, epoch, is_evicted in rows
    }


def _with_own(db: Database, taken: dict[str, int]) -> list[str]:
    """Records with own operations that these revisions of them do not include."""
    rows = db.rows(
        "SELECT DISTINCT o.object_id FROM json_each(?) asked"
        " CROSS JOIN operation o ON o.object_id = asked.value ->> 0"
        " WHERE o.op_state IN ('new', 'sent', 'quarantined')"
        " OR coalesce(o.rev, 0) > asked.value ->> 1",
        (_json(taken.items()),),
    )
    return [record_id for (record_id,) in rows]


def _json(values: Iterable[object]) -> str:
    return msgspec.json.encode(list(values)).decode()


def _columns(row: PulledRow, doc: RecordDoc, epoch: str, *, is_due: bool) -> dict[str, Value]:
    return {
        **described(doc),
        "rev": row.rev,
        "epoch": epoch,
        "hash": row.hash,
        "server_doc": written(row.doc or {}),
        "local_doc": None,
        "deleted": 0,
        "server_deleted": 0,
        "evicted": 0,
        "is_due": int(is_due),
    }
