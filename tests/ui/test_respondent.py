"""The respondent's screen: one question a page, and nothing of it for the officer's eyes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from fieldapp.forms import Filling
from fieldapp.storage import records
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases import records as usecases
from tests.ui.samples import begin_work, open_survey

Form = tuple[FillingView, Hands, Filling]


def handed_over(form: Form) -> Form:
    """The officer has filled the head; the respondent has the laptop."""
    view, hands, filling = form
    hands.compose("가상-햇살동")
    hands.press("Return")
    hands.type_text("7")
    hands.press("Return", "1")
    hands.press("Ctrl+Shift+K")
    return view, hands, filling


def words(view: FillingView) -> list[str]:
    return [text.words() for text in view.findChildren(Text) if text.isVisible() and text.words()]


def test_respondent_sees_one_question_and_no_frame(form: Form) -> None:
    view, _, filling = handed_over(form)

    assert view.respondent.path() == "items/q1"
    for part in (view.bar, view.foot, view.asking):
        assert not part.isVisible()
    assert filling.value("batch") not in words(view)


def test_digits_alone_answer_everything_and_end_on_a_blank_page(form: Form) -> None:
    view, hands, filling = handed_over(form)
    completed: list[str] = []
    view.complete_requested.connect(completed.append)

    hands.press(*"4545444")
    hands.press("1", "2")
    hands.compose("친절함")
    hands.press("Tab", "Tab")

    assert completed == [""]
    assert view.respondent.is_thanking()
    assert "감사합니다" in words(view)
    shown = " ".join(words(view))
    assert "친절함" not in shown
    assert [filling.value(f"items/q{n}") for n in range(1, 8)] == list("4545444")


def test_required_question_is_not_passed_and_says_so(form: Form) -> None:
    view, hands, _ = handed_over(form)

    hands.press("Return")

    assert view.respondent.path() == "items/q1"
    assert len([said for said in words(view) if "답" in said or "적" in said or "골" in said]) > 0


def test_escape_and_finish_are_nobodys_keys_there(form: Form) -> None:
    view, hands, _ = handed_over(form)
    left: list[bool] = []
    view.leave_requested.connect(lambda: left.append(True))

    hands.press("Escape", "Ctrl+Return", "F4", "Ctrl+I")

    assert left == []
    assert view.respondent.path() == "items/q1"


def test_respondent_goes_back_and_answers_again(form: Form) -> None:
    view, hands, filling = handed_over(form)
    hands.press("4", "Shift+Return", "2")

    assert filling.value("items/q1") == "2"
    assert view.respondent.path() == "items/q2"


def test_next_respondent_gets_what_the_officer_filled_and_the_next_number(form: Form) -> None:
    view, hands, _ = handed_over(form)
    wanted: list[Mapping[str, str]] = []
    view.next_respondent_requested.connect(wanted.append)
    hands.press(*"4545444", "1", "2", "Tab", "Tab")

    hands.press("Return")

    assert wanted == [{"batch": "가상-햇살동", "serial": "8", "mode": "self"}]


def test_officer_takes_the_laptop_back_without_seeing_an_answer(form: Form) -> None:
    view, hands, _ = handed_over(form)
    left: list[bool] = []
    view.leave_requested.connect(lambda: left.append(True))
    hands.press("4", "5")

    hands.press("Ctrl+Shift+K")

    assert left == [True]
    assert not view.asking.isVisible()


def test_questions_and_all_their_choices_stand_on_one_page_at_the_smallest_size(form: Form) -> None:
    view, hands, _ = handed_over(form)
    hands.press(*"45454")
    hands.settle()

    shown = [widget for widget in view.respondent.findChildren(QWidget) if widget.isVisible()]
    lowest = max(
        widget.mapTo(view, widget.rect().bottomLeft()).y()
        for widget in shown
        if type(widget).__name__ == "AnswerButton"
    )

    assert lowest < view.height() - 60


def test_ten_respondents_in_a_row_leave_ten_records_and_no_draft(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    open_survey(opened, hands)
    desk = opened.desk
    assert desk is not None
    hands.compose("가상-햇살동")
    hands.press("Return")
    hands.type_text("1")
    hands.press("Return", "1", "Ctrl+Shift+K")

    respondent = desk.filling.respondent
    for _ in range(10):
        hands.wait_until(lambda: respondent.path() == "items/q1", "the first question")
        hands.press(*"4545444", "1", "2", "Tab", "Tab")
        hands.wait_until(lambda: respondent.is_thanking() and opened.jobs.is_idle(), "the thanks")
        hands.press("Return")
    hands.wait_until(lambda: respondent.path() == "items/q1", "the eleventh")
    hands.press("Ctrl+Shift+K")
    hands.wait_until(lambda: opened.screen_name() != "filling" and opened.jobs.is_idle())

    rows = usecases.records_page(desk.session).rows
    assert not any(row.is_draft for row in rows)
    with desk.session.store.reading() as db:
        serials = [records.find(db, row.record_id).doc.answers["serial"] for row in rows]
    assert sorted(map(int, serials)) == list(range(1, 11))
