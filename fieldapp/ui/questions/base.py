"""What every question widget offers the form around it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from fieldapp.ui.questions.facts import Asked


class QuestionWidget(QWidget):
    """Shows one question's answer and tells what the worker did to it."""

    #: The answer as XForms lexical text; empty: taken away.
    answered = Signal(str)
    #: Something is being composed: not an answer yet, but worth keeping.
    touched = Signal()
    #: The worker has chosen and wants the next question.
    went_on = Signal()
    #: ↑ or ↓ past this question's own choices: -1 or 1.
    walked = Signal(int)
    #: The focus came here.
    entered = Signal()

    def show_question(self, question: Asked) -> None:
        """Show value, choices and language; called again whenever any of them changes."""
        raise NotImplementedError

    def show_wrong(self, is_wrong: bool) -> None:
        """Mark the box itself; the sentence stands under the row."""

    def open_text(self) -> str | None:
        """The text with the open composition, or None where nothing is composed."""
        return None

    def focus_box(self) -> QWidget:
        """The widget that takes the keys."""
        return self

    def can_answer(self) -> bool:
        """Whether the focus stops here."""
        return True

    def watch_focus(self) -> None:
        """Tell `entered` from now on; called once the box stands."""
        self.focus_box().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: the box got the focus."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return False
