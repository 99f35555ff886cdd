"""Reference data (참고 목록) that forms look things up in; the newest version of each list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from fieldapp.storage.database import Database, Store
from fieldapp.storage.sqlite import Row

#: Longer texts are told apart by looking at them.
_INDEXED_CHARACTERS = 60
_ROWS = "SELECT r.doc FROM reference_row r WHERE r.list = ? ORDER BY r.position"
_HAVING = """
    SELECT r.doc FROM reference_value v
    JOIN reference_row r ON r.list = v.list AND r.position = v.position
    WHERE v.list = ? AND v.head = ? AND v.value = ? ORDER BY v.position
"""


def versions(db: Database) -> dict[str, str]:
    """The version of each list that is here, by its id."""
    return dict(db.rows("SELECT id, version FROM reference_list"))


def put(db: Database, list_id: str, version: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Keep a list in place of the one that stood under its id."""
    db.execute("DELETE FROM reference_row WHERE list = ?", (list_id,))
    db.execute("DELETE FROM reference_value WHERE list = ?", (list_id,))
    db.execute(
        "INSERT INTO reference_list (id, version) VALUES (?, ?)"
        " ON CONFLICT (id) DO UPDATE SET version = excluded.version",
        (list_id, version),
    )
    numbered = tuple(enumerate(rows))
    db.execute_many(
        "INSERT INTO reference_row (list, position, doc) VALUES (?, ?, ?)",
        (
            (list_id, position, msgspec.json.encode(dict(row)).decode())
            for position, row in numbered
        ),
    )
    db.execute_many(
        "INSERT INTO reference_value (list, head, value, position) VALUES (?, ?, ?, ?)",
        (
            (list_id, head, value[:_INDEXED_CHARACTERS], position)
            for position, row in numbered
            for head, value in row.items()
        ),
    )


class ReferenceRows:
    """A list as forms ask it, row by row; without rows where it has not come yet."""

    def __init__(self, store: Store, list_id: str) -> None:
        self._store = store
        self._list = list_id

    def find(self, column: str, value: str) -> Iterator[Mapping[str, str]]:
        """The rows whose column has the value, in the order of the table."""
        with self._store.reading() as db:
            held = db.rows(_HAVING, (self._list, column, value[:_INDEXED_CHARACTERS]))
        return (row for row in map(_read, held) if row[column] == value)

    def scan(self) -> Iterator[Mapping[str, str]]:
        """Every row, in the order of the table."""
        with self._store.reading() as db:
            return map(_read, db.rows(_ROWS, (self._list,)))


def _read(row: Row) -> Mapping[str, str]:
    return msgspec.json.decode(row[0], type=dict[str, str])
