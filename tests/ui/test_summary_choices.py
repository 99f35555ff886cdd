"""통계·출력: what is chosen of one summary says nothing about another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from fieldapp.ui.hands import Hands
from fieldapp.ui.summaries.choices import ChoicesPane

HandsOn = Callable[[QWidget], Hands]
APPROVALS = ("없음", "담당|팀장|동장", "조사원|사무국|분과장")


@pytest.fixture
def pane(hands_on: HandsOn) -> tuple[ChoicesPane, Hands]:
    """Two summaries, the first of them chosen."""
    shown = ChoicesPane()
    hands = hands_on(shown)
    shown.show_offers("가상-햇살동", APPROVALS, ("기본 A4 세로",))
    shown.show_forms([("P01", "방문·안부 기록"), ("P11", "현장모니터링 점검표")])
    shown.show_months(["2026년 11월"])
    hands.settle()
    return shown, hands


def approval(pane: ChoicesPane) -> str:
    chosen = pane.chosen()
    assert chosen is not None
    return chosen.approval


def test_who_signs_is_kept_for_each_summary_by_itself(pane: tuple[ChoicesPane, Hands]) -> None:
    choices, hands = pane
    choices.approval.setFocus()
    hands.press("Down")
    assert approval(choices) == "담당|팀장|동장"

    choices.take_focus()
    hands.press("Down")
    assert approval(choices) == "없음"
    choices.approval.setFocus()
    hands.press("End")
    choices.take_focus()
    hands.press("Up")
    assert approval(choices) == "담당|팀장|동장"
    hands.press("Down")

    assert approval(choices) == "조사원|사무국|분과장"


def test_another_summary_is_counted_once_though_its_signers_are_others(
    pane: tuple[ChoicesPane, Hands],
) -> None:
    choices, hands = pane
    choices.approval.setFocus()
    hands.press("Down")
    told: list[str] = []
    choices.form_chosen.connect(told.append)
    choices.changed.connect(lambda: told.append("changed"))

    choices.take_focus()
    hands.press("Down")

    assert told == ["P11"]


def test_summaries_read_again_keep_what_was_chosen(pane: tuple[ChoicesPane, Hands]) -> None:
    choices, hands = pane
    choices.approval.setFocus()
    hands.press("Down")

    choices.show_forms([("P01", "방문·안부 기록"), ("P12", "개선사항")])

    assert choices.form_id() == "P01"
    assert approval(choices) == "담당|팀장|동장"
