"""Copies of a profile that can take its place: encrypted as the store is, each opened and checked.

    <place>/<profile id>/20261121T091400Z-daily.db         the store as it stood, without a log
                         20261121T091400Z-daily.key.json   its key file
                         20261121T091400Z-daily.json       the manifest
                         attachments/<keyed name>          sealed files, once for all backups

The manifest is written last and whole: what has none is no backup. It tells of nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fieldapp.errors import (
    BackupDamaged,
    Cancelled,
    StoreDamaged,
    StoreTrouble,
)
from fieldapp.failpoints import reach
from fieldapp.storage import access_log, meta
from fieldapp.storage.blobs import ATTACHMENTS
from fieldapp.storage.checking import Progress, is_sound
from fieldapp.storage.database import Store
from fieldapp.storage.days import file_instant
from fieldapp.storage.profile import Profile
from fieldapp.storage.sqlite import Database, connect
from fieldapp.storage.whole_files import disk_troubles, flush_file, write_whole

Kind = Literal["daily", "weekly", "migration", "manual"]

#: How long a backup lives at most (formats, Erase), and how many of a kind are kept.
MAX_AGE = timedelta(days=35)
_KEPT = {"daily": 7, "weekly": 4}
_STEP_PAGES = 256
_STEM = re.compile(r"\d{8}T\d{6}Z-(daily|weekly|migration|manual)")
_SEALED = re.compile(r"[0-9a-f]{64}")
_SALT_BYTES = 16
_MANIFEST_MAX_BYTES = 16 * 1024 * 1024


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    format: Literal["fieldapp-backup"]
    version: Literal[1]
    kind: Kind
    made_at: datetime
    schema: Annotated[int, msgspec.Meta(ge=1)]
    records: Annotated[int, msgspec.Meta(ge=0)]
    operations: Annotated[int, msgspec.Meta(ge=0)]
    drafts: Annotated[int, msgspec.Meta(ge=0)]
    replica: str
    incarnation: Annotated[int, msgspec.Meta(ge=1)]
    # How far the access log had come: it only grows, whatever the clock says.
    log_seq: Annotated[int, msgspec.Meta(ge=0)] = 0
    # The salt in the first bytes of the store: with it a store that lost them can still be read.
    source_salt: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    attachments: tuple[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds."""

    records: int
    operations: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup.

    path: its store file; attachments: the names of the sealed files that belong to it; source_salt:
    that of the store it was made from; log_seq: the last entry of its access log.
    """

    path: Path
    kind: Kind
    made_at: datetime
    schema: int
    counts: Counts
    replica: str
    incarnation: int
    log_seq: int
    source_salt: bytes
    attachments: tuple[str, ...]

    @property
    def order(self) -> tuple[int, datetime]:
        """What makes one newer than another: first its log, a clock may have been a year ahead."""
        return self.log_seq, self.made_at

    @property
    def key_path(self) -> Path:
        """Its copy of the key file."""
        return self.path.with_suffix(".key.json")

    @property
    def manifest_path(self) -> Path:
        """What makes it a backup."""
        return self.path.with_suffix(".json")

    def attachment(self, name: str) -> Path:
        """A sealed file of it."""
        return self.path.parent / ATTACHMENTS / name


def make_backup(
    store: Store,
    place: Path,
    *,
    made_at: datetime,
    kind: Kind,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Backup:
    """Copy a store in use, with its key file and attachments; checked, durable on return.

    Saves go on meanwhile: it is the store of the moment it was begun. A file that the store itself
    has lost does not keep the rest from being backed up. Raises Cancelled, StoreFull,
    StoreUnreadable (the place is away or read-only), StoreLocked, StoreDamaged (the store has a
    page that cannot be read), BackupDamaged (the place does not give back what it was given).
    """
    return back_up_file(
        store.path,
        store.data_key(),
        place,
        made_at=made_at,
        kind=kind,
        progress=progress,
        cancelled=cancelled,
    )


def back_up_file(
    source: Path,
    data_key: bytes,
    place: Path,
    *,
    made_at: datetime,
    kind: Kind,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Backup:
    """As `make_backup`, of a store that is not open yet (before its tables are migrated)."""
    folder = place / source.parent.name

    def step(done: int, total: int) -> None:
        if cancelled():
            raise Cancelled(unsent="-")
        progress(done, total)

    with _snapshot(source, data_key) as db, disk_troubles():
        (folder / ATTACHMENTS).mkdir(parents=True, exist_ok=True, mode=0o700)
        path = _free_path(folder, made_at, kind)
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        try:
            wanted = _sealed_files(db)
            pages = db.count("PRAGMA page_count")
            step(0, pages + len(wanted))
            db.copy_pages(
                unfinished,
                data_key,
                step=_STEP_PAGES,
                progress=lambda done, all_: step(done, all_ + len(wanted)),
            )
            held = []
            for index, name in enumerate(wanted, start=1):
                if _copy_sealed(source.parent / ATTACHMENTS, folder / ATTACHMENTS, name):
                    held.append(name)
                step(pages + index, pages + len(wanted))
            manifest = _described(
                unfinished,
                data_key,
                made_at=made_at,
                kind=kind,
                source_salt=_salt(source),
                held=held,
                cancelled=cancelled,
            )
            flush_file(unfinished)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        key_file = Profile(source.parent).key_path
        if key_file.exists():
            write_whole(path.with_suffix(".key.json"), key_file.read_bytes())
        reach("backup.before_manifest")
        write_whole(path.with_suffix(".json"), msgspec.json.encode(manifest))
    return _backup(path, manifest)


def list_backups(place: Path, profile_id: str) -> tuple[Backup, ...]:
    """The whole backups of a profile in a place, newest first; none where the place is away."""
    try:
        files = sorted((place / profile_id).glob("*.json"))
    except OSError:
        return ()
    found = [_read_backup(file) for file in files if _STEM.fullmatch(file.stem)]
    return tuple(sorted((one for one in found if one), key=lambda one: one.order, reverse=True))


def check_backup(
    backup: Backup,
    data_key: bytes,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Counts:
    """Open a backup and look at every page and file of it. Raises BackupDamaged, Cancelled."""
    try:
        counts, _ = checked(backup.path, data_key, cancelled, progress)
    except StoreTrouble as error:
        raise BackupDamaged from error
    if counts != backup.counts:
        raise BackupDamaged
    if not all(backup.attachment(name).is_file() for name in backup.attachments):
        raise BackupDamaged
    return counts


@contextmanager
def reading(backup: Backup, data_key: bytes) -> Iterator[Database]:
    """Look into a backup. Raises BackupDamaged."""
    try:
        db = connect(backup.path, data_key, "ro")
    except StoreTrouble as error:
        raise BackupDamaged from error
    try:
        yield db
    finally:
        db.close()


def checked(
    path: Path,
    data_key: bytes,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Progress = lambda _done, _all: None,
) -> tuple[Counts, int]:
    """How much a store file holds, and its schema, once every page of it was found sound.

    Raises StoreDamaged, StoreUnreadable, Cancelled.
    """
    db = connect(path, data_key, "ro")
    try:
        if not is_sound(db, progress, cancelled):
            raise StoreDamaged
        return _counts(db), db.count("PRAGMA user_version")
    finally:
        db.close()


def thin_out(place: Path, profile_id: str, now: datetime) -> int:
    """Delete backups that are no longer kept, and what interrupted ones left; returns how many.

    Kept are the newest 7 daily and 4 weekly ones and all others, of the last 35 days; the newest
    of all is kept however old it is. Raises StoreUnreadable.
    """
    backups = list_backups(place, profile_id)
    kept: list[Backup] = list(backups[:1])
    of_kind = {"daily": 0, "weekly": 0}
    for backup in backups:
        of_kind[backup.kind] = of_kind.get(backup.kind, 0) + 1
        is_within = of_kind[backup.kind] <= _KEPT.get(backup.kind, len(backups))
        if is_within and not _is_old(backup, now, newer=len(kept)) and backup not in kept:
            kept.append(backup)
    with disk_troubles():
        for backup in backups:
            if backup not in kept:
                # Without its manifest it is none, wherever the rest of this ends.
                backup.manifest_path.unlink(missing_ok=True)
        _sweep(place / profile_id, kept)
    return len(backups) - len(kept)


def _is_old(backup: Backup, now: datetime, *, newer: int) -> bool:
    """One dated after now tells no age; but a full set of newer ones takes weeks to come about."""
    if backup.made_at > now:
        return newer >= sum(_KEPT.values())
    return now - backup.made_at > MAX_AGE


def _sweep(folder: Path, kept: Iterable[Backup]) -> None:
    stems = {backup.path.stem for backup in kept}
    names = {name for backup in kept for name in backup.attachments}
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        stem = file.name.partition(".")[0]
        if _STEM.fullmatch(stem) and stem not in stems:
            file.unlink(missing_ok=True)
    for file in folder.glob(f"{ATTACHMENTS}/*"):
        if file.name not in names and _SEALED.fullmatch(file.name.partition(".")[0]):
            file.unlink(missing_ok=True)


@contextmanager
def _snapshot(path: Path, data_key: bytes) -> Iterator[Database]:
    """A connection of its own, which sees the store as it stands now whatever is saved later."""
    db = connect(path, data_key, "ro")
    try:
        db.execute("BEGIN")
        yield db
    finally:
        db.close()


def _free_path(folder: Path, made_at: datetime, kind: Kind) -> Path:
    while True:
        path = folder / f"{file_instant(made_at)}-{kind}.db"
        if not path.with_suffix(".json").exists():
            return path
        made_at += timedelta(seconds=1)


def _sealed_files(db: Database) -> tuple[str, ...]:
    rows = db.rows("SELECT path FROM blob WHERE blob_state <> 'erased' ORDER BY path")
    return tuple(name for (name,) in rows if _SEALED.fullmatch(name))


def _copy_sealed(source: Path, target: Path, name: str) -> bool:
    """Copy a sealed file once; False when the store has lost it."""
    try:
        size = (source / name).stat().st_size
        if (target / name).is_file() and (target / name).stat().st_size == size:
            return True
        content = (source / name).read_bytes()
    except FileNotFoundError:
        return False
    write_whole(target / name, content)
    return True


def _described(
    file: Path,
    data_key: bytes,
    *,
    made_at: datetime,
    kind: Kind,
    source_salt: bytes,
    held: Collection[str],
    cancelled: Callable[[], bool],
) -> _Manifest:
    """Open and check what was written. Raises BackupDamaged."""
    try:
        counts, schema = checked(file, data_key, cancelled)
        with _snapshot(file, data_key) as db:
            who = meta.identity(db)
            last = access_log.last(db) if db.has_table("access_log") else None
    except StoreTrouble as error:
        raise BackupDamaged from error
    return _Manifest(
        format="fieldapp-backup",
        version=1,
        kind=kind,
        made_at=made_at.astimezone(UTC),
        schema=schema,
        records=counts.records,
        operations=counts.operations,
        drafts=counts.drafts,
        replica=who.replica,
        incarnation=who.incarnation,
        log_seq=last.log_seq if last else 0,
        source_salt=source_salt.hex(),
        attachments=tuple(held),
    )


def _counts(db: Database) -> Counts:
    return Counts(
        records=db.count("SELECT count(*) FROM record"),
        operations=db.count("SELECT count(*) FROM operation"),
        drafts=db.count("SELECT count(*) FROM draft"),
    )


def _salt(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SALT_BYTES)


def _read_backup(file: Path) -> Backup | None:
    """What a manifest describes; None where it or its store file is not whole."""
    path = file.with_suffix(".db")
    try:
        with file.open("rb") as opened:
            raw = opened.read(_MANIFEST_MAX_BYTES)
        manifest = msgspec.json.decode(raw, type=_Manifest)
        is_there = path.is_file()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _backup(path, manifest) if is_there and manifest.made_at.tzinfo else None


def _backup(path: Path, manifest: _Manifest) -> Backup:
    return Backup(
        path=path,
        kind=manifest.kind,
        made_at=manifest.made_at,
        schema=manifest.schema,
        counts=Counts(manifest.records, manifest.operations, manifest.drafts),
        replica=manifest.replica,
        incarnation=manifest.incarnation,
        log_seq=manifest.log_seq,
        source_salt=bytes.fromhex(manifest.source_salt),
        attachments=manifest.attachments,
    )
