"""Numbers: literals, arithmetic, rounding, mathematics, and how a number is written."""

from __future__ import annotations

import math

import pytest

from fieldapp.forms.xpath.values import number_text
from tests.forms.xpath.asking import PHOENIX, Here, answer, value_of


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (3.0, "3"),
        (1e15, "1000000000000000"),
        (1e21, "1000000000000000000000"),
        (123456789012.0, "123456789012"),
        (-1.5e-9, "-0.0000000015"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_a_number_is_written_without_an_exponent(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 div 2", "5"),
        ("5 mod 2", "1"),
        ("5 mod -2", "1"),
        ("-5 mod 2", "-1"),
        ("5.5 mod 2", "1.5"),
        ("1 mod 0", "NaN"),
        ("1 div 0", "Infinity"),
        ("-1 div 0", "-Infinity"),
        ("1 div -0", "-Infinity"),
        ("0 div 0", "NaN"),
        ("--'5'", "5"),
        ("- '5'", "-5"),
        ("true() + 1", "2"),
        ("'' + 1", "NaN"),
        ("n + 1", "4"),
        ("123456789012 * 10", "1234567890120"),
        ("1 div 3", "0.3333333333333333"),
        ("1.5e3 + 2E-1", "1500.2"),
    ],
)
def test_arithmetic_is_that_of_ieee_754(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number('12')", "12"),
        ("number(' -1.5 ')", "-1.5"),
        ("number('.5')", "0.5"),
        ("number('5.')", "5"),
        ("number('+5')", "NaN"),
        ("number('1e3')", "NaN"),
        ("number('1,5')", "NaN"),
        ("number('')", "NaN"),
        ("number('가')", "NaN"),
        ("number(true())", "1"),
        ("number(n)", "3"),
        ("number(nothing)", "NaN"),
        ("n[number() = 2]", "2"),
    ],
)
def test_number_reads_plain_decimals_only(text: str, expected: str) -> None:
    assert answer(text) == expected


def test_number_of_a_date_reckons_with_the_share_of_the_day_and_is_written_in_whole_days() -> None:
    assert answer("number('1970-01-02')") == "1"
    assert value_of("number('1970-01-02') * 24", world=Here(zone=PHOENIX)) == 31
    assert answer("number('2026-08-27T08:27:00.000+07:00')") == "20692"
    assert answer("number(day)") == "20514"
    assert answer("number(today())") == "20788"
    assert answer("number(date('no date'))") == "NaN"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("floor(-1.5)", "-2"),
        ("floor('x')", "NaN"),
        ("ceiling(-1.5)", "-1"),
        ("1 div ceiling(-0.5)", "-Infinity"),
        ("int(-2.9)", "-2"),
        ("int(2.9)", "2"),
        ("int('')", "NaN"),
        ("abs(-2)", "2"),
    ],
)
def test_floor_ceiling_int_and_abs(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(2.675, 2)", "2.68"),
        ("round(1250, -2)", "1300"),
        ("round(1.234, 5)", "1.234"),
        ("round('x')", "NaN"),
        ("round(1, 'x')", "NaN"),
        ("round(1 div 0)", "Infinity"),
    ],
)
def test_round_goes_by_what_is_written_and_a_half_away_from_zero(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pow(2, 10)", 1024.0),
        ("pow(16, 0.25)", 2.0),
        ("sqrt(9)", 3.0),
        ("exp(1)", math.e),
        ("exp10(2)", 100.0),
        ("log(1)", 0.0),
        ("log10(1000)", 3.0),
        ("sin(0)", 0.0),
        ("cos(0)", 1.0),
        ("tan(0)", 0.0),
        ("asin(1)", math.pi / 2),
        ("acos(1)", 0.0),
        ("atan(1)", math.pi / 4),
        ("atan2(1, 0)", math.pi / 2),
        ("pi()", math.pi),
    ],
)
def test_mathematics(text: str, expected: float) -> None:
    assert value_of(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pow(-8, 0.5)", "NaN"),
        ("pow(10, 400)", "Infinity"),
        ("sqrt(-1)", "NaN"),
        ("exp(10000)", "Infinity"),
        ("log(0)", "-Infinity"),
        ("log10(-1)", "NaN"),
        ("asin(2)", "NaN"),
        ("acos('x')", "NaN"),
    ],
)
def test_mathematics_beyond_its_bounds_gives_no_error(text: str, expected: str) -> None:
    assert answer(text) == expected
