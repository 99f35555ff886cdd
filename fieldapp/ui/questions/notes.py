"""What is only read: notes, and questions that this edition cannot ask yet."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.text import Text


class Shown(QuestionWidget):
    """A value that is shown and not asked: a note or a read-only calculation."""

    def __init__(self) -> None:
        super().__init__()
        self.said = Text("", "answer")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.said)

    def show_question(self, question: Asked) -> None:
        """Show the value; a note has none, its words are the label."""
        self.said.show_text(question.value)
        self.said.setVisible(bool(question.value))
        self.setAccessibleName(question.label)

    def can_answer(self) -> bool:
        """No stop of the focus."""
        return False


class NotYet(Shown):
    """A kind that has no widget in this edition: said plainly, the answer it has is kept."""

    def show_question(self, question: Asked) -> None:
        """Say so, and show what stands there."""
        sentence = self.tr("이 앱 판에서는 아직 적을 수 없는 문항입니다.")
        self.said.show_text(f"{sentence} {question.value}".strip())
        self.said.show_tone("hint")
        self.said.show()
        self.setAccessibleName(question.label)
