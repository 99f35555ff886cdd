"""Whatever was counted prints, and page, workbook and the file of 한글 say the same."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from io import BytesIO
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fieldapp.domain.figures import Cell, FigureRow, Figures
from fieldapp.reports.document import Document, Number, printed
from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.preview import page_count, page_text
from fieldapp.reports.xlsx import write_xlsx

from .samples import COUNTED_AT, NOVEMBER, document_of
from .test_hwpx import cells_of, data_tables, section_of

# Every syllable of CP949 and the marks that Korean labels hold; no digits, so that a number found
# on the page is a figure.
_CHARACTERS = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.sampled_from(
    " ·※()「」~漢"
)
LABELS = st.text(_CHARACTERS, max_size=24)


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    decimals = draw(st.integers(0, 2))
    if draw(st.integers(0, 9)) == 0:
        return Cell(None, decimals)
    units = draw(st.integers(-(10**11), 10**11) | st.integers(-2000, 2000))
    return Cell(Decimal(units).scaleb(-decimals), decimals)


@st.composite
def sections(draw: st.DrawFn) -> Figures:
    columns = draw(st.lists(LABELS, max_size=13))
    return Figures(
        summary_id=draw(st.sampled_from(["dist", "again"])),
        caption=draw(LABELS),
        unit=draw(st.sampled_from(["", "명", "%, 명"])),
        row_head=draw(LABELS),
        columns=tuple(columns),
        rows=tuple(
            FigureRow(draw(LABELS), tuple(draw(cells()) for _ in columns))
            for _ in range(draw(st.integers(0, 6)))
        ),
        period=NOVEMBER,
        counted_at=COUNTED_AT,
        records=draw(st.integers(0, 10**6)),
        unprojected=draw(st.integers(0, 3)),
        empty=draw(st.sampled_from(["0", "-"])),
        footnote=draw(LABELS),
    )


def table_cells(table: Any) -> list[str]:
    return [cell for row in cells_of(table) for cell in row]


def numbers_of(document: Document) -> list[Number]:
    return [
        each
        for table in document.tables
        for row in table.rows
        for each in row.cells
        if isinstance(each, Number)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(sections(), min_size=1, max_size=3), st.booleans())
def test_any_figures_print_and_every_number_stands_in_all_three_files(
    figures: list[Figures], demo: bool
) -> None:
    document = document_of(tuple(figures), demo=demo)
    expected = numbers_of(document)

    pdf = write_pdf(document)
    text = "\n".join(page_text(pdf, page) for page in range(page_count(pdf)))
    on_page = Counter(re.findall(r"△?[\d,]+(?:\.\d+)?", text))
    for number, times in Counter(map(printed, expected)).items():
        assert number == "-" or on_page[number] >= times

    workbook = CalamineWorkbook.from_filelike(BytesIO(write_xlsx(document)))
    rows = workbook.get_sheet_by_name("집계").to_python()
    in_cells = [value for row in rows for value in row if isinstance(value, float)]
    assert in_cells == [float(number.value) for number in expected]

    in_hwpx = [cell for table in data_tables(section_of(document)) for cell in table_cells(table)]
    assert Counter(in_hwpx) >= Counter(map(printed, expected))

    basis = {row[0]: row[1] for row in workbook.get_sheet_by_name("산출근거").to_python()}
    assert basis["검산코드"] == document.check_code
    assert f"검산코드 {document.check_code}" in text


@settings(max_examples=40, deadline=None)
@given(st.lists(sections(), min_size=1, max_size=2))
def test_any_label_stands_whole_in_all_three_files(figures: list[Figures]) -> None:
    document = document_of(tuple(figures))
    pdf = write_pdf(document)
    page = _letters("".join(page_text(pdf, number) for number in range(page_count(pdf))))
    rows = CalamineWorkbook.from_filelike(BytesIO(write_xlsx(document))).get_sheet_by_name("집계")
    texts = {value for row in rows.to_python() for value in row}

    in_hwpx = {cell for table in data_tables(section_of(document)) for cell in table_cells(table)}

    for table in document.tables:
        for row in table.rows:
            label = printed(row.cells[0])
            assert _letters(label) in page
            assert label in texts
            assert label in in_hwpx
        assert _letters(table.caption) in page


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)
