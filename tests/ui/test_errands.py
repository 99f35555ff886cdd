"""The screens with a real store behind them: from 오늘 to a visit and back, by keys."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.idle import IdleWatch
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.widgets.rows import Item
from fieldapp.usecases.lists import register
from fieldapp.usecases.signing import set_pin
from fieldapp.usecases.today import chores
from tests.ui.conftest import AtWork
from tests.ui.looking import cut, outside
from tests.ui.neighbourhood import (
    as_colleague,
    fill_round,
    household_named,
    move_in,
    open_sites,
    write,
)
from tests.ui.samples import begin_work, go, open_survey

App = tuple[MainWindow, Hands]
SECRETARIAT, LEAD, MONITOR = 1, 2, 5


def _remarks(desk: Desk, words: str) -> bool:
    return words in desk.hidden.remark.words()


def _rest(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()


def test_rail_of_a_town_officer_has_the_town_and_no_review(in_town: AtWork) -> None:
    window, _, _ = in_town

    assert [tile.name for tile in window.rail.tiles()] == [
        "today", "households", "records", "summaries", "syncing", "admin",
    ]  # fmt: skip


def test_household_is_found_by_its_initials_and_its_page_tells_what_is_known(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    go(window, hands, "households")
    assert [cells[0] for cells in desk.households.list_page.table.cells()]

    hands.compose("ㄱㅎㄴ")
    _rest(window, hands)
    assert [cells[0] for cells in desk.households.list_page.table.cells()] == ["가상-김하나"]
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")

    detail = desk.households.detail
    assert detail.name.words() == "가상-김하나"
    assert "큰 개" in detail.safety.words()
    assert any("가상로 12" in value for _, value in detail.facts.facts())


def test_visit_begins_from_the_page_of_the_household_and_leads_back_to_it(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    go(window, hands, "households")
    hands.compose("ㄱㅎㄴ")
    _rest(window, hands)
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")

    hands.press("F7")
    hands.wait_until(lambda: window.screen_name() == "filling", "the call")
    filling = desk.filling.filling()
    assert filling is not None
    assert filling.value("method") == "phone"
    assert not window.rail.isVisible()
    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "households", "the household")

    assert desk.households.is_detail()


def test_curtain_hides_an_open_visit_and_the_same_question_comes_back(in_town: AtWork) -> None:
    window, hands, desk = in_town
    hands.press("F12")
    hands.type_text("4815")
    hands.type_text("4815")
    hands.wait_until(lambda: window.screen_name() == "today", "the digits to be kept")
    go(window, hands, "households")
    hands.compose("ㄱㅎㄴ")
    _rest(window, hands)
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")
    hands.press("F7")
    hands.wait_until(lambda: window.screen_name() == "filling", "the call")
    at = desk.filling.cursor_path()

    hands.press("F12")
    assert window.screen_name() == "hidden"
    hands.press("Ctrl+1", "Ctrl+K")
    assert window.screen_name() == "hidden"
    hands.type_text("1234")
    hands.wait_until(lambda: "두 번 더" in desk.hidden.remark.words(), "the first miss")
    hands.type_text("4815")
    hands.wait_until(lambda: window.screen_name() == "filling", "the same page")

    assert desk.filling.cursor_path() == at


def test_three_misses_lock(in_town: AtWork) -> None:
    window, hands, desk = in_town
    hands.press("F12")
    hands.type_text("4815")
    hands.type_text("4815")
    hands.wait_until(lambda: window.screen_name() == "today", "the digits to be kept")
    hands.press("F12")

    for words in ("두 번 더", "한 번 더"):
        hands.type_text("1234")
        hands.wait_until(partial(_remarks, desk, words), words)
    hands.type_text("1234")

    hands.wait_until(lambda: window.screen_name() == "unlock", "the lock")
    _rest(window, hands)
    assert window.desk is None


def test_search_everything_opens_the_page_of_a_household(in_town: AtWork) -> None:
    window, hands, desk = in_town
    go(window, hands, "records")

    hands.press("Ctrl+K")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the dialog")
    hands.compose("ㅂㄷㄹ")
    _rest(window, hands)
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")

    assert window.screen_name() == "households"
    assert desk.households.detail.name.words() == "가상-박두리"


def test_day_end_counts_what_is_not_sent_and_leads_back(in_town: AtWork) -> None:
    window, hands, desk = in_town

    hands.press("Ctrl+Shift+E")
    _rest(window, hands)
    assert window.screen_name() == "day_end"
    assert desk.day_end.unsent.words.words() == "보내지 않은 기록 2건"
    hands.press("Escape")

    assert window.screen_name() == "today"


def test_new_household_shows_who_is_here_already_and_opens_the_form_with_what_was_typed(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    go(window, hands, "households")
    hands.press("Ctrl+N")
    page = desk.households.new_page

    hands.compose("가상-김하나")
    hands.press("Return")
    hands.type_text("19480302")
    _rest(window, hands)
    assert len(page.similar.keys()) == 1
    hands.press("Ctrl+Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the form of a household")

    filling = desk.filling.filling()
    assert filling is not None
    assert filling.value("who/name") == "가상-김하나"
    assert filling.value("who/birth") == "1948-03-02"


def test_today_names_who_is_due_and_why_and_enter_begins_the_visit(in_town: AtWork) -> None:
    window, hands, desk = in_town
    (item,) = (line for line in desk.today.list.lines() if isinstance(line, Item))
    assert item.title == "가상-김하나"
    assert "한 달에 한 번 방문" in item.below
    assert "2인 방문 권고" in desk.today.pane.safety.words()

    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit")

    filling = desk.filling.filling()
    assert filling is not None
    assert filling.value("method") == "visit"
    assert filling.value("household") == household_named(desk.session, "가상-김하나").id


def test_f8_begins_a_visit_that_found_nobody_and_escape_leads_back_to_today(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town

    hands.press("F8")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit")
    filling = desk.filling.filling()
    assert filling is not None
    assert filling.value("result") == "absent"
    hands.press("Escape")

    hands.wait_until(lambda: window.screen_name() == "today", "the list")


def test_space_plans_a_household_of_the_week_for_today(in_town: AtWork) -> None:
    window, hands, desk = in_town

    hands.press("Space")
    _rest(window, hands)

    (item,) = (line for line in desk.today.list.lines() if isinstance(line, Item))
    assert item.is_marked


def test_team_lead_sends_a_visit_back_with_a_word_at_a_question(window: App) -> None:
    opened, hands = window
    begin_work(opened, hands, LEAD)
    assert opened.desk is not None
    colleague = as_colleague(opened.desk.session, "가상-이담당", "dong_welfare")
    move_in(colleague)
    subject = household_named(colleague, "가상-김하나")
    write(colleague, "P01", subject, method="phone", result="self", cared__voice="same")
    go(opened, hands, "review")
    review = opened.desk.review
    hands.wait_until(lambda: bool(review.answers.lines()), "the record")
    waiting = review.queue.keys()

    hands.press("Return", "F2")
    hands.compose("언제 전화했는지 적어 주세요")
    hands.press("Return", "F8")
    hands.compose("시각이 없습니다")
    hands.press("Return")
    _rest(opened, hands)

    assert review.queue.keys() == waiting[1:]
    mine = as_colleague(opened.desk.session, "가상-이담당", "dong_welfare")
    (chore,) = (one for one in chores(mine) if one.kind == "sent_back")
    assert chore.record_id == waiting[0]


def test_secretariat_plans_a_round_that_two_people_will_sign(window: App) -> None:
    opened, hands = window
    begin_work(opened, hands, SECRETARIAT)
    assert opened.desk is not None
    open_sites(opened.desk.session)
    go(opened, hands, "monitoring")
    view = opened.desk.monitoring

    hands.press("Return")
    hands.wait_until(view.planning.programme.hasFocus, "the plan")
    hands.press("Ctrl+Return")
    hands.wait_until(lambda: bool(view.rounds.cells()), "the round")

    (cells,) = view.rounds.cells()
    assert cells[1] == "가상-햇살 돌봄센터"
    assert cells[4] == "가상-오사무, 가상-윤솔"
    assert cells[7] == "예정"
    hands.press("F7")
    hands.wait_until(lambda: bool(view.signing.cards), "the seats")
    assert "마친 뒤에" in view.signing.problem.words()
    assert [card.stop() for card in view.signing.cards] == [None, None]


def test_record_goes_out_as_a_document_only_with_a_purpose(in_town: AtWork, tmp_path: Path) -> None:
    window, hands, desk = in_town
    subject = household_named(desk.session, "가상-김하나")
    write(desk.session, "P01", subject, method="phone", result="self", cared__voice="same")
    go(window, hands, "records")

    hands.press("Ctrl+P")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the purpose")
    assert not list(tmp_path.glob("*.pdf"))
    hands.compose("내부")
    hands.press("Return")

    hands.wait_until(lambda: any(tmp_path.glob("*.pdf")), "the document")


def test_text_for_the_other_system_is_copied_and_marked_at_the_end_of_the_day(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    subject = household_named(desk.session, "가상-김하나")
    write(desk.session, "P01", subject, method="phone", result="self", cared__voice="same")

    hands.press("Ctrl+Shift+E")
    _rest(window, hands)
    assert desk.day_end.copying.words.words() == "행복이음에 옮길 글 1건"
    hands.press("Ctrl+Shift+C")
    _rest(window, hands)

    assert "본인 확인" in QApplication.clipboard().text()
    assert desk.day_end.copying.words.words() == "행복이음에 옮길 글이 없습니다."


def test_records_are_narrowed_by_what_became_of_them(in_town: AtWork) -> None:
    window, hands, desk = in_town
    go(window, hands, "records")
    assert len(desk.records.table.cells()) == 2
    desk.records.fates.setFocus()

    hands.press("Right")
    assert desk.records.table.cells() == ()
    hands.press("Right")

    assert len(desk.records.table.cells()) == 2


def test_visit_left_alone_is_hidden_when_digits_were_chosen_and_stays_when_not(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit")
    watch = window.findChild(IdleWatch)
    assert watch is not None

    watch.away_in_visit.emit()
    assert window.screen_name() == "filling"
    hands.press("F12")
    hands.type_text("4815")
    hands.type_text("4815")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit again")
    watch.away_in_visit.emit()

    assert window.screen_name() == "hidden"
    assert desk.form.is_open()


def test_monitor_is_led_to_the_rounds_and_sees_no_household(window: App) -> None:
    opened, hands = window
    begin_work(opened, hands, MONITOR)
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")
    names = [tile.name for tile in opened.rail.tiles()]
    assert names == ["today", "monitoring", "syncing", "admin"]
    hands.settle()

    hands.press("Return")

    assert opened.screen_name() == "monitoring"


def test_no_page_of_a_town_officer_is_cut_at_the_size_to_design_for(in_town: AtWork) -> None:
    window, hands, desk = in_town
    for tile in window.rail.tiles():
        go(window, hands, tile.name)
        hands.settle()
        assert cut(window) == []
        assert outside(window) == []
    go(window, hands, "households")
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")
    assert cut(window) == []
    hands.press("Escape", "Ctrl+N")
    assert cut(window) == []
    hands.press("Escape", "Ctrl+Shift+E")
    _rest(window, hands)

    assert cut(window) == []
    assert outside(window) == []


def test_improvement_on_the_board_is_passed_on_by_the_form_of_its_next_step(window: App) -> None:
    opened, hands = window
    begin_work(opened, hands, SECRETARIAT)
    assert opened.desk is not None
    session = opened.desk.session
    open_sites(session)
    with session.store.writing() as db:
        register(
            session,
            db,
            "improvement",
            "55555555-5555-4555-8555-555555555555",
            label="냉장고 라벨",
            props={"content": "냉장고 라벨에 날짜가 없음", "state": "접수", "programme": "care"},
        )
    go(opened, hands, "monitoring")
    hands.press("Ctrl+PgDown")
    _rest(opened, hands)
    assert "냉장고 라벨에 날짜가 없음" in opened.desk.monitoring.board.reading.words()

    hands.press("Return")
    hands.wait_until(lambda: opened.screen_name() == "filling", "the step")

    filling = opened.desk.filling.filling()
    assert filling is not None
    assert filling.value("step") == "forward"
    assert filling.value("improvement") == "55555555-5555-4555-8555-555555555555"


def test_two_sign_on_one_laptop_the_second_by_four_digits(window: App) -> None:
    opened, hands = window
    begin_work(opened, hands, MONITOR)
    assert opened.desk is not None
    session = opened.desk.session
    open_sites(session)
    set_pin(as_colleague(session, "가상-윤솔", "monitor"), "4815")
    fill_round(session)
    go(opened, hands, "monitoring")
    view = opened.desk.monitoring
    assert [cells[6:] for cells in view.rounds.cells()] == [("0/2", "서명 전")]

    hands.press("F7")
    hands.wait_until(lambda: len(view.signing.cards) == 2, "the seats")
    hands.press("Return")
    _rest(opened, hands)
    assert view.signing.cards[0].seat.signed.endswith("서명")
    hands.type_text("1111")
    hands.press("Return")
    hands.wait_until(lambda: bool(view.signing.banner.words()), "the refusal")
    hands.type_text("4815")
    hands.press("Return")
    _rest(opened, hands)

    assert view.signing.cards[1].seat.signed.endswith("같은 기기")
    assert "모두 서명했습니다" in view.signing.problem.words()
    hands.press("Escape")
    _rest(opened, hands)
    assert [cells[6] for cells in view.rounds.cells()] == ["2/2"]


def test_respondent_who_is_thanked_cannot_leave_for_a_list(window: App) -> None:
    opened, hands = window
    begin_work(opened, hands, SECRETARIAT)
    open_survey(opened, hands)
    assert opened.desk is not None
    respondent = opened.desk.filling.respondent
    hands.compose("가상-햇살동")
    hands.press("Return")
    hands.type_text("1")
    hands.press("Return", "1", "Ctrl+Shift+K")
    hands.wait_until(lambda: respondent.path() == "items/q1", "the first question")
    hands.press(*"4545444", "1", "2", "Tab", "Tab")
    hands.wait_until(lambda: respondent.is_thanking() and opened.jobs.is_idle(), "the thanks")

    hands.press("Ctrl+1", "Ctrl+K", "Ctrl+Shift+E")

    assert opened.screen_name() == "filling"
    assert QApplication.activeModalWidget() is None
