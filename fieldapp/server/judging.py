"""What the server makes of one operation: pure, over what the write transaction has read.

`push` reads and writes; here it is decided. The rules are formats F3 (bases, receipts), F5 (merge)
and F7 (steps). An operation that cannot be applied is kept whole in quarantine, whatever the
reason, and never stands in the way of another.

Decisions that the formats leave open:
- Every operation that is applied makes one revision, also when all its lines ended in a conflict:
  a base `{op}` then always names a revision, and whoever saw a revision saw its conflicts.
- A change whose step is refused keeps its answers (status as merged, code `step_refused`); a
  create has no state without its step, so it is rejected whole.
- `author` is the signed-in account, by its id or by its display name.
- After a merge only calculated answers are refreshed. An answer that became irrelevant stays: a
  form leaves it out when it is opened, and nothing a person wrote is dropped by a merge.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast, get_args

from fieldapp.domain.exchange import ConflictDoc, ConflictRef, Receipt
from fieldapp.domain.merge import Merged, merge_patch
from fieldapp.domain.operation import FormRef, Operation, ReceiptStatus
from fieldapp.domain.plans import Workflow, WorkflowStep
from fieldapp.domain.record import HISTORY_HEADERS, RecordDoc, RecordKind, RevisionHeader
from fieldapp.domain.workflow import checked_step, steps_from
from fieldapp.errors import PackMissing, TransitionRefused
from fieldapp.server.forms import FormRules
from fieldapp.server.sessions import Account
from fieldapp.sync.protocol import (
    CODE_BASE_NOT_VISIBLE,
    CODE_BASE_WAITS,
    CODE_NOT_A_MEMBER,
    CODE_NOT_THE_AUTHOR,
    CODE_STEP_REFUSED,
    CODE_UNKNOWN_FORM,
    CODE_UNKNOWN_OBJECT,
    CODE_UNSUPPORTED,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stands in this transaction."""

    doc: RecordDoc
    rev: int


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A conflict of a record, and the revision at which it arose."""

    doc: ConflictDoc
    record: str
    rev: int


class View(Protocol):
    """What the transaction knows, including the operations of this batch judged so far."""

    account: Account
    scopes: frozenset[str]

    def rules(self, form: FormRef) -> FormRules:
        """The plans of a form version. Raises PackMissing."""

    def standing(self, record: str) -> Standing | None:
        """A record that this account may see."""

    def receipt_of(self, op_id: str) -> Receipt | None:
        """What an earlier operation of the same replica was told."""

    def open_conflicts(self, record: str) -> Sequence[StoredConflict]:
        """Conflicts of a record that nobody has decided."""

    def last_touched(self, record: str, paths: Sequence[str]) -> tuple[str, str] | None:
        """Author and instant of the newest revision that touched one of the paths."""

    def paths_since(self, record: str, rev: int) -> frozenset[str]:
        """Every path that other replicas' revisions after `rev` touched."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an operation. `standing` is the record's new revision, if it makes one."""

    receipt: Receipt
    standing: Standing | None = None
    header: RevisionHeader | None = None
    conflicts: tuple[StoredConflict, ...] = field(default=())
    is_kept: bool = False


class _Refused(Exception):
    """Leads out of judging, with what the receipt is going to say."""

    def __init__(
        self,
        status: ReceiptStatus,
        code: str,
        *,
        rev: int | None = None,
        fields: Sequence[str] = (),
    ) -> None:
        super().__init__(code)
        self.status: ReceiptStatus = status
        self.code = code
        self.rev = rev
        self.fields = tuple(fields)


def judge(operation: Operation, view: View) -> Verdict:
    """Decide one operation that has no final receipt yet."""
    try:
        if operation.author not in (view.account.id, view.account.name):
            raise _Refused("rejected", CODE_NOT_THE_AUTHOR)
        if (
            operation.object.type != "record"
            or operation.kind in ("move", "delete")
            or operation.effects
            or any(line.path.startswith("@") for line in operation.patch)
        ):
            raise _Refused("rejected", CODE_UNSUPPORTED)
        if operation.kind == "create":
            return _create(operation, view)
        return _change(operation, view)
    except _Refused as refused:
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
        raise _Refused("rejected", CODE_UNSUPPORTED)
    if operation.scope not in view.scopes:
        raise _Refused("rejected", CODE_NOT_A_MEMBER)
    if view.standing(operation.object.id) is not None:
        raise _Refused("rejected", CODE_UNSUPPORTED)
    rules = _rules(view, operation.form)
    if rules.plans.kind not in get_args(RecordKind):
        raise _Refused("rejected", CODE_UNSUPPORTED)
    answers = {line.path: line.new for line in operation.patch if line.new is not None}
    step = _first_step(operation, rules, answers, view.account)
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
        scope=operation.scope,
        subject=operation.subject,
        state=step.target,
        author=operation.author,
        created=operation.at,
        updated=operation.at,
        answers=answers,
        history=(header,),
    )
    receipt = Receipt(op_id=operation.op_id, status="applied", rev=1)
    return Verdict(receipt, standing=Standing(doc, 1), header=header)


def _first_step(
    operation: Operation, rules: FormRules, answers: Mapping[str, str], account: Account
) -> WorkflowStep:
    if operation.transition is not None:
        target = operation.transition.to
    else:
        targets = {step.target for step in steps_from(rules.plans.workflow, None)}
        if len(targets) != 1:
            raise _Refused("rejected", CODE_STEP_REFUSED)
        target = targets.pop()
    try:
        return checked_step(
            rules.plans.workflow,
            state=None,
            target=target,
            roles=account.roles,
            answers=answers,
            reason=operation.reason,
            guard=rules.guard,
        )
    except TransitionRefused as error:
        raise _Refused("rejected", CODE_STEP_REFUSED) from error


def _change(operation: Operation, view: View) -> Verdict:
    standing = view.standing(operation.object.id)
    base_rev = _base_rev(operation, view, standing)
    if standing is None:
        raise _Refused("rejected", CODE_UNKNOWN_OBJECT)
    if operation.form is not None and operation.form != standing.doc.form:
        raise _Refused("rejected", CODE_UNSUPPORTED, rev=standing.rev)
    rules = _rules(view, standing.doc.form)
    before = standing.doc.answers
    merged = merge_patch(rules.plans.merge, before, operation.patch)
    is_stale = base_rev < standing.rev and bool(operation.patch)
    answers = merged.answers
    if is_stale or operation.kind == "resolve":
        answers = _refreshed(rules, operation.object.id, answers)
    state, step_code, unseen = _stepped(operation, view, standing, rules, answers)
    if step_code is not None and not operation.patch:
        raise _Refused("rejected", step_code, rev=standing.rev, fields=unseen)
    paths = tuple(
        sorted(
            path for path in before.keys() | answers.keys() if before.get(path) != answers.get(path)
        )
    )
    header = RevisionHeader(
        rev=standing.rev + 1,
        who=operation.author,
        when=operation.at,
        state=state,
        paths=paths,
        reason=operation.reason,
    )
    doc = RecordDoc(
        form=standing.doc.form,
        kind=standing.doc.kind,
        scope=standing.doc.scope,
        subject=standing.doc.subject,
        state=state,
        author=standing.doc.author,
        created=standing.doc.created,
        updated=operation.at,
        answers=answers,
        signatures=standing.doc.signatures,
        history=(header, *standing.doc.history)[:HISTORY_HEADERS],  # newest first
    )
    opened = _opened(operation, view, standing, merged, header.rev)
    decided = _decided(operation, view, merged, base_rev) if operation.kind == "resolve" else ()
    status: ReceiptStatus = "merged" if is_stale else "applied"
    if opened:
        status = "conflict"
    receipt = Receipt(
        op_id=operation.op_id,
        status=status,
        rev=header.rev,
        fields=unseen or (() if status == "applied" else paths),
        conflict=ConflictRef(
            id=opened[0].doc.id, paths=tuple(line.path for line in merged.conflicts)
        )
        if opened
        else None,
        code=step_code,
    )
    return Verdict(
        receipt,
        standing=Standing(doc, header.rev),
        header=header,
        conflicts=(*opened, *decided),
        is_kept=step_code is not None,
    )


def _base_rev(operation: Operation, view: View, standing: Standing | None) -> int:
    """The revision the author had seen. It was visible to them iff the record is (F8)."""
    base = operation.base
    if base is None:
        raise _Refused("rejected", CODE_UNSUPPORTED)
    if base.op is not None:
        receipt = view.receipt_of(base.op)
        if receipt is None or receipt.rev is None or receipt.status in ("held", "rejected"):
            raise _Refused("held", CODE_BASE_WAITS)
        return receipt.rev
    if standing is None or base.rev is None:
        raise _Refused("rejected", CODE_UNKNOWN_OBJECT)
    if not 1 <= base.rev <= standing.rev:
        # A revision this server does not have yet: it was restored from a backup, and whoever
        # made that revision will bring it again.
        raise _Refused("held", CODE_BASE_NOT_VISIBLE)
    return base.rev


def _rules(view: View, form: FormRef) -> FormRules:
    try:
        return view.rules(form)
    except PackMissing as error:
        raise _Refused("held", CODE_UNKNOWN_FORM) from error


def _refreshed(rules: FormRules, record: str, answers: dict[str, str]) -> dict[str, str]:
    again = rules.rerun(record, answers)
    calculated = rules.plans.merge.calculated
    kept = {path: value for path, value in answers.items() if path not in calculated}
    return kept | {path: value for path, value in again.items() if path in calculated}


def _stepped(
    operation: Operation,
    view: View,
    standing: Standing,
    rules: FormRules,
    answers: Mapping[str, str],
) -> tuple[str, str | None, tuple[str, ...]]:
    """The state afterwards; a code when the step was refused, and what its taker had not seen."""
    state = standing.doc.state
    step = operation.transition
    if step is None or (step.to == state and not _is_loop(rules.plans.workflow, state)):
        return state, None, ()
    try:
        taken = checked_step(
            rules.plans.workflow,
            state=state,
            target=step.to,
            roles=view.account.roles,
            answers=answers,
            reason=operation.reason,
            guard=rules.guard,
        )
    except TransitionRefused:
        return state, CODE_STEP_REFUSED, ()
    if taken.needs_seen:
        unseen = view.paths_since(operation.object.id, step.seen_rev)
        if unseen:
            return state, CODE_STEP_REFUSED, tuple(sorted(unseen))
    return taken.target, None, ()


def _is_loop(workflow: Workflow, state: str) -> bool:
    return any(step.target == state for step in steps_from(workflow, state))


def _opened(
    operation: Operation, view: View, standing: Standing, merged: Merged, rev: int
) -> tuple[StoredConflict, ...]:
    """The conflict that an operation leaves: base, ours, theirs, and who wrote the two."""
    if not merged.conflicts:
        return ()
    ours = view.last_touched(operation.object.id, [line.path for line in merged.conflicts])
    who, when = ours or (standing.doc.author, standing.doc.created)
    doc = ConflictDoc(
        # Minted from the operation's id: the same however often the transaction is tried again.
        id=str(uuid.uuid5(uuid.UUID(operation.op_id), operation.object.id)),
        lines=merged.conflicts,
        ours_author=who,
        ours_at=when,
        theirs_author=operation.author,
        theirs_at=operation.at,
        op_id=operation.op_id,
    )
    return (StoredConflict(doc, operation.object.id, rev),)


def _decided(
    operation: Operation, view: View, merged: Merged, base_rev: int
) -> tuple[StoredConflict, ...]:
    """Conflicts that this resolve decides: seen, all paths chosen, none in dispute anew."""
    disputed = {line.path for line in merged.conflicts}
    chosen = {line.path for line in operation.patch} - disputed
    return tuple(
        StoredConflict(_decided_doc(conflict.doc, operation), conflict.record, conflict.rev)
        for conflict in view.open_conflicts(operation.object.id)
        if conflict.rev <= base_rev and {line.path for line in conflict.doc.lines} <= chosen
    )


def _decided_doc(doc: ConflictDoc, operation: Operation) -> ConflictDoc:
    return ConflictDoc(
        id=doc.id,
        lines=doc.lines,
        ours_author=doc.ours_author,
        ours_at=doc.ours_at,
        theirs_author=doc.theirs_author,
        theirs_at=doc.theirs_at,
        op_id=doc.op_id,
        decided_by=operation.author,
        decided_at=operation.at,
        reason=operation.reason,
    )
