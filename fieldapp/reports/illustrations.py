"""Photographs, bar charts and signatures on their sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from fieldapp.reports import fonts
from fieldapp.reports.breaking import lines_of
from fieldapp.reports.columns import MM, SIDE_PT
from fieldapp.reports.document import Chart, Number, Photo, Signed, Table, printed
from fieldapp.reports.sheet import HEAD_PT, INNER_PT, Sheet, middle

_BAR_GROUND = (0x58 / 255, 0x61 / 255, 0x6A / 255)
_BAR_PT, _BAR_ROW_PT, _CHART_PT = 4 * MM, 7 * MM, 10.0
_PHOTO_GAP_PT, _PHOTO_HEIGHT_PT, _PHOTO_PT = 6 * MM, 70 * MM, 10.0
_SIGNED_ROW_PT, _SEAT_PT, _DRAWN_PT, _SIGNED_PT = 13 * MM, 32 * MM, 36 * MM, 11.0


def bars(chart: Chart, table: Table) -> list[tuple[str, Number]]:
    """Label and figure of each bar: the column's numbers without its totals."""
    return [
        (printed(row.cells[0]), cell)
        for row in table.rows
        if not row.is_total and isinstance(cell := row.cells[chart.column], Number)
    ]


def draw_chart(sheet: Sheet, chart: Chart, table: Table) -> None:
    """Horizontal bars from a common line, each with its label and its figure; never split."""
    rows = bars(chart, table)
    if not rows:
        return
    size = _CHART_PT * sheet.scale
    caption_height = 1.8 * size if chart.caption else 0.0
    sheet.space(3 * MM)
    sheet.keep(caption_height + min(len(rows) * _BAR_ROW_PT, sheet.height / 2))
    if chart.caption:
        sheet.paragraph(chart.caption, size, leading=1.8, bold=True)
    widest = max(fonts.ems(label) for label, _ in rows) * size
    label_width = min(widest, 0.35 * sheet.width)
    left = sheet.left + label_width + 2 * MM
    figures = max(fonts.ems(printed(number)) for _, number in rows) * size
    most = max((abs(number.value) for _, number in rows), default=Decimal(0)) or Decimal(1)
    reach = sheet.right - left - figures - 2 * MM
    for label, number in rows:
        sheet.keep(_BAR_ROW_PT)
        baseline = middle(sheet.y, _BAR_ROW_PT, size)
        shown = lines_of(label, label_width + 0.01, size)[0]
        sheet.run(left - 2 * MM - fonts.ems(shown) * size, baseline, shown, size)
        length = reach * float(abs(number.value) / most)
        bar_bottom = sheet.y - (_BAR_ROW_PT + _BAR_PT) / 2
        if length:
            sheet.fill(left, bar_bottom, left + length, bar_bottom + _BAR_PT, _BAR_GROUND)
        sheet.run(left + length + 1 * MM, baseline, printed(number), size)
        sheet.rule(left, sheet.y - _BAR_ROW_PT, left, sheet.y, INNER_PT)
        sheet.y -= _BAR_ROW_PT


def draw_photos(sheet: Sheet, photos: Sequence[Photo]) -> None:
    """Two side by side, each whole, with its caption below it."""
    width = _photo_width(sheet)
    size = _PHOTO_PT * sheet.scale
    for start in range(0, len(photos), 2):
        pair = photos[start : start + 2]
        placed = [_fitted(photo, width, _PHOTO_HEIGHT_PT) for photo in pair]
        captions = [lines_of(photo.caption, width, size) if photo.caption else [] for photo in pair]
        height = max(high for _, high in placed)
        words = photos_height(sheet, pair) - height
        sheet.space(3 * MM)
        sheet.keep(height + words)
        for column, (photo, (wide, high), lines) in enumerate(
            zip(pair, placed, captions, strict=True)
        ):
            left = sheet.left + column * (width + _PHOTO_GAP_PT)
            sheet.picture(left, sheet.y - high, wide, high, photo.jpeg)
            for number, line in enumerate(lines):
                y = sheet.y - height - number * 1.5 * size
                sheet.run(left, middle(y, 1.5 * size, size), line, size)
        sheet.y -= height + words


def photos_height(sheet: Sheet, pair: Sequence[Photo]) -> float:
    """Of photos that stand side by side, with their captions."""
    width, size = _photo_width(sheet), _PHOTO_PT * sheet.scale
    height = max(_fitted(photo, width, _PHOTO_HEIGHT_PT)[1] for photo in pair)
    lines = max(len(lines_of(photo.caption, width, size)) if photo.caption else 0 for photo in pair)
    return height + 1.5 * size * lines


def _photo_width(sheet: Sheet) -> float:
    return (sheet.width - _PHOTO_GAP_PT) / 2


def draw_signed(sheet: Sheet, signatures: Sequence[Signed]) -> None:
    """A row for each who signed: seat, name and time, and the signature as it was drawn."""
    sheet.space(4 * MM)
    sheet.keep(min(len(signatures) * _SIGNED_ROW_PT, sheet.height / 2))
    size = _SIGNED_PT * sheet.scale
    seat_edge, drawn_edge = sheet.left + _SEAT_PT, sheet.right - _DRAWN_PT
    for signed in signatures:
        sheet.keep(_SIGNED_ROW_PT)
        top, bottom = sheet.y, sheet.y - _SIGNED_ROW_PT
        baseline = middle(top, _SIGNED_ROW_PT, size)
        sheet.run(sheet.left + SIDE_PT, baseline, signed.seat, size, bold=True)
        sheet.run(seat_edge + SIDE_PT, baseline, signed.text, size)
        if signed.drawn:
            wide, high = _fitted(signed.drawn, _DRAWN_PT - 2 * MM, _SIGNED_ROW_PT - 2 * MM)
            x = drawn_edge + (_DRAWN_PT - wide) / 2
            y = bottom + (_SIGNED_ROW_PT - high) / 2
            sheet.picture(x, y, wide, high, signed.drawn.jpeg)
        for x in (seat_edge, drawn_edge):
            sheet.rule(x, bottom, x, top, INNER_PT)
        sheet.box(sheet.left, bottom, sheet.right, top, HEAD_PT)
        sheet.y = bottom


def _fitted(photo: Photo, width: float, height: float) -> tuple[float, float]:
    """The photo's size in points within a frame, its sides kept to each other."""
    scale = min(width / photo.width_px, height / photo.height_px)
    return photo.width_px * scale, photo.height_px * scale
