"""The list of the day with its reasons, and beside it the household of the chosen row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.today.pane import HouseholdPane
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner, EmptyPage
from fieldapp.ui.widgets.rows import Line, RowList
from fieldapp.ui.widgets.strips import Strip
from fieldapp.ui.widgets.text import Text, ground, rule

TODAY, WEEK, CHORES = "today", "week", "chores"
#: Under this width of the page the list takes half of it.
_NARROW_PX = 940
_SENTENCE_PX = 300


class TodayView(ScreenView):
    """Tells which row was chosen and what is to be done with it."""

    #: today, week or chores: read what the tab shows.
    tab_chosen = Signal(str)
    row_chosen = Signal(str)
    #: Enter, F7, F8, Space on a row: its key.
    opened = Signal(str)
    phone_requested = Signal(str)
    absent_requested = Signal(str)
    plan_requested = Signal(str)
    day_end_requested = Signal()
    rounds_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._has_rows = False
        self._is_turning = False
        self.banner = Banner(strip=True)
        self.date = Text("", "screen-title", wraps=False)
        self.counts = Text("", "label", tone="subtle", wraps=False)
        self.tabs = Strip(
            [(TODAY, self.tr("오늘")), (WEEK, self.tr("이번 주")), (CHORES, self.tr("챙길 것"))]
        )
        self.tabs.setAccessibleName(self.tr("보기"))
        self.list = RowList(self.tr("오늘 만날 집"))
        self.pane = HouseholdPane()
        self.day_end = Button.of(commands.DAY_END, "text")
        self._week = Button(self.tr("이번 주 보기"), "primary")
        self._empty_today = EmptyPage(
            self.tr("오늘 예정된 방문이 없습니다. 이번 주에 가실 집을 골라 보세요."),
            self._week,
            width_px=_SENTENCE_PX,
        )
        self._empty_week = EmptyPage(
            self.tr("이번 주에 연락할 집이 없습니다."), width_px=_SENTENCE_PX
        )
        self._empty_chores = EmptyPage(self.tr("챙길 것이 없습니다."), width_px=_SENTENCE_PX)
        self._lay_out()
        self._connect()

    def show_day(self, date: str, counts: str) -> None:
        """The head: which day, how many."""
        self.date.show_text(date)
        self.counts.show_text(counts)

    def show_lines(self, lines: Sequence[Line], *, select: str | None = None) -> None:
        """The rows of the present tab; the chosen one stays chosen, or the one in its place."""
        self.list.show_lines(lines, select=select)
        had_focus = self._stack.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self._has_rows = bool(self.list.keys())
        self._show_body()
        if not self._has_rows:
            self.pane.show_nothing()
        elif had_focus and self.isVisible() and not self.list.hasFocus():
            self.take_focus()
        if self._is_turning:
            self._is_turning = False
            self.take_focus()

    def show_for_monitor(self) -> None:
        """Who visits no household is led to the rounds instead."""
        self._empty_today.sentence.show_text(
            self.tr("오늘 하실 점검은 점검·설문에서 엽니다. 사무국이 계획한 점검이 거기 있습니다.")
        )
        self._week.show_label(self.tr("점검·설문 열기"))
        self._empty_today.acted.disconnect()
        self._empty_today.acted.connect(self.rounds_requested)

    def offer_day_end(self) -> None:
        """After five: the day can be closed."""
        self.banner.show_notice(
            self.tr("오늘 일을 마치시겠습니까? 보내지 않은 기록과 옮길 글을 한 번에 봅니다."),
            button=self.tr("하루 마치기"),
            key=commands.DAY_END.key_text(),
            deed=self.day_end_requested.emit,
        )

    def tab(self) -> str:
        """Which tab is shown."""
        return self.tabs.key()

    def take_focus(self) -> None:
        """The list's first due row, or the one thing to do."""
        if self._has_rows:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.tab() == TODAY:
            self._week.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: list, pane, tabs."""
        return (self._stack, self.pane, self.tabs)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the list is 468 wide, or half of a narrow page."""
        super().resizeEvent(event)
        width = event.size().width()
        self._left.setFixedWidth(t.LIST_PX if width >= _NARROW_PX else width // 2)

    def _show_body(self) -> None:
        empty = {TODAY: self._empty_today, WEEK: self._empty_week, CHORES: self._empty_chores}
        self._stack.setCurrentWidget(self.list if self._has_rows else empty[self.tab()])

    def _on_row(self, signal: str) -> None:
        key = self.list.chosen_key()
        if key is not None:
            getattr(self, signal).emit(key)

    def _turn(self, step: int) -> None:
        """Another tab by its key: the keys stay with what is read, not with the tabs."""
        self._is_turning = True
        self.tabs.step(step)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(t.S16, t.S8, t.S16, t.S4)
        head.setSpacing(t.S12)
        head.addWidget(self.date)
        head.addStretch(1)
        head.addWidget(self.counts)
        self._stack = QStackedWidget()
        for page in (self.list, self._empty_today, self._empty_week, self._empty_chores):
            self._stack.addWidget(page)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(t.S8, 0, t.S8, 0)
        tabs.addWidget(self.tabs, 1)
        tabs.addWidget(self.day_end)
        self._left = QWidget()
        ground(self._left, "surface")
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addLayout(head)
        left.addLayout(tabs)
        left.addWidget(rule())
        left.addWidget(self._stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._left)
        middle.addWidget(rule("vertical"))
        middle.addWidget(self.pane, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addLayout(middle, 1)

    def _connect(self) -> None:
        self.list.opened.connect(self.opened)
        self.list.chosen.connect(self.row_chosen)
        self.tabs.chosen.connect(self.tab_chosen)
        self._empty_today.acted.connect(lambda: self.tabs.choose(WEEK))
        self.pane.visit_requested.connect(lambda: self._on_row("opened"))
        self.pane.phone_requested.connect(lambda: self._on_row("phone_requested"))
        self.pane.absent_requested.connect(lambda: self._on_row("absent_requested"))
        self.day_end.clicked.connect(self.day_end_requested)
        bind = commands.bind
        bind(commands.PHONE, self, lambda: self._on_row("phone_requested"))
        bind(commands.ABSENT, self, lambda: self._on_row("absent_requested"))
        bind(commands.PLAN, self.list, lambda: self._on_row("plan_requested"), only_within=True)
        bind(commands.NEXT_TAB, self, lambda: self._turn(1))
        bind(commands.PREVIOUS_TAB, self, lambda: self._turn(-1))
