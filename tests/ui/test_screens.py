"""Screens without a store: signals out, `show_…` in."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.clock import KOREA
from fieldapp.errors import StoreFull, WrongPassword
from fieldapp.forms import Filling
from fieldapp.messages import message_for
from fieldapp.ui.filling.keeping import DraftKeeper
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.records.chooser import FormChooser
from fieldapp.ui.records.view import Line, RecordsView
from fieldapp.ui.syncing.conflict import Differing, DifferingLine, Written
from fieldapp.ui.syncing.view import SyncingView, WaitingLine
from fieldapp.ui.unlock.making import NewProfile
from fieldapp.ui.unlock.view import UnlockView
from fieldapp.ui.widgets.notices import Toast
from fieldapp.ui.widgets.status_line import StatusLine, Truth
from tests.ui.samples import NOON, begin_work, go

HandsOn = Callable[[QWidget], Hands]
ROLES = [("dong_welfare", "동 복지담당"), ("secretariat", "사무국")]


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine where nobody listens, held so that nobody begins to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


# Unlock


def test_unlock_asks_for_the_chosen_profile_and_enter_opens(hands_on: HandsOn) -> None:
    view = UnlockView(ROLES)
    asked: list[tuple[str, str]] = []
    view.unlock_requested.connect(lambda *given: asked.append(given))
    hands = hands_on(view)
    view.show_profiles([("p1", "가상-오사무"), ("p2", "가상-이담당")])
    hands.settle()

    hands.press("Shift+Tab", "Down", "Tab")
    hands.type_text("secret words")
    hands.press("Return")

    assert asked == [("p2", "secret words")]


def test_caps_lock_and_hangul_are_pointed_out_while_a_password_is_typed(
    hands_on: HandsOn,
) -> None:
    view = UnlockView(ROLES)
    hands = hands_on(view)
    view.show_profiles([("p1", "가상-오사무")])
    hints: list[str] = []
    view.password.hinted.connect(hints.append)

    for text in ("A", "ㅁ", "a"):
        key = QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(view.password, key)

    assert "Caps Lock" in hints[0]
    assert "한/영" in hints[1]
    assert hints[2] == ""
    assert hands.window is view


def test_failure_says_what_is_safe_and_empties_the_box(hands_on: HandsOn) -> None:
    view = UnlockView(ROLES)
    hands = hands_on(view)
    view.show_profiles([("p1", "가상-오사무")])
    hands.type_text("wrong")

    view.show_failure(message_for(WrongPassword(attempts_left=2, wait_s=0)))

    assert "기록은 그대로 있습니다" in view.banner.words()
    assert view.password.text() == ""
    assert view.password.hasFocus()


def test_first_start_refuses_two_different_passwords(hands_on: HandsOn) -> None:
    view = UnlockView(ROLES)
    made: list[NewProfile] = []
    view.create_requested.connect(made.append)
    hands = hands_on(view)
    view.show_profiles([])
    hands.settle()

    for text in ("가상-오사무", "osamu", "가상-햇살동"):
        hands.write(text)
        hands.press("Return")
    hands.type_text("one password")
    hands.press("Return")
    hands.type_text("another one!")
    hands.press("Return")
    assert made == []

    hands.press("Ctrl+A")
    hands.type_text("one password")
    hands.press("Return")
    assert [profile.password for profile in made] == ["one password"]


# Records


def _line(record_id: str, delivery: str, *, is_draft: bool = False) -> Line:
    at = datetime(2026, 11, 30, 14, 5, tzinfo=KOREA)
    return Line(
        record_id, at, "서식", f"기록 {record_id}", "완료", delivery, "가상-오사무", is_draft
    )


def test_every_fate_of_a_record_has_its_own_word(hands_on: HandsOn) -> None:
    view = RecordsView()
    hands_on(view)
    fates = ("draft", "unsent", "sent", "received", "held", "conflict")

    view.show_lines([_line(fate, fate) for fate in fates])

    words = [cells[4] for cells in view.table.cells()]
    assert words == ["작성 중", "보내지 않음", "보냄", "받음", "보류", "서로 다름"]


def test_list_read_again_keeps_the_chosen_record_chosen(hands_on: HandsOn) -> None:
    view = RecordsView()
    hands = hands_on(view)
    view.show_lines([_line("a", "received"), _line("b", "received")])
    view.take_focus()
    hands.press("Down")

    view.show_lines([_line("new", "unsent"), _line("a", "received"), _line("b", "received")])

    assert view.table.chosen_key() == "b"


def test_list_is_copied_with_its_heads(hands_on: HandsOn) -> None:
    view = RecordsView()
    hands = hands_on(view)
    view.show_lines([_line("a", "received")])
    view.take_focus()

    hands.press("Ctrl+C")

    head, row = QApplication.clipboard().text().split("\n")
    assert head.split("\t")[:2] == ["고친 때", "서식"]
    assert row.split("\t")[2] == "기록 a"


def test_form_is_chosen_by_its_initials(hands_on: HandsOn) -> None:
    parent = QWidget()
    hands = hands_on(parent)
    chooser = FormChooser([("P01", "정기 안부"), ("P13e", "가사서비스 이용만족도")], parent)
    chosen: list[str] = []
    chooser.chosen.connect(chosen.append)
    chooser.open()
    hands.wait_until(chooser.search.hasFocus, "the dialog")

    hands.compose("ㄱㅅ")
    hands.press("Return")

    assert chosen == ["P13e"]


# Filling


def test_words_that_may_be_lost_are_the_one_red_thing(
    form: tuple[FillingView, Hands, Filling],
) -> None:
    view, hands, _ = form
    asked: list[bool] = []
    view.retry_requested.connect(lambda: asked.append(True))

    view.show_save_failed(message_for(StoreFull()))
    hands.settle()

    assert view.banner.property("banner") == "danger"
    assert view.foot.saved.words().startswith("▲")
    hands.click(view.foot.retry)
    assert asked == [True]
    view.show_saved(NOON)
    assert view.foot.saved.words() == "저장됨 13:55:00"
    assert view.foot.retry.isHidden()


def test_keeper_counts_from_the_first_unsaved_key(qapp: QApplication) -> None:
    keeper = DraftKeeper()
    due: list[bool] = []
    keeper.snapshot_due.connect(lambda: due.append(True))

    keeper.now()
    assert due == []
    keeper.touch()
    keeper.now()
    assert due == [True]
    keeper.taken()
    keeper.now()
    assert due == [True]


# Exchange


def test_counts_are_shown_as_they_are_and_can_be_stopped(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    stopped: list[bool] = []
    view.stop_requested.connect(lambda: stopped.append(True))

    view.show_working("보내는 중", 12, 40)
    assert view.progress.words() == "보내는 중 12/40"
    assert not view.exchange.isEnabled()
    hands.press("Escape")
    assert stopped == [True]

    view.show_rested()
    assert view.exchange.isEnabled()
    hands.press("Escape")
    assert stopped == [True]


def test_keys_come_back_to_the_button_that_began_the_round(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    view.take_focus()
    hands.settle()
    assert view.exchange.hasFocus()

    view.show_working("보내는 중", 12, 40)
    hands.settle()
    view.show_rested()

    assert view.exchange.hasFocus()


def test_what_waits_says_why(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands_on(view)

    view.show_waiting([WaitingLine("r", "설문 1", "보류", "이미 종결된 가구입니다.")])

    assert view.waiting_head.words() == "기다리는 것 1건"
    assert view.waiting.cells() == (("설문 1", "보류", "이미 종결된 가구입니다."),)
    assert view.told.words() == "설문 1. 이미 종결된 가구입니다."


def test_what_waits_of_one_household_is_told_in_full_change_by_change(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands_on(view)
    key, waits = "household/h", "다음 주고받기에서 보냅니다."

    view.show_waiting(
        [
            WaitingLine(key, "가구 가상-김하나: 전화 고침", "보내지 않음", waits),
            WaitingLine(key, "가구 가상-김하나: 주소, 담당 고침", "보내지 않음", waits),
        ]
    )

    assert view.waiting_head.words() == "기다리는 것 2건"
    assert view.told.words().splitlines() == [
        f"가구 가상-김하나: 전화 고침. {waits}",
        f"가구 가상-김하나: 주소, 담당 고침. {waits}",
    ]


DIFFERING = Differing(
    conflict_id="c1",
    title="설문 1",
    heads=("처음 값", "내가 적은 값", "가상-박간호 님 값"),
    whens=("", "11. 30. 14:08", "11. 27. 16:40"),
    lines=(
        DifferingLine("good", "좋았던 점", ("처음", "내 것", "남의 것")),
        DifferingLine("wish", "바라는 점", (None, "가", "나")),
    ),
)


def test_conflict_is_settled_by_digits_and_a_reason_and_not_without(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    view.conflicts.show_conflicts([DIFFERING])
    settled: list[tuple[object, ...]] = []
    view.conflicts.settle_requested.connect(lambda *given: settled.append(given))
    hands.settle()
    view.conflicts.take_focus()

    hands.press("3", "2")
    assert view.conflicts.reason.hasFocus()
    hands.press("Return")
    assert settled == []
    hands.compose("본인에게 확인함")
    hands.press("Return")

    assert settled == [("c1", {"good": "theirs", "wish": "ours"}, "본인에게 확인함")]


def test_conflict_read_again_keeps_what_was_chosen_and_written(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    view.conflicts.show_conflicts([DIFFERING])
    hands.settle()
    view.conflicts.take_focus()
    hands.press("3", "2")
    hands.compose("확인함")

    view.conflicts.show_conflicts([DIFFERING])

    assert view.conflicts.reason.text() == "확인함"


def test_server_that_cannot_be_reached_is_said_in_three_sentences(
    window: tuple[MainWindow, Hands], closed_port: int
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    go(opened, hands, "syncing")
    assert opened.desk is not None
    syncing = opened.desk.syncing
    hands.wait_until(syncing.sign_in.address.hasFocus, "the sign-in card")

    for text in (f"http://127.0.0.1:{closed_port}", "gasang-osamu", "secret", "code"):
        hands.type_text(text)
        hands.press("Return")
    hands.wait_until(lambda: bool(syncing.banner.words()), "the notice")

    assert "서버에 연결되지 않" in syncing.banner.words()
    assert syncing.sign_in.button.isEnabled()


# Frame


def test_status_line_says_where_the_words_are(hands_on: HandsOn) -> None:
    line = StatusLine()
    hands_on(line)

    line.show_truth(
        Truth(saved_at=NOON, unsent=3, last_exchange=NOON, conflicts=1, is_reached=False)
    )

    assert line.words() == (
        "저장됨 13:55:00 · 보내지 않은 기록 3건 · 마지막 주고받기 11. 30. 13:55"
        " · 서로 다른 내용 1건 서버에 연결되지 않음"
    )


def test_toast_undoes_what_was_done(hands_on: HandsOn) -> None:
    parent = QWidget()
    hands = hands_on(parent)
    undone: list[bool] = []
    toast = Toast(parent)
    toast.show_done("약속 1건을 지웠습니다.", undo="되돌리기", deed=lambda: undone.append(True))
    hands.settle()

    hands.click(toast.button)

    assert undone == [True]
    assert toast.isHidden()


def test_value_of_neither_side_is_written_and_a_choice_is_chosen(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    lines = (
        DifferingLine("good", "좋았던 점", ("처음", "내 것", "남의 것")),
        DifferingLine("mode", "작성 방법", (None, "종이", "면접"), (("1", "본인"), ("4", "종이"))),
    )
    view.conflicts.show_conflicts([replace(DIFFERING, lines=lines)])
    settled: list[tuple[object, ...]] = []
    view.conflicts.settle_requested.connect(lambda *given: settled.append(given))
    hands.settle()
    view.conflicts.take_focus()

    hands.press("4")
    hands.compose("둘 다")
    hands.press("Return", "4", "Down", "Return")
    assert view.conflicts.reason.hasFocus()
    hands.compose("확인함")
    hands.press("Return")

    assert settled == [("c1", {"good": Written("둘 다"), "mode": Written("4")}, "확인함")]
