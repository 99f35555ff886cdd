"""Pages a second of a 200-page table, beside a bare reportlab canvas drawing the same words.

HWPX of 1,000 rows stands beside python-hwpx filling as many cells of a bare table one by one.

Bars (design.md §4): at least 100 pages/s; at most 5 s. Run: python bench/bench_reports.py
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from time import perf_counter
from typing import Any

from hwpx import HwpxDocument
from reportlab.pdfgen.canvas import Canvas

from fieldapp.domain.figures import Cell, FigureRow, Figures, Period
from fieldapp.reports import fonts
from fieldapp.reports.document import Document
from fieldapp.reports.hwpx import write_hwpx
from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.preview import page_count
from fieldapp.reports.summary import summary_document
from fieldapp.reports.xlsx import write_xlsx

ROWS, COLUMNS, ROWS_A_PAGE = 6600, 6, 33
BAR_PAGES_PER_S = 100
HWPX_ROWS, BAR_HWPX_S = 1000, 5.0
ROUNDS = 3


def main() -> int:
    """Print the three figures; 1 when the bar is missed."""
    document = _document()
    fonts.face()  # both sides start with the font read
    report_s, pdf = _fastest(lambda: write_pdf(document))
    floor_s, bare = _fastest(_bare_canvas)
    xlsx_s, workbook = _fastest(lambda: write_xlsx(document))
    report, floor = page_count(pdf) / report_s, page_count(bare) / floor_s
    print(f"report: {page_count(pdf)} pages, {report:.0f} pages/s, {len(pdf) / 1e6:.2f} MB")
    print(f"bare canvas: {page_count(bare)} pages, {floor:.0f} pages/s")
    print(f"ratio: {report / floor:.2f} of the floor; bar {BAR_PAGES_PER_S} pages/s")
    print(f"xlsx: {ROWS:,} rows x {COLUMNS + 1} in {xlsx_s:.2f} s, {len(workbook) / 1e6:.2f} MB")
    short = _document(HWPX_ROWS)
    hwpx_s, package = _fastest(lambda: write_hwpx(short))
    library_s, _ = _fastest(_bare_library, rounds=1)
    print(
        f"hwpx: {HWPX_ROWS:,} rows x {COLUMNS + 1} in {hwpx_s:.2f} s, {len(package) / 1e6:.2f} MB"
    )
    print(f"python-hwpx: {library_s:.2f} s for bare cells; bar {BAR_HWPX_S} s")
    return 0 if report >= BAR_PAGES_PER_S and hwpx_s <= BAR_HWPX_S else 1


def _fastest(work: Callable[[], bytes], rounds: int = ROUNDS) -> tuple[float, bytes]:
    best, result = float("inf"), b""
    for _ in range(rounds):
        start = perf_counter()
        result = work()
        best = min(best, perf_counter() - start)
    return best, result


def _bare_library() -> bytes:
    """The library that would be used otherwise, by its quickest way: row by row, without a look."""
    document = HwpxDocument.new()
    table = document.add_table(HWPX_ROWS, COLUMNS + 1)
    for row, (label, numbers) in zip(table.rows, _rows(HWPX_ROWS), strict=True):
        for cell, text in zip(row.cells, (label, *map(str, numbers)), strict=True):
            cell.text = text
    return document.to_bytes()


def _rows(count: int = ROWS) -> list[tuple[str, list[int]]]:
    return [
        (f"가구 {row}", [row * (month + 7) % 4099 for month in range(COLUMNS)])
        for row in range(count)
    ]


def _document(rows: int = ROWS) -> Document:
    counted_at = datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=9)))
    figures = Figures(
        summary_id="long",
        caption="가구별 방문 실적",
        unit="건",
        row_head="가구",
        columns=tuple(f"{month + 1}월" for month in range(COLUMNS)),
        rows=tuple(
            FigureRow(label, tuple(Cell(Decimal(value)) for value in values))
            for label, values in _rows(rows)
        ),
        period=Period.month(2026, 11),
        counted_at=counted_at,
        records=rows,
    )
    return summary_document(
        [figures],
        title="방문 실적",
        office="가상-햇살동",
        period=figures.period,
        counted_at=counted_at,
        author="",
        purpose=None,
        missing_devices=0,
    )


def _bare_canvas() -> bytes:
    """The same words at fixed places: no wrapping, no lines, no checks."""
    buffer = BytesIO()
    name = fonts.face().name
    canvas: Any = Canvas(buffer, initialFontName=name, pageCompression=1)
    rows = _rows()
    for start in range(0, ROWS, ROWS_A_PAGE):
        canvas.setFont(name, 11)
        for line, (label, values) in enumerate(rows[start : start + ROWS_A_PAGE]):
            y = 760 - 20 * line
            canvas.drawString(60, y, label)
            for column, value in enumerate(values):
                canvas.drawRightString(180 + 60 * column, y, f"{value:,}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
