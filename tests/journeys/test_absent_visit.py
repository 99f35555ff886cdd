"""Nobody opens: F8, the app advises, the worker decides, and what was begun is not forgotten."""

from __future__ import annotations

from fieldapp.ui.widgets.text import Text
from tests.journeys.town import HANA, Town, visited_ten_days_ago

ADVICE = "대응을 시작하시기를 권합니다"


def knock(town: Town) -> None:
    """오늘, F8 on the household at risk: nobody home, nothing unusual at the door."""
    at, hands = town.laptop, town.hands
    at.show("today")
    hands.press("F8")
    at.wait_for_screen("filling")
    at.go_back_to("companion")
    hands.press("1", "Return", "Return")
    assert at.cursor() == "absent_sign"
    hands.press("0", "Return")
    assert at.cursor() == "absence/noncontact"


def test_response_that_was_advised_stands_planned_among_what_is_to_be_done(town: Town) -> None:
    visited_ten_days_ago(town)
    at, hands = town.laptop, town.hands

    knock(town)
    page = at.desk().filling.asking.page()
    shown = [text.words() for text in page.findChildren(Text) if text.isVisible()]
    assert any(words.startswith(ADVICE) for words in shown)
    hands.press("1")  # 안부 미확인 대응 시작
    at.finish()

    (visit, *_), (response,) = town.written("P01"), town.written("P03")
    assert visit.doc.answers["result"] == "absent"
    assert response.doc.state == "예정"
    assert response.doc.answers["origin"] == visit.record_id
    assert response.doc.subject == town.hana
    hands.press("Ctrl+PgDown", "Ctrl+PgDown")
    at.rest()
    (planned,) = (line for line in town.lines_on_today() if HANA in line)
    assert planned.startswith("예정: 안부 미확인 대응")


def test_advice_not_followed_asks_why_and_plans_nothing(town: Town) -> None:
    visited_ten_days_ago(town)
    at, hands = town.laptop, town.hands

    knock(town)
    hands.press("2")  # 다시 연락
    at.go_to("absence/revisit_reason")
    hands.write("가상-병원에 가신다고 들음")
    at.finish()

    (visit, *_) = town.written("P01")
    assert visit.doc.answers["absence/retry_on"] == "2026-12-01"
    assert visit.doc.answers["absence/revisit_reason"] == "가상-병원에 가신다고 들음"
    assert town.written("P03") == ()
