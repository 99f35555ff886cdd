"""Figures become a document by the print rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal

import pytest

from fieldapp.domain.figures import Cell, FigureRow, Period
from fieldapp.reports.document import Column, Missing, Number, PrintMark, Text, check_code, printed
from fieldapp.reports.summary import ROUNDING_NOTE

from .samples import COUNTED_AT, FOOTNOTE, NOVEMBER, document_of, figures, satisfaction


def test_sections_become_numbered_tables_with_caption_and_unit() -> None:
    document = document_of(satisfaction())

    assert [table.heading for table in document.tables] == [
        "<표 1> 평가요소별 응답 분포",
        "<표 2> 재이용 의향",
        "<표 3> 작성 방법별 부수",
    ]
    assert document.tables[0].unit_text == "(단위: %, 명)"
    assert document.tables[0].columns[:2] == (Column("평가요소", "text"), Column("1", "number"))


def test_the_document_says_when_over_what_and_how_much_was_counted() -> None:
    document = document_of(satisfaction(), missing_devices=2)

    assert document.dated_text == "2026. 12. 1.(화)"
    assert document.period_name == "2026년 11월"
    assert document.basis == (
        ("기간", "2026. 11. 1. ~ 11. 30."),
        ("집계 기준시각", "2026. 12. 1. 09:00 (미수신 기기 2대)"),
        ("집계한 기록", "12건"),
    )
    assert document.author_line == "작성자: 가상-오사무"
    assert document.source_line == "자료: 현장기록(가상-햇살동 행정복지센터), 2026. 12. 1. 추출"


def test_sections_over_different_records_say_how_many_each() -> None:
    first, second, _ = satisfaction()

    document = document_of((first, replace(second, records=1100)))

    assert document.records_text == "표 1 12건, 표 2 1,100건"


def test_records_that_wait_to_be_counted_are_told() -> None:
    assert document_of(satisfaction()).unprojected_text == ""
    waiting = figures("a", "가", "건", "수", {"나": "1"}, unprojected=3)

    assert "3건은 아직" in document_of((waiting,)).unprojected_text


def test_zero_prints_as_the_plan_says_and_nothing_to_divide_by_as_a_dash() -> None:
    rows = {"없음": "0 0.0 -"}
    shown = document_of((figures("a", "가", "건", "수 비율 평균", rows),)).tables[0].rows[0]
    hidden = (
        document_of((figures("a", "가", "건", "수 비율 평균", rows, empty="-"),)).tables[0].rows[0]
    )

    assert [printed(each) for each in shown.cells] == ["없음", "0", "0.0", "-"]
    assert [printed(each) for each in hidden.cells] == ["없음", "-", "-", "-"]
    assert shown.cells == (
        Text("없음"),
        Number(Decimal(0)),
        Number(Decimal("0.0"), 1),
        Missing(),
    )


@pytest.mark.parametrize(
    ("cells", "is_noted"),
    [
        ("0.0 8.3 8.3 33.3 50.0 12 4.25", True),  # 99.9
        ("0.0 8.3 8.3 33.4 50.0 12 4.25", False),  # 100.0
        ("50.0 50.0 12", False),
        ("33.3 33.3 33.3 9", True),
        ("33 33 33 9", True),
        ("8 11 33 48 12", False),  # 100 of whole percents
        ("50 49 12", False),  # two counts beside a third
        ("10 1 90.9", False),
        ("- - - - - 0 -", False),
    ],
)
def test_shares_that_rounding_keeps_from_a_hundred_are_noted(cells: str, is_noted: bool) -> None:
    columns = " ".join("가나다라마바사"[: len(cells.split())])

    table = document_of((figures("a", "가", "%, 명", columns, {"전체": cells}),)).tables[0]

    assert (ROUNDING_NOTE in table.notes) == is_noted


def test_counts_that_come_near_a_hundred_are_not_taken_for_shares() -> None:
    table = document_of((figures("a", "가", "명", "가 나 다", {"전체": "33 33 33"}),)).tables[0]

    assert ROUNDING_NOTE not in table.notes


def test_a_footnote_of_every_table_is_printed_once() -> None:
    document = document_of(satisfaction())

    assert document.notes == (FOOTNOTE,)
    assert [table.notes for table in document.tables] == [(ROUNDING_NOTE,), (), ()]


def test_a_footnote_of_one_table_stays_with_it() -> None:
    first, second, _ = satisfaction()

    document = document_of((first, replace(second, footnote="다른 말")))

    assert document.notes == ()
    assert [table.notes[0] for table in document.tables] == [FOOTNOTE, "다른 말"]


def test_a_total_row_is_marked() -> None:
    rows = document_of((figures("a", "가", "건", "수", {"합계": "3", "나": "3"}),)).tables[0].rows

    assert [row.is_total for row in rows] == [True, False]


def test_a_preview_carries_no_print_mark_and_a_copy_says_what_for() -> None:
    assert document_of(satisfaction(), purpose=None).mark == PrintMark()
    assert (
        document_of(satisfaction(), purpose="월례 보고").mark.as_text()
        == "가상-오사무 | 2026. 12. 1. 09:00:15 | 용도 월례 보고"
    )


def test_a_print_mark_names_serial_and_day_of_destruction_when_they_are_known() -> None:
    mark = PrintMark(serial="2026-17", purpose="보고", destroy_on=NOVEMBER.last)

    assert mark.as_text() == "2026-17 | 용도 보고 | 파기예정일 2026. 11. 30."


def test_the_check_code_is_three_groups_of_four() -> None:
    groups = check_code(satisfaction()).split("-")

    assert [len(group) for group in groups] == [4, 4, 4]
    assert int("".join(groups), 16) >= 0


def test_the_check_code_is_the_same_wherever_and_whenever_the_same_was_counted() -> None:
    sections = satisfaction()
    later = tuple(
        replace(section, counted_at=(COUNTED_AT + timedelta(days=3)).astimezone(UTC), records=13)
        for section in sections
    )

    assert check_code(later) == check_code(sections)


def test_the_check_code_changes_with_one_digit_a_label_or_the_period() -> None:
    first, *rest = satisfaction()
    row = first.rows[0]
    digit = FigureRow(row.label, (Cell(Decimal("0.1"), 1), *row.cells[1:]))
    label = FigureRow("시간 준수", row.cells)
    others = [
        replace(first, rows=(digit, *first.rows[1:])),
        replace(first, rows=(label, *first.rows[1:])),
        replace(first, period=Period.month(2026, 10)),
        replace(first, columns=("가", *first.columns[1:])),
    ]

    codes = {check_code((each, *rest)) for each in (first, *others)}

    assert len(codes) == 5


def test_figures_that_were_not_rounded_are_refused() -> None:
    crooked = figures("a", "가", "%", "율", {"나": "8.3"})
    cells = (Cell(Decimal("8.33"), 1),)

    with pytest.raises(ValueError, match="rounded"):
        document_of((replace(crooked, rows=(FigureRow("나", cells),)),))
