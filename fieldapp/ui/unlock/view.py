"""Who works here, and the password; on a new laptop, a profile is made first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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
from fieldapp.ui.unlock.forgotten import ForgottenPage
from fieldapp.ui.unlock.making import MakingPage, NewProfile
from fieldapp.ui.unlock.password_line import PasswordLine
from fieldapp.ui.unlock.waiting import Waits
from fieldapp.ui.unlock.work_page import WorkPage
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.text import Text, ground

_CARD_PX = 440
_PROFILES_SHOWN = 3


class UnlockView(QWidget):
    """The first window of the day."""

    #: Profile id and password.
    unlock_requested = Signal(str, str)
    #: Profile id: open it with what the computer remembers.
    keyring_wanted = Signal(str)
    create_requested = Signal(object)  # NewProfile
    #: Profile id: a request to the office is wanted.
    request_wanted = Signal(str)
    #: Profile id, recovery code as typed, new password.
    code_given = Signal(str, str, str)

    def __init__(self, roles: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        ground(self, "app")
        self._ids: list[str] = []
        self._remembered: frozenset[str] = frozenset()
        self._is_working = False
        self._waits = Waits(self)
        self.banner = Banner()
        self.wait = Text("", "note", tone="danger")
        #: What takes so long, when opening does.
        self.doing = Text("", "note", tone="hint")
        self.names = QListView()
        self.password = PasswordLine()
        self.enter = Button(self.tr("열기"), "primary", key="Enter")
        self.make = Button(self.tr("새 프로필"), "text")
        self.forgot = Button(self.tr("비밀번호를 잊었습니다"), "text")
        self.remembered = Button(self.tr("기억된 열쇠로 열기"), "outlined")
        self._password_field = Field(self.tr("비밀번호"), self.password)
        self.making = MakingPage(roles)
        self.name, self.new_password = self.making.name, self.making.new_password
        self.forgotten = ForgottenPage()
        self.work = WorkPage()
        self._opening = self._opening_page()
        self._pages: tuple[QWidget, ...] = (
            self._opening, self.making, self.forgotten, self.work,
        )  # fmt: skip
        self._lay_out()
        self._connect()

    def show_profiles(
        self, profiles: Sequence[tuple[str, str]], remembered: Collection[str] = ()
    ) -> None:
        """Show (id, label) of every profile; none: the first start.

        remembered: the ids of those that the computer can open without a password.
        """
        chosen = self._chosen()
        self._ids = [profile_id for profile_id, _ in profiles]
        self._remembered = frozenset(remembered)
        self._names.setStringList([label for _, label in profiles])
        self.making.back.setVisible(bool(profiles))
        if profiles:
            row = self._ids.index(chosen) if chosen in self._ids else 0
            self.names.setCurrentIndex(self._names.index(row, 0))
            rows = min(len(profiles), _PROFILES_SHOWN)
            self.names.setFixedHeight(rows * t.CONTROL_PX + 2)
            self.show_opening()
        else:
            self._turn_to(self.making)

    def show_failure(self, message: Message) -> None:
        """It did not open: what happened, what is safe, what to do."""
        self.show_working(is_working=False)
        self.banner.show_notice(f"{message.happened}\n{message.safe} {message.next}", "warning")
        self.password.clear()
        target: QWidget = self.new_password if self._is_at(self.making) else self.password
        if self._is_at(self.forgotten):
            target = self.forgotten.code
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_wait(self, profile_id: str, seconds: int) -> None:
        """This profile's next password is not tried for so long; the seconds count down."""
        self._waits.begin(profile_id, seconds)

    def show_working(self, *, is_working: bool) -> None:
        """The key is being derived: about half a second."""
        self._is_working = is_working
        self.show_doing("")
        self._show_chosen()
        self.making.show_working(is_working=is_working)
        self.forgotten.show_working(is_working=is_working)
        self.enter.show_label(self.tr("여는 중") if is_working else self.tr("열기"))

    def show_doing(self, doing: str) -> None:
        """What takes so long; empty: nothing does."""
        self.doing.show_text(doing)
        self.doing.setVisible(bool(doing))

    def show_opening(self) -> None:
        """The profiles and the password box."""
        self.forgotten.forget()
        self._turn_to(self._opening)

    def show_work(self) -> None:
        """The page of something long; what it says is its presenter's."""
        self.password.clear()
        self.show_working(is_working=False)
        self._turn_to(self.work)

    def forget(self) -> None:
        """No password stays in a box after it was used."""
        self.password.clear()
        self.making.forget()
        self.forgotten.forget()
        self.banner.hide()
        self._waits.end()
        self.show_working(is_working=False)
        if not self._is_at(self.making):
            self._turn_to(self._opening)

    def take_focus(self) -> None:
        """Put the keys where typing begins."""
        target: QWidget = self.name if self._is_at(self.making) else self.password
        if self._is_at(self.forgotten):
            target = self.forgotten.code
        elif self._is_at(self.work):
            target = self.work
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter presses the button that has the keys, or opens, or goes on to the next empty
        box; Esc goes back.
        """
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # A key held down would agree to what has only just been asked.
            if event.isAutoRepeat():
                return
            if isinstance(focused, Button) and focused.isVisible():
                focused.click()
            elif self._is_at(self._opening):
                self._unlock()
            else:
                page = next(
                    page for page in (self.making, self.forgotten, self.work) if self._is_at(page)
                )
                page.go_on()
        elif event.key() == Qt.Key.Key_Escape and self._is_at(self.work):
            self.work.go_back()
        elif event.key() == Qt.Key.Key_Escape and self._ids:
            self.show_opening()
        else:
            super().keyPressEvent(event)

    def _is_at(self, page: QWidget) -> bool:
        return not page.isHidden()

    def _turn_to(self, page: QWidget) -> None:
        self.banner.hide()
        for other in self._pages:
            if other is not page:
                other.hide()
        page.show()
        self.take_focus()

    def _chosen(self) -> str | None:
        row = self.names.currentIndex().row()
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def _unlock(self) -> None:
        """With the password; with an empty box as the computer remembers it, where it does."""
        profile = self._chosen()
        if not profile or not self.enter.isEnabled():
            return
        if self.password.text():
            self.show_working(is_working=True)
            self.unlock_requested.emit(profile, self.password.text())
        elif profile in self._remembered:
            self._unlock_remembered()

    def _unlock_remembered(self) -> None:
        profile = self._chosen()
        if profile and not self._is_working:
            self.show_working(is_working=True)
            self.keyring_wanted.emit(profile)

    def _show_chosen(self) -> None:
        """Enter opens nothing while the chosen profile waits; another profile does not wait."""
        chosen = self._chosen()
        left = self._waits.words(chosen)
        if left != self.wait.words():
            self.wait.show_text(left)
        self.wait.setVisible(bool(left))
        self.enter.setEnabled(not self._is_working and not left)
        self.remembered.setVisible(chosen in self._remembered)
        self.remembered.setEnabled(not self._is_working)

    def _create(self, wanted: NewProfile) -> None:
        self.show_working(is_working=True)
        self.create_requested.emit(wanted)

    def _give_code(self, code: str, password: str) -> None:
        if profile := self._chosen():
            self.show_working(is_working=True)
            self.code_given.emit(profile, code, password)

    def _opening_page(self) -> QWidget:
        self._names = QStringListModel(self)
        self.names.setModel(self._names)
        self.names.setProperty("framed", "true")
        self.names.setProperty("tall", "true")
        self.names.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.names.setAccessibleName(self.tr("프로필"))
        for part in (self.wait, self.doing, self.remembered):
            part.hide()
        foot, under = QHBoxLayout(), QHBoxLayout()
        foot.addWidget(self.make)
        foot.addStretch(1)
        foot.addWidget(self.enter)
        under.addWidget(self.forgot)
        under.addStretch(1)
        under.addWidget(self.remembered)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(self.tr("누구의 기록을 여시겠습니까?"), "screen-title"))
        for line in (self.names, self._password_field, self.wait, self.doing):
            layout.addWidget(line)
        layout.addLayout(foot)
        layout.addLayout(under)
        layout.addStretch(1)
        return page

    def _lay_out(self) -> None:
        frame = QFrame()
        frame.setProperty("card", "true")
        frame.setFixedWidth(_CARD_PX)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(t.S24, t.S12, t.S24, t.S12)
        for page in self._pages:
            inside.addWidget(page)
            page.setVisible(page is self._opening)
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
        self.remembered.clicked.connect(self._unlock_remembered)
        self.make.clicked.connect(lambda: self._turn_to(self.making))
        self.making.create_requested.connect(self._create)
        self.making.back.clicked.connect(self.show_opening)
        self.forgot.clicked.connect(lambda: self._turn_to(self.forgotten))
        self.forgotten.back.clicked.connect(self.show_opening)
        self.forgotten.code_given.connect(self._give_code)
        self.forgotten.request_wanted.connect(
            lambda: self.request_wanted.emit(self._chosen() or "")
        )
        self._waits.passed.connect(self._show_chosen)
        self.names.selectionModel().currentChanged.connect(lambda *_: self._show_chosen())
        self.names.clicked.connect(lambda _: self.password.setFocus())
        self.password.hinted.connect(self._password_field.show_wrong)
        self.password.setAccessibleName(self.tr("비밀번호"))
