"""Asks for the password again, before something about the keys is changed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.unlock.password_line import PasswordLine
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text

_DIALOG_PX = 440


class PasswordDialog(QDialog):
    """First line is the question; Esc is the harmless answer. Forgets what was typed."""

    given = Signal(str)

    def __init__(self, question: str, told: str, deed: str, parent: QWidget) -> None:
        """told: what will happen; deed: the words of the button."""
        super().__init__(parent)
        self.setWindowTitle(deed)
        self.setFixedWidth(_DIALOG_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.password = PasswordLine()
        self._field = Field(self.tr("비밀번호"), self.password)
        self.go = Button(deed, "primary", key="Enter")
        self.back = Button(self.tr("그만두기"), "text", key="Esc")
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S16, t.S24, t.S24)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(question, "section"))
        layout.addWidget(Text(told, "body"))
        layout.addWidget(self._field)
        layout.addStretch(1)
        layout.addLayout(foot)
        # Qt would ask the words how tall they are at their narrowest.
        self.setFixedHeight(layout.totalHeightForWidth(_DIALOG_PX) + t.NOTE.line_px)
        self.password.hinted.connect(self._field.show_wrong)
        self.go.clicked.connect(self._give)
        self.back.clicked.connect(self.reject)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter gives it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give()
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Qt: closed, however it was."""
        self.password.clear()
        super().done(result)

    def _give(self) -> None:
        password = self.password.text()
        if password:
            self.accept()
            self.given.emit(password)
        else:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
