"""예비본: made every day and week, checked, tried out, and put back when all else is lost.

A place is a folder that holds the backups of every profile of this laptop, a sub-folder each: one
beside the profiles, and whichever else the office chose (a second disk, an approved USB).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.clock import KOREA, Clock
from fieldapp.domain.operation import FormRef
from fieldapp.errors import (
    BackupDamaged,
    BackupMissing,
    Cancelled,
    KeyFileDamaged,
    StoreTrouble,
    StoreUnreadable,
)
from fieldapp.packs import Pack
from fieldapp.storage import meta, packs
from fieldapp.storage.backup import (
    Backup,
    Counts,
    Kind,
    back_up_file,
    check_backup,
    list_backups,
    make_backup,
    reading,
    thin_out,
)
from fieldapp.storage.checking import Progress
from fieldapp.storage.database import BeforeMigration, Database, Store
from fieldapp.storage.key import open_key_file
from fieldapp.storage.profile import Profile
from fieldapp.storage.rekey import end_rekey
from fieldapp.storage.restore import KindOf, Restored, end_restore, restore
from fieldapp.storage.whole_files import copy_whole, disk_troubles
from fieldapp.usecases.access_log import note
from fieldapp.usecases.counted import counted
from fieldapp.usecases.session import Session

if TYPE_CHECKING:
    from fieldapp.usecases.profiles import ProfileInfo

_BESIDE = "backups"
_DRILL = "drill"


def default_place(profile_folder: Path) -> Path:
    """Where backups are made unless the office chose another place: beside the profiles."""
    return profile_folder.parent / _BESIDE


def back_up_if_due(
    session: Session,
    places: Sequence[Path],
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Backup, ...]:
    """Make today's backup in each place that lacks it: the first of a week (from Monday) is the
    weekly one. Returns those made.

    A place that is away keeps no other from its backup. Raises Cancelled, and StoreFull,
    StoreUnreadable, BackupDamaged of the last place when today's stands in none.
    """
    now = session.clock.now()
    made: list[Backup] = []
    is_safe, trouble = False, None
    for place in places:
        kind = _due(list_backups(place, session.profile_id), now)
        if kind is None:
            is_safe = True
            continue
        try:
            made.append(
                _made(session, place, kind=kind, now=now, progress=progress, cancelled=cancelled)
            )
        except StoreTrouble as error:
            trouble = error
    if trouble is not None and not (made or is_safe):
        raise trouble
    return tuple(made)


def back_up_now(
    session: Session,
    place: Path,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Backup:
    """지금 예비본 만들기. Raises Cancelled, StoreFull, StoreUnreadable, BackupDamaged."""
    now = session.clock.now()
    return _made(session, place, kind="manual", now=now, progress=progress, cancelled=cancelled)


def before_migration(profile_folder: Path, clock: Clock) -> BeforeMigration:
    """What `Store.open` calls before it changes the tables of an older store: the way back."""

    def back_up(path: Path, data_key: bytes) -> None:
        place = default_place(profile_folder)
        back_up_file(path, data_key, place, made_at=clock.now(), kind="migration")

    return back_up


def backups_of(profile: ProfileInfo, places: Sequence[Path] = ()) -> tuple[Backup, ...]:
    """The whole backups of a profile, newest first, in the default place and those named."""
    everywhere = dict.fromkeys((default_place(profile.folder), *places))
    found = [one for place in everywhere for one in list_backups(place, profile.id)]
    return tuple(sorted(found, key=lambda one: one.order, reverse=True))


def restore_newest_good(
    profile: ProfileInfo,
    password: str,
    clock: Clock,
    places: Sequence[Path] = (),
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Restored:
    """예비본으로 되살리기: the newest whole backup takes the place of the damaged store, and gets
    every operation and draft that can still be read of it.

    The profile is not open. A wrong password is counted, as at unlock. Until the new store is
    ready, `cancelled` leaves everything as it was. Raises WrongPassword, TooManyAttempts,
    RecoveryNeeded, BackupMissing, Cancelled, StoreInUse, StoreFull, StoreUnwritable,
    StoreUnreadable.
    """
    now = clock.now()
    backups = backups_of(profile, places)
    if not backups:
        raise BackupMissing
    end_rekey(profile.folder)
    end_restore(profile.folder, now)
    with counted(Profile(profile.folder), clock):
        key_file, data_key = _data_key(profile.folder, backups, password)
    for backup in backups:
        try:
            restored = restore(
                profile.folder,
                backup,
                data_key,
                now=now,
                kind_of=_kinds_in(backup, data_key),
                progress=progress,
                cancelled=cancelled,
            )
        except BackupDamaged:
            continue
        own_key_file = Profile(profile.folder).key_path
        if key_file != own_key_file:
            # One's own cannot be read; it held the same key, or the backup would not have opened.
            copy_whole(key_file, own_key_file)
        return restored
    raise BackupMissing


def drill(
    session: Session,
    backup: Backup,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Counts:
    """복구 확인: put a backup back in a place of its own, encrypted, look through it, take it away.

    The day is kept (`drilled_at`), and noted. Raises BackupDamaged, Cancelled, StoreFull,
    StoreUnreadable.
    """
    data_key = session.store.data_key()

    def half(done: int, of: int, *, first: int = 0) -> None:
        if cancelled():
            raise Cancelled(unsent="-")
        progress(first + 50 * done // max(of, 1), 100)

    counts = check_backup(backup, data_key, progress=half, cancelled=cancelled)
    folder = session.store.path.parent / _DRILL
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
        copy_whole(backup.path, folder / session.store.path.name)
        store = Store.open(folder / session.store.path.name, data_key)
        try:
            store.check(partial(half, first=50), cancelled)
            with store.reading() as db:
                meta.worker(db)
                packs.all_packs(db)
        finally:
            store.close()
    except OSError as error:
        raise StoreUnreadable from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with session.store.writing() as db:
        meta.put_drilled_at(db, session.clock.now())
        _note(session, db, backup.path.parent.parent, kind=backup.kind, is_drill=True)
    return counts


def drilled_at(session: Session) -> datetime | None:
    """When a backup of this profile was last found to serve."""
    with session.store.reading() as db:
        return meta.drilled_at(db)


def _made(
    session: Session,
    place: Path,
    *,
    kind: Kind,
    now: datetime,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Backup:
    if kind == "manual" or not _is_default(session, place):
        # What leaves the laptop is noted before it does; a place that is away takes nothing.
        with disk_troubles(is_writing=True):
            (place / session.profile_id).mkdir(parents=True, exist_ok=True, mode=0o700)
        with session.store.writing() as db:
            _note(session, db, place, kind=kind)
    backup = make_backup(
        session.store, place, made_at=now, kind=kind, progress=progress, cancelled=cancelled
    )
    thin_out(place, session.profile_id, now)
    return backup


def _note(
    session: Session, db: Database, place: Path, *, kind: Kind, is_drill: bool = False
) -> None:
    where = "default" if _is_default(session, place) else "other"
    detail: dict[str, str | int] = {"place": where, "kind": kind}
    note(session, db, "backup", detail=detail | ({"drill": 1} if is_drill else {}))


def _is_default(session: Session, place: Path) -> bool:
    return place.resolve() == default_place(session.store.path.parent).resolve()


def _due(backups: Sequence[Backup], now: datetime) -> Kind | None:
    today = now.astimezone(KOREA).date()
    days = {
        kind: [one.made_at.astimezone(KOREA).date() for one in backups if one.kind == kind]
        for kind in ("daily", "weekly")
    }
    if today in days["daily"] or today in days["weekly"]:
        return None
    week = today.isocalendar()[:2]
    return "daily" if week in [day.isocalendar()[:2] for day in days["weekly"]] else "weekly"


def _data_key(folder: Path, backups: Sequence[Backup], password: str) -> tuple[Path, bytes]:
    """From the profile's key file, or where that is lost too from a backup's; and from which."""
    for file in (Profile(folder).key_path, *(backup.key_path for backup in backups)):
        try:
            return file, open_key_file(file, password)
        except (KeyFileDamaged, StoreUnreadable):
            continue
    raise BackupMissing


def _kinds_in(backup: Backup, data_key: bytes) -> KindOf:
    """The kinds of records by form, read of the backup when the first is asked for."""

    @cache
    def kinds() -> dict[FormRef, str]:
        with reading(backup, data_key) as db:
            installed = [Pack.from_stored(pack.content) for pack in packs.all_packs(db)]
        return {pack.plans.form: pack.plans.kind for pack in installed}

    return lambda form: kinds().get(form)
