"""Tabs over rounds, improvements, batches and paper entry; pages for planning and signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.monitoring.board import Board
from fieldapp.ui.monitoring.planning import PlanningPage
from fieldapp.ui.monitoring.signing import SigningPage
from fieldapp.ui.paper.view import PaperPage
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner, EmptyPage
from fieldapp.ui.widgets.rows import Item
from fieldapp.ui.widgets.strips import Strip
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, ground, rule

ROUNDS, IMPROVEMENTS, PAPER = "rounds", "improvements", "paper"


class MonitoringView(ScreenView):
    """Tells which tab was chosen and what is to be done with the chosen row."""

    tab_chosen = Signal(str)
    record_requested = Signal(str)
    sign_requested = Signal(str)
    plan_requested = Signal()
    improvement_requested = Signal(str)

    def __init__(self, paper: PaperPage) -> None:
        """paper: the tab of batches and paper entry, a page of its own."""
        super().__init__()
        ground(self, "app")
        self._can_plan = False
        self._is_turning = False
        self.banner = Banner(strip=True)
        self.tabs = Strip(
            [
                (ROUNDS, self.tr("회차")),
                (IMPROVEMENTS, self.tr("개선사항")),
                (PAPER, self.tr("설문 묶음·종이 입력")),
            ]
        )
        self.tabs.setAccessibleName(self.tr("보기"))
        self.plan = Button.of(commands.PLAN_ROUND, "primary")
        self.sign = Button.of(commands.SIGN)
        self.rounds = Table(
            [
                Column(self.tr("사업")),
                Column(self.tr("장소"), share=1),
                Column(self.tr("회차")),
                Column(self.tr("점검일"), is_number=True),
                Column(self.tr("조사원"), share=1),
                Column(self.tr("진행"), is_number=True),
                Column(self.tr("서명")),
                Column(self.tr("상태")),
            ]
        )
        self.rounds.setAccessibleName(self.tr("점검 회차"))
        self.board = Board()
        self.paper = paper
        self.planning = PlanningPage()
        self.signing = SigningPage()
        self._first = Button.of(commands.PLAN_ROUND, "primary")
        self._no_rounds = EmptyPage(
            self.tr("아직 점검 회차가 없습니다. 사업과 장소를 골라 첫 점검을 계획해 보세요."),
            self._first,
        )
        self._no_plans = EmptyPage(
            self.tr("배정된 점검이 없습니다. 주고받으면 사무국이 계획한 점검이 옵니다.")
        )
        self._no_improvements = EmptyPage(
            self.tr("아직 개선사항이 없습니다. 점검표에서 Ctrl+I로 적은 것이 여기 모입니다.")
        )
        self._lay_out()
        self._connect()

    def allow_planning(self, *, is_allowed: bool) -> None:
        """Whether this worker plans rounds."""
        self._can_plan = is_allowed
        self._show_buttons()

    def show_rounds(self, rows: Sequence[Row]) -> None:
        """Every round, planned and running."""
        self.rounds.show_rows(rows)
        self._show_body()
        self._is_turning = False

    def show_improvements(
        self, items: Mapping[str, Sequence[Item]], told: Mapping[str, str]
    ) -> None:
        """The board; `told` says each improvement in full."""
        self.board.show_items(items, told)
        self._show_body()
        self._is_turning = False

    def tab(self) -> str:
        """Which tab is shown."""
        return self.tabs.key()

    def show_tabs(self) -> None:
        """Back from planning or signing."""
        self._pages.setCurrentWidget(self._main)
        self.take_focus()

    def show_planning(self) -> None:
        """The page of a new round."""
        self._pages.setCurrentWidget(self.planning)
        self.planning.take_focus()

    def show_signing(self) -> None:
        """The page of the two seats."""
        self._pages.setCurrentWidget(self.signing)
        self.signing.take_focus()

    def take_focus(self) -> None:
        """Where the first thing is done."""
        page = self._pages.currentWidget()
        if page is self.planning:
            self.planning.take_focus()
        elif page is self.signing:
            self.signing.take_focus()
        else:
            self._focus_body()

    def areas(self) -> tuple[QWidget, ...]:
        """F6 stops of what is shown."""
        page = self._pages.currentWidget()
        if page is self.planning:
            return self.planning.areas()
        if page is self.signing:
            return self.signing.areas()
        return (self._bodies, self.tabs, self._head)

    def _focus_body(self) -> None:
        body = self._bodies.currentWidget()
        if body is self.board:
            self.board.take_focus()
        elif body is self.paper:
            self.paper.take_focus()
        elif body is self._no_rounds:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif body in (self._no_improvements, self._no_plans):
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
        elif body is not None:
            body.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_body(self) -> None:
        tab = self.tab()
        had_focus = self._bodies.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        if tab == ROUNDS:
            nothing = self._no_rounds if self._can_plan else self._no_plans
            body: QWidget = self.rounds if self.rounds.cells() else nothing
        elif tab == IMPROVEMENTS:
            body = self._no_improvements if self.board.is_empty() else self.board
        else:
            body = self.paper
        changed = body is not self._bodies.currentWidget()
        self._bodies.setCurrentWidget(body)
        self._show_buttons()
        if changed and (had_focus or self._is_turning) and self.isVisible():
            self._focus_body()

    def _show_buttons(self) -> None:
        has_rounds = self.tab() == ROUNDS and bool(self.rounds.cells())
        self.plan.setVisible(has_rounds and self._can_plan)
        self.sign.setVisible(has_rounds)

    def _turn(self, step: int) -> None:
        """Another tab by its key: the keys stay with what is read, not with the tabs."""
        self._is_turning = True
        self.tabs.step(step)
        if self.tab() == PAPER:
            self._is_turning = False  # nothing more is read for it here

    def _choose_tab(self, name: str) -> None:
        self._show_body()
        self.tab_chosen.emit(name)

    def _sign(self) -> None:
        key = self.rounds.chosen_key()
        if key is not None and self.tab() == ROUNDS:
            self.sign_requested.emit(key)

    def _plan(self) -> None:
        if self.tab() == PAPER:
            self.paper.begin_new()
        elif self._can_plan and self.tab() == ROUNDS:
            self.plan_requested.emit()

    def _lay_out(self) -> None:
        self._head = QWidget()
        self._head.setFixedHeight(t.FOOT_PX)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(t.S16, t.S8, t.S16, t.S4)
        head.setSpacing(t.S12)
        head.addWidget(Text(self.tr("점검·설문"), "screen-title", wraps=False))
        head.addStretch(1)
        head.addWidget(self.sign)
        head.addWidget(self.plan)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(t.S8, 0, t.S8, 0)
        tabs.addWidget(self.tabs)
        self._bodies = QStackedWidget()
        for body in (
            self.rounds, self.board, self.paper, self._no_rounds, self._no_plans,
            self._no_improvements,
        ):  # fmt: skip
            self._bodies.addWidget(body)
        self._main = QWidget()
        main = QVBoxLayout(self._main)
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addWidget(self._head)
        main.addLayout(tabs)
        main.addWidget(rule())
        main.addWidget(self._bodies, 1)
        self._pages = QStackedWidget()
        for page in (self._main, self.planning, self.signing):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._choose_tab)
        self.rounds.opened.connect(self.record_requested)
        self.board.opened.connect(self.improvement_requested)
        self.plan.clicked.connect(self._plan)
        self._no_rounds.acted.connect(self._plan)
        self.sign.clicked.connect(self._sign)
        self.planning.back_requested.connect(self.show_tabs)
        self.signing.back_requested.connect(self.show_tabs)
        bind = commands.bind
        bind(commands.PLAN_ROUND, self._main, self._plan)
        bind(commands.SIGN, self._main, self._sign)
        bind(commands.NEXT_TAB, self._main, lambda: self._turn(1))
        bind(commands.PREVIOUS_TAB, self._main, lambda: self._turn(-1))
