"""A document to an Excel workbook, in memory: the one module that knows XlsxWriter.

Numbers stay numbers; every text is written as text, so that neither `=1+1` nor `+82` nor a code
with leading zeros is read as anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any, Literal

from xlsxwriter import Workbook

from fieldapp.errors import FileNotWritten, FileReason
from fieldapp.reports.document import (
    Approval,
    Block,
    Cell,
    Chart,
    Document,
    Missing,
    Number,
    Paragraph,
    Photo,
    Row,
    Table,
    Text,
    printed,
)
from fieldapp.reports.wording import minute

FIGURES_SHEET, FORM_SHEET = "집계", "서식"
BASIS_SHEET = "산출근거"

# Excel keeps 15 significant digits; a longer number would not be the printed one.
_EXACT_DIGITS = 15
_FONT = "맑은 고딕"
_HEAD_GROUND, _TOTAL_GROUND = "#E6E8EA", "#F4F5F6"
_A4 = 9
_MM_PER_INCH = 25.4
#: Width of a column in Excel's unit, half-width characters.
_NARROWEST, _WIDEST, _DEFAULT = 11.0, 44.0, 8.43
#: A line of text that is longer goes on in the row below; otherwise the print would cut it.
_LONGEST_LINE = 100

Align = Literal["left", "center", "right"]


def write_xlsx(document: Document) -> bytes:
    """Sheet 집계 with the tables, sheet 산출근거 with what they rest on; equal documents, equal

    bytes. A filed form is one sheet 서식; photographs are left to PDF and HWPX. Raises
    FileNotWritten when a text or table is longer than Excel holds.
    """
    buffer = BytesIO()
    workbook: Any = Workbook(
        buffer,
        {
            "in_memory": True,  # no temporary files
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties(
        {
            "title": document.title,
            "subject": document.period_name,
            "company": document.office,
            "author": "",
            # Written with a Z: the file format wants universal time.
            "created": document.counted_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    formats = _Formats(workbook)
    _page_sheet(workbook, document, formats)
    if document.period:
        _basis_sheet(workbook.add_worksheet(BASIS_SHEET), document, formats)
    workbook.close()
    return buffer.getvalue()


def number_format(cell: Number) -> str:
    """`#,##0.0;"△"#,##0.0;"-"`: what the page prints, as Excel's own format (rule 11)."""
    places = "#,##0" + ("." + "0" * cell.decimals if cell.decimals else "")
    zero = places if cell.zero == "0" else '"' + cell.zero.replace('"', "") + '"'
    return f'{places};"△"{places};{zero}'


class _Formats:
    """Cell formats by what they say; Excel counts each only once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        """A format with the font of the sheet and these properties of XlsxWriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(
                {"font_name": _FONT, "font_size": 11, "valign": "vcenter", **properties}
            )
        return self._made[key]

    def text(self, align: Align = "left", **properties: object) -> Any:
        """Text stays text when somebody edits the cell."""
        return self.get(align=align, num_format="@", **properties)


@dataclass
class _Cursor:
    """A worksheet, the width of its columns, the row that is written next, the longest line.

    tables: where each numbered table's first row and its rows stand, for charts.
    """

    sheet: Any
    formats: _Formats
    widths: list[float] = field(default_factory=list)
    row: int = 0
    longest: float = 0.0
    tables: dict[int, tuple[Table, int]] = field(default_factory=dict)

    def text(self, column: int, text: str, style: Any) -> None:
        """Words as they are. Raises FileNotWritten beyond Excel's limits."""
        _accept(self.sheet.write_string(self.row, column, text, style))

    def line(self, text: str, *, bold: bool = False, font_size: int = 11) -> None:
        """A line of its own from the first column; an empty one is left out."""
        for part in _broken(text) if text else ():
            self.text(0, part, self.formats.text(bold=bold, font_size=font_size))
            self.longest = max(self.longest, _half_widths(part) * font_size / 11)
            self.row += 1


def _accept(result: int) -> None:
    if result:
        raise FileNotWritten(reason=FileReason.EXCEL_LIMIT)


def _page_sheet(workbook: Any, document: Document, formats: _Formats) -> None:
    """The printed page as one sheet, from its title to its check code."""
    sheet = workbook.add_worksheet(FIGURES_SHEET if document.period else FORM_SHEET)
    breadth = max((len(table.columns) for table in document.tables), default=2)
    if document.approval:
        breadth = max(breadth, len(document.approval.labels))
    cursor = _Cursor(sheet, formats, _column_widths(document.tables, breadth))
    for column, width in enumerate(cursor.widths):
        sheet.set_column(column, column, width)
    _opening(cursor, document, breadth)
    head_rows = [
        _section_blocks(workbook, cursor, section.heading, section.blocks, breadth)
        for section in document.sections
    ]
    heads = [row for rows in head_rows for row in rows]
    cursor.row += 1
    _closing(cursor, document)
    _paper(sheet, document, last=(cursor.row - 1, _last_printed(cursor)))
    if len(heads) == 1:
        sheet.freeze_panes(heads[0] + 1, 1)
        sheet.repeat_rows(heads[0])
    else:  # several heads: only the title can stay
        sheet.freeze_panes(1, 1)


