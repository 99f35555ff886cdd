"""How a printed summary spells days, periods and numbers (korea.md print rules 6 and 11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from unicodedata import normalize

from fieldapp.domain.figures import Period

#: What stands for a figure that has nothing to be divided by.
NO_VALUE = "-"
#: Rules 15 and 18.
BLANK_BELOW = "이하 빈칸"
PERSONAL = "개인정보 포함 - 업무 외 이용 금지"

_OFFICE_SIGNS = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‑": "-", "•": "ㆍ", "☑": "■", "☐": "□", "\u200b": None}
)
_KOREA = timezone(timedelta(hours=9), "KST")
_WEEKDAYS = "월화수목금토일"


def plain(text: str) -> str:
    """One line in NFC: a label that came decomposed, or with line breaks, prints whole."""
    return " ".join(normalize("NFC", text).split())


def paragraphs(text: str) -> str:
    """Somebody's own words in NFC with their line breaks, without what no printer has.

    Dashes and bullets that CP949 lacks become those of the offices (rule 7).
    """
    lines = (" ".join(line.split()) for line in normalize("NFC", text).splitlines())
    return "\n".join(line for line in lines if line).translate(_OFFICE_SIGNS)


def attachments(names: Sequence[str]) -> tuple[str, ...]:
    """`붙임  1. 방문 실적표 1부.` and below it `2. …`; one alone has no number (rule 15)."""
    if len(names) == 1:
        return (f"붙임  {names[0]} 1부.",)
    return tuple(
        f"{'붙임  ' if number == 1 else ''}{number}. {name} 1부."
        for number, name in enumerate(names, start=1)
    )


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
