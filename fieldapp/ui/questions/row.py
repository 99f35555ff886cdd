"""A question row: label left, answers right, the current one marked by a bar (ux §3)."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.buttons import Marker
from fieldapp.ui.widgets.text import Text

Shape = Literal["row", "grid"]


class QuestionRow(QWidget):
    """Label, answers, hint, and what is wrong, for one question."""

    entered = Signal(str)

    def __init__(self, question: Asked, answer: QuestionWidget, shape: Shape = "row") -> None:
        super().__init__()
        self.path = question.path
        self.answer = answer
        self._shape: Shape = shape
        self._question: Asked | None = None
        self._marker = Marker()
        is_read = question.is_note
        self.label = Text("", "question" if shape == "row" and not is_read else "answer")
        self._required = Text(self.tr("필수"), "note", tone="hint", wraps=False)
        self._hint = Text("", "label", tone="hint")
        self._wrong = Text("", "label", tone="danger")
        for part in (self._required, self._hint, self._wrong):
            part.hide()
        self._asking = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._build(is_read=is_read)
        answer.entered.connect(lambda: self.entered.emit(self.path))
        self._show(question)
        # Never shown before it has a parent: it would be a window of its own for a moment.
        if not question.is_relevant:
            self.hide()

    def show_question(self, question: Asked) -> None:
        """Show the question as it stands now; nothing is redrawn when nothing changed."""
        if question != self._question:
            self._show(question)
            self.setVisible(question.is_relevant)

    def _show(self, question: Asked) -> None:
        self._question = question
        self.label.show_text(question.label)
        self._hint.show_text(question.hint or "")
        self._hint.setVisible(bool(question.hint))
        self._required.setVisible(
            question.is_required and self._shape == "row" and not question.is_note
        )
        self.answer.show_question(question)
        self._answers.setVisible(not question.is_note or bool(question.value or question.hint))

    def question(self) -> Asked:
        """The question as last shown."""
        assert self._question is not None  # noqa: S101 - shown in the constructor
        return self._question

    def show_current(self, is_current: bool) -> None:
        """Mark the row that the keys act on."""
        self._marker.show_current(is_current)

    def is_current(self) -> bool:
        """Whether the keys act on this row."""
        return self._marker.is_current()

    def show_wrong(self, sentence: str) -> None:
        """Say under the row what it needs; empty: nothing."""
        self._wrong.show_text(sentence)
        self._wrong.setVisible(bool(sentence))
        self.answer.show_wrong(bool(sentence))
        self.answer.setAccessibleDescription(sentence)

    def wrong_words(self) -> str:
        """What stands under the row."""
        return self._wrong.words() if not self._wrong.isHidden() else ""

    def can_answer(self) -> bool:
        """Whether the focus stops here now."""
        return (
            self.question().is_relevant
            and not self.question().is_readonly
            and self.answer.can_answer()
        )

    def take_focus(self) -> None:
        """Put the keys here."""
        self.answer.focus_box().setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: under 760 px the label stands on top."""
        super().resizeEvent(event)
        stacked = event.size().width() < t.STACK_UNDER_PX and self._shape == "row"
        wanted = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        if self._asking.direction() != wanted:
            self._asking.setDirection(wanted)
            if not self.question().is_note:
                widest = t.QUESTION_COLUMN_PX if stacked else t.QUESTION_LABEL_PX
                self._label_side.setMinimumWidth(0 if stacked else widest)
                self._label_side.setMaximumWidth(widest)

    def _build(self, *, is_read: bool) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(t.S12)
        outer.addWidget(self._marker)
        outer.addLayout(self._asking, 1)
        self._asking.setContentsMargins(0, 0, 0, 0)
        self._asking.setSpacing(t.S16 if self._shape == "row" else t.S12)
        self._label_side = self._labelled(is_read=is_read)
        self._asking.addWidget(self._label_side, 1 if self._shape == "grid" else 0)
        self._asking.addWidget(self._answer_side(), 0 if self._shape == "grid" else 1)
        if is_read:
            self.label.show_tone("subtle")

    def _labelled(self, *, is_read: bool) -> QWidget:
        """The label beside the first line of the answers, however high these are."""
        beside = QWidget()
        words = QVBoxLayout(beside)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.label)
        words.addWidget(self._required)
        words.addStretch(1)
        if not is_read:
            beside.setMinimumHeight(t.CONTROL_PX if self._shape == "row" else t.TOOL_PX)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(beside)
        column.addStretch(1)
        if self._shape == "row" and not is_read:
            side.setFixedWidth(t.QUESTION_LABEL_PX)
        return side

    def _answer_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.S4)
        column.addWidget(self.answer)
        column.addWidget(self._hint)
        column.addWidget(self._wrong)
        column.addStretch(1)
        self._answers = side
        return side
