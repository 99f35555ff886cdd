"""One figure of many nodes."""

from __future__ import annotations

import pytest

from tests.forms.xpath.asking import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(n)", "3"),
        ("count(nothing)", "0"),
        ("count-non-empty(n | empty)", "3"),
        ("count-non-empty(empty)", "0"),
        ("count-non-empty('x')", "1"),
    ],
)
def test_nodes_are_counted_all_or_answered(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(n)", "6"),
        ("sum(nothing)", "0"),
        ("sum(empty)", "NaN"),
        ("sum(n | word)", "NaN"),
        ("sum(row/x)", "3"),
    ],
)
def test_a_sum_of_nothing_is_zero_and_one_of_a_word_is_none(text: str, expected: str) -> None:
    assert answer(text) == expected


def test_a_sum_of_tenths_is_exact_to_the_last_bit() -> None:
    assert answer("sum(//x[. < 0]) + 0.1 + 0.2") == "0.30000000000000004"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("min(n)", "1"),
        ("min(n, 0)", "0"),
        ("min(nothing)", "NaN"),
        ("min()", "NaN"),
        ("min(n, '')", "NaN"),
        ("max(n, 7)", "7"),
        ("max(empty)", "NaN"),
        ("max('2', 10)", "10"),
        ("date(max(day, today()))", "2026-12-01"),
    ],
)
def test_the_least_and_the_greatest_are_of_numbers_only(text: str, expected: str) -> None:
    assert answer(text) == expected
