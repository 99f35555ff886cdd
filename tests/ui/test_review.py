"""확인 by keys: beside what it said before, confirmed, or sent back with words at a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QWidget

from fieldapp.clock import instant_text
from fieldapp.domain.record import RevisionHeader
from fieldapp.errors import RoleMissing
from fieldapp.messages import message_for
from fieldapp.storage.replica import StoreReplica
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.review.comparing import changed_words
from fieldapp.ui.review.lines import AnswerLine
from fieldapp.ui.review.view import ReviewView, Shown
from fieldapp.ui.widgets.rows import Head, Item
from fieldapp.usecases.exchange import projections_of
from tests.storage import building as b
from tests.ui.looking import cut
from tests.ui.samples import NOON, begin_work, go

HandsOn = Callable[[QWidget], Hands]
View = tuple[ReviewView, Hands]
#: The place of the team leader in the list of roles.
LEAD = 2
WORDS = st.lists(st.sampled_from(["무릎이", "아파", "쌀", "병원에", "다님"]), max_size=8)
RECORD = Shown(
    record_id="a",
    title="방문·안부 기록",
    about="가상-이담당",
    lines=(
        AnswerLine("m", "방법", "방문", "방문", is_changed=False),
        AnswerLine("said", "본인 말씀", "무릎이 아파", "무릎이 많이 아파", is_changed=True),
    ),
    confirm="확인",
    send_back="보완 요청",
)


@pytest.fixture
def view(hands_on: HandsOn) -> View:
    shown = ReviewView()
    hands = hands_on(shown)
    shown.show_queue([Head("살펴볼 기록 2"), Item("a", "가상-하나"), Item("b", "가상-두리")], 2)
    shown.show_record(RECORD)
    shown.take_focus()
    hands.settle()
    return shown, hands


def test_record_opens_at_its_first_changed_question(view: View) -> None:
    review, hands = view

    hands.press("Return")

    line = review.answers.current_line()
    assert review.answers.hasFocus()
    assert line is not None
    assert line.path == "said"


def test_what_does_not_fit_stands_under_its_question_and_is_where_the_keys_begin(
    view: View,
) -> None:
    review, hands = view
    remark = "만나러 간 날보다 빠릅니다"
    line = AnswerLine("again", "다시 갈 날", None, "11월 10일", is_changed=False, remark=remark)
    bare, told = _height(view, replace(line, remark="")), _height(view, line)

    hands.press("Return")

    assert review.answers.currentIndex().data() == f"다시 갈 날: 11월 10일, 확인할 점: {remark}"
    assert told > bare
    assert cut(review) == []


def test_remark_on_what_two_people_merged_is_read_with_the_record(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands, LEAD)
    assert opened.desk is not None
    session, review = opened.desk.session, opened.desk.review
    headers = [
        RevisionHeader(
            rev=rev, who="가상-이담당", when=instant_text(NOON), state="완료", paths=("visit_date",)
        )
        for rev in (2, 1)
    ]
    pulled = b.put(
        b.record_id_at(),
        2,
        {"visit_date": "2030-01-01"},
        form=session.catalogue.newest("P01").plans.form,
        kind="visit",
        author="가상-이담당",
        history=tuple(headers),
    )
    StoreReplica(session.store, projections_of(session.catalogue)).accept_rows(b.page(pulled))

    go(opened, hands, "review")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")
    hands.press("Return")

    lines = {line.path: line for line in review.answers.lines()}
    assert lines["visit_date"].remark == "아직 오지 않은 날입니다"
    told = [line for line in lines.values() if line.remark]
    assert review.answers.current_line() == told[0]
    assert review.about.words().endswith(f"확인할 점 {len(told)}")


def _height(view: View, line: AnswerLine) -> int:
    """How much room a last line takes."""
    review, hands = view
    review.show_record(replace(RECORD, lines=(*RECORD.lines[:1], line)))
    hands.settle()
    return review.answers.visualRect(review.answers.model().index(1, 0)).height()


def test_one_press_is_one_step_and_a_refusal_gives_the_button_back(view: View) -> None:
    review, hands = view
    confirmed: list[str] = []
    review.confirmed.connect(confirmed.append)

    hands.press("Ctrl+Return", "Ctrl+Return")
    assert confirmed == ["a"]
    review.show_refused(message_for(RoleMissing(label="확인")))
    hands.press("Ctrl+Return")

    assert confirmed == ["a", "a"]


def test_grade_that_is_asked_for_is_given_by_f4_or_kept_by_confirming(view: View) -> None:
    review, hands = view
    told: list[tuple[str, str]] = []
    review.confirmed.connect(lambda record_id: told.append(("kept", record_id)))
    review.grade_accepted.connect(lambda record_id: told.append(("given", record_id)))
    hands.press("F4")
    assert told == []
    assert not review.accept_grade.isVisible()
    asking = replace(RECORD, proposal="등급 변경 제안: 위험 → 관심 (가상-이웃과 지냄)")

    review.show_record(asking)
    assert "위험 → 관심" in review.proposal.words()
    assert review.confirm.text() == "등급 그대로 두고 확인"
    hands.press("F4", "F4", "Ctrl+Return")
    review.show_record(replace(asking, record_id="b"))
    hands.press("Ctrl+Return")

    assert told == [("given", "a"), ("kept", "b")]
    assert cut(review) == []


def test_comment_stands_at_its_question_and_goes_with_the_request(view: View) -> None:
    review, hands = view
    sent: list[tuple[str, str, object]] = []
    review.sent_back.connect(lambda *told: sent.append(told))

    hands.press("Return", "F2")
    hands.compose("언제부터인지 적어 주세요")
    hands.press("Return", "F8")
    hands.compose("한 칸만 더")
    hands.press("Return")

    assert sent == [("a", "한 칸만 더", {"said": "언제부터인지 적어 주세요"})]


def test_nothing_goes_back_without_a_word_and_escape_drops_the_question(view: View) -> None:
    review, hands = view
    sent: list[object] = []
    review.sent_back.connect(lambda *told: sent.append(told))

    hands.press("F8", "Return")
    assert sent == []
    assert review.asked.hasFocus()
    hands.press("Escape")

    assert review.asked.isHidden()
    assert review.confirm.isEnabled()


def test_record_read_again_keeps_what_is_being_said(view: View) -> None:
    review, hands = view
    hands.press("Return", "F2")
    hands.compose("언제부터")

    review.show_record(RECORD)

    assert review.asked.text() == "언제부터"


def test_all_clean_ones_are_confirmed_only_after_a_look_at_three(view: View) -> None:
    review, hands = view
    told: list[bool] = []
    review.all_confirmed.connect(lambda: told.append(True))

    review.show_all_ready(14, left_to_see=1)
    hands.press("Ctrl+Shift+Return")
    assert told == []
    review.show_all_ready(14, left_to_see=0)
    hands.press("Ctrl+Shift+Return")

    assert told == [True]
    assert "14건" in review.confirm_all.text()


@given(before=WORDS, now=WORDS)
def test_words_marked_new_are_what_the_other_does_not_have_in_that_order(
    before: list[str], now: list[str]
) -> None:
    marked = changed_words(" ".join(before), " ".join(now))

    assert [word for word, _ in marked] == now
    kept = iter(before)
    assert all(word in kept for word, is_new in marked if not is_new)
    if before == now:
        assert not any(is_new for _, is_new in marked)
