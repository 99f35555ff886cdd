"""A form is filled by keyboard alone; nothing here touches a database."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from fieldapp.forms import Filling
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from tests.ui.samples import fill_survey

Form = tuple[FillingView, Hands, Filling]


def _rows(view: FillingView) -> list[str]:
    page = view.asking.page()
    return [path for path, row in page.rows.items() if row.isVisible()]


def test_form_opens_at_its_first_question_with_the_focus_in_it(form: Form) -> None:
    view, _, _ = form

    assert view.cursor_path() == "batch"
    row = view.asking.page().rows["batch"]
    assert row.answer.focus_box().hasFocus()
    assert row.is_current()


def test_whole_survey_is_filled_with_keys_and_completed(form: Form) -> None:
    view, hands, filling = form
    completed: list[str] = []
    view.complete_requested.connect(completed.append)

    fill_survey(hands)
    hands.press("Ctrl+Return")
    assert view.is_reading_back()
    hands.press("Return")

    assert completed == [""]
    answers = filling.answers()
    assert answers["batch"] == "가상-햇살동"
    assert answers["mode"] == "paper"
    assert [answers[f"items/q{n}"] for n in range(1, 8)] == list("4545444")
    assert (answers["again"], answers["damage"]) == ("1", "2")


def test_digit_chooses_and_goes_to_the_next_question(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("mode")

    hands.press("3")

    assert filling.value("mode") == "interview"
    assert view.cursor_path() == "items/q1"


def test_digit_that_no_choice_has_does_nothing(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("items/q1")

    hands.press("0")

    assert filling.value("items/q1") == ""
    assert view.cursor_path() == "items/q1"


def test_zero_and_nine_are_their_own_answers_where_offered(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("items/q6")

    hands.press("0")
    hands.press("9")

    assert filling.value("items/q6") == "0"
    assert filling.value("items/q7") == "9"


def test_one_enter_is_one_step_and_shift_enter_one_back(form: Form) -> None:
    view, hands, _ = form

    hands.press("Return")
    assert view.cursor_path() == "serial"
    hands.press("Return")
    assert view.cursor_path() == "mode"
    hands.press("Shift+Return")
    assert view.cursor_path() == "serial"


def test_arrows_move_a_choice_without_going_on_and_backspace_takes_it_away(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("mode")

    hands.press("Right", "Right")
    assert filling.value("mode") == "helped"
    assert view.cursor_path() == "mode"
    hands.press("Backspace")
    assert filling.value("mode") == ""


def test_question_appears_and_vanishes_with_what_it_depends_on(form: Form) -> None:
    view, hands, _ = form
    view.asking.stand_at("mode")
    assert "helper" not in _rows(view)

    hands.press("2")
    assert {"helper", "helper_note"} <= set(_rows(view))
    assert view.cursor_path() == "helper"

    hands.press("Shift+Return", "4")
    assert "helper" not in _rows(view)
    assert view.cursor_path() == "items/q1"


def test_rows_that_did_not_change_are_the_same_widgets_after_an_answer(form: Form) -> None:
    view, hands, _ = form
    before = dict(view.asking.page().rows)

    view.asking.stand_at("mode")
    hands.press("2")

    after = view.asking.page().rows
    assert all(after[path] is row for path, row in before.items())


def test_broken_constraint_is_said_under_its_row_as_soon_as_it_is_left(form: Form) -> None:
    view, hands, _ = form
    view.asking.stand_at("serial")

    hands.type_text("0")
    hands.press("Return")

    assert view.asking.page().rows["serial"].wrong_words() == "1보다 작은 번호는 쓸 수 없습니다"
    assert view.cursor_path() == "mode"


def test_message_goes_away_with_the_mistake(form: Form) -> None:
    view, hands, _ = form
    view.asking.stand_at("serial")
    hands.type_text("0")
    hands.press("Return", "Shift+Return", "Backspace")

    hands.type_text("7")

    assert view.asking.page().rows["serial"].wrong_words() == ""


def test_letters_cannot_be_typed_into_a_number(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("serial")

    hands.type_text("1a2")

    assert filling.value("serial") == "12"


def test_finishing_too_early_counts_what_is_missing_and_enter_jumps_there(form: Form) -> None:
    view, hands, _ = form
    fill_survey(hands)
    view.asking.stand_at("items/q3")
    hands.press("Backspace")
    view.asking.stand_at("serial")
    hands.press("Ctrl+A", "Backspace")

    hands.press("Ctrl+Return")
    assert view.banner.words() == "두 칸을 더 채워 주세요"
    assert not view.is_reading_back()

    hands.press("Return")
    assert view.cursor_path() == "serial"
    assert view.asking.page().rows["serial"].wrong_words() != ""
    assert view.banner.isHidden()


def test_language_changes_in_place_and_answers_stay(form: Form) -> None:
    view, hands, filling = form
    hands.compose("가상")

    hands.press("Ctrl+Shift+L")

    row = view.asking.page().rows["batch"]
    assert row.label.words() == "Batch"
    assert filling.value("batch") == "가상"
    assert view.cursor_path() == "batch"
    hands.press("Ctrl+Shift+L")
    assert row.label.words() == "설문 묶음"


def test_read_back_says_answers_in_words(form: Form) -> None:
    view, hands, _ = form
    fill_survey(hands)

    hands.press("Ctrl+Return")

    lines = dict(view.reading.lines())
    assert lines["작성 방법"] == "종이 입력"
    assert lines["전반적으로 만족한다"] == "그렇다"
    assert lines["좋았던 점"] == ""


def test_read_back_leads_back_to_the_question_by_escape(form: Form) -> None:
    view, hands, _ = form
    left: list[bool] = []
    view.leave_requested.connect(lambda: left.append(True))
    fill_survey(hands)
    hands.press("Ctrl+Return")

    hands.press("Escape")

    assert not view.is_reading_back()
    assert not left


def test_completing_twice_in_a_row_asks_once(form: Form) -> None:
    view, hands, _ = form
    completed: list[str] = []
    view.complete_requested.connect(completed.append)
    fill_survey(hands)
    hands.press("Ctrl+Return")

    hands.press("Ctrl+Return", "Ctrl+Return")

    assert completed == [""]


def test_amendment_asks_for_its_reason_first(form: Form) -> None:
    view, hands, filling = form
    completed: list[str] = []
    view.complete_requested.connect(completed.append)
    fill_survey(hands)
    view.show_form("가사서비스 이용만족도", filling, asks_reason=True)

    hands.press("Ctrl+Return")
    assert view.reading.reason.hasFocus()
    hands.press("Return")
    assert completed == []
    hands.compose("옮겨 적을 때 틀림")
    hands.press("Return")

    assert completed == ["옮겨 적을 때 틀림"]


def test_sections_tell_where_one_is_and_what_is_done(form: Form) -> None:
    view, hands, _ = form

    def marks() -> list[str]:
        return [state.mark for state in view.asking.rail.states()]

    assert marks() == ["here", "open", "open"]
    fill_survey(hands)
    assert marks() == ["done", "done", "here"]
    assert [state.label for state in view.asking.rail.states()] == [
        "처음",
        "서비스는 어떠셨습니까?",
        "마무리",
    ]


def test_foot_counts_what_is_left(form: Form) -> None:
    view, hands, _ = form
    assert view.foot.left.words() == "남은 필수 문항 12"

    fill_survey(hands)

    assert view.foot.left.words() == "필수 문항을 모두 적음"


def test_form_is_taken_up_where_it_was_left(form: Form) -> None:
    view, hands, filling = form
    fill_survey(hands)

    view.show_form("가사서비스 이용만족도", filling, cursor_path="items/q5")
    hands.settle()

    assert view.cursor_path() == "items/q5"
    assert QApplication.focusWidget() is view.asking.page().rows["items/q5"].answer


def test_nothing_becomes_a_window_of_its_own(form: Form) -> None:
    view, hands, _ = form
    fill_survey(hands)
    hands.press("Ctrl+Return")

    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]

    assert shown == [view]
