"""How wide the columns of a table are, at which size it is set, and how it is cut when too wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.reports import fonts
from fieldapp.reports.document import Table, printed

MM = 72 / 25.4
#: Between a cell's text and its side lines.
SIDE_PT = 1.6 * MM
#: Rule 3: body 11, at the least 9.
SIZES_PT = (11.0, 10.0, 9.0)
#: The most that columns of text may claim of the width; beyond it they wrap, and take what numbers
#: leave over.
_TEXT_SHARE = 0.3
#: A head up to so many ems is not broken.
_HEAD_EMS = 6.0

#: Numbers stand right, but in a wide column no farther from their centred head than this.
_REACH_PT = 8 * MM


@dataclass(frozen=True, slots=True)
class Band:
    """Columns of a table that stand side by side, in points; `insets` are kept free at the right

    of their numbers.
    """

    size: float
    columns: tuple[int, ...]
    widths: tuple[float, ...]
    insets: tuple[float, ...]


def bands(table: Table, width: float, scale: float = 1.0) -> list[Band]:
    """The table fitted to a width: one band at the largest size at which no number is broken.

    When even the smallest size is too wide, the columns go on in further bands, each of which
    starts with the first column again. `scale` is that of the page profile.
    """
    everything = tuple(range(len(table.columns)))
    if table.shares:
        widths = tuple(width * share / sum(table.shares) for share in table.shares)
        return [Band(SIZES_PT[0] * scale, everything, widths, (SIDE_PT,) * len(widths))]
    natural = _Natural.of(table)
    sizes = [size * scale for size in SIZES_PT]
    for size in sizes:
        needs = natural.needs(size, width)
        if sum(needs) <= width:
            return [natural.band(everything, needs, size, width)]
    needs = natural.needs(sizes[-1], width)
    return [natural.band(columns, needs, sizes[-1], width) for columns in _cut(needs, width)]


def _cut(needs: Sequence[float], width: float) -> list[tuple[int, ...]]:
    cuts: list[tuple[int, ...]] = []
    columns: list[int] = [0]
    for column in range(1, len(needs)):
        taken = sum(needs[each] for each in columns)
        if len(columns) > 1 and taken + needs[column] > width:
            cuts.append(tuple(columns))
            columns = [0]
        columns.append(column)
    return [*cuts, tuple(columns)]


@dataclass(frozen=True, slots=True)
class _Natural:
    """Widest cell and head of each column in ems, and which columns may wrap."""

    cells: tuple[float, ...]
    heads: tuple[float, ...]
    is_text: tuple[bool, ...]
    is_number: tuple[bool, ...]

    @classmethod
    def of(cls, table: Table) -> _Natural:
        widest = [0.0] * len(table.columns)
        for row in table.printed_rows:
            for column, cell in enumerate(row.cells):
                for line in printed(cell).split("\n"):
                    ems = fonts.ems(line, bold=row.is_total)
                    widest[column] = max(widest[column], ems)
        return cls(
            cells=tuple(widest),
            heads=tuple(fonts.ems(column.head_text, bold=True) for column in table.columns),
            is_text=tuple(column.kind == "text" for column in table.columns),
            is_number=tuple(column.kind == "number" for column in table.columns),
        )

    def needs(self, size: float, width: float) -> list[float]:
        """What each column cannot do without: numbers whole, texts up to their share."""
        share = _TEXT_SHARE * width / max(1, sum(self.is_text))
        needed = []
        for cell, head, is_text in zip(self.cells, self.heads, self.is_text, strict=True):
            whole = max(cell, min(head, _HEAD_EMS)) * size + 2 * SIDE_PT
            needed.append(min(whole, share) if is_text else whole)
        return needed

    def band(
        self, columns: tuple[int, ...], needs: Sequence[float], size: float, width: float
    ) -> Band:
        """These columns spread over the width."""
        widths = self._spread(columns, needs, size, width)
        insets = tuple(
            max(SIDE_PT, (each - self.cells[column] * size) / 2 - _REACH_PT)
            for column, each in zip(columns, widths, strict=True)
        )
        return Band(size, columns, widths, insets)

    def _spread(
        self, columns: Sequence[int], needs: Sequence[float], size: float, width: float
    ) -> tuple[float, ...]:
        """Needs to widths that fill the line: texts first up to their own width, numbers alike.

        Several columns of text grow together, so that none takes what another lacks.
        """
        widths = {column: needs[column] for column in columns}
        numbers = [column for column in columns if self.is_number[column]]
        texts = [column for column in columns if self.is_text[column]]
        alike = dict.fromkeys(numbers, max((needs[column] for column in numbers), default=0.0))
        if sum((widths | alike).values()) <= width:
            widths |= alike
        wanted = {
            column: max(self.cells[column], self.heads[column]) * size + 2 * SIDE_PT
            for column in texts
        }
        for left, column in zip(
            range(len(texts), 0, -1),
            sorted(texts, key=lambda each: wanted[each] - widths[each]),
            strict=True,
        ):
            fair = (width - sum(widths.values())) / left
            widths[column] += max(0.0, min(fair, wanted[column] - widths[column]))
        extra = (width - sum(widths.values())) / len(columns)
        return tuple(widths[column] + extra for column in columns)
