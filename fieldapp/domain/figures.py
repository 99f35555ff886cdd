"""The numbers of a summary, counted and rounded once, before any page or sheet shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both counted."""

    first: date
    last: date

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A calendar month."""
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(date(year, month, 1), date.fromordinal(following.toordinal() - 1))


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure, already rounded to `decimals`; value None prints `-` (nothing to divide by)."""

    value: Decimal | None
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A printed row."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """One section of a summary as numbers.

    records: how many records were counted; unprojected: how many records of the form were still
    waiting to be projected while counting, so that a page can say so.
    """

    summary_id: str
    caption: str
    unit: str
    row_head: str
    columns: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    period: Period
    counted_at: datetime
    records: int
    unprojected: int = 0
    empty: str = "0"
    footnote: str = ""
