"""A document to pages: what stands where (korea.md print rules 1-9, 16, 17).

Knows paper and type, not PDF: the pages are plain data that `canvas` draws.
"""

from __future__ import annotations

from fieldapp.reports import fonts
from fieldapp.reports.breaking import balanced_lines_of, lines_of
from fieldapp.reports.canvas import Page
from fieldapp.reports.columns import MM
from fieldapp.reports.document import Document, Level, Paragraph, Table
from fieldapp.reports.ruled import draw_table
from fieldapp.reports.sheet import HEAD_PT, INNER_PT, OUTER_PT, Sheet, middle

# Rule 3: sizes in points.
_TITLE_PT, _HEADING_PT, _DATE_PT, _BASIS_PT, _CLOSING_PT = 20.0, 16.0, 12.0, 11.0, 10.0
_LEVELS: dict[Level, tuple[float, float, float]] = {
    # level: size, space before, indent in ems
    "ㅇ": (15.0, 8.0, 0.5),
    "-": (15.0, 6.0, 1.0),
    "*": (13.0, 4.0, 1.5),
    "※": (13.0, 4.0, 0.0),
    "": (15.0, 6.0, 0.0),
}
_TEXT_LEADING, _CLOSING_LEADING = 1.6, 1.5
_REMARK_GAP_PT, _CREDITS_GAP_PT = 1 * MM, 3 * MM


def pages_of(document: Document) -> tuple[tuple[float, float], list[Page]]:
    """The size of the paper in points and its pages, at least one. Its texts have been checked."""
    sheet = Sheet(document)
    _title(sheet, document)
    _basis(sheet, document)
    last = document.tables[-1] if document.tables else None
    closing = _closing_height(sheet, document)
    for section in document.sections:
        if section.heading:
            _heading(sheet, section.heading, section.blocks)
        for block in section.blocks:
            if isinstance(block, Table):
                draw_table(sheet, block, follows=closing if block is last else 0.0)
            else:
                _paragraph(sheet, block)
    _closing(sheet, document)
    return sheet.size, sheet.pages


def _title(sheet: Sheet, document: Document) -> None:
    """Centred between double lines; below it, to the right, the day and the office (rule 4)."""
    _double_rule(sheet, thick_first=True)
    sheet.y -= 2.2 * MM
    for line in balanced_lines_of(document.title, sheet.width, _TITLE_PT, bold=True):
        sheet.paragraph(line, _TITLE_PT, leading=1.35, align="center", bold=True)
    sheet.y -= 2.2 * MM
    _double_rule(sheet, thick_first=False)
    sheet.y -= 3 * MM
    for text in (document.dated_text, document.office):
        sheet.paragraph(text, _DATE_PT, leading=1.5, align="right")
    sheet.y -= 2.5 * MM


def _double_rule(sheet: Sheet, *, thick_first: bool) -> None:
    gap = 0.9 * MM
    thicknesses = (OUTER_PT, INNER_PT) if thick_first else (INNER_PT, OUTER_PT)
    for y, thickness in zip((sheet.y, sheet.y - gap), thicknesses, strict=True):
        sheet.rule(sheet.left, y, sheet.right, y, thickness)
    sheet.y -= gap


def _basis(sheet: Sheet, document: Document) -> None:
    """The 요지 box: what the figures rest on, names in one column and facts in another."""
    inset, leading = 3 * MM, 1.6 * _BASIS_PT
    names = [f"ㅇ {name}" for name, _ in document.basis]
    hanging = max(fonts.ems(name, bold=True) for name in names) * _BASIS_PT + 4 * MM
    wrapped = [
        lines_of(fact, sheet.width - 2 * inset - hanging, _BASIS_PT) for _, fact in document.basis
    ]
    height = leading * sum(len(lines) for lines in wrapped) + 3 * MM
    sheet.keep(height)
    top = sheet.y
    sheet.y -= 1.5 * MM
    for name, lines in zip(names, wrapped, strict=True):
        for number, line in enumerate(lines):
            baseline = middle(sheet.y, leading, _BASIS_PT)
            if number == 0:
                sheet.run(sheet.left + inset, baseline, name, _BASIS_PT, bold=True)
            sheet.run(sheet.left + inset + hanging, baseline, line, _BASIS_PT)
            sheet.y -= leading
    sheet.y -= 1.5 * MM
    sheet.box(sheet.left, sheet.y, sheet.right, top, HEAD_PT)


def _heading(sheet: Sheet, heading: str, blocks: tuple[Paragraph | Table, ...]) -> None:
    """Never the last thing on a page."""
    sheet.space(10.0)
    follows = 30 * MM if blocks else 0.0
    sheet.keep(_TEXT_LEADING * _HEADING_PT + follows)
    sheet.paragraph(heading, _HEADING_PT, leading=_TEXT_LEADING, bold=True, mark="□")


def _paragraph(sheet: Sheet, block: Paragraph) -> None:
    size, before, indent = _LEVELS[block.level]
    sheet.space(before)
    sheet.paragraph(block.text, size, leading=_TEXT_LEADING, mark=block.level, indent=indent * size)


def _closing(sheet: Sheet, document: Document) -> None:
    """Notes for every table, then who made it, from what, and the check code (rules 16, 20)."""
    for note in _remarks(document):
        sheet.space(_REMARK_GAP_PT)
        sheet.paragraph(note, _CLOSING_PT, leading=_CLOSING_LEADING, mark="※")
    height = _CLOSING_LEADING * _CLOSING_PT
    lines = _credits(sheet, document)
    sheet.space(_CREDITS_GAP_PT)
    sheet.keep(height * len(lines))
    code_y = middle(sheet.y, height, _CLOSING_PT)
    sheet.words(_code(document), code_y, _CLOSING_PT, align="right", bold=True)
    for line in lines:
        sheet.keep(height)
        sheet.words(line, middle(sheet.y, height, _CLOSING_PT), _CLOSING_PT)
        sheet.y -= height


def _closing_height(sheet: Sheet, document: Document) -> float:
    lines = len(_credits(sheet, document))
    gaps = _CREDITS_GAP_PT
    for note in _remarks(document):
        lines += len(lines_of(f"※ {note}", sheet.width, _CLOSING_PT))
        gaps += _REMARK_GAP_PT
    return min(gaps + lines * _CLOSING_LEADING * _CLOSING_PT, sheet.height / 2)


def _remarks(document: Document) -> list[str]:
    return [note for note in (*document.notes, document.unprojected_text) if note]


def _credits(sheet: Sheet, document: Document) -> list[str]:
    """Author and source as they stand beside the check code."""
    free = sheet.width - fonts.ems(_code(document), bold=True) * _CLOSING_PT - 5 * MM
    return [
        part
        for line in (document.author_line, document.source_line)
        for part in lines_of(line, free, _CLOSING_PT)
        if part
    ] or [""]


def _code(document: Document) -> str:
    return f"검산코드 {document.check_code}"
