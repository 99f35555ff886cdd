"""One answer out of several: buttons with digits, a column, a grid line, or a search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QListView, QVBoxLayout, QWidget

from fieldapp.forms import Choice
from fieldapp.ui import tokens as t
from fieldapp.ui import words
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.digits import APART, digit_keys
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.flow import FlowLayout
from fieldapp.ui.widgets.buttons import AnswerButton

_SEARCH_ROWS = 5
_STEPS_ROW = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_STEPS_COLUMN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class DigitChoice(QuestionWidget):
    """Buttons chosen by digit: choosing goes on to the next question. Backspace takes it away.

    The whole row is one stop of the focus; arrows move the choice without going on.
    """

    steps = _STEPS_ROW
    compact = False

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
            button = AnswerButton(digit, choice.label, compact=self.compact, parent=self)
            button.clicked.connect(lambda _=False, value=choice.value: self._clicked(value))
            self.buttons[choice.value] = button
        self._lay_out(choices)

    def _lay_out(self, choices: Sequence[Choice]) -> None:
        flow = FlowLayout(self)
        was_apart = False
        for choice in choices:
            if choice.value in APART and not was_apart:
                flow.set_apart()
                was_apart = True
            flow.addWidget(self.buttons[choice.value])


class DigitColumn(DigitChoice):
    """Six to nine choices under each other."""

    steps = _STEPS_COLUMN

    def _lay_out(self, choices: Sequence[Choice]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.S8)
        for number, choice in enumerate(choices):
            if number and choice.value in APART and choices[number - 1].value not in APART:
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


class SearchChoice(QuestionWidget):
    """More than nine choices: type a part or its 초성, ↓ and Enter choose."""

    def __init__(self) -> None:
        super().__init__()
        self._choices: tuple[Choice, ...] = ()
        self._found: list[Choice] = []
        self._value = ""
        self.box = ComposedLine()
        self.box.setPlaceholderText(self.tr("낱말이나 초성으로 찾기"))
        self.setFocusProxy(self.box)
        self._names = QStringListModel(self)
        self._list = QListView()
        self._list.setModel(self._names)
        self._list.setProperty("framed", "true")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setFixedHeight(_SEARCH_ROWS * t.TABLE_ROW_PX + t.S4)
        self._list.clicked.connect(lambda index: self._choose(self._found[index.row()]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S4)
        layout.addWidget(self.box)
        layout.addWidget(self._list)
        self.box.typed.connect(self._search)
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Show the chosen words and the list."""
        self._choices = tuple(question.choices)
        self._value = question.value
        self.box.setAccessibleName(question.label)
        self.box.setReadOnly(question.is_readonly)
        chosen = next((c.label for c in self._choices if c.value == question.value), "")
        if not (self.box.hasFocus() and self.box.isModified()):
            self.box.setText(chosen)
            self._search("")

    def focus_box(self) -> QWidget:
        """The search line."""
        return self.box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: ↑↓ walk the list, Enter takes what is marked."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS_COLUMN.get(Qt.Key(event.key()))
            if step is not None and self._found:
                row = max(0, min(len(self._found) - 1, self._list.currentIndex().row() + step))
                self._list.setCurrentIndex(self._names.index(row, 0))
                return True
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            was_composing = enter and self.box.finish_composition()
            if enter and not event.modifiers() and (was_composing or self.box.isModified()):
                row = self._list.currentIndex().row()
                if self._found:
                    self._choose(self._found[max(row, 0)])
                    self.went_on.emit()
                return True
        return super().eventFilter(watched, event)

    def _search(self, query: str) -> None:
        self._found = [c for c in self._choices if words.matches(query, c.label)]
        self._names.setStringList([c.label for c in self._found])
        marked = next((n for n, c in enumerate(self._found) if c.value == self._value), 0)
        if self._found:
            self._list.setCurrentIndex(self._names.index(marked, 0))

    def _choose(self, choice: Choice) -> None:
        self._value = choice.value
        self.box.setText(choice.label)
        self.box.setModified(False)
        self.answered.emit(choice.value)
