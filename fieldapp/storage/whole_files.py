"""Files that stand whole or not at all, also after a power cut."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from fieldapp.errors import StoreFull, StoreUnreadable


def write_whole(path: Path, content: bytes) -> None:
    """Written beside, flushed to the disk, then put in place of whatever stood there.

    Raises StoreFull, StoreUnreadable.
    """
    beside = path.with_name(path.name + ".new")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - with a mode
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise (StoreFull if error.errno == errno.ENOSPC else StoreUnreadable) from error


def flush_folder(folder: Path) -> None:
    """Make a renaming inside it survive a power cut, where the system lets folders be flushed."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
