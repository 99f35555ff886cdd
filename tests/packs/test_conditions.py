"""Guards mean the same wherever they are asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.plans import (
    AllOf,
    AnswerOf,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    Not,
    Selected,
)
from fieldapp.packs import guard
from tests.packs.workbooks import edited, p13e, put, read_here

HOLDS = guard(p13e())
GUARDS = {
    "${mode} = 'paper' and ${serial} >= 3": AllOf(
        (
            Comparison("=", AnswerOf("mode"), Constant("paper")),
            Comparison(">=", AnswerOf("serial"), Constant(3.0)),
        )
    ),
    "not(${mode}='self') or selected(${again}, '1') or 0 < ${answered}": AnyOf(
        (
            Not(Comparison("=", AnswerOf("mode"), Constant("self"))),
            Selected(AnswerOf("again"), "1"),
            Comparison("<", Constant(0.0), AnswerOf("answered")),
        )
    ),
    "${q1} != ${q2}": Comparison("!=", AnswerOf("items/q1"), AnswerOf("items/q2")),
    "${serial} > -1.5": Comparison(">", AnswerOf("serial"), Constant(-1.5)),
}
OUTSIDE = (
    "${answered}", "1 = 1", "${serial} + 1 > 2", "string-length(${good}) > 3", "true()",
    "${items} = ''", "../serial > 1", "selected('1', ${again})", "${serial} | ${mode}",
)  # fmt: skip


@pytest.mark.parametrize(("text", "condition"), GUARDS.items())
def test_a_guard_is_read_as_a_tree(text: str, condition: Condition) -> None:
    pack = read_here(edited(put("workflow", "to", "완료", "guard", text)))

    assert pack.plans.workflow.steps[0].guard == condition


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_guard_outside_the_subset_is_refused(text: str) -> None:
    from tests.packs.workbooks import problems_of

    problems = problems_of(edited(put("workflow", "to", "완료", "guard", text)))

    assert [(found.sheet, found.row, found.column) for found in problems] == [
        ("workflow", 2, "guard")
    ]


def test_an_answer_that_is_not_there_is_an_empty_one() -> None:
    serial = AnswerOf("serial")

    assert HOLDS(Comparison("=", serial, Constant("")), {})
    assert not HOLDS(Comparison(">", serial, Constant(0.0)), {})
    assert not HOLDS(Comparison("<", serial, Constant(0.0)), {})
    assert HOLDS(Comparison("!=", serial, Constant(0.0)), {})


def test_days_are_compared_as_days() -> None:
    since = Comparison(">=", AnswerOf("today"), Constant("2026-11-09"))

    assert HOLDS(since, {"today": "2026-11-21"})
    assert not HOLDS(since, {"today": "2026-10-21"})


PATHS = st.sampled_from(["mode", "items/q1", "items/q2", "serial", "div", "and"])
TEXTS = st.text("ab'\" 가1", max_size=5)
NUMBERS = st.integers(-99, 99).map(lambda number: number / 4)
OPERANDS = PATHS.map(AnswerOf) | (TEXTS | NUMBERS).map(Constant)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.builds(Comparison, st.sampled_from(["=", "!="]), PATHS.map(AnswerOf), TEXTS.map(Constant))
    | st.builds(
        Comparison,
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        PATHS.map(AnswerOf),
        NUMBERS.map(Constant),
    )
    | st.builds(Selected, PATHS.map(AnswerOf), st.text("ab1", min_size=1, max_size=2)),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
ANSWERS = st.dictionaries(PATHS, TEXTS.filter(bool) | NUMBERS.map(str), max_size=6)


@given(condition=CONDITIONS, answers=ANSWERS)
def test_every_condition_means_what_its_tree_says(
    condition: Condition, answers: dict[str, str]
) -> None:
    assert HOLDS(condition, answers) == by_hand(condition, answers)


def by_hand(condition: Condition, answers: dict[str, str]) -> bool:
    """XPath 1.0 §3.4, over texts and numbers only."""
    if isinstance(condition, Not):
        return not by_hand(condition.operand, answers)
    if isinstance(condition, AllOf):
        return all(by_hand(operand, answers) for operand in condition.operands)
    if isinstance(condition, AnyOf):
        return any(by_hand(operand, answers) for operand in condition.operands)
    if isinstance(condition, Selected):
        return condition.choice in answers.get(condition.answer.path, "").split()
    assert isinstance(condition.left, AnswerOf)
    assert isinstance(condition.right, Constant)
    text, constant = answers.get(condition.left.path, ""), condition.right.value
    if isinstance(constant, str):
        return (text == constant) == (condition.operator == "=")
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    return {
        "=": number == constant,
        "!=": number != constant,
        "<": number < constant,
        "<=": number <= constant,
        ">": number > constant,
        ">=": number >= constant,
    }[condition.operator]
