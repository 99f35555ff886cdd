"""A person's hands: keys, letters, compositions and clicks, as events and in no other way.

The demo and the journeys drive the real window by these. No text is ever set: letters arrive as key
events, Hangul as an input method brings it, syllable by syllable.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QEvent, QKeyCombination, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

#: Generous: a slow machine is no failure; only a thing that never comes is.
LIMIT_MS = 60_000
_LOOK_AGAIN_MS = 5


class NeverCame(AssertionError):
    """What was waited for did not happen."""


class Hands:
    """Works one window."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        window.show()
        window.activateWindow()
        self.wait_until(window.isActiveWindow, "the window to be active")

    def press(self, *keys: str) -> None:
        """Press keys one after another by their names: `Return`, `Ctrl+Return`, `3`, `F6`."""
        for key in keys:
            sequence: Any = QKeySequence.fromString(key)  # its stub does not know that it has items
            combination: QKeyCombination = sequence[0]
            QTest.keyClick(self._target(), combination.key(), combination.keyboardModifiers())
            self.settle()

    def type_text(self, letters: str) -> None:
        """Type ASCII letters as key events."""
        if not letters.isascii():
            raise ValueError("Hangul is composed, not typed")  # QTest aborts the process on it
        for letter in letters:
            QTest.keyClicks(self._target(), letter)
        self.settle()

    def compose(self, text: str) -> None:
        """Write as an input method does: each syllable as preedit, then committed."""
        for letter in text:
            if not letter.isspace():
                self.preedit(letter)
            commit = QInputMethodEvent("", [])
            commit.setCommitString(letter)
            QApplication.sendEvent(self._target(), commit)
        self.settle()

    def preedit(self, text: str) -> None:
        """Leave a composition open."""
        QApplication.sendEvent(self._target(), QInputMethodEvent(text, []))

    def write(self, text: str) -> None:
        """Type what is ASCII and compose the rest."""
        for letter in text:
            if letter.isascii():
                self.type_text(letter)
            else:
                self.compose(letter)

    def click(self, widget: QWidget) -> None:
        """Press the left button in the middle of a widget."""
        middle = QPoint(widget.width() // 2, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=middle)
        self.settle()

    def draw(self, widget: QWidget, *points: tuple[int, int]) -> None:
        """One stroke with the left button from point to point, as a signature is written."""
        places = [QPoint(x, y) for x, y in points]
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(widget, place)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=places[-1])
        self.settle()

    def wait_until(
        self, is_so: Callable[[], bool], what: str = "", limit_ms: int = LIMIT_MS
    ) -> None:
        """Let events happen until something is so. Raises NeverCame."""
        deadline = QDeadlineTimer(limit_ms)
        while not is_so():
            if deadline.hasExpired():
                raise NeverCame(what or "what was waited for")
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            # Not QTest.qWait: it keeps the interpreter to itself, and the lanes stand still.
            time.sleep(_LOOK_AGAIN_MS / 1000)

    def come_forward(self) -> None:
        """Work this window when another one had the keys, as a person turns to another laptop."""
        active = QApplication.activeWindow()
        while active is not None and active is not self.window:
            active = active.parentWidget()
        if active is None:
            self.window.activateWindow()
            self.wait_until(self.window.isActiveWindow, "the window to be active")

    def settle(self) -> None:
        """Let what these keys caused on the UI thread happen."""
        QApplication.processEvents()

    def _target(self) -> QWidget:
        self.come_forward()
        return (
            QApplication.activePopupWidget()
            or QApplication.focusWidget()
            or QApplication.activeModalWidget()
            or self.window
        )
