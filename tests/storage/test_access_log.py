"""접속기록 as rows: appended with the deed, never changed, and broken chains are seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlcipher3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.clock import KOREA
from fieldapp.crypto.signing import new_signing_key
from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.access_log import DEEDS, Deed
from fieldapp.domain.ids import UserId
from fieldapp.storage import access_log, meta
from fieldapp.storage.database import Store
from fieldapp.storage.sqlite import Database
from tests.storage import building as b

WORKER = UserId("u-1")
HOUSE = ("household", "01937b3c-0000-7000-8000-000000000001")
TRIGGERS = (
    "access_log_appended", "access_log_unchanged", "access_log_kept",
    "log_checkpoint_appended", "log_checkpoint_unchanged", "log_checkpoint_kept",
)  # fmt: skip


def looked(db: Database, minute: int = 0, deed: Deed = "view") -> None:
    access_log.append(
        db, at=b.NOON + timedelta(minutes=minute), user=WORKER, deed=deed, subjects=[HOUSE, HOUSE]
    )


def seven_signed_thrice(db: Database) -> None:
    key = new_signing_key()
    for minute in range(7):
        looked(db, minute)
        if minute in (1, 4, 6):
            access_log.checkpoint(db, key, b.NOON)


def test_entries_come_back_as_they_were_made(store: Store) -> None:
    with store.writing() as db:
        made = [
            access_log.append(
                db,
                at=b.NOON,
                user=WORKER,
                deed=deed,
                subjects=[HOUSE],
                object_id="0193a000-0000-4000-8000-000000000001",
                form_id="P01",
                detail={"purpose": "월례 보고", "count": 3},
            )
            for deed in DEEDS
        ]

    with store.reading() as db:
        assert list(access_log.entries(db, b.NOON, b.NOON + timedelta(seconds=1))) == made
        assert access_log.last(db) == made[-1]
        assert list(access_log.entries(db, b.NOON + timedelta(seconds=1), b.NOON)) == []
        assert access_log.verify(db) is None


def test_subject_that_is_named_twice_is_logged_once(store: Store) -> None:
    with store.writing() as db:
        looked(db)

    with store.reading() as db:
        last = access_log.last(db)
    assert last is not None
    assert last.subjects == (HOUSE,)


def test_month_is_asked_in_korean_time_whatever_the_clock_of_the_caller(store: Store) -> None:
    utc = datetime.fromisoformat("2026-11-30T15:00:00+00:00")
    with store.writing() as db:
        for second in (-1, 0):
            access_log.append(db, at=utc + timedelta(seconds=second), user=WORKER, deed="view")

    december = datetime(2026, 12, 1, tzinfo=KOREA)
    with store.reading() as db:
        (entry,) = access_log.entries(db, december, december + timedelta(days=31))
    assert entry.at == "2026-12-01T00:00:00+09:00"


def test_deed_that_is_rolled_back_is_not_in_the_log(store: Store) -> None:
    with pytest.raises(KeyError), store.writing() as db:  # noqa: PT012 - all of it is tested
        looked(db)
        raise KeyError

    with store.writing() as db:
        looked(db)
        assert access_log.verify(db) is None
        assert db.rows("SELECT log_seq FROM access_log") == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET deed = 'view'",
        "UPDATE access_log SET log_seq = log_seq + 100",
        "DELETE FROM access_log",
        "DELETE FROM access_log WHERE log_seq = 7",
        "INSERT OR REPLACE INTO access_log SELECT * FROM access_log WHERE log_seq = 3",
        (
            "INSERT INTO access_log SELECT log_seq + 9, '2026-12-01T12:00:00+09:00', 'u',"
            " 'd', 'view', '[]', '', '', '{}', previous, hash FROM access_log"
        ),
        "UPDATE log_checkpoint SET hash = ''",
        "DELETE FROM log_checkpoint",
        "INSERT OR REPLACE INTO log_checkpoint SELECT * FROM log_checkpoint WHERE log_seq = 2",
    ],
)
def test_database_itself_refuses_to_change_the_log(store: Store, statement: str) -> None:
    with store.writing() as db:
        seven_signed_thrice(db)

    with pytest.raises(sqlcipher3.dbapi2.IntegrityError), store.writing() as db:
        db.execute(statement)

    with store.reading() as db:
        assert db.count("SELECT count(*) FROM access_log") == 7
        assert access_log.verify(db) is None


@pytest.mark.parametrize(
    ("tampered", "broken"),
    [
        ("UPDATE access_log SET user = 'u-2' WHERE log_seq = 4", 4),
        ("UPDATE access_log SET subjects = '[]' WHERE log_seq = 1", 1),
        ("UPDATE access_log SET detail = 'no json' WHERE log_seq = 6", 6),
        ("UPDATE access_log SET hash = 'f' WHERE log_seq = 3", 3),
        ("DELETE FROM access_log WHERE log_seq = 1", 1),
        ("DELETE FROM access_log WHERE log_seq = 5", 5),
        ("DELETE FROM access_log WHERE log_seq = 7", 7),
        ("DELETE FROM access_log", 1),
        ("UPDATE log_checkpoint SET signature = 'AAAA' WHERE log_seq = 5", 5),
        ("UPDATE log_checkpoint SET signature = 'no base64' WHERE log_seq = 5", 5),
        ("UPDATE log_checkpoint SET at = '2026-12-01T12:00:01+09:00' WHERE log_seq = 2", 2),
    ],
)
def test_what_is_tampered_with_behind_the_app_is_seen_at_its_place(
    store: Store, tampered: str, broken: int
) -> None:
    with store.writing() as db:
        seven_signed_thrice(db)
        for name in TRIGGERS:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(tampered)

    with store.reading() as db:
        assert access_log.verify(db) == broken


def test_chain_written_anew_breaks_the_checkpoint(store: Store) -> None:
    """Whoever has the file's key can make a chain that fits, but not what was signed over it."""
    with store.writing() as db:
        seven_signed_thrice(db)
        for name in TRIGGERS:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DELETE FROM access_log WHERE log_seq > 3")
        for minute in range(4):
            looked(db, minute, "search")

    with store.reading() as db:
        assert access_log.verify(db) == 5


