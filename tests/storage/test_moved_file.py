"""A file that is moved, deleted, replaced or no longer writable under the open store."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.errors import StoreMoved, StoreUnreadable, StoreUnwritable
from fieldapp.storage import drafts
from fieldapp.storage.database import Store
from fieldapp.storage.whole_files import write_whole
from tests.disks import remount
from tests.storage import building as b


def count(store: Store) -> int:
    with store.reading() as db:
        return db.count("SELECT count(*) FROM record")


def deleted(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def folder_moved(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def replaced(path: Path) -> None:
    """By a copy of itself, as a tool that syncs folders does."""
    shutil.copy(path, path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


def log_deleted(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move an open file")
@pytest.mark.parametrize("harm", [deleted, moved, folder_moved, replaced, log_deleted])
def test_nothing_is_written_into_a_file_that_is_no_longer_at_its_place(
    tmp_path: Path, data_key: bytes, harm: Callable[[Path], None]
) -> None:
    folder = tmp_path / "profile"
    folder.mkdir()
    store = Store.create(folder / "store.db", data_key, identity=b.IDENTITY, created_at=b.NOON)
    b.create(store, {"serial": "1"})

    harm(store.path)

    with pytest.raises(StoreMoved):
        b.create(store, {"serial": "2"})
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move an open file")
def test_file_that_vanishes_inside_a_transaction_takes_it_back(store: Store) -> None:
    away = store.path.with_name("away.db")

    def keep_and_move() -> None:
        with store.writing() as db:
            drafts.keep(db, b.draft(b.record_id_at(), {"good": "쓰는 중"}))
            store.path.rename(away)

    with pytest.raises(StoreMoved):
        keep_and_move()

    away.rename(store.path)
    with store.reading() as db:
        assert drafts.all_drafts(db) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move an open file")
def test_writing_goes_on_once_the_file_is_back(store: Store, data_key: bytes) -> None:
    b.create(store, {"serial": "1"})
    away = store.path.with_name("away.db")
    store.path.rename(away)
    with pytest.raises(StoreMoved):
        b.create(store, {"serial": "2"})

    away.rename(store.path)
    b.create(store, {"serial": "2"})

    store.close()
    again = Store.open(store.path, data_key)
    assert count(again) == 2
    again.check()
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move an open file")
def test_store_closed_while_its_file_was_away_is_whole_when_it_is_back(
    store: Store, data_key: bytes
) -> None:
    """What stands only in the log is not folded into nowhere."""
    b.create(store, {"serial": "1"})
    away = store.path.with_name("away.db")
    store.path.rename(away)
    store.close()

    away.rename(store.path)

    again = Store.open(store.path, data_key)
    assert count(again) == 1
    again.check()
    again.close()


def test_store_on_a_read_only_disk_is_refused_and_opens_when_it_is_writable(
    small_disk: Path,
) -> None:
    key = new_data_key()
    store = Store.create(small_disk / "store.db", key, identity=b.IDENTITY, created_at=b.NOON)
    b.create(store, {"serial": "1"})
    store.close()
    before = store.path.read_bytes()
    remount(small_disk, "ro")

    with pytest.raises(StoreUnreadable):
        Store.open(store.path, key)
    with pytest.raises(StoreUnreadable):
        Store.create(small_disk / "another.db", key, identity=None, created_at=b.NOON)

    assert store.path.read_bytes() == before
    remount(small_disk, "rw")
    again = Store.open(store.path, key)
    assert count(again) == 1
    b.create(again, {"serial": "2"})
    again.close()


def test_file_beside_the_store_that_a_read_only_disk_refuses_is_told_and_the_old_one_stays(
    small_disk: Path,
) -> None:
    file = small_disk / "key.json"
    write_whole(file, b"before")
    remount(small_disk, "ro")

    with pytest.raises(StoreUnwritable):
        write_whole(file, b"after")

    assert file.read_bytes() == b"before"
    remount(small_disk, "rw")
    write_whole(file, b"after")
    assert [found.name for found in small_disk.iterdir()] == ["key.json"]
