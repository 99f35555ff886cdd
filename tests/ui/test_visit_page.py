"""A visit: last answers, notes, phrases, finding a question, and what the person beside sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from fieldapp.forms import Filling
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.finding import Finder
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.widgets.text import Text
from tests.ui.sheets import CHECKLIST, NOON, VISIT

Form = tuple[FillingView, Hands, Filling]
Opened = Callable[..., Form]
LAST = {
    "looked/safety": "good",
    "looked/health": "watch",
    "looked/link": "no",
    "talked/said": "무릎이 아프다고 하심",
}

FOLLOWED = """
| survey |
| | type | name | label | calculation | trigger |
| | begin_group | asked | 물음 | | |
| | select_one level | level | 형편 | | |
| | text | told | 전할 말 | concat(${level}, '이므로 알림') | ${level} |
| | end_group | | | | |
| choices |
| | list_name | name | label |
| | level | good | 양호 |
| | level | act | 조치 필요 |
| settings |
| | form_title | form_id | version |
| | 따라 적는 서식 | T12 | 1 |
"""


@dataclass
class Block:
    label: str
    text: str
    max_chars: int | None = None


def visit(opened: Opened, **given: object) -> Form:
    aids = Aids(now=lambda: NOON, phrases=("문 앞에서 인사함", "약을 드시는지 여쭘"))
    return opened(VISIT, Sheet(aids=aids, last=LAST, is_new=True), **given)


def said(view: FillingView) -> list[str]:
    return [text.words() for text in view.asking.page().findChildren(Text) if text.isVisible()]


def test_last_answer_stands_beside_a_choice_in_words_but_an_old_note_never(opened: Opened) -> None:
    view, hands, _ = visit(opened)

    view.asking.stand_at("looked/safety")
    hands.settle()
    assert "지난번 양호" in said(view)
    assert "지난번 관찰 필요" in said(view)

    view.asking.stand_at("talked/said")
    hands.settle()
    assert all("무릎" not in words for words in said(view))


def test_f4_gives_the_last_answer_and_goes_on(opened: Opened) -> None:
    view, hands, filling = visit(opened)
    view.asking.stand_at("looked/safety")

    hands.press("F4")

    assert filling.value("looked/safety") == "good"
    assert view.cursor_path() == "looked/health"


def test_f4_without_a_last_answer_says_so(opened: Opened) -> None:
    view, hands, filling = visit(opened)
    view.asking.stand_at("meet/method")

    hands.press("F4")

    assert view.foot.left.words() == "지난번 답이 없습니다."
    assert filling.value("meet/method") == ""


def test_shift_f4_repeats_what_is_open_in_the_section_and_can_be_taken_back(opened: Opened) -> None:
    view, hands, filling = visit(opened)
    view.asking.stand_at("looked/safety")
    hands.press("3")
    hands.compose("문이 열려 있었음")
    view.asking.stand_at("looked/health")

    hands.press("Shift+F4")

    assert filling.value("looked/safety") == "act"
    assert filling.value("looked/health") == "watch"
    assert filling.value("looked/link") == "no"
    assert view.cursor_path() == "talked/said"
    hands.press("Ctrl+Z")
    assert filling.value("looked/health") == ""
    assert filling.value("looked/safety") == "act"


def test_what_followed_from_a_last_answer_is_taken_back_with_it(opened: Opened) -> None:
    sheet = Sheet(aids=Aids(now=lambda: NOON), last={"asked/level": "act"})
    view, hands, filling = opened(FOLLOWED, sheet)
    view.asking.answer("asked/told", "직접 적은 말")
    view.asking.stand_at("asked/level")
    hands.press("Shift+F4")
    followed = filling.value("asked/told")

    hands.press("Ctrl+Z")

    assert followed == "act이므로 알림"
    assert filling.value("asked/told") == "직접 적은 말"
    assert filling.value("asked/level") == ""
    assert view.cursor_path() == "asked/level"


def test_what_was_answered_anew_since_is_not_taken_back(opened: Opened) -> None:
    view, hands, filling = visit(opened)
    view.asking.stand_at("looked/safety")
    hands.press("Shift+F4")
    view.asking.answer("looked/health", "good")

    hands.press("Ctrl+Z")

    assert filling.value("looked/safety") == ""
    assert filling.value("looked/health") == "good"


def test_shift_f4_writes_no_old_words(opened: Opened) -> None:
    view, hands, filling = visit(opened)
    view.asking.stand_at("talked/said")

    hands.press("Shift+F4")

    assert filling.value("talked/said") == ""


def test_note_of_a_choice_opens_by_f2_or_when_it_is_needed(opened: Opened) -> None:
    view, hands, _ = visit(opened)
    view.asking.stand_at("looked/safety")
    hands.settle()
    rows = view.asking.page().rows
    assert "looked/safety_note" not in rows

    hands.press("F2")
    assert rows["looked/safety_note"].isVisible()
    assert view.cursor_path() == "looked/safety_note"

    view.asking.stand_at("looked/health")
    hands.press("3")
    assert rows["looked/health_note"].isVisible()
    assert view.cursor_path() == "looked/health_note"


def test_tab_from_a_note_that_opened_later_goes_on_to_the_next_question(opened: Opened) -> None:
    view, hands, _ = visit(opened)
    view.asking.stand_at("looked/safety")
    hands.press("3")
    assert view.cursor_path() == "looked/safety_note"

    hands.press("Tab")

    assert view.cursor_path() == "looked/health"


def test_tab_at_the_end_of_a_page_goes_on_to_the_next_and_shift_tab_comes_back(
    opened: Opened,
) -> None:
    view, hands, filling = visit(opened)
    view.asking.stand_at("talked/said")
    hands.compose("무릎이 아프다고 하심")
    hands.press("Tab")
    assert view.cursor_path() == "talked/seen"
    hands.compose("방이 차")
    hands.preedit("다")

    hands.press("Tab")

    assert view.cursor_path() == "todos[+]"
    assert view.asking.page().rows["todos[+]"].isAncestorOf(focused())
    assert filling.value("talked/seen") == "방이 차다"
    hands.press("Shift+Tab")
    assert view.cursor_path() == "talked/seen"
    assert view.asking.page().rows["talked/seen"].isAncestorOf(focused())


def test_tab_out_of_the_last_line_of_a_card_leads_back_to_what_it_was_about(
    opened: Opened,
) -> None:
    view, hands, _ = opened(CHECKLIST)
    hands.press("1", "Return", "4")
    at = view.cursor_path()
    hands.press("Ctrl+I")
    hands.compose("가상-라벨에 날짜 적기")
    card = view.cursor_path()
    assert card is not None

    for _ in range(10):
        hands.press("Tab")
        if not (view.cursor_path() or "").startswith("improvements"):
            break

    assert view.cursor_path() == at


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_phrase_is_chosen_by_its_digit_and_written_at_the_cursor(opened: Opened) -> None:
    view, hands, filling = visit(opened)
    view.asking.stand_at("talked/seen")
    hands.compose("가상 ")

    hands.press("F5")
    assert QApplication.activePopupWidget() is not None
    hands.press("2")
    hands.wait_until(lambda: QApplication.activePopupWidget() is None)

    assert filling.value("talked/seen") == "가상 약을 드시는지 여쭘"
    assert view.cursor_path() == "talked/seen"


def test_question_is_found_by_initials_and_gone_to(opened: Opened) -> None:
    view, hands, _ = visit(opened)

    hands.press("Ctrl+G")
    finder = view.findChild(Finder)
    assert finder is not None
    hands.wait_until(finder.isVisible)
    hands.compose("ㅅㅂㅅ ㅇㄱ")
    assert finder.found() == ("looked/link",)
    hands.press("Return")

    assert view.cursor_path() == "looked/link"
    hands.wait_until(view.asking.page().rows["looked/link"].answer.hasFocus)


def test_visit_shows_the_masked_name_and_can_be_covered(opened: Opened) -> None:
    view, hands, _ = visit(opened, subject="김*나 님", remark="14:05 시작")
    covered: list[bool] = []
    view.hide_requested.connect(lambda: covered.append(True))

    assert view.bar.subject.words() == "김*나 님"
    assert view.bar.remark.words() == "14:05 시작"
    assert view.bar.remark.isVisible()
    hands.click(view.bar.cover)

    assert covered == [True]


def test_form_about_nobody_has_nothing_to_cover(opened: Opened) -> None:
    view, _, _ = visit(opened)

    assert not view.bar.cover.isVisible()
    assert not view.bar.subject.isVisible()


def test_part_of_the_other_is_marked_and_can_be_filled_all_the_same(opened: Opened) -> None:
    sheet = Sheet(parts={"looked": "nurse", "talked": "welfare"}, seat="welfare", is_new=True)
    view, hands, filling = opened(VISIT, sheet)

    marked = {state.label: state.is_others for state in view.asking.rail.states()}
    assert marked["살핀 것"] is True
    assert marked["나눈 이야기"] is False
    view.asking.stand_at("looked/safety")
    hands.press("1")
    assert filling.value("looked/safety") == "good"


def test_read_back_shows_several_in_words_cards_and_the_text_to_be_copied(opened: Opened) -> None:
    view, hands, _ = visit(opened, copies=lambda: (Block("상담내용", "방문. 본인 확인.", 8),))
    for path, value in (
        ("meet/method", "visit"),
        ("meet/companion", "nurse tong"),
        ("looked/safety", "good"),
        ("looked/health", "good"),
        ("looked/link", "no"),
    ):
        view.asking.answer(path, value)
    view.asking.stand_at("todos[+]")
    hands.press("Ctrl+I")
    hands.compose("서류")

    hands.press("Ctrl+Return")

    lines = dict(view.reading.lines())
    assert lines["동행"] == "간호직, 통장"
    assert lines["무엇을"] == "서류"
    words = [text.words() for text in view.reading.findChildren(Text)]
    assert "새 약속 1" in words
    assert "방문. 본인 확인." in words
    assert "10/8자" in words
    copy = [b for b in view.reading.findChildren(QAbstractButton) if b.text() == "복사"]
    hands.click(copy[0])
    assert QGuiApplication.clipboard().text() == "방문. 본인 확인."


def test_key_on_a_checklist_that_means_nothing_there_is_said(opened: Opened) -> None:
    view, hands, _ = opened(CHECKLIST)

    hands.press("F3")
    assert view.foot.left.words() == "이 문항에는 사진 칸이 없습니다."
    hands.press("F2")
    assert view.foot.left.words() == "이 문항에는 메모 칸이 없습니다."
    hands.press("Ctrl+Delete")
    assert view.foot.left.words() == "여기에는 뺄 것이 없습니다."
