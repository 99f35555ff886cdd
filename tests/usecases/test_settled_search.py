"""찾기 in the access log: one entry a search, of everybody it showed, kept beforehand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldapp.clock import KOREA, StillClock
from fieldapp.domain.access_log import LogEntry
from fieldapp.domain.figures import Period
from fieldapp.storage import access_log as log
from fieldapp.usecases import access_log, households, search
from fieldapp.usecases.session import lock
from tests.laptops import AppLaptop, new_laptop, open_laptop
from tests.ui.neighbourhood import household_named, move_in

MORNING = datetime(2026, 12, 2, 10, 0, tzinfo=KOREA)
HANA, DURI = "가상-김하나", "가상-박두리"


@pytest.fixture
def clock() -> StillClock:
    """A Wednesday morning."""
    return StillClock(MORNING)


@pytest.fixture
def officer(tmp_path: Path, compiled_packs: Path, clock: StillClock) -> Iterator[AppLaptop]:
    """A town officer with two households."""
    laptop = new_laptop(
        tmp_path / "officer",
        compiled_packs,
        user="user-7",
        roles=frozenset({"dong_welfare"}),
        clock=clock,
    )
    move_in(laptop.session)
    yield laptop
    laptop.close()


def entries(laptop: AppLaptop) -> list[LogEntry]:
    with laptop.session.store.reading() as db:
        assert log.verify(db) is None
        return list(log.entries(db, MORNING - timedelta(days=9), MORNING + timedelta(days=9)))


def typed(laptop: AppLaptop, text: str) -> None:
    """Every letter asks anew."""
    for length in range(1, len(text) + 1):
        search.find(laptop.session, text[:length])


def subject(laptop: AppLaptop, name: str) -> tuple[str, str]:
    found = household_named(laptop.session, name)
    return found.list, found.id


def test_search_typed_letter_by_letter_is_one_entry_of_everybody_it_showed(
    officer: AppLaptop,
) -> None:
    before = len(entries(officer))

    typed(officer, "가상-김하나")
    assert len(entries(officer)) == before
    search.settle(officer.session)
    search.settle(officer.session)

    (entry,) = entries(officer)[before:]
    assert (entry.deed, entry.user) == ("search", "user-7")
    assert {subject(officer, HANA), subject(officer, DURI)} <= set(entry.subjects)
    assert entry.detail["count"] == len(entry.subjects)
    assert entry.detail["texts"] == len("가상-김하나")


def test_opened_household_stands_behind_the_search_that_showed_it(officer: AppLaptop) -> None:
    before = len(entries(officer))

    typed(officer, "김하")
    households.household(officer.session, subject(officer, HANA)[1])

    assert [entry.deed for entry in entries(officer)[before:]] == ["search", "view"]


def test_search_that_found_nobody_is_an_entry_too(officer: AppLaptop) -> None:
    before = len(entries(officer))

    search.find(officer.session, "없는이름")
    search.settle(officer.session)

    (entry,) = entries(officer)[before:]
    assert (entry.deed, entry.subjects, entry.detail["count"]) == ("search", (), 0)


def test_lock_makes_an_entry_of_the_search_that_was_open(
    officer: AppLaptop, compiled_packs: Path, clock: StillClock
) -> None:
    before = len(entries(officer))
    typed(officer, "김하")

    lock(officer.session)
    officer.session = officer.reopen(compiled_packs, clock).session

    assert [entry.deed for entry in entries(officer)[before:]] == ["search", "logout", "login"]


def test_search_of_a_process_that_was_killed_is_logged_as_it_stood_when_somebody_comes_back(
    officer: AppLaptop, compiled_packs: Path, tmp_path: Path, clock: StillClock
) -> None:
    before = len(entries(officer))
    typed(officer, "김하")
    searched_at = clock.now()
    # What the disk holds at this moment is all that a killed process leaves.
    shutil.copytree(officer.folder, tmp_path / "left")
    clock.move(timedelta(hours=3))

    later = open_laptop(tmp_path / "left", compiled_packs, clock=clock)
    found = entries(later)[before:]
    later.close()

    assert [entry.deed for entry in found] == ["search", "login"]
    assert datetime.fromisoformat(found[0].at) == searched_at
    assert subject(officer, HANA) in found[0].subjects


def test_same_search_within_a_minute_is_the_entry_that_stands(officer: AppLaptop) -> None:
    search.find(officer.session, "김하나")
    search.settle(officer.session)
    before = len(entries(officer))

    search.find(officer.session, "김하나")
    search.settle(officer.session)

    assert len(entries(officer)) == before


def test_review_of_the_month_counts_the_search_that_is_still_open(officer: AppLaptop) -> None:
    december = Period.month(2026, 12)
    before = access_log.monthly_review(officer.session, december).by_deed.get("search", 0)

    search.find(officer.session, "김하나")

    assert access_log.monthly_review(officer.session, december).by_deed["search"] == before + 1


def test_neither_the_open_search_nor_its_entry_holds_what_was_typed(officer: AppLaptop) -> None:
    typed(officer, "김하나")
    with officer.session.store.reading() as db:
        told = str(db.rows("SELECT * FROM open_search")) + str(
            db.rows("SELECT * FROM open_search_shown")
        )

    assert "김" not in told
