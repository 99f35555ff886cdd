"""Profiles: a password opens one's own records, and nothing beside the app keeps anybody out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldapp.clock import SystemClock
from fieldapp.errors import StoreInUse, WeakPassword, WrongPassword
from fieldapp.messages import message_for
from fieldapp.usecases import profiles, records
from tests.laptops import PASSWORD, AppLaptop, new_laptop, open_laptop


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
    assert len(records.records_and_drafts(again.session)) == 1
    again.record_survey(serial="2")
    again.close()


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
