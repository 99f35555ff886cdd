"""What every question widget offers the form around it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from fieldapp.ui.questions.facts import Asked

#: Keys that a text box would take for itself (delete a word, walk a paragraph).
_COMMAND_KEYS = {
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Delete),
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Up),
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Down),
}
_UNDO = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Z)


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
    #: One more of what repeats here is wanted.
    add_wanted = Signal()
    #: A picture to be kept: its bytes and the ending of its name (`jpg`, `png`).
    picture_taken = Signal(object, str)

    def show_question(self, question: Asked) -> None:
        """Show value, choices and language; called again whenever any of them changes."""
        raise NotImplementedError

    def show_wrong(self, is_wrong: bool) -> None:
        """Mark the box itself; the sentence stands under the row."""

    def show_hint(self, hint: str) -> None:
        """Say the hint where there is no line for it."""
        self.setToolTip(hint)

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

    def can_undo(self) -> bool:
        """Whether Ctrl+Z has something to take back in this box; else it is the form's."""
        return False

    def insert_phrase(self, _phrase: str) -> bool:
        """Write words of 자주 쓰는 말 where the cursor stands. False: there is no text here."""
        return False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: the box got the focus, or would take a key that is a command of the form."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            key = event.keyCombination()
            is_ours = key in _COMMAND_KEYS or (key == _UNDO and not self.can_undo())
            if is_ours:
                event.ignore()
            return is_ours
        return False
