"""The encrypted database of one profile: opened once, one writer lane, readers with snapshots.

    with store.writing() as db: ...   one transaction; threads take turns; all of it or nothing
    with store.reading() as db: ...   one unchanging view, whatever is written meanwhile

Durable on return (WAL, synchronous=FULL). Named places where a test lets the process die
(`failpoints.reach`): here `migrate.before_commit`, `store.before_commit` and `store.after_commit`;
in blobs.py `blob.before_file` and `blob.before_row`; in replica.py `receipts.before_commit`,
`incarnation.before_commit`, `scopes.before_commit` and `rows.before_commit`; in backup.py,
restore.py and rekey.py those that begin with their names; in usecases `save.before_commit`,
`save.after_commit` and `draft.before_commit`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from fieldapp.crypto.sealing import derived_key
from fieldapp.domain.ids import ReplicaId, uuid7
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.errors import (
    StoreDamaged,
    StoreExists,
    StoreLocked,
    StoreMoved,
    StoreTooNew,
    StoreTrouble,
    StoreUnreadable,
)
from fieldapp.failpoints import reach
from fieldapp.storage import meta
from fieldapp.storage.checking import Progress, is_sound
from fieldapp.storage.lock_file import LockFile
from fieldapp.storage.sqlite import Database, connect

_MIGRATIONS = Path(__file__).parent / "migrations"

#: Device and inode: a file put in the place of another has another.
_Place = tuple[int, int]

#: Called with path and data key of a store whose tables are about to change.
BeforeMigration = Callable[[Path, bytes], None]


class Store:
    """One profile's encrypted file. Made by `create` or `open`; `close` drops the key."""

    def __init__(self, path: Path, data_key: bytes, lock: LockFile, writer: Database) -> None:
        self.path = path
        # Changeable, so that closing can wipe it.
        self._data_key: bytearray | None = bytearray(data_key)
        self._lock = lock
        self._writer: Database | None = writer
        self._place, self._place_of_log = _place(path), _place(_log_path(path))
        self._lane = threading.Lock()
        self._lane_of: int | None = None
        self._idle: list[Database] = []
        self._readers = threading.Condition()
        self._busy = 0
        self._local = threading.local()

    @classmethod
    def create(
        cls,
        path: Path,
        data_key: bytes,
        *,
        identity: ReplicaIdentity | None,
        created_at: datetime,
    ) -> Store:
        """A new store with today's tables. Without an identity it has a provisional one, which
        enrolment replaces. Raises StoreExists, StoreInUse, StoreFull, StoreUnreadable.
        """
        lock = LockFile(_lock_path(path))
        writer: Database | None = None
        try:
            if path.exists():
                raise StoreExists
            try:
                writer = connect(path, data_key, "rwc")
                migrate(writer)
                with _transaction(writer, "BEGIN IMMEDIATE"):
                    meta.put_identity(
                        writer, identity or ReplicaIdentity(ReplicaId(uuid7(created_at)), 1)
                    )
                return cls(path, data_key, lock, writer)
            except BaseException:
                if writer is not None:
                    writer.close()
                _remove(path)
                raise
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(
        cls,
        path: Path,
        data_key: bytes,
        before_migration: BeforeMigration | None = None,
    ) -> Store:
        """An existing store, migrated to today's tables.

        before_migration: called with path and data key when the store's tables are older, before
        any of them is touched and while nobody else can open it; what it raises stops the opening.
        Raises StoreInUse, StoreUnreadable, StoreDamaged (wrong key or not a store), and
        StoreTooNew, which leaves the file as it is.
        """
        if not path.is_file():
            # Before the lock: a folder that is no profile is left as it is.
            raise StoreUnreadable
        lock = LockFile(_lock_path(path))
        try:
            with _closing(connect(path, data_key, "ro")) as probe:
                found = probe.count("PRAGMA user_version")
            if found == 0:
                raise StoreDamaged
            if found > newest_schema():
                raise StoreTooNew(found=found, known=newest_schema())
            if found < newest_schema() and before_migration is not None:
                before_migration(path, data_key)
            writer = connect(path, data_key, "rw")
            try:
                migrate(writer)
                return cls(path, data_key, lock, writer)
            except BaseException:
                writer.close()
                raise
        except BaseException:
            lock.release()
            raise

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """A transaction of the one writer: committed at the end, rolled back by any exception.

        Callers of other threads wait their turn. Raises StoreLocked after `close`, StoreFull when
        the disk is, StoreUnwritable when it refuses, StoreMoved when the file no longer stands at
        its place; nothing was half written then.
        """
        if self._lane_of == threading.get_ident():
            raise RuntimeError("a transaction inside a transaction")
        with self._lane:
            writer = self._open_writer()
            self._require_in_place(with_log=True)
            self._lane_of = threading.get_ident()
            try:
                with _transaction(writer, "BEGIN IMMEDIATE"):
                    yield writer
                    self._require_in_place(with_log=True)
                    reach("store.before_commit")
                reach("store.after_commit")
            finally:
                self._lane_of = None
                if writer.is_in_transaction:
                    # The disk failed the roll-back too: the log is rolled back on reconnecting.
                    self._writer = None
                    with suppress(StoreTrouble):
                        writer.close()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A snapshot: what was committed when its first query ran. Nested in a thread it is one.

        Raises StoreLocked after `close`.
        """
        outer: Database | None = getattr(self._local, "reader", None)
        if outer is not None:
            yield outer
            return
        reader = self._take_reader()
        self._local.reader = reader
        try:
            with _transaction(reader, "BEGIN"):
                yield reader
        finally:
            self._local.reader = None
            self._give_back(reader)

    def derived_key(self, purpose: str) -> bytes:
        """A key for what lies beside the file. Raises StoreLocked after `close`."""
        return derived_key(self.data_key(), purpose)

    def check(
        self,
        progress: Progress = lambda _done, _of: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Read the whole store: each page against its authentication, each table and index.

        Raises StoreDamaged, Cancelled, StoreUnreadable, StoreLocked.
        """
        with self.reading() as db:
            if is_sound(db, progress, cancelled):
                return
        # Pages are read around SQLite's locks: one that was being written may look torn. While
        # nobody writes it is either whole or damaged.
        with self.writing() as db:
            if not is_sound(db, progress, cancelled):
                raise StoreDamaged

    def identity(self, db: Database) -> ReplicaIdentity:
        """Who this store is on the server; provisional until it is enrolled."""
        return meta.identity(db)

    def close(self) -> None:
        """Wait for whoever reads or writes, close the file and drop the key. Twice is nothing."""
        is_own = getattr(self._local, "reader", None) or self._lane_of == threading.get_ident()
        if is_own:
            raise RuntimeError("closing a store inside its own transaction")
        with self._lane, self._readers:
            if self._data_key is None:
                return
            self._data_key[:] = bytes(len(self._data_key))
            self._data_key = None
            self._readers.wait_for(lambda: self._busy == 0)
            try:
                while self._idle:
                    self._idle.pop().close()
                if self._writer is not None:
                    self._writer.close()
            finally:
                self._writer = None
                self._lock.release()

    def data_key(self) -> bytes:
        """The key of the file, for whoever makes a copy of it. Raises StoreLocked."""
        if self._data_key is None:
            raise StoreLocked
        return bytes(self._data_key)

    def _open_writer(self) -> Database:
        key = self.data_key()
        if self._writer is None:
            self._require_in_place()
            self._writer = connect(self.path, key, "rw")
            self._place_of_log = _place(_log_path(self.path))
        return self._writer

    def _require_in_place(self, *, with_log: bool = False) -> None:
        """What goes into a file that no name leads to would look saved. Raises StoreMoved."""
        if _place(self.path) != self._place:
            raise StoreMoved
        if with_log and _place(_log_path(self.path)) != self._place_of_log:
            raise StoreMoved

    def _take_reader(self) -> Database:
        with self._readers:
            key = self.data_key()
            self._busy += 1
            if self._idle:
                return self._idle.pop()
        try:
            self._require_in_place()
            return connect(self.path, key, "ro")
        except BaseException:
            with self._readers:
                self._busy -= 1
                self._readers.notify_all()
            raise

    def _give_back(self, reader: Database) -> None:
        with self._readers:
            self._busy -= 1
            self._idle.append(reader)
            self._readers.notify_all()


