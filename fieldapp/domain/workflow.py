"""States of a record and who may pass from one to the next, and why not (formats F6, F7).

Guards are asked as functions: packs compiles each `Condition` with the form engine, so that device
and server ask the very same one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from fieldapp.domain.canonical import canonical_hash
from fieldapp.domain.conditions import choices_asked, paths_of
from fieldapp.domain.plans import Condition, Workflow, WorkflowStep
from fieldapp.domain.record import Signature
from fieldapp.errors import ReasonMissing, RoleMissing, StepMissing, TransitionRefused

#: Tells whether a condition holds over a record's answers.
Guard = Callable[[Condition, Mapping[str, str]], bool]
#: The object of the rows that speak of the record itself; others name an entity list.
RECORD = "record"
#: The role of steps that the server takes by itself, and the author of what it does.
SERVER = "server"
#: Whose word a locked record takes in any programme.
TEAM_LEAD = "team_lead"
#: What a guard may ask beside the answers: the seats whose signature stands (F6).
SIGNED = "_signed"


def steps_from(workflow: Workflow, state: str | None, of: str = RECORD) -> tuple[WorkflowStep, ...]:
    """The steps that lead out of a state of a record or entity; None: those that begin one."""
    return tuple(step for step in workflow.steps if step.object == of and step.source == state)


def checked_step(
    workflow: Workflow,
    *,
    state: str | None,
    target: str,
    roles: frozenset[str],
    answers: Mapping[str, str],
    reason: str | None,
    guard: Guard,
    of: str = RECORD,
) -> WorkflowStep:
    """The step from `state` to `target` if these roles may take it now.

    Of several rows the first whose guard holds. Raises StepMissing, RoleMissing, ReasonMissing, or
    TransitionRefused (the first guard's sentence).
    """
    steps = [step for step in steps_from(workflow, state, of) if step.target == target]
    if not steps:
        raise StepMissing(label=target)
    allowed = [step for step in steps if not step.roles or roles & set(step.roles)]
    if not allowed:
        raise RoleMissing(label=steps[0].label)
    open_ = [step for step in allowed if step.guard is None or guard(step.guard, answers)]
    if not open_:
        raise TransitionRefused(label=allowed[0].label, reason=allowed[0].guard_message)
    if open_[0].needs_reason and not (reason or "").strip():
        raise ReasonMissing(label=open_[0].label)
    return open_[0]


def automatic_step(
    workflow: Workflow, state: str, answers: Mapping[str, str], guard: Guard
) -> WorkflowStep | None:
    """The step that the server takes by itself now (자동 확인, 공동 확인), if there is one."""
    return next(
        (
            step
            for step in steps_from(workflow, state)
            if step.roles == (SERVER,) and (step.guard is None or guard(step.guard, answers))
        ),
        None,
    )


def is_locked(workflow: Workflow, state: str, of: str = RECORD) -> bool:
    """Whether answers of a record in this state change only by 정정 요청."""
    return any(
        step.target == state and step.object == of and "lock" in step.effects
        for step in workflow.steps
    )


def may_correct(workflow: Workflow, roles: Collection[str], of: str = RECORD) -> bool:
    """Whether somebody with these roles may take a 정정 요청 in: team leaders (F7), and whoever may
    lock such a record.
    """
    lockers = {TEAM_LEAD} | {
        role
        for step in workflow.steps
        if step.object == of and "lock" in step.effects
        for role in step.roles
    }
    return bool((lockers - {SERVER}) & set(roles))


# Signatures, formats F6


def signed_hash(answers: Mapping[str, str]) -> str:
    """What a signature covers: sha256 of the canonical answers."""
    return canonical_hash(dict(answers))


def standing_signatures(
    signatures: Sequence[Signature], answers: Mapping[str, str]
) -> tuple[Signature, ...]:
    """Those that cover the answers as they are now."""
    covered = signed_hash(answers)
    return tuple(signature for signature in signatures if signature.hash == covered)


def with_signatures(answers: Mapping[str, str], signatures: Sequence[Signature]) -> dict[str, str]:
    """What guards are asked over: the answers, and the seats that signed them."""
    seats = sorted({one.part for one in standing_signatures(signatures, answers)})
    return {**answers, SIGNED: " ".join(seats)} if seats else dict(answers)


def signing_step(workflow: Workflow) -> WorkflowStep | None:
    """The step that waits for signatures: the first whose guard asks for them."""
    return next((step for step in workflow.steps if SIGNED in paths_of(step.guard)), None)


def seats_to_sign(workflow: Workflow) -> tuple[str, ...]:
    """The seats that the signing step waits for, in the order of its guard."""
    step = signing_step(workflow)
    return () if step is None else choices_asked(step.guard, SIGNED)


def state_without_signatures(workflow: Workflow, state: str) -> str:
    """Where a record stands whose signatures no longer cover it: before they were asked for."""
    step = signing_step(workflow)
    if step is None or step.source is None or state not in _onward(workflow, step):
        return state
    return step.source


def _onward(workflow: Workflow, step: WorkflowStep) -> frozenset[str]:
    """The step's target and what follows it, but no state from which it may be taken again."""
    reached: set[str] = set()
    edge = [step.target]
    while edge:
        state = edge.pop()
        onward = [after.target for after in steps_from(workflow, state)]
        if state in reached or step.source in (state, *onward):
            continue
        reached.add(state)
        edge += onward
    return frozenset(reached)
