"""One section as a page of question rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.filling.sections import Heading, Section
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.choosing import GridLine, grid_width
from fieldapp.ui.questions.digits import APART, shares_a_head
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.registry import widget_for
from fieldapp.ui.questions.row import QuestionRow
from fieldapp.ui.widgets.text import Text, ground


class GridHead(QWidget):
    """The words of the choices over the columns of a grid."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self.words = [Text(label, "note", tone="subtle") for label in labels]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, t.S4)
        layout.addStretch(1)
        columns = QWidget()
        grid = QGridLayout(columns)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(t.S4)
        columns.setFixedWidth(grid_width(len(self.words)))
        for column, word in enumerate(self.words):
            word.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            word.setFixedWidth(t.GRID_COLUMN_PX)
            grid.addWidget(word, 0, column)
        layout.addWidget(columns)


class SectionPage(QScrollArea):
    """The rows of a section. Tells what was answered, where the focus is, who wants to go on."""

    answered = Signal(str, str)
    touched = Signal()
    entered = Signal(str)
    went_on = Signal(str)
    walked = Signal(str, int)

    def __init__(self, section: Section, *, has_room: bool = True) -> None:
        """`has_room`: wide enough for scales to stand as a grid."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows: dict[str, QuestionRow] = {}
        self._current: str | None = None
        self._headings: list[tuple[Heading, Text]] = []
        self._heads: list[tuple[GridHead, tuple[str, ...]]] = []
        self._title = Text(section.label, "section")
        inside = QWidget()
        ground(inside, "surface")
        column = QWidget()
        column.setMaximumWidth(t.QUESTION_COLUMN_PX)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(t.S12)
        self._column.addWidget(self._title)
        edge = QHBoxLayout(inside)
        edge.setContentsMargins(t.S16, t.S16, t.S24, t.S12)
        edge.addWidget(column, t.QUESTION_COLUMN_PX)
        edge.addStretch(1)
        self._fill(section, has_room=has_room)
        self._column.addStretch(1)
        self.setWidget(inside)
        self._title.setVisible(bool(section.label))
        self.viewport().setAutoFillBackground(False)

    def show_section(self, section: Section) -> None:
        """The same questions as they stand now."""
        self._title.show_text(section.label)
        for question in section.questions:
            self.rows[question.path].show_question(question)
        headings = [item for item in section.items if isinstance(item, Heading)]
        for heading, (_, text) in zip(headings, self._headings, strict=True):
            text.show_text(heading.label)
            text.setVisible(heading.is_relevant)
        for head, paths in self._heads:
            labels = _head_labels([self.rows[path].question() for path in paths])
            for word, label in zip(head.words, labels.values(), strict=True):
                word.show_text(label)
            head.setVisible(any(self.rows[path].question().is_relevant for path in paths))

    def stops(self) -> list[str]:
        """The questions that the focus stops at, in order."""
        return [path for path, row in self.rows.items() if row.can_answer()]

    def show_current(self, path: str | None) -> None:
        """Mark the row that the keys act on, and bring it into view."""
        for name, row in self.rows.items():
            row.show_current(name == path)
        if path is not None and path in self.rows and path != self._current:
            row = self.rows[path]
            # After the layout has settled: a row that was just shown has no place yet.
            QTimer.singleShot(0, row, lambda: self.ensureWidgetVisible(row, 0, t.S24))
        self._current = path

    def _fill(self, section: Section, *, has_room: bool) -> None:
        for is_grid, run in groupby(_runs(section), key=lambda pair: pair[0]):
            items = [item for _, item in run]
            if is_grid and has_room:
                self._add_grid([item for item in items if isinstance(item, Asked)])
                continue
            for item in items:
                if isinstance(item, Heading):
                    text = Text(item.label, "section")
                    self._headings.append((item, text))
                    self._column.addWidget(text)
                else:
                    self._add(QuestionRow(item, widget_for(item)))

    def _add_grid(self, questions: Sequence[Asked]) -> None:
        labels = _head_labels(questions)
        head = GridHead(list(labels.values()))
        self._heads.append((head, tuple(question.path for question in questions)))
        lines = QVBoxLayout()
        lines.setSpacing(t.S4)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(head)
        for question in questions:
            self._add(QuestionRow(question, GridLine(tuple(labels)), "grid"), lines)
        self._column.addLayout(lines)

    def _add(self, row: QuestionRow, layout: QVBoxLayout | None = None) -> None:
        self.rows[row.path] = row
        answer: QuestionWidget = row.answer
        answer.answered.connect(lambda text, path=row.path: self.answered.emit(path, text))
        answer.touched.connect(self.touched)
        answer.went_on.connect(lambda path=row.path: self.went_on.emit(path))
        answer.walked.connect(lambda step, path=row.path: self.walked.emit(path, step))
        row.entered.connect(self.entered)
        (layout or self._column).addWidget(row)


def _runs(section: Section) -> list[tuple[bool, Heading | Asked]]:
    """Each item with whether it stands in a grid: select-ones in a row that share one head."""
    marked: list[tuple[bool, Heading | Asked]] = []
    for is_choice, run in groupby(
        section.items, key=lambda item: isinstance(item, Asked) and item.control == "select1"
    ):
        items = list(run)
        lists = [item.choices for item in items if isinstance(item, Asked)]
        is_grid = section.is_field_list and is_choice and shares_a_head(lists)
        marked += [(is_grid, item) for item in items]
    return marked


def _head_labels(questions: Sequence[Asked]) -> Mapping[str, str]:
    """The choices of the longest list by value; those set apart stand at the end."""
    longest = max((question.choices for question in questions), key=len)
    ordered = sorted(longest, key=lambda choice: (choice.value in APART, choice.value))
    return {choice.value: f"{choice.value} {choice.label}" for choice in ordered}
