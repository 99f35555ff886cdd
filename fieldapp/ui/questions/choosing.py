"""One answer out of several: buttons with digits, a column, or a grid line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.forms import Choice
from fieldapp.ui import tokens as t
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.digits import digit_keys, is_apart
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.flow import FlowLayout
from fieldapp.ui.widgets.buttons import AnswerButton

_STEPS_ROW = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_STEPS_COLUMN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class DigitChoice(QuestionWidget):
    """Buttons chosen by digit: choosing goes on to the next question. Backspace takes it away.

    The whole row is one stop of the focus; arrows move the choice without going on.
    """

    steps = _STEPS_ROW
    compact = False
    type_size = t.ANSWER

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.buttons: dict[str, AnswerButton] = {}
        self._choices: tuple[Choice, ...] = ()
        self._value = ""
        self._is_readonly = False
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Show choices and value; buttons are rebuilt only when the choices are others."""
        if tuple(c.value for c in question.choices) != tuple(c.value for c in self._choices):
            self._build(question.choices)
        self._choices = tuple(question.choices)
        self._value = question.value
        self._is_readonly = question.is_readonly
        for choice in self._choices:
            button = self.buttons[choice.value]
            button.show_label(choice.label)
            button.setChecked(choice.value == question.value)
            button.setEnabled(not question.is_readonly)
        chosen = next((c.label for c in self._choices if c.value == self._value), "")
        self.setAccessibleName(question.label)
        self.setAccessibleDescription(chosen)

    def can_answer(self) -> bool:
        """A read-only choice is no stop."""
        return not self._is_readonly

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: digits choose and go on, arrows move, Backspace clears."""
        plain = not (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        digit = event.text() if plain else ""
        key = Qt.Key(event.key())
        for value, button in self.buttons.items():
            if digit and button.digit == digit and button.isEnabled():
                self._choose(value, goes_on=True)
                return
        if plain and key in self.steps:
            self._move(self.steps[key])
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif plain and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and not self._is_readonly:
            self._choose("", goes_on=False)
        else:
            super().keyPressEvent(event)

    def _choose(self, value: str, *, goes_on: bool) -> None:
        self._value = value
        for name, button in self.buttons.items():
            button.setChecked(name == value)
        self.answered.emit(value)
        if goes_on:
            self.went_on.emit()

    def _move(self, step: int) -> None:
        names = list(self.buttons)
        if not names or self._is_readonly:
            return
        at = names.index(self._value) + step if self._value in names else 0 if step > 0 else -1
        self._choose(names[at % len(names)], goes_on=False)

    def _clicked(self, value: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(value, goes_on=False)

    def _build(self, choices: Sequence[Choice]) -> None:
        for button in self.buttons.values():
            button.deleteLater()
        self.buttons = {}
        if (old := self.layout()) is not None:
            QWidget().setLayout(old)
        for choice, digit in zip(choices, digit_keys(choices), strict=True):
            button = AnswerButton(
                digit, choice.label, compact=self.compact, size=self.type_size, parent=self
            )
            button.clicked.connect(lambda _=False, value=choice.value: self._clicked(value))
            self.buttons[choice.value] = button
        self._lay_out(choices)

    def _lay_out(self, choices: Sequence[Choice]) -> None:
        flow = FlowLayout(self)
        was_apart = False
        for choice in choices:
            if is_apart(choice) and not was_apart:
                flow.set_apart()
                was_apart = True
            flow.addWidget(self.buttons[choice.value])


class BigChoice(DigitChoice):
    """Large buttons under each other, each as wide as the page: a respondent's screen."""

    steps = _STEPS_COLUMN
    type_size = t.KIOSK

    def _lay_out(self, choices: Sequence[Choice]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.S4 + 2)
        apart = QHBoxLayout()
        for choice in choices:
            button = self.buttons[choice.value]
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFixedHeight(t.KIOSK_ROW_PX)
            (apart if is_apart(choice) else column).addWidget(button)
        column.addSpacing(t.S4)
        column.addLayout(apart)


class DigitColumn(DigitChoice):
    """Six to nine choices under each other."""

    steps = _STEPS_COLUMN

    def _lay_out(self, choices: Sequence[Choice]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.S8)
        for number, choice in enumerate(choices):
            if number and is_apart(choice) and not is_apart(choices[number - 1]):
                column.addSpacing(t.S8)
            column.addWidget(self.buttons[choice.value])


class GridLine(DigitChoice):
    """A line of a grid: the words stand in the head, the buttons under them show their digits."""

    compact = True

    def __init__(self, heads: Sequence[str]) -> None:
        super().__init__()
        self._heads = tuple(heads)
        self.setFixedWidth(grid_width(len(self._heads)))

    def _lay_out(self, _choices: Sequence[Choice]) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(t.S4)
        for column, value in enumerate(self._heads):
            grid.setColumnMinimumWidth(column, t.GRID_COLUMN_PX)
            # An empty cell holds its place: a grid layout takes no space for a column without one.
            cell = self.buttons.get(value) or QWidget(self)
            grid.addWidget(cell, 0, column, Qt.AlignmentFlag.AlignCenter)


def grid_width(columns: int) -> int:
    """How wide the answers of a grid are; its head is as wide."""
    return columns * t.GRID_COLUMN_PX + (columns - 1) * t.S4
