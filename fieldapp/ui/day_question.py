"""오늘은 며칠입니까?: asked once when the device's clock has jumped, and answered by keys.

Until then, and where the worker puts it off, everything goes on at the day that the store was in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.questions.typed import day_typed
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.facts import FactRows
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text
from fieldapp.ui.words import day_text
from fieldapp.usecases.clock_doubt import doubt, settle_day
from fieldapp.usecases.session import Session
from fieldapp.usecases.working_clock import Doubt

_DIALOG_PX = 520
#: So often the clock is looked at while the app is open.
_LOOK_MS = 30_000
#: A day beyond it is taken at the second Enter.
_FAR = timedelta(days=31)
_LAST_YEAR = 2100


class DayDialog(QDialog):
    """One line for the day; Enter takes it, Esc puts the question off."""

    answered = Signal(object)  # date

    def __init__(self, asked: Doubt, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("날짜 확인"))
        self.setFixedWidth(_DIALOG_PX)
        self._kept = asked.kept.date()
        #: A day that was remarked on: the next Enter takes it.
        self._remarked: date | None = None
        self.line = ComposedLine()
        self.field = Field(
            self.tr("오늘 날짜"), self.line, hint=self.tr("1121, 20261121, +1처럼 적습니다.")
        )
        self.day_words = Text("", "body", wraps=False)
        self.take = Button(self.tr("이 날짜로 합니다"), "primary", key="Enter")
        self.later = Button(self.tr("나중에"), "text", key="Esc")
        self.facts = FactRows()
        self.facts.show_facts(
            [
                (self.tr("컴퓨터 시계"), _moment(asked.device)),
                (self.tr("앱의 시각"), _moment(asked.kept)),
            ]
        )
        self._lay_out()
        self.line.typed.connect(lambda _: self._read())
        self.take.clicked.connect(self._take)
        self.later.clicked.connect(self.reject)
        if asked.proposed is not None:
            self.line.setText(f"{asked.proposed:%Y%m%d}")
            self.line.selectAll()
        self._read()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter in the line takes the day."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        else:
            super().keyPressEvent(event)

    def _day(self) -> date | None:
        day = day_typed(self.line.text(), self._kept)
        return day if day is not None and day.year <= _LAST_YEAR else None

    def _read(self) -> None:
        day = self._day()
        self.day_words.show_text(day_text(day) if day is not None else "")
        self.field.show_wrong("")
        self._remarked = None

    def _take(self) -> None:
        self.line.finish_composition()
        day = self._day()
        if day is None:
            self.field.show_wrong(self.tr("오늘 날짜를 적어 주십시오. 예: 20261121"))
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif day == self._remarked or self._kept <= day <= self._kept + _FAR:
            self.accept()
            self.answered.emit(day)
        else:
            self._remarked = day
            what = (
                self.tr("앱의 시각보다 앞선 날입니다.")
                if day < self._kept
                else self.tr("앱의 시각에서 한 달 넘게 지난 날입니다.")
            )
            again = self.tr(" 맞으면 Enter를 한 번 더 누르십시오.")
            self.field.show_wrong(what + again)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(t.S8)
        foot.addWidget(self.take)
        foot.addWidget(self.later)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S16, t.S24, t.S24)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(self.tr("오늘은 며칠입니까?"), "section"))
        layout.addWidget(
            Text(
                self.tr(
                    "컴퓨터 시계와 앱의 시각이 많이 다릅니다. 쓰신 것은 모두 그대로 있습니다. "
                    "오늘 날짜를 알려 주시면 그 날짜로 이어 갑니다."
                ),
                "body",
                tone="subtle",
            )
        )
        layout.addWidget(self.facts)
        layout.addWidget(self.field)
        layout.addWidget(self.day_words)
        layout.addLayout(foot)
        # Wrapped words ask for more height than they need as long as the width is not known.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.resize(_DIALOG_PX, layout.totalHeightForWidth(_DIALOG_PX))


class DayQuestion(QObject):
    """Looks at the clock of a session and asks, where a question may be asked."""

    #: The day is known: what is shown may be of another one.
    settled = Signal()

    def __init__(self, jobs: Jobs, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._session = session
        self._window: QWidget | None = None
        self._may_ask: Callable[[], bool] = lambda: False
        self._was_asked = False
        self.looking = QTimer(self)
        self.looking.setInterval(_LOOK_MS)
        self.looking.timeout.connect(self.look)

    def watch(self, window: QWidget, may_ask: Callable[[], bool]) -> None:
        """Look now and from now on; `may_ask`: no visit and no cover is on the screen."""
        self._window, self._may_ask = window, may_ask
        self.looking.start()
        self.look()

    def look(self) -> None:
        """Ask about a jump that nobody was asked about."""
        asked = doubt(self._session)
        if asked is None:
            self._was_asked = False
        elif self._window is not None and not self._was_asked and self._is_free():
            self._was_asked = True
            dialog = DayDialog(asked, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.answered.connect(self._settle)
            dialog.finished.connect(self._window.activateWindow)
            dialog.open()

    def stop(self) -> None:
        """The store is being closed."""
        self.looking.stop()
        self._window = None

    def _is_free(self) -> bool:
        return self._may_ask() and QApplication.activeModalWidget() is None

    def _settle(self, day: date) -> None:
        self._jobs.start(
            partial(settle_day, self._session, day),
            owner=self,
            on_done=lambda _: self.settled.emit(),
        )


def _moment(at: datetime) -> str:
    """`2026. 11. 21.(토) 09:14`."""
    return f"{day_text(at.date())} {at:%H:%M}"
