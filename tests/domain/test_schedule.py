"""When a household is due: calendar days in, a day out."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.plans import ScheduleRule
from fieldapp.domain.schedule import Contact, due_by, most_urgent

WEEKLY = ScheduleRule("7일에 한 번", 7, "day", "any")
MONTHLY_VISIT = ScheduleRule("한 달에 한 번 방문", 1, "month", "visit")
EVERY_OTHER_MONTH = ScheduleRule("두 달에 한 번", 2, "month", "any")
HALF_YEARLY_VISIT = ScheduleRule("반기에 한 번 방문", 1, "half_year", "visit")
RULES = (WEEKLY, MONTHLY_VISIT, EVERY_OTHER_MONTH, HALF_YEARLY_VISIT)

TODAY = date(2026, 11, 30)
SINCE = date(2026, 8, 4)

days = st.dates(date(2026, 8, 4), date(2026, 11, 30))


def visit(day: date, *, is_confirmed: bool = True) -> Contact:
    return Contact(day, "visit", is_confirmed)


def call(day: date, *, is_confirmed: bool = True) -> Contact:
    return Contact(day, "phone", is_confirmed)


def test_ten_days_without_contact_are_three_days_late_by_the_weekly_rule() -> None:
    due = due_by(WEEKLY, [visit(date(2026, 11, 20))], since=SINCE, today=TODAY)

    assert due.due_on == date(2026, 11, 27)
    assert due.elapsed_days == 10
    assert due.overdue_days(TODAY) == 3


def test_a_call_meets_the_weekly_rule_and_not_the_monthly_visit() -> None:
    contacts = [visit(date(2026, 10, 6)), call(date(2026, 11, 29))]

    assert due_by(WEEKLY, contacts, since=SINCE, today=TODAY).due_on == date(2026, 12, 6)
    assert due_by(MONTHLY_VISIT, contacts, since=SINCE, today=TODAY).due_on == TODAY


def test_a_visit_meets_both_rules_of_high_risk() -> None:
    contacts = [visit(TODAY)]

    assert due_by(WEEKLY, contacts, since=SINCE, today=TODAY).due_on == date(2026, 12, 7)
    assert due_by(MONTHLY_VISIT, contacts, since=SINCE, today=TODAY).due_on == date(2026, 12, 31)


def test_somebody_who_was_not_there_is_no_contact() -> None:
    contacts = [visit(date(2026, 11, 20)), visit(date(2026, 11, 28), is_confirmed=False)]

    assert due_by(WEEKLY, contacts, since=SINCE, today=TODAY).last_on == date(2026, 11, 20)


def test_periods_are_counted_from_january() -> None:
    in_september = [call(date(2026, 9, 1))]

    due = due_by(EVERY_OTHER_MONTH, in_september, since=SINCE, today=TODAY)
    assert due.due_on == date(2026, 12, 31)
    due = due_by(HALF_YEARLY_VISIT, [visit(date(2026, 6, 30))], since=SINCE, today=TODAY)
    assert due.due_on == date(2026, 12, 31)
    due = due_by(HALF_YEARLY_VISIT, [visit(date(2026, 7, 1))], since=SINCE, today=TODAY)
    assert due.due_on == date(2027, 6, 30)


def test_a_month_that_was_left_out_stays_due_until_somebody_goes() -> None:
    due = due_by(MONTHLY_VISIT, [visit(date(2026, 8, 20))], since=SINCE, today=TODAY)

    assert due.due_on == date(2026, 9, 30)
    assert due.overdue_days(TODAY) == 61


def test_who_was_never_visited_is_due_from_the_day_the_rule_began() -> None:
    assert due_by(WEEKLY, [], since=TODAY, today=TODAY).due_on == date(2026, 12, 7)
    assert due_by(MONTHLY_VISIT, [], since=TODAY, today=TODAY).due_on == TODAY


def test_a_due_day_on_which_nobody_works_moves_as_the_rule_says() -> None:
    def is_workday(day: date) -> bool:
        return day.weekday() < 5

    contacts = [visit(date(2026, 11, 21))]  # due on a Saturday
    for holiday_rule, due_on in (
        ("before", date(2026, 11, 27)),
        ("after", date(2026, 11, 30)),
        ("none", date(2026, 11, 28)),
    ):
        rule = ScheduleRule("", 7, "day", "any", holiday_rule=holiday_rule)  # type: ignore[arg-type]
        due = due_by(rule, contacts, since=SINCE, today=TODAY, is_workday=is_workday)
        assert due.due_on == due_on


def test_the_most_urgent_rule_is_the_one_due_first() -> None:
    contacts = [visit(date(2026, 11, 27))]
    dues = [due_by(rule, contacts, since=SINCE, today=TODAY) for rule in RULES]

    urgent = most_urgent(dues)
    assert urgent is not None
    assert urgent.rule is WEEKLY
    assert most_urgent([]) is None


@given(st.lists(days, max_size=6), days, st.sampled_from(RULES))
def test_one_more_visit_never_makes_anything_due_earlier(
    visits: list[date], another: date, rule: ScheduleRule
) -> None:
    before = due_by(rule, [visit(day) for day in visits], since=SINCE, today=TODAY)
    after = due_by(rule, [visit(day) for day in [*visits, another]], since=SINCE, today=TODAY)

    assert after.due_on >= before.due_on


@given(st.lists(days, max_size=6), st.sampled_from(RULES))
def test_a_visit_today_leaves_nothing_overdue(visits: list[date], rule: ScheduleRule) -> None:
    contacts = [visit(day) for day in [*visits, TODAY]]
    due = due_by(rule, contacts, since=SINCE, today=TODAY)

    assert due.overdue_days(TODAY) == 0
    assert due.due_on > TODAY - timedelta(days=1)
