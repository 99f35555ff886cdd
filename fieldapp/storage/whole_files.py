"""Files that stand whole or not at all, also after a power cut."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldapp.errors import StoreFull, StoreUnreadable


def write_whole(path: Path, content: bytes) -> None:
    """Written beside, flushed to the disk, then put in place of whatever stood there.

    Raises StoreFull, StoreUnreadable.
    """
    beside = path.with_name(path.name + ".new")
    with disk_troubles():
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - with a mode
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            flush_folder(path.parent)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file and flush the copy. Raises StoreFull, StoreUnreadable."""
    with disk_troubles():
        shutil.copyfile(source, target)
        flush_file(target)


def flush_file(path: Path) -> None:
    """Make a file and its name survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make a renaming inside it survive a power cut, where the system lets folders be flushed."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk_troubles() -> Iterator[None]:
    """Turns what the disk reports into StoreFull and StoreUnreadable."""
    try:
        yield
    except OSError as error:
        raise (StoreFull if error.errno == errno.ENOSPC else StoreUnreadable) from error
