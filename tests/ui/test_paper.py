"""종이 입력 by keys: digits as printed, a row a sheet, the second keying blind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from PySide6.QtWidgets import QWidget

from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.paper.grid import PaperColumn, PaperGrid
from tests.ui.samples import begin_work, go

HandsOn = Callable[[QWidget], Hands]
Done = list[tuple[int, int, Mapping[str, str]]]
COLUMNS = (
    PaperColumn("q1", "약속한 시간에 오고 마쳤다", ("1", "2", "3", "4", "5", "9")),
    PaperColumn("q2", "불편을 말하면 고쳐 주었다", ("1", "2", "3", "4", "5", "9", "0")),
    PaperColumn("again", "다시 이용하겠다", ("1", "2")),
)


@pytest.fixture
def grid(hands_on: HandsOn) -> tuple[PaperGrid, Hands, Done]:
    shown = PaperGrid()
    hands = hands_on(shown)
    shown.begin(COLUMNS, 7)
    shown.setFocus()
    hands.settle()
    done: Done = []
    shown.sheet_done.connect(lambda *given: done.append(given))
    return shown, hands, done


Grid = tuple[PaperGrid, Hands, Done]


def test_digits_go_on_by_themselves_and_the_last_one_hands_the_sheet_over(grid: Grid) -> None:
    _, hands, done = grid

    hands.type_text("451")
    hands.type_text("302")

    assert done == [
        (0, 7, {"q1": "4", "q2": "5", "again": "1"}),
        (1, 8, {"q1": "3", "q2": "0", "again": "2"}),
    ]


def test_no_answer_and_unreadable_are_what_the_paper_has_for_them(grid: Grid) -> None:
    _, hands, done = grid

    hands.type_text("090")

    assert done == [(0, 7, {"q1": "9", "q2": "9"})]


def test_digit_that_is_not_printed_there_is_not_taken(grid: Grid) -> None:
    shown, hands, done = grid

    hands.type_text("457")
    assert done == []
    assert "종이에 없는 숫자" in shown.states()[0]
    hands.type_text("1")

    assert len(done) == 1
    assert shown.states()[0] == ""


def test_backspace_takes_back_and_arrows_correct_before_the_last_answer(grid: Grid) -> None:
    _, hands, done = grid

    hands.type_text("45")
    hands.press("Backspace")
    hands.type_text("2")
    hands.press("Left", "Left")
    hands.type_text("1")
    hands.press("Return")
    hands.type_text("1")

    assert done == [(0, 7, {"q1": "1", "q2": "2", "again": "1"})]


def test_serial_number_is_keyed_anew_where_a_sheet_is_missing(grid: Grid) -> None:
    _, hands, done = grid

    hands.press("Left")
    hands.type_text("12")
    hands.press("Return")
    hands.type_text("451")
    hands.type_text("451")

    assert [serial for _, serial, _ in done] == [12, 13]


def test_sheet_that_is_kept_is_not_keyed_over(grid: Grid) -> None:
    shown, hands, done = grid
    hands.type_text("451")
    shown.show_state(0, "저장됨", "success", is_kept=True)

    hands.press("Up")
    hands.type_text("222")

    assert shown.marks(0)["q1"] == "4"
    assert len(done) == 1


def test_sheets_become_records_and_nobody_checks_their_own_keying(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    go(opened, hands, "monitoring")
    assert opened.desk is not None
    paper = opened.desk.monitoring.paper
    hands.press("Ctrl+PgDown", "Ctrl+PgDown")
    hands.wait_until(opened.jobs.is_idle)
    paper.form.setCurrentIndex(paper.form.findText("가사서비스 이용만족도"))
    hands.press("Ctrl+N")
    hands.compose("가상-햇살동")
    hands.press("Tab")
    assert paper.handed.hasFocus()
    hands.type_text("11")
    hands.press("Return")
    hands.wait_until(paper.grid.hasFocus, "the grid")

    hands.type_text("454544412")
    hands.wait_until(lambda: paper.grid.states()[0] == "저장됨", "the sheet")
    hands.press("Escape")
    hands.wait_until(opened.jobs.is_idle)
    hands.settle()

    (row,) = paper.batches.cells()
    assert row[1:] == ("가상-햇살동", "11", "1", "9.1%", "0", "0")

    hands.press("F8")
    assert paper.grid.marks(0) == {}
    hands.type_text("454544412")
    hands.wait_until(lambda: paper.grid.states()[0] == "저장하지 못함", "the refusal")
