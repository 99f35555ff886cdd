"""S004 수영, PART Ⅲ-2 5: 고독사 위험군 상담주기, as text and as two columns of `최소횟수/기간`.

Households of each grade are visited and called; what falls due, and by which rule, is the table.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from fieldapp.clock import KOREA, StillClock
from fieldapp.domain.plans import ScheduleRule
from fieldapp.usecases import caseload, filling, finishing, lists
from fieldapp.usecases.caseload import Cared
from tests.laptops import AppLaptop, new_laptop

#: 구분 → (방문 또는 전화, 방문); blank where nothing is asked.
PUBLISHED = {
    "risk": ("1/주", "1/월"),
    "caution": ("1/월", ""),
    "watch": ("1/2개월", ""),
    "closed": ("", "1/6개월"),
}
SINCE = date(2026, 8, 4)
#: What a contact is asked beside method and result.
ASKED = {
    "cared/voice": "same",
    **{f"cared/m_{name}": "good" for name in ("safety", "health", "care", "social")},
    "cared/m_service": "ok",
    "cared/m_link": "enough",
    "home/inside_seen": "in",
    "home/hazard": "none",
    "talk/did": "counsel",
    "absent_sign": "none",
    "absence/noncontact": "revisit",
    "absence/revisit_reason": "가상-다음 날 다시",
}


class Town:
    """One laptop of a town, its clock, and a household of each grade."""

    def __init__(self, folder: Path, packs: Path) -> None:
        self.clock = StillClock(datetime(2026, 8, 4, 9, tzinfo=KOREA))
        self.laptop: AppLaptop = new_laptop(
            folder, packs, roles=frozenset({"dong_welfare"}), clock=self.clock
        )
        self.households = {grade: str(uuid4()) for grade in PUBLISHED}
        with self.laptop.session.store.writing() as db:
            for grade, identity in self.households.items():
                lists.register(
                    self.laptop.session, db, "household", identity, label=f"가상-{grade}",
                    props={"grade": grade, "grade_since": SINCE.isoformat(), "hh_size": "1"},
                )  # fmt: skip

    def at(self, day: date) -> None:
        """Noon of a day."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=KOREA)
        self.clock.move(noon - self.clock.now())

    def contact(self, grade: str, day: date, method: str, result: str = "self") -> None:
        """A contact, through the form."""
        self.at(day)
        form = filling.open_new(self.laptop.session, "P01")
        form.filling.answer("household", self.households[grade])
        form.filling.answer("method", method)
        form.filling.answer("result", result)
        while asked := form.filling.violations():
            form.filling.answer(asked[0].path, ASKED[asked[0].path])
        finishing.finish(self.laptop.session, form.snapshot(None))

    def cared(self, grade: str) -> Cared:
        """What is due for a household, as 오늘 reckons."""
        with self.laptop.session.store.reading() as db:
            (found,) = [
                one
                for one in caseload.caseload(self.laptop.session, db)
                if one.entity.entity_id == self.households[grade]
            ]
        return found

    def due(self, grade: str, method: str) -> date:
        """When the rule of that method is due."""
        (due,) = [one for one in self.cared(grade).dues if one.rule.method == method]
        return due.due_on


@pytest.fixture
def town(tmp_path: Path, compiled_packs: Path) -> Town:
    """A town on 4 August."""
    return Town(tmp_path, compiled_packs)


def frequency(rule: ScheduleRule) -> str:
    """`최소횟수/기간` as the table prints it."""
    periods = {
        ("day", 7): "주",
        ("month", 1): "월",
        ("month", 2): "2개월",
        ("half_year", 1): "6개월",
    }
    return f"{rule.minimum}/{periods[rule.unit, rule.every]}"


def test_the_two_columns_are_the_rules_that_hold_for_each_grade(town: Town) -> None:
    printed = {}
    for grade in PUBLISHED:
        asked = {due.rule.method: frequency(due.rule) for due in town.cared(grade).dues}
        printed[grade] = (asked.get("any", ""), asked.get("visit", ""))

    assert printed == PUBLISHED


def test_high_risk_is_due_a_week_after_any_contact_and_a_visit_every_month(town: Town) -> None:
    town.contact("risk", date(2026, 10, 6), "visit")
    town.contact("risk", date(2026, 11, 20), "phone")
    town.at(date(2026, 11, 30))

    assert town.due("risk", "any") == date(2026, 11, 27)
    assert town.due("risk", "visit") == date(2026, 11, 30)
    town.contact("risk", date(2026, 11, 30), "visit")
    assert town.due("risk", "any") == date(2026, 12, 7)
    assert town.due("risk", "visit") == date(2026, 12, 31)


def test_caution_and_watch_are_satisfied_by_a_call(town: Town) -> None:
    for grade in ("caution", "watch"):
        town.contact(grade, date(2026, 11, 12), "phone")

    # November is done, and with it November and December for those seen every other month. The
    # last day of February 2027 is a Sunday: the Friday before.
    assert town.due("caution", "any") == date(2026, 12, 31)
    assert town.due("watch", "any") == date(2027, 2, 26)


def test_the_closed_are_visited_once_in_each_half_year(town: Town) -> None:
    town.contact("closed", date(2026, 9, 1), "phone")
    assert town.due("closed", "visit") == date(2026, 12, 31)
    town.contact("closed", date(2026, 9, 2), "visit")
    assert town.due("closed", "visit") == date(2027, 6, 30)


def test_only_a_confirmed_contact_counts(town: Town) -> None:
    town.contact("risk", date(2026, 11, 20), "phone")
    for ago, (method, result) in enumerate((("visit", "absent"), ("phone", "no_answer")), 1):
        town.contact("risk", date(2026, 11, 20) + timedelta(days=ago), method, result)

    assert town.due("risk", "any") == date(2026, 11, 27)
