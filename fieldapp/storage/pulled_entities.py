"""What the server sends down of entities: one function a kind of change (formats F10).

As with records: own operations are laid over a new document again, and an entity that leaves this
device waits until nothing that changes it is unsent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import ConflictDoc, PulledRow
from fieldapp.errors import MalformedMessage
from fieldapp.storage import held_rows, operations, search, touches
from fieldapp.storage.days import korean_day, milliseconds
from fieldapp.storage.documents import read_stored_values, written
from fieldapp.storage.entity_laying import FoundBy, forget, hide, indexed, lay_again, show_all
from fieldapp.storage.search import Key
from fieldapp.storage.sqlite import Database, Value

#: What is put, each once.
_Batch: TypeAlias = dict[Key, tuple[PulledRow, EntityDoc]]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What this device has of an entity: its revision, and by what it is found."""

    rev: int
    epoch: str | None
    scope: str
    hash: str | None
    is_evicted: bool
    found_by: FoundBy

    def knows(self, row: PulledRow, epoch: str) -> bool:
        """Whether this device has what the row brings, or something later. One scope may show as
        a card what another shows in full, and a newer form may let a card show something else: the
        same revision, and yet another document. A card has no history.
        """
        is_view = row.scope != self.scope or "history" not in (row.doc or {})
        is_other_view = is_view and row.rev == self.rev and row.hash != self.hash
        return self.epoch == epoch and row.rev <= self.rev and not is_other_view


_NOWHERE = _Standing(rev=0, epoch=None, scope="", hash=None, is_evicted=False, found_by=frozenset())
_COLUMNS = (
    "label", "scope", "merged_into", "rev", "epoch", "hash", "server_doc", "deleted",
    "server_deleted", "evicted", "created_on", "updated", "updated_ms",
)  # fmt: skip
# The first revision may have fallen off the twenty that a document carries.
_UPSERT = (
    f"INSERT INTO entity (list, id, {', '.join(_COLUMNS)})"  # noqa: S608 - named above
    f" VALUES ({', '.join('?' * (2 + len(_COLUMNS)))}) ON CONFLICT (list, id) DO UPDATE SET "
    + ", ".join(
        f"{name} = min({name}, excluded.{name})"
        if name == "created_on"
        else f"{name} = excluded.{name}"
        for name in _COLUMNS
    )
)


def accept(db: Database, row: PulledRow, epoch: str) -> bool:
    """Store a del, evict or erase; returns whether this device now holds something else."""
    list_name, entity_id = named(row)
    if row.change == "del":
        return _delete(db, row, epoch)
    if row.change == "evict":
        if held_rows.is_held(db, list_name, entity_id):
            return False  # another scope still shows it
        return (
            db.execute(
                "UPDATE entity SET evicted = 1 WHERE list = ? AND id = ?", (list_name, entity_id)
            )
            > 0
        )
    forget(db, list_name, entity_id)
    operations.blank(db, entity_id)
    operations.blank_effects(db, list_name, entity_id)
    return True


def named(row: PulledRow) -> tuple[str, str]:
    """List and id of the entity that a row is about."""
    if row.object.list is None:
        raise MalformedMessage(shape="PulledRow", place="$.object.list", reason="missing")
    return row.object.list, row.object.id


def note_conflict(db: Database, row: PulledRow, doc: ConflictDoc) -> None:
    """An own operation lost a property: what the server has now includes what is left of it."""
    list_name, entity_id = named(row)
    touches.note_conflict(db, list_name, entity_id, doc.op_id, row.rev)
    lay_again(db, list_name, entity_id)


def put_all(
    db: Database, puts: Iterable[tuple[PulledRow, EntityDoc]], epoch: str
) -> list[PulledRow]:
    """Store puts and what was read of each; returns those after which this device holds something
    else. A statement serves many: a page brings hundreds, and a laptop's first pull thousands.
    """
    return [row for batch in _each_once(puts) for row in _put_batch(db, batch, epoch)]


def drop_evicted(db: Database) -> None:
    """Let go of the entities that left this device and on which nothing waits any more."""
    gone = db.rows(
        "SELECT list, id FROM entity e WHERE evicted = 1 AND NOT EXISTS (SELECT 1"
        " FROM operation_entity t JOIN operation o USING (position)"
        " WHERE t.list = e.list AND t.id = e.id"
        " AND o.op_state <> 'settled' AND o.op_state <> 'acked')"
    )
    for list_name, entity_id in gone:
        forget(db, list_name, entity_id)
    if gone:
        search.sweep(db)