def _opening(cursor: _Cursor, document: Document, breadth: int) -> None:
    title = cursor.formats.text("center", bold=True, font_size=16)
    title.set_center_across()
    cursor.text(0, document.title, title)
    for column in range(1, breadth):
        cursor.sheet.write_blank(0, column, None, title)
    cursor.sheet.set_row(0, 30)
    cursor.row += 1
    if document.approval:
        _approval(cursor, document.approval, breadth)
    for text in (document.demo_line, document.dated_text, document.office):
        if text:
            cursor.text(breadth - 1, text, cursor.formats.text("right"))
            cursor.row += 1
    for text in document.gist:
        cursor.line(f"ㅇ {text}", bold=True)
    for name, fact in document.basis:
        cursor.line(f"ㅇ {name}: {fact}")


def _closing(cursor: _Cursor, document: Document) -> None:
    for signed in document.signed:
        cursor.line(f"{signed.seat}: {signed.text}")
    for note in (*document.notes, document.unprojected_text):
        cursor.line(f"※ {note}" if note else "")
    for text in (*document.end_lines, document.author_line, document.source_line):
        cursor.line(text)
    if document.check_code:
        cursor.line(f"검산코드 {document.check_code}", bold=True)
    cursor.line(document.mark.as_text(), font_size=8)


def _approval(cursor: _Cursor, approval: Approval, breadth: int) -> None:
    """결재란 in the last columns: label, room for the signature, day (rule 14)."""
    first = breadth - len(approval.labels)
    plain = cursor.formats.text("center", border=1)
    head = cursor.formats.text("center", bold=True, border=1, bg_color=_HEAD_GROUND)
    for column, (label, mark) in enumerate(approval.boxes, start=first):
        cursor.text(column, label, head)
        _accept(cursor.sheet.write_string(cursor.row + 1, column, mark, plain))
        cursor.sheet.write_blank(cursor.row + 2, column, None, plain)
    for below, height_mm in enumerate((6, 15, 5)):
        cursor.sheet.set_row(cursor.row + below, height_mm * 72 / _MM_PER_INCH)
    cursor.row += 4


def _section_blocks(
    workbook: Any, cursor: _Cursor, heading: str, blocks: tuple[Block, ...], breadth: int
) -> list[int]:
    """Writes a section; returns the rows in which its tables have their heads."""
    heads = []
    cursor.row += 1
    cursor.line(f"□ {heading}" if heading else "", bold=True, font_size=13)
    for block in blocks:
        if isinstance(block, Table):
            heads.append(_table(cursor, block, breadth))
        elif isinstance(block, Chart):
            _chart(workbook, cursor, block)
        elif isinstance(block, Paragraph):
            cursor.line(f"{block.level} {block.text}".strip())
    photos = [block for block in blocks if isinstance(block, Photo)]
    for number, photo in enumerate(photos, start=1):
        cursor.line(photo.caption or f"사진 {number}")
    return heads


def _chart(workbook: Any, cursor: _Cursor, chart: Chart) -> None:
    """Excel's own bars over the cells that the table has already; totals are left out."""
    table, first = cursor.tables[chart.table_number]
    rows = [number for number, row in enumerate(table.rows, start=first) if not row.is_total]
    if not rows:
        return
    name = cursor.sheet.get_name()
    # One run of rows: totals stand first or last (rule 10).
    labels, values = ([name, rows[0], at, rows[-1], at] for at in (0, chart.column))
    drawn = workbook.add_chart({"type": "bar"})
    drawn.add_series(
        {"categories": labels, "values": values, "fill": {"color": "#58616A"}, "gap": 60}
    )
    drawn.set_title({"name": chart.caption, "name_font": {"name": _FONT, "size": 11}})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True, "num_font": {"name": _FONT}})
    drawn.set_x_axis({"major_gridlines": {"visible": False}, "visible": False, "min": 0})
    height_rows = len(rows) + 4
    drawn.set_size({"width": 560, "height": 20 * height_rows})
    _accept(cursor.sheet.insert_chart(cursor.row, 0, drawn))
    cursor.row += height_rows + 1


def _table(cursor: _Cursor, table: Table, breadth: int) -> int:
    sheet, formats = cursor.sheet, cursor.formats
    last = min(max(1, len(table.columns) - 1), breadth - 1)
    caption, unit = table.heading, table.unit_text
    if caption:
        cursor.text(0, caption, formats.text(bold=True))
        cursor.longest = max(cursor.longest, _half_widths(caption))
    if unit and _half_widths(caption) > sum(cursor.widths[:last]):
        cursor.row += 1  # beside the unit the caption would be cut
    if unit:
        cursor.text(last, unit, formats.text("right", font_size=10))
    if caption or unit:
        cursor.row += 1
    head = cursor.row
    style = formats.text("center", bold=True, border=1, bg_color=_HEAD_GROUND, text_wrap=True)
    for column, each in enumerate(table.columns):
        cursor.text(column, each.head_text, style)
    sheet.set_row(head, 21)
    cursor.row += 1
    cursor.tables[table.number] = (table, cursor.row)
    for row in table.printed_rows:
        for column, cell in enumerate(row.cells):
            _cell(cursor, column, cell, table.columns[column].kind, row)
        cursor.row += 1
    for note in table.notes:
        cursor.line(f"※ {note}", font_size=10)
    cursor.row += 1
    return head


