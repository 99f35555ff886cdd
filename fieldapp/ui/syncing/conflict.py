"""서로 다른 내용: the first value, the server's, the one that arrived; settled with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.widgets.buttons import Button, Marker, WideAnswer
from fieldapp.ui.widgets.fields import ChoiceBox, Field
from fieldapp.ui.widgets.text import Text, rule

Side = Literal["base", "ours", "theirs"]
SIDES: tuple[Side, ...] = ("base", "ours", "theirs")


@dataclass(frozen=True, slots=True)
class Written:
    """직접 적기: none of the three, but these words."""

    text: str


Decision = Side | Written


@dataclass(frozen=True, slots=True)
class DifferingLine:
    """One question and its three values in words; None: no answer.

    choices: (value, words) of a question that takes nothing else, empty where words are written.
    """

    path: str
    question: str
    values: tuple[str | None, str | None, str | None]
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Differing:
    """A conflict as it is shown. `heads` name the three values: 처음 값, 내 값, … 님 값."""

    conflict_id: str
    title: str
    heads: tuple[str, str, str]
    whens: tuple[str, str, str]
    lines: tuple[DifferingLine, ...]


class _Choice(QWidget):
    """One question: the first value, below it the two that differ side by side; 1 2 3 choose, 4
    writes another one.
    """

    chose = Signal()
    stood = Signal(QWidget)

    def __init__(self, line: DifferingLine, heads: Sequence[str], whens: Sequence[str]) -> None:
        super().__init__()
        self.path = line.path
        self._side: Side | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(line.question)
        self._marker = Marker()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(t.S12)
        outer.addWidget(self._marker)
        layout = QVBoxLayout()
        layout.setSpacing(t.S8)
        outer.addLayout(layout, 1)
        layout.addWidget(Text(line.question, "question"))
        self._buttons: dict[Side, WideAnswer] = {}
        beside = QHBoxLayout()
        beside.setSpacing(t.S8)
        for number, side in enumerate(SIDES):
            said = f"{heads[number]}  {whens[number]}".strip()
            button = WideAnswer(str(number + 1), said, line.values[number] or "-")
            button.clicked.connect(lambda _=False, side=side: self.choose(side))
            self._buttons[side] = button
            if side == "base":
                layout.addWidget(button)
                layout.addLayout(beside)
            else:
                beside.addWidget(button, 1)
        self._own = WideAnswer("4", self.tr("직접 적기"), "")
        self._own.clicked.connect(self.write)
        self._choices = line.choices
        self._line, self._box = ComposedLine(), ChoiceBox()
        self._box.addItems([words for _, words in line.choices])
        self._line.typed.connect(lambda _: self.chose.emit())
        self._other: QWidget = self._box if line.choices else self._line
        self._other.setAccessibleName(self.tr("%s 직접 적기") % line.question)
        layout.addWidget(self._own)
        layout.addWidget(self._other)
        self._other.hide()

    def decision(self) -> Decision | None:
        """What was decided; None while nothing is, or while the own words are empty."""
        if self._side is not None:
            return self._side
        if not self._own.isChecked():
            return None
        if self._choices:
            return Written(self._choices[self._box.currentIndex()][0])
        words = self._line.text_with_composition().strip()
        return Written(words) if words else None

    def choose(self, side: Side) -> None:
        """Take one value."""
        self._side = side
        for name, button in self._buttons.items():
            button.setChecked(name == side)
        self._own.setChecked(False)
        self._other.hide()
        self.chose.emit()

    def write(self) -> None:
        """None of the three: a line for other words."""
        self._side = None
        for button in self._buttons.values():
            button.setChecked(False)
        self._own.setChecked(True)
        self._other.show()
        self._other.setFocus(Qt.FocusReason.OtherFocusReason)
        self.chose.emit()

    def values(self) -> tuple[WideAnswer, ...]:
        """First value, the two that differ, another one."""
        return (*self._buttons.values(), self._own)

    def other(self) -> QWidget:
        """Where another value is written or chosen."""
        return self._other

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt: the keys act here."""
        super().focusInEvent(event)
        self._marker.show_current(is_current=True)
        self.stood.emit(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: no longer."""
        super().focusOutEvent(event)
        self._marker.show_current(is_current=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: 1, 2, 3, 4; Enter goes on."""
        digit = event.text()
        if digit == "4" and not self._other.hasFocus():
            self.write()
        elif (
            digit in ("1", "2", "3") and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.choose(SIDES[int(digit) - 1])
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class ConflictPane(QWidget):
    """The oldest open conflict; the next comes when it is settled."""

    #: Conflict id, {path: Decision}, reason.
    settle_requested = Signal(str, object, str)
    #: The question that the keys came to.
    stood = Signal(QWidget)

    def __init__(self) -> None:
        super().__init__()
        self._shown: Differing | None = None
        self._choices: list[_Choice] = []
        self.head = Text("", "section")
        self.title = Text("", "body", tone="subtle")
        self.reason = ComposedLine()
        self.reason_field = Field(
            self.tr("고른 까닭"), self.reason, hint=self.tr("고르지 않은 값도 이력에 남습니다.")
        )
        self.settle = Button.of(commands.SETTLE, "outlined")
        self.settle.clicked.connect(self._settle)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(t.S16)
        self._rule = rule()
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.settle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S16, t.S24, t.S16)
        layout.setSpacing(t.S12)
        layout.addWidget(self.head)
        layout.addWidget(self.title)
        layout.addWidget(self._rule)
        layout.addLayout(self._lines)
        layout.addWidget(self.reason_field)
        layout.addLayout(foot)
        layout.addStretch(1)
        commands.bind(commands.SETTLE, self, self._settle)
        self.show_conflicts([])

    def show_conflicts(self, conflicts: Sequence[Differing]) -> None:
        """How many wait, and the oldest of them."""
        shown = conflicts[0] if conflicts else None
        self.head.show_text(
            self.tr("서로 다른 내용 %d건") % len(conflicts)
            if conflicts
            else self.tr("서로 다른 내용이 없습니다")
        )
        for part in (self.title, self._rule, self.reason_field, self.settle):
            part.setVisible(shown is not None)
        if shown == self._shown:
            return
        self._shown = shown
        for choice in self._choices:
            self._lines.removeWidget(choice)
            choice.deleteLater()
        self._choices = []
        self.reason.clear()
        if shown is not None:
            self.title.show_text(shown.title)
            for line in shown.lines:
                choice = _Choice(line, shown.heads, shown.whens)
                choice.stood.connect(self.stood)
                self._choices.append(choice)
                self._lines.addWidget(choice)
            stops = [stop for choice in self._choices for stop in (choice, choice.other())]
            for earlier, later in pairwise((*stops, self.reason, self.settle)):
                QWidget.setTabOrder(earlier, later)

    def paths(self) -> tuple[str, ...]:
        """The questions that differ, in their order."""
        return tuple(choice.path for choice in self._choices)

    def choose(self, path: str, side: Side) -> None:
        """Take a value for one question."""
        for choice in self._choices:
            if choice.path == path:
                choice.choose(side)

    def values(self, path: str) -> tuple[WideAnswer, ...]:
        """What can be taken for one question: first value, both that differ, another one."""
        return next((choice.values() for choice in self._choices if choice.path == path), ())

    def take_focus(self) -> None:
        """Put the keys on the first question."""
        if self._choices:
            self._choices[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter in the reason settles."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.reason.hasFocus():
            self._settle()
        else:
            super().keyPressEvent(event)

    def _settle(self) -> None:
        if self._shown is None:
            return
        undecided = next((choice for choice in self._choices if choice.decision() is None), None)
        reason = self.reason.text().strip()
        self.reason_field.show_wrong("" if reason else self.tr("고른 까닭을 적어 주세요."))
        if undecided is not None:
            undecided.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not reason:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            decided = {choice.path: choice.decision() for choice in self._choices}
            self.settle_requested.emit(self._shown.conflict_id, decided, reason)
