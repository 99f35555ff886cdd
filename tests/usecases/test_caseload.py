"""Lists over a caseload say the same of a household, whoever asks and however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fieldapp.clock import today as day_of
from fieldapp.domain.ids import new_record_id
from fieldapp.usecases import caseload, lists
from fieldapp.usecases.households import areas, household, households, likely_duplicates
from fieldapp.usecases.session import Session
from fieldapp.usecases.today import chores, today, toggle_plan, week
from tests.laptops import AppLaptop


def taken_in(session: Session, label: str, props: Mapping[str, str]) -> str:
    """A household that no form made."""
    entity = str(new_record_id(session.clock.now()))
    with session.store.writing() as db:
        lists.register(session, db, caseload.HOUSEHOLDS, entity, label=label, props=props)
    return entity


def names(session: Session, **asked: str) -> list[str]:
    """대상 as it is listed."""
    return [row.name for row in households(session, **asked).rows]  # type: ignore[arg-type]


def test_what_is_due_is_the_same_in_the_list_for_the_day_and_for_one(alone: AppLaptop) -> None:
    session = alone.session
    day = day_of(session.clock)
    overdue, fresh = day - timedelta(days=30), day - timedelta(days=1)
    late = taken_in(session, "가상-늦음", {"grade": "risk", "grade_since": overdue.isoformat()})
    for number in range(3):
        props = {"grade": "risk", "grade_since": fresh.isoformat()}
        taken_in(session, f"가상-다음{number}", props)
    planned = taken_in(session, "가상-계획", {"grade": ""})
    toggle_plan(session, planned)
    taken_in(session, "가상-쉼", {"grade": "risk", "paused": "yes", "grade_since": "2026-01-02"})
    taken_in(session, "가상-약속", {"next_date": day.isoformat(), "next_time": "14:00"})

    shown = {row.name: row for group in today(session).groups for row in group.rows}
    coming = {row.name: row for group in week(session) for row in group.rows}

    assert set(shown) >= {"가상-늦음", "가상-계획", "가상-약속"}
    assert "가상-쉼" not in {**shown, **coming}
    assert {"가상-다음0", "가상-다음1", "가상-다음2"} <= set(coming)
    due = {row.name: row.next_due for row in households(session).rows}
    assert {name: row.due_on for name, row in coming.items()} == {
        name: due[name] for name in coming
    }
    detail = household(session, late)
    assert detail.row.next_due == due["가상-늦음"] == shown["가상-늦음"].due_on
    assert shown["가상-늦음"].why in detail.dues


def test_households_are_found_by_text_and_by_area(alone: AppLaptop) -> None:
    session = alone.session
    taken_in(session, "가상-김하나", {"tong": "10통", "phone": "010-0000-0101"})
    taken_in(session, "가상-박두리", {"tong": "2통", "phone": "010-0101-0000"})
    site = str(new_record_id(session.clock.now()))
    with session.store.writing() as db:
        lists.register(session, db, "site", site, label="가상-김하나 식당", props={"tong": "1통"})

    assert areas(session) == ("2통", "10통")
    assert names(session, text="ㄱㅎㄴ") == ["가상-김하나"]
    assert sorted(names(session, text="0101")) == ["가상-김하나", "가상-박두리"]
    assert names(session, area="2통") == ["가상-박두리"]
    assert names(session, text="없음") == []


def test_most_alike_come_first_and_strangers_not_at_all(alone: AppLaptop) -> None:
    session = alone.session
    taken_in(session, "가상-김하나", {"birth": "1948-03-02", "address": "가상로 12"})
    taken_in(session, "가상-김하난", {"birth": "1948-11-30"})
    taken_in(session, "가상-김하나", {"birth": "1990-01-01"})
    taken_in(session, "가상-박두리", {"birth": "1948-03-02", "address": "가상로 12"})

    by_birth = likely_duplicates(session, " 가상-김하나 ", "1948-03-02")
    by_street = likely_duplicates(session, "가상-김하나", "", "가상로 12")

    assert [row.name for row in by_birth] == ["가상-김하나", "가상-김하난"]
    assert by_street[0].address == "가상로 12"
    assert "가상-박두리" not in [row.name for row in by_street]
    assert likely_duplicates(session, "  ", "1948-03-02") == ()


def test_promises_wait_by_the_name_of_their_household(alone: AppLaptop) -> None:
    session = alone.session
    taken_in(session, "가상-나중", {"promises": "쌀 전달"})
    taken_in(session, "가상-가온", {"promises": "서류\n전화"})
    taken_in(session, "가상-없음", {})

    said = [chore.text for chore in chores(session) if chore.kind == "promise"]

    assert said == ["약속: 가상-가온 - 서류, 전화", "약속: 가상-나중 - 쌀 전달"]
