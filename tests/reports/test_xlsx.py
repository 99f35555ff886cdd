"""The workbook: the page's numbers as numbers, its words as words."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from fieldapp.errors import FileNotWritten, FileReason
from fieldapp.reports.document import Document, Number
from fieldapp.reports.xlsx import number_format, write_xlsx

from .samples import document_of, figures, full_report, long_table, satisfaction


def sheet_of(document: Document, name: str = "집계") -> Worksheet:
    sheet = openpyxl.load_workbook(BytesIO(write_xlsx(document)))[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def rows_below(sheet: Worksheet, heading: str, count: int) -> list[list[object]]:
    start = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == heading)
    rows = list(sheet.iter_rows(min_row=start + 1, max_row=start + count, values_only=True))
    return [[value for value in row if value is not None] for row in rows]


def test_figures_are_real_numbers_in_printed_order() -> None:
    sheet = sheet_of(document_of(satisfaction()))

    assert rows_below(sheet, "<표 1> 평가요소별 응답 분포", 2) == [
        ["평가요소", "1", "2", "3", "4", "5", "응답수", "평균"],
        ["시간준수", 0, 8.3, 8.3, 41.7, 41.7, 12, 4.17],
    ]
    assert rows_below(sheet, "<표 2> 재이용 의향", 2)[1] == ["전체", 10, 1, 90.9]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Number(Decimal(1)), '#,##0;"△"#,##0;#,##0'),
        (Number(Decimal(1), zero="-"), '#,##0;"△"#,##0;"-"'),
        (Number(Decimal(1), 1, zero="-"), '#,##0.0;"△"#,##0.0;"-"'),
        (Number(Decimal(1), 2), '#,##0.00;"△"#,##0.00;#,##0.00'),
    ],
)
def test_number_formats_show_what_the_page_prints(cell: Number, expected: str) -> None:
    assert number_format(cell) == expected


@pytest.mark.parametrize(
    "label", ["=1+1", "+82", "-3", "@SUM(A1)", "https://a.kr", "007", "_x0041_"]
)
def test_a_label_that_looks_like_a_formula_stays_text(label: str) -> None:
    document = document_of((figures("a", label, "건", "=2 -4", {label: "1 2"}, row_head=label),))
    sheet = sheet_of(document)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == label]

    assert len(cells) == 2  # the head of the first column, and the row
    assert all(cell.data_type == "s" and cell.number_format == "@" for cell in cells)
    with zipfile.ZipFile(BytesIO(write_xlsx(document))) as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name)
            assert b"hyperlink" not in parts.read(name)


def test_a_number_beyond_excels_digits_is_written_as_printed() -> None:
    sheet = sheet_of(document_of((figures("a", "가", "원", "수", {"나": "1234567890123456789"}),)))

    assert rows_below(sheet, "<표 1> 가", 2)[-1] == ["나", "1,234,567,890,123,456,789"]


def test_the_second_sheet_says_what_the_figures_rest_on() -> None:
    document = document_of(satisfaction())
    sheet = sheet_of(document, "산출근거")
    facts = {row[0]: row[1] for row in sheet.iter_rows(max_row=10, values_only=True)}

    assert facts["기간"] == "2026. 11. 1. ~ 11. 30."
    assert facts["집계 기준시각"] == "2026. 12. 1. 09:00"
    assert facts["미수신 기기"] == "1대"
    assert facts["검산코드"] == document.check_code
    assert [row[2] for row in sheet.iter_rows(min_row=13, values_only=True)] == [12, 12, 12]


def test_a_single_table_keeps_its_head_in_sight_and_on_every_page() -> None:
    sheet = sheet_of(document_of((long_table(50),)))
    head = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "가구")

    assert head is not None
    assert sheet.freeze_panes == f"B{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"


def test_the_paper_is_a4_one_page_wide() -> None:
    sheet = sheet_of(document_of(satisfaction()))

    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_area == f"'집계'!$A$1:$H${sheet.max_row}"
    assert sheet_of(document_of((long_table(3, columns=12),))).page_setup.orientation == "landscape"


def test_the_file_names_no_person_and_the_time_of_counting() -> None:
    workbook = openpyxl.load_workbook(BytesIO(write_xlsx(document_of(satisfaction()))))

    assert workbook.properties.creator is None
    assert workbook.properties.lastModifiedBy is None
    assert workbook.properties.title == "가사서비스 이용만족도 조사 결과"
    assert workbook.properties.created is not None
    assert workbook.properties.created.isoformat() == "2026-12-01T00:00:15"


def test_equal_documents_give_equal_workbooks() -> None:
    assert write_xlsx(document_of(satisfaction())) == write_xlsx(document_of(satisfaction()))


def test_a_text_longer_than_excel_holds_is_refused_rather_than_lost() -> None:
    document = document_of((figures("a", "가", "건", "수", {"가" * 32768: "1"}),))

    with pytest.raises(FileNotWritten) as caught:
        write_xlsx(document)

    assert caught.value.facts == {"reason": FileReason.EXCEL_LIMIT}


def test_a_long_note_goes_on_in_the_row_below() -> None:
    note = " ".join(f"각주{number}" for number in range(60))
    data = write_xlsx(document_of((figures("a", "가", "건", "수", {"나": "1"}, footnote=note),)))
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("집계").to_python()
    lines = [str(row[0]) for row in rows if "각주" in str(row[0])]

    assert len(lines) > 3
    assert " ".join(lines) == f"※ {note}"


def test_the_approval_box_stands_in_the_last_columns() -> None:
    sheet = sheet_of(full_report())
    labels = [cell for row in sheet.iter_rows() for cell in row if cell.value == "동장"]

    assert [cell.column for cell in labels] == [8]
    row = labels[0].row
    assert row is not None
    assert [sheet.cell(row, column).value for column in (6, 7)] == ["담당", "팀장"]
    assert sheet.row_dimensions[row + 1].height == pytest.approx(15 * 72 / 25.4, abs=1)


def test_a_chart_shows_the_cells_of_its_table_without_the_total() -> None:
    with zipfile.ZipFile(BytesIO(write_xlsx(full_report()))) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    sheet = sheet_of(full_report())
    total = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "합계")

    assert total is not None
    assert f"집계!$A${total + 1}:$A${total + 3}" in chart
    assert f"집계!$C${total + 1}:$C${total + 3}" in chart


def test_a_list_of_people_says_so_on_every_printed_page() -> None:
    sheet = sheet_of(full_report())

    assert sheet.oddHeader is not None
    assert sheet.oddHeader.left.text == "개인정보 포함 - 업무 외 이용 금지"


def test_the_workbook_holds_gist_attachments_and_late_records_too() -> None:
    sheet = sheet_of(full_report())
    lines = [row[0].value for row in sheet.iter_rows(max_col=1)]
    facts = {
        row[0]: row[1]
        for row in sheet_of(full_report(), "산출근거").iter_rows(max_row=10, values_only=True)
    }

    assert "ㅇ 부재 6건은 다음 날까지 전화로 확인함" in lines
    assert "2. 기한 지난 대상 명단 1부.  끝." in lines
    assert facts["늦게 온 기록"] == "2건"
