"""공동 확인: the two seats of a checklist; the second may sign here by four digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldapp.messages import Message
from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.text import Text, ground

_PIN_DIGITS = 4
_CARD_PX, _PIN_PX = 400, 160


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in words. signed: `11. 30. 14:10 서명, 같은 기기`, empty while it is open.

    way: how it can be signed here and now: own account, four digits, or not at all.
    """

    key: str
    title: str
    name: str
    signed: str = ""
    way: str = ""  # own, pin or empty
    remark: str = ""


class _SeatCard(QFrame):
    sign_requested = Signal(str, str)  # seat, digits or empty

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.setProperty("card", "true")
        self.setMinimumWidth(_CARD_PX)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(_PIN_DIGITS)
        self.pin.setFixedWidth(_PIN_PX)
        self.pin.setAccessibleName(self.tr("%s 네 자리 숫자") % seat.name)
        self.pin.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.pin.setPlaceholderText(self.tr("네 자리 숫자"))
        digits = QRegularExpression(rf"\d{{0,{_PIN_DIGITS}}}")
        self.pin.setValidator(QRegularExpressionValidator(digits, self))
        self.pin.returnPressed.connect(self._sign)
        self.button = Button(
            self.tr("%s 서명") % seat.name, "primary" if seat.way == "own" else "outlined"
        )
        self.button.clicked.connect(self._sign)
        self.remark = Text(seat.remark, "note", tone="hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S16, t.S16, t.S16, t.S16)
        layout.setSpacing(t.S8)
        layout.addWidget(Text(seat.title, "label", tone="subtle", wraps=False))
        layout.addWidget(Text(seat.name or "-", "section", wraps=False))
        if seat.signed:
            layout.addWidget(Text(f"✓ {seat.signed}", "body", tone="success"))
        elif seat.way:
            row = QHBoxLayout()
            row.setSpacing(t.S8)
            if seat.way == "pin":
                row.addWidget(self.pin)
            row.addWidget(self.button)
            row.addStretch(1)
            layout.addLayout(row)
        layout.addWidget(self.remark)
        self.remark.setVisible(bool(seat.remark))

    def stop(self) -> QWidget | None:
        """Where the keys go; None when nothing can be done here."""
        if self.seat.signed or not self.seat.way:
            return None
        return self.pin if self.seat.way == "pin" else self.button

    def _sign(self) -> None:
        if not self.button.isEnabled():
            return
        if self.seat.way == "own":
            self.button.setEnabled(False)
            self.sign_requested.emit(self.seat.key, "")
        elif len(self.pin.text()) == _PIN_DIGITS:
            self.button.setEnabled(False)
            self.sign_requested.emit(self.seat.key, self.pin.text())
        else:
            self.remark.show_text(self.tr("네 자리 숫자를 눌러 주세요."))
            self.remark.show()
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)


class SigningPage(QWidget):
    """Who signed, and the next who may."""

    sign_requested = Signal(str, str)
    pin_chosen = Signal(str)
    open_requested = Signal()
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self.banner = Banner(strip=True)
        self.title = Text("", "screen-title")
        self.problem = Text("", "body", tone="warning")
        self.cards: list[_SeatCard] = []
        self.back = Button(self.tr("목록으로"), "text", key="Esc")
        self.open = Button(self.tr("점검표 보기"))
        self.own_pin = QLineEdit()
        self.own_pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.own_pin.setMaxLength(_PIN_DIGITS)
        self.own_pin.setFixedWidth(_PIN_PX)
        self.own_pin.setAccessibleName(self.tr("내 네 자리 숫자 정하기"))
        self.own_pin.setPlaceholderText(self.tr("네 자리 숫자"))
        self.own_pin.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.set_pin = Button(self.tr("내 숫자 정하기"), "text")
        self._lay_out()
        self.back.clicked.connect(self.back_requested)
        self.open.clicked.connect(self.open_requested)
        self.set_pin.clicked.connect(self._set_pin)
        self.own_pin.returnPressed.connect(self._set_pin)
        commands.bind(commands.BACK, self, self.back_requested.emit)

    def show_seats(self, title: str, problem: str, seats: Sequence[Seat]) -> None:
        """A record and its seats."""
        self.title.show_text(title)
        self.problem.show_text(problem)
        self.problem.setVisible(bool(problem))
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [_SeatCard(seat) for seat in seats]
        for number, card in enumerate(self.cards):
            card.sign_requested.connect(self.sign_requested)
            self._cards.insertWidget(number, card, 0, Qt.AlignmentFlag.AlignTop)
        self.take_focus()

    def show_refused(self, message: Message) -> None:
        """It was not signed: the digits are keyed anew."""
        for card in self.cards:
            card.button.setEnabled(True)
            card.pin.clear()
        self.banner.show_message(message)
        self.take_focus()

    def allow_pin(self, *, is_allowed: bool) -> None:
        """Whether this worker signs checklists, and so has digits of their own."""
        self.own_pin.setVisible(is_allowed)
        self.set_pin.setVisible(is_allowed)

    def show_pin_set(self) -> None:
        """The worker's own digits stand."""
        self.own_pin.clear()
        self.banner.show_notice(
            self.tr("네 자리 숫자를 정했습니다. 주고받은 뒤 다른 노트북에서도 쓸 수 있습니다."),
            "success",
            button=self.tr("닫기"),
            deed=self.banner.hide,
        )

    def take_focus(self) -> None:
        """The first seat that can be signed here."""
        stop = next((stop for card in self.cards if (stop := card.stop()) is not None), self.back)
        stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the seats, the foot."""
        return (self._inside, self._foot)

    def _set_pin(self) -> None:
        if self.own_pin.text():
            self.pin_chosen.emit(self.own_pin.text())
        else:
            self.own_pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self._inside = QWidget()
        self._cards = QHBoxLayout()
        self._cards.setSpacing(t.S16)
        self._cards.addStretch(1)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(t.S24, t.S16, t.S24, t.S16)
        inside.setSpacing(t.S16)
        inside.addWidget(self.title)
        inside.addWidget(self.problem)
        inside.addLayout(self._cards)
        inside.addWidget(
            Text(
                self.tr("서명한 뒤에 답을 고치면 두 사람의 서명이 모두 지워지고 다시 받습니다."),
                "note",
                tone="hint",
            )
        )
        inside.addStretch(1)
        self._foot = QWidget()
        ground(self._foot, "surface")
        self._foot.setFixedHeight(t.FOOT_PX)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(t.S16, 0, t.S16, 0)
        foot.setSpacing(t.S12)
        foot.addWidget(self.back)
        foot.addWidget(self.own_pin)
        foot.addWidget(self.set_pin)
        foot.addStretch(1)
        foot.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self._inside, 1)
        layout.addWidget(self._foot)
