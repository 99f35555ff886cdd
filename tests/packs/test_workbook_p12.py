"""The register of improvements: which step is offered when, what it leaves, who may take it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fieldapp.domain.plans import Grouping, TablePlan
from fieldapp.domain.workflow import checked_step, steps_from
from fieldapp.errors import RoleMissing, TransitionRefused
from fieldapp.forms import Filling, Question
from fieldapp.packs import effects_of, guard, open_form
from tests.forms.rows import Rows
from tests.packs.shipped import (
    IMPROVEMENT,
    SURROUNDINGS,
    answered,
    missing,
    opened,
    shipped,
    standing,
)

ANSWERS_OF_THE_OFFICE = ("반영", "일부반영", "중장기 검토", "이미 시행 중", "이송", "미반영")
IN = "improvement"
STANDS = {
    "label": "냉장고 라벨", "content": "냉장고 라벨에 날짜를 적는다", "area": "급식",
    "programme": "care", "no": "2026-15",
}  # fmt: skip


def lists(state: str, **props: str) -> Mapping[str, Rows]:
    """The improvement as it stands on the laptop."""
    return {"improvement": Rows({"name": IMPROVEMENT, **STANDS, "state": state, **props})}


def register(state: str, answers: Mapping[str, str], **props: str) -> Filling:
    """A record about an improvement in that state."""
    return opened("P12", lists(state, **props), {"improvement": IMPROVEMENT, **answers})


def changes(filling: Filling, **stands: str) -> dict[str, str | None]:
    """Property → new value that the record leaves."""
    (effect,) = effects_of(shipped("P12"), None, filling, lambda *_: standing({**STANDS, **stands}))
    assert (effect.list, effect.id, effect.create) == ("improvement", IMPROVEMENT, False)
    return {name: change.new for name, change in effect.set.items()}


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("접수", ["forward"]),
        ("부서 전달", ["answer"]),
        ("반영", ["confirm"]),
        ("일부반영", ["confirm"]),
        ("이미 시행 중", ["confirm"]),
        ("중장기 검토", ["answer", "share"]),
        ("이송", ["forward", "share"]),
        ("미반영", ["share"]),
        ("반영 확인", ["share"]),
        ("공유", []),
        ("", []),
    ],
)
def test_a_state_offers_the_steps_that_the_workflow_knows(state: str, offered: list[str]) -> None:
    filling = register(state, {})
    step = next(e for e in filling.body if isinstance(e, Question) and e.path == "step")

    assert [choice.value for choice in step.choices] == offered
    if state:
        targets = {one.target for one in steps_from(shipped("P12").plans.workflow, state, IN)}
        leads = {"forward": {"부서 전달"}, "confirm": {"반영 확인"}, "share": {"공유"},
                 "answer": set(ANSWERS_OF_THE_OFFICE)}  # fmt: skip
        assert targets <= set().union(*(leads[name] for name in offered))
        assert all(targets & leads[name] for name in offered)


def test_a_step_shows_what_the_improvement_is_about() -> None:
    filling = register("접수", {})
    notes = {e.path: e.label for e in filling.body if isinstance(e, Question) and e.is_relevant}

    assert notes["what_note"] == "냉장고 라벨에 날짜를 적는다\n영역: 급식 · 상태: 접수"
    assert notes["no_note"] == "접수번호 2026-15"
    assert "no_none_note" not in notes


def test_an_improvement_without_a_number_says_so() -> None:
    filling = register("접수", {}, no="")
    shown = {e.path for e in filling.body if isinstance(e, Question) and e.is_relevant}

    assert "no_none_note" in shown
    assert "no_note" not in shown


def test_passing_on_asks_for_an_answer_within_fourteen_days() -> None:
    filling = register("접수", {"step": "forward", "forwarding/dept": "가상-돌봄팀"})

    assert missing(filling) == []
    assert changes(filling) == {
        "dept": "가상-돌봄팀", "sent_date": "2026-11-30", "reply_due": "2026-12-14",
        "state": "부서 전달",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "needs", "state"),
    [
        ("adopt", ["plan", "plan_due"], "반영"),
        ("part", ["reason", "plan", "plan_due"], "일부반영"),
        ("later", ["reason"], "중장기 검토"),
        ("already", [], "이미 시행 중"),
        ("transfer", ["reason"], "이송"),
        ("reject", ["reason"], "미반영"),
    ],
)
def test_an_answer_gives_the_state_and_says_why_or_when(
    decision: str, needs: list[str], state: str
) -> None:
    filling = register("부서 전달", {"step": "answer", "answering/decision": decision})
    assert missing(filling) == [f"answering/{name}" for name in needs]
    written = {"reason": "예산이 없음", "plan": "라벨 인쇄기를 산다", "plan_due": "2026-12-31"}

    answered(filling, {f"answering/{name}": written[name] for name in needs})

    assert missing(filling) == []
    assert changes(filling) == {
        "state": state, "decision": decision, "reply_date": "2026-11-30",
        "reply_by": "가상-이담당", **{name: written[name] for name in needs},
    }  # fmt: skip
    allowed = steps_from(shipped("P12").plans.workflow, "부서 전달", IN)
    assert state in {step.target for step in allowed}


def test_a_step_leaves_alone_what_another_step_wrote() -> None:
    answer = {"decision": "adopt", "plan": "라벨 인쇄기를 산다", "reply_by": "가상-정부서"}
    filling = register("반영", {"step": "confirm", "confirming/done_note": "라벨을 봄"}, **answer)

    assert changes(filling, state="반영", **answer) == {
        "state": "반영 확인", "done_date": "2026-11-30", "done_note": "라벨을 봄",
        "confirmed_by": "가상-이담당",
    }  # fmt: skip


def test_an_amended_step_still_stands_where_it_stood() -> None:
    first = register("접수", {"step": "forward", "forwarding/dept": "가상-돌봄팀"})

    # By now the improvement is passed on: the list says so.
    again = open_form(shipped("P12"), SURROUNDINGS, first.answers(), lists("부서 전달"))
    again.answer("forwarding/dept", "가상-복지팀")

    assert missing(again) == []
    assert again.value("state_now") == "접수"
    (effect,) = effects_of(
        shipped("P12"), first, again, lambda *_: standing({**STANDS, "state": "부서 전달"})
    )
    assert {name: (c.old, c.new) for name, c in effect.set.items()} == {
        "dept": ("가상-돌봄팀", "가상-복지팀")
    }


@pytest.mark.parametrize(
    ("role", "step", "may"),
    [
        ("secretariat", "forward", True),
        ("secretariat", "answer", False),
        ("secretariat", "confirm", True),
        ("secretariat", "share", True),
        ("dept_officer", "forward", False),
        ("dept_officer", "answer", True),
        ("dept_officer", "confirm", False),
        ("dept_officer", "share", False),
    ],
)
def test_the_office_passes_on_and_confirms_and_the_department_answers(
    role: str, step: str, may: bool
) -> None:
    if may:
        assert _finished(role, {"step": step}) == "완료"
    else:
        with pytest.raises(TransitionRefused):
            _finished(role, {"step": step})


def test_a_monitor_takes_no_step() -> None:
    with pytest.raises(RoleMissing):
        _finished("monitor", {"step": "answer"})


def test_whoever_answered_does_not_confirm() -> None:
    same = {
        "step": "confirm",
        "confirming/confirmed_by": "가상-정부서",
        "reply_by_now": "가상-정부서",
    }

    with pytest.raises(TransitionRefused) as refused:
        _finished("secretariat", same)

    assert "회신한 사람은" in str(refused.value.facts["reason"])
    assert _finished("secretariat", same | {"reply_by_now": "가상-남부서"}) == "완료"


def test_the_rate_is_answered_by_programme_and_against_its_target() -> None:
    adoption, achievement, answers = shipped("P12").plans.summaries

    assert isinstance(adoption, TablePlan)
    assert isinstance(achievement, TablePlan)
    assert (adoption.source, adoption.name) == ("list", "improvement")
    assert [column.label for column in adoption.columns] == ["접수", "반영", "반영률%"]
    assert adoption.total_method == "pooled"
    assert achievement.rows == Grouping("all", label="현장모니터링 반영률(%)")
    rate, reached = achievement.columns[-2:]
    assert (rate.over, rate.under, rate.decimals) == (("반영",), ("접수",), 1)
    assert (reached.over, reached.under, reached.decimals) == (("실적%",), ("목표",), 1)
    (target,) = [column for column in achievement.columns if column.measure == "target"]
    assert target.path == "improvement_adopted"
    assert answers.columns[-1].label == "이행 완료율%"


def _finished(role: str, answers: Mapping[str, str]) -> str:
    pack = shipped("P12")
    return checked_step(
        pack.plans.workflow, state=None, target="완료", roles=frozenset({role}), answers=answers,
        reason=None, guard=guard(pack),
    ).target  # fmt: skip
