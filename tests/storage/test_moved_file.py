"""A file that is moved, deleted, replaced or no longer writable under the open store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.errors import StoreMoved, StoreUnreadable
from fieldapp.storage import drafts
from fieldapp.storage.database import Store
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


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which can be made read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    if mounted:
        mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
        mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("NOT RUN: a read-only disk wants root, Linux and the right to mount a tmpfs")
    yield folder
    # Lazily: a test that failed has left its store open.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


def test_store_on_a_read_only_disk_is_refused_and_opens_when_it_is_writable(disk: Path) -> None:
    key = new_data_key()
    store = Store.create(disk / "store.db", key, identity=b.IDENTITY, created_at=b.NOON)
    b.create(store, {"serial": "1"})
    store.close()
    before = store.path.read_bytes()
    remount(disk, "ro")

    with pytest.raises(StoreUnreadable):
        Store.open(store.path, key)
    with pytest.raises(StoreUnreadable):
        Store.create(disk / "another.db", key, identity=None, created_at=b.NOON)

    assert store.path.read_bytes() == before
    remount(disk, "rw")
    again = Store.open(store.path, key)
    assert count(again) == 1
    b.create(again, {"serial": "2"})
    again.close()
