"""What a worker sets for their own laptop stays set, within its bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.clock import SystemClock
from fieldapp.errors import BackupPlaceRefused
from fieldapp.usecases import backup_places
from fieldapp.usecases.preferences import (
    Preferences,
    keep_preferences,
    pause_files,
    preferences,
)
from tests.laptops import AppLaptop, cheap_laptop, open_laptop


@pytest.fixture
def laptop(tmp_path: Path, compiled_packs: Path) -> AppLaptop:
    return cheap_laptop(tmp_path / "home", compiled_packs, SystemClock())


def test_what_was_set_stands_after_the_laptop_was_closed(
    laptop: AppLaptop, tmp_path: Path, compiled_packs: Path
) -> None:
    assert preferences(laptop.session) == Preferences()
    wanted = Preferences(lock_minutes=3, lock_visit_minutes=30, second_place=tmp_path / "디스크")

    keep_preferences(laptop.session, wanted)
    laptop.session.store.close()

    assert preferences(open_laptop(laptop.folder, compiled_packs).session) == wanted


def test_attachments_wait_and_pictures_are_small_for_as_long_as_the_worker_wants(
    laptop: AppLaptop,
) -> None:
    keep_preferences(laptop.session, Preferences(lock_minutes=7, picture_px=800))

    pause_files(laptop.session, is_paused=True)
    assert preferences(laptop.session) == Preferences(
        lock_minutes=7, picture_px=800, pauses_files=True
    )
    pause_files(laptop.session, is_paused=False)

    assert preferences(laptop.session) == Preferences(lock_minutes=7, picture_px=800)
    with pytest.raises(ValueError, match="pictures"):
        keep_preferences(laptop.session, Preferences(picture_px=100_000))


@pytest.mark.parametrize("minutes", [-1, 0, 31, 600])
def test_no_setting_lets_the_app_stand_open_for_good(laptop: AppLaptop, minutes: int) -> None:
    keep_preferences(laptop.session, Preferences(lock_minutes=7))

    for wanted in (Preferences(lock_minutes=minutes), Preferences(lock_visit_minutes=minutes)):
        with pytest.raises(ValueError, match="minutes"):
            keep_preferences(laptop.session, wanted)

    assert preferences(laptop.session) == Preferences(lock_minutes=7)


def test_second_place_is_none_among_the_profiles_that_are_lost_together(laptop: AppLaptop) -> None:
    place = backup_places.first_place(laptop.session)

    for folder in (place, place.parent, laptop.session.store.path.parent, place / ".." / "x"):
        with pytest.raises(BackupPlaceRefused):
            backup_places.choose_second_place(laptop.session, folder)

    assert backup_places.second_place(laptop.session) is None


def test_day_has_its_backup_in_both_places_and_once(laptop: AppLaptop, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    backup_places.choose_second_place(laptop.session, usb)

    for _ in range(2):
        backup_places.back_up_today(laptop.session)

    kept = backup_places.kept_backups(laptop.session)
    assert sorted(one.is_second for one in kept) == [False, True]
    assert all(one.size_bytes > 0 for one in kept)
    place = backup_places.second_place(laptop.session)
    assert place is not None
    assert place.outcome == "made"


def test_place_that_was_given_up_keeps_its_backups_and_gets_no_more(
    laptop: AppLaptop, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    backup_places.choose_second_place(laptop.session, usb)
    assert backup_places.back_up_both(laptop.session) == "made"

    backup_places.choose_second_place(laptop.session, None)

    assert backup_places.back_up_both(laptop.session) is None
    assert [one.is_second for one in backup_places.kept_backups(laptop.session)] == [False, False]
    assert len(list((usb / laptop.session.profile_id).glob("*.db"))) == 1


def test_place_that_cannot_be_written_is_said_to_be_away(laptop: AppLaptop, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    # Where the profile's own folder would be made stands a file.
    (usb / laptop.session.profile_id).write_bytes(b"")
    backup_places.choose_second_place(laptop.session, usb)

    assert backup_places.back_up_both(laptop.session) == "away"

    assert [one.is_second for one in backup_places.kept_backups(laptop.session)] == [False]
