"""Which entities one's own operations change, and which revision of the entity includes each.

An operation on an entity changes that entity; one on a record may change entities by the effects
that ride in it (formats F4), and its receipt names the record's revision alone. Of those, the
entity's own history tells: a header by the same author at the same instant is that operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldapp.domain.exchange import Receipt
from fieldapp.domain.operation import Operation
from fieldapp.domain.record import RevisionHeader
from fieldapp.storage.sqlite import Database

#: The revision of a touch that the server left out: no revision of an entity is below it.
LEFT_OUT = 0
#: The receipt's code of a step that was refused, and with it every effect (F3).
STEP_REFUSED = "step_refused"


def note(db: Database, operation: Operation) -> None:
    """Remember what a new operation changes."""
    touched = touched_by(operation)
    if touched:
        db.execute_many(
            "INSERT OR IGNORE INTO operation_entity (list, id, position)"
            " SELECT ?, ?, position FROM operation WHERE op_id = ?",
            [(list_name, entity_id, operation.op_id) for list_name, entity_id in touched],
        )


def touched_by(operation: Operation) -> tuple[tuple[str, str], ...]:
    """The entities (list, id) that an operation changes, each once."""
    own = operation.object
    touched = [(own.list, own.id)] if own.list is not None else []
    touched += [(effect.list, effect.id) for effect in operation.effects]
    return tuple(dict.fromkeys((str(list_name), entity_id) for list_name, entity_id in touched))


def revisions(db: Database, list_name: str, entity_id: str) -> Mapping[str, int | None]:
    """By op_id the revision of the entity that includes it, None while that is not known."""
    return dict(
        db.rows(
            "SELECT o.op_id, t.rev FROM operation_entity t JOIN operation o USING (position)"
            " WHERE t.list = ? AND t.id = ?",
            (list_name, entity_id),
        )
    )


def note_receipt(db: Database, receipt: Receipt) -> None:
    """The server took the operation in. What it does not say is the next revision that is pulled:
    whatever is pulled from now on includes it.
    """
    if receipt.code == STEP_REFUSED:
        db.execute(
            "UPDATE operation_entity SET rev = ?1"
            " WHERE position = (SELECT position FROM operation WHERE op_id = ?2)",
            (LEFT_OUT, receipt.op_id),
        )
        return
    db.execute(
        "UPDATE operation_entity SET rev = coalesce("
        " CASE WHEN id = (SELECT object_id FROM operation WHERE op_id = ?1) THEN ?2 END, rev,"
        " 1 + (SELECT e.rev FROM entity e"
        " WHERE e.list = operation_entity.list AND e.id = operation_entity.id), 1)"
        " WHERE position = (SELECT position FROM operation WHERE op_id = ?1)",
        (receipt.op_id, receipt.rev),
    )


def note_conflict(db: Database, list_name: str, entity_id: str, op_id: str, rev: int) -> None:
    """The operation was met by the entity at this revision, and lost a property to it."""
    db.execute(
        "UPDATE operation_entity SET rev = coalesce(rev, ?) WHERE list = ? AND id = ?"
        " AND position = (SELECT position FROM operation WHERE op_id = ?)",
        (rev, list_name, entity_id, op_id),
    )


def note_history(
    db: Database, list_name: str, entity_id: str, history: Iterable[RevisionHeader]
) -> None:
    """Find one's own operations among the revisions of a pulled entity, each header for one."""
    waiting = db.rows(
        "SELECT t.position, t.rev, json_extract(o.doc, '$.author'), json_extract(o.doc, '$.at')"
        " FROM operation_entity t JOIN operation o USING (position)"
        " WHERE t.list = ? AND t.id = ? ORDER BY t.position",
        (list_name, entity_id),
    )
    if not waiting:
        return
    taken = {rev for _, rev, _, _ in waiting}
    headers = sorted(
        (header for header in history if header.rev not in taken), key=lambda header: header.rev
    )
    for position, rev, author, at in waiting:
        found = next((one for one in headers if (one.who, one.when) == (author, at)), None)
        if rev is not None or found is None:
            continue
        headers.remove(found)
        db.execute(
            "UPDATE operation_entity SET rev = ? WHERE list = ? AND id = ? AND position = ?",
            (found.rev, list_name, entity_id, position),
        )


def forget(db: Database, object_id: str) -> None:
    """Operations on this object change nothing any more: what they did was destroyed."""
    db.execute(
        "DELETE FROM operation_entity WHERE position IN"
        " (SELECT position FROM operation WHERE object_id = ?)",
        (object_id,),
    )


def begin_epoch(db: Database) -> None:
    """Revisions of two lives of the server do not compare: what is sent again is in none yet, and
    what had settled is in every one.
    """
    db.execute(
        "UPDATE operation_entity SET rev = CASE WHEN (SELECT op_state FROM operation o"
        " WHERE o.position = operation_entity.position) = 'settled' THEN ? END",
        (LEFT_OUT,),
    )
