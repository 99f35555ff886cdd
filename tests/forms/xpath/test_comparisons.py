"""`=`, `!=`, `<` and their kin between values of all kinds (XPath 1.0 §3.4)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.forms.xpath.nodes import Node, NodeKind
from fieldapp.forms.xpath.values import equal, number_in, ordered, unequal
from tests.forms.xpath.asking import KOREA, answer, value_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n = 2", "true"),
        ("n != 2", "true"),
        ("not(n = 9)", "true"),
        ("nothing = ''", "false"),
        ("nothing != ''", "false"),
        ("nothing = nothing", "false"),
        ("empty = ''", "true"),
        ("empty = 0", "false"),
        ("n = word", "false"),
        ("n = n[2]", "true"),
        ("n != n", "true"),
        ("word != word", "false"),
    ],
)
def test_nodes_are_equal_when_any_of_them_is(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true() = n", "true"),
        ("true() = nothing", "false"),
        ("false() != n", "true"),
        ("true() = 'false'", "true"),
        ("1 = '1.0'", "true"),
        ("'1' = '1.0'", "false"),
        ("0 = -0", "true"),
        ("(0 div 0) = (0 div 0)", "false"),
        ("(0 div 0) != (0 div 0)", "true"),
    ],
)
def test_a_truth_makes_both_truths_and_a_number_makes_both_numbers(
    text: str, expected: str
) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n < 2", "true"),
        ("n > 3", "false"),
        ("2 <= n", "true"),
        ("n < nothing", "false"),
        ("'a' < 'b'", "false"),
        ("'10' > '9'", "true"),
        ("true() > false()", "true"),
        ("word < 5", "false"),
        ("not(word < 5)", "true"),
        ("1 < 2 < 3", "true"),
        ("3 > 2 > 1", "false"),
    ],
)
def test_order_is_that_of_numbers(text: str, expected: str) -> None:
    assert answer(text) == expected


TEXTS = st.lists(st.sampled_from(["", "1", "2", "3", "x", "-1", "1.0"]), max_size=4)


def nodes(texts: list[str]) -> list[Node]:
    return [Node(NodeKind.ELEMENT, "n", value=text) for text in texts]


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_two_lists_of_nodes_compare_as_each_with_each_would(
    mine: list[str], others: list[str]
) -> None:
    pairs = [(one, other) for one in mine for other in others]
    numbers = [(number_in(one, KOREA), number_in(other, KOREA)) for one, other in pairs]
    left, right = nodes(mine), nodes(others)

    assert equal(left, right, KOREA) == any(one == other for one, other in pairs)
    assert unequal(left, right, KOREA) == any(one != other for one, other in pairs)
    assert ordered("<", left, right, KOREA) == any(one < other for one, other in numbers)
    assert ordered("<=", left, right, KOREA) == any(one <= other for one, other in numbers)
    assert ordered(">", left, right, KOREA) == any(one > other for one, other in numbers)
    assert ordered(">=", left, right, KOREA) == any(one >= other for one, other in numbers)


@settings(max_examples=100)
@given(TEXTS, st.sampled_from(["0", "1", "2.0", "-1", "3"]))
def test_nodes_beside_a_number_compare_as_beside_a_text_that_is_one(
    mine: list[str], number: str
) -> None:
    at = Node(NodeKind.ELEMENT, "list")
    for node in nodes(mine):
        at.append(node)

    for sign, mirrored in zip(("=", "!=", "<", "<=", ">", ">="), MIRRORED, strict=True):
        # number() may give a date, so that it is compared in the general way.
        general = value_of(f"n {sign} number('{number}')", at=at)
        assert value_of(f"n {sign} {number}", at=at) == general
        assert value_of(f"{number} {mirrored} n", at=at) == general


MIRRORED = ("=", "!=", ">", ">=", "<", "<=")
