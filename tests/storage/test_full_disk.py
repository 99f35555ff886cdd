"""A full disk: what is typed is refused whole, what was saved before stays, and room mends it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import FAST_FOR_TESTS, new_data_key
from fieldapp.errors import StoreFull
from fieldapp.storage import blobs, drafts
from fieldapp.storage.database import Store
from fieldapp.storage.profile import create_profile
from tests.storage import building as b
from tests.storage import entity_building as e

GENEROUS_S = 60


def fill(store: Store, at_most: int = 2000) -> list[str]:
    """Write records until the disk is full; returns those that were acknowledged."""
    written: list[str] = []
    for number in range(at_most):
        try:
            written.append(b.create(store, {"serial": str(number + 1), "good": "가" * 3000}))
        except StoreFull:
            return written
    raise AssertionError("the disk never filled")


def fill_with_entities(store: Store, at_most: int = 2000) -> int:
    """Finish forms that make entities until the disk is full; returns how many were kept."""
    for number in range(at_most):
        try:
            e.finish_form(store, [e.making(b.new_uuid(), {"grade": "risk", "note": "가" * 2000})])
        except StoreFull:
            return number
    raise AssertionError("the disk never filled")


def test_full_disk_refuses_the_save_and_keeps_everything_before(small_disk: Path) -> None:
    key = new_data_key()
    store = Store.create(small_disk / "store.db", key, identity=b.IDENTITY, created_at=b.NOON)
    with store.writing() as db:
        drafts.keep(db, b.draft(b.record_id_at(), {"good": "쓰는 중"}))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 600_000)

    written = fill(store)

    assert len(written) > 10
    assert [b.answers_of(store, record)["serial"] for record in written] == [
        str(number + 1) for number in range(len(written))
    ]
    with store.reading() as db:
        assert db.rows("PRAGMA integrity_check") == [("ok",)]
        assert db.count("SELECT count(*) FROM operation") == len(written)
        assert drafts.all_drafts(db)[0].answers == {"good": "쓰는 중"}

    ballast.unlink()
    more = b.create(store, {"serial": "9999"})
    store.close()
    store = Store.open(small_disk / "store.db", key)
    assert b.answers_of(store, more) == {"serial": "9999"}
    with store.reading() as db:
        assert db.count("SELECT count(*) FROM record") == len(written) + 1
        assert db.rows("PRAGMA cipher_integrity_check") == []
    store.close()


def test_full_disk_refuses_a_form_with_its_entities_and_an_attachment_whole(
    small_disk: Path,
) -> None:
    key = new_data_key()
    store = Store.create(small_disk / "store.db", key, identity=b.IDENTITY, created_at=b.NOON)
    first = blobs.keep(store, b"picture", "png")
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 200_000)

    with pytest.raises(StoreFull):
        blobs.keep(store, b"\1" * 1_900_000, "png")
    written = fill_with_entities(store)

    assert written > 10
    assert blobs.read(store, first) == b"picture"
    assert len(list((small_disk / "attachments").iterdir())) == 1
    with store.reading() as db:
        assert db.rows("PRAGMA integrity_check") == [("ok",)]
        for table in ("operation", "record", "entity", "search"):
            assert db.count(f"SELECT count(*) FROM {table}") == written, table  # noqa: S608
        assert db.count("SELECT count(*) FROM entity_value") == 2 * written
    ballast.unlink()
    e.finish_form(store, [e.making(b.new_uuid(), {"grade": "risk"})])
    store.close()


def test_profile_that_finds_no_room_is_not_left_half_made(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"\0" * 2_050_000)
    folder = small_disk / "profiles" / "p1"

    with pytest.raises(StoreFull):
        create_profile(folder, "가상-비밀번호-1", created_at=b.NOON, cost=FAST_FOR_TESTS)

    assert not folder.exists()
    (small_disk / "ballast").unlink()
    create_profile(folder, "가상-비밀번호-1", created_at=b.NOON, cost=FAST_FOR_TESTS).close()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are a matter of POSIX")
def test_limit_on_file_size_refuses_the_save_and_keeps_everything_before(
    path: Path, data_key: bytes
) -> None:
    """SQLite tells it as an I/O error; that there is no room is one of what the sentence names."""
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    program = """
import resource, sys
from pathlib import Path
from fieldapp.errors import StoreUnwritable
from fieldapp.storage.database import Store
from tests.storage import building as b
store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
b.create(store, {"serial": "1"})
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
for number in range(2, 2000):
    try:
        b.create(store, {"serial": str(number), "good": "가" * 3000})
    except StoreUnwritable:
        print(number - 1)
        break
store.close()
"""
    told = subprocess.run(
        [sys.executable, "-c", program, str(path), data_key.hex()],
        capture_output=True,
        text=True,
        check=True,
        timeout=GENEROUS_S,
        cwd=Path(__file__).parents[2],
    )

    assert told.stderr == ""
    store = Store.open(path, data_key)
    with store.reading() as db:
        assert db.count("SELECT count(*) FROM record") == int(told.stdout)
        assert db.rows("PRAGMA integrity_check") == [("ok",)]
    store.close()
