"""The read-back page: every answer once more in words, before 완료."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.ui import clipboard
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.filling.sections import CardHead, Section
from fieldapp.ui.questions.adding import ADDER
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.photo import Thumbnail
from fieldapp.ui.questions.wording import answer_words
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text, ground, rule


class CopyBlock(Protocol):
    """One text for 행복이음: where it goes, and how many characters may go there."""

    @property
    def label(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def max_chars(self) -> int | None: ...


Copies = Callable[[], Sequence[CopyBlock]]
_PICTURE_PX = 160


class _Picture(QWidget):
    """A kept picture, or its words and the way to fetch it from the server."""

    def __init__(self, aids: Aids, question: Asked, words: str) -> None:
        super().__init__()
        self.name = question.value
        self._aids, self._label, self._words = aids, question.label, words
        self.thumbnail = Thumbnail(aids, _PICTURE_PX)
        self.said = Text("", "reading", tone="hint", wraps=False)
        self.fetch_button = Button(self.tr("내려받기"), "outlined", tool=True)
        self.fetch_button.setAccessibleName(self.tr("%s 내려받기") % question.label)
        self.fetch_button.clicked.connect(self._fetch)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(t.S8)
        for part in (self.thumbnail, self.said, self.fetch_button):
            line.addWidget(part)
        line.addStretch(1)
        self.look()

    def look(self) -> None:
        """Show it, if it is on this laptop."""
        is_here = self.thumbnail.show_name(self.name, self._label)
        self.said.show_text(self._words)
        self.said.setVisible(not is_here)
        self.fetch_button.setVisible(not is_here and self._aids.fetch_file is not None)

    def _fetch(self) -> None:
        if self._aids.fetch_file is not None:
            self.fetch_button.hide()
            self.said.show_text(self.tr("내려받는 중"))
            self._aids.fetch_file(self.name)


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
        self._pictures: list[_Picture] = []
        self._aids = Aids()

    def use_aids(self, aids: Aids) -> None:
        """Where kept pictures are read."""
        self._aids = aids

    def show_answers(
        self,
        sections: Sequence[Section],
        *,
        asks_reason: bool,
        copies: Sequence[CopyBlock] = (),
    ) -> None:
        """Show every relevant question with its answer in words, then what is to be copied."""
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
        self._lines, self._pictures = [], []
        for section in sections:
            if any(_is_read(question) for question in section.questions):
                layout.addWidget(rule())
                if section.label:
                    layout.addWidget(Text(section.label, "label", tone="hint"))
                for head, asked in _cards(section):
                    if head:
                        layout.addWidget(Text(head, "question"))
                    layout.addLayout(self._answers(asked))
        if copies:
            layout.addWidget(rule())
            layout.addWidget(Text(self.tr("행복이음에 옮길 글"), "label", tone="hint"))
            for block in copies:
                layout.addLayout(_copy_block(block))
        layout.addStretch(1)
        self.setWidget(inside)
        self.reason_field.setVisible(asks_reason)

    def look_again(self, name: str) -> None:
        """A file that was asked for came, or did not."""
        for picture in self._pictures:
            if picture.name == name:
                picture.look()

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
            said: QWidget = Text(answer or "-", "reading", tone="" if answer else "hint")
            if question.control == "upload" and question.value:
                picture = _Picture(self._aids, question, answer)
                self._pictures.append(picture)
                said = picture
            grid.addWidget(said, line, 1, Qt.AlignmentFlag.AlignTop)
        return grid


def _is_read(question: Asked) -> bool:
    """Whether it is read back: asked and relevant; what hangs only where something was written."""
    is_asked = question.is_relevant and not question.is_note and question.control != ADDER
    return is_asked and (bool(question.value) or not question.place.under)


def _cards(section: Section) -> list[tuple[str, list[Asked]]]:
    """The questions of a section by the card that they stand in."""
    cards: list[tuple[str, list[Asked]]] = [("", [])]
    for item in section.items:
        if isinstance(item, CardHead):
            cards.append((item.label, []))
        elif isinstance(item, Asked) and _is_read(item):
            cards[-1][1].append(item)
    return [(head, asked) for head, asked in cards if asked]


def _copy_block(block: CopyBlock) -> QVBoxLayout:
    """The text as it will be pasted, how long it is, and a button that copies it."""
    over = block.max_chars is not None and len(block.text) > block.max_chars
    length = f"{len(block.text):,}" + (f"/{block.max_chars:,}" if block.max_chars else "")
    copy = Button(QCoreApplication.translate("ReadBack", "복사"), "outlined", tool=True)
    copy.setAccessibleName(f"{block.label} {copy.text()}")
    copy.clicked.connect(lambda: clipboard.put(block.text))
    head = QHBoxLayout()
    head.addWidget(Text(block.label, "body", tone="subtle", wraps=False))
    chars = QCoreApplication.translate("ReadBack", "%s자") % length
    head.addWidget(Text(chars, "note", tone="warning" if over else "hint", wraps=False))
    head.addStretch(1)
    head.addWidget(copy)
    column = QVBoxLayout()
    column.setSpacing(t.S4)
    column.addLayout(head)
    column.addWidget(Text(block.text, "reading"))
    return column
