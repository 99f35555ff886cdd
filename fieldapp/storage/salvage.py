"""What can still be read of a damaged store: row by row, each bad page costs the rows on it.

SQLCipher authenticates every page, and a connection that met a bad one reads nothing more: the next
row is read by a new one. Where that is not enough the file is repaired first (`repairing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from fieldapp.domain.operation import Operation
from fieldapp.errors import RecordMissing, StoreDamaged, StoreTrouble, StoreUnreadable
from fieldapp.storage import access_log, drafts, put_aside
from fieldapp.storage.backup import Backup
from fieldapp.storage.checking import Progress
from fieldapp.storage.drafts import Draft
from fieldapp.storage.repairing import Repaired
from fieldapp.storage.sqlite import Database, Row, Value, connect

T = TypeVar("T")

#: How far operations are looked for behind the last one found, where no index tells their number.
_PATIENCE = 500
_LOG_PAGE = 1_000
#: A page of server documents as `record` keeps them; enough to lay operations over.
_RECORD_COLUMNS = (
    "id", "form_id", "form_version", "kind", "subject_list", "subject_id", "scope", "state", "rev",
    "epoch", "hash", "server_doc", "author", "created", "updated", "updated_ms",
)  # fmt: skip
#: Small tables of this laptop alone: as they stand in the store, where they can be read whole.
OWN_TABLES: Mapping[str, str] = {
    "saved_filter": "screen, name, chosen",
    "open_search": "only, at, user, fields, text, texts",
    "open_search_shown": "position, list, id",
}
_BLOB_COLUMNS = ("name", "sha256", "size", "path", "blob_state")
#: Who the store is to the server, which a backup may not know yet.
IDENTITY_FACTS = (
    "replica", "incarnation", "enrolled", "server_address", "server_user", "tokens", "signing_key",
    "worker",
)  # fmt: skip
#: What else was told to the store, or done with it, and holds whatever its tables hold.
OWN_FACTS = (
    "log_key", "clock_offset_ms", "clock_seen", "saved_at", "draft_on_desk", "drilled_at",
    "hiding_code", "preferences", "second_place_told", "device_state",
)  # fmt: skip
#: What goes with the tables: of a backup it is as old as they are.
FACTS_OF_TABLES = (
    "epoch", "last_exchange", "missing_devices:", "compared_at", "refilling", "round_open",
    "logged_through", "checked_through", "numbers_told", "places", "current_forms",
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
class SalvagedLog:
    """The access log over the backup's, as rows of `access_log.WHOLE_ROW` and `WHOLE_CHECKPOINT`,
    up to the first that cannot be read: what stands behind a hole proves nothing. lost: how many.
    """

    rows: tuple[Row, ...] = ()
    checkpoints: tuple[Row, ...] = ()
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a damaged store has that a backup lacks.

    operations: in their order; ended: drafts of the backup that stand no more; records: rows (by
    column) of server documents that the operations are laid over; facts: what the store knew of
    itself; was_met: whether the server may know its incarnation; unread: rows that are known to
    have been there and are lost, those of the access log apart; tables: every row of those of
    OWN_TABLES that could be read whole; aside: what its author put aside (`put_aside.SALVAGED`).
    """

    operations: tuple[SalvagedOperation, ...] = ()
    drafts: tuple[Draft, ...] = ()
    ended: tuple[str, ...] = ()
    records: tuple[Mapping[str, Value], ...] = ()
    blobs: tuple[Mapping[str, Value], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    was_met: bool = True
    unread: int = 0
    log: SalvagedLog = SalvagedLog()
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    aside: Sequence[Row] = ()


def salvage(
    path: Path,
    backup: Backup,
    data_key: bytes,
    work: Path,
    step: Progress = lambda _done, _all: None,
) -> Salvaged:
    """Read what the store at `path` has over a backup. The store is not written to.

    work: where an encrypted copy may stand meanwhile; it is gone afterwards. step: told how many
    operations were read of how many; what it raises ends the reading. A store of which nothing can
    be read gives nothing. Raises StoreFull, and BackupDamaged's causes for the backup.
    """
    if not path.is_file():
        return Salvaged(unread=0)
    readable = Repaired(path, backup, data_key, work)
    reader = _Reader(readable.path, data_key)
    base = connect(backup.path, data_key, "ro")
    try:
        if not reader.ask(lambda db: db.has_table("operation")):
            return Salvaged()
        return _Salvage(reader, base, step, is_own=readable.grafted <= {1}).all()
    finally:
        reader.close()
        base.close()
        readable.remove()


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
                self._db = connect(self._path, self._key, "ro", is_lenient=True)
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
    step: Progress
    #: Whether each row is the store's own: of pages that a backup gave, only page 1 holds none.
    is_own: bool
    unread: int = 0

    def all(self) -> Salvaged:
        facts = self._facts()
        operations = tuple(self._operations())
        return Salvaged(
            operations=operations,
            drafts=tuple(self._drafts()),
            ended=self._ended_drafts(),
            records=tuple(self._records(operations)),
            blobs=tuple(self._blobs()),
            facts=facts,
            was_met=self._was_met(int(facts.get("incarnation", 0))),
            unread=self.unread,
            log=self._log(),
            tables=self._tables(),
            aside=self._aside(),
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
        positions = self._positions()
        for done, position in enumerate(positions):
            self.step(done, len(positions))
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

    def _positions(self) -> list[int]:
        """Where operations stand that the backup lacks. An index tells, or else they are tried."""
        listed = self.reader.rows(
            "SELECT op_id, position FROM operation INDEXED BY sqlite_autoindex_operation_1"
            " WHERE op_id > '' ORDER BY op_id"
        )
        if listed is None:
            return list(self._tried())
        known = {op_id for (op_id,) in self.base.rows("SELECT op_id FROM operation")}
        return sorted(position for op_id, position in listed if op_id not in known)

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

    def _ended_drafts(self) -> tuple[str, ...]:
        """Drafts of the backup that were thrown away since. None while anything is lost: what one
        became may be among it.
        """
        standing = self.reader.rows("SELECT record_id FROM draft")
        if standing is None or self.unread or not self.is_own:
            return ()
        held = self.base.rows("SELECT record_id FROM draft")
        return tuple(sorted(key for (key,) in {*held} - {*standing}))

    def _draft(self, key: str) -> Draft | None:
        try:
            return self.reader.ask(lambda db: drafts.find(db, key))
        except (msgspec.MsgspecError, RecordMissing, ValueError):
            return None

    def _facts(self) -> dict[str, str]:
        facts = {}
        for key in self._keys("meta", "key"):
            found = self.reader.rows("SELECT value FROM meta WHERE key = ?", (key,))
            if found and key in (*IDENTITY_FACTS, *OWN_FACTS):
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

    def _log(self) -> SalvagedLog:
        if not self._has("access_log"):
            return SalvagedLog()
        held = _newest(self.base, "access_log")
        rows = tuple(self._after("access_log", access_log.WHOLE_ROW, held))
        newest = self.reader.ask(lambda db: _newest(db, "access_log"))
        last = rows[-1][0] if rows else held
        signed = _newest(self.base, "log_checkpoint")
        return SalvagedLog(
            rows=rows,
            checkpoints=tuple(self._after("log_checkpoint", access_log.WHOLE_CHECKPOINT, signed)),
            # Where not even the last one can be read there was one more at least.
            lost=1 if newest is None else max(newest - last, 0),
        )

    def _tables(self) -> dict[str, Sequence[Row]]:
        found: dict[str, Sequence[Row]] = {}
        for table, columns in OWN_TABLES.items():
            if self._has(table):
                rows = self.reader.rows(f"SELECT {columns} FROM {table}")  # noqa: S608 - constants
                if rows is not None:
                    found[table] = rows
        return found

    def _aside(self) -> Sequence[Row]:
        if not self._has("put_aside"):
            return ()
        return self.reader.rows(put_aside.SALVAGED) or ()

    def _has(self, table: str) -> bool:
        return bool(self.reader.ask(lambda db: db.has_table(table)))

    def _after(self, table: str, columns: str, log_seq: int) -> Iterator[Row]:
        """Rows behind one, by log_seq, until one that cannot be read."""
        limit = _LOG_PAGE
        while True:
            found = self.reader.rows(
                f"SELECT {columns} FROM {table} WHERE log_seq > ?"  # noqa: S608 - constants
                " ORDER BY log_seq LIMIT ?",
                (log_seq, limit),
            )
            if found:
                yield from found
                log_seq = found[-1][0]
            elif found is None and limit > 1:
                # A bad page among many: one by one, up to it.
                limit = 1
            else:
                return

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


def _newest(db: Database, table: str) -> int:
    if not db.has_table(table):
        return 0
    return db.count(f"SELECT max(log_seq) FROM {table}")  # noqa: S608 - constants
