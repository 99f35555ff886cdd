"""The real application: bundled fonts, style sheet, real events; no screen is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fieldapp.forms import Filling, FormDefinition, Surroundings
from fieldapp.settings import Settings, read_settings
from fieldapp.ui.application import build_application, open_window
from fieldapp.ui.desk import Desk
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from tests.servers import compiled_packs
from tests.ui.neighbourhood import move_in
from tests.ui.samples import NOON, StillClock, begin_work, p13e
from tests.ui.sheets import begun

__all__ = ["compiled_packs"]

SMALL = (1093, 534)
WELFARE = 0
AtWork = tuple[MainWindow, Hands, Desk]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the app builds it: one a process, whichever folder asks first."""
    standing = QApplication.instance()
    if isinstance(standing, QApplication):
        return standing
    return build_application(["fieldapp"], read_settings().fonts)


@pytest.fixture(scope="session")
def definition(compiled_packs: Path) -> FormDefinition:
    """The form of P13e."""
    return p13e(compiled_packs)


@pytest.fixture
def filling(definition: FormDefinition) -> Filling:
    """A blank P13e."""
    record = "01934f4e-0000-7000-8000-000000000001"
    return Filling.start(definition, Surroundings(now=lambda: NOON, record_id=record, seed=1))


@pytest.fixture
def hands_on(qtbot: QtBot) -> Iterator[Callable[[QWidget], Hands]]:
    """Puts a widget on the screen at the size to design for, and hands on it."""
    shown: list[QWidget] = []

    def begin(widget: QWidget) -> Hands:
        shown.append(widget)
        widget.resize(*SMALL)
        return Hands(widget)

    yield begin
    for widget in shown:
        widget.close()
        widget.deleteLater()


@pytest.fixture
def form(
    filling: Filling, hands_on: Callable[[QWidget], Hands]
) -> tuple[FillingView, Hands, Filling]:
    """A blank P13e in its view, ready for keys."""
    view = FillingView()
    hands = hands_on(view)
    view.show_form("가사서비스 이용만족도", filling)
    hands.settle()
    return view, hands, filling


@pytest.fixture
def opened(
    hands_on: Callable[[QWidget], Hands],
) -> Callable[..., tuple[FillingView, Hands, Filling]]:
    """Opens a small workbook of `sheets` in the view; further arguments are those of show_form."""

    def begin(
        workbook: str, sheet: Sheet | None = None, **given: Any
    ) -> tuple[FillingView, Hands, Filling]:
        view = FillingView()
        hands = hands_on(view)
        filling = begun(workbook)
        view.show_form("서식", filling, sheet=sheet or Sheet(is_new=True), **given)
        hands.settle()
        return view, hands, filling

    return begin


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, compiled_packs: Path
) -> Iterator[tuple[MainWindow, Hands]]:
    """The whole app on an empty laptop, its clock standing still."""
    settings = Settings(
        profiles=tmp_path / "profiles", packs=compiled_packs, fonts=read_settings().fonts
    )
    opened = open_window(settings, StillClock(NOON), lambda _: tmp_path)
    opened.resize(*SMALL)
    hands = Hands(opened)
    hands.wait_until(opened.jobs.is_idle)
    yield opened, hands
    opened.close()
    opened.deleteLater()


@pytest.fixture
def in_town(window: tuple[MainWindow, Hands]) -> AtWork:
    """A town officer at work, two households registered, 오늘 before her."""
    opened, hands = window
    begin_work(opened, hands, WELFARE)
    assert opened.desk is not None
    move_in(opened.desk.session)
    opened.show_screen("today")
    hands.wait_until(opened.jobs.is_idle, "the lanes to rest")
    hands.settle()
    return opened, hands, opened.desk
