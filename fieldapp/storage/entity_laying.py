"""The server's document of an entity with one's own operations laid over it (formats F4, F5).

What the server refused of a record leaves its effects out again, since they come about with their
step or not at all; what it refused of an entity stays laid without its state. What a refused record
made here and nowhere else does not vanish under whoever works with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from fieldapp.domain.entity import SHARE, STATE, EntityDoc, entity_doc, flat
from fieldapp.domain.ids import OperationId
from fieldapp.domain.merge import lay_over
from fieldapp.domain.operation import Operation, OperationState, PatchLine
from fieldapp.domain.record import RevisionHeader
from fieldapp.errors import EntityMissing
from fieldapp.storage import operations, search, touches
from fieldapp.storage.days import korean_day, milliseconds
from fieldapp.storage.documents import read_stored_entity, read_stored_values, written
from fieldapp.storage.operations import StoredOperation
from fieldapp.storage.sqlite import Database, Row, Value

#: Of a longer text only its beginning is looked up.
INDEXED_CHARACTERS = 100
#: The names and values by which an entity is found.
FoundBy = frozenset[tuple[str, str]]
_UNINDEX = "DELETE FROM entity_value WHERE list = ? AND name = ? AND value = ? AND id = ?"


def lay_new(db: Database, list_name: str, entity_id: str, operation: Operation, scope: str) -> None:
    """Lay a new own operation over what is shown; `scope` is where an entity it makes is at home.

    Raises EntityMissing when an operation on an entity that is no create meets none.
    """
    row = _row(db, list_name, entity_id)
    values: dict[str, str] | None = None
    history: Sequence[RevisionHeader] = ()
    created_on = korean_day(operation.at) or operation.at[:10]
    is_deleted = _deletes(operation, list_name, entity_id)
    if row is not None:
        standing = read_stored_entity(row[1] or row[0])
        values, history = flat(standing), standing.history
        scope, created_on, is_deleted = row[3], row[4], is_deleted or bool(row[5])
    doc = entity_doc(_laid_over(values, list_name, entity_id, operation), history)
    _write(
        db,
        list_name,
        entity_id,
        doc,
        {
            "scope": scope,
            "local_doc": written(doc),
            "created_on": created_on,
            **_updated(operation.at),
            "deleted": int(is_deleted),
        },
    )


def lay_again(db: Database, list_name: str, entity_id: str, before: FoundBy | None = None) -> bool:
    """Lay the own operations that no pulled revision includes over the server's document.

    before: by what it is found, when its document was changed since. Returns whether the device now
    shows something else.
    """
    row = _row(db, list_name, entity_id)
    if row is None:
        return False
    server_text, local_text, rev, _, _, server_deleted = row
    server_doc = None if server_text is None else read_stored_entity(server_text)
    laid = laid_on(db, list_name, entity_id, rev, is_known=server_doc is not None)
    if server_doc is None and not laid:
        return _forget_left_out(db, list_name, entity_id)
    values = None if server_doc is None else flat(server_doc)
    for own in laid:
        values = _laid_over(
            values, list_name, entity_id, own.operation, is_refused=own.state == "quarantined"
        )
    doc = server_doc
    if laid or doc is None:
        doc = entity_doc(values or {}, () if server_doc is None else server_doc.history)
    is_deleted = bool(server_deleted) or any(
        _deletes(own.operation, list_name, entity_id) and own.state != "quarantined" for own in laid
    )
    after = written(doc) if laid else None
    columns: dict[str, Value] = {"local_doc": after, "deleted": int(is_deleted)}
    if laid:
        columns |= _updated(laid[-1].operation.at)
    _write(db, list_name, entity_id, doc, columns, before=before)
    return bool((after or server_text) != (local_text or server_text))


def laid_on(
    db: Database, list_name: str, entity_id: str, rev: int, *, is_known: bool
) -> list[StoredOperation]:
    """Own operations that the server's document of this revision does not include, in order.

    is_known: whether there is such a document.
    """
    revisions = touches.revisions(db, list_name, entity_id)
    return [
        own
        for own in operations.for_entity(db, list_name, entity_id)
        if _is_laid(
            own.state,
            revisions[own.operation.op_id],
            rev,
            is_effect=own.operation.object.id != entity_id,
            is_create=own.operation.kind == "create",
            is_known=is_known,
        )
    ]


def newest_laid(
    db: Database, list_name: str, entity_ids: Iterable[str]
) -> Mapping[str, OperationId]:
    """Of the entities that have any, the last of `laid_on`: in one query, and no operation read."""
    rows = db.rows(
        "SELECT t.id, o.op_id, o.op_state, o.object_id, o.kind, t.rev, e.rev,"
        " e.server_doc IS NOT NULL FROM json_each(?) asked"
        " CROSS JOIN operation_entity t ON t.list = ? AND t.id = asked.value"
        " CROSS JOIN operation o ON o.position = t.position"
        " CROSS JOIN entity e ON e.list = t.list AND e.id = t.id ORDER BY t.position",
        (msgspec.json.encode(list(entity_ids)).decode(), list_name),
    )
    return {
        entity_id: op_id
        for entity_id, op_id, state, object_id, kind, included, rev, is_known in rows
        if _is_laid(
            state,
            included,
            rev,
            is_effect=object_id != entity_id,
            is_create=kind == "create",
            is_known=bool(is_known),
        )
    }


def forget(db: Database, list_name: str, entity_id: str) -> None:
    """Take an entity off this device, with everything by which it could be found."""
    hide(db, list_name, entity_id)
    for statement in (
        "DELETE FROM plan WHERE list = ? AND entity_id = ?",
        "DELETE FROM conflict WHERE object_type = 'entity' AND list = ? AND object_id = ?",
        "DELETE FROM entity WHERE list = ? AND id = ?",
    ):
        db.execute(statement, (list_name, entity_id))


def found_by(db: Database, list_name: str, entity_id: str) -> FoundBy:
    """The names and values by which an entity is found now: to be asked before it is changed."""
    text = db.value(
        "SELECT coalesce(local_doc, server_doc) FROM entity"
        " WHERE list = ? AND id = ? AND deleted = 0",
        (list_name, entity_id),
    )
    return frozenset() if text is None else indexed(read_stored_values(text))


def indexed(doc: EntityDoc) -> FoundBy:
    """By what a document is found."""
    return frozenset((name, value[:INDEXED_CHARACTERS]) for name, value in doc.props.items())


def show(db: Database, list_name: str, entity_id: str, doc: EntityDoc, before: FoundBy) -> None:
    """Bring everything by which an entity is found up to its document."""
    show_all(db, [(list_name, entity_id, doc, before)])


def show_all(db: Database, shown: Sequence[tuple[str, str, EntityDoc, FoundBy]]) -> None:
    """As `show` for many (list, id, document, before), each named once: a statement for all."""
    gone: list[tuple[str, str, str, str]] = []
    come: list[tuple[str, str, str, str]] = []
    for list_name, entity_id, doc, before in shown:
        after = indexed(doc)
        gone += [(list_name, name, value, entity_id) for name, value in before - after]
        come += [(list_name, name, value, entity_id) for name, value in after - before]
    # In the order of the index: neighbours while their page is at hand.
    db.execute_many(_UNINDEX, sorted(gone))
    db.execute_many(
        "INSERT OR IGNORE INTO entity_value (list, name, value, id) VALUES (?, ?, ?, ?)",
        sorted(come),
    )
    search.put_all(db, [(list_name, entity_id, doc) for list_name, entity_id, doc, _ in shown])


def hide(db: Database, list_name: str, entity_id: str) -> None:
    """Nothing finds the entity any more: to be called before it is marked as deleted."""
    values = found_by(db, list_name, entity_id)
    db.execute_many(_UNINDEX, [(list_name, *value, entity_id) for value in values])
    search.remove(db, list_name, entity_id)


def _is_laid(
    state: OperationState,
    included: int | None,
    rev: int,
    *,
    is_effect: bool,
    is_create: bool,
    is_known: bool,
) -> bool:
    """Whether an operation that revision `included` of the entity has in it is laid over `rev`."""
    if included is not None and included <= rev:
        return False
    if state == "quarantined" and is_effect:
        return is_create and not is_known
    return not (state == "settled" and included is None)


def _laid_over(
    values: Mapping[str, str] | None,
    list_name: str,
    entity_id: str,
    operation: Operation,
    *,
    is_refused: bool = False,
) -> dict[str, str]:
    if (operation.object.list, operation.object.id) != (list_name, entity_id):
        return lay_over(values or {}, _effect_lines(operation, list_name, entity_id))
    if values is None and operation.kind != "create":
        raise EntityMissing(list=list_name, entity_id=entity_id)
    # Who else sees it is no property of it, and a refused step is not shown as taken.
    hidden = {SHARE, STATE} if is_refused and operation.kind != "create" else {SHARE}
    return lay_over(values or {}, [line for line in operation.patch if line.path not in hidden])


def _effect_lines(operation: Operation, list_name: str, entity_id: str) -> list[PatchLine]:
    return [
        PatchLine(path=name, old=change.old, new=change.new)
        for effect in operation.effects
        if (effect.list, effect.id) == (list_name, entity_id)
        for name, change in effect.set.items()
    ]


def _deletes(operation: Operation, list_name: str, entity_id: str) -> bool:
    own = operation.object
    return operation.kind == "delete" and (own.list, own.id) == (list_name, entity_id)


def _forget_left_out(db: Database, list_name: str, entity_id: str) -> bool:
    """What a refused step would have made is not there, and comes about with the next try."""
    own = operations.for_entity(db, list_name, entity_id)
    if any(one.code != touches.STEP_REFUSED and one.status != "rejected" for one in own):
        return False
    forget(db, list_name, entity_id)
    return True


def _row(db: Database, list_name: str, entity_id: str) -> Row | None:
    return db.row(
        "SELECT server_doc, local_doc, rev, scope, created_on, server_deleted FROM entity"
        " WHERE list = ? AND id = ?",
        (list_name, entity_id),
    )


def _updated(at: str) -> dict[str, Value]:
    return {"updated": at, "updated_ms": milliseconds(at)}


def _write(
    db: Database,
    list_name: str,
    entity_id: str,
    doc: EntityDoc,
    columns: dict[str, Value],
    *,
    before: FoundBy | None = None,
) -> None:
    if before is None:
        before = found_by(db, list_name, entity_id)
    if columns["deleted"]:
        hide(db, list_name, entity_id)
    columns = {"label": doc.label, "merged_into": doc.merged_into, **columns}
    settings = ", ".join(f"{name} = ?" for name in columns)
    if not db.execute(
        f"UPDATE entity SET {settings} WHERE list = ? AND id = ?",  # noqa: S608 - columns named above
        (*columns.values(), list_name, entity_id),
    ):
        # No upsert: it would check the row it might insert, which has no server document.
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        db.execute(
            f"INSERT INTO entity (list, id, {names}) VALUES (?, ?, {marks})",  # noqa: S608
            (list_name, entity_id, *columns.values()),
        )
    if not columns["deleted"]:
        show(db, list_name, entity_id, doc, before)
