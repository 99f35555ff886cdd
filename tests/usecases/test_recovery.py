"""A worker forgot the password: request, code, new password; and nobody else gets in by it."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldapp.__main__ import main
from fieldapp.clock import KOREA, StillClock
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.errors import (
    FileNotWritten,
    RecoveryCodeWrong,
    RecoveryFileRefused,
    RecoveryMissing,
    RecoveryNeeded,
    TooManyAttempts,
    WrongPassword,
)
from fieldapp.storage import attempts
from fieldapp.storage.key import read_label
from fieldapp.storage.profile import Profile
from fieldapp.usecases import profiles, records, recovery
from fieldapp.usecases.profiles import ProfileInfo
from tests.laptops import PASSWORD, AppLaptop, new_laptop

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=KOREA)
PASSPHRASE = "가상-사무실-열쇠-2026"
NEW = "gasang-saeroun-2027"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The office's private key; its public half lies beside it."""
    file = tmp_path / "office" / "key.json"
    file.parent.mkdir()
    recovery.write_office_key(file, PASSPHRASE, cost=FAST_FOR_TESTS)
    return file


@pytest.fixture
def packs(tmp_path: Path, compiled_packs: Path, office: Path) -> Path:
    """The workbooks of an office that can recover."""
    folder = tmp_path / "packs"
    shutil.copytree(compiled_packs, folder)
    shutil.copy(office.with_name("key.json.pub"), folder / profiles.OFFICE_KEY_FILE)
    return folder


def profile_of(laptop: AppLaptop) -> ProfileInfo:
    (profile,) = profiles.list_profiles(laptop.folder)
    return profile


def test_forgotten_password_is_replaced_and_every_record_is_there(
    tmp_path: Path, packs: Path, office: Path
) -> None:
    laptop = new_laptop(tmp_path / "laptop", packs)
    laptop.record_survey()
    laptop.close()
    profile = profile_of(laptop)

    request = recovery.write_request(profile, tmp_path / "request.json")
    code = recovery.read_out(request, office, PASSPHRASE)
    session = recovery.unlock_with_code(
        profile, code, NEW, StillClock(NOON), packs, cost=FAST_FOR_TESTS
    )

    assert len(records.records_page(session).rows) == 1
    session.store.close()
    with pytest.raises(WrongPassword):
        profiles.unlock(profile, PASSWORD, StillClock(NOON), packs)
    profiles.unlock(profile, NEW, StillClock(NOON), packs).store.close()
    with pytest.raises(RecoveryCodeWrong):
        recovery.unlock_with_code(profile, code, PASSWORD, StillClock(NOON), packs)


def test_tenth_wrong_password_leaves_the_code_which_ends_all_waiting(
    tmp_path: Path, packs: Path, office: Path
) -> None:
    laptop = new_laptop(tmp_path / "laptop", packs)
    laptop.close()
    profile = profile_of(laptop)
    counted, clock = Profile(profile.folder).attempts_path, StillClock(NOON)
    for _ in range(9):
        attempts.begin(counted, clock.now(), can_recover=True)
        clock.move(timedelta(hours=1))

    for password in ("wrong", PASSWORD):
        with pytest.raises(RecoveryNeeded):
            profiles.unlock(profile, password, clock, packs)
        clock.move(timedelta(days=1))
    request = recovery.write_request(profile, tmp_path / "request.json")
    recovery.unlock_with_code(
        profile,
        recovery.read_out(request, office, PASSPHRASE),
        NEW,
        clock,
        packs,
        cost=FAST_FOR_TESTS,
    ).store.close()

    profiles.unlock(profile, NEW, clock, packs).store.close()


