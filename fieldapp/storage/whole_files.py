"""Files that stand whole or not at all, also after a power cut."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldapp.errors import StoreFull, StoreUnreadable, StoreUnwritable

_PIECE_BYTES = 4 * 1024 * 1024

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_REFUSED = (errno.EIO, errno.EROFS)


def write_whole(path: Path, content: bytes) -> None:
    """Written beside, flushed to the disk, then put in place of whatever stood there.

    Raises StoreFull, StoreUnwritable, StoreUnreadable.
    """
    beside = path.with_name(path.name + ".new")
    with disk_troubles(is_writing=True):
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


def copy_whole(
    source: Path, target: Path, step: Callable[[int, int], None] = lambda _done, _of: None
) -> None:
    """Copy a file and flush the copy. `step` is told how many bytes of how many are there; what it
    raises ends the copying, the caller takes the rest away. Raises StoreFull, StoreUnwritable,
    StoreUnreadable.
    """
    done = 0
    with disk_troubles(is_writing=True):
        with source.open("rb") as reading, target.open("wb") as writing:
            size = os.fstat(reading.fileno()).st_size
            while piece := reading.read(_PIECE_BYTES):
                writing.write(piece)
                done += len(piece)
                step(done, size)
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
def disk_troubles(*, is_writing: bool = False) -> Iterator[None]:
    """Turns what the disk reports into StoreFull, StoreUnwritable and StoreUnreadable."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFull from error
        is_refused = is_writing and error.errno in _REFUSED
        raise (StoreUnwritable if is_refused else StoreUnreadable) from error
