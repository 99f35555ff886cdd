"""Shares, means and rounding, against exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.plans import Rounding, SummaryColumn
from fieldapp.domain.scoring import column_cell, rounded

FRACTIONS = st.fractions(max_denominator=10_000, min_value=-(10**9), max_value=10**9)
DECIMALS = st.integers(0, 4)
ROUNDINGS = st.sampled_from(get_args(Rounding))


def share(values: tuple[str, ...], of: tuple[str, ...], decimals: int = 1) -> SummaryColumn:
    return SummaryColumn("", "share", values, of, decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "rounding", "expected"),
    [
        (Fraction(1, 2), 0, "half_up", "1"),
        (Fraction(1, 2), 0, "half_even", "0"),
        (Fraction(3, 2), 0, "half_even", "2"),
        (Fraction(-1, 2), 0, "half_up", "-1"),
        (Fraction(-1, 2), 0, "half_even", "0"),
        (Fraction(-1, 3), 0, "trunc", "0"),
        (Fraction(1000, 12), 1, "half_up", "83.3"),
        (Fraction(100, 12), 1, "half_up", "8.3"),
        (Fraction(1000, 11), 1, "half_up", "90.9"),
        (Fraction(835, 10), 0, "half_up", "84"),
        (Fraction(2675, 1000), 2, "half_up", "2.68"),
        (Fraction(10**30 + 1, 3), 2, "half_up", "333333333333333333333333333333.67"),
        (Fraction(5), 2, "half_up", "5.00"),
        (Fraction(2, 3), 1, "trunc", "0.6"),
    ],
)
def test_a_figure_is_rounded_once_from_its_exact_value(
    value: Fraction, decimals: int, rounding: Rounding, expected: str
) -> None:
    assert str(rounded(value, decimals, rounding)) == expected


@given(FRACTIONS, DECIMALS, ROUNDINGS)
def test_rounding_is_never_off_by_more_than_its_kind_allows(
    value: Fraction, decimals: int, rounding: Rounding
) -> None:
    figure = rounded(value, decimals, rounding)
    error = Fraction(figure) - value
    unit = Fraction(1, 10**decimals)

    assert -figure.as_tuple().exponent == decimals  # type: ignore[operator]
    if rounding == "trunc":
        assert abs(error) < unit
        assert abs(Fraction(figure)) <= abs(value)
        return
    assert abs(error) <= unit / 2
    if abs(error) == unit / 2:
        if rounding == "half_up":
            assert abs(Fraction(figure)) > abs(value)
        else:
            assert int(figure.scaleb(decimals)) % 2 == 0


@given(FRACTIONS, DECIMALS, ROUNDINGS)
def test_rounding_is_the_same_on_both_sides_of_zero_and_zero_has_no_sign(
    value: Fraction, decimals: int, rounding: Rounding
) -> None:
    positive, negative = (
        rounded(abs(value), decimals, rounding),
        rounded(-abs(value), decimals, rounding),
    )

    assert positive == -negative
    assert not (negative == 0 and negative.is_signed())


@given(FRACTIONS, FRACTIONS, DECIMALS, ROUNDINGS)
def test_rounding_keeps_the_order(
    one: Fraction, other: Fraction, decimals: int, rounding: Rounding
) -> None:
    low, high = sorted((one, other))

    assert rounded(low, decimals, rounding) <= rounded(high, decimals, rounding)


@given(st.integers(-(10**6), 10**6), DECIMALS, ROUNDINGS)
def test_what_needs_no_rounding_is_left_alone(
    number: int, decimals: int, rounding: Rounding
) -> None:
    exact = Decimal(number).scaleb(-decimals)

    assert rounded(Fraction(number, 10**decimals), decimals, rounding) == exact


def test_a_count_counts_what_it_names() -> None:
    column = SummaryColumn("", "count", ("1", "2"))

    assert column_cell(column, {"1": 3, "2": 4, "9": 5}, "half_up").value == 7


def test_a_share_of_nothing_has_no_value() -> None:
    assert column_cell(share(("1",), ("1", "2")), {"9": 5}, "half_up").value is None


def test_again_of_the_twelve_surveys_is_90_9() -> None:
    """Ten would, one would not, one did not answer: 10 of 11."""
    cell = column_cell(share(("1",), ("1", "2")), {"1": 10, "2": 1, "9": 1}, "half_up")

    assert str(cell.value) == "90.9"


def test_satisfaction_of_the_twelve_surveys_is_as_printed() -> None:
    counts = {"2": 1, "3": 1, "4": 4, "5": 6}
    all_five = tuple("12345")

    printed = [
        str(column_cell(share((value,), all_five), counts, "half_up").value) for value in all_five
    ]
    mean = column_cell(SummaryColumn("", "mean", all_five, (), 2), counts, "half_up")

    assert printed == ["0.0", "8.3", "8.3", "33.3", "50.0"]
    assert str(mean.value) == "4.25"  # (2 + 3 + 16 + 30) / 12


@given(st.dictionaries(st.sampled_from("123459"), st.integers(0, 10_000)), ROUNDINGS)
def test_a_mean_lies_between_its_smallest_and_largest_answer(
    counts: dict[str, int], rounding: Rounding
) -> None:
    column = SummaryColumn("", "mean", tuple("12345"), (), 2)
    answered = [int(value) for value in "12345" if counts.get(value)]

    mean = column_cell(column, counts, rounding).value

    if not answered:
        assert mean is None
    else:
        assert mean is not None
        assert min(answered) <= mean <= max(answered)
