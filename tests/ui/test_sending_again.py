"""보류된 것 살펴보기: by keys from the line of what waits to the form that is sent anew."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from fieldapp.domain.exchange import PushReply, Receipt
from fieldapp.storage.replica import StoreReplica
from fieldapp.ui.jobs import Lane
from fieldapp.ui.syncing.inside_dialog import InsideDialog
from fieldapp.usecases import preferences, records, sending_again
from fieldapp.usecases.exchange import projections_of
from fieldapp.usecases.lists import change
from tests.outbox import pending
from tests.ui.conftest import AtWork
from tests.ui.looking import cut, outside
from tests.ui.neighbourhood import household_named
from tests.ui.samples import go
from tests.ui.test_passing_on import held

HANA = "가상-김하나"


def answer_first(at_work: AtWork, code: str, *, takes_in: bool = False) -> None:
    """The server's word on the first operation that waits: it is refused, or taken in but for
    what the code names.
    """
    session = at_work[2].session
    replica = StoreReplica(session.store, projections_of(session.catalogue))
    first = pending(replica, 500, 10_000_000)[0].op_id
    receipt = Receipt(op_id=first, status="rejected", code=code)
    if takes_in:
        receipt = Receipt(op_id=first, status="merged", rev=1, code=code)
    replica.accept_receipts(
        PushReply(epoch="가상", results=(receipt,), applied_seq=1, settled_through=0)
    )


def opened(at_work: AtWork, *keys: str) -> InsideDialog:
    """주고받기, the chosen line, Enter."""
    window, hands, desk = at_work
    go(window, hands, "syncing")
    desk.syncing.waiting.setFocus()
    hands.press(*keys, "Return")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the dialog")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, InsideDialog)
    hands.settle()
    return dialog


def test_refused_household_is_opened_again_as_a_form_with_what_was_typed(in_town: AtWork) -> None:
    window, hands, desk = in_town
    answer_first(in_town, "not_a_member")

    dialog = opened(in_town)

    assert "이 관할에 적을 권한이 없습니다" in dialog.what.words()
    assert HANA in {line.now for line in dialog.lines.lines()}
    assert cut(dialog) == []
    assert outside(dialog) == []
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the form")
    filling = desk.filling.filling()
    assert filling is not None
    assert filling.value("who/name") == HANA
    assert records.status(desk.session).quarantined == 0


def test_refused_one_is_given_up_and_read_behind_the_box(in_town: AtWork) -> None:
    window, hands, desk = in_town
    answer_first(in_town, "not_a_member")
    dialog = opened(in_town)

    dialog.drop.click()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()
    before = desk.syncing.waiting.cells()
    desk.syncing.aside.click()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()

    assert "거둠" not in {state for _, state, _ in before}
    assert [state for _, state, _ in desk.syncing.waiting.cells()].count("거둠") == 1
    assert [one.is_again for one in sending_again.all_aside(desk.session)] == [False]


def test_step_that_was_not_taken_says_what_was_and_is_gone_once_it_was_seen(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    answer_first(in_town, "step_refused", takes_in=True)
    go(window, hands, "syncing")
    rows = [row for row in desk.syncing.waiting.cells() if row[1] == "일부 받음"]
    assert [row[2] for row in rows] == ["답만 받고 단계는 받지 않았습니다."]

    dialog = opened(in_town, "Down")
    (told,) = dialog.what.words().splitlines()
    assert told.startswith("받은 것: 적은 답. 받지 않은 것:")
    assert told.endswith("지금은 '완료'이니 더 하실 일은 없습니다.")
    assert cut(dialog) == []
    dialog.seen.click()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()

    assert "일부 받음" not in {state for _, state, _ in desk.syncing.waiting.cells()}


def test_attachments_wait_while_the_box_is_ticked(in_town: AtWork) -> None:
    window, hands, desk = in_town
    go(window, hands, "syncing")
    assert not desk.syncing.pause.isChecked()

    desk.syncing.pause.setFocus()
    hands.press("Space")
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")

    assert preferences.preferences(desk.session).pauses_files
    go(window, hands, "records")
    go(window, hands, "syncing")
    assert desk.syncing.pause.isChecked()
    assert cut(window) == []
    assert outside(window) == []


def test_box_shows_what_was_ticked_although_the_page_was_being_read_before(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    go(window, hands, "syncing")

    with held(window, Lane.STORAGE):
        desk.exchange.reload()
        desk.syncing.pause.click()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")

    assert preferences.preferences(desk.session).pauses_files
    assert desk.syncing.pause.isChecked()


def test_what_was_sent_and_not_answered_is_not_said_to_be_sent_yet(in_town: AtWork) -> None:
    window, hands, desk = in_town
    answer_first(in_town, "not_a_member")

    go(window, hands, "syncing")

    (told,) = [reason for _, state, reason in desk.syncing.waiting.cells() if state == "보냄"]
    assert told == "다음 주고받기에서 서버의 답을 받습니다."


def test_change_by_hand_that_was_refused_is_made_again_at_once(in_town: AtWork) -> None:
    window, hands, desk = in_town
    session = desk.session
    for _ in range(2):
        answer_first(in_town, "signature_void", takes_in=True)
    with session.store.writing() as db:
        of = household_named(session, HANA)
        change(session, db, of.list, of.id, {"phone": "010-0000-0109"})
    answer_first(in_town, "base_not_visible")

    dialog = opened(in_town)
    assert [(line.before, line.now) for line in dialog.lines.lines()] == [
        ("010-0000-0101", "010-0000-0109")
    ]
    hands.press("Return")
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()

    told = [row for row in desk.syncing.waiting.cells() if row[1] == "보내지 않음"]
    assert [row[0] for row in told] == ["가구 가상-김하나: 전화 고침"]
