"""A forgotten password: the office's code opens the profile, gives it another, and is used up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.crypto import recovery
from fieldapp.crypto.recovery import OfficeKey
from fieldapp.crypto.wrapping import FAST_FOR_TESTS, PasswordWrap
from fieldapp.errors import (
    KeyFileDamaged,
    RecoveryCodeWrong,
    RecoveryMissing,
    StoreInUse,
    WeakPassword,
    WrongPassword,
)
from fieldapp.storage import key
from fieldapp.storage.database import Store
from fieldapp.storage.profile import Profile, create_profile, open_profile, open_with_code
from tests.storage import building as b

PASSWORD = "가상-비밀번호-1"
OTHER = "다른-가상-비밀-2"
PASSPHRASE = "가상-사무실-열쇠-2026"
SECRET = b"s" * 44


@pytest.fixture(scope="module")
def office() -> OfficeKey:
    return recovery.new_office_key(PASSPHRASE, FAST_FOR_TESTS)


def make(folder: Path, office: OfficeKey | None) -> Store:
    return create_profile(
        folder,
        PASSWORD,
        label="가",
        created_at=b.NOON,
        identity=b.IDENTITY,
        cost=FAST_FOR_TESTS,
        office_key=office.public if office else None,
    )


def code_of(path: Path, office: OfficeKey) -> str:
    return recovery.open_code(key.sealed_code(path), office, PASSPHRASE)


def as_version_1(path: Path) -> None:
    """The file as the first release wrote it: the password's wrap alone."""
    file = json.loads(path.read_text())
    file["version"] = 1
    file["wraps"] = [wrap for wrap in file["wraps"] if wrap["type"] == "password"]
    path.write_text(json.dumps(file))


def test_office_code_opens_what_was_written_and_sets_a_new_password(
    tmp_path: Path, office: OfficeKey
) -> None:
    store = make(tmp_path / "p1", office)
    record = b.create(store, {"mode": "paper"})
    store.close()
    path = Profile(tmp_path / "p1").key_path

    store = open_with_code(tmp_path / "p1", code_of(path, office), OTHER, cost=FAST_FOR_TESTS)
    assert b.answers_of(store, record) == {"mode": "paper"}
    store.close()

    with pytest.raises(WrongPassword):
        open_profile(tmp_path / "p1", PASSWORD)
    open_profile(tmp_path / "p1", OTHER).close()
    assert key.read_label(path) == "가"


def test_code_is_used_up_and_a_new_one_stands_ready(tmp_path: Path, office: OfficeKey) -> None:
    make(tmp_path / "p1", office).close()
    path = Profile(tmp_path / "p1").key_path
    first = code_of(path, office)
    open_with_code(tmp_path / "p1", first, OTHER, cost=FAST_FOR_TESTS).close()

    with pytest.raises(RecoveryCodeWrong):
        open_with_code(tmp_path / "p1", first, PASSWORD, cost=FAST_FOR_TESTS)
    second = code_of(path, office)
    assert second != first
    open_with_code(tmp_path / "p1", second, PASSWORD, cost=FAST_FOR_TESTS).close()


def test_refused_recovery_changes_nothing(tmp_path: Path, office: OfficeKey) -> None:
    store = make(tmp_path / "p1", office)
    path = Profile(tmp_path / "p1").key_path
    code, before = code_of(path, office), path.read_bytes()

    with pytest.raises(StoreInUse):
        open_with_code(tmp_path / "p1", code, OTHER, cost=FAST_FOR_TESTS)
    store.close()
    with pytest.raises(WeakPassword):
        open_with_code(tmp_path / "p1", code, "짧음", cost=FAST_FOR_TESTS)

    assert path.read_bytes() == before


def test_profile_that_was_never_prepared_says_so(tmp_path: Path) -> None:
    make(tmp_path / "p1", None).close()
    path = Profile(tmp_path / "p1").key_path

    assert not key.has_recovery(path)
    with pytest.raises(RecoveryMissing):
        key.sealed_code(path)
    with pytest.raises(RecoveryMissing):
        open_with_code(tmp_path / "p1", "0" * 25, OTHER, cost=FAST_FOR_TESTS)


def test_password_change_keeps_the_other_ways_in(tmp_path: Path, office: OfficeKey) -> None:
    path = tmp_path / "key.json"
    data_key = key.create_key_file(path, PASSWORD, cost=FAST_FOR_TESTS, office_key=office.public)
    key.add_keyring(path, PASSWORD, SECRET)

    key.change_password(path, PASSWORD, OTHER, cost=FAST_FOR_TESTS)

    assert key.open_with_code(path, code_of(path, office)) == data_key
    assert key.open_with_secret(path, SECRET) == data_key
    assert key.open_with_secret(path, b"x" * 44) is None


def test_reset_password_forgets_what_the_keyring_remembered(
    tmp_path: Path, office: OfficeKey
) -> None:
    path = tmp_path / "key.json"
    key.create_key_file(path, PASSWORD, cost=FAST_FOR_TESTS, office_key=office.public)
    key.add_keyring(path, PASSWORD, SECRET)

    key.reset_password(path, code_of(path, office), OTHER, cost=FAST_FOR_TESTS)

    assert key.open_with_secret(path, SECRET) is None


def test_key_file_of_the_first_release_is_read_and_becomes_the_second(
    tmp_path: Path, office: OfficeKey
) -> None:
    path = tmp_path / "key.json"
    data_key = key.create_key_file(path, PASSWORD, label="가", cost=FAST_FOR_TESTS)
    as_version_1(path)

    assert key.open_key_file(path, PASSWORD) == data_key
    assert json.loads(path.read_text())["version"] == 1
    key.add_recovery(path, PASSWORD, office.public)

    assert json.loads(path.read_text())["version"] == 2
    assert key.open_key_file(path, PASSWORD) == data_key
    assert key.open_with_code(path, code_of(path, office)) == data_key
    assert key.read_label(path) == "가"


@pytest.mark.parametrize("kinds", [[0, 0], [1], [0, 1, 1], [0, 2, 2]])
def test_key_file_with_wraps_that_do_not_belong_together_is_damage(
    tmp_path: Path, office: OfficeKey, kinds: list[int]
) -> None:
    path = tmp_path / "key.json"
    key.create_key_file(path, PASSWORD, cost=FAST_FOR_TESTS, office_key=office.public)
    key.add_keyring(path, PASSWORD, SECRET)
    file = json.loads(path.read_text())
    assert file["wraps"][0]["type"] == PasswordWrap.__struct_config__.tag
    file["wraps"] = [file["wraps"][kind] for kind in kinds]
    path.write_text(json.dumps(file))

    with pytest.raises(KeyFileDamaged):
        key.open_key_file(path, PASSWORD)


def test_first_version_with_a_wrap_it_did_not_know_is_damage(
    tmp_path: Path, office: OfficeKey
) -> None:
    path = tmp_path / "key.json"
    key.create_key_file(path, PASSWORD, cost=FAST_FOR_TESTS, office_key=office.public)
    path.write_text(path.read_text().replace('"version":2', '"version":1'))

    with pytest.raises(KeyFileDamaged):
        key.read_label(path)
