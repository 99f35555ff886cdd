"""The projection: answers that a summary or a list names, as typed columns (formats, Projection).

The record's document is the truth; the tables (`projected_tables`) can be made again from it at any
time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fieldapp.domain.merge import generic_path
from fieldapp.domain.operation import instances_of
from fieldapp.domain.plans import ColumnType, Projection
from fieldapp.domain.record import RecordDoc
from fieldapp.storage import projected_tables as tables
from fieldapp.storage.days import korean_day
from fieldapp.storage.documents import read_stored_answers
from fieldapp.storage.projected_tables import Column, Table, table_of, tables_for
from fieldapp.storage.records import StoredRecord
from fieldapp.storage.sqlite import Database, Value, quoted

if TYPE_CHECKING:
    from fieldapp.storage.database import Store

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_LARGEST = 2**63 - 1
_CLEAR_DUE = "UPDATE record SET is_due = 0 WHERE id = ?"


def project(db: Database, record: StoredRecord, projection: Projection) -> None:
    """Show a record's answers in its form's tables, in the caller's transaction."""
    if record.is_deleted:
        remove(db, record.record_id)
    else:
        showing = _Showing()
        showing.add(tables_for(db, projection), projection, record.record_id, record.doc)
        showing.write(db)
    db.execute(_CLEAR_DUE, (record.record_id,))


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
        known: dict[tuple[str, str], tuple[Projection, Mapping[str, Table]] | None] = {}
        showing = _Showing()
        for record_id, form_id, version, text, deleted in rows:
            if (form_id, version) not in known:
                projection = projections(form_id, version)
                known[form_id, version] = (
                    (projection, tables_for(db, projection)) if projection else None
                )
            found = known[form_id, version]
            if deleted:
                remove(db, record_id)
            elif found is not None:
                showing.add(found[1], found[0], record_id, read_stored_answers(text))
        showing.write(db)
        db.execute_many(_CLEAR_DUE, [(row[0],) for row in rows])
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
        "SELECT p.table_name FROM projected_table p"
        " JOIN record r ON r.form_id = p.form_id WHERE r.id = ?",
        (record_id,),
    ):
        db.execute(_clearing(table), (record_id,))


def shown(table: Table, path: str, of: str = "") -> str:
    """SQL: an answer as text, whichever version wrote it; NULL for one that was never projected.

    of: the name that the table has in the statement.
    """
    prefix = f"{of}." if of else ""
    texts = [
        f"CAST({prefix}{quoted(column.name)} AS TEXT)"
        if column.type == "integer"
        else prefix + quoted(column.name)
        for column in table.of_path(path)
    ]
    if len(texts) > 1:
        return f"coalesce({', '.join(texts)})"
    return texts[0] if texts else "NULL"


class _Showing:
    """Rows of the projection being made, to be written a statement for many."""

    def __init__(self) -> None:
        self._cleared: dict[str, list[tuple[Value, ...]]] = {}
        self._inserted: dict[str, list[tuple[Value, ...]]] = {}

    def add(
        self,
        tables_of_form: Mapping[str, Table],
        projection: Projection,
        record_id: str,
        doc: RecordDoc,
    ) -> None:
        """Show a record in every table of its form."""
        for repeat_path, table in tables_of_form.items():
            if repeat_path:
                self._cleared.setdefault(_clearing(table.name), []).append((record_id,))
                wanted = projection.repeats.get(repeat_path, ())
                rows = _instances(table, wanted, record_id, doc.answers)
            else:
                rows = [_record(table, projection, record_id, doc)]
            for row in rows:
                statement = _insertion(table, tuple(row))
                self._inserted.setdefault(statement, []).append(tuple(row.values()))

    def write(self, db: Database) -> None:
        """In the caller's transaction."""
        for statements in (self._cleared, self._inserted):
            for statement, rows in statements.items():
                db.execute_many(statement, rows)


def _record(
    table: Table, projection: Projection, record_id: str, doc: RecordDoc
) -> dict[str, Value]:
    wanted = set(projection.columns)
    subject = doc.subject
    row: dict[str, Value] = {
        tables.RECORD_ID: record_id,
        tables.SCOPE: doc.scope,
        tables.STATE: doc.state,
        tables.SUBJECT_LIST: subject.list if subject else None,
        tables.SUBJECT_ID: subject.id if subject else None,
        tables.CREATED_ON: korean_day(doc.created),
    }
    for column in table.columns:
        if (column.path, column.type) in wanted:
            row[column.name] = _cell(doc.answers.get(column.path), column.type)
    return row


def _instances(
    table: Table,
    wanted: Sequence[tuple[str, ColumnType]],
    record_id: str,
    answers: Mapping[str, str],
) -> list[dict[str, Value]]:
    """A row for each instance of which something was answered, whether shown or not."""
    columns = [column for column in table.columns if (column.path, column.type) in wanted]
    by_path = {column.path: column for column in columns}
    first = table.repeat_path.partition("/")[0]
    rows: dict[str, dict[str, Value]] = {}
    for path, text in answers.items():
        if not path.startswith(first):
            continue
        for depth, instance in enumerate(around := instances_of(path)):
            if generic_path(instance) != table.repeat_path:
                continue
            row = rows.setdefault(
                instance,
                {
                    tables.RECORD_ID: record_id,
                    tables.INSTANCE: instance,
                    tables.AROUND: around[depth - 1] if depth else "",
                    **{column.name: None for column in columns},
                },
            )
            column = by_path.get(generic_path(path))
            if column is not None and depth == len(around) - 1:
                row[column.name] = _cell(text, column.type)
    return list(rows.values())


def _insertion(table: Table, names: Sequence[str]) -> str:
    """REPLACE empties the columns that this version does not fill."""
    marks = ", ".join("?" * len(names))
    columns = ", ".join(map(quoted, names))
    return f"INSERT OR REPLACE INTO {quoted(table.name)} ({columns}) VALUES ({marks})"  # noqa: S608


def _clearing(table: str) -> str:
    return f"DELETE FROM {quoted(table)} WHERE {tables.RECORD_ID} = ?"  # noqa: S608 - our registry


def _cell(text: str | None, kind: ColumnType) -> Value:
    """The value of a column; empty for what is not of its type, which the document still holds."""
    if text is None or kind == "text":
        return text
    if kind == "integer":
        number = int(text) if _INTEGER.fullmatch(text) and len(text) < 25 else None
        return number if number is not None and abs(number) <= _LARGEST else None
    if kind == "decimal":
        return text if _DECIMAL.fullmatch(text) else None
    return korean_day(text)


__all__ = [
    "Column", "Table", "due_count", "mark_due", "project", "project_due", "remove",
    "shown", "table_of",
]  # fmt: skip
