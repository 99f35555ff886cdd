"""Drafts and records in one table; Enter opens, Ctrl+N begins a new form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import commands, words
from fieldapp.ui import tokens as t
from fieldapp.ui.records.history import HistoryPage
from fieldapp.ui.saved_filters.bar import ROOMY_FROM_PX, FilterBar
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox
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
    "aside": ("거둠", "subtle"),
}


_EVERY = "*"
_CHIPS = (
    (_EVERY, "모두"), ("draft", "작성 중"), ("unsent", "보내지 않음"),
    ("waiting", "보류·서로 다름"), ("received", "받음"),
)  # fmt: skip
#: The days on which a record was last changed (usecases.records.PERIODS).
_PERIODS = {
    "": "모든 때", "today": "오늘", "week": "이번 주", "month": "이번 달", "last_month": "지난달",
}  # fmt: skip
_FORM_PX, _PERIOD_PX = 200, 112
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
    #: Who changed what in a record.
    history_requested = Signal(str)
    #: Another form or period is chosen: the list is read anew.
    narrowed = Signal()
    #: Another chip is chosen: what is read already is shown otherwise.
    sifted = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._lines: dict[str, Line] = {}
        self.history = HistoryPage()
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
            [(key, QCoreApplication.translate("records", label)) for key, label in _CHIPS], "chips"
        )
        self.fates.setAccessibleName(self.tr("기록 고르기"))
        self.forms = ChoiceBox()
        self.forms.setFixedWidth(_FORM_PX)
        self.forms.addItem(self.tr("모든 서식"), "")
        self.forms.setAccessibleName(self.tr("서식으로 고르기"))
        self.periods = ChoiceBox()
        self.periods.setFixedWidth(_PERIOD_PX)
        for key, label in _PERIODS.items():
            self.periods.addItem(QCoreApplication.translate("records", label), key)
        self.periods.setAccessibleName(self.tr("고친 때로 고르기"))
        self.filters = FilterBar(commands.KEEP_RECORD_FILTER)
        self._first = Button.of(commands.NEW_FORM, "primary")
        self._empty = EmptyPage(
            self.tr("아직 적은 기록이 없습니다. 새 서식을 열어 보세요."), self._first
        )
        self._unmatched = EmptyPage(self.tr("이 조건에 맞는 기록이 없습니다."))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._unmatched)
        self._lay_out()
        self.fates.chosen.connect(lambda _: self._sift())
        self.forms.currentIndexChanged.connect(lambda _: self.narrowed.emit())
        self.periods.currentIndexChanged.connect(lambda _: self.narrowed.emit())
        self._empty.acted.connect(self.new_requested)
        self.new.clicked.connect(self.new_requested)
        self.table.opened.connect(self._open)
        self.history.back_requested.connect(self.show_list)
        commands.bind(commands.NEW_FORM, self, self.new_requested.emit)
        commands.bind(commands.KEEP_RECORD_FILTER, self._list, self.filters.keep_requested.emit)
        commands.bind(commands.HISTORY, self._list, lambda: self._on_record("history_requested"))
        commands.bind(commands.PRINT_RECORD, self, lambda: self._on_record("print_requested"))
        commands.bind(commands.COPY_TEXT, self, lambda: self._on_record("copy_requested"))
        commands.bind(commands.DISCARD, self.table, self._discard, only_within=True)

    def show_lines(
        self, lines: Sequence[Line], *, select: str | None = None, total: int | None = None
    ) -> None:
        """Show every line, the chosen one kept or the named one chosen. total: how many records
        there are with those that are not laid out, None for no more than these.
        """
        self._lines = {line.record_id: line for line in lines}
        self._show_count(total)
        has_any = bool(lines) or any(self.conditions().values())
        for part in (self.new, self.fates, self.forms, self.periods, self.filters):
            part.setVisible(has_any)
        self._show_rows(select)

    def show_forms(self, forms: Sequence[tuple[str, str]]) -> None:
        """The forms (id, title) by which the list can be narrowed."""
        standing = [self.forms.itemData(n) for n in range(1, self.forms.count())]
        if standing != [form_id for form_id, _ in forms]:
            chosen = self.forms.currentData()
            with QSignalBlocker(self.forms):
                self.forms.clear()
                self.forms.addItem(self.tr("모든 서식"), "")
                for form_id, title in forms:
                    self.forms.addItem(title, form_id)
                self.forms.setCurrentIndex(max(0, self.forms.findData(chosen)))

    def asked(self) -> tuple[str, str]:
        """The form and the period chosen; empty for all."""
        return str(self.forms.currentData() or ""), str(self.periods.currentData() or "")

    def conditions(self) -> dict[str, str]:
        """The whole filter, as a saved one keeps it."""
        form_id, period = self.asked()
        fate = self.fates.key()
        return {"fate": "" if fate == _EVERY else fate, "form": form_id, "period": period}

    def show_conditions(self, chosen: Mapping[str, str]) -> None:
        """Choose what a saved filter kept; a form that is gone is not chosen."""
        fates = self.fates.keys()
        fate = chosen.get("fate", "")
        with QSignalBlocker(self.fates), QSignalBlocker(self.forms), QSignalBlocker(self.periods):
            self.fates.choose(fate if fate in fates else _EVERY)
            self.forms.setCurrentIndex(max(0, self.forms.findData(chosen.get("form", ""))))
            self.periods.setCurrentIndex(max(0, self.periods.findData(chosen.get("period", ""))))
        self.narrowed.emit()

    def condition_words(self) -> tuple[str, ...]:
        """What is chosen, as a worker reads it."""
        chosen = self.conditions()
        fate = dict(_CHIPS)[self.fates.key()]
        told = (
            (chosen["fate"], QCoreApplication.translate("records", fate)),
            (chosen["form"], self.forms.currentText()),
            (chosen["period"], self.periods.currentText()),
        )
        return tuple(words for value, words in told if value)

    def show_history(self) -> None:
        """The history of a record in the place of the list."""
        self._pages.setCurrentWidget(self.history)
        self.history.take_focus()

    def show_list(self) -> None:
        """Back to the list, and to the record that was chosen."""
        self._pages.setCurrentWidget(self._list)
        self.take_focus()

    def is_history_shown(self) -> bool:
        """Whether a record's history stands in the place of the list."""
        return self._pages.currentWidget() is self.history

    def take_focus(self) -> None:
        """Put the keys on the list, or on what stands in its place."""
        if self.is_history_shown():
            self.history.take_focus()
            return
        page = self._stack.currentWidget()
        other = self._first if page is self._empty else self.fates
        (self.table if page is self.table else other).setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6 stops."""
        if self.is_history_shown():
            return self.history.areas()
        return (self._stack, self.fates, self.forms, self.filters)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the boxes stand below the chips."""
        super().resizeEvent(event)
        is_roomy = event.size().width() >= ROOMY_FROM_PX
        way = QBoxLayout.Direction
        self._chips.setDirection(way.LeftToRight if is_roomy else way.TopToBottom)
        self.filters.show_roomy(is_roomy)
        self.new.show_key(is_roomy)
        self.count.setVisible(is_roomy)

    def _sift(self) -> None:
        self._show_rows()
        self.sifted.emit()

    def _show_rows(self, select: str | None = None) -> None:
        """The lines that fit the chip; the keys stay where the filter is being chosen."""
        fate = self.fates.key()
        shown = [line for line in self._lines.values() if fate in (_EVERY, _FATES[line.delivery])]
        self.table.show_rows([_row(line) for line in shown], select=select)
        focus = self.focusWidget()
        is_filtering = focus in (self.fates, self.forms, self.periods, self.filters.box)
        is_narrowed = any(self.conditions().values())
        fitting = self.table if shown else self._unmatched if is_narrowed else self._empty
        self._stack.setCurrentWidget(fitting)
        if (
            focus is not None
            and self._list.isVisible()
            and not (is_filtering and focus.isVisible())
        ):
            self.take_focus()

    def _show_count(self, total: int | None) -> None:
        drafts = sum(line.is_draft for line in self._lines.values())
        kept = len(self._lines) - drafts
        if not self._lines:
            words = ""
        elif total is not None and total > kept:
            words = self.tr("기록 {:,}건 중 {:,}건, 작성 중 {:,}건").format(total, kept, drafts)
        else:
            words = self.tr("기록 {:,}건, 작성 중 {:,}건").format(kept, drafts)
        self.count.show_text(words)

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
        head.addWidget(self.filters)
        head.addWidget(self.new)
        boxes = QHBoxLayout()
        boxes.setSpacing(t.S12)
        boxes.addWidget(self.forms)
        boxes.addWidget(self.periods)
        boxes.addStretch(1)
        self._chips = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._chips.setSpacing(t.S12)
        self._chips.addWidget(self.fates)
        self._chips.addLayout(boxes, 1)
        self._list = QWidget()
        layout = QVBoxLayout(self._list)
        layout.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        layout.setSpacing(t.S12)
        layout.addLayout(head)
        layout.addLayout(self._chips)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        self._pages.addWidget(self.history)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)


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
