"""잠금·비밀번호·사진: when the app locks by itself, what opens it, the key behind it, and how large
pictures become.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.admin.password_dialog import PasswordDialog
from fieldapp.ui.unlock.password_line import PasswordLine
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox, Field
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.text import Text, ground, rule
from fieldapp.usecases.preferences import PICTURE_PX

_LONGEST_MINUTES = 30
_FORM_PX = 420
_PICTURE_BOX_PX = 240
#: Under this width the two columns stand one below the other.
_COLUMNS_FROM_PX = 800
#: Qt's QWIDGETSIZE_MAX, which PySide6 does not name.
_ANY_WIDTH_PX = (1 << 24) - 1


class ChangingPassword(QWidget):
    """비밀번호 바꾸기: three boxes; Enter goes to the next empty one, then changes."""

    #: The old and the new one.
    change_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.old, self.new, self.again = PasswordLine(), PasswordLine(), PasswordLine()
        self.button = Button(self.tr("비밀번호 바꾸기"), "primary", key="Enter")
        self._old_field = Field(self.tr("지금 비밀번호"), self.old)
        self._new_field = Field(
            self.tr("새 비밀번호"),
            self.new,
            hint=self.tr("9자 이상, 또는 낱말을 이은 12자 이상"),
        )
        self._again_field = Field(self.tr("새 비밀번호 한 번 더"), self.again)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S8)
        layout.addWidget(Text(self.tr("비밀번호 바꾸기"), "section"))
        for field in (self._old_field, self._new_field, self._again_field):
            layout.addWidget(field)
        layout.addLayout(foot)
        for box, field in ((self.old, self._old_field), (self.new, self._new_field)):
            box.hinted.connect(field.show_wrong)
        self.button.clicked.connect(self._go_on)

    def show_working(self, *, is_working: bool) -> None:
        """The keys are being derived: about a second."""
        self.button.setEnabled(not is_working)
        self.button.show_label(self.tr("바꾸는 중") if is_working else self.tr("비밀번호 바꾸기"))

    def show_changed(self) -> None:
        """No password stays in a box after it was used."""
        for box in (self.old, self.new, self.again):
            box.clear()
        for field in (self._old_field, self._new_field, self._again_field):
            field.show_wrong("")
        self.show_working(is_working=False)

    def show_wrong_old(self, remark: str) -> None:
        """The old one was not right; the new one stays as it was typed."""
        self.show_working(is_working=False)
        self.old.clear()
        self._old_field.show_wrong(remark)
        self.old.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_weak_new(self, remark: str) -> None:
        """The new one breaks a rule."""
        self.show_working(is_working=False)
        self.new.clear()
        self.again.clear()
        self._new_field.show_wrong(remark)
        self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        boxes = (self.old, self.new, self.again)
        empty = next((box for box in boxes if not box.text()), None)
        if empty is not None:
            empty.setFocus(Qt.FocusReason.TabFocusReason)
            return
        same = self.new.text() == self.again.text()
        self._again_field.show_wrong("" if same else self.tr("두 비밀번호가 서로 다릅니다."))
        if not same:
            self.again.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.button.isEnabled():
            self.show_working(is_working=True)
            self.change_requested.emit(self.old.text(), self.new.text())


class LockingPane(QWidget):
    """Left what happens by itself, right the password."""

    #: Minutes to the lock, and the same while a visit is open; None: as installed.
    minutes_chosen = Signal(object, object)
    #: How long the longer edge of new pictures may be, in pixels.
    picture_chosen = Signal(int)
    #: The password, to be remembered with.
    remember_requested = Signal(str)
    forget_requested = Signal()
    #: The password, to change the key with.
    rotation_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._is_remembered = False
        self.minutes, self.visit_minutes = _minutes_box(), _minutes_box()
        self.lock_told = Text("", "note", tone="hint")
        self.picture = ChoiceBox()
        self.picture.addItems([self.tr("긴 변 %d 픽셀") % px for px in PICTURE_PX])
        self.picture.setMinimumWidth(_PICTURE_BOX_PX)
        self.picture_told = Text("", "note", tone="hint")
        self.remembered = Text("", "body")
        self.remember = Button(self.tr("기억하기"))
        self.rotate = Button(self.tr("암호화 키 바꾸기"))
        self.changing = ChangingPassword()
        self._lay_out()
        for box in (self.minutes, self.visit_minutes):
            box.currentIndexChanged.connect(lambda _: self._tell_minutes())
        self.picture.currentIndexChanged.connect(
            lambda place: self.picture_chosen.emit(PICTURE_PX[place])
        )
        self.remember.clicked.connect(self._remember)
        self.rotate.clicked.connect(self._rotate)
        self.show_remembered(is_remembered=False)

    def show_defaults(self, lock: int, visit: int) -> None:
        """What holds where nothing is chosen, in minutes."""
        for box, minutes in ((self.minutes, lock), (self.visit_minutes, visit)):
            box.setItemText(0, self.tr("정해진 대로(%d분)") % minutes)

    def show_minutes(self, lock: int | None, visit: int | None) -> None:
        """As they stand."""
        for box, minutes in ((self.minutes, lock), (self.visit_minutes, visit)):
            with QSignalBlocker(box):
                box.setCurrentIndex(minutes or 0)

    def show_picture(self, longest_px: int, told: str) -> None:
        """How large new pictures become, and what is said of it."""
        with QSignalBlocker(self.picture):
            self.picture.setCurrentIndex(PICTURE_PX.index(longest_px))
        self.picture_told.show_text(told)

    def show_kept(self, words: str) -> None:
        """The minutes were kept."""
        self.lock_told.show_text(words)

    def show_remembered(self, *, is_remembered: bool) -> None:
        """Whether the system's keyring opens this profile too."""
        self._is_remembered = is_remembered
        self.remember.setEnabled(True)
        self.remembered.show_text(
            self.tr("이 컴퓨터의 로그인 계정이 열쇠를 기억하고 있어, 비밀번호 없이 열 수 있습니다.")
            if is_remembered
            else self.tr(
                "기억하게 하면 이 컴퓨터에 로그인한 사람은 비밀번호 없이 열 수 있습니다."
                " 혼자 쓰는 컴퓨터에서만 쓰세요."
            )
        )
        self.remember.show_label(
            self.tr("기억한 열쇠 지우기") if is_remembered else self.tr("이 컴퓨터에 기억하기")
        )

    def show_working(self) -> None:
        """The keyring is being asked."""
        self.remember.setEnabled(False)

    def take_focus(self) -> None:
        """The first choice."""
        self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: what happens by itself, then the password."""
        return (self._left, self._right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the password stands below."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _COLUMNS_FROM_PX
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)
        self._right.setMinimumWidth(0 if is_narrow else _FORM_PX)
        self._right.setMaximumWidth(_ANY_WIDTH_PX if is_narrow else _FORM_PX)

    def _tell_minutes(self) -> None:
        self.minutes_chosen.emit(
            self.minutes.currentIndex() or None, self.visit_minutes.currentIndex() or None
        )

    def _remember(self) -> None:
        if self._is_remembered:
            self.show_working()
            self.forget_requested.emit()
            return
        self._ask(
            self.tr("이 컴퓨터에 열쇠를 기억하게 하시겠습니까?"),
            self.tr("컴퓨터 계정의 열쇠고리에 넣습니다. 언제든 여기서 지울 수 있습니다."),
            self.tr("기억하기"),
        ).given.connect(self._remember_with)

    def _remember_with(self, password: str) -> None:
        self.show_working()
        self.remember_requested.emit(password)

    def _rotate(self) -> None:
        self._ask(
            self.tr("암호화 키를 바꾸시겠습니까?"),
            self.tr(
                "잠근 뒤 모든 기록과 사진을 새 키로 다시 암호화합니다."
                " 몇 분 걸릴 수 있고, 도중에 멈추면 지금 그대로입니다."
            ),
            self.tr("잠그고 바꾸기"),
        ).given.connect(self.rotation_requested)

    def _ask(self, question: str, told: str, deed: str) -> PasswordDialog:
        dialog = PasswordDialog(question, told, deed, self)
        dialog.open()
        return dialog

    def _lay_out(self) -> None:
        minutes = QHBoxLayout()
        minutes.setSpacing(t.S12)
        minutes.addWidget(Field(self.tr("아무것도 누르지 않으면"), self.minutes))
        minutes.addWidget(Field(self.tr("방문 화면에서는"), self.visit_minutes))
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(t.S16, t.S12, t.S16, t.S4)
        left.setSpacing(t.S8)
        left.addWidget(Text(self.tr("저절로 잠그기"), "section"))
        left.addLayout(minutes)
        left.addWidget(self.lock_told)
        left.addWidget(rule())
        left.addWidget(Text(self.tr("새 사진의 크기"), "section"))
        left.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self.picture_told)
        left.addWidget(rule())
        left.addWidget(Text(self.tr("이 컴퓨터에 기억"), "section"))
        left.addWidget(self.remembered)
        left.addWidget(self.remember)
        left.addWidget(rule())
        left.addWidget(Text(self.tr("암호화 키"), "section"))
        left.addWidget(
            Text(self.tr("비밀번호나 예비본이 새어 나갔다고 의심되면 바꾸세요."), "body")
        )
        left.addWidget(self.rotate)
        left.addStretch(1)
        self._right = QWidget()
        ground(self._right, "surface")
        right = QVBoxLayout(self._right)
        right.setContentsMargins(t.S24, t.S12, t.S24, t.S12)
        right.addWidget(self.changing)
        right.addStretch(1)
        scroll = Scroller()
        ground(scroll.inside, "app")
        self._columns = QHBoxLayout(scroll.inside)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(0)
        self._columns.addWidget(self._left, 1)
        self._columns.addWidget(rule("vertical"))
        self._columns.addWidget(self._right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)


def _minutes_box() -> ChoiceBox:
    """At its place n stands n minutes, at 0 what this installation has."""
    box = ChoiceBox()
    box.addItem(box.tr("정해진 대로"))
    box.addItems([box.tr("%d분") % minutes for minutes in range(1, _LONGEST_MINUTES + 1)])
    return box
