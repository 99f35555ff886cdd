"""Text boxes that never lose the syllable still being composed.

An input method keeps its preedit outside `text()`, and Qt throws an open one away when the focus
moves. So each box remembers its preedit; `finish_composition()` asks the input method to commit and
then inserts whatever is still open. A key that arrives while composing first commits and then acts,
once; Esc ends only the composition.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

_MODIFIERS = {
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
    Qt.Key.Key_CapsLock, Qt.Key.Key_Hangul, Qt.Key.Key_Hangul_Hanja,
}  # fmt: skip


class _Composition:
    """The preedit of one box: what is open and where it would stand."""

    def __init__(self, box: QWidget) -> None:
        self._box = box
        self.preedit = ""

    def note(self, event: QInputMethodEvent) -> None:
        self.preedit = event.preeditString()

    def finish(self) -> bool:
        """Commit what is open. True when there was something."""
        if not self.preedit:
            return False
        QGuiApplication.inputMethod().commit()
        if still_open := self.preedit:
            commit = QInputMethodEvent("", [])
            commit.setCommitString(still_open)
            QApplication.sendEvent(self._box, commit)
            # The input method must not commit the same syllable a second time.
            QGuiApplication.inputMethod().reset()
        self.preedit = ""
        return True

    def takes(self, event: QKeyEvent) -> bool:
        """Finish before this key acts. True when the key has done its work by that (Esc)."""
        if not self.preedit or event.key() in _MODIFIERS:
            return False
        self.finish()
        return event.key() == Qt.Key.Key_Escape


class ComposedLine(QLineEdit):
    """One line of text. Enter is left to whoever stands around it."""

    #: The text with what is being composed, on every change of either.
    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composition = _Composition(self)
        self.textChanged.connect(self._tell)

    def finish_composition(self) -> bool:
        """Commit the open syllable. True when there was one."""
        return self._composition.finish()

    def text_with_composition(self) -> str:
        """What the worker sees: the text with the open syllable in its place."""
        at = self.cursorPosition()
        return self.text()[:at] + self._composition.preedit + self.text()[at:]

    def _tell(self) -> None:
        self.typed.emit(self.text_with_composition())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Qt: composing."""
        self._composition.note(event)
        super().inputMethodEvent(event)
        self._tell()

    def event(self, event: QEvent) -> bool:
        """Qt: the focus is about to leave, and with it the preedit."""
        if event.type() == QEvent.Type.FocusAboutToChange:
            self.finish_composition()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key."""
        if self._composition.takes(event):
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: gone."""
        super().focusOutEvent(event)
        self._composition.preedit = ""


class ComposedText(QPlainTextEdit):
    """Several lines. Enter breaks the line, Tab goes on."""

    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composition = _Composition(self)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._tell)

    def finish_composition(self) -> bool:
        """Commit the open syllable. True when there was one."""
        return self._composition.finish()

    def text_with_composition(self) -> str:
        """What the worker sees: the text with the open syllable in its place."""
        text, at = self.toPlainText(), self.textCursor().position()
        return text[:at] + self._composition.preedit + text[at:]

    def _tell(self) -> None:
        self.typed.emit(self.text_with_composition())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Qt: composing."""
        self._composition.note(event)
        super().inputMethodEvent(event)
        self._tell()

    def event(self, event: QEvent) -> bool:
        """Qt: the focus is about to leave, and with it the preedit."""
        if event.type() == QEvent.Type.FocusAboutToChange:
            self.finish_composition()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: a key."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._composition.takes(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Escape or (enter and event.modifiers()):
            # Shift+Enter goes back and Ctrl+Enter finishes, here as everywhere in a form.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: gone."""
        super().focusOutEvent(event)
        self._composition.preedit = ""


def finish_open_composition() -> bool:
    """Commit what is being composed wherever the focus is: before any save, command or lock."""
    box = QApplication.focusWidget()
    return isinstance(box, ComposedLine | ComposedText) and box.finish_composition()
