"""Days, periods and numbers as Korean offices print them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.figures import Period
from fieldapp.reports import wording


def test_a_day_is_spelled_with_dots_and_its_weekday() -> None:
    assert wording.day(date(2026, 11, 21)) == "2026. 11. 21."
    assert wording.day_with_weekday(date(2026, 11, 21)) == "2026. 11. 21.(토)"


def test_an_instant_is_spelled_on_korean_clocks_wherever_it_was_taken() -> None:
    at = datetime(2026, 11, 30, 15, 20, 33, tzinfo=UTC)

    assert wording.minute(at) == "2026. 12. 1. 00:20"
    assert wording.second(at) == "2026. 12. 1. 00:20:33"


def test_an_instant_without_offset_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="offset"):
        wording.minute(datetime(2026, 11, 30, 15, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("first", "last", "span", "name"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "2026. 11. 1. ~ 11. 30.", "2026년 11월"),
        (date(2026, 12, 1), date(2026, 12, 31), "2026. 12. 1. ~ 12. 31.", "2026년 12월"),
        (date(2026, 10, 1), date(2026, 12, 31), "2026. 10. 1. ~ 12. 31.", "2026년 4분기"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026. 1. 1. ~ 12. 31.", "2026년"),
        (date(2026, 11, 3), date(2026, 11, 3), "2026. 11. 3.", "2026. 11. 3."),
        (
            date(2026, 12, 28),
            date(2027, 1, 3),
            "2026. 12. 28. ~ 2027. 1. 3.",
            "2026. 12. 28. ~ 2027. 1. 3.",
        ),
    ],
)
def test_a_period_has_its_days_and_its_usual_name(
    first: date, last: date, span: str, name: str
) -> None:
    assert wording.day_range(Period(first, last)) == span
    assert wording.period_name(Period(first, last)) == name


@pytest.mark.parametrize(
    ("value", "decimals", "zero", "text"),
    [
        ("1234", 0, "0", "1,234"),
        ("-12", 0, "-", "△12"),
        ("-1234.5", 1, "0", "△1,234.5"),
        ("12.3", 1, "-", "12.3"),
        ("50", 1, "0", "50.0"),
        ("0", 0, "-", "-"),
        ("0", 0, "0", "0"),
        ("0.0", 1, "0", "0.0"),
        ("-0.0", 1, "0", "0.0"),
        ("0", 0, "…", "…"),
        (
            "123456789012345678901234567890123",
            0,
            "0",
            "123,456,789,012,345,678,901,234,567,890,123",
        ),
        ("1E+3", 0, "0", "1,000"),
    ],
)
def test_a_number_is_spelled_by_rule_11(value: str, decimals: int, zero: str, text: str) -> None:
    assert wording.number(Decimal(value), decimals, zero) == text


@pytest.mark.parametrize("value", ["8.35", "0.04", "NaN", "Infinity"])
def test_a_number_that_was_not_rounded_is_refused_rather_than_rounded(value: str) -> None:
    with pytest.raises(ValueError, match=r"rounded|number"):
        wording.number(Decimal(value), 1, "0")


@settings(deadline=None)
@given(st.decimals(-(10**15), 10**15, places=2))
def test_a_number_reads_back_as_itself(value: Decimal) -> None:
    text = wording.number(value, 2, "0").replace("△", "-").replace(",", "")

    assert Decimal(text) == value


def test_a_decomposed_label_with_breaks_becomes_one_line() -> None:
    assert wording.plain(" \u1100\u1161\t나\n다 ") == "가 나 다"
