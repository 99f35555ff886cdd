"""Days, instants and clock times, here at +09:00 where nothing else is said."""

from __future__ import annotations

import pytest

from tests.forms.xpath.asking import PHOENIX, Here, answer, value_of


def test_today_and_now_are_those_of_the_world() -> None:
    assert answer("today()") == "2026-12-01"
    assert answer("now()") == "2026-12-01T09:30:00.000+09:00"
    assert answer("now() > today()") == "true"
    assert answer("now()", world=Here(zone=PHOENIX)) == "2026-11-30T17:30:00.000-07:00"
    assert answer("today()", world=Here(zone=PHOENIX)) == "2026-11-30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date('2026-02-28')", "2026-02-28"),
        ("date('2026-2-8')", "2026-02-08"),
        ("date('2026-02-30')", ""),
        ("date('')", ""),
        ("date('opv_3')", ""),
        ("date(true())", ""),
        ("date(0)", "1970-01-01T09:00:00.000+09:00"),
        ("date(today() + 30)", "2026-12-31"),
        ("date('2026-02-28T23:00:00Z')", "2026-03-01T08:00:00.000+09:00"),
        ("date-time('2026-02-28T09:00:00.000+09:00')", "2026-02-28T09:00:00.000+09:00"),
        ("date-time('2026-02-28')", "2026-02-28"),
        ("date(1 div 0)", ""),
    ],
)
def test_a_text_or_a_number_of_days_becomes_a_date(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day < today()", "true"),
        ("day = '2026-03-02'", "true"),
        ("day = date('2026-03-02')", "true"),
        ("'2026-12-01' = today()", "true"),
        ("'2026-11-30' < today()", "true"),
        ("'words' < today()", "false"),
        ("'words' != today()", "true"),
        ("date('2026-12-01') - 1 = date('2026-11-30')", "true"),
        ("date(-1) = date('1969-12-31T00:00:00.000Z')", "true"),
        ("boolean(date('opv_3'))", "false"),
    ],
)
def test_dates_are_compared_as_days_whatever_holds_them(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int(today() - day)", "274"),
        ("int(today() - date('2026-11-30'))", "1"),
        ("decimal-date-time('1970-01-01T09:00:00.000+09:00')", "0"),
        ("decimal-date-time('1970-01-02T09:00:00')", "1"),
        ("decimal-date-time('1970-01-01') * 24", "-9"),
        ("decimal-date-time('x')", "NaN"),
        ("decimal-date-time(2.5)", "2.5"),
    ],
)
def test_days_are_counted_from_1970_on_the_utc_clock(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal-time('06:00')", "0.25"),
        ("decimal-time('06:00:00.000+09:00')", "0.25"),
        ("decimal-time('06:00:00.000-09:00')", "0"),
        ("decimal-time('12:00:00Z')", "0.875"),
        ("decimal-time('06:60')", "NaN"),
        ("decimal-time('24:01')", "NaN"),
        ("decimal-time('06:00:00-24:00')", "NaN"),
        ("decimal-time('6 Uhr')", "NaN"),
        ("decimal-time('12:00') - decimal-time('06:00')", "0.25"),
    ],
)
def test_a_clock_time_is_a_share_of_the_local_day(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("format-date(day, '%Y. %n. %e. (%a)')", "2026. 3. 2. (월)"),
        ("format-date(day, '%y/%m/%d %b')", "26/03/02 3월"),
        ("format-date('2026-03-01', '%a')", "일"),
        ("format-date('', '%Y')", ""),
        ("format-date(1 div '', '%Y')", ""),
        ("format-date(0, '%Y-%m-%d')", "1970-01-01"),
        ("format-date(day, '100%%')", "100%"),
        ("format-date-time(now(), '%H:%M:%S.%3 %h')", "09:30:00.000 9"),
        ("format-date-time('2026-03-02T15:00:00Z', '%d %H')", "03 00"),
    ],
)
def test_a_date_is_written_by_a_pattern(text: str, expected: str) -> None:
    assert answer(text) == expected


def test_months_and_weekdays_are_english_in_a_form_that_is_not_korean() -> None:
    world = Here(is_korean=False)

    assert answer("format-date('2026-03-01', '%a %b')", world=world) == "Sun Mar"


def test_an_offset_reaches_to_the_end_of_the_day() -> None:
    assert value_of("decimal-date-time('1970-01-01T00:00:00.000-23:30') * 48") == 47
    assert answer("date('1970-01-01T00:00:00.000+24:00')") == ""
