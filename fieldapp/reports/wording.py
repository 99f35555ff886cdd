"""How a printed summary spells days, periods and numbers (korea.md print rules 6 and 11)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from unicodedata import normalize

from fieldapp.domain.figures import Period

#: What stands for a figure that has nothing to be divided by.
NO_VALUE = "-"

_KOREA = timezone(timedelta(hours=9), "KST")
_WEEKDAYS = "월화수목금토일"


def plain(text: str) -> str:
    """One line in NFC: a label that came decomposed, or with line breaks, prints whole."""
    return " ".join(normalize("NFC", text).split())


def day(on: date) -> str:
    """`2026. 11. 21.`"""
    return f"{on.year}. {on.month}. {on.day}."


def day_with_weekday(on: date) -> str:
    """`2026. 11. 21.(토)`"""
    return f"{day(on)}({_WEEKDAYS[on.weekday()]})"


def korean_time(at: datetime) -> datetime:
    """An aware instant on Korean clocks. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant without its offset cannot be printed")
    return at.astimezone(_KOREA)


def minute(at: datetime) -> str:
    """`2026. 11. 21. 15:20`"""
    local = korean_time(at)
    return f"{day(local.date())} {local:%H:%M}"


def second(at: datetime) -> str:
    """`2026. 11. 21. 15:20:33`"""
    local = korean_time(at)
    return f"{day(local.date())} {local:%H:%M:%S}"


def day_range(period: Period) -> str:
    """`2026. 11. 1. ~ 11. 30.`: the year once when both days share it."""
    first, last = period.first, period.last
    if first == last:
        return day(first)
    if first.year == last.year:
        return f"{day(first)} ~ {last.month}. {last.day}."
    return f"{day(first)} ~ {day(last)}"


def period_name(period: Period) -> str:
    """`2026년 11월`, `2026년 4분기`, `2026년`; the range of days for any other span."""
    first, last = period.first, period.last
    year = first.year
    if period == Period.month(year, first.month):
        return f"{year}년 {first.month}월"
    if (first, last) == (date(year, 1, 1), date(year, 12, 31)):
        return f"{year}년"
    quarter = (first.month + 2) // 3
    quarter_last = Period.month(year, 3 * quarter).last
    if (first, last) == (date(year, 3 * quarter - 2, 1), quarter_last):
        return f"{year}년 {quarter}분기"
    return day_range(period)


def number(value: Decimal, decimals: int, zero: str) -> str:
    """`1,234`, `12.3`, `△12`; zero prints as 0 with its places, or as `zero` when that is not `0`.

    Raises ValueError for a value that was not rounded to `decimals`: a page never rounds.
    """
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError("not a number")
    excess = -decimals - exponent
    if excess > 0 and any(digits[-excess:]):
        raise ValueError(f"{value} was not rounded to {decimals} places")
    if value == 0:
        return zero if zero != "0" else f"{0:.{decimals}f}"
    # copy_abs, not abs: that would round to the context's 28 digits.
    return f"{'△' if value < 0 else ''}{value.copy_abs():,.{decimals}f}"
