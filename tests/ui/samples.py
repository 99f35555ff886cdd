"""What the tests of the window are given: a still clock, the form of P13e, a first profile."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from fieldapp.clock import KOREA, StillClock
from fieldapp.forms import FormDefinition
from fieldapp.packs import Pack
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow

__all__ = [
    "NOON", "PASSWORD", "StillClock", "begin_work", "fill_survey", "go", "open_survey", "p13e",
    "unlock",
]  # fmt: skip

NOON = datetime(2026, 11, 30, 13, 55, tzinfo=KOREA)
PASSWORD = "gasang-noteubuk-2026"


def p13e(packs: Path) -> FormDefinition:
    """The form of the first workbook."""
    return Pack.from_stored((packs / "P13e.pack").read_bytes()).definition


def begin_work(window: MainWindow, hands: Hands, role: int = 1) -> None:
    """The first start, by keys: a profile is made, of 사무국 or of another role of the list."""
    hands.write("가상-오사무")
    hands.press("Tab")
    hands.write("gasang-osamu")
    hands.press("Tab")
    hands.write("가상-햇살동")
    hands.press("Tab", *["Down"] * role, "Tab")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None and window.jobs.is_idle(), "the desk")


def unlock(window: MainWindow, hands: Hands) -> None:
    """The password of the one profile there is."""
    hands.wait_until(window.unlock.password.hasFocus, "the password box")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None and window.jobs.is_idle(), "the desk")


def go(window: MainWindow, hands: Hands, screen: str) -> None:
    """To a place of the rail by its key."""
    hands.press(window.rail.key_of(screen))
    hands.wait_until(lambda: window.screen_name() == screen and window.jobs.is_idle(), screen)


def open_survey(window: MainWindow, hands: Hands) -> None:
    """기록, Ctrl+N, and the form of the survey."""
    if window.screen_name() != "records":
        go(window, hands, "records")
    hands.press("Ctrl+N")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the choice of a form")
    hands.compose("가사")
    hands.press("Return")
    hands.wait_until(lambda: window.screen_name() == "filling", "the form")


def fill_survey(hands: Hands, serial: str = "1") -> None:
    """Every required answer of P13e by keyboard alone, from its first question."""
    hands.compose("가상-햇살동")
    hands.press("Return")
    hands.type_text(serial)
    hands.press("Return")
    hands.press("4")  # 종이 입력
    hands.press(*"4545444")
    hands.press("1", "2")
