"""Which step of the workflow a save takes, and what it causes (formats F4, F6, F7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldapp.domain.plans import Workflow, WorkflowStep
from fieldapp.domain.workflow import RECORD, SERVER, checked_step, signing_step, steps_from
from fieldapp.errors import TransitionRefused
from fieldapp.packs import Pack, guard

_ENTITIES = "entities"
_OPEN = "open "
#: Where effects come about when no row of the sheet says so (F4).
_DONE = "완료"


def causes_entities(workflow: Workflow, step: WorkflowStep) -> bool:
    """Whether taking the step writes the form's entities."""
    if any(_ENTITIES in one.effects for one in workflow.steps if one.object == RECORD):
        return _ENTITIES in step.effects
    return step.target == _DONE


def has_caused_entities(workflow: Workflow, states: Iterable[str]) -> bool:
    """Whether a record that stood in these states ever came past a step that wrote its entities."""
    reached: set[str] = set()
    edge = [
        step.target
        for step in workflow.steps
        if step.object == RECORD and causes_entities(workflow, step)
    ]
    while edge:
        at = edge.pop()
        if at not in reached:
            reached.add(at)
            edge += [step.target for step in steps_from(workflow, at)]
    unwritten = {
        step.source
        for step in workflow.steps
        if step.object == RECORD and causes_entities(workflow, step)
    }
    return not reached.isdisjoint(set(states) - unwritten)


def opened_forms(step: WorkflowStep) -> tuple[str, ...]:
    """The forms of which the step makes a planned record (`open P03`)."""
    return tuple(effect.removeprefix(_OPEN) for effect in step.effects if effect.startswith(_OPEN))


def steps_for(
    workflow: Workflow, state: str | None, roles: frozenset[str]
) -> tuple[WorkflowStep, ...]:
    """The steps that a person of these roles may take from a state, in the sheet's order."""
    return tuple(
        step
        for step in steps_from(workflow, state)
        if step.roles != (SERVER,) and (not step.roles or roles & set(step.roles))
    )


def finishing_step(
    pack: Pack,
    state: str | None,
    answers: Mapping[str, str],
    *,
    roles: frozenset[str],
    target: str | None = None,
    reason: str | None = None,
) -> WorkflowStep | None:
    """The step that 마치기 takes: to `target`, or the one that completes the form.

    None when the record has come past its completion: then a save changes answers alone.
    Raises TransitionRefused with the workbook's own sentence.
    """
    workflow = pack.plans.workflow
    if target is None:
        mine = steps_for(workflow, state, roles)
        # Who may not begin the record at all is told so by the step itself.
        possible = mine or (steps_from(workflow, None) if state is None else ())
        target = _completing_target(workflow, possible, state)
        if target is None:
            return None
    return checked_step(
        workflow,
        state=state,
        target=target,
        roles=roles,
        answers=answers,
        reason=reason,
        guard=guard(pack),
    )


def part_step(
    pack: Pack, state: str | None, answers: Mapping[str, str], *, roles: frozenset[str]
) -> WorkflowStep | None:
    """The step that saving one's part takes before the form is complete; None to stay."""
    workflow = pack.plans.workflow
    done = _completing_target(workflow, steps_for(workflow, state, roles), state)
    for step in steps_for(workflow, state, roles):
        if step.target in (done, state) or step.needs_reason:
            continue
        try:
            return checked_step(
                workflow,
                state=state,
                target=step.target,
                roles=roles,
                answers=answers,
                reason=None,
                guard=guard(pack),
            )
        except TransitionRefused:
            continue
    return None


def is_open(workflow: Workflow, state: str | None) -> bool:
    """Whether a record in this state is still being worked on: nobody is asked why it changes."""
    signing = signing_step(workflow)
    if state is None or (signing is not None and state == signing.source):
        return True
    return any(
        causes_entities(workflow, step) and not step.needs_reason
        for step in steps_from(workflow, state)
        if step.roles != (SERVER,)
    )


def _completing_target(
    workflow: Workflow, mine: tuple[WorkflowStep, ...], state: str | None
) -> str | None:
    completing = [step for step in mine if causes_entities(workflow, step)]
    if completing:
        return completing[0].target
    return mine[0].target if state is None and mine else None
