"""Rows in memory: what a CSV or GeoJSON file has become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class Line(Mapping[str, str]):
    """One row: the columns are shared by all rows, the cells its own.

    A column that the row has no cell for is not there, as in a feature without the property.
    """

    __slots__ = ("_cells", "_places")

    def __init__(self, places: Mapping[str, int], cells: tuple[str | None, ...]) -> None:
        self._places = places
        self._cells = cells

    def __getitem__(self, column: str) -> str:
        cell = self._cells[self._places[column]]
        if cell is None:
            raise KeyError(column)
        return cell

    def __contains__(self, column: object) -> bool:
        place = self._places.get(column) if isinstance(column, str) else None
        return place is not None and self._cells[place] is not None

    def __iter__(self) -> Iterator[str]:
        return (column for column, place in self._places.items() if self._cells[place] is not None)

    def __len__(self) -> int:
        return sum(cell is not None for cell in self._cells)


class TableRows:
    """A list in memory, with an index for each column that is looked into."""

    def __init__(self, columns: Iterable[str], rows: Iterable[tuple[str | None, ...]]) -> None:
        self._places = {column: place for place, column in enumerate(columns)}
        self._lines = [Line(self._places, cells) for cells in rows]
        self._indexes: dict[str, dict[str, list[Line]]] = {}

    def find(self, column: str, value: str) -> Iterable[Mapping[str, str]]:
        """The rows whose column has the value, in the file's order."""
        index = self._indexes.get(column)
        if index is None:
            index = self._indexes[column] = {}
            for line in self._lines:
                if column in line:
                    index.setdefault(line[column], []).append(line)
        return index.get(value, ())

    def scan(self) -> Iterable[Mapping[str, str]]:
        """All rows, in the file's order."""
        return self._lines
