"""A forgotten password: the laptop asks, the office reads out a code, the code opens.

    the laptop  write_request          a file for the office: who asks, and the code, sealed
    the office  read_out               the code, with the office's private key and its passphrase
    the laptop  unlock_with_code       opens, sets a new password, has a new code made

The file may travel any way: without the office's private key it says nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from fieldapp.clock import Clock
from fieldapp.crypto.recovery import (
    OfficeKey,
    SealedCode,
    grouped,
    key_id,
    new_office_key,
    open_code,
    public_text,
)
from fieldapp.crypto.wrapping import STANDARD, Cost
from fieldapp.errors import FileNotWritten, FileReason, RecoveryFileRefused
from fieldapp.reports.files import write_file
from fieldapp.storage import attempts, key
from fieldapp.storage.profile import Profile, open_with_code
from fieldapp.storage.rekey import end_rekey
from fieldapp.usecases.backups import before_migration
from fieldapp.usecases.profiles import ProfileInfo, begin_session, closing_on_error, settle
from fieldapp.usecases.session import Session

_MAX_BYTES = 65_536
_Read = TypeVar("_Read")


class _Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a laptop asks the office: `profile` is the profile's random folder name."""

    format: Literal["fieldapp-recovery-request"]
    version: Literal[1]
    profile: Annotated[str, msgspec.Meta(max_length=100)]
    key_id: Annotated[str, msgspec.Meta(max_length=16)]
    code: SealedCode


def has_recovery(profile: ProfileInfo) -> bool:
    """Whether the office can open this profile. Raises KeyFileDamaged, StoreUnreadable."""
    return key.has_recovery(Profile(profile.folder).key_path)


def add_recovery(profile: ProfileInfo, password: str, public_key: bytes) -> None:
    """Let the office with this public key (32 bytes) open this profile.

    Raises WrongPassword, RecoveryFileRefused, KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    key.add_recovery(Profile(profile.folder).key_path, password, public_key)


def write_request(profile: ProfileInfo, target: Path) -> Path:
    """A request to the office as a file; returns its path.

    Raises RecoveryMissing, KeyFileDamaged, StoreInUse, StoreUnreadable, FileNotWritten.
    """
    # A code of the key before opens nothing any more.
    end_rekey(profile.folder)
    code = key.sealed_code(Profile(profile.folder).key_path)
    request = _Request("fieldapp-recovery-request", 1, profile.id, key_id(code.office_key), code)
    return write_file(target, msgspec.json.format(msgspec.json.encode(request), indent=1) + b"\n")


def unlock_with_code(
    profile: ProfileInfo,
    code: str,
    new_password: str,
    clock: Clock,
    packs_dir: Path,
    *,
    cost: Cost = STANDARD,
) -> Session:
    """Open a profile whose password was forgotten, and give it a new one. The code is used up.

    Raises WeakPassword, RecoveryMissing, RecoveryCodeMistyped, RecoveryCodeWrong, KeyFileDamaged,
    StoreInUse, StoreDamaged, StoreTooNew, StoreFull.
    """
    stored = Profile(profile.folder)
    settle(stored, clock)
    store = open_with_code(
        stored.folder,
        code,
        new_password,
        cost=cost,
        before_migration=before_migration(stored.folder, clock),
    )
    attempts.recover(stored.attempts_path)
    with closing_on_error(store):
        return begin_session(store, clock, packs_dir, profile.id, stored.attempts_path)


# What the office does, from the command line


def write_office_key(target: Path, passphrase: str, *, cost: Cost = STANDARD) -> str:
    """A new key pair: the private half in `target` under the passphrase, the public half beside it
    in `<target>.pub`. Returns the key's id.

    Nothing is ever replaced: with an old key went every code sealed for it. Raises WeakPassword,
    FileNotWritten.
    """
    public = target.with_name(target.name + ".pub")
    if target.exists() or public.exists():
        raise FileNotWritten(reason=FileReason.EXISTS)
    office = new_office_key(passphrase, cost)
    write_file(target, msgspec.json.encode(office))
    write_file(public, public_text(office.public).encode())
    return key_id(office.public)


def read_out(request: Path, office_key: Path, passphrase: str) -> str:
    """The code that a request asks for, in five groups of five.

    Raises WrongPassword, RecoveryFileRefused.
    """
    office = _read(office_key, OfficeKey)
    asked = _read(request, _Request)
    try:
        return grouped(open_code(asked.code, office, passphrase))
    except RecoveryFileRefused:
        raise RecoveryFileRefused(name=request.name) from None


def _read(path: Path, shape: type[_Read]) -> _Read:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MAX_BYTES), type=shape)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecoveryFileRefused(name=path.name) from error
