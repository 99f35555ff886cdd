"""A backup in the place of a store, with everything that the store has over it.

The new file is built and checked beside the old. Once it bears the name `store.db.restored` it is
as good as in place: whoever opens the profile next ends what a death interrupted (`end_restore`).
The old file is kept as `damaged-<instant>.db`, encrypted as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from msgspec import structs

from fieldapp.domain.ids import ReplicaId
from fieldapp.domain.operation import FormRef, ReplicaIdentity
from fieldapp.errors import Cancelled, EntityMissing, RecordMissing
from fieldapp.failpoints import reach
from fieldapp.storage import access_log, drafts, entities, meta, operations, put_aside, records
from fieldapp.storage.backup import Backup, check_backup, checked
from fieldapp.storage.blobs import ATTACHMENTS
from fieldapp.storage.checking import Progress
from fieldapp.storage.database import Store
from fieldapp.storage.days import file_instant
from fieldapp.storage.lock_file import LockFile
from fieldapp.storage.profile import Profile
from fieldapp.storage.salvage import (
    IDENTITY_FACTS,
    OWN_TABLES,
    Salvaged,
    SalvagedOperation,
    salvage,
)
from fieldapp.storage.sqlite import Database, Row, Value
from fieldapp.storage.whole_files import (
    copy_whole,
    disk_troubles,
    flush_file,
    flush_folder,
    write_whole,
)

#: The kind of a form's records, None when its pack is not at hand.
KindOf = Callable[[FormRef], str | None]

_LOGS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought over: operations, drafts and entries of the access log that the backup
    lacked. unread: rows of the old file that are lost, lost_log: those of its access log; damaged:
    where it is kept, None when there was none; made_at: when the backup was made.
    """

    recovered_operations: int
    recovered_drafts: int
    unread: int
    damaged: Path | None
    made_at: datetime
    recovered_log: int = 0
    lost_log: int = 0


