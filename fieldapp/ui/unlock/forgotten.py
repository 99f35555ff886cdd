"""The password is forgotten: a request to the office goes out, a code and a new password come."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.unlock.password_line import PasswordLine
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text


class CodeLine(QLineEdit):
    """A box for a recovery code, which is no secret once it was used: it is shown as it is read."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter belongs to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ForgottenPage(QWidget):
    """Asks for what opens a profile without its password."""

    request_wanted = Signal()
    #: Recovery code as typed, new password.
    code_given = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.request = Button(self.tr("요청 파일 만들기"), "outlined")
        self.told = Text("", "note", tone="success")
        self.code = CodeLine()
        self.new_password, self.again = PasswordLine(), PasswordLine()
        self.open = Button(self.tr("복구코드로 열기"), "primary", key="Enter")
        self.back = Button(self.tr("돌아가기"), "text", key="Esc")
        self._code_field = Field(
            self.tr("복구코드"), self.code, hint=self.tr("다섯 글자씩 다섯 묶음입니다.")
        )
        self._new_field = Field(self.tr("새 비밀번호"), self.new_password)
        self._again_field = Field(self.tr("새 비밀번호 한 번 더"), self.again)
        self._lay_out()
        self.open.clicked.connect(self.go_on)
        self.request.clicked.connect(self.request_wanted)
        self.new_password.hinted.connect(self._new_field.show_wrong)

    def show_requested(self, file_name: str, folder: str) -> None:
        """The request lies there; what to do with it."""
        self.told.show_text(
            self.tr("%s에 %s 파일을 두었습니다. 관리자에게 보내 주세요.") % (folder, file_name)
        )
        self.told.show()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_working(self, *, is_working: bool) -> None:
        """The code is being tried."""
        self.open.setEnabled(not is_working)
        self.request.setEnabled(not is_working)

    def forget(self) -> None:
        """Neither code nor password stays in a box."""
        for box in (self.code, self.new_password, self.again):
            box.clear()
        self.told.hide()
        self._again_field.show_wrong("")
        self.show_working(is_working=False)

    def go_on(self) -> None:
        """Enter: to the next empty box; from the last, open."""
        boxes = (self.code, self.new_password, self.again)
        empty = next((box for box in boxes if not box.text().strip()), None)
        if empty is not None:
            empty.setFocus(Qt.FocusReason.TabFocusReason)
            return
        same = self.new_password.text() == self.again.text()
        self._again_field.show_wrong("" if same else self.tr("두 비밀번호가 서로 다릅니다."))
        if same and self.open.isEnabled():
            self.code_given.emit(self.code.text(), self.new_password.text())

    def _lay_out(self) -> None:
        self.told.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(self.tr("비밀번호를 잊었습니다"), "screen-title"))
        layout.addWidget(
            Text(
                self.tr(
                    "요청 파일을 만들어 관리자에게 보내고, 받은 복구코드와 새 비밀번호를 적으세요."
                ),
                "body",
            )
        )
        layout.addWidget(self.request, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.told)
        layout.addWidget(self._code_field)
        layout.addWidget(self._new_field)
        layout.addWidget(self._again_field)
        layout.addLayout(foot)
        layout.addStretch(1)
