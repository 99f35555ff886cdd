"""The box in which passwords are typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class PasswordLine(QLineEdit):
    """A password box that says when Caps Lock or 한글 is on."""

    hinted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: look at the letter that arrives."""
        letter = event.text()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if letter.isascii() and letter.isalpha():
            is_caps = letter.isupper() != shift
            self.hinted.emit(self.tr("Caps Lock이 켜져 있습니다.") if is_caps else "")
        elif letter.isalpha():
            self.hinted.emit(self.tr("한글로 적고 있습니다. 한/영을 눌러 주세요."))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)
