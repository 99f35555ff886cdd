"""Another data key: everything is there under it, and nothing that is left opens with the old."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldapp.crypto.recovery import new_office_key
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.domain.ids import UserId
from fieldapp.errors import (
    Cancelled,
    RoomMissing,
    StoreDamaged,
    StoreFull,
    StoreInUse,
    StoreTrouble,
    StoreUnreadable,
    WrongPassword,
)
from fieldapp.messages import message_for
from fieldapp.storage import access_log, blobs, drafts, key, rekey
from fieldapp.storage.backup import back_up_file, check_backup, list_backups
from fieldapp.storage.database import Store, newest_schema
from fieldapp.storage.profile import Profile, create_profile
from fieldapp.storage.sqlite import connect, quoted
from tests.storage import building as b
from tests.storage import entity_building as e

PASSWORD = "가상-비밀번호-1"
WORKER = UserId("가상-오사무")
LATER = b.NOON + timedelta(hours=5)
PICTURE, DRAWING = b"%PDF-1 picture", b"%PDF-1 drawing"
ERASED = "가상-지운말-" * 2_000
GENEROUS_S = 60
LIMITED = """
import resource, sys
from datetime import datetime
from pathlib import Path
from fieldapp.clock import KOREA
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.domain.ids import UserId
from fieldapp.errors import FieldAppError
from fieldapp.storage.rekey import rekey
folder, password, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    rekey(folder, password, user=UserId("u"), now=datetime.now(KOREA), cost=FAST_FOR_TESTS)
except FieldAppError as error:
    print(error)
