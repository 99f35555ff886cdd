"""오늘 by keys: the list with its reasons, the pane before the door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.ui.hands import Hands
from fieldapp.ui.today.pane import PaneFacts
from fieldapp.ui.today.view import WEEK, TodayView
from fieldapp.ui.widgets.rows import Head, Item, Line

HandsOn = Callable[[QWidget], Hands]


def _lines(*keys: str) -> list[Line]:
    rows: list[Line] = [Item(key, f"가상-{key}", grade="risk", right="방문") for key in keys]
    return [Head("기한 지남 1"), *rows[:1], Head("오늘 2"), *rows[1:]]


@pytest.fixture
def view(hands_on: HandsOn) -> tuple[TodayView, Hands]:
    shown = TodayView()
    hands = hands_on(shown)
    shown.show_lines(_lines("하나", "두리", "세아"))
    shown.take_focus()
    hands.settle()
    return shown, hands


View = tuple[TodayView, Hands]


def test_first_due_row_has_the_keys_and_heads_are_only_read(view: View) -> None:
    today, hands = view
    assert today.list.hasFocus()
    assert today.list.chosen_key() == "하나"

    hands.press("Down")
    assert today.list.chosen_key() == "두리"
    hands.press("Up", "Up")
    assert today.list.chosen_key() == "하나"
    hands.press("End")
    assert today.list.chosen_key() == "세아"


def test_each_key_tells_its_deed_with_the_row_it_stands_on(view: View) -> None:
    today, hands = view
    told: list[tuple[str, str]] = []
    for name in ("opened", "phone_requested", "absent_requested", "plan_requested"):
        getattr(today, name).connect(lambda key, name=name: told.append((name, key)))
    hands.press("Down")

    hands.press("Return", "F7", "F8", "Space")

    assert told == [
        ("opened", "두리"),
        ("phone_requested", "두리"),
        ("absent_requested", "두리"),
        ("plan_requested", "두리"),
    ]


def test_row_that_is_done_gives_its_place_to_the_next_one_due(view: View) -> None:
    today, hands = view
    hands.press("Down")

    today.show_lines(_lines("하나", "세아"))

    assert today.list.chosen_key() == "세아"


def test_safety_is_read_in_the_pane_and_is_gone_with_the_next_household(view: View) -> None:
    today, _ = view
    today.pane.show_household(
        PaneFacts(
            "가상-하나", "78세", "risk", safety="2인 방문 권고: 큰 개", facts=(("동의", "있음"),)
        )
    )
    assert "2인 방문 권고" in today.pane.safety.words()
    assert today.pane.facts.facts() == (("동의", "있음"),)

    today.pane.show_household(PaneFacts("가상-두리", "66세", "watch", phone="010-0000-0102"))

    assert today.pane.safety.words() == ""
    assert today.pane.facts.facts() == ()
    assert today.pane.phone.words() == "010-0000-0102"


def test_empty_day_says_the_first_thing_to_do_and_enter_does_it(view: View) -> None:
    today, hands = view
    tabs: list[str] = []
    today.tab_chosen.connect(tabs.append)
    today.show_lines([])
    today.take_focus()
    hands.settle()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "이번 주 보기"

    hands.press("Return")

    assert tabs == [WEEK]


def test_tabs_are_walked_from_anywhere(view: View) -> None:
    today, hands = view
    tabs: list[str] = []
    today.tab_chosen.connect(tabs.append)

    hands.press("Ctrl+PgDown", "Ctrl+PgDown", "Ctrl+PgDown", "Ctrl+PgUp")

    assert tabs == ["week", "chores", "today", "chores"]


def test_tab_chosen_by_its_key_leaves_the_keys_in_the_list_once_it_has_come(view: View) -> None:
    today, hands = view
    today.show_lines([])
    today.tabs.setFocus()

    hands.press("Ctrl+PgDown")
    today.show_lines(_lines("하나", "두리"))
    hands.settle()

    assert today.list.hasFocus()


def test_row_reads_aloud_what_its_chip_shows(view: View) -> None:
    today, _ = view

    row = today.list.lines()[1]

    assert isinstance(row, Item)
    assert row.words() == "가상-하나 ▲ 위험 방문"
