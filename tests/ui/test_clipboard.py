"""What is copied for another program stays a minute and is kept by nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.ui import clipboard
from fieldapp.ui.clipboard import ShortLived
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.widgets.table import Column, Row, Table
from tests.ui.samples import begin_work

_DWORD_0 = b"\0\0\0\0"
_WORDS = "가상-옮길 글"


@pytest.fixture
def keeper(qapp: QApplication) -> Iterator[ShortLived]:
    """A keeper of the clipboard of its own, and an empty clipboard before and after."""
    QGuiApplication.clipboard().clear()
    yield ShortLived(qapp)
    QGuiApplication.clipboard().clear()


def _minute_passes(keeper: ShortLived) -> None:
    assert keeper.timer.isActive()
    keeper.timer.timeout.emit()


def test_copied_text_is_gone_after_a_minute(keeper: ShortLived) -> None:
    keeper.put(_WORDS)
    assert QGuiApplication.clipboard().text() == _WORDS
    assert keeper.timer.interval() == 60_000
    assert keeper.timer.isSingleShot()

    _minute_passes(keeper)

    assert QGuiApplication.clipboard().text() == ""
    assert not keeper.timer.isActive()


def test_what_was_copied_since_is_left_alone(keeper: ShortLived) -> None:
    keeper.put(_WORDS)
    QGuiApplication.clipboard().setText("다른 프로그램의 글")

    _minute_passes(keeper)

    assert QGuiApplication.clipboard().text() == "다른 프로그램의 글"


def test_second_copy_begins_a_minute_of_its_own(keeper: ShortLived) -> None:
    keeper.put(_WORDS)
    keeper.put("둘째 글")

    _minute_passes(keeper)

    assert QGuiApplication.clipboard().text() == ""


def test_histories_of_clipboards_are_told_to_leave_it_out(keeper: ShortLived) -> None:
    keeper.put(_WORDS)

    content = QGuiApplication.clipboard().mimeData()
    windows = 'application/x-qt-windows-mime;value="%s"'
    assert content.hasFormat(windows % "ExcludeClipboardContentFromMonitorProcessing")
    for name in ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"):
        assert bytes(content.data(windows % name).data()) == _DWORD_0
    assert bytes(content.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert content.text() == _WORDS


def test_lock_takes_the_text_back_at_once(window: tuple[MainWindow, Hands]) -> None:
    opened, hands = window
    begin_work(opened, hands)
    clipboard.put(_WORDS)

    hands.press("Ctrl+L")

    assert QGuiApplication.clipboard().text() == ""


def test_close_takes_the_text_back(window: tuple[MainWindow, Hands]) -> None:
    opened, hands = window
    begin_work(opened, hands)
    clipboard.put(_WORDS)

    opened.close()

    assert QGuiApplication.clipboard().text() == ""


def test_table_copied_with_its_heads_is_one_of_them(
    hands_on: Callable[[QWidget], Hands],
) -> None:
    table = Table((Column("이름"), Column("통")))
    hands = hands_on(table)
    table.show_rows((Row("a", ("가상-김하나", "3통")),))
    table.setFocus()
    hands.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "이름\t통\n가상-김하나\t3통"

    _minute_passes(clipboard.of_this_app())

    assert QGuiApplication.clipboard().text() == ""


def test_no_other_module_writes_to_the_clipboard() -> None:
    ui = Path(clipboard.__file__).parent
    writers = [
        file.relative_to(ui).as_posix()
        for file in ui.rglob("*.py")
        if re.search(r"clipboard\(\)\s*\.set", file.read_text(encoding="utf-8"))
    ]
    assert writers == ["clipboard.py"]
