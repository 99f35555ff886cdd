"""안부 미확인 대응 in 예정: by which hour somebody looks again, in words.

Noon of the next working day and, when that has passed, six in the evening (corrections.md §3 P03).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fieldapp.clock import KOREA
from fieldapp.usecases.workdays import is_workday

#: The form of a response: the one planned record that waits for an hour.
FORM = "P03"
_OPENED = "opened_at"
_NOON, _EVENING = time(12), time(18)


@dataclass(frozen=True, slots=True)
class Response:
    """When a response was begun and by when its household is looked for again (Korean time).

    due_at: of the look that comes next, or of the last one when both have passed. overdue_days: 0
    while the first hour is still to come, at least 1 from then on. words: all of it in words.
    """

    opened_at: datetime
    due_at: datetime
    overdue_days: int
    words: str


def response(given: Mapping[str, str], created: str, now: datetime) -> Response:
    """How a planned response stands; begun when its form says so, else when it was made."""
    moment = now.astimezone(KOREA)
    opened = datetime.fromisoformat(given.get(_OPENED) or created).astimezone(KOREA)
    day = _next_workday(opened.date())
    first = datetime.combine(day, _NOON, KOREA)
    last = datetime.combine(day, _EVENING, KOREA)
    number = (moment.date() - opened.date()).days + 1
    begun = f"{opened:%H:%M}" if number == 1 else f"({_plain(opened.date())} {opened:%H:%M} 시작)"
    until = _by(first, moment)
    if moment > last:
        until = f"{_by(last, moment)}였음"
    elif moment > first:
        until += f"였음, {_by(last, moment)}"
    elif day != opened.date() + timedelta(days=1):
        until += ", 쉬는 날에 넘겨받을 사람 필요"
    glue = " " if number == 1 else ""
    is_late = moment > first
    return Response(
        opened_at=opened,
        due_at=last if is_late else first,
        overdue_days=max(1, (moment.date() - day).days) if is_late else 0,
        words=f"{number}일차{glue}{begun}, {until}",
    )


def _by(due: datetime, now: datetime) -> str:
    """`내일 12:00까지`, `오늘 18:00까지`, `12. 7.(월) 12:00까지`."""
    away = (due.date() - now.date()).days
    named = {0: "오늘", 1: "내일", -1: "어제"}.get(away)
    day = named or f"{_plain(due.date())}({'월화수목금토일'[due.weekday()]})"
    return f"{day} {due:%H:%M}까지"


def _plain(day: date) -> str:
    return f"{day.month}. {day.day}."


def _next_workday(day: date) -> date:
    day += timedelta(days=1)
    while not is_workday(day):
        day += timedelta(days=1)
    return day
