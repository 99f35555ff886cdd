"""SQLCipher and sqlite-utils, typed: the only module that knows either (stack.md §2).

Every trouble of the disk comes out as an error of `errors`. What is left (a broken constraint,
a wrong statement) is our defect and passes as it is; its text names tables, never values.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import sqlcipher3

# sqlite-utils catches the errors of `pysqlite3` where there is one, else of the standard library's
# sqlite3, which SQLCipher's are not: it must find SQLCipher under that name before it is imported.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

from sqlite_utils import Database as TableMaker  # noqa: E402

from fieldapp.errors import (  # noqa: E402
    FieldAppError,
    StoreDamaged,
    StoreFull,
    StoreInUse,
    StoreUnreadable,
    StoreUnwritable,
)
from fieldapp.storage.collation import sort_key  # noqa: E402
from fieldapp.storage.grams import grams  # noqa: E402

#: What a cell holds, as SQLite gives it.
Value = str | int | float | bytes | None
Row = tuple[Any, ...]
Mode = Literal["ro", "rw", "rwc"]

#: How long a statement waits for another process's lock, in seconds.
_BUSY_TIMEOUT_S = 10
#: Pages held decrypted: the writer's are scattered, where a pull brings thousands of entities.
_WRITER_CACHE_KIB, _READER_CACHE_KIB = 24_576, 8_192
_OPCODES_A_STEP = 1_000
_BAD_PAGE = "HMAC verification failed for page "
_NO_CODE = -1
_TROUBLES: Mapping[int, type[FieldAppError]] = {
    3: StoreUnreadable,  # SQLITE_PERM
    5: StoreInUse,  # SQLITE_BUSY
    8: StoreUnreadable,  # SQLITE_READONLY
    10: StoreUnreadable,  # SQLITE_IOERR
    11: StoreDamaged,  # SQLITE_CORRUPT
    13: StoreFull,  # SQLITE_FULL
    14: StoreUnreadable,  # SQLITE_CANTOPEN
    23: StoreUnreadable,  # SQLITE_AUTH
    26: StoreDamaged,  # SQLITE_NOTADB: not a store, or not this key's
}
#: What the same codes mean to whoever writes.
_TROUBLES_IN_WRITING: Mapping[int, type[FieldAppError]] = {
    **_TROUBLES,
    8: StoreUnwritable,
    10: StoreUnwritable,
}


class Database:
    """One connection, inside a transaction that `Store.writing` or `Store.reading` began."""

    def __init__(self, connection: Any, *, is_writer: bool) -> None:
        self._connection = connection
        self._troubles = TroublesNamed(is_writing=is_writer)
        with self._troubles:
            self._tables = TableMaker(connection, execute_plugins=False)

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        with self._troubles:
            return int(self._connection.execute(sql, parameters).rowcount)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row."""
        with self._troubles:
            self._connection.executemany(sql, rows)

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Every row of a query."""
        with self._troubles:
            return list(self._connection.execute(sql, parameters))

    def row(self, sql: str, parameters: Sequence[Value] = ()) -> Row | None:
        """The first row of a query, or None."""
        with self._troubles:
            found: Row | None = self._connection.execute(sql, parameters).fetchone()
            return found

    def value(self, sql: str, parameters: Sequence[Value] = ()) -> Any:
        """The first cell of the first row, or None."""
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    def count(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """The first cell as a number, 0 for none."""
        return int(self.value(sql, parameters) or 0)

    def script(self, sql: str) -> None:
        """Run statements one by one, within the transaction that is open."""
        for statement in statements(sql):
            self.execute(statement)

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open; a failing disk may have ended it."""
        return bool(self._connection.in_transaction)

    # The projection's tables are made and altered by sqlite-utils.

    def has_table(self, name: str) -> bool:
        """Whether a table of that name (in any case) exists."""
        sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE"
        return self.value(sql, (name,)) is not None

    def create_table(self, name: str, columns: Mapping[str, type], *, key: Sequence[str]) -> None:
        """Make a strict table."""
        with self._troubles:
            self._tables.table(name).create(dict(columns), pk=tuple(key), strict=True)

    def add_column(self, table: str, column: str, kind: type) -> None:
        """Add a column, empty in every row."""
        with self._troubles:
            self._tables.table(table).add_column(column, kind)

    def copy_pages(
        self, path: Path, key: bytes, *, step: int, progress: Callable[[int, int], None]
    ) -> None:
        """Copy what this transaction sees into a new encrypted file, `step` pages at a time.

        key: 32 bytes, or 48 with the file's salt behind them. progress is told the pages done and
        all of them between the steps; what it raises ends the copy. The file has no log of its own.
        Raises StoreFull, StoreUnwritable, StoreDamaged for a page that cannot be read.
        """
        with TroublesNamed(is_writing=True):
            target = sqlcipher3.connect(str(path), isolation_level=None)
            try:
                target.execute("PRAGMA cipher_log_level = NONE")
                target.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
                # Nobody reads the file before it is whole and flushed by whoever asked for it.
                target.execute("PRAGMA synchronous = OFF")
                target.execute("PRAGMA journal_mode = OFF").fetchone()
                self._connection.backup(
                    target,
                    pages=step,
                    progress=lambda _status, left, total: progress(total - left, total),
                )
                target.execute("PRAGMA journal_mode = DELETE").fetchone()
            finally:
                target.close()

    def copy_anew(self, path: Path, key: bytes, *, step: Callable[[], None]) -> None:
        """Write every row into a new encrypted file; of freed pages nothing comes along.

        Outside a transaction. key: 32 bytes, another one if wished. step is called every few
        hundred rows; what it raises ends the copy. Nothing is flushed. Raises StoreFull,
        StoreUnwritable, StoreDamaged for a page that cannot be read.
        """
        raised: list[BaseException] = []

        def ask() -> int:
            try:
                step()
            except BaseException as error:  # noqa: BLE001 - raised again, where SQLite lets it through
                raised.append(error)
            return len(raised)

        # The key rides in the address: VACUUM takes the source's for a file that names none.
        raw_key = quote(f"x'{key.hex()}'")
        address = f"{path.absolute().as_uri()}?key={raw_key}"
        self._connection.set_progress_handler(ask, _OPCODES_A_STEP)
        try:
            with TroublesNamed(is_writing=True):
                self._connection.execute("VACUUM INTO ?", (address,))
        except BaseException:
            if raised:
                raise raised[0] from None
            raise
        finally:
            self._connection.set_progress_handler(None, 0)

    def close(self) -> None:
        """Close the connection; the last one of a store folds its log into the file."""
        with self._troubles:
            self._connection.close()


