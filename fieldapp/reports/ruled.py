"""A table on its sheet: head, rows and lines, from page to page (korea.md print rules 8 and 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from fieldapp.reports import fonts
from fieldapp.reports.breaking import lines_of
from fieldapp.reports.canvas import Run
from fieldapp.reports.columns import MM, SIDE_PT, Band, bands
from fieldapp.reports.document import ColumnKind, Table, printed
from fieldapp.reports.sheet import HEAD_PT, INNER_PT, OUTER_PT, Sheet, middle

ROW_PT = 7 * MM
HEAD_GROUND = (0xE6 / 255, 0xE8 / 255, 0xEA / 255)
TOTAL_GROUND = (0xF4 / 255, 0xF5 / 255, 0xF6 / 255)

_LEADING = 1.3
_ABOVE_PT = 1 * MM
_CAPTION_PT, _NOTE_PT = 12.0, 10.0
_NOTE_LEADING, _NOTE_GAP_PT = 1.5, 0.6 * MM
#: A table does not begin at the foot of a page with fewer rows than these.
_KEPT_ROWS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is set: the lines of each cell, and its height in points."""

    cells: tuple[Sequence[str], ...]
    height: float
    is_total: bool = False


def draw_table(sheet: Sheet, table: Table, *, follows: float = 0.0) -> None:
    """Caption, every band of the table, notes. The head repeats; no row stands on two pages.

    `follows` is the height of what ends the document below this table: rather than leave it
    alone on a page, the last rows go with it.
    """
    notes = sum(_NOTE_LEADING * _NOTE_PT + _NOTE_GAP_PT for _ in table.notes)
    cut = bands(table, sheet.width)
    for number, band in enumerate(cut, start=1):
        is_last = number == len(cut)
        _Grid(sheet, table, band).draw(
            is_continued=number > 1, follows=notes + follows if is_last else 0.0
        )
    for note in table.notes:
        sheet.space(_NOTE_GAP_PT)
        sheet.paragraph(note, _NOTE_PT, leading=_NOTE_LEADING, mark="※")


class _Grid:
    """One band of a table being drawn."""

    def __init__(self, sheet: Sheet, table: Table, band: Band) -> None:
        self._sheet = sheet
        self._table = table
        self._band = band
        self._edges = list(accumulate(band.widths, initial=sheet.left))
        self._kinds: list[ColumnKind] = [table.columns[column].kind for column in band.columns]
        self._head = self._set([table.columns[column].head for column in band.columns], bold=True)

    def draw(self, *, is_continued: bool, follows: float) -> None:
        """From the caption to the line below the last row."""
        sheet = self._sheet
        rows = list(self._rows())
        caption_height = 1.6 * _CAPTION_PT
        first = sum(row.height for row in rows[:_KEPT_ROWS])
        sheet.space(3 * MM)
        sheet.keep(caption_height + self._head.height + first)
        self._caption(caption_height, is_continued=is_continued)
        top = self._begin()
        boundaries: list[float] = []
        for left, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True):
            needed = row.height
            if left == 1:
                needed += rows[-1].height + follows
            if boundaries and sheet.y - needed < sheet.bottom - 0.01:
                self._close(top, boundaries)
                sheet.turn()
                top, boundaries = self._begin(), []
            self._row(row)
            boundaries.append(sheet.y)
        self._close(top, boundaries)

    def _caption(self, height: float, *, is_continued: bool) -> None:
        sheet = self._sheet
        caption = self._table.heading + (" (이어짐)" if is_continued else "")
        unit = self._table.unit_text
        unit_width = fonts.ems(unit) * _NOTE_PT
        free = sheet.width - fonts.ems(caption, bold=True) * _CAPTION_PT - unit_width
        if free < SIDE_PT:  # the two do not fit on one line
            sheet.paragraph(caption, _CAPTION_PT, leading=1.4, bold=True)
            sheet.paragraph(unit, _NOTE_PT, leading=1.7, align="right")
            return
        baseline = middle(sheet.y, height, _CAPTION_PT)
        sheet.words(caption, baseline, _CAPTION_PT, bold=True)
        sheet.words(unit, baseline, _NOTE_PT, align="right")
        sheet.y -= height

    def _begin(self) -> float:
        """The head; returns its top."""
        sheet, top = self._sheet, self._sheet.y
        sheet.fill(self._edges[0], top - self._head.height, self._edges[-1], top, HEAD_GROUND)
        self._words(self._head, ["code"] * len(self._kinds), bold=True)
        sheet.y -= self._head.height
        return top

    def _row(self, row: Line) -> None:
        sheet = self._sheet
        if row.is_total:
            bottom = sheet.y - row.height
            sheet.fill(self._edges[0], bottom, self._edges[-1], sheet.y, TOTAL_GROUND)
        self._words(row, self._kinds, bold=row.is_total)
        sheet.y -= row.height

    def _words(self, row: Line, kinds: Sequence[ColumnKind], *, bold: bool) -> None:
        sheet, size = self._sheet, self._band.size
        runs, name = sheet.page.runs, fonts.face(bold=bold).name
        for left, right, inset, kind, lines in zip(
            self._edges, self._edges[1:], self._band.insets, kinds, row.cells, strict=False
        ):
            block = len(lines) * _LEADING * size
            y = sheet.y - (row.height - block) / 2
            for line in lines:
                x = left + SIDE_PT
                if kind == "number":
                    x = right - inset - fonts.ems(line, bold=bold) * size
                elif kind == "code":
                    x = (left + right - fonts.ems(line, bold=bold) * size) / 2
                runs.append(Run(x, middle(y, _LEADING * size, size), line, name, size))
                y -= _LEADING * size

    def _close(self, top: float, boundaries: Sequence[float]) -> None:
        sheet, edges = self._sheet, self._edges
        bottom = sheet.y
        for y in boundaries[:-1]:
            sheet.rule(edges[0], y, edges[-1], y, INNER_PT)
        for x in edges[1:-1]:
            sheet.rule(x, bottom, x, top, INNER_PT)
        if boundaries:
            below_head = top - self._head.height
            sheet.rule(edges[0], below_head, edges[-1], below_head, HEAD_PT)
        sheet.box(edges[0], bottom, edges[-1], top, OUTER_PT)

    def _rows(self) -> Iterator[Line]:
        """The rows as they are set; one that is taller than a page is set as several."""
        size = self._band.size
        room = self._sheet.height - self._head.height - 2 * _ABOVE_PT
        most = max(1, int(room / (_LEADING * size)))
        for row in self._table.rows:
            texts = [printed(row.cells[column]) for column in self._band.columns]
            whole = self._set(texts, bold=row.is_total)
            tallest = max(len(lines) for lines in whole.cells)
            if tallest <= most:
                yield whole
                continue
            for start in range(0, tallest, most):
                yield self._line(
                    tuple(lines[start : start + most] for lines in whole.cells), row.is_total
                )

    def _set(self, texts: Sequence[str], *, bold: bool) -> Line:
        size = self._band.size
        cells = tuple(
            lines_of(text, width - 2 * SIDE_PT + 0.01, size, bold=bold)
            for text, width in zip(texts, self._band.widths, strict=True)
        )
        return self._line(cells, bold)

    def _line(self, cells: tuple[Sequence[str], ...], is_total: bool) -> Line:
        tallest = max(len(lines) for lines in cells)
        return Line(
            cells, max(ROW_PT, tallest * _LEADING * self._band.size + 2 * _ABOVE_PT), is_total
        )
