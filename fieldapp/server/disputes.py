"""Conflicts: which one an operation leaves for a person, and which ones a resolve decides (F5)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from msgspec import structs

from fieldapp.domain.exchange import ConflictDoc, ConflictLine
from fieldapp.domain.operation import ObjectRef, Operation
from fieldapp.server.standing import StoredConflict, View


def opened(
    operation: Operation,
    view: View,
    of: ObjectRef,
    lines: Sequence[ConflictLine],
    *,
    rev: int,
    made: tuple[str, str],
) -> tuple[StoredConflict, ...]:
    """The conflict that an operation leaves: base, ours, theirs, and who wrote the two.

    made: author and instant of the object's beginning, for a value that no revision is known of.
    """
    if not lines:
        return ()
    who, when = view.last_touched(of, [line.path for line in lines]) or made
    doc = ConflictDoc(
        id=_conflict_id(operation, of),
        lines=tuple(lines),
        ours_author=who,
        ours_at=when,
        theirs_author=operation.author,
        theirs_at=operation.at,
        op_id=operation.op_id,
    )
    return (StoredConflict(doc, of, rev),)


def decided(
    operation: Operation, view: View, lines: Sequence[ConflictLine], base_rev: int
) -> tuple[StoredConflict, ...]:
    """Conflicts that a resolve decides: seen, all paths chosen, none in dispute anew (`lines`)."""
    if operation.kind != "resolve":
        return ()
    chosen = {line.path for line in operation.patch} - {line.path for line in lines}
    return tuple(
        settled(conflict, operation)
        for conflict in view.open_conflicts(operation.object)
        if conflict.rev <= base_rev and {line.path for line in conflict.doc.lines} <= chosen
    )


def settled(conflict: StoredConflict, operation: Operation) -> StoredConflict:
    """A conflict that the operation's author has put an end to."""
    doc = structs.replace(
        conflict.doc,
        decided_by=operation.author,
        decided_at=operation.at,
        reason=operation.reason,
    )
    return StoredConflict(doc, conflict.object, conflict.rev)


def _conflict_id(operation: Operation, of: ObjectRef) -> str:
    """Minted from the operation's id: the same however often the transaction is tried again."""
    name = of.id if of.list is None else f"{of.list}/{of.id}"
    return str(uuid.uuid5(uuid.UUID(operation.op_id), name))
