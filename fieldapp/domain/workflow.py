"""States of a record and who may pass from one to the next, and why not (formats F7).

Guards are asked as functions: packs compiles each `Condition` with the form engine, so that device
and server ask the very same one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fieldapp.domain.plans import Condition, Workflow, WorkflowStep
from fieldapp.errors import ReasonMissing, RoleMissing, StepMissing, TransitionRefused

#: Tells whether a condition holds over a record's answers.
Guard = Callable[[Condition, Mapping[str, str]], bool]


def steps_from(workflow: Workflow, state: str | None) -> tuple[WorkflowStep, ...]:
    """The steps that lead out of a state of a record; None: the steps that begin one."""
    return tuple(
        step for step in workflow.steps if step.object == "record" and step.source == state
    )


def checked_step(
    workflow: Workflow,
    *,
    state: str | None,
    target: str,
    roles: frozenset[str],
    answers: Mapping[str, str],
    reason: str | None,
    guard: Guard,
) -> WorkflowStep:
    """The step from `state` to `target` if these roles may take it now.

    Raises StepMissing, RoleMissing, ReasonMissing, or TransitionRefused (the guard's sentence).
    """
    steps = [step for step in steps_from(workflow, state) if step.target == target]
    if not steps:
        raise StepMissing(label=target)
    allowed = [step for step in steps if not step.roles or roles & set(step.roles)]
    if not allowed:
        raise RoleMissing(label=steps[0].label)
    step = allowed[0]
    if step.needs_reason and not (reason or "").strip():
        raise ReasonMissing(label=step.label)
    if step.guard is not None and not guard(step.guard, answers):
        raise TransitionRefused(label=step.label, reason=step.guard_message)
    return step
