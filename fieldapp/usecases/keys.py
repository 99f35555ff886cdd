"""암호 열쇠: the password, the operating system's keyring, and the change of the data key itself.

A changed password wraps the same data key anew; the store and its backups stay as they are. A
rotation makes a new data key and writes everything again under it: what somebody carried off
before, with a password that has leaked since, shows nothing of what is written from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.crypto.wrapping import STANDARD, Cost
from fieldapp.domain.ids import UserId
from fieldapp.errors import KeyringMissing, KeyTrouble, StoreTrouble
from fieldapp.storage import key, meta, os_keyring
from fieldapp.storage.backup import Backup
from fieldapp.storage.checking import Progress
from fieldapp.storage.database import Store
from fieldapp.storage.profile import Profile
from fieldapp.storage.rekey import has_other_key, rekey, sweep_backups
from fieldapp.usecases.access_log import note
from fieldapp.usecases.backups import backups_of, before_migration, default_place
from fieldapp.usecases.counted import counted
from fieldapp.usecases.preferences import preferences_in
from fieldapp.usecases.profiles import (
    Compiling,
    ProfileInfo,
    begin_session,
    closing_on_error,
    open_counted,
    settle,
)
from fieldapp.usecases.session import Session

#: Percent of a rotation that are done once the new key stands; the rest is its first backup.
_REKEYED = 75


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of the data key left to say.

    backup: the first one of the new key, None where there was no room for it (an unlock that finds
    room makes it, and only then takes the old ones away); old_backups: those that the old key still
    opens, in other places as a rule; is_forgotten: the keyring had remembered the profile and could
    not be asked to do so again.
    """

    backup: Backup | None
    old_backups: tuple[Backup, ...]
    is_forgotten: bool


def change_password(session: Session, old: str, new: str, *, cost: Cost = STANDARD) -> None:
    """Wrap the same data key with another password. From any thread; the store stays open.

    Raises WrongPassword (counted, with `attempts_left` and `wait_s`), TooManyAttempts,
    RecoveryNeeded, WeakPassword, KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    stored = _stored(session)
    with counted(stored, session.clock):
        key.change_password(stored.key_path, old, new, cost=cost)
    _note_key(session, "password")


def remember(session: Session, password: str) -> None:
    """이 컴퓨터에 기억: let the operating system's keyring open this profile. From any thread; it
    answers within 5 s.

    Raises KeyringMissing when no keyring can be trusted with it, WrongPassword (counted),
    TooManyAttempts, RecoveryNeeded, KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    stored = _stored(session)
    with counted(stored, session.clock):
        if not os_keyring.remember(stored, password):
            raise KeyringMissing
    _note_key(session, "remember")


def forget(session: Session) -> None:
    """No keyring opens this profile any more, even one that does not answer now.

    Raises KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    os_keyring.forget(_stored(session))
    _note_key(session, "forget")


def is_remembered(profile: ProfileInfo) -> bool:
    """Whether a keyring may open the profile; nothing is asked of it. False where nothing can be
    read of the key file.
    """
    try:
        return key.has_keyring(Profile(profile.folder).key_path)
    except (KeyTrouble, StoreTrouble):
        return False


def unlock_by_keyring(
    profile: ProfileInfo,
    clock: Clock,
    packs_dir: Path,
    *,
    compiling: Compiling = lambda _done, _of: None,
) -> Session | None:
    """Open a profile without its password; None when no keyring does so within 5 s.

    Raises KeyFileDamaged, StoreInUse, StoreDamaged, StoreTooNew, StoreUnreadable.
    """
    stored = Profile(profile.folder)
    settle(stored, clock)
    data_key = os_keyring.open_remembered(stored)
    if data_key is None:
        return None
    store = Store.open(stored.store_path, data_key, before_migration(stored.folder, clock))
    with closing_on_error(store):
        return begin_session(
            store, clock, packs_dir, profile.id, stored.attempts_path, compiling=compiling
        )


def rotate(
    profile: ProfileInfo,
    password: str,
    clock: Clock,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
    places: Sequence[Path] = (),
    cost: Cost = STANDARD,
) -> Rotated:
    """암호화 키 바꾸기, of a closed profile: another data key, and all of it written again with it.

    The recovery code is made anew for the same office. Until the new file is put in place
    `cancelled` is asked, and whatever is raised, all is as it was. progress: done, of 100. places:
    where backups may lie beside the default place and the worker's second one; these are left
    alone. Raises Cancelled, WrongPassword (counted), TooManyAttempts, RecoveryNeeded,
    KeyFileDamaged, StoreInUse, RoomMissing, StoreFull, StoreUnreadable, StoreDamaged, StoreTooNew.
    """
    stored = Profile(profile.folder)
    user, second_place = _owner(stored, password, clock)
    was_remembered = is_remembered(profile)
    data_key = rekey(
        stored.folder,
        password,
        user=user,
        now=clock.now(),
        progress=lambda done, of: progress(_REKEYED * done // of, 100),
        cancelled=cancelled,
        cost=cost,
    )
    backup = _first_backup(stored, data_key, clock, progress)
    elsewhere = [*places, *([second_place] if second_place else ())]
    return Rotated(
        backup=backup,
        old_backups=tuple(
            one for one in backups_of(profile, elsewhere) if has_other_key(one, data_key)
        ),
        is_forgotten=was_remembered and not _is_remembered_again(stored, password),
    )


def _first_backup(
    stored: Profile, data_key: bytes, clock: Clock, progress: Progress
) -> Backup | None:
    def step(done: int, of: int) -> None:
        progress(_REKEYED + (100 - _REKEYED) * done // max(of, 1), 100)

    place = default_place(stored.folder)
    try:
        return sweep_backups(stored.folder, data_key, place, clock.now(), step)
    except StoreTrouble:
        # The new key stands; the next unlock tries again.
        return None


def _is_remembered_again(stored: Profile, password: str) -> bool:
    try:
        return os_keyring.remember(stored, password)
    except (KeyTrouble, StoreTrouble):
        return False


def _owner(stored: Profile, password: str, clock: Clock) -> tuple[UserId, Path | None]:
    """Whose profile it is, and where else its backups lie. Opening it once brings its tables to
    today's and folds its log.
    """
    store = open_counted(stored, password, clock)
    try:
        with store.reading() as db:
            return meta.worker(db).user, preferences_in(db).second_place
    finally:
        store.close()


def _stored(session: Session) -> Profile:
    return Profile(session.store.path.parent)


def _note_key(session: Session, what: str) -> None:
    with session.store.writing() as db:
        note(session, db, "key", detail={"what": what})
