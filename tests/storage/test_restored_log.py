"""A restore keeps the access log, the store's own facts and the worker's patience."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.crypto.signing import SigningKey, new_signing_key
from fieldapp.domain.access_log import Deed, LogEntry
from fieldapp.errors import Cancelled
from fieldapp.storage import access_log, meta, open_search, salvage, saved_filters
from fieldapp.storage.backup import make_backup
from fieldapp.storage.database import Store
from fieldapp.storage.restore import Restored, restore
from fieldapp.storage.sqlite import Database
from tests.storage import building as b
from tests.storage.damaging import LATER, WORKER, Profile, backed_up_profile

HOUSE = ("household", "01937b3c-0000-7000-8000-000000000001")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """Three entries in the backup, the last one signed; none since."""
    profile = backed_up_profile(tmp_path)
    store = profile.open()
    with store.writing() as db:
        noted(db, 3)
        access_log.checkpoint(db, access_log.key_of(db), b.NOON)
    profile.backup = make_backup(store, tmp_path / "usb", made_at=b.NOON, kind="manual")
    store.close()
    return profile


def noted(db: Database, count: int, deed: Deed = "view") -> None:
    for minute in range(count):
        at = b.NOON + timedelta(minutes=minute)
        access_log.append(db, at=at, user=WORKER.user, deed=deed, subjects=[HOUSE])


def written_since(profile: Profile, count: int) -> list[LogEntry]:
    """So many more entries, signed in their middle and at their end."""
    store = profile.open()
    with store.writing() as db:
        for size in (count - count // 2, count // 2):
            noted(db, size)
            access_log.checkpoint(db, access_log.key_of(db), b.NOON)
    entries = log_of(store)
    store.close()
    return entries


def log_of(store: Store) -> list[LogEntry]:
    with store.reading() as db:
        return list(access_log.entries(db, b.NOON - timedelta(days=1), b.NOON + timedelta(days=1)))


def checkpoints_of(db: Database) -> list[int]:
    return [at for (at,) in db.rows("SELECT log_seq FROM log_checkpoint ORDER BY log_seq")]


def test_access_log_goes_on_from_where_the_damaged_store_left_it(profile: Profile) -> None:
    before = written_since(profile, 6)
    profile.flip(1)

    restored = profile.restore()

    assert (restored.recovered_log, restored.lost_log) == (6, 0)
    store = profile.open()
    assert log_of(store)[:-1] == before
    with store.reading() as db:
        assert access_log.verify(db) is None
        assert checkpoints_of(db) == [3, 6, 9]
    store.close()


def test_restore_itself_stands_in_the_log_with_what_it_brought_back(profile: Profile) -> None:
    store = profile.open()
    b.create(store, {"mode": "paper"}, record_id=b.record_id_at(40))
    store.close()
    profile.flip(1)

    profile.restore()

    store = profile.open()
    last = log_of(store)[-1]
    with store.reading() as db:
        assert last.device == meta.identity(db).replica
    store.close()
    assert (last.log_seq, last.deed, last.user) == (4, "restore", WORKER.user)
    assert last.at == "2026-12-01T17:00:00+09:00"
    assert last.detail == {"operations": 1, "drafts": 0, "unread": 0, "log": 0, "log_lost": 0}


def test_entries_behind_a_page_that_cannot_be_read_are_counted_and_the_chain_stays_whole(
    profile: Profile,
) -> None:
    written_since(profile, 60)
    pages = profile.pages_where("SELECT detail, hash FROM access_log WHERE log_seq = 30")
    profile.flip(pages[-1])

    restored = profile.restore()

    assert 0 < restored.recovered_log < 27
    assert restored.recovered_log + restored.lost_log == 60
    assert restored.unread == 0
    store = profile.open()
    assert [one.log_seq for one in log_of(store)] == list(range(1, restored.recovered_log + 5))
    assert log_of(store)[-1].detail["log_lost"] == restored.lost_log
    with store.reading() as db:
        assert access_log.verify(db) is None
    store.close()


def test_log_that_was_rewritten_before_the_damage_is_still_found_out(profile: Profile) -> None:
    written_since(profile, 4)
    store = profile.open()
    with store.writing() as db:
        rewrite(db, log_seq=5)
        assert access_log.verify(db) == 5
    store.close()
    profile.flip(1)

    profile.restore()

    store = profile.open()
    with store.reading() as db:
        assert access_log.verify(db) == 5
    store.close()


def rewrite(db: Database, log_seq: int) -> None:
    """What somebody with the key does who knows the chain: every hash from there on is new."""
    count = db.count("SELECT count(*) FROM access_log WHERE log_seq >= ?", (log_seq,))
    triggers = db.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%ABORT%'"
    )
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("DELETE FROM access_log WHERE log_seq >= ?", (log_seq,))
    noted(db, count, "print")
    for _, sql in triggers:
        db.execute(sql)


def test_checkpoint_made_after_the_backup_of_an_entry_in_it_is_carried(
    profile: Profile, tmp_path: Path
) -> None:
    store = profile.open()
    with store.writing() as db:
        noted(db, 2)
    profile.backup = make_backup(store, tmp_path / "usb", made_at=LATER, kind="manual")
    with store.writing() as db:
        access_log.checkpoint(db, access_log.key_of(db), LATER)
    store.close()

    profile.restore()

    store = profile.open()
    with store.reading() as db:
        assert checkpoints_of(db) == [3, 5]
        assert access_log.verify(db) is None
    store.close()


def test_key_of_the_log_and_what_the_worker_set_live_through_a_restore(profile: Profile) -> None:
    own = new_signing_key()
    store = profile.open()
    with store.writing() as db:
        meta.put_log_key(db, own.private_bytes)
        meta.put_hiding_code(db, "가상-확인값")
        meta.put_preferences(db, '{"lock_minutes":3}')
        meta.put_drilled_at(db, LATER)
    store.close()
    profile.flip(1)

    profile.restore()

    store = profile.open()
    with store.reading() as db:
        assert SigningKey(meta.log_key(db) or b"").public_base64 == own.public_base64
        assert meta.hiding_code(db) == "가상-확인값"
        assert meta.preferences(db) == '{"lock_minutes":3}'
        assert meta.drilled_at(db) == LATER
    store.close()


def test_search_that_was_open_becomes_an_entry_and_filters_that_were_kept_are_there(
    profile: Profile,
) -> None:
    kept = saved_filters.SavedFilter("가상-위험 가구", {"grade": "risk"})
    store = profile.open()
    with store.writing() as db:
        saved_filters.put(db, "households", kept)
        open_search.show(db, at=b.NOON, user=WORKER.user, fields="name", text="0f", shown=[HOUSE])
    store.close()
    profile.flip(1)

    profile.restore()

    store = profile.open()
    search, itself = log_of(store)[-2:]
    assert (search.deed, search.subjects) == ("search", (HOUSE,))
    assert itself.deed == "restore"
    with store.reading() as db:
        assert saved_filters.of_screen(db, "households") == (kept,)
        assert not open_search.is_open(db)
    store.close()


def test_it_is_decided_of_every_fact_in_meta_whether_a_restore_keeps_it() -> None:
    written = Path(meta.__file__).read_text(encoding="utf-8")
    keys = set(re.findall(r'_put\(\s*db, f?"([a-z_]+:?)', written))
    assert {"replica", "missing_devices:"} <= keys

    decided = {*salvage.IDENTITY_FACTS, *salvage.OWN_FACTS, *salvage.FACTS_OF_TABLES}

    assert keys == decided


def test_progress_of_a_restore_rises_to_a_hundred(profile: Profile) -> None:
    told: list[tuple[int, int]] = []

    put_back(profile, told=told)

    parts = [done for done, of in told if of == 100]
    assert len(parts) == len(told)
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0, 100)
    assert len(set(parts)) > 20


@pytest.mark.parametrize("stop", [0, 20, 30, 45, 60, 80, 99])
def test_restore_that_is_cancelled_leaves_everything_as_it_was(profile: Profile, stop: int) -> None:
    written_since(profile, 2)
    before = files_of(profile)

    with pytest.raises(Cancelled):
        put_back(profile, stop=stop)

    assert files_of(profile) == before


def files_of(profile: Profile) -> dict[str, bytes]:
    """All but what reading alone makes: an empty log, and its index."""
    return {
        file.name: file.read_bytes()
        for file in profile.folder.rglob("*")
        if file.is_file() and not file.name.endswith("-shm") and file.stat().st_size
    }


def put_back(
    profile: Profile, told: list[tuple[int, int]] | None = None, stop: int = 101
) -> Restored:
    """Restore, and wish it ended once so many parts of a hundred are done."""
    seen = [] if told is None else told
    return restore(
        profile.folder,
        profile.backup,
        profile.key,
        now=LATER,
        kind_of=lambda _: "survey",
        progress=lambda done, of: seen.append((done, of)),
        cancelled=lambda: bool(seen) and seen[-1][0] >= stop,
    )