def test_checkpoint_is_signed_once_for_each_last_entry(store: Store) -> None:
    key = new_signing_key()
    with store.writing() as db:
        access_log.checkpoint(db, key, b.NOON)
        looked(db)
        access_log.checkpoint(db, key, b.NOON)
        access_log.checkpoint(db, key, b.NOON)
        looked(db)
        access_log.checkpoint(db, key, b.NOON)

    with store.reading() as db:
        assert db.rows("SELECT log_seq FROM log_checkpoint") == [(1,), (2,)]
        assert access_log.verify(db) is None


def test_device_signs_with_its_own_key_once_it_is_enrolled(store: Store) -> None:
    own = new_signing_key()
    with store.writing() as db:
        made = access_log.key_of(db)
        assert access_log.key_of(db) == made
        meta.put_signing_key(db, own.private_bytes)
        meta.put_enrolled(db)
        assert access_log.key_of(db) == own


def test_what_came_after_a_backup_is_carried_over_while_it_goes_on_with_the_chain(
    store: Store, tmp_path: Path
) -> None:
    asked = f"SELECT {access_log.WHOLE_ROW} FROM access_log ORDER BY log_seq"  # noqa: S608
    with store.writing() as db:
        seven_signed_thrice(db)
        rows = db.rows(asked)
    backup = Store.create(
        tmp_path / "backup.db", new_data_key(), identity=b.IDENTITY, created_at=b.NOON
    )

    with backup.writing() as db:
        assert access_log.carry_over(db, rows[:2]) == 2
        assert access_log.carry_over(db, [*rows[:4], rows[5]]) == 2
        assert access_log.carry_over(db, [(*rows[4][:2], "u-2", *rows[4][3:])]) == 0
        assert db.rows(asked) == rows[:4]
        looked(db, 9)
        assert access_log.carry_over(db, rows) == 0
        assert access_log.verify(db) is None
    backup.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_entry_changed_in_any_column_is_seen(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("log") / "store.db"
    store = Store.create(path, new_data_key(), identity=b.IDENTITY, created_at=b.NOON)
    count = data.draw(st.integers(1, 12))
    with store.writing() as db:
        for minute in range(count):
            looked(db, minute, data.draw(st.sampled_from(DEEDS)))
        assert access_log.verify(db) is None
        broken = data.draw(st.integers(1, count))
        column, value = data.draw(
            st.sampled_from(
                [
                    ("at", "2025-01-01T00:00:00+09:00"),
                    ("user", "u-9"),
                    ("device", "d"),
                    ("subjects", '[["household","x"]]'),
                    ("object_id", "x"),
                    ("form_id", "x"),
                    ("detail", '{"count":9}'),
                    ("previous", "e" * 64),
                    ("hash", "e" * 64),
                ]
            )
        )
        db.execute("DROP TRIGGER access_log_unchanged")
        db.execute(
            f"UPDATE access_log SET {column} = ? WHERE log_seq = ?",  # noqa: S608
            (value, broken),
        )
        assert access_log.verify(db) == broken
    store.close()
