"""The white page. Nothing stands on it that says what lies behind."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import Text, ground

DIGITS = 4
_BOX_PX = 180


class CurtainView(QWidget):
    """Four digits; the fourth one asks by itself."""

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.title = Text("", "section", wraps=False)
        self.remark = Text("", "body", tone="subtle", wraps=False)
        self.code = QLineEdit()
        self.code.setEchoMode(QLineEdit.EchoMode.Password)
        self.code.setMaxLength(DIGITS)
        self.code.setFixedWidth(_BOX_PX)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setAccessibleName(self.tr("네 자리 숫자"))
        self.code.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        digits = QRegularExpression(rf"\d{{0,{DIGITS}}}")
        self.code.setValidator(QRegularExpressionValidator(digits, self))
        self.code.textEdited.connect(self._edited)
        layout = QVBoxLayout(self)
        layout.setSpacing(t.S16)
        layout.addStretch(2)
        for part in (self.title, self.code, self.remark):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_hidden(self) -> None:
        """Something is behind."""
        self._ask(self.tr("잠시 가렸습니다"), self.tr("네 자리 숫자를 누르면 다시 보입니다."))

    def show_choosing(self, *, again: bool) -> None:
        """The first time: the digits are chosen, twice."""
        self._ask(
            self.tr("같은 숫자를 한 번 더 눌러 주세요")
            if again
            else self.tr("가리기에 쓸 네 자리 숫자를 정해 주세요"),
            self.tr("화면은 가려져 있습니다. 이 숫자를 눌러야 다시 보입니다."),
        )

    def show_wrong(self, remark: str) -> None:
        """They were not the digits."""
        self.code.clear()
        self.remark.show_text(remark)
        self.remark.show_tone("warning")

    def take_focus(self) -> None:
        """The one box."""
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, title: str, remark: str) -> None:
        self.title.show_text(title)
        self.remark.show_text(remark)
        self.remark.show_tone("subtle")
        self.code.clear()
        self.take_focus()

    def _edited(self, text: str) -> None:
        if len(text) == DIGITS:
            self.given.emit(text)
