"""What the server sends down: one function a kind of change (formats F10).

A change never takes away what somebody typed here: own operations are laid over a new document
again, and a record that leaves this device waits until nothing of it is unsent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import ConflictDoc, PulledRow
from fieldapp.domain.record import RecordDoc
from fieldapp.domain.shapes import read
from fieldapp.errors import MalformedMessage
from fieldapp.storage import (
    answers,
    blobs,
    conflicts,
    drafts,
    held_rows,
    operations,
    pulled_entities,
    pulled_records,
    search,
    touches,
)
from fieldapp.storage.documents import read_pulled, read_pulled_entity, read_stored
from fieldapp.storage.entity_laying import lay_again as lay_entity_again
from fieldapp.storage.sqlite import Database
from fieldapp.storage.thinning import HAS_LATER


def accept_all(
    db: Database,
    rows: Sequence[PulledRow],
    epoch: str,
    is_projected: Callable[[PulledRow], bool],
) -> list[PulledRow]:
    """Store rows in their order; returns those after which this device holds something else.

    A row that this app cannot read yet is kept raw: it must not stop those behind it.
    """
    changed: list[PulledRow] = []
    for put_of, run in groupby(rows, key=_put_of):
        if put_of == "entity":
            changed += pulled_entities.put_all(db, _readable_entities(db, run), epoch)
        elif put_of == "record":
            puts = _readable_records(db, run)
            changed += pulled_records.put_all(db, puts, epoch, is_projected)
        else:
            changed += [row for row in run if _accept(db, row, epoch)]
    if any(row.change == "erase" for row in rows):
        search.sweep(db)
    return changed


def drop_evicted(db: Database) -> None:
    """Let go of what left this device and on which nothing waits any more."""
    pulled_entities.drop_evicted(db)
    for (record_id,) in db.rows(
        "SELECT id FROM record WHERE evicted = 1"
        " AND NOT EXISTS (SELECT 1 FROM draft WHERE record_id = record.id)"
        " AND NOT EXISTS (SELECT 1 FROM operation WHERE object_id = record.id"
        " AND op_state <> 'settled' AND op_state <> 'acked')"
    ):
        named = _texts(db, record_id)
        _forget(db, record_id)
        db.execute(
            # What was put aside is kept to be read.
            "DELETE FROM operation WHERE object_id = ? AND op_state = 'settled'"  # noqa: S608
            " AND status IS NOT 'rejected' AND" + HAS_LATER,
            (record_id,),
        )
        blobs.mark_evicted(db, named)


def form_of(row: PulledRow) -> tuple[str, str] | None:
    """Form id and version of a put, or None when it does not say."""
    form = (row.doc or {}).get("form")
    if row.change != "put" or not isinstance(form, dict):
        return None
    return str(form.get("id")), str(form.get("version"))


def _put_of(row: PulledRow) -> str | None:
    """What a put puts; None for every other change."""
    return row.object.type if row.change == "put" else None


def _readable_entities(
    db: Database, puts: Iterable[PulledRow]
) -> Iterator[tuple[PulledRow, EntityDoc]]:
    for row in puts:
        try:
            pulled_entities.named(row)
            yield row, read_pulled_entity(row.doc or {})
        except MalformedMessage:
            _keep_raw(db, row)


def _readable_records(
    db: Database, puts: Iterable[PulledRow]
) -> Iterator[tuple[PulledRow, RecordDoc]]:
    for row in puts:
        try:
            yield row, read_pulled(row.doc or {})
        except MalformedMessage:
            _keep_raw(db, row)


def _accept(db: Database, row: PulledRow, epoch: str) -> bool:
    try:
        if row.change == "conflict":
            doc = read(ConflictDoc, row.doc)
            conflicts.keep(db, row.object, doc)
            if row.object.type == "entity":
                pulled_entities.note_conflict(db, row, doc)
            return True
        if row.object.type == "entity":
            return pulled_entities.accept(db, row, epoch)
        return _take_away(db, row, epoch)
    except MalformedMessage:
        _keep_raw(db, row)
        return False


def _keep_raw(db: Database, row: PulledRow) -> None:
    db.execute(
        "INSERT OR REPLACE INTO kept_row (scope, scope_seq, doc) VALUES (?, ?, ?)",
        (row.scope, row.scope_seq, msgspec.json.encode(row).decode()),
    )


def _is_known(db: Database, row: PulledRow, epoch: str) -> bool:
    """Whether this device has that revision, or a later one, from the same life of the server."""
    known = db.row("SELECT rev, epoch FROM record WHERE id = ?", (row.object.id,))
    return known is not None and known[1] == epoch and row.rev <= known[0]


def _take_away(db: Database, row: PulledRow, epoch: str) -> bool:
    if row.change == "del":
        return _delete(db, row, epoch)
    if row.change == "evict":
        if held_rows.is_held(db, "", row.object.id):
            return False  # another scope still shows it
        return db.execute("UPDATE record SET evicted = 1 WHERE id = ?", (row.object.id,)) > 0
    named = _texts(db, row.object.id)
    _forget(db, row.object.id)
    db.execute("DELETE FROM draft WHERE record_id = ?", (row.object.id,))
    touched = [
        entity
        for own in operations.for_object(db, row.object.id)
        for entity in touches.touched_by(own.operation)
    ]
    operations.blank(db, row.object.id)
    for list_name, entity_id in touched:
        lay_entity_again(db, list_name, entity_id)
    blobs.mark_erased(db, named)
    return True


def _texts(db: Database, record_id: str) -> set[str]:
    """Everything that was ever written here into a record, as far as it is still held."""
    texts: set[str] = set()
    for doc in db.row("SELECT server_doc, local_doc FROM record WHERE id = ?", (record_id,)) or ():
        if doc is not None:
            texts.update(read_stored(doc).answers.values())
    if drafts.exists(db, record_id):
        texts.update(drafts.find(db, record_id).answers.values())
    for own in operations.for_object(db, record_id):
        texts.update(line.new for line in own.operation.patch if line.new is not None)
    return texts


def _delete(db: Database, row: PulledRow, epoch: str) -> bool:
    if _is_known(db, row, epoch):
        return False
    changed = db.execute(
        "UPDATE record SET deleted = 1, server_deleted = 1, rev = ?, epoch = ? WHERE id = ?",
        (row.rev, epoch, row.object.id),
    )
    answers.remove(db, row.object.id)
    return changed > 0


def _forget(db: Database, record_id: str) -> None:
    answers.remove(db, record_id)
    for statement in (
        "DELETE FROM conflict WHERE object_id = ? AND object_type = 'record'",
        "DELETE FROM revision WHERE record_id = ?",
        "DELETE FROM reviewed WHERE record_id = ?",
        "DELETE FROM copied WHERE record_id = ?",
        "DELETE FROM record WHERE id = ?",
    ):
        db.execute(statement, (record_id,))
