"""Password, keyring and data key of a profile: changed, logged, and guessed by nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fieldapp.clock import KOREA, StillClock
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.errors import (
    Cancelled,
    KeyringMissing,
    KeyTrouble,
    StoreInUse,
    TooManyAttempts,
    WeakPassword,
    WrongPassword,
)
from fieldapp.storage import access_log, attempts, key
from fieldapp.storage.backup import check_backup
from fieldapp.storage.profile import Profile
from fieldapp.storage.rekey import rekey
from fieldapp.usecases import backups, keys, preferences, profiles, recovery, session
from fieldapp.usecases.profiles import ProfileInfo
from tests.laptops import PASSWORD, AppLaptop, new_laptop, open_laptop
from tests.storage.test_os_keyring import WITH_KEYRING, needs_keyring

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=KOREA)
NEW = "gasang-saeroun-2027"


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOON)


@pytest.fixture
def laptop(tmp_path: Path, compiled_packs: Path, clock: StillClock) -> AppLaptop:
    return new_laptop(tmp_path / "home", compiled_packs, clock=clock)


def profile_of(laptop: AppLaptop) -> ProfileInfo:
    (profile,) = profiles.list_profiles(laptop.folder)
    return profile


def rotated(laptop: AppLaptop, clock: StillClock, *places: Path) -> keys.Rotated:
    return keys.rotate(profile_of(laptop), PASSWORD, clock, places=places, cost=FAST_FOR_TESTS)


def key_deeds(laptop: AppLaptop) -> list[dict[str, str | int]]:
    """What the access log says of keys, oldest first."""
    with laptop.session.store.reading() as db:
        found = access_log.entries(db, NOON - timedelta(days=1), NOON + timedelta(days=1))
        return [dict(entry.detail) for entry in found if entry.deed == "key"]


def test_changed_password_opens_from_then_on_and_the_log_says_so(
    laptop: AppLaptop, clock: StillClock, compiled_packs: Path
) -> None:
    record = laptop.record_survey(serial="1")

    keys.change_password(laptop.session, PASSWORD, NEW, cost=FAST_FOR_TESTS)

    assert key_deeds(laptop) == [{"what": "password"}]
    laptop.close()
    with pytest.raises(WrongPassword):
        profiles.unlock(profile_of(laptop), PASSWORD, clock, compiled_packs)
    opened = profiles.unlock(profile_of(laptop), NEW, clock, compiled_packs)
    assert AppLaptop(opened, laptop.folder).answers(record)["serial"] == "1"
    opened.store.close()


def test_guessing_the_old_password_costs_what_guessing_at_unlock_does(
    laptop: AppLaptop, clock: StillClock, compiled_packs: Path
) -> None:
    for wait_s in (0, 0, 5):
        with pytest.raises(WrongPassword) as refused:
            keys.change_password(laptop.session, PASSWORD + "x", NEW)
        assert refused.value.facts["wait_s"] == wait_s
    with pytest.raises(TooManyAttempts):
        keys.change_password(laptop.session, PASSWORD, NEW)
    assert key_deeds(laptop) == []
    laptop.close()
    with pytest.raises(TooManyAttempts):
        profiles.unlock(profile_of(laptop), PASSWORD, clock, compiled_packs)

    clock.move(timedelta(seconds=5))
    profiles.unlock(profile_of(laptop), PASSWORD, clock, compiled_packs).store.close()


def test_weak_new_password_is_refused_and_counts_as_no_guess(laptop: AppLaptop) -> None:
    with pytest.raises(WeakPassword):
        keys.change_password(laptop.session, PASSWORD, "12345678")

    profile = Profile(profile_of(laptop).folder)
    assert attempts.count(profile.attempts_path) == 0
    assert key.open_key_file(profile.key_path, PASSWORD) == laptop.session.store.data_key()
    laptop.close()


def test_rotation_keeps_every_record_and_picture_under_a_key_that_no_old_backup_has(
    laptop: AppLaptop, clock: StillClock, compiled_packs: Path, tmp_path: Path
) -> None:
    record = laptop.record_survey(serial="1")
    place = backups.default_place(profile_of(laptop).folder)
    usb, second = tmp_path / "usb", tmp_path / "second"
    wanted = preferences.Preferences(second_place=second)
    preferences.keep_preferences(laptop.session, wanted)
    old = [backups.back_up_now(laptop.session, where) for where in (place, usb, second)]
    old_key = laptop.session.store.data_key()
    laptop.close()
    steps: list[tuple[int, int]] = []
    clock.move(timedelta(hours=1))

    done = keys.rotate(
        profile_of(laptop),
        PASSWORD,
        clock,
        places=[usb],
        progress=lambda at, of: steps.append((at, of)),
        cost=FAST_FOR_TESTS,
    )

    assert steps[-1][0] == steps[-1][1]
    assert {one.path for one in done.old_backups} == {old[1].path, old[2].path}
    assert not done.is_forgotten
    assert backups.backups_of(profile_of(laptop)) == (done.backup,)
    assert not old[0].path.exists()
    check_backup(old[1], old_key)
    laptop = open_laptop(laptop.folder, compiled_packs, clock)
    assert laptop.session.store.data_key() != old_key
    assert done.backup is not None
    check_backup(done.backup, laptop.session.store.data_key())
    assert laptop.answers(record)["serial"] == "1"
    assert key_deeds(laptop) == [{"what": "data key", "attachments": 0}]
    with laptop.session.store.reading() as db:
        assert access_log.verify(db) is None
    laptop.close()


def test_rotation_that_is_cancelled_leaves_the_profile_and_its_backups(
    laptop: AppLaptop, clock: StillClock, compiled_packs: Path
) -> None:
    old = backups.back_up_now(laptop.session, backups.default_place(profile_of(laptop).folder))
    old_key = laptop.session.store.data_key()
    laptop.close()

    with pytest.raises(Cancelled):
        keys.rotate(profile_of(laptop), PASSWORD, clock, cancelled=lambda: True)

    check_backup(old, old_key)
    laptop = open_laptop(laptop.folder, compiled_packs, clock)
    assert laptop.session.store.data_key() == old_key
    laptop.close()


def test_rotation_wants_the_password_and_a_closed_profile(
    laptop: AppLaptop, clock: StillClock
) -> None:
    with pytest.raises(StoreInUse):
        rotated(laptop, clock)
    laptop.close()

    with pytest.raises(WrongPassword) as refused:
        keys.rotate(profile_of(laptop), PASSWORD + "x", clock)
    assert refused.value.facts["attempts_left"] == attempts.MOST_ATTEMPTS - 1


def test_rotation_that_died_before_its_backups_were_swept_is_ended_by_the_next_unlock(
    laptop: AppLaptop, clock: StillClock, compiled_packs: Path
) -> None:
    place = backups.default_place(profile_of(laptop).folder)
    old = backups.back_up_now(laptop.session, place)
    user = laptop.session.worker.user
    laptop.close()
    folder = profile_of(laptop).folder
    new_key = rekey(folder, PASSWORD, user=user, now=clock.now(), cost=FAST_FOR_TESTS)
    assert old.path.exists()

    laptop = open_laptop(laptop.folder, compiled_packs, clock)

    (made,) = backups.backups_of(profile_of(laptop))
    check_backup(made, new_key)
    laptop.close()


def test_profile_is_restored_from_the_backup_of_its_new_key(
    laptop: AppLaptop, clock: StillClock, compiled_packs: Path
) -> None:
    record = laptop.record_survey(serial="1")
    laptop.close()
    rotated(laptop, clock)
    path = Profile(profile_of(laptop).folder).store_path
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)

    backups.restore_newest_good(profile_of(laptop), PASSWORD, clock)

    laptop = open_laptop(laptop.folder, compiled_packs, clock)
    assert laptop.answers(record)["serial"] == "1"
    laptop.close()


def test_code_that_the_office_read_out_before_a_rotation_opens_nothing(
    laptop: AppLaptop, clock: StillClock, tmp_path: Path
) -> None:
    office = tmp_path / "office.json"
    recovery.write_office_key(office, PASSWORD, cost=FAST_FOR_TESTS)
    laptop.close()
    (tmp_path / "recovery.pub").write_bytes(office.with_name("office.json.pub").read_bytes())
    public = profiles.office_key(tmp_path)
    assert public is not None
    recovery.add_recovery(profile_of(laptop), PASSWORD, public)
    path = Profile(profile_of(laptop).folder).key_path
    asked = [recovery.write_request(profile_of(laptop), tmp_path / "before")]

    rotated(laptop, clock)

    asked.append(recovery.write_request(profile_of(laptop), tmp_path / "after"))
    before, after = (recovery.read_out(request, office, PASSWORD) for request in asked)
    assert key.open_with_code(path, after) == key.open_key_file(path, PASSWORD)
    with pytest.raises(KeyTrouble):
        key.open_with_code(path, before)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the keyring is always there")
def test_profile_without_a_keyring_is_not_remembered_and_told_so(
    laptop: AppLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")

    with pytest.raises(KeyringMissing):
        keys.remember(laptop.session, PASSWORD)

    assert not keys.is_remembered(profile_of(laptop))
    assert key_deeds(laptop) == []
    laptop.close()


WITH_A_KEYRING = """
import sys
from pathlib import Path
from datetime import datetime
from fieldapp.clock import KOREA, StillClock
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.usecases import keys, profiles
home, packs, password = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
clock = StillClock(datetime(2026, 11, 30, 12, 0, tzinfo=KOREA))
(profile,) = profiles.list_profiles(home)

