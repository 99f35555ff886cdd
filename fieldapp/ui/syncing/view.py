"""One button and a truthful list: what is sent, what came, what waits and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.messages import Message
from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.syncing.conflict import ConflictPane
from fieldapp.ui.syncing.sign_in import SignInCard
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.checks import CheckLine
from fieldapp.ui.widgets.notices import Banner, ProgressRow
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, ground, rule


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """What the server has not taken: title, 보내지 않음 or 보류, and why in words.

    key: a record's id, or list and id of an entity that was changed by hand (`household/…`).
    op_id: of one that asks for its author: what it says is opened, instead of its object. is_aside:
    it was put aside, and asks nothing any more.
    """

    key: str
    title: str
    state: str
    reason: str
    op_id: str = ""
    is_aside: bool = False


class SyncingView(ScreenView):
    """Left the exchange and what waits, right what differs."""

    exchange_requested = Signal()
    stop_requested = Signal()
    open_requested = Signal(str)
    #: An operation that asks for its author, by its id.
    inside_requested = Signal(str)
    #: Whether what was put aside is shown, too.
    aside_wanted = Signal(bool)
    #: Whether attachments wait.
    pause_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._is_working = False
        self._had_keys = False
        self._told: dict[str, str] = {}
        self._lines: dict[str, WaitingLine] = {}
        self.banner = Banner(strip=True)
        self.returning = Banner(strip=True)
        self.leaving = Banner(strip=True)
        self.exchange = Button.of(commands.EXCHANGE, "primary")
        self.progress = ProgressRow()
        self.account = Text("", "body")
        self.waiting_head = Text("", "section")
        self.waiting = Table(
            [
                Column(self.tr("무엇"), share=1),
                Column(self.tr("상태")),
                Column(self.tr("까닭"), share=1),
            ]
        )
        self.waiting.setAccessibleName(self.tr("기다리는 것"))
        self.told = Text("", "label", tone="subtle")
        self.pause = CheckLine(self.tr("첨부는 나중에 보내기"))
        self.aside = CheckLine(self.tr("거둔 것도 보기"))
        self.sign_in = SignInCard()
        self.conflicts = ConflictPane()
        # No stack: that would be as tall as the taller of the two, and scroll for nothing.
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.sign_in)
        right.addWidget(self.conflicts)
        self._show_right(self.sign_in)
        self._lay_out()
        self.account.hide()
        self.exchange.clicked.connect(self._exchange)
        self.progress.stop_requested.connect(self.stop_requested)
        self.waiting.opened.connect(self._open)
        self.pause.toggled.connect(self.pause_wanted)
        self.aside.toggled.connect(self.aside_wanted)
        self.waiting.chosen.connect(self._tell)
        commands.bind(commands.EXCHANGE, self, self._exchange)
        commands.bind(commands.STOP, self, self._stop)

    def show_sign_in(self, address: str) -> None:
        """The first time: where the server is, who signs in, with which code."""
        self._show_right(self.sign_in)
        self.sign_in.show_address(address)
        self.exchange.setEnabled(False)

    def show_ready(self) -> None:
        """This laptop is enrolled."""
        self._show_right(self.conflicts)
        self.exchange.setEnabled(not self._is_working)

    def show_working(self, doing: str, done: int, total: int | None) -> None:
        """True counts while it goes on."""
        self._is_working = True
        # A button that is put out hands the keys on; they come back to it.
        self._had_keys = self._had_keys or self.exchange.hasFocus()
        self.exchange.setEnabled(False)
        self.progress.show_progress(doing, done, total)

    def show_rested(self) -> None:
        """Nothing is under way."""
        self._is_working = False
        self.exchange.setEnabled(self.sign_in.isHidden())
        self.progress.hide()
        if self._had_keys and (self.pause.hasFocus() or self.focusWidget() is None):
            self.exchange.setFocus(Qt.FocusReason.OtherFocusReason)
        self._had_keys = False

    def show_account(self, words: str) -> None:
        """What the last round did, in numbers."""
        self.account.show_text(words)
        self.account.show()

    def show_waiting(self, lines: Sequence[WaitingLine]) -> None:
        """What waits and why, and behind it what was put aside."""
        count = sum(not line.is_aside for line in lines)
        self.waiting_head.show_text(
            self.tr("기다리는 것 %d건") % count if count else self.tr("기다리는 것이 없습니다")
        )
        self._told = {}
        self._lines = {line.op_id or line.key: line for line in lines}
        for line in lines:
            # Of one record or household several changes may wait.
            key = line.op_id or line.key
            before = self._told.get(key, "")
            self._told[key] = f"{before}\n{line.title}. {line.reason}".strip()
        self.told.show_text("")
        self.waiting.show_rows(
            [Row(line.op_id or line.key, (line.title, line.state, line.reason)) for line in lines]
        )
        self.waiting.setVisible(bool(lines))

    def show_paused(self, *, is_paused: bool) -> None:
        """Whether attachments wait, as it was set."""
        with QSignalBlocker(self.pause):
            self.pause.setChecked(is_paused)

    def show_message(self, message: Message) -> None:
        """A round that did not end, or a sign-in that was refused."""
        self.sign_in.show_working(is_working=False)
        self.banner.show_message(message)

    def show_returning(self, words: str) -> None:
        """What the server said of this device stands until it says something else; "": nothing."""
        if words:
            self.returning.show_notice(words, "warning")
        else:
            self.returning.hide()

    def take_focus(self) -> None:
        """Put the keys where something can be done."""
        if self.sign_in.isHidden():
            self.exchange.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.sign_in.take_focus()

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the exchange, then what differs."""
        shown = self.conflicts if self.sign_in.isHidden() else self.sign_in
        return (self._left, shown)

    def _show_right(self, page: QWidget) -> None:
        other = self.conflicts if page is self.sign_in else self.sign_in
        other.hide()
        page.show()

    def _exchange(self) -> None:
        if self.exchange.isEnabled():
            self.banner.hide()
            self.exchange_requested.emit()

    def _tell(self, key: str) -> None:
        """The chosen line in full: its cells may be too narrow."""
        told = self._told.get(key, "")
        if key in self._lines and self._lines[key].op_id:
            told += " " + self.tr("Enter를 누르면 적은 내용과 할 수 있는 일을 봅니다.")
        self.told.show_text(told)

    def _open(self, key: str) -> None:
        line = self._lines[key]
        if line.op_id:
            self.inside_requested.emit(line.op_id)
        else:
            self.open_requested.emit(line.key)

    def _stop(self) -> None:
        if self._is_working:
            self.stop_requested.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Text(self.tr("주고받기"), "screen-title", wraps=False))
        head.addStretch(1)
        head.addWidget(self.exchange)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        left.setSpacing(t.S12)
        left.addLayout(head)
        left.addWidget(self.progress)
        left.addWidget(self.account)
        left.addWidget(self.pause)
        left.addWidget(rule())
        waits = QHBoxLayout()
        waits.addWidget(self.waiting_head, 1)
        waits.addWidget(self.aside)
        left.addLayout(waits)
        left.addWidget(self.waiting, 1)
        left.addWidget(self.told)
        left.addStretch(0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._right)
        # Qt scrolls to what Tab leads to, and to nothing else.
        self.conflicts.stood.connect(scroll.ensureWidgetVisible)
        ground(self._right, "surface")
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._left, 1)
        middle.addWidget(rule("vertical"))
        middle.addWidget(scroll, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.returning)
        layout.addWidget(self.leaving)
        layout.addWidget(self.banner)
        layout.addLayout(middle, 1)
