"""The life of a profile's data key: a small JSON beside the store holds it, wrapped.

The file lies in clear. It names algorithms, what they cost, and a label that whoever made the
profile chose (an office nickname); it holds nothing of any person. A password change writes a new
wrap of the same key; the store is not re-encrypted. `wraps` is a list, so that a keyring's and the
office's recovery wrap can stand beside the password's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fieldapp.crypto.wrapping import (
    STANDARD,
    Cost,
    PasswordWrap,
    check_password,
    new_data_key,
    unwrap,
    wrap,
)
from fieldapp.errors import KeyFileDamaged, StoreExists, StoreUnreadable
from fieldapp.storage.whole_files import write_whole

#: A key file is some hundred bytes; a larger one is none.
_MAX_BYTES = 65_536
LABEL_MAX_CHARACTERS = 100


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["fieldapp-key"]
    version: Literal[1]
    label: Annotated[str, msgspec.Meta(max_length=LABEL_MAX_CHARACTERS)]
    wraps: Annotated[tuple[PasswordWrap, ...], msgspec.Meta(min_length=1, max_length=8)]


def create_key_file(path: Path, password: str, *, label: str = "", cost: Cost = STANDARD) -> bytes:
    """Make a data key and keep it, wrapped. Returns the key.

    Raises WeakPassword, StoreExists, StoreFull, StoreUnreadable.
    """
    check_password(password)
    if path.exists():
        raise StoreExists
    data_key = new_data_key()
    _write(path, label[:LABEL_MAX_CHARACTERS], wrap(data_key, password, cost))
    return data_key


def open_key_file(path: Path, password: str) -> bytes:
    """The data key. Raises WrongPassword, KeyFileDamaged, StoreUnreadable."""
    return unwrap(_read(path).wraps[0], password)


def change_password(path: Path, old: str, new: str, *, cost: Cost = STANDARD) -> None:
    """Wrap the same key anew; the old file stands until the new one is whole.

    Raises WrongPassword, WeakPassword, KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    file = _read(path)
    data_key = unwrap(file.wraps[0], old)
    check_password(new)
    _write(path, file.label, wrap(data_key, new, cost))


def read_label(path: Path) -> str:
    """The label of a profile that is still locked. Raises KeyFileDamaged, StoreUnreadable."""
    return _read(path).label


def _read(path: Path) -> _KeyFile:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise StoreUnreadable from error
    if len(raw) > _MAX_BYTES:
        raise KeyFileDamaged(reason="length")
    try:
        return msgspec.json.decode(raw, type=_KeyFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise KeyFileDamaged(reason="shape") from error


def _write(path: Path, label: str, wrapped: PasswordWrap) -> None:
    """Whole or not at all: written beside, flushed to the disk, then put in place."""
    content = msgspec.json.encode(_KeyFile("fieldapp-key", 1, label, (wrapped,)))
    write_whole(path, content)
