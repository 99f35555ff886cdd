"""Another data key for a profile: all of it is written again beside the old, then put in its place.

    store.db.rekeying      the copy, until it is whole and checked
    attachments.rekeyed/   every attachment, sealed again
    key.json.rekeyed       the new key, wrapped
    store.db.rekeyed       the copy once it is finished: under this name the change is made
    attachments.old/       stands until the files of the old key are swept away
    old-backups            stands until the backups of the old key are

Until the copy bears its last name the old files are untouched, and what stands beside them is
thrown away by whoever opens the profile next. From then on that one ends what a death interrupted
(`end_rekey`), and makes sure of a backup that the new key opens (`sweep_backups`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fieldapp.crypto.wrapping import STANDARD, Cost, new_data_key
from fieldapp.domain.ids import UserId
from fieldapp.errors import (
    BackupDamaged,
    Cancelled,
    RoomMissing,
    StoreFull,
    StoreTrouble,
    StoreUnreadable,
)
from fieldapp.failpoints import reach
from fieldapp.storage import access_log
from fieldapp.storage.backup import Backup, back_up_file, checked, list_backups, reading, thin_out
from fieldapp.storage.blobs import ATTACHMENTS, file_name, sealed_again
from fieldapp.storage.checking import Progress
from fieldapp.storage.database import Store
from fieldapp.storage.key import open_key_file, write_renewed
from fieldapp.storage.lock_file import LockFile
from fieldapp.storage.profile import Profile
from fieldapp.storage.sqlite import connect
from fieldapp.storage.whole_files import disk_troubles, flush_file, flush_folder, write_whole

_LOGS = ("-wal", "-shm")
_PAGE_BYTES = 4096
_MB = 1_000_000
#: What a disk should have left when all is written.
_SPARE_BYTES = 16 * _MB


@dataclass(frozen=True, slots=True)
class _Places:
    """The files of a change of key, in a profile's folder."""

    folder: Path

    @property
    def store(self) -> Path:
        return Profile(self.folder).store_path

    @property
    def copy(self) -> Path:
        return self.store.with_name(self.store.name + ".rekeying")

    @property
    def finished(self) -> Path:
        return self.store.with_name(self.store.name + ".rekeyed")

    @property
    def key(self) -> Path:
        return Profile(self.folder).key_path

    @property
    def new_key(self) -> Path:
        return self.key.with_name(self.key.name + ".rekeyed")

    @property
    def attachments(self) -> Path:
        return self.folder / ATTACHMENTS

    @property
    def new_attachments(self) -> Path:
        return self.folder / f"{ATTACHMENTS}.rekeyed"

    @property
    def old_attachments(self) -> Path:
        return self.folder / f"{ATTACHMENTS}.old"

    @property
    def old_backups(self) -> Path:
        return self.folder / "old-backups"

    def lock(self) -> LockFile:
        """What a store holds while it is open. Raises StoreInUse."""
        return LockFile(self.store.with_name(self.store.name + ".lock"))


def rekey(
    folder: Path,
    password: str,
    *,
    user: UserId,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
    cost: Cost = STANDARD,
) -> bytes:
    """Give a closed profile another data key, which is returned; its password stays.

    The keyring is forgotten, the recovery code is another. The new store's access log tells that
    `user` did it. progress: pages done and all of them, each counted once for the copy and once for
    its check. Whatever is raised, all is as it was; only a disk that fails in the last renamings
    leaves them to the next opening. Raises WrongPassword, KeyFileDamaged, Cancelled, StoreInUse,
    RoomMissing, StoreFull, StoreUnreadable, StoreDamaged.
    """
    places = _Places(folder)
    end_rekey(folder)
    old_key = open_key_file(places.key, password)
    lock = places.lock()
    try:
        if places.old_attachments.exists():
            # What an earlier change left and could not be taken away: the switch would stop at it.
            raise StoreUnreadable
        room = _require_room(places)
        steps = _Steps(room, progress, cancelled)
        try:
            new_key = new_data_key()
            _copy_store(places, old_key, new_key, steps)
            count = _seal_attachments(places, old_key, new_key, steps)
            _finish_copy(places, new_key, user=user, now=now, attachments=count)
            checked(places.copy, new_key, cancelled, steps.checking)
            reach("rekey.before_key")
            write_renewed(places.key, places.new_key, password, new_key, cost=cost)
            reach("rekey.before_switch")
            steps.go_on()
            _require_folded(places)
            with disk_troubles():
                flush_file(places.copy)
                places.copy.replace(places.finished)
                flush_folder(folder)
        except BaseException:
            if not places.finished.is_file():
                _throw_away(places)
            raise
        _switch(places)
        reach("rekey.before_sweep")
        _sweep_files(places)
    finally:
        lock.release()
    return new_key


