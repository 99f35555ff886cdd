"""What the server makes of an operation on an entity itself; moves and shares are in `moving`."""

from __future__ import annotations

import re

from fieldapp.domain.entity import MERGED_INTO, flat
from fieldapp.domain.exchange import ConflictRef, Receipt
from fieldapp.domain.ids import UUID_PATTERN
from fieldapp.domain.merge import merge_patch
from fieldapp.domain.operation import ObjectRef, Operation, ReceiptStatus
from fieldapp.domain.plans import MergePlan
from fieldapp.server.bases import base_of_entity, unknown_object
from fieldapp.server.disputes import decided
from fieldapp.server.effects import Laid, is_property, made
from fieldapp.server.moving import is_share, judge_move, judge_share
from fieldapp.server.standing import Refused, StoredConflict, Verdict, View
from fieldapp.sync.protocol import (
    CODE_ID_TAKEN,
    CODE_NOT_A_MEMBER,
    CODE_UNKNOWN_OBJECT,
    CODE_UNSUPPORTED,
)


def judge_entity(operation: Operation, view: View) -> Verdict:
    """Decide one operation on an entity. Raises Refused.

    A create of one that stands is laid over it like a change: two laptops may have made the same.
    """
    if operation.kind == "move":
        return judge_move(operation, view)
    if is_share(operation):
        return judge_share(operation, view)
    of, standing = operation.object, view.entity(operation.object)
    _check(operation, view)
    base_rev = 0
    scope = operation.scope or ""
    if operation.base is not None:
        base_rev = base_of_entity(operation.base, of, view, standing)
        if standing is None:
            raise Refused("rejected", CODE_UNKNOWN_OBJECT)
    elif scope not in view.scopes:
        raise Refused("rejected", CODE_NOT_A_MEMBER)
    elif standing is not None and standing.scope not in view.scopes:
        raise Refused("rejected", CODE_ID_TAKEN)
    before = flat(standing.doc) if standing is not None else {}
    merged = merge_patch(MergePlan(), before, operation.patch)
    laid = Laid(
        of,
        standing,
        standing.scope if standing is not None else scope,
        merged.answers,
        merged.conflicts,
    )
    revision, conflicts = made(operation, view, laid)
    is_stale = standing is not None and base_rev < standing.rev
    status: ReceiptStatus = "merged" if is_stale else "applied"
    if conflicts:
        status = "conflict"
    receipt = Receipt(
        op_id=operation.op_id,
        status=status,
        rev=revision.standing.rev,
        fields=() if status == "applied" else revision.header.paths,
        conflict=conflict_ref(conflicts[0]) if conflicts else None,
    )
    return Verdict(
        receipt,
        entities=(revision,),
        conflicts=(*conflicts, *decided(operation, view, merged.conflicts, base_rev)),
    )


def conflict_ref(conflict: StoredConflict) -> ConflictRef:
    """How a receipt names a conflict."""
    return ConflictRef(id=conflict.doc.id, paths=tuple(line.path for line in conflict.doc.lines))


def _check(operation: Operation, view: View) -> None:
    """Only properties are changed, and an alias leads to an entity that leads nowhere itself."""
    if operation.kind not in ("create", "change", "resolve"):
        raise Refused("rejected", CODE_UNSUPPORTED)
    for line in operation.patch:
        if line.path == MERGED_INTO:
            _check_alias(operation, view, line.new)
        elif not is_property(line.path):
            raise Refused("rejected", CODE_UNSUPPORTED)


def _check_alias(operation: Operation, view: View, target: str | None) -> None:
    if target is None:
        return
    if target == operation.object.id or not re.fullmatch(UUID_PATTERN, target):
        raise Refused("rejected", CODE_UNSUPPORTED)
    stands = view.entity(ObjectRef(type="entity", list=operation.object.list, id=target))
    if stands is None:
        raise unknown_object(view)
    if stands.is_deleted or stands.doc.merged_into is not None:
        raise Refused("rejected", CODE_UNKNOWN_OBJECT)
