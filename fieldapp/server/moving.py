"""Moves and shares of entities (formats F8): who sees what from the next revision on.

Entities move, records do not: a household takes its persons and what is still open about it along;
the visits stay with the office that made them. Those that their pack lets follow may be read in the
new town from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast, get_args

from msgspec import structs

from fieldapp.domain.entity import HOME, SHARE, SOURCE_DELETED, STATE
from fieldapp.domain.exchange import Receipt
from fieldapp.domain.operation import ObjectRef, Operation, PatchLine
from fieldapp.domain.record import HISTORY_HEADERS, RevisionHeader
from fieldapp.server.bases import base_of_entity, unknown_object
from fieldapp.server.effects import NO_STATE
from fieldapp.server.scopes import SeenAs, Sights, moved, seen_as, shared
from fieldapp.server.standing import (
    EntityRevision,
    EntityStanding,
    Refused,
    StoredConflict,
    Verdict,
    View,
)
from fieldapp.sync.protocol import CODE_NOT_A_MEMBER, CODE_UNSUPPORTED

#: States in which a case, or what a removed repeat had made, is over: it stays where it was.
_CLOSED = frozenset({"종결", SOURCE_DELETED})


def judge_move(operation: Operation, view: View) -> Verdict:
    """Decide a move to another home scope. Raises Refused.

    One that somebody else has made meanwhile is no refusal, and changes nothing.
    """
    target = operation.scope
    if operation.patch or target is None:
        raise Refused("rejected", CODE_UNSUPPORTED)
    of, standing, base_rev = _seen(operation, view)
    if standing.scope == target:
        return _verdict(operation, [_revision(operation, of, standing, ())], base_rev)
    _check_home(view, standing)
    if target not in view.scopes and view.scope_kind(target) != "town":
        # Whether there is such a scope is not told either.
        raise Refused("rejected", CODE_NOT_A_MEMBER)
    moving = [of, *(one for one in view.followers(of) if _is_open(view, one))]
    revisions: list[EntityRevision] = []
    sights: list[tuple[ObjectRef, Sights]] = []
    for one in moving:
        stands = view.entity(one)
        if stands is None:
            continue
        there = replace(stands, scope=target)
        made = _revision(operation, one, there, (HOME,))
        revisions.append(made)
        sights.append((one, moved(view.sights(one), stands.scope, target, made.header.rev)))
        sights += _to_be_read(view, one, target)
    # What nobody has decided is decided in the new home.
    conflicts = tuple(conflict for one in moving for conflict in view.open_conflicts(one))
    return _verdict(operation, revisions, base_rev, conflicts=conflicts, sights=tuple(sights))


def judge_share(operation: Operation, view: View) -> Verdict:
    """Decide a share that is given, changed or taken back. Raises Refused."""
    if operation.kind != "change" or len(operation.patch) != 1:
        raise Refused("rejected", CODE_UNSUPPORTED)
    (line,) = operation.patch
    target, sees = _asked(line)
    of, standing, base_rev = _seen(operation, view)
    _check_home(view, standing)
    if target == standing.scope:
        raise Refused("rejected", CODE_UNSUPPORTED)
    before = view.sights(of)
    if seen_as(before, target) == sees:
        return _verdict(operation, [_revision(operation, of, standing, ())], base_rev)
    if view.scope_kind(target) is None:
        raise Refused("rejected", CODE_NOT_A_MEMBER)
    made = _revision(operation, of, standing, (SHARE,))
    after = shared(before, standing.scope, target, sees, made.header.rev)
    return _verdict(operation, [made], base_rev, sights=((of, after),))


def is_share(operation: Operation) -> bool:
    """Whether an operation says who else sees its object."""
    return any(line.path == SHARE for line in operation.patch)


def _seen(operation: Operation, view: View) -> tuple[ObjectRef, EntityStanding, int]:
    """The entity and the revision of it that the author had seen. Raises Refused."""
    of, standing = operation.object, view.entity(operation.object)
    if operation.base is None:
        raise Refused("rejected", CODE_UNSUPPORTED)
    base_rev = base_of_entity(operation.base, of, view, standing)
    if standing is None:
        raise unknown_object(view)
    return of, standing, base_rev


def _check_home(view: View, standing: EntityStanding) -> None:
    if standing.scope not in view.scopes:
        raise Refused("rejected", CODE_NOT_A_MEMBER, rev=standing.rev)


def _asked(line: PatchLine) -> tuple[str, SeenAs | None]:
    """The scope that a share names, and how it is to see the object. Raises Refused."""
    old, new = (_split(text) for text in (line.old, line.new))
    scope = (new or old or (None, ""))[1]
    if not scope or (old is not None and old[1] != scope):
        raise Refused("rejected", CODE_UNSUPPORTED)
    return scope, None if new is None else new[0]


def _split(text: str | None) -> tuple[SeenAs, str] | None:
    if text is None:
        return None
    sees, _, scope = text.partition(" ")
    if sees not in get_args(SeenAs):
        raise Refused("rejected", CODE_UNSUPPORTED)
    return cast("SeenAs", sees), scope


def _to_be_read(view: View, of: ObjectRef, target: str) -> Iterator[tuple[ObjectRef, Sights]]:
    """The records about an entity that its new town may read, with who sees them then."""
    for record in view.following_records(of):
        standing, before = view.standing(record.id), view.sights(record)
        if standing is None or standing.doc.scope == target or seen_as(before, target) is not None:
            continue
        yield record, shared(before, standing.doc.scope, target, "full", standing.rev)


def _is_open(view: View, of: ObjectRef) -> bool:
    standing = view.entity(of)
    return standing is not None and standing.doc.props.get(STATE) not in _CLOSED


def _revision(
    operation: Operation, of: ObjectRef, standing: EntityStanding, paths: tuple[str, ...]
) -> EntityRevision:
    """The next revision, in which the document itself is as it was."""
    history = standing.doc.history
    header = RevisionHeader(
        rev=standing.rev + 1,
        who=operation.author,
        when=operation.at,
        state=history[0].state if history else NO_STATE,
        paths=paths,
        reason=operation.reason,
    )
    doc = structs.replace(standing.doc, history=(header, *history)[:HISTORY_HEADERS])
    return EntityRevision(of, EntityStanding(doc, header.rev, standing.scope), header)


def _verdict(
    operation: Operation,
    revisions: Sequence[EntityRevision],
    base_rev: int,
    *,
    conflicts: tuple[StoredConflict, ...] = (),
    sights: tuple[tuple[ObjectRef, Sights], ...] = (),
) -> Verdict:
    """Of the entity itself, which comes first, and of those that follow it."""
    made = revisions[0].header.rev
    is_stale = base_rev < made - 1
    receipt = Receipt(op_id=operation.op_id, status="merged" if is_stale else "applied", rev=made)
    return Verdict(receipt, entities=tuple(revisions), conflicts=conflicts, sights=sights)
