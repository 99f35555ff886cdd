"""Steps of a record: those that people take, and those that the server takes by itself (F7)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from fieldapp.domain.operation import Operation
from fieldapp.domain.plans import Workflow, WorkflowStep
from fieldapp.domain.record import HISTORY_HEADERS, RecordDoc, RevisionHeader
from fieldapp.domain.workflow import (
    SERVER,
    automatic_step,
    checked_step,
    is_locked,
    steps_from,
)
from fieldapp.errors import TransitionRefused
from fieldapp.server.forms import FormRules
from fieldapp.server.sessions import Account
from fieldapp.server.signing import asked_of
from fieldapp.server.standing import RecordRevision, Refused, Standing, StepNotTaken, View
from fieldapp.sync.protocol import CODE_STEP_REFUSED

UNLOCK = "unlock"


def roles_of(account: Account) -> frozenset[str]:
    """What an account may do; nobody signs in as the server."""
    return account.roles - {SERVER}


def first_step(
    operation: Operation, rules: FormRules, answers: Mapping[str, str], account: Account
) -> WorkflowStep:
    """The step that begins a record: the one it names, or the only one there is. Raises Refused."""
    if operation.transition is not None:
        target = operation.transition.to
    else:
        targets = {step.target for step in steps_from(rules.plans.workflow, None)}
        if len(targets) != 1:
            raise Refused("rejected", CODE_STEP_REFUSED)
        target = targets.pop()
    try:
        return checked_step(
            rules.plans.workflow,
            state=None,
            target=target,
            roles=roles_of(account),
            answers=answers,
            reason=operation.reason,
            guard=rules.guard,
        )
    except TransitionRefused as error:
        raise Refused("rejected", CODE_STEP_REFUSED) from error


def taken_step(
    operation: Operation,
    view: View,
    rules: FormRules,
    doc: RecordDoc,
    asked: Mapping[str, str],
) -> WorkflowStep | None:
    """The step that the operation takes from where the record stands; None when it takes none.

    It takes none when others have taken it already, or have gone beyond it: what its author wanted
    has come about. asked: the answers and `_signed`, which guards ask. Raises StepNotTaken.
    """
    wanted, workflow = operation.transition, rules.plans.workflow
    if wanted is None or (wanted.to == doc.state and not _is_loop(workflow, doc.state)):
        return None
    try:
        step = checked_step(
            workflow,
            state=doc.state,
            target=wanted.to,
            roles=roles_of(view.account),
            answers=asked,
            reason=operation.reason,
            guard=rules.guard,
        )
    except TransitionRefused as error:
        # The state that its taker saw counts too: a step may lead back to where it began (저장).
        passed = {header.state for header in doc.history if header.rev >= wanted.seen_rev}
        if wanted.to != doc.state and wanted.to in passed:
            return None
        raise StepNotTaken from error
    if step.needs_seen:
        since = view.paths_since(operation.object, wanted.seen_rev)
        unseen = {path for path in since if not path.startswith("@")}
        if unseen:
            raise StepNotTaken(tuple(unseen))
    return step


def _is_loop(workflow: Workflow, state: str) -> bool:
    return any(step.target == state for step in steps_from(workflow, state))


def is_closed_to_change(workflow: Workflow, state: str, step: WorkflowStep | None) -> bool:
    """Whether answers stay as they are: the state is locked, and the step taken does not unlock."""
    return is_locked(workflow, state) and (step is None or UNLOCK not in step.effects)


def taken_by_server(made: RecordRevision, rules: FormRules, at: str) -> tuple[RecordRevision, ...]:
    """The further revisions by which the server passes a record on (자동 확인, 공동 확인)."""
    revisions: list[RecordRevision] = []
    passed = {made.standing.doc.state}
    last = made
    while True:
        doc = last.standing.doc
        asked = asked_of(doc.answers, doc.signatures)
        step = automatic_step(rules.plans.workflow, doc.state, asked, rules.guard)
        # A workbook may lead in a circle; the server walks it once.
        if step is None or step.target in passed:
            return tuple(revisions)
        passed.add(step.target)
        header = RevisionHeader(
            rev=last.standing.rev + 1, who=SERVER, when=at, state=step.target, reason=step.label
        )
        passed_on = structs.replace(
            doc, state=step.target, updated=at, history=(header, *doc.history)[:HISTORY_HEADERS]
        )
        last = RecordRevision(made.object, Standing(passed_on, header.rev), header)
        revisions.append(last)
