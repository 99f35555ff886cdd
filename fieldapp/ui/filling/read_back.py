"""The read-back page: every answer once more in words, before 완료."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.filling.sections import Section
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text, ground, rule


class ReadBack(QScrollArea):
    """Asked and answer, a line each; an amendment asks for its reason above them."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reason = ComposedLine()
        self.reason_field = Field(self.tr("고친 까닭"), self.reason)
        self._lines: list[tuple[str, str]] = []

    def show_answers(self, sections: Sequence[Section], *, asks_reason: bool) -> None:
        """Show every relevant question with its answer in words."""
        self.reason_field.setParent(None)
        inside = QWidget()
        ground(inside, "surface")
        edge = QHBoxLayout(inside)
        edge.setContentsMargins(t.S24, t.S16, t.S24, t.S16)
        column = QWidget()
        column.setMaximumWidth(t.QUESTION_COLUMN_PX)
        edge.addWidget(column, t.QUESTION_COLUMN_PX)
        edge.addStretch(1)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(self.tr("읽어 보고 맞으면 완료를 누르세요."), "section"))
        if asks_reason:
            self.reason_field.setMaximumWidth(t.TEXT_LINE_PX)
            layout.addWidget(self.reason_field)
        self._lines = []
        for section in sections:
            asked = [q for q in section.questions if q.is_relevant and not q.is_note]
            if asked:
                layout.addWidget(rule())
                if section.label:
                    layout.addWidget(Text(section.label, "label", tone="hint"))
                layout.addLayout(self._answers(asked))
        layout.addStretch(1)
        self.setWidget(inside)
        self.reason_field.setVisible(asks_reason)

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Asked and answer as they read."""
        return tuple(self._lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: ↑↓ and PgUp, PgDn move the page; Enter is not for it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _answers(self, questions: Sequence[Asked]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.S24)
        grid.setVerticalSpacing(t.S8)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for line, question in enumerate(questions):
            answer = answer_words(question)
            self._lines.append((question.label, answer))
            grid.addWidget(
                Text(question.label, "reading", tone="subtle"), line, 0, Qt.AlignmentFlag.AlignTop
            )
            said = Text(answer or "-", "reading", tone="" if answer else "hint")
            grid.addWidget(said, line, 1, Qt.AlignmentFlag.AlignTop)
        return grid


def answer_words(question: Asked) -> str:
    """The answer as a person says it: the words of what was chosen, or what was written."""
    if not question.choices:
        return question.value
    chosen = question.value.split() if question.control == "select" else [question.value]
    labels = {choice.value: choice.label for choice in question.choices}
    return ", ".join(labels.get(value, value) for value in chosen if value)
