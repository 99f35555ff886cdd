"""Several answers: a digit toggles, 0 and 9 clear the rest, Enter goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.forms import Choice
from fieldapp.ui import tokens as t
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.digits import ROW_MOST, digit_keys, is_apart, proper_choices
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.flow import FlowLayout
from fieldapp.ui.widgets.buttons import AnswerButton

_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1,
}  # fmt: skip


class SeveralChoice(QuestionWidget):
    """Buttons with a check box. Arrows walk them, Space toggles; the answer keeps their order."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.buttons: dict[str, AnswerButton] = {}
        self._choices: tuple[Choice, ...] = ()
        self._chosen: set[str] = set()
        self._at: str | None = None
        self._is_readonly = False
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Show choices and values; buttons are rebuilt only when the choices are others."""
        if tuple(c.value for c in question.choices) != tuple(c.value for c in self._choices):
            self._build(question.choices)
        self._choices = tuple(question.choices)
        self._chosen = set(question.value.split())
        self._is_readonly = question.is_readonly
        for choice in self._choices:
            button = self.buttons[choice.value]
            button.show_label(choice.label)
            button.setEnabled(not question.is_readonly)
        self.setAccessibleName(question.label)
        self._show_chosen()

    def can_answer(self) -> bool:
        """A read-only choice is no stop."""
        return not self._is_readonly

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: digits toggle, arrows walk, Space toggles where they are, Backspace clears."""
        plain = not (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        key = Qt.Key(event.key())
        if plain and not self._is_readonly:
            for value, button in self.buttons.items():
                if event.text() and button.digit == event.text():
                    self._toggle(value)
                    return
            if key == Qt.Key.Key_Space and self._at is not None:
                self._toggle(self._at)
                return
            if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
                self._choose(set())
                return
        if plain and key in _STEPS:
            self._walk(_STEPS[key], leaves=key in (Qt.Key.Key_Up, Qt.Key.Key_Down))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt: the mark of the arrows goes with the focus."""
        super().focusOutEvent(event)
        self._point(None)

    def _walk(self, step: int, *, leaves: bool) -> None:
        names = list(self.buttons)
        at = names.index(self._at) + step if self._at in names else 0 if step > 0 else -1
        if not names or (leaves and not 0 <= at < len(names) and self._at is not None):
            self.walked.emit(step)
            return
        self._point(names[at % len(names)])

    def _point(self, at: str | None) -> None:
        self._at = at
        for name, button in self.buttons.items():
            button.show_pointed(name == at)

    def _toggle(self, value: str) -> None:
        alone = {choice.value for choice in self._choices if is_apart(choice)}
        if value in self._chosen:
            self._choose(self._chosen - {value})
        elif value in alone:
            self._choose({value})
        else:
            self._choose((self._chosen - alone) | {value})

    def _choose(self, chosen: set[str]) -> None:
        self._chosen = chosen
        self._show_chosen()
        ordered = [choice.value for choice in self._choices if choice.value in chosen]
        # A choice that is no longer offered stays until the worker clears it.
        ordered += sorted(chosen - set(ordered))
        self.answered.emit(" ".join(ordered))

    def _show_chosen(self) -> None:
        for value, button in self.buttons.items():
            button.setChecked(value in self._chosen)
        said = [choice.label for choice in self._choices if choice.value in self._chosen]
        self.setAccessibleDescription(", ".join(said))

    def _clicked(self, value: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._toggle(value)

    def _build(self, choices: tuple[Choice, ...]) -> None:
        for button in self.buttons.values():
            button.deleteLater()
        self.buttons = {}
        self._at = None
        if (old := self.layout()) is not None:
            QWidget().setLayout(old)
        is_row = len(proper_choices(choices)) <= ROW_MOST or "" in digit_keys(choices)
        layout = FlowLayout(self) if is_row else _column(self)
        was_apart = False
        for choice, digit in zip(choices, digit_keys(choices), strict=True):
            button = AnswerButton(digit, choice.label, has_box=True, parent=self)
            button.clicked.connect(lambda _=False, value=choice.value: self._clicked(value))
            self.buttons[choice.value] = button
            if isinstance(layout, FlowLayout) and is_apart(choice) and not was_apart:
                layout.set_apart()
                was_apart = True
            layout.addWidget(button)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(t.S8)
    return column
