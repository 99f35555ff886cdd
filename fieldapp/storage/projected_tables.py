"""The tables that show answers, and which column of which shows what.

`answer_<form>` has a row a record, `answer_<form>__<repeat>` a row an instance of a repeat. They
are made and altered as packs name more; a column is named after its full path. A path whose type a
later version changes gets a second column (`path__2`), since a record keeps its version for life.
There is no index of days: a summary reads the narrow rows through (0.1 s for 100,000), where going
from an index to each row of a month decrypts a page for every one of them (20 s, measured).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.domain.plans import ColumnType, Projection
from fieldapp.storage.sqlite import Database

RECORD_ID = "record_id"
SCOPE = "scope"
STATE = "state"
SUBJECT_LIST = "subject_list"
SUBJECT_ID = "subject_id"
#: The Korean day on which the record was made.
CREATED_ON = "created_on"
#: Which instance a row of a repeat's table shows, with keys (`areas[n1]/items[n3]`).
INSTANCE = "instance"
#: The instance of the repeat around it; empty for none.
AROUND = "around"

_OF_RECORDS = (RECORD_ID, SCOPE, STATE, SUBJECT_LIST, SUBJECT_ID, CREATED_ON)
_OF_REPEATS = (RECORD_ID, INSTANCE, AROUND)
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
    """A table of a form on this device, of all its versions; repeat_path: empty for records."""

    name: str
    repeat_path: str
    columns: tuple[Column, ...]

    def of_path(self, path: str) -> tuple[Column, ...]:
        """The columns that show an answer: one, none, or one for each type it ever had."""
        return tuple(column for column in self.columns if column.path == path)


def tables_of(db: Database, form_id: str) -> Mapping[str, Table]:
    """The tables of a form by repeat path; empty when nothing of it was ever projected."""
    found: dict[str, tuple[str, list[Column]]] = {}
    for repeat_path, table, path, kind, name in db.rows(
        "SELECT repeat_path, t.table_name, c.path, c.type, c.column_name"
        " FROM projected_table t LEFT JOIN projected_column c USING (form_id, repeat_path)"
        " WHERE form_id = ? ORDER BY repeat_path, c.path, c.type",
        (form_id,),
    ):
        columns = found.setdefault(repeat_path, (table, []))[1]
        if path is not None:
            columns.append(Column(path, kind, name))
    return {
        repeat_path: Table(table, repeat_path, tuple(columns))
        for repeat_path, (table, columns) in found.items()
    }


def table_of(db: Database, form_id: str) -> Table | None:
    """The table of a form's records, or None when nothing of it was ever projected."""
    return tables_of(db, form_id).get("")


def tables_for(db: Database, projection: Projection) -> Mapping[str, Table]:
    """The form's tables with everything that the projection names, made or altered as needed."""
    if not projection.columns and not projection.repeats:
        return {}
    known = tables_of(db, projection.form_id)
    wanted = {"": projection.columns, **projection.repeats}
    if all(
        repeat_path in known and not _missing(known[repeat_path], columns)
        for repeat_path, columns in wanted.items()
    ):
        return known
    for repeat_path, columns in wanted.items():
        _extend(db, projection.form_id, repeat_path, known.get(repeat_path), columns)
    return tables_of(db, projection.form_id)


def _missing(
    table: Table | None, wanted: Sequence[tuple[str, ColumnType]]
) -> list[tuple[str, ColumnType]]:
    known = {(column.path, column.type) for column in table.columns} if table else set()
    return [column for column in wanted if column not in known]


def _extend(
    db: Database,
    form_id: str,
    repeat_path: str,
    table: Table | None,
    wanted: Sequence[tuple[str, ColumnType]],
) -> None:
    own = _OF_REPEATS if repeat_path else _OF_RECORDS
    name = _made(db, form_id, repeat_path, own) if table is None else table.name
    taken = {*own, *(column.name.lower() for column in (table.columns if table else ()))}
    for path, kind in _missing(table, wanted):
        column = _free(path, lambda name: name.lower() in taken)
        taken.add(column.lower())
        db.add_column(name, column, _KINDS[kind])
        db.execute(
            "INSERT INTO projected_column (form_id, repeat_path, path, type, column_name)"
            " VALUES (?, ?, ?, ?, ?)",
            (form_id, repeat_path, path, kind, column),
        )


def _made(db: Database, form_id: str, repeat_path: str, own: Sequence[str]) -> str:
    wanted = "answer_" + re.sub(r"\W", "_", form_id)
    if repeat_path:
        wanted += "__" + re.sub(r"\W", "_", repeat_path)
    name = _free(wanted, db.has_table)
    key = (RECORD_ID, INSTANCE) if repeat_path else (RECORD_ID,)
    db.create_table(name, dict.fromkeys(own, str), key=key)
    db.execute(
        "INSERT INTO projected_table (form_id, repeat_path, table_name) VALUES (?, ?, ?)",
        (form_id, repeat_path, name),
    )
    return name


def _free(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """The name itself, or `name__2`, `name__3`…: SQLite tells no upper from lower case."""
    return next(name for name in _numbered(wanted) if not is_taken(name))


def _numbered(wanted: str) -> Iterator[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}__{number}"
        number += 1
