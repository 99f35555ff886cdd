"""A damaged store made readable: a copy of it gets pages of a backup where it must.

Where the tables' list itself (page 1 and its leaves) or the root of a table is bad, the copy gets
that page from a backup, in which it has the same number. What is read of it: `salvage.py`.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from fieldapp.errors import StoreTrouble
from fieldapp.storage.backup import Backup
from fieldapp.storage.sqlite import connect, damaged_pages

_PAGE_BYTES = 4096
_SALT_BYTES = 16
_MANY = 1 << 30
#: An index is not among them: an older one would hide what it does not know.
_TABLE_ROOTS = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%ROWID'"


class Repaired:
    """The file to read: the store's own, or a copy that has pages of a backup where it must.

    grafted: the numbers of those pages.
    """

    def __init__(self, path: Path, backup: Backup, data_key: bytes, work: Path) -> None:
        self.path = path
        self._store = path
        self._backup = backup
        self._key = data_key
        self._work = work
        self.grafted: set[int] = set()
        self._salt = _first_bytes(path)
        bad = self._bad()
        # That of the store the backup was made from, and of one that was restored from it.
        for salt in (backup.source_salt, _first_bytes(backup.path)):
            if len(bad) < path.stat().st_size // _PAGE_BYTES:
                break
            # Every page is authenticated with the salt, which is in clear: rather that is damaged.
            self._salt = salt
            self._copy()
            bad = self._bad()
        for page in bad:
            if self._opens():
                break
            self._graft(page)
        for page in sorted(self._roots() & set(bad)):
            self._graft(page)

    def remove(self) -> None:
        """Take the copy away."""
        for suffix in ("", "-wal", "-shm", ".pages", ".pages-wal", ".pages-shm"):
            with suppress(OSError):
                self._work.with_name(self._work.name + suffix).unlink(missing_ok=True)

    def _bad(self) -> tuple[int, ...]:
        try:
            return damaged_pages(self.path, self._key)
        except StoreTrouble:
            return ()

    def _opens(self) -> bool:
        try:
            connect(self.path, self._key, "ro", is_lenient=True).close()
        except StoreTrouble:
            return False
        return True

    def _roots(self) -> frozenset[int]:
        db = connect(self._backup.path, self._key, "ro")
        try:
            return frozenset(root for (root,) in db.rows(_TABLE_ROOTS))
        finally:
            db.close()

    def _copy(self) -> None:
        """Go on with a copy: the store itself is not written to."""
        if self.path != self._work:
            shutil.copyfile(self._store, self._work)
            log = self._store.with_name(self._store.name + "-wal")
            if log.is_file():
                shutil.copyfile(log, self._work.with_name(self._work.name + "-wal"))
        with self._work.open("rb+") as file:
            file.write(self._salt)
        self.path = self._work

    def _graft(self, page: int) -> None:
        self._copy()
        content = self._page(page)
        if len(content) == _PAGE_BYTES:
            self.grafted.add(page)
            with self._work.open("rb+") as file:
                file.seek((page - 1) * _PAGE_BYTES)
                file.write(content)
                if page == 1:
                    # A file with fewer pages than page 1 says is refused; more are not looked at.
                    file.truncate(max(self._pages().stat().st_size, self._work.stat().st_size))

    def _pages(self) -> Path:
        return self._work.with_name(self._work.name + ".pages")

    def _page(self, page: int) -> bytes:
        """A page of the backup, encrypted as if it were the store's."""
        pages = self._pages()
        salted = self._key + self._salt
        if not pages.exists():
            db = connect(self._backup.path, self._key, "ro")
            try:
                db.copy_pages(pages, salted, step=_MANY, progress=lambda _done, _all: None)
            finally:
                db.close()
        if page == 1:
            _grow(pages, salted, self._store.stat().st_size // _PAGE_BYTES)
        with pages.open("rb") as file:
            file.seek((page - 1) * _PAGE_BYTES)
            return file.read(_PAGE_BYTES)


def _grow(file: Path, key: bytes, pages: int) -> None:
    """Page 1 says how many pages there are, and of those behind none is read."""
    db = connect(file, key, "rwc")
    try:
        missing = pages - db.count("PRAGMA page_count")
        if missing > 0:
            db.execute(
                "INSERT INTO meta (key, value) VALUES ('grown', hex(zeroblob(?)))",
                ((missing + 1) * _PAGE_BYTES // 2,),
            )
    finally:
        db.close()


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SALT_BYTES)
