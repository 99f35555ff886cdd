"""Words and numbers typed by hand."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator, QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine, ComposedText
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.text import restyle

#: As many digits as a 32-bit integer of XForms may have.
_INTEGER = QRegularExpression(r"-?\d{0,10}")
_DECIMAL = QRegularExpression(r"-?\d{0,15}(\.\d{0,6})?")
_NUMBER_BOX_PX = 200
#: A box of several lines begins with two and grows as it is written.
_FEWEST_LINES, _MOST_LINES = 2, 6


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

    def show_hint(self, hint: str) -> None:
        """In the empty box."""
        self.box.setPlaceholderText(hint)

    def open_text(self) -> str | None:
        """The line with the open syllable."""
        return self.box.text_with_composition()

    def focus_box(self) -> QWidget:
        """The line."""
        return self.box

    def can_undo(self) -> bool:
        """What was typed in the line."""
        return self.box.isUndoAvailable()

    def insert_phrase(self, phrase: str) -> bool:
        """Where the cursor stands, as if it were typed."""
        self.box.insert(phrase)
        self.box.setModified(True)
        self.answered.emit(self.box.text())
        return True


class WholeNumber(TextLine):
    """An integer: digits only, and no input method in the way of them."""

    pattern = _INTEGER

    def __init__(self) -> None:
        super().__init__()
        self.box.setValidator(QRegularExpressionValidator(self.pattern, self.box))
        self.box.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.box.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.box.setMaximumWidth(_NUMBER_BOX_PX)

    def open_text(self) -> str | None:
        """Nothing is composed in a number."""
        return None

    def insert_phrase(self, _phrase: str) -> bool:
        """No words in a number."""
        return False


class DecimalNumber(WholeNumber):
    """A number with a point: at most six places."""

    pattern = _DECIMAL


class SeveralLines(QuestionWidget):
    """Text of several lines: Enter breaks the line, Tab goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.box = ComposedText()
        self._lines_px = 0
        self._show_lines()
        self.setFocusProxy(self.box)
        self._is_showing = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.textChanged.connect(self._tell)
        self.box.document().documentLayout().documentSizeChanged.connect(self._show_lines)
        self.box.typed.connect(lambda _: self.touched.emit())
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Show the answer; the box being typed in is left alone."""
        self.box.setAccessibleName(question.label)
        self.box.setReadOnly(question.is_readonly)
        if self.box.toPlainText() != question.value and not self.box.hasFocus():
            self._is_showing = True
            self.box.setPlainText(question.value)
            # Whoever comes back goes on where the words end.
            self.box.moveCursor(QTextCursor.MoveOperation.End)
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

    def can_undo(self) -> bool:
        """What was typed in the text."""
        return self.box.document().isUndoAvailable()

    def insert_phrase(self, phrase: str) -> bool:
        """Where the cursor stands, as if it were typed."""
        self.box.insertPlainText(phrase)
        return True

    def _show_lines(self) -> None:
        """As high as what is written, within bounds."""
        # A plain text's height is counted in lines, wrapped ones too.
        wanted = round(self.box.document().size().height())
        lines = max(_FEWEST_LINES, min(_MOST_LINES, wanted))
        line_px = max(t.ANSWER.line_px, self.box.fontMetrics().lineSpacing())
        if lines * line_px != self._lines_px:
            self._lines_px = lines * line_px
            self.box.setFixedHeight(self._lines_px + 2 * t.S8 + 4)

    def _tell(self) -> None:
        if not self._is_showing:
            self.answered.emit(self.box.toPlainText())
