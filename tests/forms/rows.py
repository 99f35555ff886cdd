"""A list of entities as the engine asks for it, which notes how it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Rows:
    """An `Instance` over rows in memory."""

    def __init__(self, *rows: Mapping[str, str]) -> None:
        self._rows = rows
        self.found: list[tuple[str, str]] = []
        self.scans = 0

    def find(self, column: str, value: str) -> list[Mapping[str, str]]:
        """The rows whose column has the value."""
        self.found.append((column, value))
        return [row for row in self._rows if row.get(column) == value]

    def scan(self) -> Iterator[Mapping[str, str]]:
        """All rows."""
        self.scans += 1
        return iter(self._rows)
