"""이력 by keys: F7 on a record, ↑↓ through its changes, Esc back; what is missing is said so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QScrollArea, QWidget

from fieldapp.clock import KOREA
from fieldapp.domain.ids import ConflictId, RecordId
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.record import RevisionHeader
from fieldapp.storage.replica import StoreReplica
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.records.history import HistoryPage, ShownChange
from fieldapp.ui.records.view import Line, RecordsView
from fieldapp.ui.review.lines import AnswerLine
from fieldapp.ui.syncing.conflict import Differing, DifferingLine
from fieldapp.ui.syncing.conflict_words import differing
from fieldapp.ui.syncing.view import SyncingView
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases import exchange
from fieldapp.usecases.conflicts import ConflictLineView, ConflictView
from tests.laptops import ANSWERS
from tests.storage import building as b
from tests.ui.looking import cut, outside
from tests.ui.samples import begin_work, fill_survey, go, open_survey

HandsOn = Callable[[QWidget], Hands]

CHANGES = (
    ShownChange(
        "11. 30. 14:08",
        "가상-오사무",
        "보내지 않음",
        "까닭: 본인에게 다시 확인함",
        (AnswerLine("said", "본인 말씀", "무릎이 아파", "무릎이 많이 아파", is_changed=True),),
        "warning",
    ),
    ShownChange("11. 28. 09:12", "가상-박간호", "완료", "바뀐 값은 서버에 있습니다.", ()),
)


def _records(hands_on: HandsOn) -> tuple[RecordsView, Hands]:
    view = RecordsView()
    hands = hands_on(view)
    at = datetime(2026, 11, 30, 14, 5, tzinfo=KOREA)
    view.show_lines(
        [
            Line(key, at, "서식", f"기록 {key}", "완료", "received", "가상-오사무", is_draft=False)
            for key in ("a", "b")
        ]
    )
    hands.settle()
    view.take_focus()
    return view, hands


def _about(page: HistoryPage) -> str:
    return page.about.words()


def test_f7_asks_for_the_chosen_records_history_and_esc_goes_back_to_it(hands_on: HandsOn) -> None:
    view, hands = _records(hands_on)
    asked: list[str] = []
    view.history_requested.connect(asked.append)

    hands.press("Down", "F7")
    view.history.show_history("기록 b", "고친 횟수 2", CHANGES)
    view.show_history()
    hands.settle()
    assert asked == ["b"]
    assert view.history.changes.hasFocus()
    assert (cut(view), outside(view)) == ([], [])

    hands.press("Escape")

    assert not view.is_history_shown()
    assert view.table.hasFocus()
    assert view.table.chosen_key() == "b"


def test_each_change_tells_what_it_changed_or_that_this_is_with_the_server(
    hands_on: HandsOn,
) -> None:
    page = HistoryPage()
    hands = hands_on(page)
    page.show_history("기록", "고친 횟수 2", CHANGES)
    hands.settle()
    page.take_focus()
    assert [line.words() for line in page.lines.lines()] == [
        "본인 말씀: 무릎이 많이 아파, 앞서 무릎이 아파"
    ]

    hands.press("Down")

    assert _about(page) == "바뀐 값은 서버에 있습니다."
    assert not page.lines.isVisible()


def test_a_history_read_again_with_a_newer_change_keeps_the_chosen_one_chosen(
    hands_on: HandsOn,
) -> None:
    page = HistoryPage()
    hands = hands_on(page)
    page.show_history("기록", "고친 횟수 2", CHANGES)
    hands.settle()
    page.take_focus()
    hands.press("Down")

    page.show_history("기록", "고친 횟수 3", (CHANGES[0], *CHANGES))

    assert _about(page) == "바뀐 값은 서버에 있습니다."


def test_changes_written_on_this_laptop_are_told_without_a_server(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    open_survey(opened, hands)
    fill_survey(hands)
    hands.press("Ctrl+Return", "Return")
    hands.wait_until(lambda: opened.screen_name() == "records", "the list")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")

    hands.press("F7")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")

    assert opened.desk is not None
    page = opened.desk.records.history
    assert page.isVisible()
    assert [cells[1:] for cells in page.changes.cells()] == [("가상-오사무", "보내지 않음")]
    assert "일련번호: 1" in [line.words() for line in page.lines.lines()]
    assert page.banner.words() == ""
    assert not page.fetch.isVisible()


def test_what_only_the_server_knows_is_asked_for_and_a_dead_line_is_told(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    assert opened.desk is not None
    session = opened.desk.session
    record = b.record_id_at()
    header = RevisionHeader(
        rev=1, who="가상-이담당", when="2025-11-30T09:12:00+09:00", state="완료", paths=("serial",)
    )
    StoreReplica(session.store, exchange.projections_of(session.catalogue)).accept_rows(
        b.page(b.put(RecordId(record), 1, {"serial": "1"}, history=(header,)))
    )
    go(opened, hands, "records")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")

    hands.press("F7")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")

    page = opened.desk.records.history
    assert page.changes.cells() == (("2025. 11. 30. 09:12", "가상-이담당", "완료"),)
    assert _about(page) == "바뀐 값은 서버에 있습니다. 바뀐 물음: 일련번호"
    assert page.banner.words() != ""
    assert page.fetch.isVisible()
    assert page.fetch.isEnabled()


def test_what_does_not_fit_since_two_people_changed_it_is_told_at_the_newest_change(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    assert opened.desk is not None
    session = opened.desk.session
    headers = [
        RevisionHeader(rev=rev, who=f"가상-{who}", when=when, state="완료", paths=("serial",))
        for rev, who, when in (
            (2, "박간호", "2026-11-30T09:12:00+09:00"),
            (1, "이담당", "2026-11-29T09:12:00+09:00"),
        )
    ]
    answers = {path: text for path, text in ANSWERS.items() if path != "batch"} | {"serial": "0"}
    StoreReplica(session.store, exchange.projections_of(session.catalogue)).accept_rows(
        b.page(b.put(b.record_id_at(), 2, answers, history=tuple(headers)))
    )
    go(opened, hands, "records")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")

    hands.press("F7")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")
    page = opened.desk.records.history
    newest = _about(page).splitlines()
    hands.press("Down")

    assert "확인할 점 (일련번호): 1보다 작은 번호는 쓸 수 없습니다" in newest
    assert sum(line.startswith("확인할 점") for line in newest) == 2  # batch is asked for, too
    assert "확인할 점" not in _about(page)
    assert cut(page) == []


def test_page_without_a_difference_does_not_scroll(hands_on: HandsOn) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.resize(1016, 340)
    view.show_sign_in("")
    hands.settle()
    view.show_ready()
    hands.settle()

    (scroll,) = [
        area for area in view.findChildren(QScrollArea) if area.isAncestorOf(view.conflicts)
    ]
    assert not scroll.verticalScrollBar().isVisible()
    assert scroll.verticalScrollBar().maximum() == 0


def test_question_that_nobody_decided_is_scrolled_to_when_all_are_to_be_settled(
    hands_on: HandsOn,
) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    lines = tuple(
        DifferingLine(f"q{number}", f"물음 {number}", ("처음", "내 것 " * 40, "남의 것"))
        for number in range(4)
    )
    conflict = Differing("c", "기록", ("처음 값", "내 값", "남의 값"), ("", "", ""), lines)
    view.conflicts.show_conflicts([conflict])
    first = view.conflicts.values("q0")
    hands.wait_until(lambda: first[1].height() == first[1].heightForWidth(first[1].width()))
    for line in lines[1:]:
        view.conflicts.choose(line.path, "ours")
    view.conflicts.reason.setFocus()
    hands.press("Shift+Tab")
    assert first[0].visibleRegion().isEmpty()

    hands.press("Ctrl+Shift+Return")
    hands.settle()

    assert not first[0].visibleRegion().isEmpty()


def test_what_is_asked_of_a_locked_record_stands_beside_its_present_value(
    hands_on: HandsOn,
) -> None:
    asked = ConflictView(
        conflict_id=ConflictId("c"),
        object=ObjectRef(type="record", id="01934f4e-0000-7000-8000-000000000012"),
        title="안부 기록",
        ours_author="가상-최팀장",
        ours_at=b.NOON,
        theirs_author="가상-이담당",
        theirs_at=b.NOON,
        lines=(ConflictLineView("said", "본인 말씀", "처음", "처음", "고친 말", {}),),
        is_correction=True,
    )
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    view.conflicts.show_conflicts([differing(asked, "가상-최팀장")])
    hands.settle()
    first, ours, theirs, _ = view.conflicts.values("said")

    assert first.accessibleName() == "1 처음 값: 처음"
    assert ours.accessibleName() == "2 지금 값: 처음"
    assert "가상-이담당 님 요청" in theirs.accessibleName()
    texts = view.conflicts.findChildren(Text)
    assert "정정 요청: 안부 기록" in [text.accessibleName() for text in texts]
    assert cut(view.conflicts) == []


def test_both_values_of_a_conflict_stand_side_by_side_each_under_its_author(
    hands_on: HandsOn,
) -> None:
    view = SyncingView()
    hands = hands_on(view)
    view.show_ready()
    values = ("처음", "내 것 " * 60, "남의 것")
    view.conflicts.show_conflicts(
        [
            Differing(
                conflict_id="c",
                title="기록",
                heads=("처음 값", "내가 적은 값", "가상-박간호 님 값"),
                whens=("", "11. 30. 14:08", "11. 27. 16:40"),
                lines=(DifferingLine("said", "본인 말씀", values),),
            )
        ]
    )
    first, ours, theirs, _ = view.conflicts.values("said")
    hands.settle()

    hands.wait_until(lambda: ours.height() == ours.heightForWidth(ours.width()), "its words whole")
    assert ours.y() == theirs.y() > first.y() + first.height()
    assert ours.x() + ours.width() < theirs.x()
    assert ours.height() == theirs.height()
    assert "내가 적은 값" in ours.accessibleName()
    assert "가상-박간호 님 값" in theirs.accessibleName()
