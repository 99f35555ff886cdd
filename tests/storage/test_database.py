"""The file itself: one owner, one writer at a time, unchanging views, no trouble in silence."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.errors import (
    StoreDamaged,
    StoreExists,
    StoreInUse,
    StoreLocked,
    StoreTooNew,
    StoreUnreadable,
)
from fieldapp.storage import database, meta, packs, records
from fieldapp.storage.database import Store, newest_schema
from fieldapp.storage.sqlite import Database, connect, statements
from tests.storage import building as b

GENEROUS_S = 60


def put_cursor(store: Store, scope: str) -> None:
    with store.writing() as db:
        db.execute("INSERT INTO cursor (scope, token) VALUES (?, 't')", (scope,))


def cursors(store: Store) -> list[str]:
    with store.reading() as db:
        return [scope for (scope,) in db.rows("SELECT scope FROM cursor ORDER BY scope")]


def test_what_was_committed_is_there_after_reopening(path: Path, data_key: bytes) -> None:
    store = Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON)
    record = b.create(store, {"mode": "paper"})
    store.close()

    store = Store.open(path, data_key)

    assert b.answers_of(store, record) == {"mode": "paper"}
    with store.reading() as db:
        assert store.identity(db) == b.IDENTITY
    store.close()


def test_store_without_a_name_has_a_provisional_one(path: Path, data_key: bytes) -> None:
    store = Store.create(path, data_key, identity=None, created_at=b.NOON)

    with store.reading() as db:
        identity = store.identity(db)
        assert not meta.is_enrolled(db)

    assert len(identity.replica) == 36
    assert identity.incarnation == 1
    store.close()


def test_exception_inside_a_transaction_takes_everything_back(store: Store) -> None:
    with pytest.raises(KeyError), store.writing() as db:  # noqa: PT012 - all of it is tested
        db.execute("INSERT INTO cursor (scope, token) VALUES ('a', 'b')")
        raise KeyError

    assert cursors(store) == []
    put_cursor(store, "c")
    assert cursors(store) == ["c"]


def test_reader_sees_one_moment_however_much_is_written_meanwhile(store: Store) -> None:
    put_cursor(store, "a")
    with store.reading() as db:
        before = db.rows("SELECT scope FROM cursor")
        writer = threading.Thread(target=put_cursor, args=(store, "b"))
        writer.start()
        writer.join(GENEROUS_S)

        assert not writer.is_alive()
        assert db.rows("SELECT scope FROM cursor") == before
        with store.reading() as inner:
            assert inner is db

    assert cursors(store) == ["a", "b"]


def test_two_threads_read_whole_transactions_while_one_writes(store: Store) -> None:
    """Each transaction writes a pair; nobody may ever see half of one."""
    pairs = 150
    written = threading.Event()
    torn: list[int] = []
    seen: list[int] = []

    def write() -> None:
        for number in range(pairs):
            with store.writing() as db:
                for half in ("left", "right"):
                    db.execute(
                        "INSERT INTO cursor (scope, token) VALUES (?, ?)",
                        (f"{number}-{half}", half),
                    )
        written.set()

    def read() -> None:
        while not written.is_set():
            with store.reading() as db:
                rows = db.count("SELECT count(*) FROM cursor")
                again = db.count("SELECT count(*) FROM cursor")
            seen.append(rows)
            if rows % 2 or rows != again:
                torn.append(rows)

    threads = [threading.Thread(target=task) for task in (write, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GENEROUS_S)

    assert not any(thread.is_alive() for thread in threads)
    assert torn == []
    assert len(cursors(store)) == 2 * pairs
    assert seen == sorted(seen) or len(set(seen)) > 1


def test_writers_of_several_threads_take_turns_and_lose_nothing(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(40):
            with store.writing() as db:
                count = db.count("SELECT count(*) FROM cursor")
                db.execute(
                    "INSERT INTO cursor (scope, token) VALUES (?, ?)",
                    (f"{name}-{number}", str(count)),
                )

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GENEROUS_S)

    with store.reading() as db:
        tokens = [int(token) for (token,) in db.rows("SELECT token FROM cursor")]
    assert sorted(tokens) == list(range(120))


def test_transaction_inside_a_transaction_is_our_defect_and_no_deadlock(store: Store) -> None:
    with store.writing(), pytest.raises(RuntimeError):
        store.writing().__enter__()


def test_closing_inside_a_transaction_is_our_defect_and_no_deadlock(store: Store) -> None:
    with store.reading(), pytest.raises(RuntimeError):
        store.close()
    with store.writing(), pytest.raises(RuntimeError):
        store.close()


def test_reading_cannot_write(store: Store) -> None:
    with store.reading() as db, pytest.raises(StoreUnreadable):
        db.execute("DELETE FROM meta")


def test_second_app_on_the_same_profile_is_told_so(path: Path, data_key: bytes) -> None:
    store = Store.create(path, data_key, identity=None, created_at=b.NOON)
    program = (
        "import sys; from pathlib import Path; from fieldapp.errors import StoreInUse\n"
        "from fieldapp.storage.database import Store\n"
        "try:\n    Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "except StoreInUse:\n    print('in use')\n"
    )

    def second() -> str:
        asked = [sys.executable, "-c", program, str(path), data_key.hex()]
        return subprocess.run(
            asked, capture_output=True, text=True, check=True, timeout=GENEROUS_S
        ).stdout.strip()

    assert second() == "in use"
    with pytest.raises(StoreInUse):
        Store.open(path, data_key)
    store.close()
    assert second() == ""


def test_closed_store_says_it_is_locked_and_closes_twice(path: Path, data_key: bytes) -> None:
    store = Store.create(path, data_key, identity=None, created_at=b.NOON)
    cursors(store)
    store.close()
    store.close()

    with pytest.raises(StoreLocked):
        cursors(store)
    with pytest.raises(StoreLocked):
        put_cursor(store, "a")
    assert [file.name for file in path.parent.glob("store.db-*")] == []


def test_closing_waits_for_whoever_still_reads(store: Store) -> None:
    reading, finish = threading.Event(), threading.Event()
    counted: list[int] = []

    def read() -> None:
        with store.reading() as db:
            reading.set()
            finish.wait(GENEROUS_S)
            counted.append(db.count("SELECT count(*) FROM meta"))

    reader = threading.Thread(target=read)
    closer = threading.Thread(target=store.close)
    reader.start()
    assert reading.wait(GENEROUS_S)
    closer.start()
    finish.set()
    reader.join(GENEROUS_S)
    closer.join(GENEROUS_S)

    assert not closer.is_alive()
    assert counted == [2]


def test_creating_over_a_store_is_refused_and_leaves_it(store: Store, data_key: bytes) -> None:
    put_cursor(store, "a")

    with pytest.raises(StoreInUse):
        Store.create(store.path, data_key, identity=None, created_at=b.NOON)
    store.close()
    with pytest.raises(StoreExists):
        Store.create(store.path, data_key, identity=None, created_at=b.NOON)

    again = Store.open(store.path, data_key)
    assert cursors(again) == ["a"]
    again.close()


def test_missing_file_is_unreadable_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable):
        Store.open(tmp_path / "gone.db", new_data_key())

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\0" * 4080, b"x" * 8192])
def test_file_that_is_no_store_is_damaged_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)

    with pytest.raises(StoreDamaged):
        Store.open(path, new_data_key())

    assert path.read_bytes() == content


def test_wrong_key_is_refused_and_changes_nothing(store: Store) -> None:
    put_cursor(store, "a")
    store.close()
    before = store.path.read_bytes()

    with pytest.raises(StoreDamaged):
        Store.open(store.path, new_data_key())

    assert store.path.read_bytes() == before


def test_flipped_byte_is_noticed_where_it_is_read(store: Store, data_key: bytes) -> None:
    """A changed page is never taken for an answer, not even the last one of a long value, which
    SQLCipher 4.19 hands over as zeros without an error.
    """
    record = b.create(store, {"good": "가" * 4000})
    with store.writing() as db:
        packs.install(db, form=b.FORM, content=bytes(range(256)) * 80, workbook_sha256="0" * 64)
    store.close()
    whole = store.path.read_bytes()
    noticed = 0
    for place in range(100, len(whole), 4096):
        broken = bytearray(whole)
        broken[place] ^= 0x40
        store.path.write_bytes(broken)
        try:
            opened = Store.open(store.path, data_key)
        except StoreDamaged:
            noticed += 1
            continue
        try:
            assert b.answers_of(opened, record) == {"good": "가" * 4000}
            with opened.reading() as db:
                assert packs.all_packs(db)[0].content == bytes(range(256)) * 80
        except StoreDamaged:
            noticed += 1
        finally:
            opened.close()

    assert noticed >= 12


def test_newer_store_is_refused_and_left_untouched(store: Store, data_key: bytes) -> None:
    with store.writing() as db:
        db.execute("PRAGMA user_version = 99")
    store.close()
    before = store.path.read_bytes()

    with pytest.raises(StoreTooNew) as refused:
        Store.open(store.path, data_key)

    assert refused.value.facts == {"found": 99, "known": newest_schema()}
    assert store.path.read_bytes() == before


def test_migrated_store_has_the_tables_of_the_schema_file(
    store: Store, tmp_path: Path, data_key: bytes
) -> None:
    schema = Path(database.__file__).with_name("schema.sql").read_text(encoding="utf-8")
    fresh = connect(tmp_path / "fresh.db", data_key, "rwc")
    fresh.script(schema)

    def tables(db: Database) -> dict[str, str]:
        rows = db.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in rows}

    with store.reading() as db:
        assert tables(db) == tables(fresh)
        assert db.count("PRAGMA user_version") == newest_schema()
        strict = db.rows("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    fresh.close()
    # An index of FTS5 and the tables that it keeps itself in know no types.
    loose = {name for name, is_strict in strict if not is_strict}
    assert {name for name in loose if not name.startswith("search_gram")} == {"sqlite_schema"}


def test_store_is_durable_on_return(store: Store) -> None:
    with store.writing() as db:
        assert db.value("PRAGMA journal_mode") == "wal"
        assert db.value("PRAGMA synchronous") == 2
        assert db.value("PRAGMA foreign_keys") == 1
        assert db.value("PRAGMA temp_store") == 2


def test_script_that_ends_in_the_middle_is_refused() -> None:
    assert len(list(statements("-- a;\nCREATE TABLE a (b);\nSELECT\n1;\n-- end\n"))) == 2
    with pytest.raises(ValueError, match="middle"):
        list(statements("SELECT 1;\nSELECT"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_without_write_permission_is_unreadable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnreadable):
        Store.create(tmp_path / "s.db", new_data_key(), identity=None, created_at=b.NOON)
    tmp_path.chmod(0o700)


def test_folder_that_is_a_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnreadable):
        Store.create(
            tmp_path / "file" / "store.db", new_data_key(), identity=None, created_at=b.NOON
        )


def test_lists_page_through_every_record_once_newest_first(store: Store) -> None:
    made = [
        b.create(store, {"serial": str(n + 1)}, at=b.NOON + timedelta(minutes=n // 2))
        for n in range(11)
    ]
    seen: list[str] = []
    after: records.RecordRow | None = None
    with store.reading() as db:
        while rows := records.page(db, limit=4, after=after):
            seen += [row.record_id for row in rows]
            after = rows[-1]
        assert records.count(db) == 11
        assert records.count(db, form_id="P01") == 0
        assert records.page(db, limit=5, form_id="P01") == ()
        assert len(records.page(db, limit=50, scope=b.SCOPE, form_id="P13e")) == 11

    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))
    assert seen[0] == made[10]
