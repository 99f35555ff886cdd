"""A laptop whose clock jumps by a year, either way: nothing is lost, misdated or out of order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldapp.clock import KOREA, today
from fieldapp.domain.ids import RecordId
from fieldapp.storage import access_log, meta, operations
from fieldapp.usecases import backups, filling, profiles, records
from fieldapp.usecases.clock_doubt import doubt, settle_day
from fieldapp.usecases.session import Session, lock
from tests.clocks import SettableClock
from tests.laptops import PASSWORD, AppLaptop, cheap_laptop
from tests.servers import Server

MORNING = datetime(2026, 11, 21, 9, tzinfo=KOREA)
DAY, YEAR = timedelta(days=1), timedelta(days=365)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(MORNING)


@pytest.fixture
def laptop(tmp_path: Path, compiled_packs: Path, clock: SettableClock) -> AppLaptop:
    return cheap_laptop(tmp_path / "home", compiled_packs, clock)


def unlocked(laptop: AppLaptop, clock: SettableClock, packs: Path) -> AppLaptop:
    """The store locked, if it was open, and opened again."""
    lock(laptop.session)
    (profile,) = profiles.list_profiles(laptop.folder)
    return AppLaptop(profiles.unlock(profile, PASSWORD, clock, packs), laptop.folder)


def begin_survey(session: Session, serial: str) -> RecordId:
    """A draft with one answer."""
    form = filling.open_new(session, "P13e")
    form.filling.answer(form.filling.definition.paths["serial"], serial)
    filling.keep_draft(session, form.snapshot(None))
    return form.record_id


def written_at(laptop: AppLaptop, record_id: RecordId) -> list[datetime]:
    """When the operations of a record say that they were made."""
    with laptop.session.store.reading() as db:
        own = operations.for_object(db, record_id)
    return [datetime.fromisoformat(one.operation.at) for one in own]


def logged(laptop: AppLaptop) -> list[datetime]:
    """The instants of the access log in the order of its entries; its chain is whole."""
    with laptop.session.store.reading() as db:
        assert access_log.verify(db) is None
        entries = access_log.entries(db, MORNING - 3 * YEAR, MORNING + 3 * YEAR)
        return [datetime.fromisoformat(entry.at) for entry in entries]


@pytest.mark.parametrize("by", [YEAR, -YEAR])
def test_year_between_two_days_at_work_is_asked_about_and_loses_and_misdates_nothing(
    laptop: AppLaptop, clock: SettableClock, compiled_packs: Path, by: timedelta
) -> None:
    before = laptop.record_survey(serial="1")
    draft = begin_survey(laptop.session, "2")
    clock.let_pass(timedelta(hours=8))
    lock(laptop.session)
    clock.restart(DAY)
    clock.put(by)

    laptop = unlocked(laptop, clock, compiled_packs)

    asked = doubt(laptop.session)
    assert asked is not None
    assert asked.device == clock.now()
    assert today(laptop.session.clock) == MORNING.date()
    # Work goes on unasked, behind what was there.
    form = filling.open_draft(laptop.session, draft)
    assert form.filling.answers()[form.filling.definition.paths["serial"]] == "2"
    meanwhile = laptop.record_survey(serial="3")
    (first,), (second,) = written_at(laptop, before), written_at(laptop, meanwhile)
    assert first < second < first + DAY
    clock.let_pass(timedelta(minutes=5))

    settle_day(laptop.session, (MORNING + DAY).date())

    assert doubt(laptop.session) is None
    after = laptop.record_survey(serial="4")
    (third,) = written_at(laptop, after)
    assert second < third
    assert third.date() == (MORNING + DAY).date()
    rows = records.records_page(laptop.session).rows
    assert [row.record_id for row in rows if row.record_id != draft] == [after, meanwhile, before]
    assert draft in {row.record_id for row in rows}

    clock.let_pass(DAY)
    laptop = unlocked(laptop, clock, compiled_packs)

    assert doubt(laptop.session) is None
    assert today(laptop.session.clock) == (MORNING + 2 * DAY).date()
    assert laptop.answers(before)["serial"] == "1"
    times = logged(laptop)
    assert times == sorted(times)
    laptop.close()


@pytest.mark.parametrize("by", [YEAR, -YEAR])
def test_year_while_a_form_is_open_changes_neither_its_day_nor_its_place_among_the_records(
    laptop: AppLaptop, clock: SettableClock, by: timedelta
) -> None:
    before = laptop.record_survey(serial="1")
    form = filling.open_new(laptop.session, "P13e")
    clock.put(by)
    clock.let_pass(timedelta(minutes=10))
    filling.keep_draft(laptop.session, form.snapshot(None))

    after = laptop.record_survey(serial="2")

    (first,), (second,) = written_at(laptop, before), written_at(laptop, after)
    assert timedelta(minutes=10) <= second - first < timedelta(minutes=11)
    assert {row.record_id for row in records.records_page(laptop.session).rows} == {
        before, form.record_id, after,
    }  # fmt: skip
    assert doubt(laptop.session) is not None
    laptop.close()


def test_year_ahead_deletes_no_backup_and_makes_none_of_a_day_that_never_was(
    laptop: AppLaptop, clock: SettableClock, compiled_packs: Path
) -> None:
    place = backups.default_place(laptop.session.store.path.parent)
    for _ in range(3):
        clock.let_pass(DAY)
        assert len(backups.back_up_if_due(laptop.session, (place,))) == 1
    (profile,) = profiles.list_profiles(laptop.folder)
    standing = backups.backups_of(profile)
    lock(laptop.session)
    clock.restart(timedelta(hours=15))
    clock.put(YEAR)

    laptop = unlocked(laptop, clock, compiled_packs)
    assert doubt(laptop.session) is not None

    assert backups.back_up_if_due(laptop.session, (place,)) == ()
    by_hand = backups.back_up_now(laptop.session, place)
    assert by_hand.made_at - standing[0].made_at < DAY
    assert set(standing) < set(backups.backups_of(profile))

    settle_day(laptop.session, (MORNING + 4 * DAY).date())
    (made,) = backups.back_up_if_due(laptop.session, (place,))
    assert made.made_at.astimezone(KOREA).date() == (MORNING + 4 * DAY).date()
    assert set(standing) < set(backups.backups_of(profile))
    laptop.close()


def test_question_left_open_is_asked_again_at_the_next_unlock_though_no_time_seems_to_jump(
    laptop: AppLaptop, clock: SettableClock, compiled_packs: Path
) -> None:
    laptop = unlocked(laptop, clock, compiled_packs)
    clock.let_pass(timedelta(hours=1))
    clock.put(2 * DAY)  # less than an absence that nobody is asked about
    assert doubt(laptop.session) is not None

    laptop = unlocked(laptop, clock, compiled_packs)

    assert doubt(laptop.session) is not None
    assert today(laptop.session.clock) == MORNING.date()
    settle_day(laptop.session, MORNING.date())
    laptop = unlocked(laptop, clock, compiled_packs)
    assert doubt(laptop.session) is None
    assert laptop.session.clock.now() - (MORNING + timedelta(hours=1)) < timedelta(seconds=1)
    laptop.close()


def test_answer_is_kept_with_the_operations_and_in_the_access_log(
    laptop: AppLaptop, clock: SettableClock
) -> None:
    clock.put(-YEAR)
    settle_day(laptop.session, MORNING.date())

    record = laptop.record_survey(serial="1")

    with laptop.session.store.reading() as db:
        (own,) = operations.for_object(db, record)
        details = [entry.detail for entry in access_log.entries(db, MORNING, MORNING + DAY)]
    assert own.operation.clock.offset_ms == YEAR / timedelta(milliseconds=1)
    assert {"clock": "worker", "offset_ms": own.operation.clock.offset_ms} in details
    laptop.close()


def test_exchange_puts_right_a_laptop_that_lived_a_year_ahead_and_its_records_arrive(
    server: Server, tmp_path: Path
) -> None:
    scope = server.new_scope()
    clock = SettableClock(datetime.now(KOREA) + YEAR)
    laptop = cheap_laptop(
        tmp_path / "home", server.packs, clock, user=server.new_user(scope), scope=scope
    )
    laptop.record_survey(serial="1")
    laptop.enrol(server)

    outcome = laptop.exchange()

    assert (outcome.sent, outcome.rejected) == (1, 0)
    real = datetime.now(KOREA)
    assert abs(laptop.session.clock.now() - real) < timedelta(minutes=5)
    assert abs(outcome.at - real) < timedelta(minutes=5)
    with laptop.session.store.reading() as db:
        assert abs((meta.last_instant(db) or MORNING) - real) < timedelta(minutes=5)
    # It stays so: what was stored as later no longer holds the day up.
    clock.restart(DAY)
    laptop = unlocked(laptop, clock, server.packs)
    assert doubt(laptop.session) is None
    assert today(laptop.session.clock) == (real + DAY).date()
    laptop.close()


def test_exchange_answers_the_question_before_the_worker_does(
    server: Server, tmp_path: Path
) -> None:
    scope = server.new_scope()
    clock = SettableClock(datetime.now(KOREA))
    laptop = cheap_laptop(
        tmp_path / "home", server.packs, clock, user=server.new_user(scope), scope=scope
    )
    laptop.enrol(server)
    clock.put(-YEAR)
    assert doubt(laptop.session) is not None

    laptop.exchange()

    assert doubt(laptop.session) is None
    assert abs(laptop.session.clock.now() - datetime.now(KOREA)) < timedelta(minutes=5)
    laptop.close()
