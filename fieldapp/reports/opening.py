"""What stands above the first section: title, 결재란, day and office, 요지 (rules 4 and 14)."""

from __future__ import annotations

from fieldapp.reports import fonts
from fieldapp.reports.breaking import balanced_lines_of, lines_of
from fieldapp.reports.columns import MM
from fieldapp.reports.document import Approval, Document
from fieldapp.reports.ruled import HEAD_GROUND
from fieldapp.reports.sheet import HEAD_PT, INNER_PT, OUTER_PT, Sheet, middle

_TITLE_PT, _DATE_PT, _GIST_PT, _BASIS_PT = 20.0, 12.0, 12.0, 11.0
_TITLE_LEADING = 1.35
_ABOVE_TITLE_PT = 2.2 * MM
_RULES_GAP_PT = 0.9 * MM
# Rule 14: label, signature and date rows; a box is as wide as a seal and a name need.
_APPROVAL_ROWS_PT = (6 * MM, 15 * MM, 5 * MM)
_BOX_PT, _APPROVAL_GAP_PT, _LABEL_PT = 18 * MM, 5 * MM, 10.0


def draw_opening(sheet: Sheet, document: Document) -> None:
    """From the top of the first page to the first section."""
    _title(sheet, document)
    for text in (document.dated_text, document.office):
        sheet.paragraph(text, _DATE_PT * sheet.scale, leading=1.5, align="right")
    sheet.y -= 2.5 * MM
    _gist(sheet, document)


def _title(sheet: Sheet, document: Document) -> None:
    """Centred between double lines; the approval box stands beside it, as high as it is."""
    size = _TITLE_PT * sheet.scale
    approval = document.approval
    right = sheet.right
    if approval:
        right -= len(approval.labels) * _BOX_PT + _APPROVAL_GAP_PT
    width = right - sheet.left
    lines = balanced_lines_of(document.title, width, size, bold=True)
    words = len(lines) * _TITLE_LEADING * size
    height = words + 2 * (_ABOVE_TITLE_PT + _RULES_GAP_PT)
    if approval:
        height = max(height, sum(_APPROVAL_ROWS_PT))
        _approval(sheet, approval, right + _APPROVAL_GAP_PT, height)
    top = sheet.y
    _double_rule(sheet, right, top, thick_first=True)
    y = top - (height - words) / 2
    for line in lines:
        x = sheet.left + (width - fonts.ems(line, bold=True) * size) / 2
        sheet.run(x, middle(y, _TITLE_LEADING * size, size), line, size, bold=True)
        y -= _TITLE_LEADING * size
    sheet.y = top - height
    _double_rule(sheet, right, sheet.y + _RULES_GAP_PT, thick_first=False)
    sheet.y -= 3 * MM


def _double_rule(sheet: Sheet, right: float, top: float, *, thick_first: bool) -> None:
    thicknesses = (OUTER_PT, INNER_PT) if thick_first else (INNER_PT, OUTER_PT)
    for y, thickness in zip((top, top - _RULES_GAP_PT), thicknesses, strict=True):
        sheet.rule(sheet.left, y, right, y, thickness)


def _approval(sheet: Sheet, approval: Approval, left: float, height: float) -> None:
    """결재란 from `left` to the margin; the signature row takes what a high title leaves over."""
    label_row, _, date_row = _APPROVAL_ROWS_PT
    top, bottom, right = sheet.y, sheet.y - height, sheet.right
    below_label, above_date = top - label_row, bottom + date_row
    sheet.fill(left, below_label, right, top, HEAD_GROUND)
    for number, (label, mark) in enumerate(approval.boxes):
        x = left + number * _BOX_PT
        if number:
            sheet.rule(x, bottom, x, top, INNER_PT)
        for text, above, below in (
            (label, top, below_label),
            (mark, below_label, above_date),
        ):
            size = min(_LABEL_PT, (_BOX_PT - 1 * MM) / max(1.0, fonts.ems(text, bold=True)))
            centred = x + (_BOX_PT - fonts.ems(text, bold=True) * size) / 2
            sheet.run(centred, middle(above, above - below, size), text, size, bold=True)
    for y in (below_label, above_date):
        sheet.rule(left, y, right, y, INNER_PT)
    sheet.box(left, bottom, right, top, OUTER_PT)


def _gist(sheet: Sheet, document: Document) -> None:
    """요지: what the page says, and below a line what that rests on."""
    basis_size = _BASIS_PT * sheet.scale
    inset, leading = 3 * MM, 1.6 * basis_size
    gist = _gist_lines(sheet, document, inset)
    gist_leading = 1.6 * _GIST_PT * sheet.scale
    names = [f"ㅇ {name}" for name, _ in document.basis]
    hanging = max((fonts.ems(name, bold=True) for name in names), default=0) * basis_size + 4 * MM
    facts = [
        lines_of(fact, sheet.width - 2 * inset - hanging, basis_size) for _, fact in document.basis
    ]
    rows = leading * sum(len(lines) for lines in facts)
    height = rows + 3 * MM + (gist_leading * len(gist) + 3 * MM if gist else 0.0)
    if not gist and not facts:
        return
    sheet.keep(height)
    top = sheet.y
    if gist:
        sheet.y -= 1.5 * MM
        for line in gist:
            baseline = middle(sheet.y, gist_leading, _GIST_PT * sheet.scale)
            sheet.run(sheet.left + inset, baseline, line, _GIST_PT * sheet.scale, bold=True)
            sheet.y -= gist_leading
        sheet.y -= 1.5 * MM
        if facts:
            sheet.rule(sheet.left, sheet.y, sheet.right, sheet.y, INNER_PT)
    if facts:
        sheet.y -= 1.5 * MM
    for name, lines in zip(names, facts, strict=True):
        for number, line in enumerate(lines):
            baseline = middle(sheet.y, leading, basis_size)
            if number == 0:
                sheet.run(sheet.left + inset, baseline, name, basis_size, bold=True)
            sheet.run(sheet.left + inset + hanging, baseline, line, basis_size)
            sheet.y -= leading
    if facts:
        sheet.y -= 1.5 * MM
    sheet.box(sheet.left, sheet.y, sheet.right, top, HEAD_PT)


def _gist_lines(sheet: Sheet, document: Document, inset: float) -> list[str]:
    """Each line of the gist after its ㅇ; what goes on in a further line hangs by two blanks."""
    size = _GIST_PT * sheet.scale
    width = sheet.width - 2 * inset - fonts.ems("ㅇ ", bold=True) * size
    return [
        ("ㅇ " if number == 0 else "   ") + part
        for text in document.gist
        for number, part in enumerate(lines_of(text, width, size, bold=True))
    ]
