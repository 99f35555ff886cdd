"""The real application: bundled fonts, style sheet, real events; no screen is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from fieldapp.usecases.session import Session, lock
from tests.laptops import cheap_laptop
from tests.servers import compiled_packs
from tests.ui.neighbourhood import move_in
from tests.ui.samples import NOON, StillClock, p13e, unlock
from tests.ui.sheets import begun

__all__ = ["compiled_packs"]

SMALL = (1093, 534)
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


@contextmanager
def _opened(folder: Path, packs: Path) -> Iterator[tuple[MainWindow, Hands]]:
    """The whole app over the profiles of a folder, its clock standing still."""
    settings = Settings(profiles=folder / "profiles", packs=packs, fonts=read_settings().fonts)
    opened = open_window(settings, StillClock(NOON), lambda _: folder)
    opened.resize(*SMALL)
    hands = Hands(opened)
    hands.wait_until(opened.jobs.is_idle)
    yield opened, hands
    opened.close()
    opened.deleteLater()


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, compiled_packs: Path
) -> Iterator[tuple[MainWindow, Hands]]:
    """The whole app on an empty laptop."""
    with _opened(tmp_path, compiled_packs) as at_start:
        yield at_start


@contextmanager
def _at_work(
    folder: Path, packs: Path, role: str, prepare: Callable[[Session], object]
) -> Iterator[AtWork]:
    """A worker of a role at a laptop whose first start is over, the first place before her."""
    laptop = cheap_laptop(
        folder / "profiles",
        packs,
        StillClock(NOON),
        user="gasang-osamu",
        name="가상-오사무",
        roles=frozenset({role}),
    )
    prepare(laptop.session)
    lock(laptop.session)
    with _opened(folder, packs) as (opened, hands):
        unlock(opened, hands)
        hands.settle()
        assert opened.desk is not None
        yield opened, hands, opened.desk


@pytest.fixture
def in_town(qtbot: QtBot, tmp_path: Path, compiled_packs: Path) -> Iterator[AtWork]:
    """A town officer at work, two households registered, 오늘 before her."""
    with _at_work(tmp_path, compiled_packs, "dong_welfare", move_in) as at_work:
        yield at_work


@pytest.fixture
def in_office(qtbot: QtBot, tmp_path: Path, compiled_packs: Path) -> Iterator[AtWork]:
    """The secretariat at work, with nothing written yet."""
    with _at_work(tmp_path, compiled_packs, "secretariat", lambda _: None) as at_work:
        yield at_work
