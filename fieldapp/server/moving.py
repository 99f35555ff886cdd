"""Moves and shares of entities (formats F8): who sees what from the next revision on.

Entities move, records do not: a household takes its persons and what is still open about it along;
the visits stay with the office that made them. Those that their pack lets follow may be read in the
new town from then on.

Decisions that the formats leave open:
- Whoever sent an entity away may take it back while it stands as it was sent: nobody there has
  changed it. What could be read there because of the move cannot any more.
- A share is read where the entity is; with whom it is shared, its home alone is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast, get_args

from msgspec import structs

from fieldapp.domain.access import may_pass_on
from fieldapp.domain.entity import HOME, SHARE, SOURCE_DELETED, STATE
from fieldapp.domain.exchange import Receipt, SeenAs
from fieldapp.domain.operation import ObjectRef, Operation, PatchLine
from fieldapp.domain.record import HISTORY_HEADERS, RevisionHeader
from fieldapp.server.bases import base_of_entity, unknown_object
from fieldapp.server.effects import NO_STATE
from fieldapp.server.scopes import Sights, moved, seen_as, shared
from fieldapp.server.standing import (
    EntityRevision,
    EntityStanding,
    Refused,
    StoredConflict,
    Verdict,
    View,
)
from fieldapp.server.steps import roles_of
from fieldapp.sync.protocol import CODE_NOT_A_MEMBER, CODE_ROLE_MISSING, CODE_UNSUPPORTED

#: States in which a case, or what a removed repeat had made, is over: it stays where it was.
_CLOSED = frozenset({"종결", SOURCE_DELETED})


def judge_move(operation: Operation, view: View) -> Verdict:
    """Decide a move to another home scope. Raises Refused.

    One that somebody else has made meanwhile is no refusal, and changes nothing.
    """
    target = operation.scope
    if operation.patch or target is None:
        raise Refused("rejected", CODE_UNSUPPORTED)
    _check_role(view)
    of, standing, base_rev = _seen(operation, view)
    if standing.scope == target:
        return _verdict(operation, [_revision(operation, of, standing, ())], base_rev)
    is_back = _takes_back(view, of, standing, base_rev, target)
    if not is_back:
        _check_home(view, standing)
    if target not in view.scopes and view.homes.kind_of(target) != "town":
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
        if is_back:
            sights += _read_no_more(view, one, stands.scope)
        else:
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
    _check_role(view)
    of, standing, base_rev = _seen(operation, view)
    _check_home(view, standing)
    if target == standing.scope:
        raise Refused("rejected", CODE_UNSUPPORTED)
    before = view.sights(of)
    if seen_as(before, target) == sees:
        return _verdict(operation, [_revision(operation, of, standing, ())], base_rev)
    kind = view.homes.kind_of(target)
    if kind is None or (kind == "private" and sees is not None and target not in view.scopes):
        # That there is a private scope is told to its members alone.
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


def _takes_back(
    view: View, of: ObjectRef, standing: EntityStanding, base_rev: int, target: str
) -> bool:
    """Whether a move leads home again before anybody there has written: the author's own scope let
    go of the very revision that stands.
    """
    return (
        standing.scope not in view.scopes
        and target in view.scopes
        and standing.rev == base_rev
        and any(
            one.is_home and one.scope == target and one.until_rev == standing.rev
            for one in view.sights(of)
        )
    )


def _check_home(view: View, standing: EntityStanding) -> None:
    if standing.scope not in view.scopes:
        raise Refused("rejected", CODE_NOT_A_MEMBER, rev=standing.rev)


def _check_role(view: View) -> None:
    if not may_pass_on(roles_of(view.account)):
        raise Refused("rejected", CODE_ROLE_MISSING)


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


def _read_no_more(view: View, of: ObjectRef, scope: str) -> Iterator[tuple[ObjectRef, Sights]]:
    """The records about an entity that may not be read any more where it was."""
    for record in view.following_records(of):
        standing, before = view.standing(record.id), view.sights(record)
        if standing is not None and seen_as(before, scope) is not None:
            # What they saw was this revision; from the next one on they would not see it.
            yield record, shared(before, standing.doc.scope, scope, None, standing.rev + 1)


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
