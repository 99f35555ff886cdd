"""What can still be read of a damaged store: row by row, each bad page costs the rows on it.

SQLCipher authenticates every page, and a connection that met a bad one reads nothing more: the next
row is read by a new one. Where the tables' list itself (page 1 and its leaves) or the root of a
table is bad, a copy of the file gets that page from a backup, in which it has the same number.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from fieldapp.domain.operation import Operation
from fieldapp.errors import RecordMissing, StoreDamaged, StoreTrouble, StoreUnreadable
from fieldapp.storage import drafts
from fieldapp.storage.backup import Backup
from fieldapp.storage.drafts import Draft
from fieldapp.storage.sqlite import Database, Row, Value, connect, damaged_pages

T = TypeVar("T")

_PAGE_BYTES = 4096
_SALT_BYTES = 16
_MANY = 1 << 30
#: How far operations are looked for behind the last one found, where no index tells their number.
_PATIENCE = 500
#: A page of server documents as `record` keeps them; enough to lay operations over.
_RECORD_COLUMNS = (
    "id", "form_id", "form_version", "kind", "subject_list", "subject_id", "scope", "state", "rev",
    "epoch", "hash", "server_doc", "author", "created", "updated", "updated_ms",
)  # fmt: skip
#: An index is not among them: an older one would hide what it does not know.
_TABLE_ROOTS = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%ROWID'"
_BLOB_COLUMNS = ("name", "sha256", "size", "path", "blob_state")
#: What a store knows of itself that a backup may not know yet.
_OWN_FACTS = (
    "replica", "incarnation", "enrolled", "server_address", "server_user", "tokens", "signing_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SalvagedOperation:
    """An operation as the damaged store had it. kind: of its record, where that could be read;
    unsigned_state: as in `StoredOperation`.
    """

    operation: Operation
    incarnation: int
    unsigned_state: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a damaged store has that a backup lacks.

    operations: in their order; records: rows (by column) of server documents that the operations
    are laid over; facts: what the store knew of itself; was_met: whether the server may know its
    incarnation; unread: rows that are known to have been there and are lost.
    """

    operations: tuple[SalvagedOperation, ...] = ()
    drafts: tuple[Draft, ...] = ()
    records: tuple[Mapping[str, Value], ...] = ()
    blobs: tuple[Mapping[str, Value], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    was_met: bool = True
    unread: int = 0


def salvage(path: Path, backup: Backup, data_key: bytes, work: Path) -> Salvaged:
    """Read what the store at `path` has over a backup. The store is not written to.

    work: where an encrypted copy may stand meanwhile; it is gone afterwards. A store of which
    nothing can be read gives nothing. Raises StoreFull, and BackupDamaged's causes for the backup.
    """
    if not path.is_file():
        return Salvaged(unread=0)
    readable = _Repaired(path, backup, data_key, work)
    reader = _Reader(readable.path, data_key)
    base = connect(backup.path, data_key, "ro")
    try:
        if not reader.ask(lambda db: db.has_table("operation")):
            return Salvaged()
        return _Salvage(reader, base).all()
    finally:
        reader.close()
        base.close()
        readable.remove()


class _Repaired:
    """The file to read: the store's own, or a copy that has pages of a backup where it must."""

    def __init__(self, path: Path, backup: Backup, data_key: bytes, work: Path) -> None:
        self.path = path
        self._store = path
        self._backup = backup
        self._key = data_key
        self._work = work
        self._salt = _first_bytes(path)
        bad = self._bad()
        if len(bad) >= path.stat().st_size // _PAGE_BYTES and self._salt != backup.source_salt:
            # Every page is authenticated with the salt, which is in clear: rather that is damaged.
            self._salt = backup.source_salt
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
            connect(self.path, self._key, "ro").close()
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
        if self.path == self._work:
            return
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


class _Reader:
    """Rows of a store that may be damaged: None for what cannot be read."""

    def __init__(self, path: Path, data_key: bytes) -> None:
        self._path = path
        self._key = data_key
        self._db: Database | None = None

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row] | None:
        """Every row of a query, or None when any page it takes is bad."""
        return self.ask(lambda db: db.rows(sql, parameters))

    def ask(self, read: Callable[[Database], T]) -> T | None:
        """What `read` finds, or None when a page it takes is bad."""
        try:
            if self._db is None:
                self._db = connect(self._path, self._key, "ro")
            return read(self._db)
        except (StoreDamaged, StoreUnreadable):
            self.close()
            return None

    def close(self) -> None:
        """Let the file go."""
        db, self._db = self._db, None
        if db is not None:
            with suppress(StoreTrouble):
                db.close()


