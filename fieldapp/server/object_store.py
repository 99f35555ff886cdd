"""Where whole attachments lie: a folder that all app servers share, each file named by its hash.

Alone in knowing obstore, so that an office with an S3 of its own changes this module only.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import obstore
from obstore.store import LocalStore

from fieldapp import failpoints

#: Read and handed on at once.
_PIECE_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store, its size in bytes, and when it was put there last."""

    sha256: str
    size: int
    put_at: datetime


class ObjectStore:
    """Files by their sha256 in hex. A file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first file comes."""
        self._folder = folder

    def put(self, sha256: str, content: Iterator[bytes]) -> None:
        """Keep a file; durable on return. One that is there already is written over by itself."""
        key = _key(sha256)
        obstore.put(self._opened(), key, content)
        failpoints.reach("file.before_sync")
        # Once this returns the database forgets its chunks, so a power cut must not take the file:
        # content, its name, and the names of the folders that may have been made for it.
        path = self._folder / key
        for entry in (path, *path.parents[: len(Path(key).parents)]):
            _to_disk(entry)

    def has(self, sha256: str) -> bool:
        """Whether the file is there."""
        if not self._folder.is_dir():
            return False
        try:
            obstore.head(self._opened(), _key(sha256))
        except FileNotFoundError:
            return False
        return True

    def pieces(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces. Raises FileNotFoundError."""
        store, key = self._opened(), _key(sha256)
        while start < end:
            length = min(_PIECE_BYTES, end - start)
            yield obstore.get_range(store, key, start=start, length=length).to_bytes()
            start += length

    def all(self) -> Iterator[Stored]:
        """Every file that is there, in no order; what `put` has not laid there is passed over."""
        if self._folder.is_dir():
            for page in obstore.list(self._opened()):
                for found in page:
                    name = found["path"].rpartition("/")[2]
                    if found["path"] == _key(name):
                        yield Stored(name, found["size"], found["last_modified"])

    def delete(self, sha256: str) -> None:
        """Let a file go. One that is not there is no trouble."""
        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._opened(), _key(sha256))

    def _opened(self) -> LocalStore:
        return LocalStore(self._folder, mkdir=True)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folder as a file
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
