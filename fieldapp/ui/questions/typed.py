"""Days and hours as a worker types them: `1130`, `20261130`, `+1`, `1405`. Pure; no widgets.

XForms text in and out: a day is `2026-11-30`, an hour `14:05:00.000+09:00`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo

_PARTS = re.compile(r"\d+")
_STEP = re.compile(r"([+-])\s*(\d{1,4})\Z")
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:시.]\s*(\d{1,2})\s*분?|시)\Z")
_WORDS = {"오늘": 0, "내일": 1, "모레": 2, "어제": -1, "그제": -2, "그저께": -2}


def day_typed(text: str, today: date) -> date | None:
    """The day that a text means; None when it means none.

    `20261130`, `261130`, `1130` (this year), `30` (this month), `+1` and `-3` days from today,
    `2026. 11. 30.`, `11/30`, `2026-11-30`, 오늘, 내일, 모레, 어제.
    """
    text = _without_weekday(text.strip())
    if text in _WORDS:
        return _stepped(today, _WORDS[text])
    if step := _STEP.match(text):
        return _stepped(today, int(step[2]) * (1 if step[1] == "+" else -1))
    parts = _PARTS.findall(text)
    if re.search(r"[^\d\s./년월일-]", text) or any(len(part) > 8 for part in parts):
        return None
    if len(parts) == 1:
        parts = _cut(parts[0])
    numbers = [int(part) for part in parts]
    if len(numbers) == 3:
        year = numbers[0] + 2000 if len(parts[0]) <= 2 else numbers[0]
        return _day(year, numbers[1], numbers[2])
    if len(numbers) == 2:
        return _day(today.year, numbers[0], numbers[1])
    return _day(today.year, today.month, numbers[0]) if numbers else None


def hour_typed(text: str) -> time | None:
    """The hour that a text means: `1405`, `905`, `14:05`, `14시 5분`, `14`; None for none."""
    text = text.strip().removeprefix("오전").strip()
    is_afternoon = text.startswith("오후")
    text = text.removeprefix("오후").strip()
    if match := _HOUR.match(text):
        hour, minute = int(match[1]), int(match[2] or 0)
    elif text.isdigit() and len(text) <= 2:
        hour, minute = int(text), 0
    elif text.isdigit() and len(text) <= 4:
        hour, minute = int(text[:-2]), int(text[-2:])
    else:
        return None
    if is_afternoon and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def day_of(answer: str) -> date | None:
    """The day of an answer (a day or an instant); None without one."""
    try:
        return date.fromisoformat(answer[:10])
    except ValueError:
        return None


def hour_of(answer: str) -> time | None:
    """The hour of an answer (an hour, or an instant as it reads there); None without one."""
    text = answer.partition("T")[2] or answer
    try:
        return time.fromisoformat(text[:5])
    except ValueError:
        return None


def hour_answer(hour: time, on: date, zone: tzinfo | None) -> str:
    """XForms text of an hour, with the zone's offset on that day."""
    return instant_answer(on, hour, zone).partition("T")[2]


def instant_answer(day: date, hour: time, zone: tzinfo | None) -> str:
    """XForms text of an instant: `2026-11-30T14:05:00.000+09:00`."""
    return datetime.combine(day, hour, zone).isoformat(timespec="milliseconds")


def hour_text(hour: time) -> str:
    """`14:05`."""
    return f"{hour:%H:%M}"


def _cut(digits: str) -> list[str]:
    lengths = {8: (4, 2, 2), 6: (2, 2, 2), 4: (2, 2), 3: (1, 2)}.get(len(digits))
    if lengths is None:
        return [digits]
    parts, at = [], 0
    for length in lengths:
        parts.append(digits[at : at + length])
        at += length
    return parts


def _without_weekday(text: str) -> str:
    return re.sub(r"\s*\([월화수목금토일]\)\Z", "", text)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _stepped(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