@dataclass
class _Salvage:
    reader: _Reader
    base: Database
    unread: int = 0

    def all(self) -> Salvaged:
        facts = self._facts()
        operations = tuple(self._operations())
        return Salvaged(
            operations=operations,
            drafts=tuple(self._drafts()),
            records=tuple(self._records(operations)),
            blobs=tuple(self._blobs()),
            facts=facts,
            was_met=self._was_met(int(facts.get("incarnation", 0))),
            unread=self.unread,
        )

    def _was_met(self, incarnation: int) -> bool:
        """Whether the server may know the incarnation: anything of it was about to be sent."""
        listed = self.reader.rows(
            "SELECT position FROM operation INDEXED BY sqlite_autoindex_operation_2"
            " WHERE replica > '' AND incarnation = ?",
            (incarnation,),
        )
        if listed is None:
            return True
        tried = [
            self.reader.rows(
                "SELECT op_state <> 'new' OR sent_at IS NOT NULL FROM operation WHERE position = ?",
                position,
            )
            for position in listed
        ]
        readable = [bool(found[0][0]) for found in tried if found]
        return any(readable) or bool(listed and not readable)

    def _operations(self) -> Iterator[SalvagedOperation]:
        for position in self._positions():
            found = self.reader.rows(
                "SELECT o.doc, o.replica, o.incarnation, o.seq, o.op_id, o.unsigned_state"
                " FROM operation o WHERE position = ?",
                (position,),
            )
            salvaged = self._read_operation(found[0]) if found else None
            if salvaged is not None:
                yield salvaged
            elif not found:
                self.unread += 1

    def _read_operation(self, row: Row) -> SalvagedOperation | None:
        doc, replica, incarnation, seq, op_id, unsigned_state = row
        if self._is_in_backup(op_id):
            return None
        try:
            wire = msgspec.json.decode(doc)
            operation = msgspec.convert({**wire, "replica": replica, "seq": seq}, Operation)
        except (msgspec.MsgspecError, TypeError):
            self.unread += 1
            return None
        kind = self.reader.rows("SELECT kind FROM record WHERE id = ?", (operation.object.id,))
        return SalvagedOperation(
            operation=operation,
            incarnation=incarnation,
            unsigned_state=unsigned_state,
            kind=kind[0][0] if kind else None,
        )

    def _positions(self) -> Iterator[int]:
        """Where operations stand that the backup lacks. An index tells, or else they are tried."""
        listed = self.reader.rows(
            "SELECT op_id, position FROM operation INDEXED BY sqlite_autoindex_operation_1"
            " WHERE op_id > '' ORDER BY op_id"
        )
        if listed is None:
            yield from self._tried()
            return
        known = {op_id for (op_id,) in self.base.rows("SELECT op_id FROM operation")}
        yield from sorted(position for op_id, position in listed if op_id not in known)

    def _tried(self) -> Iterator[int]:
        least = self.base.count("SELECT max(position) FROM operation")
        position = missed = 0
        while position < least or missed < _PATIENCE:
            position += 1
            found = self.reader.rows(
                "SELECT position FROM operation WHERE position = ?", (position,)
            )
            if found:
                # What could not be read before one that can was there.
                missed = 0
                yield position
            else:
                missed += 1

    def _is_in_backup(self, op_id: str) -> bool:
        return self.base.value("SELECT 1 FROM operation WHERE op_id = ?", (op_id,)) is not None

    def _drafts(self) -> Iterator[Draft]:
        """Drafts that are not as in the backup. Not by their age: the store is always the later of
        the two, whatever its clock said (design D10).
        """
        known = {draft.record_id: draft for draft in drafts.all_drafts(self.base)}
        for key in self._keys("draft", "record_id"):
            draft = self._draft(key)
            if draft is None:
                self.unread += 1
            elif draft != known.get(draft.record_id):
                yield draft

    def _draft(self, key: str) -> Draft | None:
        try:
            return self.reader.ask(lambda db: drafts.find(db, key))
        except (msgspec.MsgspecError, RecordMissing, ValueError):
            return None

    def _facts(self) -> dict[str, str]:
        facts = {}
        for key in self._keys("meta", "key"):
            found = self.reader.rows("SELECT value FROM meta WHERE key = ?", (key,))
            if found and key in _OWN_FACTS:
                facts[key] = str(found[0][0])
        return facts

    def _records(self, operations: Sequence[SalvagedOperation]) -> Iterator[Mapping[str, Value]]:
        """Server documents that came after the backup and were then changed here."""
        for record_id in dict.fromkeys(one.operation.object.id for one in operations):
            known = self.base.value("SELECT 1 FROM record WHERE id = ?", (record_id,))
            found = self.reader.rows(
                f"SELECT {', '.join(_RECORD_COLUMNS)} FROM record"  # noqa: S608 - constants
                " WHERE id = ? AND server_doc IS NOT NULL",
                (record_id,),
            )
            if found and known is None:
                yield dict(zip(_RECORD_COLUMNS, found[0], strict=True))

    def _blobs(self) -> Iterator[Mapping[str, Value]]:
        for name in self._keys("blob", "name"):
            found = self.reader.rows(
                f"SELECT {', '.join(_BLOB_COLUMNS)} FROM blob"  # noqa: S608 - constants
                " WHERE name = ? AND blob_state <> 'erased'",
                (name,),
            )
            if found:
                yield dict(zip(_BLOB_COLUMNS, found[0], strict=True))

    def _keys(self, table: str, column: str) -> list[str]:
        """The keys of a table, walked from both ends until a bad page stands in the way."""
        whole = self.reader.rows(f"SELECT {column} FROM {table}")  # noqa: S608 - constants
        if whole is not None:
            return [key for (key,) in whole]
        self.unread += 1
        upward = list(self._walked(table, column, ">", "ASC", ""))
        downward = list(self._walked(table, column, "<", "DESC", "\U0010ffff"))
        return list(dict.fromkeys(upward + downward[::-1]))

    def _walked(self, table: str, column: str, sign: str, order: str, key: str) -> Iterator[str]:
        while True:
            found = self.reader.rows(
                f"SELECT {column} FROM {table} WHERE {column} {sign} ?"  # noqa: S608 - constants
                f" ORDER BY {column} {order} LIMIT 1",
                (key,),
            )
            if not found:
                return
            key = found[0][0]
            yield key


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SALT_BYTES)
