"""Profiles: a password opens one's own records, and nothing beside the app keeps anybody out."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldapp.clock import KOREA, StillClock, SystemClock
from fieldapp.errors import (
    StoreInUse,
    StoreUnreadable,
    TooManyAttempts,
    WeakPassword,
    WrongPassword,
)
from fieldapp.messages import message_for
from fieldapp.storage import access_log
from fieldapp.usecases import backups, profiles, records
from tests.laptops import PASSWORD, AppLaptop, new_laptop, open_laptop
from tests.servers import PACKS

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=KOREA)


def test_a_broken_workbook_is_named_and_keeps_nobody_from_their_records(
    tmp_path: Path, compiled_packs: Path
) -> None:
    laptop = new_laptop(tmp_path / "laptop", compiled_packs)
    laptop.record_survey()
    laptop.close()
    packs = tmp_path / "packs"
    shutil.copytree(compiled_packs, packs)
    (packs / "broken.xlsx").write_bytes(b"PK not a workbook")

    again = open_laptop(tmp_path / "laptop", packs)

    (refusal,) = again.session.refused
    message = message_for(refusal)
    assert "broken.xlsx" in message.happened
    assert "그대로" in message.safe
    assert len(records.records_page(again.session).rows) == 1
    again.record_survey(serial="2")
    again.close()


def test_workbooks_that_are_compiled_anew_are_told_one_by_one_and_once(
    alone: AppLaptop, compiled_packs: Path, tmp_path: Path
) -> None:
    alone.close()
    (profile,) = profiles.list_profiles(alone.folder)
    packs = tmp_path / "packs"
    shutil.copytree(compiled_packs, packs)
    shutil.copy(PACKS / "P13e.xlsx", packs / "known.xlsx")
    for name in ("broken", "torn"):
        (packs / f"{name}.xlsx").write_bytes(f"PK {name}".encode())
    told: list[tuple[int, int]] = []

    profiles.unlock(
        profile,
        PASSWORD,
        StillClock(NOON),
        packs,
        compiling=lambda done, of: told.append((done, of)),
    ).store.close()

    # What was refused is tried again at every unlock, what is known is not.
    assert told == [(0, 2), (1, 2)]


def test_a_wrong_password_opens_nothing(alone: AppLaptop, compiled_packs: Path) -> None:
    alone.close()
    (profile,) = profiles.list_profiles(alone.folder)

    with pytest.raises(WrongPassword):
        profiles.unlock(profile, PASSWORD + "x", SystemClock(), compiled_packs)


def test_a_second_window_on_the_same_profile_is_told_so(
    alone: AppLaptop, compiled_packs: Path
) -> None:
    (profile,) = profiles.list_profiles(alone.folder)

    with pytest.raises(StoreInUse):
        profiles.unlock(profile, PASSWORD, SystemClock(), compiled_packs)


def test_a_password_that_anybody_would_try_makes_no_profile(
    tmp_path: Path, compiled_packs: Path, alone: AppLaptop
) -> None:
    with pytest.raises(WeakPassword):
        profiles.create_profile(
            tmp_path / "weak",
            label="가상-노트북",
            worker=alone.session.worker,
            password="12345678",
            clock=SystemClock(),
            packs_dir=compiled_packs,
        )

    assert profiles.list_profiles(tmp_path / "weak") == ()


def test_profile_that_lost_its_key_file_is_listed_and_opens_again_with_one_of_a_backup(
    alone: AppLaptop, compiled_packs: Path
) -> None:
    record = alone.record_survey(serial="1")
    (profile,) = profiles.list_profiles(alone.folder)
    backups.back_up_now(alone.session, backups.default_place(profile.folder))
    alone.close()
    (profile.folder / "key.json").unlink()

    (listed,) = profiles.list_profiles(alone.folder)
    assert (listed.id, listed.label) == (profile.id, profile.id)
    with pytest.raises(StoreUnreadable):
        profiles.unlock(listed, PASSWORD, StillClock(NOON), compiled_packs)
    backups.restore_newest_good(listed, PASSWORD, StillClock(NOON))

    session = profiles.unlock(listed, PASSWORD, StillClock(NOON), compiled_packs)
    assert AppLaptop(session, alone.folder).answers(record)["serial"] == "1"
    session.store.close()


def _wrong(profile: profiles.ProfileInfo, clock: StillClock, packs: Path) -> WrongPassword:
    with pytest.raises(WrongPassword) as refused:
        profiles.unlock(profile, PASSWORD + "x", clock, packs)
    return refused.value


def test_wrong_passwords_cost_time_and_are_logged_once_the_right_one_opens(
    alone: AppLaptop, compiled_packs: Path
) -> None:
    alone.close()
    (profile,) = profiles.list_profiles(alone.folder)
    clock = StillClock(NOON)

    assert [_wrong(profile, clock, compiled_packs).facts["wait_s"] for _ in range(3)] == [0, 0, 5]
    for password in (PASSWORD, PASSWORD + "x"):
        with pytest.raises(TooManyAttempts) as refused:
            profiles.unlock(profile, password, clock, compiled_packs)
        assert refused.value.facts["seconds"] == 5
    clock.move(timedelta(seconds=5))
    session = profiles.unlock(profile, PASSWORD, clock, compiled_packs)

    with session.store.reading() as db:
        entries = list(access_log.entries(db, NOON - timedelta(days=1), NOON + timedelta(days=1)))
    assert [entry.deed for entry in entries] == ["failure"] * 3 + ["login"]
    session.store.close()
    assert not (profile.folder / "attempts.json").exists()


def test_right_password_on_a_profile_in_use_is_no_failure(
    alone: AppLaptop, compiled_packs: Path
) -> None:
    (profile,) = profiles.list_profiles(alone.folder)

    for _ in range(4):
        with pytest.raises(StoreInUse):
            profiles.unlock(profile, PASSWORD, StillClock(NOON), compiled_packs)

    assert not (profile.folder / "attempts.json").exists()


def test_store_does_not_stay_open_when_unlocking_fails_after_it_opened(
    alone: AppLaptop, compiled_packs: Path, tmp_path: Path
) -> None:
    alone.close()
    (profile,) = profiles.list_profiles(alone.folder)

    with pytest.raises(FileNotFoundError):
        profiles.unlock(profile, PASSWORD, StillClock(NOON), tmp_path / "no packs")

    profiles.unlock(profile, PASSWORD, StillClock(NOON), compiled_packs).store.close()
