"""Who may pass from one state to the next, and why not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fieldapp.domain.operation import Transition
from fieldapp.domain.plans import (
    AllOf,
    AnswerOf,
    Comparison,
    Condition,
    Constant,
    Selected,
    Workflow,
    WorkflowStep,
)
from fieldapp.domain.record import Signature
from fieldapp.domain.workflow import (
    SERVER,
    SIGNED,
    automatic_step,
    checked_step,
    is_locked,
    seats_to_sign,
    signed_hash,
    signing_step,
    standing_signatures,
    state_without_signatures,
    steps_from,
    with_signatures,
)
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


BOTH_SIGNED = AllOf(
    (Selected(AnswerOf(SIGNED), "monitor1"), Selected(AnswerOf(SIGNED), "monitor2"))
)
SIGNING = WorkflowStep("record", "서명 전", "완료", "공동 확인", (SERVER,), BOTH_SIGNED)
CHECKLIST = Workflow(
    (
        WorkflowStep("record", None, "예정", "계획", ("secretariat",)),
        WorkflowStep("record", "예정", "서명 전", "마치기", ("monitor",)),
        WorkflowStep("record", "점검 중", "서명 전", "마치기", ("monitor",)),
        WorkflowStep("record", "서명 전", "점검 중", "다시", ("monitor",)),
        SIGNING,
        WorkflowStep("record", "완료", "취합", "취합", ("secretariat",), effects=("lock",)),
    )
)


def both_signed(condition: Condition, answers: Mapping[str, str]) -> bool:
    assert condition == BOTH_SIGNED
    return answers.get(SIGNED, "").split() == ["monitor1", "monitor2"]


def signature(seat: str, answers: Mapping[str, str]) -> Signature:
    return Signature(
        by=f"가상-{seat}", at="2026-11-30T14:10:00+09:00", part=seat, hash=signed_hash(answers)
    )


def test_the_server_takes_its_step_when_both_have_signed_what_stands_now() -> None:
    answers = {"score": "4"}
    first, second = signature("monitor1", answers), signature("monitor2", answers)

    one = with_signatures(answers, [first])
    two = with_signatures(answers, [first, second])
    assert automatic_step(CHECKLIST, "서명 전", one, both_signed) is None
    assert automatic_step(CHECKLIST, "서명 전", two, both_signed) is SIGNING


def test_a_signature_stands_for_the_answers_it_was_given_to_and_no_others() -> None:
    first = signature("monitor1", {"score": "4"})

    assert standing_signatures([first], {"score": "4"}) == (first,)
    assert standing_signatures([first], {"score": "2"}) == ()


@pytest.mark.parametrize(
    ("state", "before_signing"),
    [
        ("완료", "서명 전"),
        ("취합", "서명 전"),
        ("서명 전", "서명 전"),
        ("점검 중", "점검 중"),
        ("예정", "예정"),
    ],
)
def test_a_record_whose_signatures_are_void_stands_before_signing(
    state: str, before_signing: str
) -> None:
    assert state_without_signatures(CHECKLIST, state) == before_signing


def test_a_workflow_that_asks_for_no_signature_is_never_sent_back() -> None:
    assert signing_step(WORKFLOW) is None
    assert state_without_signatures(WORKFLOW, "완료") == "완료"


def test_the_seats_to_sign_are_those_that_the_guard_names() -> None:
    assert seats_to_sign(CHECKLIST) == ("monitor1", "monitor2")
    assert seats_to_sign(WORKFLOW) == ()


def test_a_state_that_a_locking_step_leads_to_is_locked() -> None:
    assert is_locked(CHECKLIST, "취합")
    assert not is_locked(CHECKLIST, "완료")


def test_of_two_rows_to_one_state_the_first_whose_guard_holds_is_taken() -> None:
    twin = WorkflowStep(
        "record", None, "완료", "대응 시작", ("secretariat",), effects=("open P03",)
    )
    both = Workflow((FINISH, twin))

    def taken(answered: str) -> WorkflowStep:
        return checked_step(
            both,
            state=None,
            target="완료",
            roles=frozenset({"secretariat"}),
            answers={"answered": answered},
            reason=None,
            guard=holds,
        )

    assert taken("7") is FINISH
    assert taken("0") is twin
