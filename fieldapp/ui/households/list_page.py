"""The list: type to narrow, ↑↓ walk, Enter opens; by grade and 통 too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.saved_filters.bar import ROOMY_FROM_PX, FilterBar
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.chips import GRADES
from fieldapp.ui.widgets.fields import ChoiceBox
from fieldapp.ui.widgets.notices import EmptyPage
from fieldapp.ui.widgets.strips import Strip
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, ground

ALL = "*"
_AREA_PX, _NARROW_AREA_PX = 132, 96
_WALK = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
}  # fmt: skip


def month_day(day: date | None) -> str:
    """`12. 7.`; nothing for no day."""
    return f"{day.month}. {day.day}." if day else ""


class ListPage(QWidget):
    """Rows are asked for in pages: a list of 20,000 is laid out as far as it is scrolled."""

    #: What is typed, the grade (`*`: all) and the 통 (empty: all).
    narrowed = Signal(str, str, str)
    more_wanted = Signal()
    opened = Signal(str)
    new_requested = Signal()
    sync_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self.search = ComposedLine()
        self.search.setPlaceholderText(self.tr("이름, 초성, 전화 끝 네 자리, 주소"))
        self.search.setAccessibleName(self.tr("대상 찾기"))
        self.filters = FilterBar(commands.KEEP_FILTER)
        self.new = Button.of(commands.NEW_HOUSEHOLD, "primary")
        self.grades = Strip(
            [(ALL, self.tr("모두")), *((grade, look.words) for grade, look in GRADES.items())],
            "chips",
        )
        self.grades.setAccessibleName(self.tr("등급으로 고르기"))
        # A town has forty of them: more than a line of chips.
        self.areas = ChoiceBox()
        self.areas.setFixedWidth(_AREA_PX)
        self.areas.addItem(self.tr("모든 통"), "")
        self.areas.setAccessibleName(self.tr("통으로 고르기"))
        self.table = Table(
            [
                Column(self.tr("이름"), share=2),
                Column(self.tr("나이")),
                Column(self.tr("통")),
                Column(self.tr("등급")),
                Column(self.tr("다음 연락"), is_number=True),
                Column(self.tr("지난 연락"), is_number=True),
                Column(self.tr("담당"), share=1),
                Column(self.tr("상태")),
            ]
        )
        self.table.setAccessibleName(self.tr("대상 목록"))
        self.count = Text("", "note", tone="hint", wraps=False)
        self._exchange = Button(self.tr("주고받기"), "primary")
        self._none = EmptyPage(self.tr("아직 받은 대상이 없습니다."), self._exchange)
        self._unmatched = EmptyPage("")
        self._stack = QStackedWidget()
        for page in (self.table, self._none, self._unmatched):
            self._stack.addWidget(page)
        self._lay_out()
        self._connect()

    def show_areas(self, areas: Sequence[str]) -> None:
        """The 통 that can be chosen."""
        standing = tuple(self.areas.itemText(n) for n in range(1, self.areas.count()))
        if standing != tuple(areas):
            chosen = self.areas.currentData()
            with QSignalBlocker(self.areas):
                self.areas.clear()
                self.areas.addItem(self.tr("모든 통"), "")
                for area in areas:
                    self.areas.addItem(area, area)
                self.areas.setCurrentIndex(max(0, self.areas.findData(chosen)))
        self.areas.setVisible(len(areas) > 1)

    def show_rows(self, rows: Sequence[Row], total: int) -> None:
        """The first page of what matches; `total` counts all of it."""
        self.table.show_rows(rows)
        self._show_count(len(rows), total)
        if rows:
            self._stack.setCurrentWidget(self.table)
        elif self.asked() == ("", ALL, ""):
            self._stack.setCurrentWidget(self._none)
        else:
            self._unmatched.sentence.show_text(
                self.tr("'%s'에 맞는 사람이 없습니다. 전화 끝 네 자리나 주소로도 찾습니다.")
                % self.asked()[0]
                if self.asked()[0]
                else self.tr("이 조건에 맞는 대상이 없습니다.")
            )
            self._stack.setCurrentWidget(self._unmatched)

    def add_rows(self, rows: Sequence[Row], total: int) -> None:
        """The next page."""
        self.table.add_rows(rows)
        self._show_count(len(self.table.cells()), total)

    def asked(self) -> tuple[str, str, str]:
        """What is typed and filtered now."""
        typed = self.search.text_with_composition().strip()
        return (typed, self.grades.key(), str(self.areas.currentData() or ""))

    def conditions(self) -> dict[str, str]:
        """The same as a saved filter keeps it."""
        text, grade, area = self.asked()
        # `미정` is a choice of its own: the empty grade.
        return {"text": text, "grade": "" if grade == ALL else f"={grade}", "area": area}

    def show_conditions(self, chosen: Mapping[str, str]) -> None:
        """Choose what a saved filter kept; a grade or 통 that is gone is not chosen."""
        grades = self.grades.keys()
        grade = chosen.get("grade", "").removeprefix("=") if chosen.get("grade") else ALL
        with QSignalBlocker(self.search), QSignalBlocker(self.grades), QSignalBlocker(self.areas):
            self.search.setText(chosen.get("text", ""))
            self.grades.choose(grade if grade in grades else ALL)
            self.areas.setCurrentIndex(max(0, self.areas.findData(chosen.get("area", ""))))
        self._narrow()

    def condition_words(self) -> tuple[str, ...]:
        """What is chosen, as a worker reads it."""
        text, grade, area = self.asked()
        told = ("" if grade == ALL else GRADES[grade].words, area, f"'{text}'" if text else "")
        return tuple(words for words in told if words)

    def take_focus(self) -> None:
        """The line: what is typed narrows, ↑↓ walk the list below."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the line keeps its room."""
        super().resizeEvent(event)
        is_roomy = event.size().width() >= ROOMY_FROM_PX
        self.filters.show_roomy(is_roomy)
        self.new.show_key(is_roomy)
        self.areas.setFixedWidth(_AREA_PX if is_roomy else _NARROW_AREA_PX)
        self.count.setVisible(is_roomy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: from the line the walking keys act on the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _WALK and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self.search.finish_composition()
                self.table.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                self._narrow()
                return True
        return super().eventFilter(watched, event)

    def _narrow(self) -> None:
        self.narrowed.emit(*self.asked())

    def _show_count(self, shown: int, total: int) -> None:
        self.count.show_text(
            self.tr("%d집 중 %d집") % (total, shown) if shown < total else self.tr("%d집") % total
        )

    def _scrolled(self, value: int) -> None:
        bar = self.table.verticalScrollBar()
        if value and value >= bar.maximum() - self.table.height():
            self.more_wanted.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(t.S12)
        head.addWidget(Text(self.tr("대상"), "screen-title", wraps=False))
        head.addWidget(self.search, 1)
        head.addWidget(self.filters)
        head.addWidget(self.new)
        chips = QHBoxLayout()
        chips.setSpacing(t.S16)
        chips.addWidget(self.grades)
        chips.addWidget(self.areas)
        chips.addStretch(1)
        chips.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        layout.setSpacing(t.S8)
        layout.addLayout(head)
        layout.addLayout(chips)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.search.installEventFilter(self)
        self.search.typed.connect(lambda _: self._narrow())
        self.grades.chosen.connect(lambda _: self._narrow())
        self.areas.currentIndexChanged.connect(lambda _: self._narrow())
        self.table.opened.connect(self.opened)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.new.clicked.connect(self.new_requested)
        self._none.acted.connect(self.sync_requested)
        commands.bind(commands.NEW_HOUSEHOLD, self, self.new_requested.emit)
        commands.bind(commands.KEEP_FILTER, self, self.filters.keep_requested.emit)
