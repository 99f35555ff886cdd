"""A finished file to the place the worker chose: whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from fieldapp.errors import FileNotWritten, FileReason

_REASONS = {
    errno.ENOSPC: FileReason.FULL,
    errno.EDQUOT: FileReason.FULL,
    errno.EFBIG: FileReason.FULL,
    errno.EACCES: FileReason.REFUSED,
    errno.EPERM: FileReason.REFUSED,
    errno.EROFS: FileReason.READ_ONLY,
    errno.ENOENT: FileReason.NO_FOLDER,
    errno.ENOTDIR: FileReason.NO_FOLDER,
    errno.EISDIR: FileReason.IS_FOLDER,
    errno.ENAMETOOLONG: FileReason.LONG_NAME,
}


def write_file(target: Path, content: bytes) -> Path:
    """Write beside the target, flush to the disk, then take the target's name; returns it.

    An earlier file of that name is replaced only once the new one is whole. Raises
    FileNotWritten with its reason; then no part of the new file is left behind.
    """
    # Short, and free of the target's name: a name that just fits would not fit with more.
    passing = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        try:
            _write_through(passing, content)
            passing.replace(target)
        except BaseException:
            with suppress(OSError):
                passing.unlink()
            raise
        _flush_folder(target.parent)
    except OSError as error:
        raise FileNotWritten(reason=_REASONS.get(error.errno or 0, FileReason.DEVICE)) from None
    return target


def _write_through(path: Path, content: bytes) -> None:
    # Readable by its owner alone: summaries of few households can tell of persons.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name itself durable, where folders can be opened (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems refuse it; the file's own bytes are on the disk already.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
