"""The life of a profile's data key: a small JSON beside the store holds it, wrapped.

The file lies in clear. It names algorithms, what they cost, and a label that whoever made the
profile chose (an office nickname); it holds nothing of any person. A password change writes a new
wrap of the same key; the store is not re-encrypted. Beside the password's wrap may stand one that
the office's recovery code opens and one that the operating system's keyring opens.

Version 1 knew the password's wrap alone. It is read, and written as version 2 when it next changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fieldapp.crypto.recovery import (
    RecoveryWrap,
    SealedCode,
    unwrap_with_code,
    wrap_for_recovery,
)
from fieldapp.crypto.wrapping import (
    STANDARD,
    Cost,
    KeyringWrap,
    PasswordWrap,
    check_password,
    new_data_key,
    unwrap,
    unwrap_with_secret,
    wrap,
    wrap_with_secret,
)
from fieldapp.errors import KeyFileDamaged, RecoveryMissing, StoreExists, StoreUnreadable
from fieldapp.storage.whole_files import write_whole

#: A key file is some hundred bytes; a larger one is none.
_MAX_BYTES = 65_536
LABEL_MAX_CHARACTERS = 100
_KEYRING = b"keyring"


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["fieldapp-key"]
    version: Literal[1, 2]
    label: Annotated[str, msgspec.Meta(max_length=LABEL_MAX_CHARACTERS)]
    wraps: Annotated[
        tuple[PasswordWrap | RecoveryWrap | KeyringWrap, ...],
        msgspec.Meta(min_length=1, max_length=3),
    ]


@dataclass(frozen=True, slots=True)
class _Wraps:
    """The wraps of a key file by kind: a password's always, the others once at most."""

    label: str
    password: PasswordWrap
    recovery: RecoveryWrap | None = None
    keyring: KeyringWrap | None = None


def create_key_file(
    path: Path,
    password: str,
    *,
    label: str = "",
    cost: Cost = STANDARD,
    office_key: bytes | None = None,
) -> bytes:
    """Make a data key and keep it, wrapped; for recovery too, with an office's public key.

    Returns the data key. Raises WeakPassword, StoreExists, RecoveryFileRefused, StoreFull,
    StoreUnreadable.
    """
    check_password(password)
    if path.exists():
        raise StoreExists
    data_key = new_data_key()
    recovery = wrap_for_recovery(data_key, office_key) if office_key is not None else None
    _write(path, _Wraps(label[:LABEL_MAX_CHARACTERS], wrap(data_key, password, cost), recovery))
    return data_key


def open_key_file(path: Path, password: str) -> bytes:
    """The data key. Raises WrongPassword, KeyFileDamaged, StoreUnreadable."""
    return unwrap(_read(path).password, password)


def change_password(path: Path, old: str, new: str, *, cost: Cost = STANDARD) -> None:
    """Wrap the same key anew; the old file stands until the new one is whole.

    Raises WrongPassword, WeakPassword, KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    wraps = _read(path)
    data_key = unwrap(wraps.password, old)
    check_password(new)
    _write(path, replace(wraps, password=wrap(data_key, new, cost)))


def has_recovery(path: Path) -> bool:
    """Whether the office can open this profile. Raises KeyFileDamaged, StoreUnreadable."""
    return _read(path).recovery is not None


def add_recovery(path: Path, password: str, office_key: bytes) -> None:
    """Let the office open this profile, from now on with this public key of 32 bytes.

    Raises WrongPassword, RecoveryFileRefused, KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    wraps = _read(path)
    data_key = unwrap(wraps.password, password)
    _write(path, replace(wraps, recovery=wrap_for_recovery(data_key, office_key)))


def sealed_code(path: Path) -> SealedCode:
    """The recovery code, which only the office can read.

    Raises RecoveryMissing, KeyFileDamaged, StoreUnreadable.
    """
    return _recovery(_read(path)).code


def open_with_code(path: Path, code: str) -> bytes:
    """The data key. Raises RecoveryMissing, RecoveryCodeMistyped, RecoveryCodeWrong,
    KeyFileDamaged, StoreUnreadable.
    """
    return unwrap_with_code(_recovery(_read(path)), code)


