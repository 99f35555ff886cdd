"""점검·설문 by keys: rounds, the board, a plan, two signatures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from fieldapp.ui.hands import Hands
from fieldapp.ui.monitoring.board import stage_of
from fieldapp.ui.monitoring.planning import Plan, PlanningPage
from fieldapp.ui.monitoring.signing import Seat, SigningPage
from fieldapp.ui.monitoring.view import IMPROVEMENTS, MonitoringView
from fieldapp.ui.paper.view import PaperPage
from fieldapp.ui.widgets.rows import Item
from fieldapp.ui.widgets.table import Row

HandsOn = Callable[[QWidget], Hands]
TODAY = date(2026, 11, 30)


def _round(key: str) -> Row:
    cells = ("돌봄센터", "가상-햇살", "2차", "11. 30.", "가상-한바다", "4/20", "0/2", "점검 중")
    return Row(key, cells)


def _view(hands_on: HandsOn) -> tuple[MonitoringView, Hands]:
    view = MonitoringView(PaperPage())
    hands = hands_on(view)
    view.allow_planning(is_allowed=True)
    view.show_rounds([_round("a"), _round("b")])
    view.take_focus()
    hands.settle()
    return view, hands


def test_enter_opens_a_round_and_f7_leads_to_its_signatures(hands_on: HandsOn) -> None:
    view, hands = _view(hands_on)
    told: list[tuple[str, str]] = []
    view.record_requested.connect(lambda key: told.append(("open", key)))
    view.sign_requested.connect(lambda key: told.append(("sign", key)))

    hands.press("Down", "Return", "F7")

    assert told == [("open", "b"), ("sign", "b")]


def test_who_plans_no_rounds_is_told_where_they_come_from(hands_on: HandsOn) -> None:
    view, hands = _view(hands_on)
    view.allow_planning(is_allowed=False)
    planned: list[bool] = []
    view.plan_requested.connect(lambda: planned.append(True))

    view.show_rounds([])
    hands.settle()
    hands.press("Ctrl+N")

    assert planned == []
    said = " ".join(
        label.accessibleName() for label in view.findChildren(QLabel) if label.isVisible()
    )
    assert "주고받으면" in said


def test_board_walks_between_stages_that_have_something(hands_on: HandsOn) -> None:
    view, hands = _view(hands_on)
    view.tabs.choose(IMPROVEMENTS)
    items = {"접수": [Item("a", "2026-1")], "회신": [Item("c", "2026-2"), Item("d", "2026-3")]}
    view.show_improvements(items, {"d": "냉장고 라벨"})
    view.take_focus()
    hands.settle()
    opened: list[str] = []
    view.improvement_requested.connect(opened.append)

    hands.press("Right", "Down", "Return", "Left", "Return")

    assert opened == ["d", "a"]


def test_tab_chosen_by_its_key_leaves_the_keys_on_the_board_once_it_has_come(
    hands_on: HandsOn,
) -> None:
    view, hands = _view(hands_on)

    hands.press("Ctrl+PgDown")
    view.show_improvements({"접수": [Item("a", "2026-1")]}, {})
    hands.settle()

    assert view.board.lists[0].hasFocus()


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("접수", "접수"),
        ("부서 전달", "부서 전달"),
        ("반영", "회신"),
        ("미반영", "회신"),
        ("반영 확인", "반영 확인"),
        ("공유", "반영 확인"),
    ],
)
def test_every_state_stands_in_one_stage(state: str, stage: str) -> None:
    assert stage_of(state) == stage


def _planning(hands_on: HandsOn) -> tuple[PlanningPage, Hands, list[Plan]]:
    page = PlanningPage()
    hands = hands_on(page)
    page.show_choices(
        programmes=[("care", "다함께돌봄센터"), ("re100", "자원순환가게")],
        sites=[("s1", "가상-햇살", "care"), ("s2", "가상-되살림", "re100")],
        monitors=[("m1", "가상-한바다"), ("m2", "가상-윤솔")],
        rounds=[("regular", "정기")],
        today=TODAY,
    )
    hands.settle()
    made: list[Plan] = []
    page.planned.connect(made.append)
    return page, hands, made


def test_plan_is_made_by_keys_and_offers_the_sites_of_its_programme(hands_on: HandsOn) -> None:
    page, hands, made = _planning(hands_on)

    hands.press("Down", *["Return"] * 6)
    assert page.day.hasFocus()
    hands.press("Ctrl+A")
    hands.type_text("1207")
    hands.press("Ctrl+Return")

    hands.press("Ctrl+Return")

    (plan,) = made
    assert (plan.programme, plan.site, plan.round_no) == ("re100", "s2", 1)
    assert plan.monitors == ("m1", "m2")
    assert plan.visit_date == date(2026, 12, 7)


def test_plan_without_two_people_or_a_day_is_not_made(hands_on: HandsOn) -> None:
    page, hands, made = _planning(hands_on)
    page.second.setFocus()
    hands.press("Up")
    hands.press("Ctrl+Return")
    assert made == []
    assert page.second.hasFocus()

    hands.press("Down")
    page.day.setFocus()
    hands.press("Ctrl+A")
    hands.type_text("9999")
    hands.press("Ctrl+Return")

    assert made == []
    assert page.day.hasFocus()


def test_own_seat_signs_by_enter_and_the_other_by_four_digits(hands_on: HandsOn) -> None:
    page = SigningPage()
    hands = hands_on(page)
    signed: list[tuple[str, str]] = []
    page.sign_requested.connect(lambda *given: signed.append(given))
    own = Seat("monitor1", "조사원 1", "가상-한바다", way="own")
    other = Seat("monitor2", "조사원 2", "가상-윤솔", way="pin")
    page.show_seats("점검표", "", [own, other])
    hands.settle()

    hands.press("Return", "Return")
    page.show_seats(
        "점검표", "", [Seat("monitor1", "조사원 1", "가상-한바다", "14:10 서명"), other]
    )
    hands.settle()
    hands.type_text("48")
    hands.press("Return")
    hands.type_text("15")
    hands.press("Return")

    assert signed == [("monitor1", ""), ("monitor2", "4815")]


def test_seat_that_cannot_sign_here_says_why(hands_on: HandsOn) -> None:
    page = SigningPage()
    hands = hands_on(page)

    page.show_seats(
        "점검표", "", [Seat("monitor2", "조사원 2", "가상-윤솔", remark="본인 노트북에서")]
    )
    hands.settle()

    assert page.cards[0].stop() is None
    assert page.back.hasFocus()
    assert page.cards[0].remark.isVisible()
