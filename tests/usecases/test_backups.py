"""A laptop that loses its store: what was written is there again, on it and at the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldapp.clock import KOREA
from fieldapp.domain.access_log import Deed
from fieldapp.errors import (
    BackupDamaged,
    BackupMissing,
    Cancelled,
    StoreDamaged,
    StoreUnreadable,
    TooManyAttempts,
    WrongPassword,
)
from fieldapp.storage import access_log, operations
from fieldapp.storage.backup import make_backup, reading
from fieldapp.usecases import backups, profiles
from tests.laptops import PASSWORD, AppLaptop, enrolled_laptop, new_laptop, open_laptop
from tests.servers import Server


@dataclass
class HandClock:
    """A clock that stands until it is set."""

    at: datetime = datetime(2026, 11, 21, 9, tzinfo=KOREA)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def laptop(tmp_path: Path, compiled_packs: Path, clock: HandClock) -> AppLaptop:
    return new_laptop(tmp_path / "home", compiled_packs, clock=clock)


def flip_first_page(laptop: AppLaptop) -> None:
    path = laptop.session.store.path
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)


def restore(laptop: AppLaptop, *places: Path) -> None:
    (profile,) = profiles.list_profiles(laptop.folder)
    backups.restore_newest_good(profile, PASSWORD, laptop.session.clock, places)


def test_laptop_restored_from_its_backup_and_exchanged_has_every_survey_once_at_the_server(
    server: Server, tmp_path: Path
) -> None:
    scope = server.new_scope()
    laptop = enrolled_laptop(server, tmp_path / "home", user=server.new_user(scope), scope=scope)
    place = backups.default_place(laptop.session.store.path.parent)
    first = laptop.record_survey(serial="1")
    backups.back_up_now(laptop.session, place)
    surveys = [first, laptop.record_survey(serial="2"), laptop.record_survey(serial="3")]
    laptop.exchange()
    surveys.append(laptop.record_survey(serial="4"))
    laptop.close()
    flip_first_page(laptop)
    with pytest.raises(StoreDamaged):
        open_laptop(laptop.folder, server.packs)

    restore(laptop)
    laptop = open_laptop(laptop.folder, server.packs)
    assert len(laptop.titles()) == 4
    outcome = laptop.exchange()

    assert (outcome.sent, outcome.rejected, outcome.held) == (4, 0, 0)
    stored = server.sql(
        "select id::text, rev from fieldapp.record where scope = %s order by id", [scope]
    )
    assert stored == [(record, 1) for record in sorted(surveys)]
    with laptop.session.store.reading() as db:
        assert operations.count_unsent(db) == 0
    assert {laptop.answers(record)["serial"] for record in surveys} == {"1", "2", "3", "4"}
    laptop.amend(first, serial="9")
    assert laptop.exchange().sent == 1
    laptop.close()


def test_surveys_lost_with_the_disk_come_back_from_the_server(
    server: Server, tmp_path: Path
) -> None:
    scope = server.new_scope()
    laptop = enrolled_laptop(server, tmp_path / "home", user=server.new_user(scope), scope=scope)
    place = tmp_path / "usb"
    backups.back_up_now(laptop.session, place)
    lost = laptop.record_survey(serial="1")
    laptop.exchange()
    laptop.close()
    laptop.session.store.path.unlink()

    restore(laptop, place)
    laptop = open_laptop(laptop.folder, server.packs)
    since = laptop.record_survey(serial="2")
    laptop.exchange()

    assert laptop.answers(lost)["serial"] == "1"
    stored = server.sql("select id::text from fieldapp.record where scope = %s", [scope])
    assert {record for (record,) in stored} == {lost, since}
    laptop.close()


def test_day_has_one_backup_and_the_first_of_a_week_is_the_weekly_one(
    laptop: AppLaptop, clock: HandClock, tmp_path: Path
) -> None:
    places = [tmp_path / "usb", tmp_path / "disk"]
    made = []
    for hours in (0, 5, 24, 48, 50):
        clock.at = datetime(2026, 11, 21, 9, tzinfo=KOREA) + timedelta(hours=hours)
        made.append([one.kind for one in backups.back_up_if_due(laptop.session, places)])

    # 2026-11-21 is a Saturday.
    assert made == [["weekly"] * 2, [], ["daily"] * 2, ["weekly"] * 2, []]
    (profile,) = profiles.list_profiles(laptop.folder)
    assert len(backups.backups_of(profile, places)) == 6
    laptop.close()


def test_place_that_is_away_keeps_no_other_from_its_backup(
    laptop: AppLaptop, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.touch()

    assert len(backups.back_up_if_due(laptop.session, [away, tmp_path / "disk"])) == 1
    assert backups.back_up_if_due(laptop.session, [away, tmp_path / "disk"]) == ()
    with pytest.raises(StoreUnreadable):
        backups.back_up_if_due(laptop.session, [away])
    laptop.close()


def test_newest_backup_that_is_whole_is_taken_and_the_key_file_with_it(
    laptop: AppLaptop, clock: HandClock, tmp_path: Path, compiled_packs: Path
) -> None:
    place = tmp_path / "usb"
    record = laptop.record_survey(serial="1")
    backups.back_up_now(laptop.session, place)
    clock.at += timedelta(hours=1)
    newer = backups.back_up_now(laptop.session, place)
    newer.path.write_bytes(newer.path.read_bytes()[:-4096])
    laptop.close()
    flip_first_page(laptop)
    laptop.session.store.path.with_name("key.json").write_text("{}")

    restore(laptop, place)

    laptop = open_laptop(laptop.folder, compiled_packs)
    assert laptop.answers(record)["serial"] == "1"
    laptop.close()


def test_without_a_backup_the_damaged_store_is_left_as_it_is(laptop: AppLaptop) -> None:
    laptop.close()
    flip_first_page(laptop)
    content = laptop.session.store.path.read_bytes()

    with pytest.raises(BackupMissing):
        restore(laptop)

    assert laptop.session.store.path.read_bytes() == content


def test_drill_opens_a_backup_counts_it_and_leaves_nothing_but_its_day(
    laptop: AppLaptop, clock: HandClock, tmp_path: Path
) -> None:
    laptop.record_survey(serial="1")
    backup = backups.back_up_now(laptop.session, tmp_path / "usb")
    before = sorted(laptop.session.store.path.parent.iterdir())
    assert backups.drilled_at(laptop.session) is None

    counts = backups.drill(laptop.session, backup)

    assert (counts.records, counts.operations) == (1, 1)
    assert backups.drilled_at(laptop.session) == clock.at
    assert sorted(laptop.session.store.path.parent.iterdir()) == before
    backup.path.write_bytes(backup.path.read_bytes()[:-4096])
    with pytest.raises(BackupDamaged):
        backups.drill(laptop.session, backup)
    laptop.close()


def test_older_store_is_backed_up_before_its_tables_are_changed(
    laptop: AppLaptop, clock: HandClock
) -> None:
    store = laptop.session.store
    key, folder = store.data_key(), store.path.parent
    laptop.close()

    backups.before_migration(folder, clock)(store.path, key)

    (profile,) = profiles.list_profiles(laptop.folder)
    (backup,) = backups.backups_of(profile)
    assert backup.kind == "migration"


def test_backups_of_two_profiles_in_one_place_are_kept_apart(
    laptop: AppLaptop, clock: HandClock, tmp_path: Path, compiled_packs: Path
) -> None:
    other = new_laptop(tmp_path / "other", compiled_packs, clock=clock)
    place = tmp_path / "usb"
    make_backup(laptop.session.store, place, made_at=clock.at, kind="daily")
    make_backup(other.session.store, place, made_at=clock.at, kind="daily")

    (profile,) = profiles.list_profiles(laptop.folder)

    (found,) = backups.backups_of(profile, [place])
    assert found.path.parent.name == profile.id
    laptop.close()
    other.close()


def deeds_of(laptop: AppLaptop, deed: Deed) -> list[Mapping[str, str | int]]:
    at = laptop.session.clock.now()
    with laptop.session.store.reading() as db:
        found = access_log.entries(db, at - timedelta(days=7), at + timedelta(days=7))
        return [entry.detail for entry in found if entry.deed == deed]


def test_backup_made_by_hand_or_in_another_place_is_noted_and_so_is_a_drill(
    laptop: AppLaptop, clock: HandClock, tmp_path: Path
) -> None:
    beside, usb = backups.default_place(laptop.session.store.path.parent), tmp_path / "usb"
    backups.back_up_if_due(laptop.session, [beside])
    assert deeds_of(laptop, "backup") == []

    backups.back_up_if_due(laptop.session, [beside, usb])
    made = backups.back_up_now(laptop.session, beside)
    backups.drill(laptop.session, made)

    assert deeds_of(laptop, "backup") == [
        {"place": "other", "kind": "weekly"},
        {"place": "default", "kind": "manual"},
        {"place": "default", "kind": "manual", "drill": 1},
    ]
    laptop.close()


def test_backup_says_itself_that_it_was_taken_to_another_place(
    laptop: AppLaptop, tmp_path: Path
) -> None:
    made = backups.back_up_now(laptop.session, tmp_path / "usb")

    with reading(made, laptop.session.store.data_key()) as db:
        last = access_log.last(db)
    assert last is not None
    assert last.deed == "backup"
    laptop.close()


def test_place_that_is_away_is_not_noted_day_by_day(laptop: AppLaptop, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.touch()

    with pytest.raises(StoreUnreadable):
        backups.back_up_if_due(laptop.session, [away])

    assert deeds_of(laptop, "backup") == []
    laptop.close()


def test_drill_that_is_cancelled_leaves_no_day_and_no_file(
    laptop: AppLaptop, tmp_path: Path
) -> None:
    backup = backups.back_up_now(laptop.session, tmp_path / "usb")
    told: list[int] = []

    with pytest.raises(Cancelled):
        backups.drill(
            laptop.session,
            backup,
            progress=lambda done, _of: told.append(done),
            cancelled=lambda: bool(told) and told[-1] > 60,
        )

    assert backups.drilled_at(laptop.session) is None
    assert not (laptop.session.store.path.parent / "drill").exists()
    laptop.close()


def test_restore_is_noted_and_the_way_in_after_it(
    laptop: AppLaptop, tmp_path: Path, compiled_packs: Path
) -> None:
    place = tmp_path / "usb"
    backups.back_up_now(laptop.session, place)
    laptop.record_survey(serial="1")
    laptop.close()
    flip_first_page(laptop)

    restore(laptop, place)

    laptop = open_laptop(laptop.folder, compiled_packs, laptop.session.clock)
    (said,) = deeds_of(laptop, "restore")
    assert (said["operations"], said["drafts"], said["unread"]) == (1, 0, 0)
    with laptop.session.store.reading() as db:
        assert access_log.verify(db) is None
    laptop.close()


def test_wrong_password_at_a_restore_is_counted_and_noted_as_at_unlock(
    laptop: AppLaptop, clock: HandClock, tmp_path: Path, compiled_packs: Path
) -> None:
    place = tmp_path / "usb"
    backups.back_up_now(laptop.session, place)
    laptop.close()
    flip_first_page(laptop)
    content = laptop.session.store.path.read_bytes()
    (profile,) = profiles.list_profiles(laptop.folder)
    for _ in range(3):
        with pytest.raises(WrongPassword):
            backups.restore_newest_good(profile, "gasang-teullin-amho", clock, (place,))

    with pytest.raises(TooManyAttempts):
        restore(laptop, place)

    assert laptop.session.store.path.read_bytes() == content
    clock.at += timedelta(minutes=1)
    restore(laptop, place)
    laptop = open_laptop(laptop.folder, compiled_packs, clock)
    assert len(deeds_of(laptop, "failure")) == 3
    laptop.close()


def test_backup_dated_by_a_clock_a_year_ahead_is_not_taken_for_the_newest(
    laptop: AppLaptop, clock: HandClock, tmp_path: Path, compiled_packs: Path
) -> None:
    place, today = tmp_path / "usb", clock.at
    clock.at = today + timedelta(days=365)
    backups.back_up_now(laptop.session, place)
    clock.at = today
    laptop.record_survey(serial="1")
    newest = backups.back_up_now(laptop.session, place)
    laptop.close()
    laptop.session.store.path.unlink()
    (profile,) = profiles.list_profiles(laptop.folder)
    assert backups.backups_of(profile, [place])[0] == newest

    restore(laptop, place)

    laptop = open_laptop(laptop.folder, compiled_packs, clock)
    assert len(laptop.titles()) == 1
    laptop.close()
