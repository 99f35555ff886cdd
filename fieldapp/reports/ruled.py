"""A table on its sheet: head, rows and lines, from page to page (korea.md print rules 8 and 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from fieldapp.reports import fonts
from fieldapp.reports.breaking import lines_of
from fieldapp.reports.canvas import Run
from fieldapp.reports.columns import MM, SIDE_PT, Band
from fieldapp.reports.document import ColumnKind, Table, printed
from fieldapp.reports.sheet import HEAD_PT, INNER_PT, OUTER_PT, Sheet, middle

ROW_PT = 7 * MM
HEAD_GROUND = (0xE6 / 255, 0xE8 / 255, 0xEA / 255)
TOTAL_GROUND = (0xF4 / 255, 0xF5 / 255, 0xF6 / 255)

_LEADING = 1.3
_ABOVE_PT = 1 * MM
_BEFORE_PT = 3 * MM
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
    note_pt = _NOTE_PT * sheet.scale
    notes = _notes_height(sheet, table)
    cut = sheet.bands_of(table)
    for number, band in enumerate(cut, start=1):
        is_last = number == len(cut)
        _Grid(sheet, table, band).draw(
            is_continued=number > 1, follows=notes + follows if is_last else 0.0
        )
    for note in table.notes:
        sheet.space(_NOTE_GAP_PT)
        sheet.paragraph(note, note_pt, leading=_NOTE_LEADING, mark="※")


def least_height(sheet: Sheet, table: Table, *, follows: float = 0.0) -> float:
    """What a page must still hold for the table to begin on it: caption, head, first rows."""
    below = _notes_height(sheet, table) + follows
    return _Grid(sheet, table, sheet.bands_of(table)[0]).least_height(below)


def _notes_height(sheet: Sheet, table: Table) -> float:
    return len(table.notes) * (_NOTE_LEADING * _NOTE_PT * sheet.scale + _NOTE_GAP_PT)


def _needed(rows: Sequence[Line], follows: float) -> list[float]:
    """The room each row asks of the page it begins on: the last but one takes the last and what
    follows with it, the head of a group the row below.
    """
    needed = [row.height for row in rows]
    for place in range(len(rows) - 2, -1, -1):
        if place == len(rows) - 2:
            needed[place] += needed[place + 1] + follows
        elif rows[place].is_total:
            needed[place] += needed[place + 1]
    return needed


class _Grid:
    """One band of a table being drawn."""

    def __init__(self, sheet: Sheet, table: Table, band: Band) -> None:
        self._sheet = sheet
        self._table = table
        self._band = band
        self._edges = list(accumulate(band.widths, initial=sheet.left))
        self._kinds: list[ColumnKind] = [table.columns[column].kind for column in band.columns]
        heads = [table.columns[column].head_text for column in band.columns]
        self._head = self._set(heads, bold=True)

    def draw(self, *, is_continued: bool, follows: float) -> None:
        """From the caption to the line below the last row."""
        sheet = self._sheet
        rows = list(self._rows())
        sheet.space(_BEFORE_PT)
        sheet.keep(self.least_height(follows))
        self._caption(self._caption_height, is_continued=is_continued)
        top = self._begin()
        boundaries: list[float] = []
        for row, needed in zip(rows, _needed(rows, follows), strict=True):
            if boundaries and sheet.y - needed < sheet.bottom - 0.01:
                self._close(top, boundaries)
                sheet.turn()
                top, boundaries = self._begin(), []
            self._row(row)
            boundaries.append(sheet.y)
        self._close(top, boundaries)

    def least_height(self, follows: float) -> float:
        """Of caption, head and the first rows; of a short table whole, with what follows it."""
        rows = list(islice(self._rows(), 2 * _KEPT_ROWS))
        above = self._caption_height + self._head.height
        if len(rows) < 2 * _KEPT_ROWS:
            whole = above + sum(row.height for row in rows) + follows
            if whole <= self._sheet.height / 2:
                return whole
        return above + sum(row.height for row in rows[:_KEPT_ROWS])

    @property
    def _caption_height(self) -> float:
        return 1.6 * _CAPTION_PT * self._sheet.scale if self._table.heading else 0.0

    def _caption(self, height: float, *, is_continued: bool) -> None:
        sheet = self._sheet
        if not self._table.heading:
            return
        caption_pt, unit_pt = _CAPTION_PT * sheet.scale, _NOTE_PT * sheet.scale
        caption = self._table.heading + (" (이어짐)" if is_continued else "")
        unit = self._table.unit_text
        unit_width = fonts.ems(unit) * unit_pt
        free = sheet.width - fonts.ems(caption, bold=True) * caption_pt - unit_width
        if free < SIDE_PT:  # the two do not fit on one line
            sheet.paragraph(caption, caption_pt, leading=1.4, bold=True)
            sheet.paragraph(unit, unit_pt, leading=1.7, align="right")
            return
        baseline = middle(sheet.y, height, caption_pt)
        sheet.words(caption, baseline, caption_pt, bold=True)
        sheet.words(unit, baseline, unit_pt, align="right")
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
        for row in self._table.printed_rows:
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