def newest_schema() -> int:
    """The schema version that this fieldapp writes."""
    return len(_migration_files())


def migrate(db: Database, target: int | None = None) -> None:
    """Run each migration that a store has not had, each once and in a transaction of its own."""
    for version, file in enumerate(_migration_files()[:target], start=1):
        with _transaction(db, "BEGIN IMMEDIATE"):
            if db.count("PRAGMA user_version") >= version:
                continue
            db.script(file.read_text(encoding="utf-8"))
            db.execute(f"PRAGMA user_version = {version}")
            reach("migrate.before_commit")


def _migration_files() -> list[Path]:
    return sorted(_MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))


@contextmanager
def _transaction(db: Database, begin: str) -> Iterator[None]:
    db.execute(begin)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.is_in_transaction:
            with suppress(StoreTrouble):
                db.execute("ROLLBACK")
        raise


@contextmanager
def _closing(db: Database) -> Iterator[Database]:
    try:
        yield db
    finally:
        db.close()


def _place(path: Path) -> _Place:
    """Raises StoreMoved when no file stands there."""
    try:
        found = path.stat()
    except OSError as error:
        raise StoreMoved from error
    return found.st_dev, found.st_ino


def _log_path(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _remove(path: Path) -> None:
    """Take away what a failed creation left, so that it can be tried again."""
    for file in (path, _log_path(path), path.with_name(path.name + "-shm")):
        with suppress(OSError):
            file.unlink(missing_ok=True)


__all__ = ["BeforeMigration", "Database", "Store", "migrate", "newest_schema"]
