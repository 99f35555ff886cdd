"""The first time: the server's address, who signs in there, and the enrol code."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text

_FORM_PX = 420


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is sent once and never kept: the store keeps tokens only. `code` may be empty."""

    address: str
    user: str
    password: str
    code: str


class SignInCard(QWidget):
    """Four boxes and one button. Enter goes to the next empty box, then signs in."""

    sign_in_requested = Signal(object)  # Credentials

    def __init__(self) -> None:
        super().__init__()
        self.address, self.user, self.code = ComposedLine(), ComposedLine(), ComposedLine()
        self.password = ComposedLine()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = Button(self.tr("등록하기"), "primary", key="Enter")
        self.button.clicked.connect(self._ask)
        column = QWidget()
        column.setMaximumWidth(_FORM_PX)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(t.S24, t.S12, t.S24, t.S12)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(self.tr("이 노트북을 서버에 등록합니다"), "section"))
        layout.addWidget(Field(self.tr("서버 주소"), self.address))
        who = QHBoxLayout()
        who.setSpacing(t.S12)
        who.addWidget(Field(self.tr("아이디"), self.user))
        who.addWidget(Field(self.tr("서버 비밀번호"), self.password))
        layout.addLayout(who)
        layout.addWidget(
            Text(self.tr("이 노트북을 여는 비밀번호와는 다릅니다."), "note", tone="hint")
        )
        layout.addWidget(
            Field(self.tr("등록 코드"), self.code, hint=self.tr("관리자에게 받은 한 번 쓰는 코드"))
        )
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.button)
        layout.addLayout(foot)
        layout.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column, 1)
        outer.addStretch(0)

    def show_address(self, address: str) -> None:
        """The address it was told before."""
        if not self.address.text():
            self.address.setText(address)

    def show_working(self, *, is_working: bool) -> None:
        """Under way."""
        self.button.setEnabled(not is_working)
        self.button.show_label(self.tr("등록하는 중") if is_working else self.tr("등록하기"))

    def forget(self) -> None:
        """Password and code stay in no box after they were used."""
        self.password.clear()
        self.code.clear()
        self.show_working(is_working=False)

    def take_focus(self) -> None:
        """Put the keys on the first empty box."""
        boxes = (self.address, self.user, self.password, self.code)
        empty = next((box for box in boxes if not box.text()), self.address)
        empty.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            boxes = (self.address, self.user, self.password, self.code)
            at = next((n for n, box in enumerate(boxes) if box.hasFocus()), len(boxes) - 1)
            if at + 1 < len(boxes):
                boxes[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self._ask()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        needed = (self.address, self.user, self.password)
        empty = next((box for box in needed if not box.text().strip()), None)
        if empty is not None:
            empty.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.button.isEnabled():
            self.show_working(is_working=True)
            self.sign_in_requested.emit(
                Credentials(
                    address=self.address.text().strip(),
                    user=self.user.text().strip(),
                    password=self.password.text(),
                    code=self.code.text().strip(),
                )
            )
