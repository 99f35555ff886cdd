"""함께 보기: who sees the household now at the left, who is to see it at the right."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.domain.exchange import SeenAs
from fieldapp.messages import Message
from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.households.offices import OfficeList
from fieldapp.ui.households.side_by_side import SideBySide
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.rows import ROW_PX, Item, RowList
from fieldapp.ui.widgets.strips import Strip
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases.homes import Office
from fieldapp.usecases.sharing import SEEN_WORDS, VIEW_WORDS, SharePlan, ShareRow, view_of

_ROWS_SEEN = 3


class ShareDialog(SideBySide):
    """Enter goes from the office to what it is to see, and from there shares. Stays open while
    offices are added and taken out; Esc closes it.
    """

    #: The scope, how it is to see the household, how it does ("" when it does not).
    shared = Signal(str, str, str)
    #: The scope and how it sees the household.
    ended = Signal(str, str)

    def __init__(self, plan: SharePlan, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("함께 보기"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._plan = plan
        self._offered: tuple[Office, ...] | None = None
        self.seeing = RowList(self.tr("함께 보는 곳"))
        self.seeing.setProperty("framed", "true")
        self.seeing.setMinimumHeight(_ROWS_SEEN * ROW_PX)
        self.nobody = Text("", "body", tone="subtle")
        self.known = Text("", "note", tone="hint")
        self.end = Button.of(commands.END_SHARE)
        self.offices = OfficeList(self.tr("함께 볼 곳"))
        self.views = Strip([(view, VIEW_WORDS[view]) for view in ("card", "full")], "chips")
        self.views.setAccessibleName(self.tr("무엇을 보게 할지"))
        self.says = Text("", "note", tone="subtle")
        self.go = Button(self.tr("함께 보기"), "primary", key="Enter")
        self.back = Button(self.tr("닫기"), "text", key="Esc")
        self._question = Text("", "section")
        self._lay_out()
        self._connect()
        self.show_plan(plan)
        if not plan.refusal:
            self.offices.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_plan(self, plan: SharePlan) -> None:
        """How it stands now."""
        self._plan = plan
        self._question.show_text(self.tr("%s 가구를 누가 함께 봅니까?") % plan.name)
        waits = self.tr("다음 주고받기 때 보냄")
        self.seeing.show_lines(
            [
                Item(
                    row.scope,
                    row.name,
                    below=SEEN_WORDS[row.view],
                    right="" if row.is_sent else waits,
                )
                for row in plan.rows
            ]
        )
        self.seeing.setVisible(bool(plan.rows))
        self.end.setVisible(bool(plan.rows))
        self.nobody.setVisible(not plan.rows)
        self.nobody.show_text(self.tr("%s만 봅니다.") % plan.here)
        self.known.setVisible(not plan.is_whole)
        self.known.show_text(self.tr("서버에 묻지 못해 이 노트북에서 정한 것만 보입니다."))
        if plan.offices != self._offered:
            self._offered = plan.offices
            self.offices.show_offices(plan.offices)
        if plan.refusal:
            self.banner.show_notice(plan.refusal, "warning")
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in (self.offices, self.views, self.go, self.end):
            part.setEnabled(not plan.refusal)
        self._tell()
        self.fit()

    def show_decided(self, scope: str, view: SeenAs | None) -> None:
        """An office sees it so from now on; None: no more. What the server says of it may take
        long, and a second Enter must not decide it again.
        """
        rows = [row for row in self._plan.rows if row.scope != scope]
        office = next((one for one in self._plan.offices if one.scope == scope), None)
        if view is not None and office is not None:
            rows.append(ShareRow(scope, office.name, view, is_sent=False))
        self.banner.hide()
        self.show_plan(replace(self._plan, rows=tuple(rows)))

    def show_refused(self, message: Message) -> None:
        """It was not decided, and why."""
        self.show_plan(self._plan)
        self.banner.show_message(message)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter lets the chosen office see it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._share()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        """What the chosen office would see, and what the button does about it."""
        self.says.show_text(self._plan.card if self.views.key() == "card" else self._plan.full)
        office = self.offices.office()
        is_so = office is not None and self._view_of(office.scope) == self.views.key()
        if office is None:
            self.go.show_label(self.tr("함께 보기"))
        elif is_so:
            self.go.show_label(self.tr("이미 그렇게 봅니다"))
        else:
            view = VIEW_WORDS[view_of(self.views.key())]
            self.go.show_label(self.tr("%s에 %s") % (office.name, view))
        self.go.setEnabled(office is not None and not is_so and not self._plan.refusal)

    def _view_of(self, scope: str) -> str:
        return next((row.view for row in self._plan.rows if row.scope == scope), "")

    def _to_views(self) -> None:
        """Nobody shares by one Enter too many: first what they are to see."""
        if self.offices.office() is not None:
            self.views.setFocus(Qt.FocusReason.OtherFocusReason)

    def _share(self) -> None:
        office = self.offices.office()
        if office is not None and self.go.isEnabled():
            # Until it is kept, or was refused.
            self.go.setEnabled(False)
            self.shared.emit(office.scope, self.views.key(), self._view_of(office.scope))

    def _end(self) -> None:
        key = self.seeing.chosen_key()
        if key is not None and self.end.isEnabled() and self.end.isVisible():
            self.end.setEnabled(False)
            self.ended.emit(key, self._view_of(key))

    def _connect(self) -> None:
        self.offices.chosen.connect(lambda _: self._tell())
        self.offices.taken.connect(self._to_views)
        self.views.chosen.connect(lambda _: self._tell())
        self.go.clicked.connect(self._share)
        self.end.clicked.connect(self._end)
        self.back.clicked.connect(self.reject)
        commands.bind(commands.END_SHARE, self, self._end)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(t.S8)
        left.addWidget(Text(self.tr("지금 함께 보는 곳"), "label", tone="subtle", wraps=False))
        left.addWidget(self.seeing, 1)
        left.addWidget(self.nobody)
        left.addWidget(self.known)
        left.addWidget(self.end, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(0)
        right = QVBoxLayout()
        right.setSpacing(t.S8)
        right.addWidget(Text(self.tr("함께 볼 곳 더하기"), "label", tone="subtle", wraps=False))
        right.addWidget(self.offices, 1)
        right.addWidget(self.views)
        right.addWidget(self.says)
        self.lay_out(self._question, left, right, back=self.back, deeds=(self.go,))
