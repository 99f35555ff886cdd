"""Truths, and choosing between values."""

from __future__ import annotations

import pytest

from tests.forms.xpath.asking import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("boolean('0')", "true"),
        ("boolean('')", "false"),
        ("boolean(0)", "false"),
        ("boolean(-0.1)", "true"),
        ("boolean(0 div 0)", "false"),
        ("boolean(n[9])", "false"),
        ("boolean(empty)", "true"),
        ("not(0 div 0)", "true"),
        ("true()", "true"),
        ("false()", "false"),
        ("boolean-from-string('1')", "true"),
        ("boolean-from-string('true')", "true"),
        ("boolean-from-string('TRUE')", "false"),
        ("boolean-from-string('yes')", "false"),
    ],
)
def test_what_is_true(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if(n > 2, 'yes', 'no')", "yes"),
        ("if(nothing, 1, 2)", "2"),
        ("count(if(n > 2, n, row))", "3"),
        ("if(n > 9, 1, 'x') = 'x'", "true"),
    ],
)
def test_if_gives_the_one_or_the_other_as_it_is(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "false() and explode()",
        "0 and explode(explode()) + 1",
        "false() and substring() and true()",
        "not(true() or explode())",
        "not(true() or n = 3 or substring())",
        "n = 3 and false() and explode()",
        "not(not(false()) or explode())",
        "if(true() or explode(), false(), explode())",
        "if(false(), explode(), '') = 1",
    ],
)
def test_what_no_answer_can_reach_is_not_even_looked_at(text: str) -> None:
    assert answer(text) == "false"


def test_and_and_or_of_known_truths_are_known() -> None:
    assert answer("true() and true()") == "true"
    assert answer("false() or false()") == "false"
    assert answer("n = 3 or false()") == "true"
    assert answer("true() and n = 9") == "false"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coalesce('', 'x')", "x"),
        ("coalesce(empty, nothing, word)", "abc"),
        ("coalesce('', '')", ""),
        ("coalesce(1 div '', 0)", "0"),
        ("coalesce(0, 1)", "0"),
    ],
)
def test_coalesce_gives_the_first_that_is_not_empty(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("checklist(1, 2, true(), false())", "true"),
        ("checklist(1, 2, 1, 1, 1)", "false"),
        ("checklist(-1, 1, 'a', '')", "true"),
        ("checklist(2, -1, n)", "true"),
        ("checklist(4, -1, n)", "false"),
        ("checklist(-1, 0, empty)", "true"),
    ],
)
def test_a_checklist_counts_what_is_true(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weighted-checklist(3, 5, true(), 2, true(), 2)", "true"),
        ("weighted-checklist(3, 5, true(), 2, false(), 2)", "false"),
        ("weighted-checklist(6, 6, n, n)", "true"),
        ("weighted-checklist(-1, 1, word, 2)", "false"),
    ],
)
def test_a_weighted_checklist_adds_the_weights_of_what_is_true(text: str, expected: str) -> None:
    assert answer(text) == expected


def test_depend_gives_its_first_argument() -> None:
    assert answer("depend(n, word, day)") == "3"
    assert answer("count(depend(n, word))") == "3"
