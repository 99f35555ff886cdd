"""Profiles of a laptop: make one, open one with its password. A forgotten one: `recovery.py`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.crypto.recovery import read_public
from fieldapp.crypto.wrapping import STANDARD, Cost
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ReplicaId, uuid7
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.domain.plans import PackProblem
from fieldapp.errors import (
    KeyTrouble,
    PackRefused,
    PackVersionTaken,
    RecoveryFileRefused,
    StoreTrouble,
)
from fieldapp.messages import message_for
from fieldapp.packs import Catalogue, Pack, PackWorker, read_pack
from fieldapp.storage import attempts, meta, packs
from fieldapp.storage.database import Store
from fieldapp.storage.key import add_recovery, has_recovery
from fieldapp.storage.profile import Profile, open_profile
from fieldapp.storage.profile import create_profile as create_stored
from fieldapp.storage.profile import list_profiles as list_stored
from fieldapp.storage.rekey import end_rekey, sweep_backups
from fieldapp.storage.restore import end_restore
from fieldapp.usecases.access_log import open_log
from fieldapp.usecases.backups import before_migration, default_place
from fieldapp.usecases.counted import counted
from fieldapp.usecases.session import Session
from fieldapp.usecases.working_clock import working_clock

#: The office's public key beside the workbooks (`python -m fieldapp recovery new-key`).
OFFICE_KEY_FILE = "recovery.pub"
#: Told before each workbook that is compiled anew: how many are done, of how many.
Compiling = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ProfileInfo:
    """A profile as the unlock window lists it; `label` lies in clear beside the store."""

    id: str
    label: str
    folder: Path


def list_profiles(root: Path) -> tuple[ProfileInfo, ...]:
    """The profiles of this laptop, by label as 가나다 has it."""
    return tuple(ProfileInfo(p.id, p.label, p.folder) for p in list_stored(root))


def create_profile(
    root: Path,
    *,
    label: str,
    worker: Worker,
    password: str,
    clock: Clock,
    packs_dir: Path,
    cost: Cost = STANDARD,
) -> Session:
    """A new profile with its key, an empty store and the packs that ship with the app; one that
    the office can recover, where its public key ships too.

    Raises WeakPassword, StoreExists, RecoveryFileRefused, StoreFull.
    """
    now = clock.now()
    profile_id = secrets.token_hex(8)
    store = create_stored(
        root / profile_id,
        label=label,
        password=password,
        identity=ReplicaIdentity(ReplicaId(uuid7(now)), 1),
        created_at=now,
        cost=cost,
        office_key=office_key(packs_dir),
    )
    with closing_on_error(store):
        with store.writing() as db:
            meta.put_worker(db, worker)
        return begin_session(store, clock, packs_dir, profile_id)


def unlock(
    profile: ProfileInfo,
    password: str,
    clock: Clock,
    packs_dir: Path,
    *,
    compiling: Compiling = lambda _done, _of: None,
) -> Session:
    """Open a profile. Wrong passwords cost time (`storage/attempts.py`).

    Raises WrongPassword (with `wait_s` until the next is tried), TooManyAttempts, RecoveryNeeded,
    KeyFileDamaged, StoreInUse, StoreDamaged, StoreTooNew.
    """
    stored = Profile(profile.folder)
    store = open_counted(stored, password, clock)
    with closing_on_error(store):
        # A profile made before the office had a key. A key that cannot be read or written now
        # keeps nobody from their records.
        with suppress(KeyTrouble, StoreTrouble):
            if not has_recovery(stored.key_path) and (public := office_key(packs_dir)):
                add_recovery(stored.key_path, password, public)
        return begin_session(
            store, clock, packs_dir, profile.id, stored.attempts_path, compiling=compiling
        )


def office_key(packs_dir: Path) -> bytes | None:
    """The office's public key for recovery, which ships among the workbooks; None without one.

    Raises RecoveryFileRefused.
    """
    file = packs_dir / OFFICE_KEY_FILE
    if not file.is_file():
        return None
    try:
        return read_public(file.read_bytes()[:1_000].decode("ascii", "replace"))
    except (OSError, RecoveryFileRefused) as error:
        raise RecoveryFileRefused(name=file.name) from error


def begin_session(
    store: Store,
    clock: Clock,
    packs_dir: Path,
    profile_id: str,
    attempts_path: Path | None = None,
    *,
    compiling: Compiling = lambda _done, _of: None,
) -> Session:
    """The session over a store just opened, its access log begun with the failures before it."""
    with store.reading() as db:
        worker = meta.worker(db)
    session = _session(store, worker, clock, packs_dir, profile_id, compiling=compiling)
    failed = attempts.failures(attempts_path) if attempts_path else ()
    open_log(session, failed)
    if attempts_path and failed:
        attempts.forget_failures(attempts_path)
    # After a change of the data key that ended before there was a backup of the new one. No room
    # for it keeps nobody from their records: the old ones stay until then.
    folder = store.path.parent
    with suppress(StoreTrouble):
        sweep_backups(folder, store.data_key(), default_place(folder), session.clock.now())
    return session


@contextmanager
def closing_on_error(store: Store) -> Iterator[None]:
    """Whatever goes wrong before a session stands, the store does not stay open."""
    try:
        yield
    except BaseException:
        store.close()
        raise


def open_counted(stored: Profile, password: str, clock: Clock) -> Store:
    """The store; the attempt is counted. Raises what `unlock` does."""
    settle(stored, clock)
    with counted(stored, clock):
        return open_profile(stored.folder, password, before_migration(stored.folder, clock))


def settle(stored: Profile, clock: Clock) -> None:
    """End what a death interrupted, before a key file or store is read: a change of the data key, a
    restore. Raises StoreInUse, StoreUnreadable.
    """
    end_rekey(stored.folder)
    end_restore(stored.folder, clock.now())


def _session(
    store: Store,
    worker: Worker,
    clock: Clock,
    packs_dir: Path,
    profile_id: str,
    *,
    compiling: Compiling,
) -> Session:
    """Stored form versions open without pyxform; a workbook not seen before is compiled once."""
    catalogue = Catalogue()
    with store.reading() as db:
        stored = packs.all_packs(db)
        believed = working_clock(clock, db)
        catalogue.put_current(meta.current_forms(db))
    known = {pack.workbook_sha256 for pack in stored}
    for pack in stored:
        catalogue.add_compiled(pack.content)
    files = [file for file in sorted(packs_dir.iterdir()) if file.suffix in (".xlsx", ".pack")]
    unseen = [file for file in files if file.suffix == ".xlsx" and not _is_known(file, known)]
    refused: list[PackRefused] = []
    with PackWorker() as converter:
        for file in files:
            if file in unseen:
                compiling(unseen.index(file), len(unseen))
            try:
                install(store, catalogue, file, known, converter)
            except PackRefused as refusal:
                refused.append(refusal)
    return Session(
        store=store,
        worker=worker,
        clock=believed,
        catalogue=catalogue,
        profile_id=profile_id,
        boot_id=secrets.token_hex(8),
        refused=tuple(refused),
    )


def install(
    store: Store, catalogue: Catalogue, file: Path, known: set[str], converter: PackWorker
) -> None:
    """Read a workbook (`.xlsx`) or a version compiled before (`.pack`) into the store.

    Nothing happens when a version of these very bytes stands there. Raises PackRefused, also where
    the version came from the server with other content: it stays as it came.
    """
    content = file.read_bytes()
    if file.suffix == ".pack":
        pack = Pack.from_stored(content)
    elif packs.digest(content) in known:
        return
    else:
        pack = read_pack(content, file.name, converter=converter)
    if pack.workbook_sha256 in known:
        return
    try:
        with store.writing() as db:
            packs.install(
                db,
                form=pack.plans.form,
                content=pack.to_stored(),
                workbook_sha256=pack.workbook_sha256,
            )
    except PackVersionTaken as taken:
        told = message_for(taken)
        problem = PackProblem("settings", 2, "version", told.happened, told.next)
        raise PackRefused(
            file_name=file.name, problems=(problem,), count=1, first=problem.as_text()
        ) from taken
    catalogue.add(pack)


def _is_known(workbook: Path, known: set[str]) -> bool:
    return packs.digest(workbook.read_bytes()) in known
