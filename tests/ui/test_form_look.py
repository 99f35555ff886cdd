"""The pages of a form at the sizes to design for: nothing cut, nameless or outside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from fieldapp.forms import Filling
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.widgets.text import Text
from tests.ui.sheets import CHECKLIST, EVERY_KIND, NOON, VISIT

Form = tuple[FillingView, Hands, Filling]
Opened = Callable[..., Form]
LAST = {
    "looked/safety": "good",
    "looked/health": "watch",
    "looked/link": "no",
    "all/day": "2026-10-30",
}
SIZES = ((1093, 534), (1366, 688), (683, 384))


def pages(view: FillingView) -> list[int]:
    sections = view.asking.walk.sections
    return [number for number, section in enumerate(sections) if section.is_relevant]


def shown(view: FillingView, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in view.findChildren(kind) if widget.isVisible()]


def prepared(opened: Opened, workbook: str) -> Form:
    sheet = Sheet(aids=Aids(now=lambda: NOON), last=LAST, is_new=True)
    view, hands, filling = opened(workbook, sheet, subject="김*나 님", remark="14:05 시작")
    if workbook == CHECKLIST:
        hands.press("1", "Return", "2")
        hands.press("Ctrl+I")
    if workbook == VISIT:
        view.asking.stand_at("todos[+]")
        hands.press("Ctrl+I")
    return view, hands, filling


@pytest.mark.parametrize("workbook", [CHECKLIST, VISIT, EVERY_KIND], ids=["grid", "visit", "kinds"])
def test_nothing_of_any_page_is_cut_outside_or_without_a_name(
    opened: Opened, workbook: str
) -> None:
    view, hands, _ = prepared(opened, workbook)
    troubles = []
    for width, height in SIZES:
        view.setMinimumSize(width, height)  # as the window does, which sets its own least size
        view.resize(width, height)
        hands.settle()
        for number in pages(view):
            view.asking.open_section(number)
            hands.settle()
            where = f"{width} {view.asking.walk.sections[number].key}"
            for widget in shown(view, QWidget):
                is_line = isinstance(widget, Text) and not widget.wordWrap()
                is_button = isinstance(widget, QAbstractButton) and bool(widget.text())
                if (is_line or is_button) and widget.width() < widget.sizeHint().width():
                    troubles.append(f"{where} cut: {widget.accessibleName()}")
                right = widget.mapTo(view, widget.rect().topRight()).x()
                if isinstance(widget, QAbstractButton) and right > width:
                    troubles.append(f"{where} outside: {widget.accessibleName()}")
                is_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
                if is_stop and not widget.accessibleName():
                    troubles.append(f"{where} nameless: {type(widget).__name__}")

    assert "\n".join(sorted(set(troubles))) == ""


def test_nothing_of_a_form_becomes_a_window_of_its_own(opened: Opened) -> None:
    view, hands, _ = prepared(opened, CHECKLIST)
    hands.press("Ctrl+Delete", "Ctrl+Z")
    for number in pages(view):
        view.asking.open_section(number)
        hands.settle()
        assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [view]


def test_six_questions_with_their_last_answers_need_no_scrolling(opened: Opened) -> None:
    view, hands, _ = prepared(opened, VISIT)

    view.asking.stand_at("looked/safety")
    hands.settle()

    assert view.asking.page().verticalScrollBar().maximum() == 0


def test_four_items_and_one_evidence_need_no_scrolling(opened: Opened) -> None:
    view, hands, _ = prepared(opened, CHECKLIST)

    view.asking.stand_at("areas[n1]/items[n1]/score")
    hands.settle()

    assert view.asking.page().rows["areas[n1]/items[n1]/evidence"].isVisible()
    assert view.asking.page().verticalScrollBar().maximum() == 0
