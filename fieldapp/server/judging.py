"""What the server makes of one operation: pure, over what the write transaction has read.

`push` reads and writes; here it is decided. The rules are formats F3 (bases, receipts), F4
(effects), F5 (merge), F6 (signatures) and F7 (steps). An operation that cannot be applied is kept
whole in quarantine, whatever the reason, and never stands in the way of another.

Decisions that the formats leave open:
- Every operation that is applied makes one revision, also when all its lines ended in a conflict:
  a base `{op}` then always names a revision, and whoever saw a revision saw its conflicts. So does
  every effect, of its entity. A step that the server takes then makes one more.
- A change whose step or effects are refused keeps its answers (status as merged, code
  `step_refused`); a create has no state without its step, so it is rejected whole.
- A step is no refusal when others have taken it meanwhile, or have gone beyond it: a part that one
  monitor saved arrives after the other has finished.
- `author` is the signed-in account, by its id or by its display name.
- After a merge only calculated answers are refreshed. An answer that became irrelevant stays: a
  form leaves it out when it is opened, and nothing a person wrote is dropped by a merge.
- A signature that reaches answers which changed after it was given is kept with its operation
  (code `signature_void`) and does not stand; the answers that came with it do.
- The server takes no step of its own in an operation that left something to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from msgspec import structs

from fieldapp.domain.exchange import Receipt
from fieldapp.domain.merge import Merged, merge_patch
from fieldapp.domain.operation import (
    Base,
    FormRef,
    ObjectRef,
    Operation,
    ReceiptStatus,
    Subject,
)
from fieldapp.domain.plans import WorkflowStep
from fieldapp.domain.record import HISTORY_HEADERS, RecordDoc, RecordKind, RevisionHeader
from fieldapp.domain.shapes import read
from fieldapp.errors import MalformedMessage, PackMissing
from fieldapp.server.bases import base_of_record
from fieldapp.server.corrections import asked_corrections, takes_correction
from fieldapp.server.deleting import judge_delete, refuse_below_tombstone
from fieldapp.server.disputes import decided, opened
from fieldapp.server.effects import Laid, lay, made
from fieldapp.server.entities import conflict_ref, judge_entity
from fieldapp.server.forms import FormRules
from fieldapp.server.signing import SIGNED, Signed, asked_of, is_signature, signed, state_after
from fieldapp.server.standing import (
    EntityRevision,
    RecordRevision,
    Refused,
    Standing,
    StepNotTaken,
    StoredConflict,
    Verdict,
    View,
)
from fieldapp.server.steps import first_step, is_closed_to_change, taken_by_server, taken_step
from fieldapp.sync.protocol import (
    CODE_LOCKED,
    CODE_NOT_A_MEMBER,
    CODE_NOT_THE_AUTHOR,
    CODE_SIGNATURE_VOID,
    CODE_STEP_REFUSED,
    CODE_UNKNOWN_FORM,
    CODE_UNKNOWN_OBJECT,
    CODE_UNSUPPORTED,
)

#: Whom a record is about, as a path that merges like an answer: `list/id` (F3).
SUBJECT = "@subject"


@dataclass(frozen=True, slots=True)
class _Step:
    """The step that an operation takes, and what goes with it; or why it takes none.

    state: where the record stands afterwards.
    """

    state: str
    taken: WorkflowStep | None = None
    effects: tuple[Laid, ...] = ()
    code: str | None = None
    unseen: tuple[str, ...] = ()


def judge(operation: Operation, view: View) -> Verdict:
    """Decide one operation that has no final receipt yet."""
    try:
        if operation.author not in (view.account.id, view.account.name):
            raise Refused("rejected", CODE_NOT_THE_AUTHOR)
        if operation.kind == "delete":
            return judge_delete(operation, view)
        refuse_below_tombstone(operation, view)
        if operation.object.type == "entity":
            return judge_entity(operation, view)
        if operation.kind == "move":
            raise Refused("rejected", CODE_UNSUPPORTED)
        if operation.kind == "create":
            return _create(operation, view)
        return _change(operation, view)
    except Refused as refused:
        return Verdict(
            Receipt(
                op_id=operation.op_id,
                status=refused.status,
                code=refused.code,
                rev=refused.rev,
                fields=refused.fields,
            ),
            is_kept=True,
        )


def rejected(operation: Operation, code: str) -> Verdict:
    """An operation that the database itself could not hold."""
    return Verdict(Receipt(op_id=operation.op_id, status="rejected", code=code), is_kept=True)


def _create(operation: Operation, view: View) -> Verdict:
    if operation.scope is None or operation.form is None:
        raise Refused("rejected", CODE_UNSUPPORTED)
    home = _home(operation, view) or operation.scope
    if home not in view.scopes:
        raise Refused("rejected", CODE_NOT_A_MEMBER)
    if view.standing(operation.object.id) is not None:
        raise Refused("rejected", CODE_UNSUPPORTED)
    if any(line.path.startswith("@") for line in operation.patch):
        raise Refused("rejected", CODE_UNSUPPORTED)
    rules = _rules(view, operation.form)
    if rules.plans.kind not in get_args(RecordKind):
        raise Refused("rejected", CODE_UNSUPPORTED)
    answers = {line.path: line.new for line in operation.patch if line.new is not None}
    step = first_step(operation, rules, answers, view.account)
    try:
        effects = lay(operation, view, rules, home, answers)
    except StepNotTaken as error:
        raise Refused("rejected", CODE_STEP_REFUSED, fields=error.unseen) from error
    header = RevisionHeader(
        rev=1,
        who=operation.author,
        when=operation.at,
        state=step.target,
        paths=tuple(sorted(answers)),
        reason=operation.reason,
    )
    doc = RecordDoc(
        form=operation.form,
        kind=cast("RecordKind", rules.plans.kind),
        scope=home,
        subject=operation.subject,
        state=step.target,
        author=operation.author,
        created=operation.at,
        updated=operation.at,
        answers=answers,
        history=(header,),
    )
    revision = RecordRevision(operation.object, Standing(doc, 1), header)
    return _verdict(operation, view, rules, revision, effects)


def _home(operation: Operation, view: View) -> str | None:
    """The circle of a restricted subject, where everything about it is written (F8)."""
    if operation.subject is None:
        return None
    of = ObjectRef(type="entity", list=operation.subject.list, id=operation.subject.id)
    standing = view.entity(of)
    return view.homes.private(operation.subject, standing.scope if standing else None)


def _change(operation: Operation, view: View) -> Verdict:
    standing = view.standing(operation.object.id)
    if operation.base is None:
        raise Refused("rejected", CODE_UNSUPPORTED)
    base_rev = base_of_record(operation.base, view, standing)
    seen_rev = _seen_rev(operation.base, view, base_rev)
    if standing is None:
        raise Refused("rejected", CODE_UNKNOWN_OBJECT)
    if operation.form is not None and operation.form != standing.doc.form:
        raise Refused("rejected", CODE_UNSUPPORTED, rev=standing.rev)
    rules = _rules(view, standing.doc.form)
    before = _merging(standing.doc)
    is_stale = not all(map(is_signature, operation.patch)) and (
        base_rev < standing.rev or _was_merged(operation, operation.base, view, seen_rev)
    )
    merged = _merged(operation, view, rules, before, seen_rev if is_stale else None)
    answers = merged.answers
    if merged.applied and (is_stale or operation.kind == "resolve"):
        answers = _refreshed(rules, operation.object.id, answers)
    subject = _subject(answers.pop(SUBJECT, None))
    signing = signed(
        operation,
        view.account,
        rules.plans.workflow,
        given=standing.doc.signatures,
        answers=answers,
    )
    step = _stepped(operation, view, rules, standing, signing=signing, answers=answers)
    is_changing = merged.applied or merged.conflicts or any(map(is_signature, operation.patch))
    workflow = rules.plans.workflow
    is_closed = is_closed_to_change(workflow, standing.doc.state, step.taken)
    if is_changing and is_closed and not takes_correction(operation, workflow, view.account):
        return _correction(operation, view, rules, standing, seen_rev)
    if step.code is not None and not operation.patch:
        raise Refused("rejected", step.code, rev=standing.rev, fields=step.unseen)
    after = _merging(standing.doc, answers, subject)
    header = RevisionHeader(
        rev=standing.rev + 1,
        who=operation.author,
        when=operation.at,
        state=step.state,
        paths=tuple(sorted(_touched(before, after) | _seats(standing.doc, signing))),
        reason=operation.reason,
    )
    doc = RecordDoc(
        form=standing.doc.form,
        kind=standing.doc.kind,
        scope=standing.doc.scope,
        subject=subject,
        state=header.state,
        author=standing.doc.author,
        created=standing.doc.created,
        updated=operation.at,
        answers=answers,
        signatures=signing.signatures,
        history=(header, *standing.doc.history)[:HISTORY_HEADERS],  # newest first
    )
    revision = RecordRevision(operation.object, Standing(doc, header.rev), header)
    disputes = opened(
        operation,
        view,
        operation.object,
        merged.conflicts,
        rev=header.rev,
        made=(standing.doc.author, standing.doc.created),
    )
    return _verdict(
        operation,
        view,
        rules,
        revision,
        step.effects,
        disputes=disputes,
        decisions=decided(operation, view, merged.conflicts, base_rev),
        is_stale=is_stale,
        seen_rev=seen_rev,
        code=step.code or (CODE_SIGNATURE_VOID if signing.is_late else None),
        unseen=step.unseen,
    )


def _correction(
    operation: Operation, view: View, rules: FormRules, standing: Standing, seen_rev: int
) -> Verdict:
    """정정 요청: what reaches a locked record changes nothing of it, and stands beside it with its
    text until somebody who may lock it has decided (F7). Raises Refused when it says nothing.
    """
    lines = asked_corrections(operation, standing.doc.answers, rules.plans.merge)
    if not lines:
        raise Refused("rejected", CODE_LOCKED, rev=standing.rev)
    header = RevisionHeader(
        rev=standing.rev + 1,
        who=operation.author,
        when=operation.at,
        state=standing.doc.state,
        reason=operation.reason,
    )
    history = (header, *standing.doc.history)[:HISTORY_HEADERS]
    doc = structs.replace(standing.doc, history=history)
    revision = RecordRevision(operation.object, Standing(doc, header.rev), header)
    made_by = (standing.doc.author, standing.doc.created)
    disputes = opened(operation, view, operation.object, lines, rev=header.rev, made=made_by)
    return _verdict(
        operation, view, rules, revision, (), disputes=disputes, seen_rev=seen_rev, code=CODE_LOCKED
    )


def _verdict(
    operation: Operation,
    view: View,
    rules: FormRules,
    revision: RecordRevision,
    effects: tuple[Laid, ...],
    *,
    disputes: tuple[StoredConflict, ...] = (),
    decisions: tuple[StoredConflict, ...] = (),
    is_stale: bool = False,
    seen_rev: int = 1,
    code: str | None = None,
    unseen: tuple[str, ...] = (),
) -> Verdict:
    """The receipt of an operation that is taken in, and everything that it makes."""
    entities: list[EntityRevision] = []
    for laid in effects:
        entity, of_entity = made(operation, view, laid)
        entities.append(entity)
        disputes += of_entity
    further = () if disputes else taken_by_server(revision, rules, view.moment())
    records = (revision, *further)
    status: ReceiptStatus = "merged" if is_stale else "applied"
    if disputes:
        status = "conflict"
    receipt = Receipt(
        op_id=operation.op_id,
        status=status,
        rev=records[-1].standing.rev,
        fields=unseen or (() if status == "applied" else revision.header.paths),
        conflict=conflict_ref(disputes[0]) if disputes else None,
        code=code,
    )
    return Verdict(
        receipt,
        records=records,
        entities=tuple(entities),
        conflicts=(*disputes, *decisions),
        is_kept=code is not None,
        seen_rev=seen_rev,
    )


def _seen_rev(base: Base, view: View, base_rev: int) -> int:
    """The revision that the author had seen: a chain of own operations, none answered before the
    next was written, was written over what stood at its beginning, not over what it became here.
    """
    seen = view.seen_by(base.op) if base.op is not None else None
    return base_rev if seen is None else seen


def _was_merged(operation: Operation, base: Base, view: View, seen_rev: int) -> bool:
    """Whether the own operation it builds on met what others had written meanwhile."""
    first = view.receipt_of(base.op) if base.op is not None else None
    if first is None or first.status in ("merged", "conflict"):
        return first is not None
    # A step or a signature alone merges nothing, and yet others may have written what its author
    # had not seen. Right after what was seen nobody came between.
    if first.rev is None or first.rev <= seen_rev + 1:
        return False
    written = view.paths_since(operation.object, seen_rev)
    return any(not path.startswith(SIGNED) for path in written)


def _rules(view: View, form: FormRef) -> FormRules:
    try:
        return view.rules(form)
    except PackMissing as error:
        raise Refused("held", CODE_UNKNOWN_FORM) from error


def _merged(
    operation: Operation,
    view: View,
    rules: FormRules,
    before: Mapping[str, str],
    stale_base: int | None,
) -> Merged:
    """The answers and the subject after the operation's lines. Raises Refused."""
    lines = [line for line in operation.patch if not is_signature(line)]
    for line in lines:
        is_strange = line.path.startswith("@") and line.path != SUBJECT
        if is_strange or (line.path == SUBJECT and line.new and _subject(line.new) is None):
            raise Refused("rejected", CODE_UNSUPPORTED)
    plan = rules.plans.merge
    moved: frozenset[str] = frozenset()
    if stale_base is not None and plan.groups:
        moved = view.paths_since(operation.object, stale_base)
    return merge_patch(plan, before, lines, moved)


