"""A routine visit from 오늘 to 완료: the fewest keys, whatever is written in words (ux §5)."""

from __future__ import annotations

import pytest

from tests.journeys.town import LAST_VISIT, SAME_AGAIN, Town, visited_ten_days_ago

#: Keys from the row on 오늘 to 완료; words are not counted.
NOTHING_CHANGED, THREE_CHANGED = 20, 45


@pytest.fixture(autouse=True)
def _due_since_three_days(town: Town) -> None:
    """Visited ten days ago, and to be seen every seven."""
    visited_ten_days_ago(town)


def test_visit_with_nothing_changed_takes_twenty_keys_at_most(town: Town) -> None:
    at, hands = town.laptop, town.hands

    town.begin_visit()
    at.go_back_to("companion")
    hands.press("1", "Return")  # 간호직: nobody goes alone where a dog is
    hands.press("1")  # 본인 확인
    hands.press("Shift+F4")  # 살핀 것: as last time
    hands.press("1", "0", "Return")  # 들어가서 봄, 없음
    hands.write("가상-무릎이 아프다고 하심")
    hands.press("Tab", "Tab")
    hands.press("1", "Return")  # 상담
    hands.press("Ctrl+Return", "Ctrl+Return")
    at.wait_until_closed()

    assert hands.keys <= NOTHING_CHANGED
    visit = town.written("P01")[0].doc
    assert visit.state == "완료"
    assert {path: visit.answers[path] for path in SAME_AGAIN} == {
        path: LAST_VISIT[path] for path in SAME_AGAIN
    }
    assert visit.answers["talk/said"] == "가상-무릎이 아프다고 하심"
    assert visit.answers["next/next_date"] == "2026-12-07"
    assert at.window.screen_name() == "today"
    assert town.lines_on_today() == ()


def test_visit_with_three_changes_takes_forty_five_keys_at_most(town: Town) -> None:
    at, hands = town.laptop, town.hands

    town.begin_visit()
    at.go_back_to("companion")
    hands.press("1", "Return")
    hands.press("1")
    hands.press("1", "3")  # 안전 양호; 건강 조치 필요, which asks for words
    hands.write("가상-계단에서 넘어지심")
    hands.press("Tab")
    hands.press("Shift+F4")
    hands.press("1", "5", "Return")  # 집 안 위험: 낙상위험
    hands.press("Tab", "Tab")
    hands.press("1", "Return")
    hands.press("Ctrl+I")  # a promise
    hands.write("가상-손잡이 달기")
    hands.press("Return", "1")
    hands.write("20261205")
    hands.press("Return")
    hands.press("Ctrl+Return", "Ctrl+Return")
    at.wait_until_closed()

    assert hands.keys <= THREE_CHANGED
    answers = town.written("P01")[0].doc.answers
    assert answers["cared/m_health"] == "act"
    assert answers["cared/m_health_note"] == "가상-계단에서 넘어지심"
    assert answers["cared/m_care"] == LAST_VISIT["cared/m_care"]
    assert answers["home/hazard"] == "fall"
    assert town.household_props()["promises"] == "가상-손잡이 달기 (담당자, 12. 5.까지)"
