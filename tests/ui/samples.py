"""What the tests of the window are given: a still clock, the form of P13e, a first profile."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fieldapp.clock import KOREA, StillClock
from fieldapp.forms import FormDefinition
from fieldapp.packs import Pack
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow

__all__ = ["NOON", "PASSWORD", "StillClock", "begin_work", "fill_survey", "open_survey", "p13e"]

NOON = datetime(2026, 11, 30, 13, 55, tzinfo=KOREA)
PASSWORD = "gasang-noteubuk-2026"


def p13e(packs: Path) -> FormDefinition:
    """The form of the first workbook."""
    return Pack.from_stored((packs / "P13e.pack").read_bytes()).definition


def begin_work(window: MainWindow, hands: Hands) -> None:
    """The first start, by keys: a profile is made and the list of records stands."""
    hands.write("가상-오사무")
    hands.press("Tab")
    hands.write("gasang-osamu")
    hands.press("Tab")
    hands.write("가상-햇살동")
    hands.press("Tab", "Down", "Tab")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None and window.jobs.is_idle(), "the desk")


def open_survey(window: MainWindow, hands: Hands) -> None:
    """Ctrl+N, and the one form opens."""
    hands.press("Ctrl+N")
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
