"""The first start of a laptop: whose profile it is, and the password that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.unlock.password_line import PasswordLine
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox, Field
from fieldapp.ui.widgets.text import Text


@dataclass(frozen=True, slots=True)
class NewProfile:
    """What the first start asks. `role` is the role's id."""

    name: str
    user: str
    office: str
    role: str
    password: str


class MakingPage(QWidget):
    """Asks for a new profile. `roles`: (id, label) of each."""

    create_requested = Signal(object)  # NewProfile

    def __init__(self, roles: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._roles = tuple(roles)
        self.name, self.user, self.office = ComposedLine(), ComposedLine(), ComposedLine()
        self.role = ChoiceBox()
        for _, label in self._roles:
            self.role.addItem(label)
        self.new_password, self.again = PasswordLine(), PasswordLine()
        self.start = Button(self.tr("만들고 시작하기"), "primary", key="Enter")
        self.back = Button(self.tr("돌아가기"), "text", key="Esc")
        self._new_field = Field(
            self.tr("이 노트북을 여는 비밀번호"),
            self.new_password,
            hint=self.tr("9자 이상, 또는 낱말을 이은 12자 이상. 서버 비밀번호와 다르게 정하세요."),
        )
        self._again_field = Field(self.tr("비밀번호 한 번 더"), self.again)
        self._lay_out()
        self.start.clicked.connect(self.go_on)
        self.new_password.hinted.connect(self._new_field.show_wrong)

    def show_working(self, *, is_working: bool) -> None:
        """The profile is being made."""
        self.start.setEnabled(not is_working)
        self.start.show_label(self.tr("만드는 중") if is_working else self.tr("만들고 시작하기"))

    def forget(self) -> None:
        """No password stays in a box after it was used."""
        for box in (self.new_password, self.again):
            box.clear()

    def go_on(self) -> None:
        """Enter: to the next empty box; from the last, make it."""
        boxes = (self.name, self.user, self.office, self.new_password, self.again)
        empty = next((box for box in boxes if not box.text().strip()), None)
        if empty is not None:
            empty.setFocus(Qt.FocusReason.TabFocusReason)
            return
        same = self.new_password.text() == self.again.text()
        self._again_field.show_wrong("" if same else self.tr("두 비밀번호가 서로 다릅니다."))
        if same and self.start.isEnabled():
            self.create_requested.emit(
                NewProfile(
                    name=self.name.text().strip(),
                    user=self.user.text().strip(),
                    office=self.office.text().strip(),
                    role=self._roles[self.role.currentIndex()][0],
                    password=self.new_password.text(),
                )
            )

    def _lay_out(self) -> None:
        who, where, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        who.addWidget(Field(self.tr("이름"), self.name))
        who.addWidget(Field(self.tr("아이디"), self.user))
        where.addWidget(Field(self.tr("소속"), self.office))
        where.addWidget(Field(self.tr("맡은 일"), self.role))
        for row in (who, where):
            row.setSpacing(t.S12)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(self.tr("이 노트북에서 처음 시작합니다"), "screen-title"))
        layout.addLayout(who)
        layout.addLayout(where)
        layout.addWidget(self._new_field)
        layout.addWidget(self._again_field)
        layout.addLayout(foot)
        layout.addStretch(1)