def _cell(cursor: _Cursor, column: int, cell: Cell, kind: str, row: Row) -> None:
    looks: dict[str, object] = {"border": 1}
    if row.is_total:
        looks |= {"bold": True, "bg_color": _TOTAL_GROUND}
    if isinstance(cell, Number) and _is_exact(cell.value):
        style = cursor.formats.get(align="right", num_format=number_format(cell), **looks)
        _accept(cursor.sheet.write_number(cursor.row, column, float(cell.value), style))
        return
    align: Align = "left" if kind == "text" else "center" if kind == "code" else "right"
    if isinstance(cell, Text):
        looks["text_wrap"] = True
    cursor.text(column, printed(cell), cursor.formats.text(align, **looks))


def _is_exact(value: Decimal) -> bool:
    return len("".join(map(str, value.as_tuple().digits)).strip("0")) <= _EXACT_DIGITS


def _column_widths(tables: tuple[Table, ...], breadth: int) -> list[float]:
    widest = [_NARROWEST] * breadth
    for table in tables:
        for column, each in enumerate(table.columns):
            texts = [each.head_text, *(printed(row.cells[column]) for row in table.printed_rows)]
            lines = [line for text in texts for line in text.split("\n")]
            widest[column] = max(widest[column], *(_half_widths(line) + 2 for line in lines))
    return [min(width, _WIDEST) for width in widest]


def _last_printed(cursor: _Cursor) -> int:
    """The last column of the print area: of the tables, or as far as the longest line reaches."""
    last = len(cursor.widths) - 1
    missing = cursor.longest - sum(cursor.widths)
    return last + max(0, ceil(missing / _DEFAULT))


def _broken(text: str) -> list[str]:
    """A line of text in pieces that fit the paper, broken at spaces where there are any."""
    pieces = [""]
    for word in re.findall(r"\S+\s*|\s+", text):
        if pieces[-1] and _half_widths(pieces[-1] + word.rstrip()) > _LONGEST_LINE:
            pieces.append("")
        pieces[-1] += word
    return [piece.rstrip() for piece in pieces]


def _half_widths(text: str) -> float:
    """How wide a text is in half-width characters."""
    return sum(1 if character.isascii() else 2 for character in text)


def _paper(sheet: Any, document: Document, *, last: tuple[int, int]) -> None:
    """A4, one page wide, the margins of the printed page; `last` is the last row and column."""
    sheet.set_paper(_A4)
    if document.is_wide:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, *last)
    profile = document.profile
    sheet.set_margins(
        left=profile.left_mm / _MM_PER_INCH,
        right=profile.right_mm / _MM_PER_INCH,
        top=(profile.top_mm + profile.strip_mm) / _MM_PER_INCH,
        bottom=(profile.bottom_mm + profile.strip_mm) / _MM_PER_INCH,
    )
    sheet.set_footer("&C- &P -", {"margin": profile.bottom_mm / _MM_PER_INCH})
    if document.privacy_line:
        sheet.set_header(f"&L{document.privacy_line}", {"margin": profile.top_mm / _MM_PER_INCH})
    sheet.hide_gridlines(1)


def _basis_sheet(sheet: Any, document: Document, formats: _Formats) -> None:
    """산출근거: when, over what and how many were counted, and the check code."""
    cursor = _Cursor(sheet, formats)
    name_style = formats.text(bold=True, border=1, bg_color=_HEAD_GROUND)
    fact_style = formats.text(border=1, text_wrap=True)
    facts = (
        ("제목", document.title),
        ("기관", document.office),
        ("기간", document.period_text),
        ("집계 기준시각", minute(document.counted_at)),
        ("미수신 기기", f"{document.missing_devices}대"),
        ("집계한 기록", document.records_text),
        ("늦게 온 기록", f"{document.late_records:,}건"),
        ("아직 집계되지 않은 기록", f"{document.unprojected:,}건"),
        ("자료", document.source_line.removeprefix("자료: ")),
        ("검산코드", document.check_code),
    )
    for name, fact in facts:
        cursor.text(0, name, name_style)
        cursor.text(1, fact, fact_style)
        cursor.row += 1
    cursor.row += 1
    for column, head in enumerate(("표", "제목", "집계한 기록(건)")):
        cursor.text(
            column, head, formats.text("center", bold=True, border=1, bg_color=_HEAD_GROUND)
        )
    cursor.row += 1
    for table in document.tables:
        cursor.text(0, f"표 {table.number}", formats.text("center", border=1))
        cursor.text(1, table.caption, fact_style)
        counted: Cell = Missing() if table.records is None else Number(Decimal(table.records))
        _cell(cursor, 2, counted, "number", Row((counted,)))
        cursor.row += 1
    for column, width in enumerate((26, 48, 18)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(0, 1)
    _paper(sheet, document, last=(cursor.row - 1, 2))