def _merging(
    doc: RecordDoc, answers: Mapping[str, str] | None = None, subject: Subject | None = None
) -> dict[str, str]:
    """Answers and subject as one flat object, the way patches name them; those of the document
    unless others are given.
    """
    if answers is None:
        answers, subject = doc.answers, doc.subject
    return {**answers, SUBJECT: f"{subject.list}/{subject.id}"} if subject else dict(answers)


def _subject(text: str | None) -> Subject | None:
    list_name, _, entity_id = (text or "").rpartition("/")
    try:
        return read(Subject, {"list": list_name, "id": entity_id})
    except MalformedMessage:
        return None


def _refreshed(rules: FormRules, record: str, merged: dict[str, str]) -> dict[str, str]:
    again = rules.rerun(record, {path: text for path, text in merged.items() if path != SUBJECT})
    calculated = rules.plans.merge.calculated
    kept = {path: value for path, value in merged.items() if path not in calculated}
    return kept | {path: value for path, value in again.items() if path in calculated}


def _stepped(
    operation: Operation,
    view: View,
    rules: FormRules,
    standing: Standing,
    *,
    signing: Signed,
    answers: Mapping[str, str],
) -> _Step:
    """The step and the effects, both or neither (F3); void signatures lead back in any case."""
    workflow, doc = rules.plans.workflow, standing.doc
    asked = asked_of(answers, signing.signatures)
    stays = state_after(workflow, doc.state, signing)
    try:
        taken = taken_step(operation, view, rules, doc, asked)
        effects = lay(operation, view, rules, doc.scope, asked)
    except StepNotTaken as error:
        return _Step(stays, code=CODE_STEP_REFUSED, unseen=error.unseen)
    if taken is None:
        return _Step(stays, effects=effects)
    return _Step(state_after(workflow, taken.target, signing), taken, effects)


def _touched(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def _seats(doc: RecordDoc, signing: Signed) -> set[str]:
    """Whose signature came or went."""
    before = {one.part: one.hash + one.by for one in doc.signatures}
    after = {one.part: one.hash + one.by for one in signing.signatures}
    return {f"{SIGNED}{seat}" for seat in _touched(before, after)}
