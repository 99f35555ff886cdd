"""The syllable still being composed is never lost and never acts twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.forms import Filling
from fieldapp.ui.compositions import ComposedLine, ComposedText, finish_open_composition
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands

Boxes = tuple[ComposedLine, ComposedText, Hands]
Form = tuple[FillingView, Hands, Filling]


@pytest.fixture
def boxes(hands_on: Callable[[QWidget], Hands]) -> Boxes:
    window = QWidget()
    layout = QVBoxLayout(window)
    line, text = ComposedLine(), ComposedText()
    layout.addWidget(line)
    layout.addWidget(text)
    hands = hands_on(window)
    line.setFocus()
    hands.settle()
    return line, text, hands


def test_what_is_being_composed_stands_where_the_cursor_is(boxes: Boxes) -> None:
    line, _, hands = boxes
    hands.compose("가다")
    hands.press("Left")

    hands.preedit("나")

    assert line.text() == "가다"
    assert line.text_with_composition() == "가나다"


def test_open_syllable_is_committed_once_when_it_is_finished(boxes: Boxes) -> None:
    line, _, hands = boxes
    hands.preedit("한")

    assert finish_open_composition()

    assert line.text() == "한"
    assert not finish_open_composition()
    assert line.text() == "한"


def test_open_syllable_survives_the_focus_moving_by_key(boxes: Boxes) -> None:
    line, text, hands = boxes
    hands.preedit("한")

    hands.press("Tab")

    assert text.hasFocus()
    assert line.text() == "한"


def test_open_syllable_survives_a_click_elsewhere(boxes: Boxes) -> None:
    line, text, hands = boxes
    text.setFocus()
    hands.preedit("글")

    hands.click(line)

    assert text.toPlainText() == "글"


def test_escape_ends_the_composition_and_nothing_else(boxes: Boxes) -> None:
    line, _, hands = boxes
    hands.preedit("한")

    hands.press("Escape")

    assert line.text() == "한"
    assert line.hasFocus()


def test_letter_key_while_composing_comes_after_the_syllable(boxes: Boxes) -> None:
    line, _, hands = boxes
    hands.preedit("한")

    hands.type_text("a")

    assert line.text() == "한a"


def test_enter_while_composing_commits_and_goes_one_question_on(form: Form) -> None:
    view, hands, filling = form
    hands.preedit("한")

    hands.press("Return")

    assert filling.value("batch") == "한"
    assert view.cursor_path() == "serial"


def test_escape_while_composing_does_not_leave_the_form(form: Form) -> None:
    view, hands, filling = form
    left: list[bool] = []
    view.leave_requested.connect(lambda: left.append(True))
    hands.preedit("한")

    hands.press("Escape")
    assert not left
    assert filling.value("batch") == "한"

    hands.press("Escape")
    assert left == [True]


def test_finishing_while_composing_keeps_the_last_syllable(form: Form) -> None:
    _, hands, filling = form
    hands.compose("가상")
    hands.preedit("동")

    hands.press("Ctrl+Return")

    assert filling.value("batch") == "가상동"


def test_snapshot_holds_the_open_syllable_without_committing_it(form: Form) -> None:
    view, hands, filling = form
    hands.compose("가상")
    hands.preedit("동")

    view.asking.gather_open_text()

    assert filling.draft_answers()["batch"] == "가상동"
    box = view.asking.page().rows["batch"].answer.focus_box()
    assert isinstance(box, ComposedLine)
    assert box.text() == "가상"


def test_multiline_breaks_the_line_by_enter_and_goes_on_by_tab(boxes: Boxes) -> None:
    line, text, hands = boxes
    text.setFocus()
    hands.compose("위")
    hands.press("Return")
    hands.preedit("아")
    hands.press("Return")
    hands.press("Tab")

    assert text.toPlainText() == "위\n아\n"
    assert not text.hasFocus()
    assert line is not None
