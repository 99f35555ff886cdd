"""이력: at the left every change of a record, newest first; at the right what one of them did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.review.lines import AnswerLine, AnswerLines, ColumnHeads
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, Tone, ground, rule


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change as the page shows it. state: into which it came, or how far it has been sent (then
    with a tone); about: why, or what is not known; lines: what it changed.
    """

    when: str
    who: str
    state: str
    about: str
    lines: tuple[AnswerLine, ...]
    tone: Tone = ""


class HistoryPage(QWidget):
    """↑↓ walk the changes, Tab goes to what the chosen one changed, Esc back to the list."""

    back_requested = Signal()
    fetch_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self._changes: tuple[ShownChange, ...] = ()
        self.back = Button(
            self.tr("기록"), "text", key=commands.LEAVE_HISTORY.key_text(), tool=True
        )
        self.title = Text("", "section", wraps=False)
        self.count = Text("", "label", tone="subtle", wraps=False)
        self.fetch = Button(self.tr("서버에서 받기"), "outlined", tool=True)
        self.banner = Banner(strip=True)
        self.changes = Table(
            [Column(self.tr("때")), Column(self.tr("누가"), share=1), Column(self.tr("상태"))]
        )
        self.changes.setAccessibleName(self.tr("고친 이력"))
        self.about = Text("", "label", tone="subtle")
        self.heads = ColumnHeads(self.tr("앞의 내용"), self.tr("바꾼 내용"))
        self.lines = AnswerLines()
        self._lay_out()
        self.back.clicked.connect(self.back_requested)
        self.fetch.clicked.connect(self.fetch_requested)
        self.changes.chosen.connect(lambda _: self._show_chosen())
        commands.bind(commands.LEAVE_HISTORY, self, self.back_requested.emit)

    def show_history(self, title: str, count: str, changes: Sequence[ShownChange]) -> None:
        """Another record, or the same one read again: what is chosen stays chosen."""
        self.title.show_text(title)
        self.count.show_text(count)
        # From the oldest on, so that a change keeps its key when newer ones come.
        keys = [str(number) for number in range(len(changes), 0, -1)]
        self._changes = tuple(changes)
        self.changes.show_rows(
            [
                Row(key, (one.when, one.who, one.state), ((2, one.tone),) if one.tone else ())
                for key, one in zip(keys, changes, strict=True)
            ]
        )
        self._show_chosen()

    def show_fetching(self, *, is_fetching: bool, is_lacking: bool) -> None:
        """Whether the server is being asked; whether it has something that is not here."""
        self.fetch.setVisible(is_fetching or is_lacking)
        self.fetch.setEnabled(not is_fetching)
        self.fetch.show_label(self.tr("받는 중") if is_fetching else self.tr("서버에서 받기"))

    def take_focus(self) -> None:
        """The newest change, or the one that is chosen."""
        self.changes.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the changes, then what the chosen one changed."""
        return (self.changes, self.lines)

    def _show_chosen(self) -> None:
        row = self.changes.currentIndex().row()
        chosen = self._changes[row] if 0 <= row < len(self._changes) else None
        lines = chosen.lines if chosen else ()
        self.about.show_text(chosen.about if chosen else "")
        self.about.setVisible(bool(chosen and chosen.about))
        self.lines.show_lines(lines)
        self.heads.show_heads(has_before=any(line.is_changed for line in lines))
        for part in (self.heads, self.lines):
            part.setVisible(bool(lines))
        self._nothing.setVisible(not lines)

    def _lay_out(self) -> None:
        self._head = QWidget()
        self._head.setFixedHeight(t.FOOT_PX)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(t.S8, 0, t.S16, 0)
        head.setSpacing(t.S12)
        for part in (self.back, self.title, self.count):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self.fetch)
        self._nothing = QWidget()
        told = QVBoxLayout()
        told.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        told.addWidget(self.about)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(told)
        right.addWidget(self.heads)
        right.addWidget(self.lines, 1)
        right.addWidget(self._nothing, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.changes, 2)
        middle.addWidget(rule("vertical"))
        middle.addLayout(right, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(rule())
        layout.addWidget(self.banner)
        layout.addLayout(middle, 1)
