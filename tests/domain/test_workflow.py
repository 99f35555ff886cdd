"""Who may pass from one state to the next, and why not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fieldapp.domain.operation import Transition
from fieldapp.domain.plans import AnswerOf, Comparison, Condition, Constant, Workflow, WorkflowStep
from fieldapp.domain.workflow import checked_step, steps_from
from fieldapp.errors import ReasonMissing, RoleMissing, StepMissing, TransitionRefused

ANSWERED = Comparison(">", AnswerOf("answered"), Constant(0.0))
FINISH = WorkflowStep(
    "record", None, "완료", "마치기", ("secretariat", "dong_welfare"), ANSWERED, "답이 없습니다"
)
APPROVE = WorkflowStep("record", "완료", "승인", "승인", ("team_lead",), needs_seen=True)
RETURN = WorkflowStep("record", "완료", "반려", "반려", ("team_lead",), needs_reason=True)
ANYONE = WorkflowStep("record", "완료", "보류", "미루기", ())
OTHER = WorkflowStep("improvement", None, "열림", "열기", ("team_lead",))
BY_LEAD = WorkflowStep("record", "완료", "종결", "종결", ("team_lead",))
BY_HEAD = WorkflowStep("record", "완료", "종결", "종결", ("head",), needs_reason=True)
WORKFLOW = Workflow((FINISH, APPROVE, RETURN, ANYONE, OTHER, BY_LEAD, BY_HEAD))


def holds(condition: Condition, answers: Mapping[str, str]) -> bool:
    assert condition == ANSWERED
    return float(answers.get("answered", "0")) > 0


def step(
    state: str | None,
    target: str,
    *roles: str,
    answers: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> WorkflowStep:
    return checked_step(
        WORKFLOW,
        state=state,
        target=target,
        roles=frozenset(roles),
        answers=answers or {},
        reason=reason,
        guard=holds,
    )


def test_a_record_begins_with_the_row_that_comes_from_nowhere() -> None:
    assert steps_from(WORKFLOW, None) == (FINISH,)
    assert step(None, "완료", "secretariat", answers={"answered": "7"}) is FINISH


def test_a_guard_that_does_not_hold_says_the_workbooks_sentence() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        step(None, "완료", "secretariat", answers={"answered": "0"})

    assert refusal.type is TransitionRefused
    assert refusal.value.facts == {"label": "마치기", "reason": "답이 없습니다"}


def test_a_state_that_does_not_lead_there_refuses() -> None:
    with pytest.raises(StepMissing):
        step(None, "승인", "team_lead")


def test_steps_of_other_objects_are_no_steps_of_a_record() -> None:
    with pytest.raises(StepMissing):
        step(None, "열림", "team_lead")


@pytest.mark.parametrize("roles", [(), ("nurse",)])
def test_a_role_that_may_not_is_told_the_steps_name(roles: tuple[str, ...]) -> None:
    with pytest.raises(RoleMissing) as refusal:
        step("완료", "승인", *roles)

    assert refusal.value.facts == {"label": "승인"}


def test_a_step_without_roles_is_everyones() -> None:
    assert step("완료", "보류") is ANYONE


@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_a_step_that_asks_for_a_reason_takes_no_blank(reason: str | None) -> None:
    with pytest.raises(ReasonMissing):
        step("완료", "반려", "team_lead", reason=reason)


def test_a_reason_given_is_enough() -> None:
    assert step("완료", "반려", "team_lead", reason="사진이 없습니다") is RETURN


def test_of_two_rows_to_one_state_the_one_of_the_role_counts() -> None:
    assert step("완료", "종결", "team_lead") is BY_LEAD
    with pytest.raises(ReasonMissing):
        step("완료", "종결", "head")


def test_a_transition_says_what_was_seen() -> None:
    assert Transition(to="승인", seen_rev=3).seen_rev == 3
