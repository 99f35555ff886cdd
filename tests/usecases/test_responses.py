"""안부 미확인 대응: by which hour somebody looks again, said in words on 오늘."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.clock import KOREA, StillClock
from fieldapp.usecases.responses import response
from fieldapp.usecases.today import chores, today
from fieldapp.usecases.workdays import is_workday
from tests.laptops import AppLaptop, new_laptop
from tests.ui.neighbourhood import household_named, move_in, write

MONDAY = datetime(2026, 11, 30, 14, 10, tzinfo=KOREA)
FRIDAY = datetime(2026, 12, 4, 15, 0, tzinfo=KOREA)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=700)).map(
    lambda passed: datetime(2026, 1, 1, tzinfo=KOREA) + passed
)


@pytest.fixture
def clock() -> StillClock:
    """Monday at ten past two."""
    return StillClock(MONDAY)


@pytest.fixture
def officer(tmp_path: Path, compiled_packs: Path, clock: StillClock) -> Iterator[AppLaptop]:
    """A town officer who never met a server, and two households."""
    laptop = new_laptop(
        tmp_path / "officer", compiled_packs, roles=frozenset({"dong_welfare"}), clock=clock
    )
    move_in(laptop.session)
    yield laptop
    laptop.close()


@pytest.mark.parametrize(
    ("opened", "later", "words", "overdue"),
    [
        (MONDAY, timedelta(minutes=5), "1일차 14:10, 내일 12:00까지", 0),
        (MONDAY, timedelta(hours=19), "2일차(11. 30. 14:10 시작), 오늘 12:00까지", 0),
        (
            MONDAY,
            timedelta(hours=23),
            "2일차(11. 30. 14:10 시작), 오늘 12:00까지였음, 오늘 18:00까지",
            1,
        ),
        (MONDAY, timedelta(hours=29), "2일차(11. 30. 14:10 시작), 오늘 18:00까지였음", 1),
        (MONDAY, timedelta(days=2), "3일차(11. 30. 14:10 시작), 어제 18:00까지였음", 1),
        (
            FRIDAY,
            timedelta(0),
            "1일차 15:00, 12. 7.(월) 12:00까지, 쉬는 날에 넘겨받을 사람 필요",
            0,
        ),
    ],
)
def test_response_says_its_day_and_the_hour_by_which_somebody_looks_again(
    opened: datetime, later: timedelta, words: str, overdue: int
) -> None:
    stands = response({"opened_at": opened.isoformat()}, "", opened + later)

    assert stands.words == words
    assert stands.overdue_days == overdue


@given(opened=MOMENTS, waits=st.timedeltas(timedelta(0), timedelta(days=20)))
def test_response_is_due_on_a_working_day_and_late_only_after_its_hour(
    opened: datetime, waits: timedelta
) -> None:
    now = opened + waits

    stands = response({}, opened.isoformat(), now)

    assert stands.opened_at == opened
    assert stands.due_at.date() > opened.date()
    assert is_workday(stands.due_at.date())
    assert (stands.overdue_days > 0) == (now > stands.due_at.replace(hour=12))


def test_response_that_was_begun_stands_on_today_with_its_hour_and_then_comes_first(
    officer: AppLaptop, clock: StillClock
) -> None:
    session = officer.session
    write(
        session, "P01", household_named(session, "가상-박두리"),
        method="phone", result="no_answer",
        absence__noncontact="open",
    )  # fmt: skip

    begun = today(session).groups[-1]

    assert begun.title == "안부 미확인 대응"
    (row,) = begun.rows
    assert (row.name, row.list, row.why) == (
        "가상-박두리", "record", "1일차 14:10, 내일 12:00까지",
    )  # fmt: skip
    (chore,) = (one for one in chores(session) if one.kind == "planned")
    assert chore.record_id == row.entity_id
    assert (chore.due, chore.is_late) == (row.why, False)

    clock.move(timedelta(hours=23))

    late = today(session).groups[0]
    assert late.title == "기한 지난 대응"
    assert [one.entity_id for one in late.rows] == [row.entity_id]
    (chore,) = (one for one in chores(session) if one.kind == "planned")
    assert chore.is_late
