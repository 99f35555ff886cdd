"""Deletions of records and entities (formats F3, F10): who may, and what stays behind.

What is deleted keeps its place: it makes one more revision, its scopes are told `del`, and nothing
written to it later is applied. Such a write is kept whole in quarantine, a create of the same id
among them, so that nothing deleted comes back and nothing written is lost.

Decisions that the formats leave open:
- Whoever made something may delete it while nobody else has touched it. A record only while it has
  been begun and no more: in a state that a first row of its workflow leads to, without effects. An
  entity only while it has no official number, since a register loses none.
- The privacy officer may delete anything that they have seen as it stands, for a reason.
- Nobody deletes an entity that a record is about, that others belong to or were merged into, also
  where those are another office's; which they are is not told.
- Deleting is no erasure: revisions stay on the server.
- Twice deleted is deleted once. Open conflicts end with their object.
"""

from __future__ import annotations

from msgspec import structs

from fieldapp.domain.entity import NUMBER
from fieldapp.domain.exchange import Receipt
from fieldapp.domain.operation import ObjectRef, Operation
from fieldapp.domain.record import HISTORY_HEADERS, RevisionHeader
from fieldapp.domain.workflow import steps_from
from fieldapp.errors import PackMissing
from fieldapp.server.bases import base_of_entity, base_of_record, unknown_object
from fieldapp.server.disputes import settled
from fieldapp.server.standing import (
    EntityRevision,
    EntityStanding,
    RecordRevision,
    Refused,
    Standing,
    Verdict,
    View,
)
from fieldapp.server.steps import roles_of
from fieldapp.sync.protocol import (
    CODE_CHANGED_SINCE,
    CODE_DELETED,
    CODE_NOT_DELETABLE,
    CODE_UNKNOWN_FORM,
)

#: Who answers for what is kept about people.
PRIVACY_OFFICER = "privacy_officer"


def refuse_below_tombstone(operation: Operation, view: View) -> None:
    """Nothing but another deletion is for something deleted. Raises Refused."""
    stands = _stands(operation.object, view)
    if stands is not None and stands.is_deleted:
        raise Refused("rejected", CODE_DELETED, rev=stands.rev)


def judge_delete(operation: Operation, view: View) -> Verdict:
    """Decide a deletion. Raises Refused."""
    of, stands = operation.object, _stands(operation.object, view)
    base_rev = _base_rev(operation, view)
    if stands is None:
        raise unknown_object(view)
    if stands.is_deleted:
        return Verdict(Receipt(op_id=operation.op_id, status="merged", rev=stands.rev))
    _check_may(operation, view, stands, base_rev)
    header = RevisionHeader(
        rev=stands.rev + 1,
        who=operation.author,
        when=operation.at,
        state=_state_of(stands),
        reason=operation.reason,
    )
    history = (header, *stands.doc.history)[:HISTORY_HEADERS]
    ended = tuple(settled(one, operation) for one in view.open_conflicts(of))
    receipt = Receipt(op_id=operation.op_id, status="applied", rev=header.rev)
    if isinstance(stands, Standing):
        record = Standing(structs.replace(stands.doc, history=history), header.rev, is_deleted=True)
        revision = RecordRevision(of, record, header)
        return Verdict(receipt, records=(revision,), conflicts=ended, seen_rev=base_rev)
    doc = structs.replace(stands.doc, history=history)
    entity = EntityStanding(doc, header.rev, stands.scope, is_deleted=True)
    return Verdict(receipt, entities=(EntityRevision(of, entity, header),), conflicts=ended)


def _stands(of: ObjectRef, view: View) -> Standing | EntityStanding | None:
    return view.standing(of.id) if of.list is None else view.entity(of)


def _base_rev(operation: Operation, view: View) -> int:
    of, base = operation.object, operation.base
    if base is None:
        raise unknown_object(view)
    if of.list is None:
        return base_of_record(base, view, view.standing(of.id))
    return base_of_entity(base, of, view, view.entity(of))


def _check_may(
    operation: Operation, view: View, stands: Standing | EntityStanding, base_rev: int
) -> None:
    """Raises Refused."""
    mine = {view.account.id, view.account.name}
    others = [one for one in stands.doc.history if one.who not in mine]
    is_officer = PRIVACY_OFFICER in roles_of(view.account) and bool(
        (operation.reason or "").strip()
    )
    is_own = not others and stands.rev == len(stands.doc.history)
    is_open = _is_begun(stands, view) if isinstance(stands, Standing) else _is_free(stands)
    may = is_officer or (is_own and is_open)
    if not may or (operation.object.list is not None and view.is_named(operation.object)):
        raise Refused("rejected", CODE_NOT_DELETABLE, rev=stands.rev)
    unseen = [one for one in others if one.rev > base_rev]
    if unseen:
        fields = sorted({path for one in unseen for path in one.paths})
        raise Refused("rejected", CODE_CHANGED_SINCE, rev=stands.rev, fields=fields)


def _is_begun(stands: Standing, view: View) -> bool:
    """Whether a record stands where one begins, before anything came of it."""
    try:
        workflow = view.rules(stands.doc.form).plans.workflow
    except PackMissing as error:
        raise Refused("held", CODE_UNKNOWN_FORM) from error
    begins = [one for one in steps_from(workflow, None) if one.target == stands.doc.state]
    return any(not one.effects for one in begins) and not stands.doc.signatures


def _is_free(stands: EntityStanding) -> bool:
    return NUMBER not in stands.doc.props


def _state_of(stands: Standing | EntityStanding) -> str:
    """The word that the newest header has for it: a deletion changes no state."""
    return stands.doc.history[0].state