def opened():
    session = keys.unlock_by_keyring(profile, clock, packs)
    if session is None:
        return "-"
    session.store.close()
    return session.worker.user

session = profiles.unlock(profile, password, clock, packs)
print(keys.is_remembered(profile))
keys.remember(session, password)
session.store.close()
print(keys.is_remembered(profile), opened())
done = keys.rotate(profile, password, clock, cost=FAST_FOR_TESTS)
print(done.is_forgotten, keys.is_remembered(profile), opened())
session = keys.unlock_by_keyring(profile, clock, packs)
keys.forget(session)
session.store.close()
print(keys.is_remembered(profile), opened())
"""


@needs_keyring
def test_keyring_opens_the_profile_before_and_after_a_rotation_until_it_is_told_to_forget(
    laptop: AppLaptop, compiled_packs: Path, tmp_path: Path, clock: StillClock
) -> None:
    user = laptop.session.worker.user
    laptop.close()
    home = tmp_path / "user"
    home.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}

    arguments = [str(laptop.folder), str(compiled_packs), PASSWORD]

    done = subprocess.run(
        [*WITH_KEYRING, sys.executable, "-c", WITH_A_KEYRING, *arguments],
        env={**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )

    told = done.stdout.split()
    assert told == ["False", "True", user, "False", "True", user, "False", "-"]
    laptop = open_laptop(laptop.folder, compiled_packs, clock)
    whats = [deed["what"] for deed in key_deeds(laptop)]
    assert whats == ["remember", "data key", "forget"]
    session.lock(laptop.session)
