"""점검 계획: programme, site, round, two monitors, the day. Makes the record both of them open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.messages import Message
from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.questions.typed import day_typed
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox, Field
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.text import Text, ground
from fieldapp.ui.words import day_text

Choices = Sequence[tuple[str, str]]
_FIELD_PX = 400


@dataclass(frozen=True, slots=True)
class Plan:
    """A round as it was planned; values are those of the form's own choices."""

    programme: str
    site: str
    round: str
    round_no: int
    monitors: tuple[str, str]
    visit_date: date


class PlanningPage(QWidget):
    """Enter goes on, Ctrl+Enter makes the plan, Esc leads back."""

    planned = Signal(object)  # Plan
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self._today = date.min
        self._programmes: Choices = ()
        self._sites: Sequence[tuple[str, str, str]] = ()
        self._shown_sites: Choices = ()
        self._monitors: Choices = ()
        self._rounds: Choices = ()
        self.banner = Banner(strip=True)
        self.programme, self.site, self.round = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.first, self.second = ChoiceBox(), ChoiceBox()
        self.number, self.day = ComposedLine(), ComposedLine()
        self.make = Button(self.tr("계획 넣기"), "primary", key="Ctrl+Enter")
        self.back = Button(self.tr("목록으로"), "text", key="Esc")
        self._fields = {
            "programme": Field(self.tr("사업"), self.programme),
            "site": Field(self.tr("장소"), self.site),
            "round": Field(self.tr("회차"), self.round),
            "number": Field(self.tr("몇 차"), self.number),
            "first": Field(self.tr("조사원 1"), self.first),
            "second": Field(self.tr("조사원 2"), self.second),
            "day": Field(
                self.tr("점검일"), self.day, hint=self.tr("1207, 20261207, +3처럼 적습니다.")
            ),
        }
        self._lay_out()
        self.programme.currentIndexChanged.connect(lambda _: self._narrow_sites())
        self.day.typed.connect(lambda _: self._read_day())
        self.make.clicked.connect(self._make)
        self.back.clicked.connect(self.back_requested)
        commands.bind(commands.MAKE_PLAN, self, self._make)
        commands.bind(commands.BACK, self, self.back_requested.emit)

    def show_choices(
        self,
        programmes: Choices,
        sites: Sequence[tuple[str, str, str]],
        monitors: Choices,
        rounds: Choices,
        today: date,
    ) -> None:
        """What can be chosen; `sites` carry their programme."""
        self.banner.hide()
        self.make.setEnabled(True)
        self._programmes, self._sites = programmes, sites
        self._monitors, self._rounds, self._today = monitors, rounds, today
        _fill(self.programme, programmes)
        _fill(self.round, rounds)
        _fill(self.first, monitors)
        _fill(self.second, monitors)
        self.second.setCurrentIndex(min(1, len(monitors) - 1))
        self.number.setText("1")
        self.day.setText(f"{today:%Y%m%d}")
        self._narrow_sites()
        self._read_day()
        self.take_focus()

    def show_refused(self, message: Message) -> None:
        """It was not made."""
        self.make.setEnabled(True)
        self.banner.show_message(message)

    def take_focus(self) -> None:
        """The first field."""
        self.programme.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the fields, the foot."""
        return (self._inside, self._foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes on to the next field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _narrow_sites(self) -> None:
        chosen = _value(self.programme, self._programmes)
        self._shown_sites = [
            (key, label) for key, label, programme in self._sites if programme in (chosen, "")
        ]
        _fill(self.site, self._shown_sites)

    def _read_day(self) -> None:
        day = day_typed(self.day.text(), self._today)
        self._fields["day"].show_wrong("")
        if day is not None:
            self._day_words.show_text(day_text(day))
        else:
            self._day_words.show_text("")

    def _make(self) -> None:
        if not self.make.isEnabled():
            return
        day = day_typed(self.day.text(), self._today)
        site = _value(self.site, self._shown_sites)
        first, second = _value(self.first, self._monitors), _value(self.second, self._monitors)
        number = self.number.text().strip()
        wrong = {
            "site": "" if site else self.tr("이 사업의 장소가 없습니다."),
            "number": "" if number.isdigit() and int(number) else self.tr("숫자로 적어 주세요."),
            "second": ""
            if first and second and first != second
            else self.tr("서로 다른 두 사람을 골라 주세요."),
            "day": "" if day else self.tr("날짜로 읽을 수 없습니다."),
        }
        for name, remark in wrong.items():
            self._fields[name].show_wrong(remark)
        bad = next((name for name, remark in wrong.items() if remark), None)
        if bad is not None:
            self._fields[bad].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        assert day is not None  # noqa: S101 - looked at above
        # One press is one round.
        self.make.setEnabled(False)
        self.planned.emit(
            Plan(
                programme=_value(self.programme, self._programmes),
                site=site,
                round=_value(self.round, self._rounds),
                round_no=int(number),
                monitors=(first, second),
                visit_date=day,
            )
        )

    def _lay_out(self) -> None:
        self._day_words = Text("", "label", tone="subtle", wraps=False)
        self._inside = QWidget()
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(t.S24, t.S16, t.S24, t.S8)
        grid.setHorizontalSpacing(t.S24)
        grid.setVerticalSpacing(t.S12)
        grid.addWidget(Text(self.tr("점검 계획"), "screen-title", wraps=False), 0, 0, 1, 2)
        places = {
            "programme": (1, 0), "site": (1, 1), "round": (2, 0), "number": (2, 1),
            "first": (3, 0), "second": (3, 1), "day": (4, 0),
        }  # fmt: skip
        for name, (row, column) in places.items():
            self._fields[name].setMaximumWidth(_FIELD_PX)
            grid.addWidget(self._fields[name], row, column, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._day_words, 4, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnMinimumWidth(0, _FIELD_PX)
        grid.setColumnMinimumWidth(1, _FIELD_PX)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(5, 1)
        self._foot = QWidget()
        self._foot.setFixedHeight(t.FOOT_PX)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(t.S16, 0, t.S16, 0)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.make)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self._inside, 1)
        layout.addWidget(self._foot)
        stops = (
            self.programme, self.site, self.round, self.number, self.first, self.second, self.day,
            self.make,
        )  # fmt: skip
        for earlier, later in pairwise(stops):
            QWidget.setTabOrder(earlier, later)


def _fill(box: ChoiceBox, choices: Choices) -> None:
    box.blockSignals(True)  # noqa: FBT003 - Qt's own
    box.clear()
    box.addItems([label for _, label in choices])
    box.blockSignals(False)  # noqa: FBT003


def _value(box: ChoiceBox, choices: Choices) -> str:
    at = box.currentIndex()
    return choices[at][0] if 0 <= at < len(choices) else ""
