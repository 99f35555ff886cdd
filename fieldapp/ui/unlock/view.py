"""Who works here, and the password; on a new laptop, a profile is made first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from fieldapp.messages import Message
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.unlock.forgotten import ForgottenPage
from fieldapp.ui.unlock.password_line import PasswordLine
from fieldapp.ui.unlock.waiting import Waits
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox, Field
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.text import Text, ground

_CARD_PX = 440
_PROFILES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NewProfile:
    """What the first start asks. `role` is the role's id."""

    name: str
    user: str
    office: str
    role: str
    password: str


class UnlockView(QWidget):
    """The first window of the day."""

    #: Profile id and password.
    unlock_requested = Signal(str, str)
    create_requested = Signal(object)  # NewProfile
    #: Profile id: a request to the office is wanted.
    request_wanted = Signal(str)
    #: Profile id, recovery code as typed, new password.
    code_given = Signal(str, str, str)

    def __init__(self, roles: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        ground(self, "app")
        self._ids: list[str] = []
        self._roles = tuple(roles)
        self._is_working = False
        self._waits = Waits(self)
        self.banner = Banner()
        self.wait = Text("", "note", tone="danger")
        self.wait.hide()
        self.names = QListView()
        self.password = PasswordLine()
        self.enter = Button(self.tr("열기"), "primary", key="Enter")
        self.make = Button(self.tr("새 프로필"), "text")
        self.name, self.user, self.office = ComposedLine(), ComposedLine(), ComposedLine()
        self.role = ChoiceBox()
        self.new_password, self.again = PasswordLine(), PasswordLine()
        self.start = Button(self.tr("만들고 시작하기"), "primary", key="Enter")
        self.back = Button(self.tr("돌아가기"), "text", key="Esc")
        self._password_field = Field(self.tr("비밀번호"), self.password)
        self._new_field = Field(
            self.tr("이 노트북을 여는 비밀번호"),
            self.new_password,
            hint=self.tr("9자 이상, 또는 낱말을 이은 12자 이상. 서버 비밀번호와 다르게 정하세요."),
        )
        self._again_field = Field(self.tr("비밀번호 한 번 더"), self.again)
        self._office_field = Field(self.tr("소속"), self.office)
        self.forgot = Button(self.tr("비밀번호를 잊었습니다"), "text")
        self.forgotten = ForgottenPage()
        self._opening, self._making = self._opening_page(), self._making_page()
        self._lay_out()
        self._connect()

    def show_profiles(self, profiles: Sequence[tuple[str, str]]) -> None:
        """Show (id, label) of every profile; none: the first start."""
        chosen = self._chosen()
        self._ids = [profile_id for profile_id, _ in profiles]
        self._names.setStringList([label for _, label in profiles])
        self.back.setVisible(bool(profiles))
        if profiles:
            row = self._ids.index(chosen) if chosen in self._ids else 0
            self.names.setCurrentIndex(self._names.index(row, 0))
            rows = min(len(profiles), _PROFILES_SHOWN)
            self.names.setFixedHeight(rows * t.CONTROL_PX + 2)
            self._show_opening()
        else:
            self._show_making()

    def show_failure(self, message: Message) -> None:
        """It did not open: what happened, what is safe, what to do."""
        self.show_working(is_working=False)
        self.banner.show_notice(f"{message.happened}\n{message.safe} {message.next}", "warning")
        self.password.clear()
        target: QWidget = self.new_password if self._is_making() else self.password
        if self._is_forgotten():
            target = self.forgotten.code
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_wait(self, profile_id: str, seconds: int) -> None:
        """This profile's next password is not tried for so long; the seconds count down."""
        self._waits.begin(profile_id, seconds)

    def show_working(self, *, is_working: bool) -> None:
        """The key is being derived: about half a second."""
        self._is_working = is_working
        self._show_wait_left()
        self.start.setEnabled(not is_working)
        self.forgotten.show_working(is_working=is_working)
        self.enter.show_label(self.tr("여는 중") if is_working else self.tr("열기"))
        self.start.show_label(self.tr("만드는 중") if is_working else self.tr("만들고 시작하기"))

    def forget(self) -> None:
        """No password stays in a box after it was used."""
        for box in (self.password, self.new_password, self.again):
            box.clear()
        self.forgotten.forget()
        self.forgotten.hide()
        self.banner.hide()
        self._waits.end()
        self.show_working(is_working=False)

    def take_focus(self) -> None:
        """Put the keys where typing begins."""
        target: QWidget = self.name if self._is_making() else self.password
        if self._is_forgotten():
            target = self.forgotten.code
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter opens or goes on to the next empty box, Esc goes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._is_forgotten():
                self.forgotten.go_on()
            elif not self._is_making():
                self._unlock()
            else:
                self._create()
        elif event.key() == Qt.Key.Key_Escape and self._ids:
            self._show_opening()
        else:
            super().keyPressEvent(event)

    def _is_making(self) -> bool:
        return not self._making.isHidden()

    def _is_forgotten(self) -> bool:
        return not self.forgotten.isHidden()

    def _chosen(self) -> str | None:
        row = self.names.currentIndex().row()
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def _unlock(self) -> None:
        profile = self._chosen()
        if profile and self.password.text() and self.enter.isEnabled():
            self.show_working(is_working=True)
            self.unlock_requested.emit(profile, self.password.text())

    def _show_wait_left(self) -> None:
        """Enter opens nothing while the chosen profile waits; another profile does not wait."""
        left = self._waits.words(self._chosen())
        if left != self.wait.words():
            self.wait.show_text(left)
        self.wait.setVisible(bool(left))
        self.enter.setEnabled(not self._is_working and not left)

    def _create(self) -> None:
        empty = next(
            (box for box in (self.name, self.user, self.office, self.new_password, self.again)
             if not box.text().strip()),
            None,
        )  # fmt: skip
        if empty is not None:
            empty.setFocus(Qt.FocusReason.TabFocusReason)
            return
        same = self.new_password.text() == self.again.text()
        self._again_field.show_wrong("" if same else self.tr("두 비밀번호가 서로 다릅니다."))
        if not same or not self.start.isEnabled():
            return
        self.show_working(is_working=True)
        self.create_requested.emit(
            NewProfile(
                name=self.name.text().strip(),
                user=self.user.text().strip(),
                office=self.office.text().strip(),
                role=self._roles[self.role.currentIndex()][0],
                password=self.new_password.text(),
            )
        )

    def _show_opening(self) -> None:
        self.banner.hide()
        self._making.hide()
        self.forgotten.forget()
        self.forgotten.hide()
        self._opening.show()
        self.take_focus()

    def _show_forgotten(self) -> None:
        self.banner.hide()
        self._opening.hide()
        self.forgotten.show()
        self.take_focus()

    def _give_code(self, code: str, password: str) -> None:
        if profile := self._chosen():
            self.show_working(is_working=True)
            self.code_given.emit(profile, code, password)

    def _show_making(self) -> None:
        self.banner.hide()
        self._opening.hide()
        self.forgotten.hide()
        self._making.show()
        self.take_focus()

    def _opening_page(self) -> QWidget:
        self._names = QStringListModel(self)
        self.names.setModel(self._names)
        self.names.setProperty("framed", "true")
        self.names.setProperty("tall", "true")
        self.names.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.names.setAccessibleName(self.tr("프로필"))
        foot = QHBoxLayout()
        foot.addWidget(self.make)
        foot.addStretch(1)
        foot.addWidget(self.enter)
        return _column(
            Text(self.tr("누구의 기록을 여시겠습니까?"), "screen-title"),
            self.names,
            self._password_field,
            self.wait,
            foot,
            self.forgot,
        )

    def _making_page(self) -> QWidget:
        for _, label in self._roles:
            self.role.addItem(label)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.start)
        who = QHBoxLayout()
        who.setSpacing(t.S12)
        who.addWidget(Field(self.tr("이름"), self.name))
        who.addWidget(Field(self.tr("아이디"), self.user))
        where = QHBoxLayout()
        where.setSpacing(t.S12)
        where.addWidget(self._office_field)
        where.addWidget(Field(self.tr("맡은 일"), self.role))
        return _column(
            Text(self.tr("이 노트북에서 처음 시작합니다"), "screen-title"),
            who,
            where,
            self._new_field,
            self._again_field,
            foot,
        )

    def _lay_out(self) -> None:
        frame = QFrame()
        frame.setProperty("card", "true")
        frame.setFixedWidth(_CARD_PX)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(t.S24, t.S12, t.S24, t.S12)
        inside.addWidget(self._opening)
        inside.addWidget(self._making)
        inside.addWidget(self.forgotten)
        self._making.hide()
        self.forgotten.hide()
        self.banner.setFixedWidth(_CARD_PX)
        scroll = Scroller()
        ground(scroll.inside, "app")
        column = QVBoxLayout(scroll.inside)
        column.setContentsMargins(t.S16, t.S4, t.S16, t.S4)
        column.setSpacing(t.S8)
        column.addStretch(2)
        column.addWidget(
            Text(self.tr("현장에서 한 번만 적는다"), "label", tone="hint", wraps=False),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        column.addWidget(self.banner, 0, Qt.AlignmentFlag.AlignHCenter)
        # Not by its alignment: then Qt would ask how tall the card is at the window's width.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _connect(self) -> None:
        self.enter.clicked.connect(self._unlock)
        self.start.clicked.connect(self._create)
        self.make.clicked.connect(self._show_making)
        self.back.clicked.connect(self._show_opening)
        self.forgot.clicked.connect(self._show_forgotten)
        self.forgotten.back.clicked.connect(self._show_opening)
        self.forgotten.code_given.connect(self._give_code)
        self.forgotten.request_wanted.connect(
            lambda: self.request_wanted.emit(self._chosen() or "")
        )
        self._waits.passed.connect(self._show_wait_left)
        self.names.selectionModel().currentChanged.connect(lambda *_: self._show_wait_left())
        self.names.clicked.connect(lambda _: self.password.setFocus())
        self.password.hinted.connect(self._password_field.show_wrong)
        self.new_password.hinted.connect(self._new_field.show_wrong)
        self.password.setAccessibleName(self.tr("비밀번호"))


def _column(*parts: QWidget | QHBoxLayout) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(t.S12)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    layout.addStretch(1)
    return page
