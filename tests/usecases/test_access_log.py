"""접속기록: whoever looks, searches, writes or prints is noted, by ids alone, for each month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unicodedata import normalize

import pytest

from fieldapp.clock import KOREA, StillClock
from fieldapp.domain.access_log import LogEntry
from fieldapp.domain.figures import Period
from fieldapp.domain.ids import RecordId
from fieldapp.errors import NothingChanged
from fieldapp.storage import access_log as log
from fieldapp.usecases import (
    access_log,
    day,
    filling,
    finishing,
    households,
    lists,
    printing,
    search,
    summaries,
)
from fieldapp.usecases.session import lock
from tests.laptops import AppLaptop, new_laptop
from tests.ui.neighbourhood import household_named, move_in, write

MORNING = datetime(2026, 12, 2, 10, 0, tzinfo=KOREA)
DECEMBER = Period.month(2026, 12)
HANA = "가상-김하나"


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
        return list(log.entries(db, MORNING - timedelta(days=400), MORNING + timedelta(days=400)))


def since(laptop: AppLaptop, count: int) -> list[LogEntry]:
    return entries(laptop)[count:]


def call(laptop: AppLaptop) -> RecordId:
    """A contact with the first household."""
    session = laptop.session
    write(
        session,
        "P01",
        household_named(session, HANA),
        method="phone",
        result="self",
        cared__voice="same",
    )
    with session.store.reading() as db:
        (record_id,) = db.rows("SELECT id FROM record WHERE form_id = 'P01'")[-1]
    return RecordId(record_id)


def test_saved_record_is_logged_with_whom_it_is_about(officer: AppLaptop) -> None:
    hana = household_named(officer.session, HANA)
    before = len(entries(officer))

    record_id = call(officer)

    made = next(entry for entry in since(officer, before) if entry.deed == "create")
    assert (made.object_id, made.form_id) == (record_id, "P01")
    assert (hana.list, hana.id) in made.subjects
    assert made.user == "user-7"
    with officer.session.store.reading() as db:
        assert made.device == officer.session.store.identity(db).replica


def test_amended_record_is_logged_with_its_subject(officer: AppLaptop) -> None:
    hana = household_named(officer.session, HANA)
    record_id = call(officer)
    before = len(entries(officer))

    form = filling.open_record(officer.session, record_id)
    form.filling.answer("talk/said", "가상-고침")
    finishing.finish(officer.session, form.snapshot(None), reason="가상-정정")

    looked, changed = since(officer, before)
    assert (looked.deed, looked.object_id) == ("view", record_id)
    assert looked.subjects == ((hana.list, hana.id),)
    assert (changed.deed, changed.object_id) == ("change", record_id)
    assert (hana.list, hana.id) in changed.subjects


def test_save_that_fails_leaves_no_entry(alone: AppLaptop) -> None:
    record_id = alone.record_survey()
    form = filling.open_record(alone.session, record_id)
    before = entries(alone)

    with pytest.raises(NothingChanged):
        finishing.finish(alone.session, form.snapshot(None), reason="가상-정정")

    assert entries(alone) == before


def test_entity_changed_by_hand_is_logged(officer: AppLaptop) -> None:
    hana = household_named(officer.session, HANA)
    before = len(entries(officer))

    with officer.session.store.writing() as db:
        lists.change(officer.session, db, hana.list, hana.id, {"phone": "010-0000-0199"})

    (entry,) = since(officer, before)
    assert (entry.deed, entry.subjects) == ("change", ((hana.list, hana.id),))


def test_same_spelling_otherwise_composed_changes_nothing(officer: AppLaptop) -> None:
    hana = household_named(officer.session, HANA)
    before = entries(officer)

    with pytest.raises(NothingChanged), officer.session.store.writing() as db:
        lists.change(officer.session, db, hana.list, hana.id, {"label": normalize("NFD", HANA)})

    assert entries(officer) == before


def test_look_at_a_household_is_logged_once_while_its_page_draws_itself_anew(
    officer: AppLaptop, clock: StillClock
) -> None:
    hana = household_named(officer.session, HANA)
    before = len(entries(officer))

    for _ in range(3):
        households.household(officer.session, hana.id)
        clock.move(timedelta(seconds=10))
    clock.move(timedelta(minutes=1))
    households.household(officer.session, hana.id)

    looks = since(officer, before)
    assert [entry.deed for entry in looks] == ["view", "view"]
    assert all((hana.list, hana.id) in entry.subjects for entry in looks)


def test_lists_without_a_search_and_drafts_are_not_logged(officer: AppLaptop) -> None:
    before = entries(officer)

    households.households(officer.session)
    form = filling.open_new(officer.session, "P01")
    filling.keep_draft(officer.session, form.snapshot(None))
    filling.open_draft(officer.session, form.record_id)

    assert entries(officer) == before


@pytest.mark.parametrize("way", ["everything", "list"])
def test_search_is_logged_with_whom_it_showed_and_never_with_its_text(
    officer: AppLaptop, way: str
) -> None:
    hana = household_named(officer.session, HANA)
    before = len(entries(officer))

    def look(text: str) -> None:
        if way == "everything":
            search.find(officer.session, text)
        else:
            households.households(officer.session, text=text)
        search.settle(officer.session)

    look("김하나")
    look("박두리")
    look("김하나")

    first, second, third = since(officer, before)
    assert first.deed == "search"
    assert first.subjects == ((hana.list, hana.id),)
    assert first.detail["count"] == 1
    assert first.detail["text"] == third.detail["text"] != second.detail["text"]
    assert re.fullmatch("[0-9a-f]{64}", str(first.detail["text"]))


def test_printed_record_is_logged_with_its_purpose_before_it_is_written(
    officer: AppLaptop, tmp_path: Path
) -> None:
    hana = household_named(officer.session, HANA)
    record_id = call(officer)
    output = printing.record_output(officer.session, record_id, purpose="자체 보관")
    before = len(entries(officer))

    summaries.export(officer.session, output, "pdf", tmp_path, purpose="자체 보관")
    summaries.export(officer.session, output, "xlsx", tmp_path, purpose="자체 보관")

    printed, exported = since(officer, before)
    assert (printed.deed, exported.deed) == ("print", "export")
    assert printed.subjects == exported.subjects == ((hana.list, hana.id),)
    assert (printed.object_id, printed.form_id) == (record_id, "P01")
    assert printed.detail == {
        "purpose": "자체 보관",
        "file": "pdf",
        "count": 1,
        "check": output.check_code,
    }


def test_list_of_names_that_are_not_masked_is_logged_as_such(
    officer: AppLaptop, clock: StillClock
) -> None:
    clock.move(timedelta(days=200))
    month = Period.month(2027, 6)
    before = len(entries(officer))
    masked = summaries.build_summary(officer.session, "P01", month)
    assert since(officer, before) == []

    open_names = summaries.PageChoices(scope=None, is_masked=False)
    shown = summaries.build_summary(officer.session, "P01", month, choices=open_names)

    (entry,) = since(officer, before)
    assert entry.deed == "unmask"
    assert set(entry.subjects) == set(shown.about) == set(masked.about)
    assert entry.subjects


def test_what_is_to_be_copied_is_one_look_for_the_whole_day(officer: AppLaptop) -> None:
    call(officer)
    before = len(entries(officer))

    ended = day.day_end(officer.session)

    assert len(ended.to_copy) == 1
    (entry,) = since(officer, before)
    assert (entry.deed, entry.detail) == ("view", {"count": 1})


def test_coming_failing_and_leaving_are_logged_and_signed(
    officer: AppLaptop, compiled_packs: Path, clock: StillClock
) -> None:
    failed = [MORNING - timedelta(minutes=2), MORNING - timedelta(minutes=1)]
    before = len(entries(officer))

    access_log.open_log(officer.session, failed)
    lock(officer.session)
    lock(officer.session)
    officer.session = officer.reopen(compiled_packs, clock).session

    told = since(officer, before)[:4]
    assert [entry.deed for entry in told] == ["failure", "failure", "login", "logout"]
    assert [datetime.fromisoformat(entry.at) for entry in told[:2]] == failed
    with officer.session.store.reading() as db:
        assert db.rows("SELECT log_seq FROM log_checkpoint") == [(told[-1].log_seq,)]


def test_no_name_address_or_typed_word_stands_in_the_log(
    officer: AppLaptop, tmp_path: Path
) -> None:
    record_id = call(officer)
    session = officer.session
    hana = household_named(session, HANA)
    households.household(session, hana.id)
    search.find(session, "김하나")
    households.households(session, text="가상로 12")
    filling.open_record(session, record_id)
    summaries.export(
        session, printing.record_output(session, record_id), "pdf", tmp_path, purpose="자체 보관"
    )

    with session.store.reading() as db:
        told = str(db.rows("SELECT * FROM access_log"))
    for word in ("김하나", "박두리", "가상로", "010-0000", "1948", "큰 개"):
        assert word not in told


def test_month_is_counted_and_what_stands_out_is_named(
    officer: AppLaptop, clock: StillClock
) -> None:
    session = officer.session
    hana = household_named(session, HANA)
    begun = access_log.monthly_review(session, DECEMBER)
    clock.move(timedelta(days=3, hours=13))  # Saturday, 23:00
    for _ in range(10):
        households.household(session, hana.id)
        clock.move(timedelta(minutes=2))
    with session.store.writing() as db:
        for _ in range(51):
            access_log.note(session, db, "export", detail={"file": "xlsx"})
    access_log.open_log(session, [clock.now()])

    month = access_log.monthly_review(session, DECEMBER)

    assert month.by_deed["view"] == begun.by_deed.get("view", 0) + 10
    assert month.by_deed["export"] == 51
    assert (month.night, month.weekend) == (63, 63)
    assert month.total == begun.total + 63
    assert month.by_user == {session.worker.user: month.total}
    assert month.outputs == {session.worker.user: 51}
    assert month.many_outputs == (session.worker.user,)
    assert (hana.list, hana.id) in {one.subject for one in month.repeated}
    assert month.repeated[0].count >= 10
    assert (month.failures, month.broken_at) == (1, None)
    assert (begun.many_outputs, begun.repeated, begun.failures) == ((), (), 0)
    assert access_log.monthly_review(session, Period.month(2026, 11)).total == 0


def test_month_names_the_place_where_the_log_was_tampered_with(officer: AppLaptop) -> None:
    with officer.session.store.writing() as db:
        db.execute("DROP TRIGGER access_log_unchanged")
        db.execute("UPDATE access_log SET subjects = '[]' WHERE log_seq = 2")

    assert access_log.monthly_review(officer.session, DECEMBER).broken_at == 2
