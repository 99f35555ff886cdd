"""Drafts and records in one table; Enter opens, Ctrl+N begins a new form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import commands, words
from fieldapp.ui import tokens as t
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner, EmptyPage
from fieldapp.ui.widgets.strips import Strip
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, Tone, ground

_DELIVERY: dict[str, tuple[str, Tone]] = {
    "draft": ("작성 중", "warning"),
    "unsent": ("보내지 않음", "subtle"),
    "sent": ("보냄", "subtle"),
    "received": ("받음", "success"),
    "held": ("보류", "warning"),
    "quarantined": ("보류", "warning"),
    "conflict": ("서로 다름", "warning"),
}


_EVERY = "*"
#: Under which chip a record is found.
_FATES = {
    "draft": "draft", "unsent": "unsent", "sent": "unsent", "received": "received",
    "held": "waiting", "quarantined": "waiting", "conflict": "waiting",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One record or draft as the table shows it; delivery as `usecases.records.Delivery`."""

    record_id: str
    at: datetime
    form: str
    title: str
    state: str
    delivery: str
    author: str
    is_draft: bool


def delivery_words(delivery: str) -> str:
    """작성 중, 보내지 않음, 보냄, 받음, 보류, 서로 다름: never mixed (ux §1.6)."""
    return QCoreApplication.translate("records", _DELIVERY[delivery][0])


class RecordsView(ScreenView):
    """What I wrote and what came, newest first, drafts on top."""

    open_requested = Signal(str, bool)  # record id, is draft
    new_requested = Signal()
    discard_requested = Signal(str)
    #: A record as a document; the text of a record for 행복이음.
    print_requested = Signal(str)
    copy_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._lines: dict[str, Line] = {}
        self.banner = Banner()
        self.new = Button.of(commands.NEW_FORM, "primary")
        self.count = Text("", "note", tone="hint", wraps=False)
        self.table = Table(
            [
                Column(self.tr("고친 때")),
                Column(self.tr("서식"), share=1),
                Column(self.tr("기록"), share=1),
                Column(self.tr("상태")),
                Column(self.tr("주고받기")),
                Column(self.tr("적은 사람")),
            ]
        )
        self.table.setAccessibleName(self.tr("기록 목록"))
        self.fates = Strip(
            [
                (_EVERY, self.tr("모두")),
                ("draft", self.tr("작성 중")),
                ("unsent", self.tr("보내지 않음")),
                ("waiting", self.tr("보류·서로 다름")),
                ("received", self.tr("받음")),
            ],
            "chips",
        )
        self.fates.setAccessibleName(self.tr("기록 고르기"))
        self._first = Button.of(commands.NEW_FORM, "primary")
        self._empty = EmptyPage(
            self.tr("아직 적은 기록이 없습니다. 새 서식을 열어 보세요."), self._first
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self._lay_out()
        self.fates.chosen.connect(lambda _: self._show_rows())
        self._empty.acted.connect(self.new_requested)
        self.new.clicked.connect(self.new_requested)
        self.table.opened.connect(self._open)
        commands.bind(commands.NEW_FORM, self, self.new_requested.emit)
        commands.bind(commands.PRINT_RECORD, self, lambda: self._on_record("print_requested"))
        commands.bind(commands.COPY_TEXT, self, lambda: self._on_record("copy_requested"))
        commands.bind(commands.DISCARD, self.table, self._discard, only_within=True)

    def show_lines(self, lines: Sequence[Line], *, select: str | None = None) -> None:
        """Show every line, the chosen one kept or the named one chosen."""
        self._lines = {line.record_id: line for line in lines}
        self._show_rows(select)
        drafts = sum(line.is_draft for line in lines)
        self.count.show_text(
            self.tr("기록 %d건, 작성 중 %d건") % (len(lines) - drafts, drafts) if lines else ""
        )
        had_focus = self._stack.hasFocus() or self.focusWidget() is not None
        self._stack.setCurrentWidget(self.table if lines else self._empty)
        self.new.setVisible(bool(lines))
        self.fates.setVisible(bool(lines))
        if had_focus and self.isVisible():
            self.take_focus()

    def take_focus(self) -> None:
        """Put the keys on the list, or on the one button of an empty page."""
        target = self.table if self._lines else self._first
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6 stops."""
        return (self._stack, self.fates)

    def _show_rows(self, select: str | None = None) -> None:
        fate = self.fates.key()
        shown = [line for line in self._lines.values() if fate in (_EVERY, _FATES[line.delivery])]
        self.table.show_rows([_row(line) for line in shown], select=select)

    def _on_record(self, signal: str) -> None:
        key = self.table.chosen_key()
        if key is not None and not self._lines[key].is_draft:
            getattr(self, signal).emit(key)

    def _open(self, record_id: str) -> None:
        self.open_requested.emit(record_id, self._lines[record_id].is_draft)

    def _discard(self) -> None:
        key = self.table.chosen_key()
        if key is not None and self._lines[key].is_draft:
            self.discard_requested.emit(key)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(t.S12)
        head.addWidget(Text(self.tr("기록"), "screen-title", wraps=False))
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.new)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        layout.setSpacing(t.S12)
        layout.addLayout(head)
        layout.addWidget(self.fates)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)


def _row(line: Line) -> Row:
    tone = _DELIVERY[line.delivery][1]
    return Row(
        key=line.record_id,
        cells=(
            words.short_moment(line.at),
            line.form,
            line.title,
            "-" if line.is_draft else line.state,
            delivery_words(line.delivery),
            line.author,
        ),
        tones=((4, tone),) if tone else (),
    )
