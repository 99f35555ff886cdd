"""Profiles of a laptop: a folder each, opened by its password and by nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.errors import (
    KeyFileDamaged,
    StoreExists,
    StoreInUse,
    StoreUnreadable,
    WeakPassword,
    WrongPassword,
)
from fieldapp.storage import answers, drafts, packs
from fieldapp.storage.database import Store
from fieldapp.storage.key import change_password, create_key_file, open_key_file, read_label
from fieldapp.storage.profile import Profile, create_profile, list_profiles, open_profile
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b

PASSWORD = "가상-비밀번호-1"
OTHER = "다른-가상-비밀-2"
CANARY = "카나리아새장속의노래"


def make(folder: Path, label: str = "가") -> Store:
    return create_profile(
        folder,
        PASSWORD,
        label=label,
        created_at=b.NOON,
        identity=b.IDENTITY,
        cost=FAST_FOR_TESTS,
    )


def test_profile_opens_with_its_password_and_keeps_what_was_written(tmp_path: Path) -> None:
    store = make(tmp_path / "p1")
    record = b.create(store, {"mode": "paper"})
    store.close()

    store = open_profile(tmp_path / "p1", PASSWORD)

    assert b.answers_of(store, record) == {"mode": "paper"}
    store.close()


def test_wrong_password_opens_nothing_and_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path / "p1").close()
    before = {file.name: file.read_bytes() for file in (tmp_path / "p1").iterdir()}

    with pytest.raises(WrongPassword):
        open_profile(tmp_path / "p1", OTHER)

    assert {file.name: file.read_bytes() for file in (tmp_path / "p1").iterdir()} == before


def test_changed_password_opens_the_same_store_and_the_old_one_no_more(tmp_path: Path) -> None:
    store = make(tmp_path / "p1")
    record = b.create(store, {"mode": "paper"})
    store.close()
    key_path = Profile(tmp_path / "p1").key_path

    with pytest.raises(WrongPassword):
        change_password(key_path, OTHER, OTHER, cost=FAST_FOR_TESTS)
    with pytest.raises(WeakPassword):
        change_password(key_path, PASSWORD, "짧음", cost=FAST_FOR_TESTS)
    change_password(key_path, PASSWORD, OTHER, cost=FAST_FOR_TESTS)

    with pytest.raises(WrongPassword):
        open_profile(tmp_path / "p1", PASSWORD)
    store = open_profile(tmp_path / "p1", OTHER)
    assert b.answers_of(store, record) == {"mode": "paper"}
    assert read_label(key_path) == "가"
    store.close()


def test_weak_password_makes_no_profile(tmp_path: Path) -> None:
    with pytest.raises(WeakPassword):
        create_profile(tmp_path / "p1", "1234", created_at=b.NOON, cost=FAST_FOR_TESTS)

    assert list(tmp_path.iterdir()) == []


def test_profile_is_never_made_over_another(tmp_path: Path) -> None:
    make(tmp_path / "p1").close()

    with pytest.raises(StoreExists):
        make(tmp_path / "p1")
    with pytest.raises(StoreExists):
        create_key_file(tmp_path / "p1" / "key.json", PASSWORD, cost=FAST_FOR_TESTS)


def test_creation_that_died_before_is_tried_again(tmp_path: Path) -> None:
    left = tmp_path / "p1.new"
    left.mkdir()
    (left / "key.json").write_text("{}")

    assert list_profiles(tmp_path) == ()
    make(tmp_path / "p1").close()

    assert [profile.id for profile in list_profiles(tmp_path)] == ["p1"]


def test_profiles_are_listed_by_label_and_a_damaged_one_is_still_seen(tmp_path: Path) -> None:
    for folder, label in (("p1", "나"), ("p2", "가"), ("p3", "다")):
        make(tmp_path / folder, label).close()
    (tmp_path / "p3" / "key.json").write_text("damaged")
    (tmp_path / "stray").mkdir()

    listed = list_profiles(tmp_path)

    assert [(profile.id, profile.label) for profile in listed] == [
        ("p2", "가"),
        ("p1", "나"),
        ("p3", "p3"),
    ]
    assert list_profiles(tmp_path / "nowhere") == ()


def test_two_profiles_of_one_laptop_are_open_side_by_side(tmp_path: Path) -> None:
    one, other = make(tmp_path / "p1"), make(tmp_path / "p2")

    with pytest.raises(StoreInUse):
        open_profile(tmp_path / "p1", PASSWORD)
    one.close()
    other.close()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"format":"other","version":1,"label":"","wraps":[]}',
        b"{" * 100_000,
        b"[" * 60_000,
        b'"' + b"x" * 100_000 + b'"',
    ],
)
def test_key_file_that_cannot_be_read_is_damage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content)

    with pytest.raises(KeyFileDamaged):
        open_key_file(path, PASSWORD)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), 3),
        (("wraps",), []),
        (("wraps", 0, "kdf"), "pbkdf2"),
        (("wraps", 0, "cipher"), "none"),
        (("wraps", 0, "cost", "memory_kib"), 10**9),
        (("wraps", 0, "type"), "other"),
        (("wraps", 0, "salt"), "!"),
    ],
)
def test_key_file_with_an_unknown_algorithm_or_a_hostile_cost_is_damage(
    tmp_path: Path, place: tuple[str | int, ...], value: object
) -> None:
    path = tmp_path / "key.json"
    create_key_file(path, PASSWORD, cost=FAST_FOR_TESTS)
    file = json.loads(path.read_text())
    inner = file
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    path.write_text(json.dumps(file))

    with pytest.raises(KeyFileDamaged):
        open_key_file(path, PASSWORD)


def test_missing_key_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable):
        open_key_file(tmp_path / "key.json", PASSWORD)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are a matter of POSIX")
def test_only_its_owner_may_look_into_a_profile(tmp_path: Path) -> None:
    make(tmp_path / "p1").close()

    assert (tmp_path / "p1").stat().st_mode & 0o077 == 0
    assert (tmp_path / "p1" / "key.json").stat().st_mode & 0o077 == 0


def test_nothing_written_is_found_in_any_file_of_the_profile(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Draft, record, projection, pack and pulled documents; with the log open and folded in."""
    folder = tmp_path / "p1"
    store = make(folder)
    record = b.create(store, {"good": CANARY, "mode": CANARY})
    with store.writing() as db:
        drafts.keep(db, b.draft(b.record_id_at(1), {"wish": CANARY}))
        packs.install(db, form=b.FORM, content=CANARY.encode() * 500, workbook_sha256="0" * 64)
    replica = StoreReplica(store, b.projections)
    replica.accept_rows(b.page(b.put(b.record_id_at(2), 1, {"good": CANARY * 2000})))
    answers.project_due(store, b.projections, 10)

    while_open = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert b.answers_of(store, record)["good"] == CANARY
    store.close()
    when_closed = {file.name: file.read_bytes() for file in folder.iterdir()}

    assert len(while_open["store.db-wal"]) > len(CANARY) * 2000
    assert set(when_closed) == {"store.db", "store.db.lock", "key.json"}
    hidden = [CANARY, CANARY[:4], PASSWORD, b.AUTHOR]
    for content in (*while_open.values(), *when_closed.values()):
        for secret in hidden:
            for encoding in ("utf-8", "utf-16-le", "cp949"):
                assert secret.encode(encoding) not in content
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")


def test_profiles_are_listed_in_korean_order(tmp_path: Path) -> None:
    labels = ("Kim", "10통", "하늘", "2통", "가람")
    for number, label in enumerate(labels):
        make(tmp_path / f"p{number}", label).close()

    listed = [profile.label for profile in list_profiles(tmp_path)]
    assert listed == ["가람", "하늘", "Kim", "2통", "10통"]