def end_rekey(folder: Path) -> bool:
    """End a change of key that a death interrupted, or throw away what it had begun; whether the
    profile has another data key since.

    To be called before a profile's key file is read. Raises StoreInUse, StoreUnreadable.
    """
    places = _Places(folder)
    if not _is_interrupted(places):
        return False
    lock = places.lock()
    try:
        is_made = places.finished.is_file()
        if is_made:
            _switch(places)
        _throw_away(places)
        _sweep_files(places)
    finally:
        lock.release()
    return is_made


def sweep_backups(
    folder: Path,
    data_key: bytes,
    place: Path,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> Backup | None:
    """Make a backup that the new key opens, check it, then delete those in `place` that it does
    not open: they would keep the old key worth having. None when the key was not changed, or all
    this was done before.

    The profile may be open. Raises StoreFull, StoreUnreadable, BackupDamaged, StoreDamaged; then
    every old backup stands, and a later call does it.
    """
    places = _Places(folder)
    if not places.old_backups.exists():
        return None
    fresh = back_up_file(
        places.store, data_key, place, made_at=now, kind="manual", progress=progress
    )
    with disk_troubles():
        for backup in list_backups(place, folder.name):
            if backup.path != fresh.path and has_other_key(backup, data_key):
                backup.manifest_path.unlink(missing_ok=True)
        # Takes away the files of whatever has no manifest any more.
        thin_out(place, folder.name, now)
        places.old_backups.unlink(missing_ok=True)
        flush_folder(folder)
    return fresh


def has_other_key(backup: Backup, data_key: bytes) -> bool:
    """Whether a backup does not open with this data key."""
    try:
        with reading(backup, data_key):
            return False
    except BackupDamaged:
        return True


class _Steps:
    """Tells the progress of all parts as one, in pages, and stops where the worker wishes."""

    def __init__(self, room_bytes: int, progress: Progress, cancelled: Callable[[], bool]) -> None:
        self._once = max(room_bytes // _PAGE_BYTES, 1)
        self._progress = progress
        self._cancelled = cancelled

    def go_on(self) -> None:
        """Raises Cancelled."""
        if self._cancelled():
            raise Cancelled(unsent="-")

    def written(self, written_bytes: int) -> None:
        """So much of the copy and the attachments is written. Raises Cancelled."""
        self.go_on()
        self._progress(min(written_bytes // _PAGE_BYTES, self._once), 2 * self._once)

    def checking(self, done: int, of: int) -> None:
        """So much of the copy is looked through."""
        self._progress(self._once + self._once * done // max(of, 1), 2 * self._once)


def _require_room(places: _Places) -> int:
    """The bytes that will be written. Raises RoomMissing."""
    with disk_troubles():
        files = [places.store, places.store.with_name(places.store.name + "-wal")]
        if places.attachments.is_dir():
            files += places.attachments.iterdir()
        needed = sum(file.stat().st_size for file in files if file.is_file())
        free = shutil.disk_usage(places.folder).free
    if free < needed + _SPARE_BYTES:
        raise RoomMissing(needed_mb=-(-(needed + _SPARE_BYTES) // _MB), free_mb=free // _MB)
    return needed


def _copy_store(places: _Places, old_key: bytes, new_key: bytes, steps: _Steps) -> None:
    def step() -> None:
        steps.written(_size(places.copy))

    db = connect(places.store, old_key, "ro")
    try:
        db.copy_anew(places.copy, new_key, step=step)
    finally:
        db.close()


def _seal_attachments(places: _Places, old_key: bytes, new_key: bytes, steps: _Steps) -> int:
    """Every attachment that a row names, under its new name; returns how many there are."""
    db = connect(places.copy, new_key, "ro")
    try:
        rows = db.rows("SELECT name, path FROM blob WHERE blob_state <> 'erased'")
    finally:
        db.close()
    written, count = _size(places.copy), 0
    with disk_troubles():
        places.new_attachments.mkdir(mode=0o700)
        for name, path in rows:
            steps.written(written)
            try:
                sealed = (places.attachments / path).read_bytes()
            except FileNotFoundError:
                # Lost before, and told so whenever it is asked for.
                continue
            again = sealed_again(sealed, name, old_key, new_key)
            write_whole(places.new_attachments / file_name(new_key, name), again)
            written, count = written + len(again), count + 1
    return count


def _finish_copy(
    places: _Places, new_key: bytes, *, user: UserId, now: datetime, attachments: int
) -> None:
    """The new names of the attachments, and the deed."""
    store = Store.open(places.copy, new_key)
    try:
        with store.writing() as db:
            names = db.rows("SELECT name FROM blob")
            db.execute_many(
                "UPDATE blob SET path = ? WHERE name = ?",
                [(file_name(new_key, name), name) for (name,) in names],
            )
            detail: dict[str, str | int] = {"what": "data key", "attachments": attachments}
            access_log.append(db, at=now, user=user, deed="key", detail=detail)
    finally:
        store.close()


def _require_folded(places: _Places) -> None:
    """The copy has no log of its own left: it would not follow the copy to its new name."""
    # SQLite does not say so when a disk has no room to fold it.
    if _size(places.copy.with_name(places.copy.name + "-wal")):
        raise StoreFull
    for suffix in (".lock", *_LOGS):
        with suppress(OSError):
            places.copy.with_name(places.copy.name + suffix).unlink(missing_ok=True)


def _switch(places: _Places) -> None:
    """Put the new files in place. Each step may be done again; the store's is the last."""
    with disk_troubles():
        # A log that stays behind would be read into the new file; the copy has what it held.
        for suffix in _LOGS:
            places.store.with_name(places.store.name + suffix).unlink(missing_ok=True)
        places.old_backups.touch(mode=0o600)
        if places.new_attachments.is_dir():
            if places.attachments.is_dir():
                places.attachments.rename(places.old_attachments)
            else:
                places.old_attachments.mkdir(mode=0o700, exist_ok=True)
            places.new_attachments.rename(places.attachments)
        flush_folder(places.folder)
        reach("rekey.in_switch")
        if places.new_key.is_file():
            places.new_key.replace(places.key)
        flush_folder(places.folder)
        places.finished.replace(places.store)
        flush_folder(places.folder)


def _sweep_files(places: _Places) -> None:
    """Take away what only the old key opens, beside the store; what cannot be now, next time."""
    if not places.old_attachments.is_dir():
        return
    with suppress(StoreTrouble), disk_troubles():
        for damaged in places.folder.glob("damaged-*.db*"):
            damaged.unlink(missing_ok=True)
        shutil.rmtree(places.old_attachments)
        flush_folder(places.folder)


def _is_interrupted(places: _Places) -> bool:
    return any(
        found.exists()
        for found in (
            places.finished,
            places.copy,
            places.new_key,
            places.new_attachments,
            places.old_attachments,
        )
    )


def _throw_away(places: _Places) -> None:
    """What was written for a change that was not made."""
    for suffix in ("", ".lock", "-journal", *_LOGS):
        with suppress(OSError):
            places.copy.with_name(places.copy.name + suffix).unlink(missing_ok=True)
    for file in (places.new_key, places.new_key.with_name(places.new_key.name + ".new")):
        with suppress(OSError):
            file.unlink(missing_ok=True)
    shutil.rmtree(places.new_attachments, ignore_errors=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
