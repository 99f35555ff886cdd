"""The whole app on one laptop: real store, real keys, no server."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from fieldapp.domain.ids import RecordId
from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.usecases import filling as usecases
from tests.ui.samples import PASSWORD, begin_work, fill_survey, go, open_survey

App = tuple[MainWindow, Hands]


@pytest.fixture
def at_work(in_office: tuple[MainWindow, Hands, Desk]) -> tuple[MainWindow, Hands, Desk]:
    opened, hands, _ = in_office
    go(opened, hands, "records")
    return in_office


AtWork = tuple[MainWindow, Hands, Desk]


def _rest(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")


def _unlock(window: MainWindow, hands: Hands) -> Desk:
    hands.wait_until(window.unlock.password.hasFocus, "the password box")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None, "the store to open")
    _rest(window, hands)
    assert window.desk is not None
    return window.desk


def _draft(desk: Desk, record_id: str) -> dict[str, str]:
    return usecases.open_draft(desk.session, RecordId(record_id)).filling.draft_answers()


def test_first_start_makes_a_profile_and_says_what_to_do_first(window: App) -> None:
    opened, hands = window
    begin_work(opened, hands)
    desk = opened.desk
    assert desk is not None

    assert opened.screen_name() == "today"
    assert desk.session.worker.name == "가상-오사무"
    assert desk.session.worker.roles == {"secretariat"}
    focus = QApplication.focusWidget()
    assert focus is not None
    assert "이번 주" in focus.accessibleName()


def test_survey_is_written_finished_and_listed(at_work: AtWork) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    fill_survey(hands, serial="7")
    hands.press("Ctrl+Return", "Return")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")
    _rest(window, hands)

    (line,) = desk.records.table.cells()
    assert line[1:5] == ("가사서비스 이용만족도", "설문 7", "완료", "보내지 않음")
    assert desk.records.table.hasFocus()
    assert "보내지 않은 기록 1건" in window.status_line.words()


def test_leaving_keeps_the_draft_and_enter_takes_it_up_at_the_same_question(
    at_work: AtWork,
) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    hands.compose("햇살")
    hands.press("Return")
    hands.type_text("12")
    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")
    _rest(window, hands)
    assert [line[4] for line in desk.records.table.cells()] == ["작성 중"]

    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the draft")

    assert desk.filling.cursor_path() == "serial"


def test_key_pressed_in_a_draft_that_came_back_goes_on_writing_and_replaces_nothing(
    at_work: AtWork,
) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    hands.compose("햇살")
    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")
    _rest(window, hands)
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the draft")
    record_id = desk.form.draft_id()
    assert record_id is not None

    hands.compose("동")
    hands.press("Ctrl+L")
    hands.wait_until(lambda: window.desk is None and window.jobs.is_idle(), "the lock")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the draft again")
    hands.compose("네")
    hands.press("Escape")
    again = window.desk
    assert again is not None
    hands.wait_until(
        lambda: not again.form.is_open() and window.jobs.is_idle(), "the form to close"
    )

    assert _draft(again, record_id)["batch"] == "햇살동네"


def test_draft_is_written_without_anyone_asking(at_work: AtWork) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    hands.compose("햇")
    hands.preedit("살")

    hands.wait_until(lambda: "저장됨" in desk.filling.foot.saved.words(), "the autosave")

    record_id = desk.form.draft_id()
    assert record_id is not None
    assert _draft(desk, record_id)["batch"] == "햇살"


def test_form_that_was_only_looked_at_leaves_no_draft(at_work: AtWork) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)

    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")
    _rest(window, hands)

    assert desk.records.table.cells() == ()


def test_lock_hides_everything_at_once_and_the_same_page_comes_back(at_work: AtWork) -> None:
    window, hands, _ = at_work
    open_survey(window, hands)
    hands.compose("햇")
    hands.preedit("살")

    hands.press("Ctrl+L")
    assert window.screen_name() == "unlock"
    assert window.desk is None
    _rest(window, hands)
    desk = _unlock(window, hands)
    hands.wait_until(lambda: window.screen_name() == "filling", "the same page")

    assert desk.filling.cursor_path() == "batch"
    box = desk.filling.asking.page().rows["batch"].answer.focus_box()
    assert isinstance(box, QLineEdit)
    assert box.text() == "햇살"


def test_wrong_password_says_so_and_opens_nothing(at_work: AtWork) -> None:
    window, hands, _ = at_work
    hands.press("Ctrl+L")
    hands.wait_until(window.unlock.password.hasFocus, "the password box")
    _rest(window, hands)

    hands.type_text("not-it")
    hands.press("Return")
    hands.wait_until(lambda: bool(window.unlock.banner.words()), "the refusal")

    assert "비밀번호가 맞지 않습니다" in window.unlock.banner.words()
    assert window.desk is None
    assert window.unlock.password.text() == ""


def test_closing_the_window_keeps_what_was_typed(
    at_work: AtWork, tmp_path: Path, compiled_packs: Path
) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    hands.compose("마지막")
    hands.preedit("말")
    hands.press("Shift")
    session = desk.session

    window.close()

    from fieldapp.usecases import profiles

    (profile,) = profiles.list_profiles(tmp_path / "profiles")
    again = profiles.unlock(profile, PASSWORD, session.clock, compiled_packs)
    try:
        from fieldapp.usecases.records import records_page

        (row,) = records_page(again).rows
        opened = usecases.open_draft(again, row.record_id)
        assert opened.filling.draft_answers()["batch"] == "마지막말"
    finally:
        from fieldapp.usecases.session import lock

        lock(again)


def test_draft_is_thrown_away_only_after_a_second_word(at_work: AtWork) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    hands.compose("햇살")
    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")
    _rest(window, hands)

    hands.press("Delete")
    assert "지우시겠습니까" in desk.records.banner.words()
    assert len(desk.records.table.cells()) == 1
    (button,) = [b for b in desk.records.banner.findChildren(QAbstractButton) if b.isVisible()]
    hands.click(button)
    _rest(window, hands)

    assert desk.records.table.cells() == ()


def test_amending_gives_a_reason_and_a_new_revision(at_work: AtWork) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    fill_survey(hands, serial="3")
    hands.press("Ctrl+Return", "Return")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")
    _rest(window, hands)

    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the record")
    hands.press("Return", "Backspace")
    hands.type_text("4")
    hands.press("Ctrl+Return")
    hands.compose("번호를 잘못 적음")
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")
    _rest(window, hands)

    (line,) = desk.records.table.cells()
    assert line[2] == "설문 4"


def test_summary_shows_its_page_and_goes_nowhere_without_a_purpose(
    at_work: AtWork, tmp_path: Path
) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    fill_survey(hands)
    hands.press("Ctrl+Return", "Return")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")

    go(window, hands, "summaries")
    hands.wait_until(lambda: not desk.summaries.sheet.pixmap().isNull(), "the page")
    _rest(window, hands)
    assert "기록 1건" in desk.summaries.bar.words()

    hands.press("Ctrl+P")
    assert desk.summaries.purpose.hasFocus()
    assert not list(tmp_path.glob("*.pdf"))

    hands.press("Down")
    _rest(window, hands)
    hands.press("Ctrl+P")
    hands.wait_until(lambda: any(tmp_path.glob("*.pdf")), "the file")
    hands.press("Ctrl+Shift+X")
    hands.wait_until(lambda: any(tmp_path.glob("*.xlsx")), "the sheet")


def test_rail_follows_its_keys_and_no_list_stands_beside_an_open_form(at_work: AtWork) -> None:
    window, hands, _ = at_work
    names = [tile.name for tile in window.rail.tiles()]
    assert names == [
        "today", "records", "monitoring", "review", "summaries", "syncing", "admin",
    ]  # fmt: skip
    for number, name in enumerate(names, 1):
        hands.press(f"Ctrl+{number}")
        assert window.screen_name() == name
    _rest(window, hands)

    open_survey(window, hands)
    assert not window.rail.isVisible()
    assert not window.status_line.isVisible()
    hands.press("Ctrl+2")
    assert window.screen_name() == "filling"


def test_f6_walks_the_areas_and_comes_round(at_work: AtWork) -> None:
    window, hands, _ = at_work
    start = QApplication.focusWidget()

    seen: list[QWidget | None] = []
    for _ in range(3):
        hands.press("F6")
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus)

    assert seen[0] in window.rail.findChildren(QWidget)
    assert seen[1] in window.top.findChildren(QWidget)
    assert seen[2] is start


def test_unexpected_error_keeps_the_draft_and_writes_no_answer_into_its_report(
    at_work: AtWork, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window, hands, desk = at_work
    open_survey(window, hands)
    hands.compose("가상비밀")

    def defect() -> None:
        raise LookupError("가상비밀")

    window.jobs.start(defect, owner=window)
    hands.wait_until(lambda: "뜻밖의" in desk.filling.banner.words(), "the notice")
    _rest(window, hands)

    (report,) = (tmp_path / "crashes").iterdir()
    said = report.read_text(encoding="utf-8") + capsys.readouterr().err
    assert "LookupError" in said
    assert "defect" in said
    assert "가상비밀" not in said
    record_id = desk.form.draft_id()
    assert record_id is not None
    assert _draft(desk, record_id)["batch"] == "가상비밀"