def _each_once(puts: Iterable[tuple[PulledRow, EntityDoc]]) -> Iterator[_Batch]:
    """In their order, an entity that comes again in a batch of its own."""
    batch: _Batch = {}
    for row, doc in puts:
        key = named(row)
        if key in batch:
            yield batch
            batch = {}
        batch[key] = (row, doc)
    yield batch


def _put_batch(db: Database, batch: _Batch, epoch: str) -> list[PulledRow]:
    standing, own = _standing(db, batch), _with_own(db, batch)
    changed, written_rows, shown = [], [], []
    for key, (row, doc) in batch.items():
        stands = standing.get(key, _NOWHERE)
        if stands.knows(row, epoch):
            # An entity that came back to this replica unchanged is here to stay.
            if stands.is_evicted:
                db.execute("UPDATE entity SET evicted = 0 WHERE list = ? AND id = ?", key)
                changed.append(row)
            continue
        changed.append(row)
        columns = _columns(row, doc, epoch)
        written_rows.append((*key, *(columns[name] for name in _COLUMNS)))
        shown.append((key, doc, stands))
    db.execute_many(_UPSERT, written_rows)
    show_all(db, [(*key, doc, was.found_by) for key, doc, was in shown if key not in own])
    for key, doc, was in shown:
        if key in own:
            touches.note_history(db, *key, doc.history)
            lay_again(db, *key, was.found_by)
    return changed


def _with_own(db: Database, keys: Iterable[Key]) -> frozenset[Key]:
    """Those that own operations change, also by effects on what this device did not hold."""
    return frozenset(
        db.rows(
            "SELECT DISTINCT t.list, t.id FROM json_each(?) asked CROSS JOIN operation_entity t"
            " ON t.list = asked.value ->> 0 AND t.id = asked.value ->> 1",
            (_json(keys),),
        )
    )


def _standing(db: Database, keys: Iterable[Key]) -> dict[Key, _Standing]:
    """What this device has of some entities, by list and id."""
    rows = db.rows(
        "SELECT e.list, e.id, e.rev, e.epoch, e.scope, e.hash, e.evicted,"
        " CASE WHEN e.deleted = 0 THEN coalesce(e.local_doc, e.server_doc) END"
        " FROM json_each(?) asked"
        " CROSS JOIN entity e ON e.list = asked.value ->> 0 AND e.id = asked.value ->> 1",
        (_json(keys),),
    )
    return {
        (list_name, entity_id): _Standing(
            rev,
            epoch,
            scope,
            hash_,
            bool(is_evicted),
            frozenset() if text is None else indexed(read_stored_values(text)),
        )
        for list_name, entity_id, rev, epoch, scope, hash_, is_evicted, text in rows
    }


def _json(keys: Iterable[Key]) -> str:
    return msgspec.json.encode(list(keys)).decode()


def _columns(row: PulledRow, doc: EntityDoc, epoch: str) -> dict[str, Value]:
    return {
        "label": doc.label,
        "scope": row.scope,
        "merged_into": doc.merged_into,
        "rev": row.rev,
        "epoch": epoch,
        "hash": row.hash,
        "server_doc": written(row.doc or {}),
        "deleted": 0,
        "server_deleted": 0,
        "evicted": 0,
        **_dated(doc),
    }


def _dated(doc: EntityDoc) -> dict[str, Value]:
    """When it was first and last changed, by its history. One without was made on no known day."""
    whens = [header.when for header in sorted(doc.history, key=lambda header: header.rev)]
    if not whens:
        return {"created_on": "9999-12-31", "updated": "", "updated_ms": 0}
    return {
        "created_on": korean_day(whens[0]) or whens[0][:10],
        "updated": whens[-1],
        "updated_ms": milliseconds(whens[-1]),
    }


def _is_known(db: Database, row: PulledRow, epoch: str) -> bool:
    """Whether this device has that revision, or a later one, from the same life of the server."""
    known = db.row("SELECT rev, epoch FROM entity WHERE list = ? AND id = ?", named(row))
    return known is not None and known[1] == epoch and row.rev <= known[0]


def _delete(db: Database, row: PulledRow, epoch: str) -> bool:
    if _is_known(db, row, epoch):
        return False
    list_name, entity_id = named(row)
    hide(db, list_name, entity_id)
    changed = db.execute(
        "UPDATE entity SET deleted = 1, server_deleted = 1, rev = ?, epoch = ?"
        " WHERE list = ? AND id = ?",
        (row.rev, epoch, list_name, entity_id),
    )
    return changed > 0
