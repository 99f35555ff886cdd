"""A question row: label left, answers right, the current one marked by a bar (ux §3)."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.wording import last_words
from fieldapp.ui.widgets.buttons import Marker
from fieldapp.ui.widgets.text import Role, Text, show_when

#: row: label left, answers right. grid: a line under a head of words. under: what explains the
#: line above.
Shape = Literal["row", "grid", "under"]


_LABEL_ROLES: dict[Shape, Role] = {"row": "question", "grid": "answer", "under": "label"}


class QuestionRow(QWidget):
    """Label, answers, hint, and what is wrong, for one question."""

    entered = Signal(str)

    def __init__(
        self,
        question: Asked,
        answer: QuestionWidget,
        shape: Shape = "row",
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = question.path
        self.answer = answer
        self._shape: Shape = shape
        self._question: Asked | None = None
        self._marker = Marker(self)
        is_read = question.is_note
        self._label_side, self._answers = QWidget(self), QWidget(self)
        beside = QWidget(self._label_side)
        label_role: Role = "answer" if is_read else _LABEL_ROLES[shape]
        self._number = Text("", "label", tone="hint", wraps=False, parent=beside)
        self.label = Text("", label_role, parent=beside)
        self._required = Text(self.tr("필수"), "note", tone="hint", wraps=False, parent=beside)
        self._last = Text("", "note", tone="hint", parent=beside)
        self._hint = Text("", "label", tone="hint", parent=self._answers)
        self._wrong = Text("", "label", tone="danger", parent=self._answers)
        for part in (self._required, self._hint, self._wrong, self._last):
            part.hide()
        self._below = QHBoxLayout()
        self._asking = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._build(beside, is_read=is_read)
        answer.entered.connect(lambda: self.entered.emit(self.path))
        self._show(question)
        # Never shown before it has a parent: it would be a window of its own for a moment.
        if not question.is_relevant:
            self.hide()

    def show_question(self, question: Asked, *, is_open: bool = True) -> None:
        """Show the question as it stands now; nothing is redrawn when nothing changed."""
        if question != self._question:
            self._show(question)
        show_when(self, question.is_relevant and is_open)

    def _show(self, question: Asked) -> None:
        self._question = question
        self.label.show_text(question.label)
        # The button of a picture says what it is.
        show_when(self._label_side, not (self._shape == "under" and question.control == "upload"))
        self._number.show_text(question.place.number)
        # Elsewhere it stands in no layout.
        is_numbered = bool(question.place.number) and self._shape == "grid"
        show_when(self._number, is_numbered)
        self._below.setContentsMargins(t.S32 + t.S8 if is_numbered else 0, 0, 0, 0)
        self._hint.show_text(question.hint or "")
        show_when(self._hint, bool(question.hint) and self._shape != "under")
        if self._shape == "under":
            self.answer.show_hint(question.hint or "")
        last = last_words(question)
        self._last.show_text(self.tr("지난번 %s") % last if last else "")
        show_when(self._last, bool(last))
        show_when(
            self._required,
            question.is_required and self._shape != "grid" and not question.is_note,
        )
        self.answer.show_question(question)
        show_when(self._answers, not question.is_note or bool(question.value or question.hint))

    def question(self) -> Asked:
        """The question as last shown."""
        assert self._question is not None  # noqa: S101 - shown in the constructor
        return self._question

    def show_current(self, *, is_current: bool) -> None:
        """Mark the row that the keys act on."""
        self._marker.show_current(is_current)

    def is_current(self) -> bool:
        """Whether the keys act on this row."""
        return self._marker.is_current()

    def show_wrong(self, sentence: str) -> None:
        """Say under the row what it needs; empty: nothing."""
        if sentence == self._wrong.words():
            return
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

    def take_focus(self, *, goes_on_typing: bool = False) -> None:
        """Put the keys here; coming anew a line is selected, so that typing writes it over."""
        reasons = Qt.FocusReason
        reason = reasons.OtherFocusReason if goes_on_typing else reasons.TabFocusReason
        self.answer.focus_box().setFocus(reason)

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

    def _build(self, beside: QWidget, *, is_read: bool) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(t.S12)
        outer.addWidget(self._marker)
        outer.addLayout(self._asking, 1)
        is_grid = self._shape == "grid"
        self._asking.setContentsMargins(0, 0, 0, 0)
        self._asking.setSpacing(t.S16 if self._shape == "row" else t.S12)
        self._asking.addWidget(self._label_side, 1 if is_grid else 0)
        self._asking.addWidget(self._answers, 0 if is_grid else 1)
        self._lay_out_label(beside, is_read=is_read)
        self._lay_out_answer()
        if is_read or self._shape == "under":
            self.label.show_tone("subtle")

    def _lay_out_label(self, beside: QWidget, *, is_read: bool) -> None:
        """The label beside the first line of the answers, however high these are."""
        column = QVBoxLayout(self._label_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(beside)
        column.addStretch(1)
        words = QVBoxLayout(beside)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addStretch(1)
        if self._shape == "grid":
            line = QHBoxLayout()
            words.addLayout(line)
            line.setSpacing(t.S8)
            self._number.setFixedSize(t.S32, t.ANSWER.line_px)
            line.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(self.label, 1)
        else:
            words.addWidget(self.label)
        # Beside the answers it would break their line: five choices and their last answer.
        words.addLayout(self._below)
        self._below.setSpacing(t.S8)
        self._below.addWidget(self._required)
        self._below.addWidget(self._last, 1)
        words.addStretch(1)
        if not is_read:
            beside.setMinimumHeight(t.TOOL_PX if self._shape == "grid" else t.CONTROL_PX)
        if self._shape == "row" and not is_read:
            self._label_side.setFixedWidth(t.QUESTION_LABEL_PX)

    def _lay_out_answer(self) -> None:
        column = QVBoxLayout(self._answers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.S4)
        column.addWidget(self.answer)
        column.addWidget(self._hint)
        column.addWidget(self._wrong)
        column.addStretch(1)