def test_profile_that_no_office_can_recover_waits_and_is_never_shut_for_good(
    alone: AppLaptop, compiled_packs: Path
) -> None:
    alone.close()
    profile, clock = profile_of(alone), StillClock(NOON)
    for _ in range(20):
        attempts.begin(Profile(profile.folder).attempts_path, clock.now(), can_recover=False)
        clock.move(timedelta(hours=1))
    clock.move(timedelta(minutes=-1))

    with pytest.raises(RecoveryMissing):
        recovery.write_request(profile, alone.folder / "request.json")
    with pytest.raises(TooManyAttempts) as refused:
        profiles.unlock(profile, PASSWORD, clock, compiled_packs)
    assert refused.value.facts["seconds"] == 60
    clock.move(timedelta(minutes=1))
    profiles.unlock(profile, PASSWORD, clock, compiled_packs).store.close()


def test_profile_made_before_the_office_had_a_key_can_be_recovered_after_the_next_unlock(
    alone: AppLaptop, packs: Path
) -> None:
    alone.close()
    profile = profile_of(alone)
    assert not recovery.has_recovery(profile)

    profiles.unlock(profile, PASSWORD, StillClock(NOON), packs).store.close()

    assert recovery.has_recovery(profile)


def test_broken_office_key_makes_no_profile_but_keeps_nobody_from_an_old_one(
    tmp_path: Path, alone: AppLaptop, packs: Path
) -> None:
    alone.close()
    (packs / profiles.OFFICE_KEY_FILE).write_bytes(b"\xff no key")

    profiles.unlock(profile_of(alone), PASSWORD, StillClock(NOON), packs).store.close()
    with pytest.raises(RecoveryFileRefused):
        new_laptop(tmp_path / "laptop", packs)

    assert profiles.list_profiles(tmp_path / "laptop") == ()


def test_request_tells_nothing_of_the_worker(tmp_path: Path, packs: Path) -> None:
    laptop = new_laptop(tmp_path / "laptop", packs)
    laptop.close()
    profile = profile_of(laptop)

    text = recovery.write_request(profile, tmp_path / "request.json").read_text(encoding="utf-8")

    assert profile.id in text
    assert read_label(Profile(profile.folder).key_path) not in text
    assert laptop.session.worker.name not in text


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 60_000, b"x" * 100_000])
def test_request_that_cannot_be_read_is_refused(
    tmp_path: Path, office: Path, content: bytes
) -> None:
    request = tmp_path / "request.json"
    request.write_bytes(content)

    with pytest.raises(RecoveryFileRefused):
        recovery.read_out(request, office, PASSPHRASE)


def test_office_key_is_never_replaced(office: Path) -> None:
    before = office.read_bytes()

    with pytest.raises(FileNotWritten):
        recovery.write_office_key(office, PASSPHRASE, cost=FAST_FOR_TESTS)

    assert office.read_bytes() == before


def test_office_does_its_part_from_the_command_line(
    tmp_path: Path, compiled_packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    laptop = new_laptop(tmp_path / "laptop", compiled_packs)
    laptop.close()
    profile = profile_of(laptop)
    key, typed = tmp_path / "office.json", tmp_path / "passphrase"
    typed.write_text(PASSPHRASE + "\n", encoding="utf-8")

    assert main(["recovery", "new-key", str(key), "--passphrase-file", str(typed)]) == 0
    packs = tmp_path / "packs"
    packs.mkdir()
    shutil.copy(tmp_path / "office.json.pub", packs / "recovery.pub")
    public = profiles.office_key(packs)
    assert public is not None
    recovery.add_recovery(profile, PASSWORD, public)
    request = recovery.write_request(profile, tmp_path / "request.json")
    capsys.readouterr()
    arguments = ["recovery", "code", str(request), "--key", str(key)]
    assert main([*arguments, "--passphrase-file", str(typed)]) == 0
    code = capsys.readouterr().out.strip()

    recovery.unlock_with_code(
        profile, code, NEW, StillClock(NOON), compiled_packs, cost=FAST_FOR_TESTS
    ).store.close()
    typed.write_text("another\n", encoding="utf-8")
    assert main([*arguments, "--passphrase-file", str(typed)]) == 1
    assert "비밀번호가 맞지 않습니다" in capsys.readouterr().err
