"""Backups: whole, encrypted and checked, or none at all; kept as long as they are worth it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.ids import UserId
from fieldapp.errors import BackupDamaged, Cancelled, StoreUnreadable
from fieldapp.storage import access_log, blobs
from fieldapp.storage.backup import (
    Backup,
    Kind,
    check_backup,
    list_backups,
    make_backup,
    thin_out,
)
from fieldapp.storage.database import Store
from tests.storage import building as b

CANARY = "가상-카나리아-김밥"
GENEROUS_S = 60
NOON = datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "usb"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "0123456789abcdef"
    folder.mkdir()
    (folder / "key.json").write_text("{}")
    return folder / "store.db"


def back_up(store: Store, place: Path, *, at: datetime = NOON, kind: Kind = "daily") -> Backup:
    return make_backup(store, place, made_at=at, kind=kind)


def files_of(place: Path) -> list[str]:
    return sorted(file.name for file in place.rglob("*") if file.is_file())


def test_backup_holds_what_the_store_held_and_opens_with_its_key_alone(
    store: Store, place: Path, data_key: bytes
) -> None:
    b.create(store, {"mode": "paper"})
    name = blobs.keep(store, b"%PDF-" + CANARY.encode(), "pdf")

    backup = back_up(store, place)

    assert list_backups(place, "0123456789abcdef") == (backup,)
    assert check_backup(backup, data_key).records == 1
    assert backup.incarnation == b.IDENTITY.incarnation
    assert backup.path.name == "20261121T030000Z-daily.db"
    assert len(backup.attachments) == 1
    assert name not in str(files_of(place))
    with pytest.raises(BackupDamaged):
        check_backup(backup, new_data_key())


def test_nothing_in_a_backup_can_be_read(store: Store, place: Path) -> None:
    b.create(store, {"good": CANARY})
    blobs.keep(store, b"%PDF-" + CANARY.encode(), "pdf")

    back_up(store, place)

    contents = [file.read_bytes() for file in place.rglob("*") if file.is_file()]
    for text in (CANARY, b.AUTHOR, b.SCOPE):
        for encoding in ("utf-8", "utf-16-le", "cp949"):
            assert not any(text.encode(encoding) in content for content in contents)


def test_saves_go_on_while_a_backup_is_made_and_are_not_in_it(
    store: Store, place: Path, data_key: bytes
) -> None:
    b.create(store, {"good": "가" * 500_000})

    def save(done: int, total: int) -> None:
        if 0 < done < total:
            b.create(store, {"mode": "paper"}, record_id=b.record_id_at(done))

    backup = make_backup(store, place, made_at=NOON, kind="manual", progress=save)

    with store.reading() as db:
        assert db.count("SELECT count(*) FROM record") > 1
    assert check_backup(backup, data_key).records == 1


def test_backup_that_is_stopped_leaves_nothing(store: Store, place: Path) -> None:
    b.create(store, {"good": "가" * 500_000})
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        make_backup(store, place, made_at=NOON, kind="daily", cancelled=cancelled)

    assert files_of(place) == []
    assert list_backups(place, "0123456789abcdef") == ()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")
def test_death_before_the_manifest_leaves_no_backup_and_the_next_one_is_made(
    path: Path, place: Path, data_key: bytes
) -> None:
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
                "from fieldapp.storage.backup import make_backup\n"
                "from fieldapp.storage.database import Store\n"
                "store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
                "at = datetime(2026, 11, 21, 3, tzinfo=UTC)\n"
                "make_backup(store, Path(sys.argv[3]), made_at=at, kind='daily')\n"
            ),
            str(path),
            data_key.hex(),
            str(place),
        ],
        env={**os.environ, "FIELDAPP_FAILPOINT": "backup.before_manifest"},
        check=False,
        timeout=GENEROUS_S,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == -signal.SIGKILL
    assert list_backups(place, path.parent.name) == ()

    store = Store.open(path, data_key)
    backup = back_up(store, place)
    store.close()

    assert list_backups(place, path.parent.name) == (backup,)
    check_backup(backup, data_key)


def test_backup_of_which_a_byte_was_flipped_is_found_out(
    store: Store, place: Path, data_key: bytes
) -> None:
    b.create(store, {"mode": "paper"})
    backup = back_up(store, place)
    content = bytearray(backup.path.read_bytes())
    content[-2000] ^= 1
    backup.path.write_bytes(content)

    with pytest.raises(BackupDamaged):
        check_backup(backup, data_key)


def test_backup_without_one_of_its_attachments_is_found_out(
    store: Store, place: Path, data_key: bytes
) -> None:
    blobs.keep(store, b"%PDF-", "pdf")
    backup = back_up(store, place)
    backup.attachment(backup.attachments[0]).unlink()

    with pytest.raises(BackupDamaged):
        check_backup(backup, data_key)


def test_place_that_cannot_be_written_is_said_to_be(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnreadable):
        back_up(store, tmp_path / "file")


@pytest.fixture
def two_months(store: Store, place: Path) -> list[Backup]:
    blobs.keep(store, b"%PDF-old", "pdf")
    first = [back_up(store, place, at=NOON - timedelta(days=60), kind="manual")]
    with store.writing() as db:
        db.execute("UPDATE blob SET blob_state = 'erased'")
    days = [NOON - timedelta(days=day) for day in range(42, -1, -1)]
    return [
        *first,
        *(back_up(store, place, at=day, kind="weekly" if day.weekday() == 0 else "daily")
          for day in days),
        back_up(store, place, at=NOON - timedelta(days=30), kind="migration"),
    ]  # fmt: skip


def test_seven_daily_four_weekly_and_all_others_of_35_days_are_kept(
    two_months: list[Backup], place: Path
) -> None:
    deleted = thin_out(place, "0123456789abcdef", NOON)

    kept = list_backups(place, "0123456789abcdef")
    assert [one.kind for one in kept].count("daily") == 7
    assert [one.kind for one in kept].count("weekly") == 4
    assert [one.kind for one in kept].count("migration") == 1
    assert [one.kind for one in kept].count("manual") == 0
    assert deleted == len(two_months) - len(kept)
    assert {file.suffix for file in place.rglob("*-*.db")} == {".db"}
    assert len(list(place.rglob("*.db"))) == len(kept)


def test_attachment_that_no_backup_names_any_more_goes_with_the_last_that_did(
    two_months: list[Backup], place: Path
) -> None:
    sealed = two_months[0].attachment(two_months[0].attachments[0])
    assert sealed.is_file()

    thin_out(place, "0123456789abcdef", NOON)

    assert not sealed.exists()


def test_newest_backup_is_kept_however_old(store: Store, place: Path) -> None:
    back_up(store, place, at=NOON - timedelta(days=400))
    newest = back_up(store, place, at=NOON - timedelta(days=300))

    thin_out(place, "0123456789abcdef", NOON)

    assert list_backups(place, "0123456789abcdef") == (newest,)


def test_backup_dated_in_the_future_is_kept_until_a_full_set_of_newer_ones_stands(
    store: Store, place: Path
) -> None:
    def back_up_after_work(at: datetime, kind: Kind) -> Backup:
        with store.writing() as db:
            access_log.append(db, at=at, user=UserId("가상-오사무"), deed="view")
        return back_up(store, place, at=at, kind=kind)

    wrong = back_up_after_work(NOON + timedelta(days=3650), "manual")
    for day in range(10, -1, -1):
        thin_out(place, "0123456789abcdef", NOON)
        assert wrong in list_backups(place, "0123456789abcdef")
        back_up_after_work(NOON - timedelta(days=day), "weekly" if day > 6 else "daily")

    thin_out(place, "0123456789abcdef", NOON)

    kept = list_backups(place, "0123456789abcdef")
    assert wrong not in kept
    assert len(kept) == 11
