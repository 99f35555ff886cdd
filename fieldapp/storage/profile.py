"""Profiles of a laptop: a folder each, with one encrypted store and one key file.

Folder names are random and tell nothing. Only the label in the key file lies in clear: whoever
makes a profile chooses it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fieldapp.crypto.wrapping import STANDARD, Cost, check_password
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.errors import FieldAppError, StoreExists
from fieldapp.storage.collation import sort_key
from fieldapp.storage.database import BeforeMigration, Store
from fieldapp.storage.key import create_key_file, open_key_file, read_label, reset_password
from fieldapp.storage.key import open_with_code as open_key_with_code
from fieldapp.storage.whole_files import disk_troubles, flush_folder

_UNFINISHED = ".new"


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile's folder; its name is the profile's id."""

    folder: Path
    label: str = ""

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def store_path(self) -> Path:
        """The encrypted database."""
        return self.folder / "store.db"

    @property
    def key_path(self) -> Path:
        """The wrapped data key."""
        return self.folder / "key.json"

    @property
    def attempts_path(self) -> Path:
        """How often the password was wrong; none when it was not."""
        return self.folder / "attempts.json"


def create_profile(
    folder: Path,
    password: str,
    *,
    created_at: datetime,
    label: str = "",
    identity: ReplicaIdentity | None = None,
    cost: Cost = STANDARD,
    office_key: bytes | None = None,
) -> Store:
    """A new profile and its open, empty store; with an office's public key, one that the office can
    recover. It stands whole or not at all: it is made in a folder beside and then put in place.

    Raises WeakPassword, StoreExists, RecoveryFileRefused, StoreFull, StoreUnreadable.
    """
    if folder.exists():
        raise StoreExists
    unfinished = Profile(folder.with_name(folder.name + _UNFINISHED))
    try:
        shutil.rmtree(unfinished.folder, ignore_errors=True)
        with disk_troubles():
            unfinished.folder.mkdir(parents=True, mode=0o700)
            data_key = create_key_file(
                unfinished.key_path, password, label=label, cost=cost, office_key=office_key
            )
            Store.create(
                unfinished.store_path, data_key, identity=identity, created_at=created_at
            ).close()
            unfinished.folder.rename(folder)
            flush_folder(folder.parent)
    except BaseException:
        shutil.rmtree(unfinished.folder, ignore_errors=True)
        raise
    return Store.open(Profile(folder).store_path, data_key)


def open_profile(
    folder: Path, password: str, before_migration: BeforeMigration | None = None
) -> Store:
    """The store of a profile. before_migration: as `Store.open` calls it.

    Raises WrongPassword, KeyFileDamaged, StoreInUse, StoreUnreadable, StoreDamaged, StoreTooNew.
    """
    profile = Profile(folder)
    data_key = open_key_file(profile.key_path, password)
    return Store.open(profile.store_path, data_key, before_migration)


def open_with_code(
    folder: Path,
    code: str,
    new_password: str,
    *,
    cost: Cost = STANDARD,
    before_migration: BeforeMigration | None = None,
) -> Store:
    """The store of a profile whose password was forgotten; it has the new one from now on.

    The password changes only once the store is open. Raises WeakPassword, RecoveryMissing,
    RecoveryCodeMistyped, RecoveryCodeWrong and what opening a store raises.
    """
    profile = Profile(folder)
    check_password(new_password)
    data_key = open_key_with_code(profile.key_path, code)
    store = Store.open(profile.store_path, data_key, before_migration)
    try:
        reset_password(profile.key_path, code, new_password, cost=cost)
    except BaseException:
        store.close()
        raise
    return store


def list_profiles(root: Path) -> tuple[Profile, ...]:
    """The profiles under a folder, by label; one whose key file is damaged or lost is listed by its
    id: a backup can bring the key file back.
    """
    if not root.is_dir():
        return ()
    found = [
        Profile(folder, _label(folder))
        for folder in root.iterdir()
        if folder.suffix != _UNFINISHED and _is_profile(Profile(folder))
    ]
    return tuple(sorted(found, key=lambda profile: (sort_key(profile.label), profile.id)))


def _is_profile(profile: Profile) -> bool:
    return profile.key_path.is_file() or profile.store_path.is_file()


def _label(folder: Path) -> str:
    try:
        return read_label(Profile(folder).key_path)
    except FieldAppError:
        return folder.name
