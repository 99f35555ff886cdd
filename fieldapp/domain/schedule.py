"""When a household is due for its next contact (상담주기, catalog A1).

Calendar arithmetic only: callers pass the day in, and nothing here reads a clock or a table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.domain.plans import ScheduleRule

#: Tells whether a day is one on which the office works.
IsWorkday = Callable[[date], bool]
_VISIT = "visit"
_MONTHS = {"month": 1, "half_year": 6}


def every_day(_: date) -> bool:
    """An office that never closes."""
    return True


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact: its Korean day, how it was made, and whether the person was confirmed."""

    on: date
    method: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule asks next.

    due_on: the last day to do it. last_on: the newest contact that counts for the rule; None when
    there was none since `since`. elapsed_days: since that contact, or since `since`.
    """

    rule: ScheduleRule
    due_on: date
    last_on: date | None
    elapsed_days: int

    def overdue_days(self, today: date) -> int:
        """Days past the due day; 0 when it is not past."""
        return max(0, (today - self.due_on).days)


def due_by(
    rule: ScheduleRule,
    contacts: Iterable[Contact],
    *,
    since: date,
    today: date,
    is_workday: IsWorkday = every_day,
) -> Due:
    """When the rule asks for the next contact.

    since: the day from which the rule holds (the grade was set, or the household taken in).
    """
    counted = sorted(
        contact.on for contact in contacts if contact.on <= today and _counts(rule, contact)
    )
    last_on = counted[-1] if counted else None
    due_on = _by_days(rule, counted, since) if rule.unit == "day" else None
    return Due(
        rule=rule,
        due_on=_on_workday(due_on or _by_periods(rule, counted, since), rule, is_workday),
        last_on=last_on,
        elapsed_days=(today - (last_on or since)).days,
    )


def most_urgent(dues: Sequence[Due]) -> Due | None:
    """The one that is due first; of equal ones the rule that stands first."""
    return min(dues, key=lambda due: due.due_on, default=None)


def _counts(rule: ScheduleRule, contact: Contact) -> bool:
    if rule.confirmed_only and not contact.is_confirmed:
        return False
    return rule.method == "any" or contact.method == _VISIT


def _by_days(rule: ScheduleRule, counted: Sequence[date], since: date) -> date:
    reached = counted[-rule.minimum] if len(counted) >= rule.minimum else since
    return max(reached, since) + timedelta(days=rule.every)


def _by_periods(rule: ScheduleRule, counted: Sequence[date], since: date) -> date:
    """The end of the first period after the last one in which enough was done."""
    done = Counter(_period_start(rule, day) for day in counted)
    kept = [start for start, times in done.items() if times >= rule.minimum]
    if not kept:
        return _period_end(rule, since)
    return _period_end(rule, max(since, _period_end(rule, max(kept)) + timedelta(days=1)))


def _period_start(rule: ScheduleRule, day: date) -> date:
    months = rule.every * _MONTHS[rule.unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _period_end(rule: ScheduleRule, day: date) -> date:
    months = rule.every * _MONTHS[rule.unit]
    start = _period_start(rule, day)
    after = start.month - 1 + months
    return date(start.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _on_workday(day: date, rule: ScheduleRule, is_workday: IsWorkday) -> date:
    step = {"before": -1, "after": 1, "none": 0}[rule.holiday_rule]
    while step and not is_workday(day):
        day += timedelta(days=step)
    return day
