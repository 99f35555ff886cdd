"""The app locks by itself; what was being written is kept."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from fieldapp.settings import read_settings
from fieldapp.ui.hands import Hands
from fieldapp.ui.idle import IdleWatch
from fieldapp.ui.main_window import MainWindow
from tests.ui.conftest import AtWork
from tests.ui.samples import PASSWORD, open_survey

_MINUTE_MS = 60_000


@pytest.fixture
def at_survey(in_office: AtWork) -> tuple[MainWindow, Hands, IdleWatch]:
    """A survey open at its first question, and the watch over it."""
    opened, hands, _ = in_office
    open_survey(opened, hands)
    watch = opened.findChild(IdleWatch)
    assert watch is not None
    return opened, hands, watch


Watched = tuple[MainWindow, Hands, IdleWatch]


def test_lock_comes_after_ten_minutes_and_after_five_while_a_form_is_open(
    at_survey: Watched,
) -> None:
    window, hands, watch = at_survey
    assert watch.locking.isActive()
    assert watch.locking.interval() == 5 * _MINUTE_MS

    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")

    assert watch.locking.isActive()
    assert watch.locking.interval() == 10 * _MINUTE_MS
    assert not watch.hiding.isActive()


def test_unattended_form_locks_with_its_half_written_syllable_kept(at_survey: Watched) -> None:
    window, hands, watch = at_survey
    hands.compose("햇")
    hands.preedit("살")

    watch.locking.timeout.emit()

    assert window.screen_name() == "unlock"
    assert window.session() is None
    hands.wait_until(window.jobs.is_idle, "the store to close")
    hands.wait_until(window.unlock.password.hasFocus, "the password box")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the same page")
    assert window.desk is not None
    box = window.desk.filling.asking.page().rows["batch"].answer.focus_box()
    assert isinstance(box, QLineEdit)
    assert box.text() == "햇살"


def test_a_key_begins_both_waits_anew(at_survey: Watched) -> None:
    _, hands, watch = at_survey
    ids = watch.locking.timerId(), watch.hiding.timerId()

    hands.type_text("1")

    assert watch.locking.isActive()
    assert watch.hiding.isActive()
    assert (watch.locking.timerId(), watch.hiding.timerId()) != ids


def test_hidden_visit_goes_on_waiting_for_its_lock(in_town: AtWork) -> None:
    window, hands, _ = in_town
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit")
    hands.press("F12")
    hands.type_text("4815")
    hands.type_text("4815")
    hands.wait_until(lambda: window.screen_name() == "filling", "the visit again")
    watch = window.findChild(IdleWatch)
    assert watch is not None
    waiting = watch.locking.timerId()

    watch.hiding.timeout.emit()

    assert window.screen_name() == "hidden"
    assert watch.locking.interval() == 5 * _MINUTE_MS
    assert watch.locking.timerId() == waiting
    watch.locking.timeout.emit()
    assert window.screen_name() == "unlock"


def test_lock_leaves_no_dialog_of_the_page_open(in_town: AtWork) -> None:
    window, hands, _ = in_town
    hands.press("Ctrl+K")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "찾기")

    window.lock()

    assert [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()] == []
    assert window.screen_name() == "unlock"


@pytest.mark.parametrize(
    ("given", "minutes"), [("", 10), ("7", 7), ("0", 1), ("600", 30), ("-3", 10), ("soon", 10)]
)
def test_setting_of_the_lock_stays_within_its_bounds(
    monkeypatch: pytest.MonkeyPatch, given: str, minutes: int
) -> None:
    monkeypatch.setenv("FIELDAPP_LOCK_MINUTES", given)
    monkeypatch.delenv("FIELDAPP_LOCK_VISIT_MINUTES", raising=False)

    settings = read_settings()

    assert settings.lock_minutes == minutes
    assert settings.lock_visit_minutes == 5