def restore(
    profile_folder: Path,
    backup: Backup,
    data_key: bytes,
    *,
    now: datetime,
    kind_of: KindOf,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Restored:
    """Put a backup in place of a profile's store, damaged or merely no longer wanted.

    Operations that the backup lacks are appended as new and laid over its records again, drafts
    that are newer are put back; the access log goes on from where it stood, and says that this was
    done. The store goes on in another incarnation, so that the server takes everything again; its
    receipts see to it that nothing doubles. Whatever happens, either the old file stands or the new
    one. progress: parts done of a hundred; cancelled: asked until the new file is ready, not after.

    Raises BackupDamaged, Cancelled, StoreInUse, StoreFull, StoreUnwritable, StoreUnreadable.
    """
    told = _Told(progress, cancelled)
    profile = Profile(profile_folder)
    path = profile.store_path
    end_restore(profile_folder, now)
    check_backup(backup, data_key, progress=told.part(0, 25), cancelled=cancelled)
    lock = LockFile(path.with_name(path.name + ".lock"))
    unfinished = path.with_name(path.name + ".new")
    try:
        _remove(unfinished)
        work = path.with_name(path.name + ".salvage")
        saved = salvage(path, backup, data_key, work, told.part(25, 40))
        copy_whole(backup.path, unfinished, told.part(40, 50))
        filling = _Filling(backup, saved, kind_of, now, told.part(50, 70))
        carried = filling.fill(unfinished, data_key)
        checked(unfinished, data_key, cancelled, told.part(70, 95))
        _bring_attachments(backup, profile_folder, told.part(95, 100))
        if not profile.key_path.exists() and backup.key_path.exists():
            write_whole(profile.key_path, backup.key_path.read_bytes())
        reach("restore.before_swap")
        with disk_troubles():
            flush_file(unfinished)
            unfinished.replace(_ready(profile_folder))
            flush_folder(profile_folder)
        damaged = _swap(profile_folder, now)
    except BaseException:
        _remove(unfinished)
        raise
    finally:
        lock.release()
    return Restored(
        recovered_operations=len(saved.operations),
        recovered_drafts=len(saved.drafts),
        unread=saved.unread,
        damaged=damaged,
        made_at=backup.made_at,
        recovered_log=carried,
        lost_log=saved.log.lost,
    )


def end_restore(profile_folder: Path, now: datetime) -> bool:
    """End a restore that a death interrupted; whether there was one.

    To be called before a profile's store is opened. Raises StoreInUse, StoreUnreadable.
    """
    if not _ready(profile_folder).is_file():
        return False
    path = Profile(profile_folder).store_path
    lock = LockFile(path.with_name(path.name + ".lock"))
    try:
        _swap(profile_folder, now)
    finally:
        lock.release()
    return True


def _ready(folder: Path) -> Path:
    path = Profile(folder).store_path
    return path.with_name(path.name + ".restored")


def _swap(folder: Path, now: datetime) -> Path | None:
    """Keep the old file and its log under another name, then put the new one in its place. Each
    step may be done again.
    """
    path = Profile(folder).store_path
    damaged = folder / f"damaged-{file_instant(now)}.db"
    with disk_troubles():
        had_one = path.is_file()
        for suffix in ("", "-wal"):
            old = path.with_name(path.name + suffix)
            if old.is_file():
                _keep_beside(old, damaged.with_name(damaged.name + suffix))
        flush_folder(folder)
        # A log that stays behind would be read into the new file.
        for suffix in _LOGS:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        reach("restore.in_swap")
        _ready(folder).replace(path)
        flush_folder(folder)
    return damaged if had_one else None


def _keep_beside(old: Path, kept: Path) -> None:
    kept.unlink(missing_ok=True)
    try:
        os.link(old, kept)
    except OSError:
        # A file system without links.
        shutil.copyfile(old, kept)


@dataclass(frozen=True, slots=True)
class _Filling:
    """What was salvaged, laid over the copy of a backup."""

    backup: Backup
    saved: Salvaged
    kind_of: KindOf
    now: datetime
    step: Progress

    def fill(self, file: Path, data_key: bytes) -> int:
        """All of it or, when anything is raised, none; returns the log entries carried over."""
        saved = self.saved
        store = Store.open(file, data_key)
        try:
            with store.writing() as db:
                _take_facts(db, saved.facts)
                operations.begin_incarnation(db, _next_identity(db, self.backup, saved))
                for row in saved.records:
                    _insert(db, "record", row)
                for row in saved.blobs:
                    _insert(db, "blob", row)
                for done, one in enumerate(saved.operations):
                    self.step(done, len(saved.operations))
                    _append(db, one, self.kind_of)
                put_aside.take_over(db, saved.aside)
                for record_id in saved.ended:
                    drafts.discard(db, record_id)
                for draft in saved.drafts:
                    drafts.keep(db, draft)
                return self._fill_log(db)
        finally:
            store.close()
            file.with_name(file.name + ".lock").unlink(missing_ok=True)

    def _fill_log(self, db: Database) -> int:
        log = self.saved.log
        carried = access_log.carry_over(db, log.rows, log.checkpoints)
        # Before the next entry, which makes an entry of a search that is open.
        for table, rows in self.saved.tables.items():
            _replace(db, table, rows)
        access_log.append(
            db,
            at=self.now,
            user=meta.worker(db).user,
            deed="restore",
            detail={
                "operations": len(self.saved.operations),
                "drafts": len(self.saved.drafts),
                "unread": self.saved.unread,
                "log": carried,
                "log_lost": log.lost,
            },
        )
        return carried


@dataclass(frozen=True, slots=True)
class _Told:
    """Tells one progress of several, and stops where it was wished."""

    progress: Progress
    cancelled: Callable[[], bool]

    def part(self, first: int, last: int) -> Progress:
        """Progress from `first` to `last` of a hundred. Raises Cancelled."""

        def step(done: int, of: int) -> None:
            if self.cancelled():
                raise Cancelled(unsent="-")
            self.progress(first + (last - first) * done // max(of, 1), 100)

        return step


def _take_facts(db: Database, facts: Mapping[str, str]) -> None:
    """Who the store is may have been told after the backup: an enrolment, renewed tokens."""
    is_as_known = facts.get("enrolled") is not None or not meta.is_enrolled(db)
    for key, value in facts.items():
        if key in ("replica", "incarnation") or (key in IDENTITY_FACTS and not is_as_known):
            continue
        db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _next_identity(db: Database, backup: Backup, saved: Salvaged) -> ReplicaIdentity:
    """The incarnation after the last one that the server may have met: it takes that and no other.

    One that an earlier restore began, and in which nothing was sent, is still to be met.
    """
    replica, in_facts = saved.facts.get("replica"), int(saved.facts.get("incarnation", 0))
    who = meta.identity(db)
    if replica is not None and replica != who.replica:
        return ReplicaIdentity(ReplicaId(replica), in_facts + 1)
    last = max([who.incarnation, in_facts, *(one.incarnation for one in saved.operations)])
    is_unmet = last == in_facts and last > backup.incarnation and not saved.was_met
    return ReplicaIdentity(who.replica, last if is_unmet else last + 1)


def _append(db: Database, one: SalvagedOperation, kind_of: KindOf) -> None:
    operation = structs.replace(
        one.operation, replica=meta.identity(db).replica, seq=operations.next_seq(db)
    )
    operations.append(db, operation)
    object_id = operation.object.id
    if operation.object.type == "entity":
        with suppress(EntityMissing):
            entities.apply_operation(db, operation)
        return
    # The draft that it was made of ended with it.
    drafts.discard(db, object_id)
    kind = one.kind or (kind_of(operation.form) if operation.form else None)
    if kind is None and not records.exists(db, object_id):
        return
    try:
        records.apply_operation(db, operation, kind=kind or "")
    except RecordMissing:
        # Its record was pulled after the backup and is lost: the next pull brings it, and the
        # operation is laid over it then.
        return
    if one.unsigned_state is not None:
        records.void_signatures(db, object_id, state=one.unsigned_state)
    entities.apply_effects(db, operation)


def _insert(db: Database, table: str, row: Mapping[str, Value]) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    db.execute(
        f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - salvage names them
        list(row.values()),
    )


def _replace(db: Database, table: str, rows: Sequence[Row]) -> None:
    columns = OWN_TABLES[table]
    marks = ", ".join("?" * (columns.count(",") + 1))
    db.execute(f"DELETE FROM {table}")  # noqa: S608 - salvage names them
    db.execute_many(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _bring_attachments(backup: Backup, folder: Path, step: Progress) -> None:
    with disk_troubles():
        (folder / ATTACHMENTS).mkdir(mode=0o700, exist_ok=True)
        for done, name in enumerate(backup.attachments, start=1):
            if not (folder / ATTACHMENTS / name).exists():
                write_whole(folder / ATTACHMENTS / name, backup.attachment(name).read_bytes())
            step(done, len(backup.attachments))
        step(1, 1)


def _remove(file: Path) -> None:
    for suffix in ("", ".lock", "-journal", *_LOGS):
        with suppress(OSError):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
