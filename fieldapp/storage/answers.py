"""The projection: answers that a summary or a list names, as typed columns (formats, Projection).

The record's document is the truth; the tables `answer_<form>` can be made again from it at any
time. A column is named after its full path. A path whose type a later version changes gets a
second column (`path__2`), since a record keeps its form version for life. Repeats are not
projected yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from fieldapp.domain.plans import ColumnType, Projection
from fieldapp.domain.record import RecordDoc
from fieldapp.storage.documents import read_stored
from fieldapp.storage.records import StoredRecord
from fieldapp.storage.sqlite import Database, Value, quoted

if TYPE_CHECKING:
    from fieldapp.storage.database import Store

#: Where a date that carries a time has its day.
_KOREA = timezone(timedelta(hours=9))
_KEY = "record_id"
_SCOPE = "scope"
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_LARGEST = 2**63 - 1
#: A decimal stays text: a binary number would round what was written.
_KINDS: Mapping[ColumnType, type] = {"text": str, "integer": int, "decimal": str, "date": str}


@dataclass(frozen=True, slots=True)
class Column:
    """One answer of a form as a column."""

    path: str
    type: ColumnType
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """The projection of a form on this device, of all its versions."""

    name: str
    columns: tuple[Column, ...]

    def of_path(self, path: str) -> tuple[Column, ...]:
        """The columns that show an answer: one, none, or one for each type it ever had."""
        return tuple(column for column in self.columns if column.path == path)


def project(db: Database, record: StoredRecord, projection: Projection) -> None:
    """Show a record's answers in its form's table, in the caller's transaction."""
    table = _table_for(db, projection)
    if record.is_deleted:
        remove(db, record.record_id)
    elif table is not None:
        _put_row(db, table, projection, record.record_id, record.doc)
    _clear_due(db, record.record_id)


def project_due(
    store: Store, projections: Callable[[str, str], Projection | None], batch: int
) -> int:
    """Project up to `batch` records that wait, in one transaction; returns how many it did.

    Records of a form version that this device lacks are passed over until its pack is installed.
    """
    with store.writing() as db:
        rows = db.rows(
            "SELECT id, form_id, form_version, coalesce(local_doc, server_doc), deleted"
            " FROM record WHERE is_due = 1 ORDER BY form_id LIMIT ?",
            (batch,),
        )
        tables: dict[tuple[str, str], tuple[Projection | None, Table | None]] = {}
        for record_id, form_id, version, text, deleted in rows:
            if (form_id, version) not in tables:
                projection = projections(form_id, version)
                tables[form_id, version] = (
                    projection,
                    _table_for(db, projection) if projection else None,
                )
            projection, table = tables[form_id, version]
            if deleted:
                remove(db, record_id)
            elif projection is not None and table is not None:
                _put_row(db, table, projection, record_id, read_stored(text))
            _clear_due(db, record_id)
    return len(rows)


def mark_due(db: Database, form_id: str) -> None:
    """Every record of a form waits for projection: a pack was installed that may name more."""
    db.execute("UPDATE record SET is_due = 1 WHERE form_id = ?", (form_id,))


def due_count(db: Database, form_id: str | None = None) -> int:
    """How many records wait for projection, of one form or of all."""
    if form_id is None:
        return db.count("SELECT count(*) FROM record WHERE is_due = 1")
    return db.count("SELECT count(*) FROM record WHERE is_due = 1 AND form_id = ?", (form_id,))


def remove(db: Database, record_id: str) -> None:
    """Take a record out of the projection."""
    for (table,) in db.rows(
        "SELECT DISTINCT p.table_name FROM projected_column p"
        " JOIN record r ON r.form_id = p.form_id WHERE r.id = ?",
        (record_id,),
    ):
        db.execute(
            f"DELETE FROM {quoted(table)} WHERE {_KEY} = ?",  # noqa: S608 - a name from our registry
            (record_id,),
        )


def table_of(db: Database, form_id: str) -> Table | None:
    """The projection of a form, or None when nothing of it was ever projected."""
    rows = db.rows(
        "SELECT path, type, column_name, table_name FROM projected_column"
        " WHERE form_id = ? ORDER BY path, type",
        (form_id,),
    )
    if not rows:
        return None
    return Table(rows[0][3], tuple(Column(path, kind, name) for path, kind, name, _ in rows))


def _table_for(db: Database, projection: Projection) -> Table | None:
    """The form's table with every column of the projection, made or altered where it lacks one."""
    table = table_of(db, projection.form_id)
    known = {(column.path, column.type) for column in table.columns} if table else set()
    missing = [wanted for wanted in projection.columns if wanted not in known]
    if not missing:
        return table
    if table is None:
        name = _free("answer_" + re.sub(r"\W", "_", projection.form_id), db.has_table)
        db.create_table(name, {_KEY: str, _SCOPE: str}, key=_KEY)
    else:
        name = table.name
    taken = {_KEY, _SCOPE} | {column.name.lower() for column in (table.columns if table else ())}
    for path, kind in missing:
        column = _free(path, lambda name: name.lower() in taken)
        taken.add(column.lower())
        db.add_column(name, column, _KINDS[kind])
        if kind == "date":
            db.create_index(name, [column])
        db.execute(
            "INSERT INTO projected_column (form_id, path, type, table_name, column_name)"
            " VALUES (?, ?, ?, ?, ?)",
            (projection.form_id, path, kind, name, column),
        )
    return table_of(db, projection.form_id)


def _free(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """The name itself, or `name__2`, `name__3`…: SQLite tells no upper from lower case."""
    return next(name for name in _numbered(wanted) if not is_taken(name))


def _numbered(wanted: str) -> Iterator[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}__{number}"
        number += 1


def _put_row(
    db: Database, table: Table, projection: Projection, record_id: str, doc: RecordDoc
) -> None:
    wanted = set(projection.columns)
    cells: dict[str, Value] = {_KEY: record_id, _SCOPE: doc.scope}
    for column in table.columns:
        if (column.path, column.type) in wanted:
            cells[column.name] = _cell(doc.answers.get(column.path), column.type)
    names = ", ".join(quoted(name) for name in cells)
    marks = ", ".join("?" * len(cells))
    db.execute(
        # REPLACE empties the columns that this version does not fill.
        f"INSERT OR REPLACE INTO {quoted(table.name)} ({names}) VALUES ({marks})",  # noqa: S608
        tuple(cells.values()),
    )


def _cell(text: str | None, kind: ColumnType) -> Value:
    """The value of a column; empty for what is not of its type, which the document still holds."""
    if text is None or kind == "text":
        return text
    if kind == "integer":
        number = int(text) if _INTEGER.fullmatch(text) and len(text) < 25 else None
        return number if number is not None and abs(number) <= _LARGEST else None
    if kind == "decimal":
        return text if _DECIMAL.fullmatch(text) else None
    return _day(text)


def _day(text: str) -> str | None:
    """The Korean calendar day of a date, or of an instant."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (instant.astimezone(_KOREA) if instant.tzinfo else instant).date().isoformat()


def _clear_due(db: Database, record_id: str) -> None:
    db.execute("UPDATE record SET is_due = 0 WHERE id = ?", (record_id,))
