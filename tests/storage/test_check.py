"""The store read whole, logs that were left behind, and what is done before an upgrade."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.errors import BackupMissing, Cancelled, StoreDamaged, StoreInUse
from fieldapp.storage.database import Store, migrate, newest_schema
from fieldapp.storage.sqlite import connect
from tests.storage import building as b

GENEROUS_S = 60
PAGE_BYTES = 4096


def flipped(content: bytes, place: int) -> bytes:
    """One bit of one byte is another."""
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def copied_with_log(store: Store, folder: Path) -> Path:
    """The file and its log as they lie on the disk now, as after a kill."""
    folder.mkdir()
    for file in (store.path, log_of(store.path)):
        shutil.copy(file, folder / file.name)
    return folder / store.path.name


def test_whole_store_is_whole_and_progress_is_told_to_the_end(store: Store) -> None:
    b.create(store, {"good": "가" * 4000})
    told: list[tuple[int, int]] = []

    store.check(lambda done, of: told.append((done, of)))

    assert [done for done, _ in told] == list(range(len(told)))
    assert told[-1] == (len(told) - 1, len(told) - 1)


def test_check_stops_when_it_is_asked_to(store: Store) -> None:
    asked: list[int] = []

    def third_time() -> bool:
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(Cancelled):
        store.check(cancelled=third_time)

    store.check()


def test_byte_flipped_in_any_page_is_found_by_the_check(store: Store, data_key: bytes) -> None:
    """Opening reads few pages; the check reads each, also those that no table names any more."""
    for number in range(4):
        b.create(store, {"serial": str(number + 1), "good": "가" * 6000})
    store.close()
    whole = store.path.read_bytes()
    unnoticed = []
    for page in range(len(whole) // PAGE_BYTES):
        place = page * PAGE_BYTES + (page * 977) % PAGE_BYTES
        store.path.write_bytes(flipped(whole, place))
        try:
            opened = Store.open(store.path, data_key)
        except StoreDamaged:
            continue
        try:
            opened.check()
            unnoticed.append(place)
        except StoreDamaged:
            pass
        finally:
            opened.close()

    assert len(whole) // PAGE_BYTES > 40
    assert unnoticed == []


def test_store_cut_short_is_damaged(store: Store, data_key: bytes) -> None:
    b.create(store, {"good": "가" * 6000})
    store.close()
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[: len(whole) // PAGE_BYTES // 2 * PAGE_BYTES])

    with pytest.raises(StoreDamaged):
        Store.open(store.path, data_key).check()


def test_log_left_by_a_killed_process_is_taken_in(path: Path, data_key: bytes) -> None:
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from fieldapp.storage.database import Store; from tests.storage import building as b\n"
        "store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "print(b.create(store, {'serial': '1'}), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(path), data_key.hex()],
        capture_output=True,
        text=True,
        check=False,
        timeout=GENEROUS_S,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert log_of(path).stat().st_size > 0

    store = Store.open(path, data_key)

    assert b.answers_of(store, ended.stdout.strip()) == {"serial": "1"}
    store.check()
    store.close()
    assert not log_of(path).exists()


def test_log_cut_anywhere_gives_the_saves_before_the_cut(
    store: Store, tmp_path: Path, data_key: bytes
) -> None:
    """What a torn write leaves: the store is whole, and holds a beginning of what was saved."""
    made = [b.create(store, {"serial": str(number + 1)}) for number in range(6)]
    left = copied_with_log(store, tmp_path / "left")
    log = log_of(left).read_bytes()
    counts = []
    for tenth in range(11):
        folder = Path(shutil.copytree(left.parent, tmp_path / f"cut-{tenth}"))
        (folder / log_of(left).name).write_bytes(log[: len(log) * tenth // 10])
        try:
            opened = Store.open(folder / left.name, data_key)
        except StoreDamaged:
            counts.append(-1)  # cut before the tables themselves were in the file
            continue
        with opened.reading() as db:
            kept = [row[0] for row in db.rows("SELECT id FROM record")]
        opened.check()
        opened.close()
        assert set(kept) == set(made[: len(kept)])
        counts.append(len(kept))

    assert counts == sorted(counts)
    assert counts[-1] == 6


def test_log_of_another_store_is_not_taken_in(
    store: Store, tmp_path: Path, data_key: bytes
) -> None:
    """Another profile's log under this one's name: its pages are not of this key."""
    made = b.create(store, {"serial": "1"})
    store.close()
    other = Store.create(tmp_path / "o.db", new_data_key(), identity=b.IDENTITY, created_at=b.NOON)
    b.create(other, {"serial": "2"})
    shutil.copy(log_of(other.path), log_of(store.path))
    before = store.path.read_bytes()

    with pytest.raises(StoreDamaged):
        Store.open(store.path, data_key)

    assert store.path.read_bytes() == before
    log_of(store.path).unlink()
    again = Store.open(store.path, data_key)
    assert b.answers_of(again, made) == {"serial": "1"}
    again.check()
    again.close()
    other.close()


def old_store(path: Path, data_key: bytes) -> None:
    """A store with the tables of the first version."""
    db = connect(path, data_key, "rwc")
    migrate(db, 1)
    db.close()


@pytest.mark.skipif(newest_schema() == 1, reason="there is no upgrade yet")
def test_before_an_upgrade_the_old_store_is_shown_and_held(path: Path, data_key: bytes) -> None:
    old_store(path, data_key)
    seen: list[int] = []

    def look(shown: Path, key: bytes) -> None:
        with pytest.raises(StoreInUse):
            Store.open(shown, key)
        db = connect(shown, key, "ro")
        seen.append(db.count("PRAGMA user_version"))
        db.close()

    Store.open(path, data_key, before_migration=look).close()
    Store.open(path, data_key, before_migration=look).close()

    assert seen == [1]


@pytest.mark.skipif(newest_schema() == 1, reason="there is no upgrade yet")
def test_what_cannot_be_done_before_an_upgrade_stops_it(path: Path, data_key: bytes) -> None:
    old_store(path, data_key)
    before = path.read_bytes()

    def fail(_path: Path, _key: bytes) -> None:
        raise BackupMissing

    with pytest.raises(BackupMissing):
        Store.open(path, data_key, before_migration=fail)

    assert path.read_bytes() == before
    Store.open(path, data_key).close()


def test_closing_wipes_the_key_that_the_store_held(path: Path) -> None:
    store = Store.create(path, new_data_key(), identity=None, created_at=b.NOON)
    held = store._data_key
    assert held is not None
    assert any(held)

    store.close()

    assert not any(held)
