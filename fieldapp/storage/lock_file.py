"""One running fieldapp a profile: a lock that the system drops when its process dies."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from fieldapp.errors import StoreInUse, StoreUnreadable
from fieldapp.storage.whole_files import disk_troubles


class LockFile:
    """Holds an exclusive lock on a file beside the store until it is released."""

    def __init__(self, path: Path) -> None:
        """Raises StoreInUse when another holds it, StoreFull or StoreUnreadable for the disk."""
        with disk_troubles():
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError as error:
            self.release()
            is_taken = error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
            raise (StoreInUse if is_taken else StoreUnreadable) from error

    def release(self) -> None:
        """Let another open the store. Releasing twice is nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
