"""Words and numbers typed by hand."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine, ComposedText
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.text import restyle

#: As many digits as a 32-bit integer of XForms may have.
_INTEGER = QRegularExpression(r"-?\d{0,10}")
_NUMBER_BOX_PX = 200
_TEXT_ROWS_PX = 3 * t.ANSWER.line_px + 2 * t.S8 + 4


class TextLine(QuestionWidget):
    """One line of text."""

    def __init__(self) -> None:
        super().__init__()
        self.box = ComposedLine()
        self.setFocusProxy(self.box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.textEdited.connect(self.answered)
        self.box.typed.connect(lambda _: self.touched.emit())
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Show the answer; the box being typed in is left alone."""
        self.box.setAccessibleName(question.label)
        self.box.setReadOnly(question.is_readonly)
        if self.box.text() != question.value and not (
            self.box.hasFocus() and self.box.isModified()
        ):
            self.box.setText(question.value)

    def show_wrong(self, is_wrong: bool) -> None:
        """A red border at this box only."""
        if bool(self.box.property("wrong")) != is_wrong:
            self.box.setProperty("wrong", is_wrong)
            restyle(self.box)

    def open_text(self) -> str | None:
        """The line with the open syllable."""
        return self.box.text_with_composition()

    def focus_box(self) -> QWidget:
        """The line."""
        return self.box


class WholeNumber(TextLine):
    """An integer: digits only, and no input method in the way of them."""

    def __init__(self) -> None:
        super().__init__()
        self.box.setValidator(QRegularExpressionValidator(_INTEGER, self.box))
        self.box.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.box.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.box.setMaximumWidth(_NUMBER_BOX_PX)

    def open_text(self) -> str | None:
        """Nothing is composed in a number."""
        return None


class SeveralLines(QuestionWidget):
    """Text of several lines: Enter breaks the line, Tab goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.box = ComposedText()
        self.box.setFixedHeight(_TEXT_ROWS_PX)
        self.setFocusProxy(self.box)
        self._is_showing = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.textChanged.connect(self._tell)
        self.box.typed.connect(lambda _: self.touched.emit())
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Show the answer; the box being typed in is left alone."""
        self.box.setAccessibleName(question.label)
        self.box.setReadOnly(question.is_readonly)
        if self.box.toPlainText() != question.value and not self.box.hasFocus():
            self._is_showing = True
            self.box.setPlainText(question.value)
            self._is_showing = False

    def show_wrong(self, is_wrong: bool) -> None:
        """A red border at this box only."""
        if bool(self.box.property("wrong")) != is_wrong:
            self.box.setProperty("wrong", is_wrong)
            restyle(self.box)

    def open_text(self) -> str | None:
        """The text with the open syllable."""
        return self.box.text_with_composition()

    def focus_box(self) -> QWidget:
        """The text."""
        return self.box

    def _tell(self) -> None:
        if not self._is_showing:
            self.answered.emit(self.box.toPlainText())