def reset_password(path: Path, code: str, new: str, *, cost: Cost = STANDARD) -> None:
    """Set a new password with a recovery code, which is thereby used up: a new one takes its place.

    What the keyring remembered is forgotten: the old password's owner may be another person.
    Raises WeakPassword, StoreFull and what `open_with_code` raises.
    """
    check_password(new)
    wraps = _read(path)
    recovery = _recovery(wraps)
    data_key = unwrap_with_code(recovery, code)
    renewed = wrap_for_recovery(data_key, recovery.code.office_key)
    _write(path, _Wraps(wraps.label, wrap(data_key, new, cost), renewed))


def add_keyring(path: Path, password: str, secret: bytes) -> None:
    """Let a random secret that the operating system keeps open this profile.

    Raises WrongPassword, KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    wraps = _read(path)
    data_key = unwrap(wraps.password, password)
    _write(path, replace(wraps, keyring=KeyringWrap(wrap_with_secret(data_key, secret, _KEYRING))))


def open_with_secret(path: Path, secret: bytes) -> bytes | None:
    """The data key; None when the secret opens nothing here. Raises KeyFileDamaged,
    StoreUnreadable.
    """
    keyring = _read(path).keyring
    return None if keyring is None else unwrap_with_secret(keyring.key, secret, _KEYRING)


def remove_keyring(path: Path) -> None:
    """No secret of the operating system opens this profile any more.

    Raises KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    wraps = _read(path)
    if wraps.keyring is not None:
        _write(path, replace(wraps, keyring=None))


def has_keyring(path: Path) -> bool:
    """Whether a secret of the operating system opens this profile. Raises KeyFileDamaged,
    StoreUnreadable.
    """
    return _read(path).keyring is not None


def write_renewed(
    path: Path, target: Path, password: str, data_key: bytes, *, cost: Cost = STANDARD
) -> None:
    """Into `target`, the key file of another data key: the same label, the same office's recovery
    with a new code, and no keyring. Raises KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    wraps = _read(path)
    office_key = wraps.recovery.code.office_key if wraps.recovery else None
    recovery = wrap_for_recovery(data_key, office_key) if office_key is not None else None
    _write(target, _Wraps(wraps.label, wrap(data_key, password, cost), recovery))


def read_label(path: Path) -> str:
    """The label of a profile that is still locked. Raises KeyFileDamaged, StoreUnreadable."""
    return _read(path).label


def _recovery(wraps: _Wraps) -> RecoveryWrap:
    if wraps.recovery is None:
        raise RecoveryMissing
    return wraps.recovery


def _read(path: Path) -> _Wraps:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise StoreUnreadable from error
    if len(raw) > _MAX_BYTES:
        raise KeyFileDamaged(reason="length")
    try:
        file_read = msgspec.json.decode(raw, type=_KeyFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise KeyFileDamaged(reason="shape") from error
    return _by_kind(file_read)


def _by_kind(file: _KeyFile) -> _Wraps:
    passwords = [one for one in file.wraps if isinstance(one, PasswordWrap)]
    recoveries = [one for one in file.wraps if isinstance(one, RecoveryWrap)]
    keyrings = [one for one in file.wraps if isinstance(one, KeyringWrap)]
    known = len(passwords) if file.version == 1 else len(file.wraps)
    if len(passwords) != 1 or len(recoveries) > 1 or len(keyrings) > 1 or known != len(file.wraps):
        raise KeyFileDamaged(reason="shape")
    return _Wraps(
        file.label,
        passwords[0],
        recoveries[0] if recoveries else None,
        keyrings[0] if keyrings else None,
    )


def _write(path: Path, wraps: _Wraps) -> None:
    """Whole or not at all: written beside, flushed to the disk, then put in place."""
    standing = (wraps.password, wraps.recovery, wraps.keyring)
    file = _KeyFile("fieldapp-key", 2, wraps.label, tuple(one for one in standing if one))
    write_whole(path, msgspec.json.encode(file))
