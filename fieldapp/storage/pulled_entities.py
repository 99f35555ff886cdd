"""What the server sends down of entities: one function a kind of change (formats F10).

As with records: own operations are laid over a new document again, and an entity that leaves this
device waits until nothing that changes it is unsent.
"""

from __future__ import annotations

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import ConflictDoc, PulledRow
from fieldapp.errors import MalformedMessage
from fieldapp.storage import operations, touches
from fieldapp.storage.days import korean_day, milliseconds
from fieldapp.storage.documents import read_pulled_entity, written
from fieldapp.storage.entity_laying import forget, found_by, hide, lay_again, show
from fieldapp.storage.sqlite import Database, Value


def accept(db: Database, row: PulledRow, epoch: str) -> bool:
    """Store a put, del, evict or erase; returns whether this device now holds something else."""
    list_name, entity_id = named(row)
    if row.change == "put":
        return _put(db, row, epoch)
    if row.change == "del":
        return _delete(db, row, epoch)
    if row.change == "evict":
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


def drop_evicted(db: Database) -> None:
    """Let go of the entities that left this device and on which nothing waits any more."""
    for list_name, entity_id in db.rows(
        "SELECT list, id FROM entity e WHERE evicted = 1 AND NOT EXISTS (SELECT 1"
        " FROM operation_entity t JOIN operation o USING (position)"
        " WHERE t.list = e.list AND t.id = e.id"
        " AND o.op_state <> 'settled' AND o.op_state <> 'acked')"
    ):
        forget(db, list_name, entity_id)


def _put(db: Database, row: PulledRow, epoch: str) -> bool:
    list_name, entity_id = named(row)
    if row.doc is None:
        raise MalformedMessage(shape="PulledRow", place="$.doc", reason="missing")
    doc = read_pulled_entity(row.doc)
    if _is_known(db, row, epoch):
        # An entity that came back to this replica unchanged is here to stay.
        return (
            db.execute(
                "UPDATE entity SET evicted = 0 WHERE list = ? AND id = ? AND evicted = 1",
                (list_name, entity_id),
            )
            > 0
        )
    columns: dict[str, Value] = {
        "label": doc.label,
        "scope": row.scope,
        "merged_into": doc.merged_into,
        "rev": row.rev,
        "epoch": epoch,
        "hash": row.hash,
        "server_doc": written(row.doc),
        "deleted": 0,
        "server_deleted": 0,
        "evicted": 0,
        **_dated(doc),
    }
    before = found_by(db, list_name, entity_id)
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    updates = ", ".join(
        # The first revision may have fallen off the twenty that a document carries.
        f"{name} = min({name}, excluded.{name})"
        if name == "created_on"
        else f"{name} = excluded.{name}"
        for name in columns
    )
    db.execute(
        f"INSERT INTO entity (list, id, {names}) VALUES (?, ?, {marks})"  # noqa: S608 - named above
        f" ON CONFLICT (list, id) DO UPDATE SET {updates}",
        (list_name, entity_id, *columns.values()),
    )
    touches.note_history(db, list_name, entity_id, doc.history)
    has_own = db.value(
        "SELECT 1 FROM operation_entity WHERE list = ? AND id = ?", (list_name, entity_id)
    )
    if has_own is None:
        show(db, list_name, entity_id, doc, before)
    else:
        lay_again(db, list_name, entity_id, before)
    return True


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