def connect(path: Path, key: bytes, mode: Mode, *, is_lenient: bool = False) -> Database:
    """A connection to an encrypted file, usable from any thread but by one at a time.

    is_lenient: also to one whose first page names more pages than there are (salvage).
    Raises StoreUnreadable when there is no file to open, StoreDamaged when the key or the file is
    not right.
    """
    is_writer = mode != "ro"
    with TroublesNamed(is_writing=is_writer):
        connection = sqlcipher3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            # Otherwise SQLCipher writes lines of its own to stderr.
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # takes no bound parameter
            if is_lenient:
                # Before the first statement that reads: SQLite then believes the file's size.
                connection.execute("PRAGMA writable_schema = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            cache_kib = _WRITER_CACHE_KIB if is_writer else _READER_CACHE_KIB
            connection.execute(f"PRAGMA cache_size = -{cache_kib}")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if is_writer:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
                connection.execute("PRAGMA synchronous = FULL")
                # What was erased is not left in the free space of the file for a later holder of
                # its key.
                connection.execute("PRAGMA secure_delete = ON").fetchone()
            connection.execute("PRAGMA foreign_keys = ON")
            connection.text_factory = _text
            connection.create_function("xpath_number", 1, _xpath_number, deterministic=True)
            # A migration fills what is ordered and looked up by them.
            connection.create_function("sort_key", 1, sort_key, deterministic=True)
            connection.create_function("search_grams", 3, grams, deterministic=True)
            return Database(connection, is_writer=is_writer)
        except BaseException:
            connection.close()
            raise


def damaged_pages(path: Path, key: bytes) -> tuple[int, ...]:
    """The pages of a file (from 1) that fail their authentication, also where its first one does.

    Raises StoreUnreadable, StoreDamaged for a file of no whole pages.
    """
    with TroublesNamed(is_writing=False):
        connection = sqlcipher3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            lines = [line for (line,) in connection.execute("PRAGMA cipher_integrity_check")]
        finally:
            connection.close()
    if any(not line.startswith(_BAD_PAGE) for line in lines):
        raise StoreDamaged
    return tuple(int(line.removeprefix(_BAD_PAGE)) for line in lines)


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: executescript would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlcipher3.dbapi2.complete_statement(statement):
            yield statement
            statement = ""
    if any(line.strip() and not line.lstrip().startswith("--") for line in statement.splitlines()):
        raise ValueError("a script ends in the middle of a statement")


def quoted(name: str) -> str:
    """A table or column name inside a statement."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


class TroublesNamed:
    """Turns what SQLite reports about the disk and the file into errors a worker can act on.

    A disk that is full says so. Every other refusal to write (a failing disk, one that turned
    read-only, a limit on the size of files) is one I/O error to SQLite, and one to whoever writes.
    """

    def __init__(self, *, is_writing: bool) -> None:
        self._troubles = _TROUBLES_IN_WRITING if is_writing else _TROUBLES

    def __enter__(self) -> None:
        """Nothing to prepare: one of these serves every statement of a connection."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if not isinstance(error, sqlcipher3.dbapi2.Error):
            return
        code = getattr(error, "sqlite_errorcode", None) or _NO_CODE
        trouble = self._troubles.get(code)
        if trouble is not None:
            raise trouble from error


def _text(raw: bytes) -> str:
    """A cell of text. No text of ours holds a NUL or is not UTF-8.

    WORKAROUND SQLCipher 4.19: a page that fails its authentication comes out as zeros, and one that
    only continues a long value is then read without an error.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        # Without its cause, which quotes the value.
        raise StoreDamaged from None
    if "\0" in text:
        raise StoreDamaged
    return text


def _xpath_number(text: str | int | None) -> float | None:
    """XPath 1.0 number(): digits with at most one point and a minus, else NaN (here: None)."""
    trimmed = str("" if text is None else text).strip(" \t\r\n")
    digits = trimmed.removeprefix("-")
    if not digits.isascii() or not digits.replace(".", "", 1).isdigit():
        return None
    return float(trimmed)
