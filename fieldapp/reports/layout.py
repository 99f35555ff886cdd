"""A document to pages: what stands where (korea.md print rules 1-9, 16, 17).

Knows paper and type, not PDF: the pages are plain data that `canvas` draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from fieldapp.reports import fonts
from fieldapp.reports.breaking import lines_of
from fieldapp.reports.canvas import Page
from fieldapp.reports.columns import MM
from fieldapp.reports.document import Block, Chart, Document, Level, Paragraph, Photo, Table
from fieldapp.reports.illustrations import draw_chart, draw_photos, draw_signed, photos_height
from fieldapp.reports.opening import draw_opening
from fieldapp.reports.ruled import draw_table, least_height
from fieldapp.reports.sheet import Sheet, middle

# Rule 3: sizes in points.
_HEADING_PT, _CLOSING_PT, _END_PT = 16.0, 10.0, 12.0
_LEVELS: dict[Level, tuple[float, float, float]] = {
    # level: size, space before, indent in ems
    "ㅇ": (15.0, 8.0, 0.5),
    "-": (15.0, 6.0, 1.0),
    "*": (13.0, 4.0, 1.5),
    "※": (13.0, 4.0, 0.0),
    "": (15.0, 6.0, 0.0),
}
_TEXT_LEADING, _CLOSING_LEADING = 1.6, 1.5
_REMARK_GAP_PT, _CREDITS_GAP_PT, _END_GAP_PT = 1 * MM, 3 * MM, 4 * MM


def pages_of(document: Document) -> tuple[tuple[float, float], list[Page]]:
    """The size of the paper in points and its pages, at least one. Its texts have been checked."""
    sheet = Sheet(document)
    draw_opening(sheet, document)
    last = _last_block(document)
    closing = _closing_height(sheet, document)
    for section in document.sections:
        if section.heading:
            is_last = bool(section.blocks) and section.blocks[0] is last
            _heading(sheet, section.heading, section.blocks, closing if is_last else 0.0)
        for kind, group in groupby(section.blocks, key=type):
            blocks = list(group)
            if kind is Photo:
                draw_photos(sheet, [block for block in blocks if isinstance(block, Photo)])
                continue
            for block in blocks:
                if isinstance(block, Table):
                    draw_table(sheet, block, follows=closing if block is last else 0.0)
                elif isinstance(block, Chart):
                    draw_chart(sheet, block, document.table(block.table_number))
                elif isinstance(block, Paragraph):
                    _paragraph(sheet, block)
    if document.signed:
        draw_signed(sheet, document.signed)
    _closing(sheet, document)
    return sheet.size, sheet.pages


def _heading(sheet: Sheet, heading: str, blocks: tuple[Block, ...], closing: float = 0.0) -> None:
    """Never the last thing on a page; `closing` is what its first block takes with it."""
    sheet.space(10.0)
    size = _HEADING_PT * sheet.scale
    follows = _least_height(sheet, blocks, closing) + 3 * MM if blocks else 0.0
    sheet.keep(_TEXT_LEADING * size + follows)
    sheet.paragraph(heading, size, leading=_TEXT_LEADING, bold=True, mark="□")


def _least_height(sheet: Sheet, blocks: Sequence[Block], closing: float) -> float:
    """What must follow a heading on its page."""
    first = blocks[0]
    if isinstance(first, Table):
        return least_height(sheet, first, follows=closing)
    if isinstance(first, Photo):
        return photos_height(sheet, [block for block in blocks[:2] if isinstance(block, Photo)])
    return 30 * MM


def _last_block(document: Document) -> Block | None:
    """What stands right above the closing lines."""
    if document.signed or not document.sections or not document.sections[-1].blocks:
        return None
    return document.sections[-1].blocks[-1]


def _paragraph(sheet: Sheet, block: Paragraph) -> None:
    size, before, indent = _LEVELS[block.level]
    size *= sheet.scale
    sheet.space(before)
    sheet.paragraph(block.text, size, leading=_TEXT_LEADING, mark=block.level, indent=indent * size)


def _closing(sheet: Sheet, document: Document) -> None:
    """Notes for every table, 붙임 and 끝., then who made it, from what, and the check code."""
    size = _CLOSING_PT * sheet.scale
    for note in _remarks(document):
        sheet.space(_REMARK_GAP_PT)
        sheet.paragraph(note, size, leading=_CLOSING_LEADING, mark="※")
    _end(sheet, document)
    height = _CLOSING_LEADING * size
    lines = _credits(sheet, document)
    sheet.space(_CREDITS_GAP_PT)
    sheet.keep(height * len(lines))
    code_y = middle(sheet.y, height, size)
    sheet.words(_code(document), code_y, size, align="right", bold=True)
    for line in lines:
        sheet.keep(height)
        sheet.words(line, middle(sheet.y, height, size), size)
        sheet.y -= height


def _end(sheet: Sheet, document: Document) -> None:
    """붙임 and 끝. (rule 15): further names stand below the first, 끝. one letter in."""
    size = _END_PT * sheet.scale
    below_first = fonts.ems("붙임  ") * size
    for number, line in enumerate(document.end_lines):
        sheet.space(_REMARK_GAP_PT if number else _END_GAP_PT)
        indent = (below_first if number else 0.0) if document.attachments else size
        sheet.paragraph(line, size, leading=_CLOSING_LEADING, indent=indent)


def _closing_height(sheet: Sheet, document: Document) -> float:
    size = _CLOSING_PT * sheet.scale
    lines = len(_credits(sheet, document))
    gaps = _CREDITS_GAP_PT
    for note in _remarks(document):
        lines += len(lines_of(f"※ {note}", sheet.width, size))
        gaps += _REMARK_GAP_PT
    if document.end_lines:
        gaps += _END_GAP_PT
    gaps += len(document.end_lines) * (_CLOSING_LEADING * _END_PT * sheet.scale + _REMARK_GAP_PT)
    return min(gaps + lines * _CLOSING_LEADING * size, sheet.height / 2)


def _remarks(document: Document) -> list[str]:
    return [note for note in (*document.notes, document.unprojected_text) if note]


def _credits(sheet: Sheet, document: Document) -> list[str]:
    """Author and source as they stand beside the check code."""
    size = _CLOSING_PT * sheet.scale
    free = sheet.width - fonts.ems(_code(document), bold=True) * size - 5 * MM
    return [
        part
        for line in (document.author_line, document.source_line)
        for part in lines_of(line, free, size)
        if part
    ] or [""]


def _code(document: Document) -> str:
    return f"검산코드 {document.check_code}" if document.check_code else ""
