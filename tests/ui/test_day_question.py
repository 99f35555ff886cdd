"""오늘은 며칠입니까?: a laptop whose clock jumped, in its real window, by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.clock import KOREA, today
from fieldapp.settings import Settings, read_settings
from fieldapp.storage.backup import list_backups
from fieldapp.ui.application import open_window
from fieldapp.ui.day_question import DayDialog
from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.usecases import backups
from fieldapp.usecases.clock_doubt import doubt
from fieldapp.usecases.session import lock
from tests.clocks import SettableClock
from tests.laptops import PASSWORD, cheap_laptop
from tests.ui.conftest import SMALL
from tests.ui.samples import go, open_survey

MORNING = datetime(2026, 11, 21, 9, tzinfo=KOREA)
YEAR = timedelta(days=365)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(MORNING)


@pytest.fixture
def at_work(
    qtbot: QtBot, tmp_path: Path, compiled_packs: Path, clock: SettableClock
) -> Iterator[tuple[MainWindow, Hands]]:
    """A secretary at work on a laptop whose clock can be set."""
    lock(cheap_laptop(tmp_path / "profiles", compiled_packs, clock).session)
    settings = Settings(
        profiles=tmp_path / "profiles", packs=compiled_packs, fonts=read_settings().fonts
    )
    window = open_window(settings, clock, lambda _: tmp_path)
    window.resize(*SMALL)
    hands = Hands(window)
    hands.wait_until(lambda: window.jobs.is_idle() and window.unlock.password.hasFocus())
    come_back(window, hands)
    yield window, hands
    window.close()
    window.deleteLater()


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def day_of(window: MainWindow) -> datetime:
    """Midnight of the day that the app is in."""
    day = today(desk_of(window).session.clock)
    return datetime(day.year, day.month, day.day, tzinfo=KOREA)


def question() -> DayDialog | None:
    asked = QApplication.activeModalWidget()
    return asked if isinstance(asked, DayDialog) else None


def asked(hands: Hands) -> DayDialog:
    """The question, once it stands."""
    hands.wait_until(lambda: question() is not None, "the question")
    dialog = question()
    assert dialog is not None
    hands.wait_until(dialog.line.hasFocus, "the keys in its line")
    return dialog


def leave(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+L")
    hands.wait_until(
        lambda: window.desk is None and window.jobs.is_idle() and window.unlock.password.hasFocus(),
        "the lock",
    )


def come_back(window: MainWindow, hands: Hands) -> None:
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None and window.jobs.is_idle(), "the desk")


def settled(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(
        lambda: doubt(desk_of(window).session) is None and window.jobs.is_idle(), "the answer"
    )


def test_clock_a_year_ahead_is_asked_about_at_unlock_and_answered_with_another_day(
    at_work: tuple[MainWindow, Hands], clock: SettableClock
) -> None:
    window, hands = at_work
    assert question() is None
    leave(window, hands)
    clock.restart(timedelta(days=1))
    clock.put(YEAR)
    come_back(window, hands)

    dialog = asked(hands)
    assert dialog.facts.facts() == (
        ("컴퓨터 시계", "2027. 11. 22.(월) 09:00"),
        ("앱의 시각", "2026. 11. 21.(토) 09:00"),
    )
    # Nothing is proposed where nothing is likely: a blind Enter changes nothing.
    hands.press("Return")
    assert question() is dialog
    hands.type_text("1122")
    assert dialog.day_words.words() == "2026. 11. 22.(일)"
    hands.press("Return")
    settled(window, hands)

    assert question() is None
    answered = (MORNING + timedelta(days=1)).date()
    assert day_of(window).date() == answered
    # Today's backup waited for the answer.
    place = backups.default_place(desk_of(window).session.store.path.parent)
    made = [one.made_at for one in list_backups(place, desk_of(window).session.profile_id)]
    assert made[0].astimezone(KOREA).date() == answered
    leave(window, hands)
    come_back(window, hands)
    assert question() is None


def test_day_far_from_the_last_one_is_taken_at_the_second_enter(
    at_work: tuple[MainWindow, Hands], clock: SettableClock
) -> None:
    window, hands = at_work
    leave(window, hands)
    clock.restart()
    clock.put(YEAR)
    come_back(window, hands)
    asked(hands)

    hands.type_text("20271121")
    hands.press("Return")
    assert question() is not None
    hands.press("Return")
    settled(window, hands)

    assert day_of(window).date() == (MORNING + YEAR).date()


def test_clock_a_year_behind_proposes_the_last_day_and_enter_takes_it(
    at_work: tuple[MainWindow, Hands], clock: SettableClock
) -> None:
    window, hands = at_work
    leave(window, hands)
    clock.restart()
    clock.put(-YEAR)
    come_back(window, hands)

    dialog = asked(hands)
    assert dialog.day_words.words() == "2026. 11. 21.(토)"
    hands.press("Return")
    settled(window, hands)

    assert day_of(window).date() == MORNING.date()


def test_question_put_off_comes_again_at_the_next_unlock_and_not_before(
    at_work: tuple[MainWindow, Hands], clock: SettableClock
) -> None:
    window, hands = at_work
    leave(window, hands)
    clock.restart()
    clock.put(YEAR)
    come_back(window, hands)
    asked(hands)

    hands.press("Escape")
    assert question() is None
    desk_of(window).day.looking.timeout.emit()
    go(window, hands, "records")
    assert question() is None
    assert day_of(window).date() == MORNING.date()
    leave(window, hands)
    come_back(window, hands)

    asked(hands)
    hands.press("Escape")


def test_jump_in_an_open_form_is_asked_about_only_when_the_form_is_left(
    at_work: tuple[MainWindow, Hands], clock: SettableClock
) -> None:
    window, hands = at_work
    open_survey(window, hands)
    clock.put(YEAR)
    desk_of(window).day.looking.timeout.emit()
    assert question() is None

    hands.press("Escape")
    hands.wait_until(lambda: window.screen_name() == "records", "the list")

    asked(hands)
    # Locking takes the question away with everything else.
    window.lock()
    hands.wait_until(lambda: window.desk is None and window.jobs.is_idle(), "the lock")
    assert question() is None


def test_every_part_of_the_question_has_a_name_and_is_reached_by_tab(
    at_work: tuple[MainWindow, Hands], clock: SettableClock
) -> None:
    window, hands = at_work
    clock.put(-YEAR)
    desk_of(window).day.looking.timeout.emit()
    dialog = asked(hands)

    stops = []
    for _ in range(3):
        focus = QApplication.focusWidget()
        assert focus is not None
        stops.append(focus.accessibleName())
        hands.press("Tab")

    assert stops == ["오늘 날짜", "이 날짜로 합니다 Enter", "나중에 Esc"]
    assert QApplication.focusWidget() is dialog.line
    hands.press("Escape")