"""


@dataclass
class Kept:
    """A profile with records, an entity, a draft and two attachments."""

    profile: Profile
    old_key: bytes
    names: tuple[str, str]

    def rekey(self, **asked: Any) -> bytes:
        return rekey.rekey(
            self.profile.folder,
            PASSWORD,
            user=WORKER,
            now=LATER,
            cost=FAST_FOR_TESTS,
            **asked,
        )

    def rows(self, data_key: bytes) -> dict[str, list[Any]]:
        """Every row of every table, and what the tables are."""
        db = connect(self.profile.store_path, data_key, "ro")
        try:
            made = db.rows("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
            found: dict[str, list[Any]] = {"made": made}
            for kind, name, sql in made:
                # A table without contents of its own shows them in its shadow tables.
                if kind == "table" and "fts5" not in (sql or ""):
                    found[name] = db.rows(f"SELECT * FROM {quoted(name)}")  # noqa: S608 - its name
            found["versions"] = [db.count("PRAGMA user_version")]
            return found
        finally:
            db.close()

    def files(self) -> dict[str, bytes]:
        """What stands in the folder, by name, bar locks and logs."""
        return {
            str(file.relative_to(self.profile.folder)): file.read_bytes()
            for file in self.profile.folder.rglob("*")
            if file.is_file() and not file.name.endswith((".lock", "-wal", "-shm"))
        }


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    folder = tmp_path / "profiles" / "0123456789abcdef"
    folder.parent.mkdir()
    store = create_profile(
        folder,
        PASSWORD,
        label="가상-라벨",
        identity=b.IDENTITY,
        created_at=b.NOON,
        cost=FAST_FOR_TESTS,
        office_key=new_office_key(PASSWORD, FAST_FOR_TESTS).public,
    )
    for serial in range(20):
        b.create(store, {"serial": str(serial), "good": "가상-글 " * 50})
    e.finish_form(store, [e.making(b.new_uuid(), {"grade": "risk"})])
    with store.writing() as db:
        drafts.keep(db, b.draft(b.record_id_at(40), {"mode": "paper"}))
        access_log.append(db, at=b.NOON, user=WORKER, deed="login")
        access_log.checkpoint(db, access_log.key_of(db), b.NOON)
    names = (blobs.keep(store, PICTURE, "pdf"), blobs.keep(store, DRAWING, "pdf"))
    data_key = store.data_key()
    store.close()
    return Kept(Profile(folder), data_key, names)


def opens(path: Path, data_key: bytes) -> bool:
    try:
        connect(path, data_key, "ro").close()
    except StoreDamaged:
        return False
    return True


def test_every_table_row_trigger_and_index_is_there_under_the_new_key(kept: Kept) -> None:
    before = kept.rows(kept.old_key)

    new_key = kept.rekey()

    after = kept.rows(new_key)
    assert new_key != kept.old_key
    assert after.keys() == before.keys()
    assert after["versions"] == [newest_schema()]
    # What a change of key changes: where the attachments lie, and the deed.
    assert len(after.pop("access_log")) == len(before.pop("access_log")) + 1
    places = {row[:3] + row[4:] for row in before.pop("blob")}
    assert {row[:3] + row[4:] for row in after.pop("blob")} == places
    assert after == before
    store = Store.open(kept.profile.store_path, new_key)
    assert [blobs.read(store, name) for name in kept.names] == [PICTURE, DRAWING]
    with store.reading() as db:
        assert access_log.verify(db) is None
        deed = access_log.last(db)
    assert deed is not None
    assert (deed.deed, deed.user, deed.detail) == (
        "key",
        WORKER,
        {"what": "data key", "attachments": 2},
    )
    store.check()
    b.create(store, {"serial": "21"})
    store.close()


def test_nothing_that_is_left_in_the_folder_opens_with_the_old_key(kept: Kept) -> None:
    folder = kept.profile.folder
    shutil.copy(kept.profile.store_path, folder / "damaged-20261121T000000Z.db")
    old_names = {blobs.file_name(kept.old_key, name) for name in kept.names}

    new_key = kept.rekey()

    left = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(path.name for path in (folder / blobs.ATTACHMENTS).iterdir()) == sorted(
        blobs.file_name(new_key, name) for name in kept.names
    )
    assert not old_names & {path.name for path in left}
    stores = [path for path in left if path.suffix == ".db"]
    assert stores == [kept.profile.store_path]
    assert not opens(kept.profile.store_path, kept.old_key)
    names = {path.name for path in folder.iterdir() if not path.name.startswith("store.db")}
    assert names == {"key.json", "attachments", "old-backups"}
    names = {path.name for path in folder.iterdir()} - names
    assert names <= {"store.db", "store.db.lock", "store.db-wal", "store.db-shm"}


def test_words_of_freed_pages_do_not_come_along(kept: Kept) -> None:
    store = Store.open(kept.profile.store_path, kept.old_key)
    with store.writing() as db:
        db.execute("CREATE TABLE passing (words TEXT)")
        db.execute("INSERT INTO passing VALUES (?)", (ERASED,))
    with store.writing() as db:
        db.execute("DROP TABLE passing")
    store.close()
    db = connect(kept.profile.store_path, kept.old_key, "ro")
    assert db.count("PRAGMA freelist_count") > 0
    db.close()

    new_key = kept.rekey()

    db = connect(kept.profile.store_path, new_key, "ro")
    assert db.count("PRAGMA freelist_count") == 0
    db.close()


def test_password_label_and_office_stay_while_code_and_keyring_do_not(kept: Kept) -> None:
    path = kept.profile.key_path
    key.add_keyring(path, PASSWORD, b"s" * 32)
    before = key.sealed_code(path)

    new_key = kept.rekey()

    assert key.open_key_file(path, PASSWORD) == new_key
    assert key.read_label(path) == "가상-라벨"
    after = key.sealed_code(path)
    assert after.office_key == before.office_key
    assert after != before
    assert not key.has_keyring(path)
    with pytest.raises(WrongPassword):
        rekey.rekey(kept.profile.folder, PASSWORD + "x", user=WORKER, now=LATER)


def test_change_that_is_cancelled_anywhere_leaves_every_byte_as_it_was(kept: Kept) -> None:
    before = kept.files()
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return False

    reached: list[tuple[int, int]] = []
    copy = shutil.copytree(kept.profile.folder, kept.profile.folder.with_name("fedcba9876543210"))
    rekey.rekey(
        copy,
        PASSWORD,
        user=WORKER,
        now=LATER,
        cost=FAST_FOR_TESTS,
        cancelled=count,
        progress=lambda done, of: reached.append((done, of)),
    )
    assert reached == sorted(reached)
    assert reached[-1][0] == reached[-1][1]
    for passes in sorted({1, 2, asked // 2, asked - 1, asked}):
        with pytest.raises(Cancelled):
            kept.rekey(cancelled=_at_pass(passes))
        assert kept.files() == before


def _at_pass(passes: int) -> Callable[[], bool]:
    left = passes

    def cancelled() -> bool:
        nonlocal left
        left -= 1
        return left <= 0

    return cancelled


def test_damaged_store_keeps_its_key_and_is_told_so(kept: Kept) -> None:
    content = bytearray(kept.profile.store_path.read_bytes())
    content[len(content) // 2] ^= 1
    kept.profile.store_path.write_bytes(content)
    before = kept.files()

    with pytest.raises(StoreDamaged):
        kept.rekey()

    assert kept.files() == before


def test_damaged_attachment_is_told_as_such_afterwards_and_a_lost_one_as_lost(kept: Kept) -> None:
    folder = kept.profile.folder / blobs.ATTACHMENTS
    damaged, lost = (folder / blobs.file_name(kept.old_key, name) for name in kept.names)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    lost.unlink()

    store = Store.open(kept.profile.store_path, kept.rekey())

    troubles = []
    for name in kept.names:
        with pytest.raises(StoreTrouble) as told:
            blobs.read(store, name)
        troubles.append(type(told.value).__name__)
    assert troubles == ["BlobDamaged", "BlobMissing"]
    store.close()


def test_files_of_an_earlier_change_that_cannot_be_taken_away_are_found_before_it_begins(
    kept: Kept,
) -> None:
    (kept.profile.folder / "attachments.old").write_text("in the way")
    before = kept.files()

    with pytest.raises(StoreUnreadable):
        kept.rekey()

    assert kept.files() == before
    store = Store.open(kept.profile.store_path, kept.old_key)
    assert blobs.read(store, kept.names[0]) == PICTURE
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on files is a matter of POSIX")
def test_disk_that_refuses_the_copy_half_way_leaves_every_byte_as_it_was(kept: Kept) -> None:
    before = kept.files()
    half = kept.profile.store_path.stat().st_size // 2

    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(kept.profile.folder), PASSWORD, str(half)],
        capture_output=True,
        text=True,
        check=True,
        timeout=GENEROUS_S,
    )

    assert done.stdout.split() == ["StoreUnwritable"]
    assert kept.files() == before


def test_profile_that_is_open_keeps_its_key(kept: Kept) -> None:
    store = Store.open(kept.profile.store_path, kept.old_key)

    with pytest.raises(StoreInUse):
        kept.rekey()

    assert b.create(store, {"serial": "22"})
    store.close()


def test_what_a_change_that_was_not_made_left_is_thrown_away_by_nobody_but_who_holds_the_profile(
    kept: Kept,
) -> None:
    folder = kept.profile.folder
    before = kept.files()
    for name in ("store.db.rekeying", "key.json.rekeyed"):
        (folder / name).write_bytes(b"half")
    (folder / "attachments.rekeyed").mkdir()
    (folder / "attachments.rekeyed" / "half").write_bytes(b"half")
    begun = kept.files()
    store = Store.open(kept.profile.store_path, kept.old_key)

    with pytest.raises(StoreInUse):
        rekey.end_rekey(folder)
    assert kept.files() == begun
    store.close()

    assert not rekey.end_rekey(folder)
    assert kept.files() == before
    assert not (folder / "attachments.rekeyed").exists()


def test_old_backups_go_once_a_new_one_was_found_good(kept: Kept, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    old = [
        back_up_file(kept.profile.store_path, kept.old_key, place, made_at=made_at, kind="daily")
        for made_at in (b.NOON, b.NOON + timedelta(days=1))
    ]
    folder = kept.profile.folder
    assert rekey.sweep_backups(folder, kept.old_key, place, LATER) is None
    new_key = kept.rekey()
    assert [rekey.has_other_key(backup, new_key) for backup in old] == [True, True]

    made = rekey.sweep_backups(folder, new_key, place, LATER)

    assert made is not None
    assert list_backups(place, folder.name) == (made,)
    check_backup(made, new_key)
    sealed = made.path.parent.glob("attachments/*")
    assert sorted(path.name for path in sealed) == list(made.attachments)
    assert not any(backup.path.exists() or backup.key_path.exists() for backup in old)
    assert rekey.sweep_backups(folder, new_key, place, LATER) is None


def test_old_backups_stand_until_there_is_a_place_for_a_new_one(kept: Kept, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    old = back_up_file(kept.profile.store_path, kept.old_key, place, made_at=b.NOON, kind="daily")
    new_key = kept.rekey()
    away = tmp_path / "away"
    away.touch()

    with pytest.raises(StoreTrouble):
        rekey.sweep_backups(kept.profile.folder, new_key, away, LATER)

    check_backup(old, kept.old_key)
    assert rekey.sweep_backups(kept.profile.folder, new_key, place, LATER) is not None


def test_disk_without_room_for_a_second_store_is_found_before_anything_is_written(
    kept: Kept, small_disk: Path
) -> None:
    folder = Path(shutil.copytree(kept.profile.folder, small_disk / "p1"))
    before = sorted(folder.iterdir())

    with pytest.raises(RoomMissing) as told:
        rekey.rekey(folder, PASSWORD, user=WORKER, now=LATER, cost=FAST_FOR_TESTS)

    assert isinstance(told.value, StoreFull)
    assert told.value.facts["free_mb"] in range(2)
    assert "MB" in message_for(told.value).happened
    assert sorted(folder.iterdir()) == before
