"""Shorter errands with a real store: consent, a response, what waits, a grade; by keys."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage import entities, records
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.monitoring.view import PAPER
from fieldapp.ui.widgets.rows import Head, Item
from fieldapp.usecases.lists import change
from fieldapp.usecases.records import status
from tests.ui.conftest import AtWork
from tests.ui.looking import cut, outside
from tests.ui.neighbourhood import as_colleague, household_named, move_in, write
from tests.ui.samples import begin_work, go

HANA, DURI = "가상-김하나", "가상-박두리"
LEAD = 2


def _rest(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()


def _household_page(at_work: AtWork, name: str) -> None:
    window, hands, desk = at_work
    go(window, hands, "households")
    hands.compose(name)
    _rest(window, hands)
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")
    _rest(window, hands)


def test_consent_is_asked_from_the_page_of_the_household_and_leads_back_to_it(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    _household_page(in_town, HANA)
    assert ("동의", "아직 받지 않음") in desk.households.detail.facts.facts()

    hands.press("F4")
    hands.wait_until(lambda: window.screen_name() == "filling", "the consent")

    filling = desk.filling.filling()
    assert filling is not None
    assert filling.definition.form_id == "P00"
    assert filling.value("household") == household_named(desk.session, HANA).id
    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "households", "the household")
    assert desk.households.is_detail()


def test_visit_alone_to_a_house_with_a_dog_begins_at_the_reason(in_town: AtWork) -> None:
    window, hands, desk = in_town
    _household_page(in_town, HANA)

    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit")

    assert desk.filling.cursor_path() == "alone_reason"
    hands.press("Shift+Return")
    assert desk.filling.cursor_path() == "companion"
    hands.press("1", "Return")
    assert desk.filling.cursor_path() == "result"


def test_visit_to_a_house_without_a_warning_begins_at_its_result(in_town: AtWork) -> None:
    window, hands, desk = in_town
    _household_page(in_town, DURI)

    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit")

    assert desk.filling.cursor_path() == "result"


def test_response_stands_on_today_with_its_hour_and_enter_opens_it(in_town: AtWork) -> None:
    window, hands, desk = in_town
    subject = household_named(desk.session, DURI)
    write(
        desk.session, "P01", subject,
        method="phone", result="no_answer", absence__noncontact="open",
    )  # fmt: skip
    go(window, hands, "households")
    go(window, hands, "today")
    lines = desk.today.list.lines()
    assert [line.text for line in lines if isinstance(line, Head)][-1] == "안부 미확인 대응 1"
    hands.press("End")
    _rest(window, hands)

    row = next(line for line in lines if isinstance(line, Item) and line.title == DURI)
    assert row.below == "1일차 13:55, 내일 12:00까지"
    assert desk.today.pane.name.words() == DURI
    assert desk.today.pane.visit.text() == "대응 열기"
    assert desk.today.pane.phone.words() == "010-0000-0102"
    assert cut(window) == []
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the response")

    filling = desk.filling.filling()
    assert filling is not None
    assert filling.definition.form_id == "P03"
    assert filling.value("household") == subject.id


def test_change_by_hand_is_a_line_of_what_waits_and_enter_opens_its_household(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    session = desk.session
    with session.store.writing() as db:
        of = household_named(session, HANA)
        change(session, db, of.list, of.id, {"phone": "010-0000-0109"})
    go(window, hands, "syncing")
    view = desk.syncing

    rows = view.waiting.cells()
    assert len(rows) == status(session).unsent == 3
    assert rows[-1][0] == "가구 가상-김하나: 전화 고침"
    assert view.waiting_head.words() == "기다리는 것 3건"
    view.waiting.setFocus()
    hands.press("Down", "Down", "Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")
    _rest(window, hands)

    assert desk.households.detail.name.words() == HANA


def test_team_lead_accepts_a_grade_by_f4_and_the_household_has_it(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands, LEAD)
    assert opened.desk is not None
    session = opened.desk.session
    colleague = as_colleague(session, "가상-이담당", "dong_welfare")
    move_in(colleague)
    subject = household_named(colleague, HANA)
    write(
        colleague, "P01", subject,
        method="phone", result="self", cared__voice="same",
        next__grade_change="down", next__grade_new="watch",
        next__grade_reason="가상-이웃과 함께 지냄",
    )  # fmt: skip
    go(opened, hands, "review")
    review = opened.desk.review
    hands.wait_until(lambda: bool(review.answers.lines()), "the record")
    _rest(opened, hands)
    asks = _of_form(opened, "P01")
    while review.queue.chosen_key() != asks:
        hands.press("Down")
    _rest(opened, hands)
    assert review.proposal.words().endswith("→ 관심 (가상-이웃과 함께 지냄)")
    assert review.confirm.text() == "등급 그대로 두고 확인"
    assert cut(opened) == []
    assert outside(opened) == []

    hands.press("F4")
    _rest(opened, hands)

    waiting = review.queue.keys()
    assert asks not in waiting
    with session.store.reading() as db:
        known = entities.find(db, subject.list, subject.id).doc.props
    assert known["grade"] == "watch"
    assert known["grade_since"] == "2026-11-30"
    assert "grade_wanted" not in known


def _of_form(window: MainWindow, form_id: str) -> RecordId:
    assert window.desk is not None
    with window.desk.session.store.reading() as db:
        (row,) = records.of_form(db, form_id, limit=10)
    return RecordId(row.record_id)


def test_batches_and_paper_entry_are_a_tab_of_their_own_by_key(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    assert opened.desk is not None
    go(opened, hands, "monitoring")
    view = opened.desk.monitoring

    hands.press("Ctrl+PgDown", "Ctrl+PgDown")
    _rest(opened, hands)

    assert view.tab() == PAPER
    assert view.paper.isVisible()
    assert cut(opened) == []
