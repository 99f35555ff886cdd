"""대상 by keys: the list narrows while it is typed, the page of one household."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from fieldapp.ui.hands import Hands
from fieldapp.ui.households.detail_page import Event, Household
from fieldapp.ui.households.list_page import ALL
from fieldapp.ui.households.view import HouseholdsView
from fieldapp.ui.widgets.rows import Item
from fieldapp.ui.widgets.table import Row
from tests.ui.looking import cut

HandsOn = Callable[[QWidget], Hands]
View = tuple[HouseholdsView, Hands]


def _rows(first: int, count: int) -> list[Row]:
    return [
        Row(str(n), (f"가상-{n}", "78세", "3통", "▲ 위험", "11. 27.", "", "가상-이담당", ""))
        for n in range(first, first + count)
    ]


@pytest.fixture
def view(hands_on: HandsOn) -> View:
    shown = HouseholdsView()
    hands = hands_on(shown)
    shown.list_page.show_areas(["1통", "2통"])
    shown.list_page.show_rows(_rows(0, 60), 300)
    shown.take_focus()
    hands.settle()
    return shown, hands


def test_every_syllable_narrows_while_it_is_still_composed(view: View) -> None:
    households, hands = view
    asked: list[tuple[str, str, str]] = []
    households.list_page.narrowed.connect(lambda *given: asked.append(given))

    hands.compose("김")
    hands.preedit("하")

    assert [text for text, _, _ in asked][-2:] == ["김", "김하"]


def test_arrows_walk_the_list_and_enter_opens_while_the_line_keeps_the_keys(view: View) -> None:
    households, hands = view
    opened: list[str] = []
    households.list_page.opened.connect(opened.append)

    hands.press("Down", "Down", "Return")

    assert opened == ["2"]
    assert households.list_page.search.hasFocus()


def test_no_grade_is_another_filter_than_every_grade(view: View) -> None:
    households, hands = view
    asked: list[str] = []
    households.list_page.narrowed.connect(lambda _text, grade, _area: asked.append(grade))
    assert households.list_page.grades.key() == ALL
    households.list_page.grades.setFocus()

    hands.press("Right", "Left", "Left")

    assert asked == ["risk", ALL, ""]


def test_town_of_forty_parts_is_narrowed_without_breaking_the_line(view: View) -> None:
    households, hands = view
    page = households.list_page
    page.show_areas([f"{number}통" for number in range(1, 41)])
    hands.settle()
    assert cut(households) == []
    asked: list[str] = []
    page.narrowed.connect(lambda _text, _grade, area: asked.append(area))
    page.areas.setFocus()

    hands.press("Down", "Down")
    page.show_areas([f"{number}통" for number in range(1, 42)])

    assert asked == ["1통", "2통"]
    assert page.asked()[2] == "2통"


def test_list_is_read_on_when_its_end_comes_into_sight(view: View) -> None:
    households, hands = view
    page = households.list_page
    wanted: list[bool] = []
    page.more_wanted.connect(lambda: wanted.append(True))

    hands.press("PgDown", "PgDown", "PgDown", "PgDown", "PgDown", "PgDown")
    assert wanted
    chosen = page.table.chosen_key()
    page.add_rows(_rows(60, 60), 300)

    assert len(page.table.cells()) == 120
    assert page.table.chosen_key() == chosen
    assert page.count.words() == "300집 중 120집"


def test_nothing_found_says_how_else_to_look_and_nothing_at_all_says_where_it_comes_from(
    view: View,
) -> None:
    households, hands = view
    hands.compose("ㄱㅁㅅ")
    households.list_page.show_rows([], 0)
    assert "'ㄱㅁㅅ'에 맞는 사람이 없습니다" in _sentences(households)

    hands.press("Escape")
    households.list_page.show_rows([], 0)
    assert "아직 받은 대상이 없습니다" in _sentences(households)


def _sentences(view: HouseholdsView) -> str:
    return " ".join(
        label.accessibleName()
        for label in view.findChildren(QWidget)
        if label.isVisible() and label.accessibleName()
    )


HOUSEHOLD = Household(
    name="가상-김하나",
    about="78세 3통",
    grade="risk",
    worker="가상-이담당",
    safety="큰 개",
    facts=(("연락처", "010-0000-0101"),),
    events=(
        Event(Item("r1", "11. 30. 14:05", below="본인 확인"), "방문·안부 기록"),
        Event(Item("r2", "11. 20. 10:30", below="부재"), "안부확인"),
    ),
)


def test_enter_starts_the_visit_and_on_a_record_it_opens_that_record(view: View) -> None:
    households, hands = view
    households.detail.show_household(HOUSEHOLD)
    households.show_detail()
    told: list[str] = []
    households.detail.visit_requested.connect(lambda: told.append("visit"))
    households.detail.record_requested.connect(told.append)
    hands.settle()

    hands.press("Return")
    households.detail.timeline.setFocus()
    hands.press("Down", "Return")

    assert told == ["visit", "r2"]


def test_timeline_is_narrowed_by_form(view: View) -> None:
    households, hands = view
    households.detail.show_household(HOUSEHOLD)
    households.show_detail()
    households.detail.kinds.setFocus()

    hands.press("Right")

    assert households.detail.timeline.keys() == ("r1",)


def test_escape_leads_back_to_the_list(view: View) -> None:
    households, hands = view
    households.detail.show_household(HOUSEHOLD)
    households.show_detail()
    households.detail.back_requested.connect(households.show_list)
    hands.settle()

    hands.press("Escape")

    assert not households.is_detail()
    assert households.list_page.search.hasFocus()
