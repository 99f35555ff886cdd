"""Read and understood: one box to tick."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.buttons import AnswerButton

#: What XForms writes for a trigger that was pressed.
OK = "OK"


class Acknowledge(QuestionWidget):
    """1 or Space ticks and goes on; Backspace takes it away."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button = AnswerButton("1", self.tr("확인했습니다"), has_box=True)
        self.button.clicked.connect(self._clicked)
        self._is_readonly = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Ticked or not."""
        self._is_readonly = question.is_readonly
        self.button.setChecked(bool(question.value))
        self.button.setEnabled(not question.is_readonly)
        self.setAccessibleName(question.label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: tick, or take away."""
        plain = not (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        if plain and not self._is_readonly and event.text() in ("1", " "):
            self.button.setChecked(True)
            self.answered.emit(OK)
            self.went_on.emit()
        elif plain and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.button.setChecked(False)
            self.answered.emit("")
        else:
            super().keyPressEvent(event)

    def _clicked(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.answered.emit(OK if self.button.isChecked() else "")
