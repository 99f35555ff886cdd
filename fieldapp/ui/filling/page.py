"""One section as a page of question rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.forms import Choice
from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.filling.blocks import Block, Grid, Line, blocks_of, longest_choices, signature_of
from fieldapp.ui.filling.sections import CardHead, Heading, Section, adder_path
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.choosing import GridLine, grid_width
from fieldapp.ui.questions.digits import digit_keys, is_apart
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.photo import PhotoAnswer
from fieldapp.ui.questions.registry import kind_of, widget_for
from fieldapp.ui.questions.row import QuestionRow, Shape
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text, ground, show_when

_NO_AIDS = Aids()


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


class CardBar(QWidget):
    """The first line of a card: what it is, and 빼기."""

    def __init__(self, head: CardHead) -> None:
        super().__init__()
        self.label = Text(head.label, "question", wraps=False)
        self.remove = Button.of(commands.REMOVE, "text")
        self.remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.label)
        line.addStretch(1)
        line.addWidget(self.remove)

    def show_head(self, head: CardHead) -> None:
        """The same card, perhaps with another number."""
        self.label.show_text(head.label)
        self.remove.setAccessibleName(f"{head.label} {self.remove.text()}")


class SectionPage(QScrollArea):
    """The rows of a section. Tells what was answered, where the focus is, who wants to go on."""

    answered = Signal(str, str)
    touched = Signal()
    entered = Signal(str)
    went_on = Signal(str)
    walked = Signal(str, int)
    #: The path of a repeat that one more is wanted of; of an instance to be taken away.
    add_wanted = Signal(str)
    remove_wanted = Signal(str)
    #: Path, bytes, ending.
    picture_taken = Signal(str, object, str)
    #: 변동 없음: the rest of the page as it was last time.
    same_wanted = Signal()

    def __init__(
        self,
        section: Section,
        aids: Aids = _NO_AIDS,
        *,
        has_room: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`has_room`: wide enough for scales to stand as a grid.

        Built from the outside in: each time a widget gets another parent, the style sheet looks at
        it and all that is in it again.
        """
        super().__init__(parent)
        self._section = section
        self._outline = _outline(section)
        self._facts: dict[str, Asked] = {}
        self._closed: frozenset[str] = frozenset()
        self._wrong: set[str] = set()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows: dict[str, QuestionRow] = {}
        self._aids = aids
        self._has_room = has_room
        self._current: str | None = None
        self._headings: list[Text] = []
        self._heads: list[tuple[GridHead, tuple[str, ...]]] = []
        self._cards: list[tuple[QFrame, CardBar]] = []
        self._hanging: dict[QWidget, list[str]] = {}
        inside = QWidget(self.viewport())
        ground(inside, "surface")
        self.setWidget(inside)
        edge = QHBoxLayout(inside)
        edge.setContentsMargins(t.S16, t.S16, t.S24, t.S12)
        column = QWidget(inside)
        column.setMaximumWidth(t.QUESTION_COLUMN_PX)
        edge.addWidget(column, t.QUESTION_COLUMN_PX)
        edge.addStretch(1)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(t.S12)
        self._title = Text(section.label, "section", parent=column)
        same = commands.SAME_SECTION
        self._same = Button(same.title(), "outlined", key=same.key_text(), tool=True)
        self._column.addLayout(self._titled())
        blocks = blocks_of(section, has_room=has_room)
        self._signature = signature_of(blocks)
        self._fill(blocks)
        self._column.addStretch(1)
        self.show_section(section)
        self.viewport().setAutoFillBackground(False)

    def can_show(self, section: Section, *, has_room: bool) -> bool:
        """Whether the section is still made of the same rows."""
        if has_room != self._has_room:
            return False
        # What did not change is the very same; a page of a thousand rows must not cost a key more.
        if section is self._section:
            return True
        if _outline(section) != self._outline:
            return False
        others = [q for q in section.questions if q is not self._facts[q.path]]
        if all(_is_alike(question, self._facts[question.path]) for question in others):
            return True
        return signature_of(blocks_of(section, has_room=has_room)) == self._signature

    def show_section(self, section: Section) -> None:
        """The same questions as they stand now."""
        self._section = section
        self._title.show_text(section.label)
        show_when(self._title, bool(section.label))
        show_when(self._same, any(q.place.last and not q.value for q in section.asked))
        self._open_hanging(section)
        for question in section.questions:
            path = question.path
            is_open = path not in section.closed
            if self._facts.get(path) is question and is_open == (path not in self._closed):
                continue
            self._facts[path] = question
            if (row := self.rows.get(path)) is not None:
                row.show_question(question, is_open=is_open)
        self._closed = section.closed
        headings = [item for item in section.items if isinstance(item, Heading)]
        for heading, text in zip(headings, self._headings, strict=True):
            text.show_text(heading.label)
            show_when(text, heading.is_relevant)
        cards = [item for item in section.items if isinstance(item, CardHead)]
        for card, (frame, bar) in zip(cards, self._cards, strict=True):
            bar.show_head(card)
            show_when(frame, card.is_relevant)
        for head, paths in self._heads:
            asked = [self.rows[path].question() for path in paths]
            for word, label in zip(head.words, _head_labels(asked).values(), strict=True):
                word.show_text(label)
            show_when(head, any(question.is_relevant for question in asked))

    def stops(self) -> list[str]:
        """The questions that the focus stops at, in order."""
        return [path for path, row in self.rows.items() if row.can_answer()]

    def show_current(self, path: str | None) -> None:
        """Mark the row that the keys act on, and bring it into view."""
        if (left := self.rows.get(self._current or "")) is not None and self._current != path:
            left.show_current(is_current=False)
        if (here := self.rows.get(path or "")) is not None:
            here.show_current(is_current=True)
        has_moved = path != self._current
        self._current = path
        if has_moved:
            self._bring_into_view()

    def show_wrong(self, wrong: Mapping[str, str]) -> None:
        """Say under each row what it needs."""
        for path in self._wrong | wrong.keys():
            if (row := self.rows.get(path)) is not None:
                row.show_wrong(wrong.get(path, "") if row.question().is_relevant else "")
        self._wrong = set(wrong)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in another window the question that the keys act on is still seen."""
        super().resizeEvent(event)
        self._bring_into_view()

    def _bring_into_view(self) -> None:
        if (row := self.rows.get(self._current or "")) is not None:
            # After the layout has settled: a row that was just shown has no place yet.
            QTimer.singleShot(0, row, lambda: self.ensureWidgetVisible(row, 0, t.S24))

    def _titled(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(self._title, 1)
        line.addStretch(0)  # takes the room of a title that is not there
        line.addWidget(self._same)
        self._same.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._same.clicked.connect(self.same_wanted)
        return line

    def _fill(self, blocks: Sequence[Block]) -> None:
        card: CardHead | None = None
        layout = self._column
        for block in blocks:
            path = _path_of(block)
            if card is not None and path and not path.startswith(f"{card.path}/"):
                card, layout = None, self._column
            if isinstance(block, CardHead):
                bar, layout = self._add_card(block, layout, is_inner=card is not None)
                card = card or block
                layout.addWidget(bar)
            elif isinstance(block, Heading):
                text = Text(block.label, "section")
                self._headings.append(text)
                layout.addWidget(text)
            elif isinstance(block, Grid):
                self._add_grid(block, layout)
            else:
                self._add_line(block, layout)

    def _add_card(
        self, head: CardHead, layout: QVBoxLayout, *, is_inner: bool
    ) -> tuple[CardBar, QVBoxLayout]:
        """A framed card; one inside another is only set off by its first line."""
        frame = QFrame(layout.parentWidget())
        frame.setProperty("card", not is_inner)
        layout.addWidget(frame)
        inside = QVBoxLayout(frame)
        edge = 0 if is_inner else t.S16
        inside.setContentsMargins(edge, edge if is_inner else t.S8, edge, edge)
        inside.setSpacing(t.S12)
        bar = CardBar(head)
        bar.remove.clicked.connect(lambda _=False, path=head.path: self.remove_wanted.emit(path))
        self._cards.append((frame, bar))
        return bar, inside

    def _add_grid(self, grid: Grid, layout: QVBoxLayout) -> None:
        questions = [line.question for line in grid.lines]
        labels = _head_labels(questions)
        head = GridHead(list(labels.values()))
        self._heads.append((head, tuple(question.path for question in questions)))
        lines = QVBoxLayout()
        layout.addLayout(lines)
        lines.setSpacing(t.S4)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(head)
        for line in grid.lines:
            self._add(line.question, GridLine(tuple(labels)), lines, "grid")
            self._add_under(line, lines, indent_px=t.S48)

    def _add_line(self, line: Line, layout: QVBoxLayout) -> None:
        self._add(line.question, widget_for(line.question, self._aids), layout)
        indent_px = t.QUESTION_LABEL_PX + t.S16 if self._has_room else t.S16
        self._add_under(line, layout, indent_px=indent_px)

    def _add_under(self, line: Line, layout: QVBoxLayout, *, indent_px: int) -> None:
        """The place of what explains a line, beneath it; its rows are made when it opens."""
        if not line.under:
            return
        place = QWidget(layout.parentWidget())
        layout.addWidget(place)
        place.hide()
        beside = QHBoxLayout(place)
        beside.setContentsMargins(indent_px, 0, 0, t.S4)
        beside.setSpacing(t.S12)
        self._hanging[place] = [question.path for question in line.under]

    def _open_hanging(self, section: Section) -> None:
        """Show what explains a line where it is open: words, and a photo beside them."""
        facts = {q.path: q for q in section.questions if q.place.under}
        for place, paths in self._hanging.items():
            shown = [path for path in paths if path not in section.closed]
            is_open = any(facts[path].is_relevant for path in shown)
            if is_open and paths[0] not in self.rows:
                self._fill_hanging(place, [facts[path] for path in paths])
            show_when(place, is_open)

    def _fill_hanging(self, place: QWidget, questions: Sequence[Asked]) -> None:
        beside = place.layout()
        assert isinstance(beside, QHBoxLayout)  # noqa: S101 - made with it
        for question in questions:
            is_photo = kind_of(question) == "photo"
            widget = (
                PhotoAnswer(self._aids, compact=True)
                if is_photo
                else widget_for(question, self._aids)
            )
            self._add(question, widget, beside, "under", stretch=0 if is_photo else 1)
        # Made later than the rows below it, and still before them for Tab.
        boxes = [self.rows[question.path].answer.focus_box() for question in questions]
        about = self.rows.get(questions[0].place.under)
        if about is not None:
            for earlier, later in pairwise([about.answer.focus_box(), *boxes]):
                QWidget.setTabOrder(earlier, later)

    def _add(
        self,
        question: Asked,
        answer: QuestionWidget,
        layout: QVBoxLayout | QHBoxLayout,
        shape: Shape = "row",
        stretch: int = 0,
    ) -> None:
        row = QuestionRow(question, answer, shape, parent=layout.parentWidget())
        path = row.path
        self.rows[path] = row
        answer.answered.connect(lambda text: self.answered.emit(path, text))
        answer.touched.connect(self.touched)
        answer.went_on.connect(lambda: self.went_on.emit(path))
        answer.walked.connect(lambda step: self.walked.emit(path, step))
        answer.add_wanted.connect(lambda: self.add_wanted.emit(adder_path(path)))
        answer.picture_taken.connect(lambda raw, ending: self.picture_taken.emit(path, raw, ending))
        row.entered.connect(self.entered)
        layout.addWidget(row, stretch)


def _outline(section: Section) -> list[str]:
    """What stands on a page in which order."""
    return ["" if isinstance(item, Heading) else item.path for item in section.items]


def _is_alike(question: Asked, before: Asked) -> bool:
    """Whether two moments of a question are shown by the same widget in the same place."""
    values, values_before = ([c.value for c in q.choices] for q in (question, before))
    return values == values_before and kind_of(question) == kind_of(before)


def _path_of(block: Block) -> str:
    if isinstance(block, Heading):
        return ""
    if isinstance(block, CardHead):
        return f"{block.path}/"
    line = block.lines[0] if isinstance(block, Grid) else block
    return line.question.path


def _head_labels(questions: Sequence[Asked]) -> dict[str, str]:
    """The choices of the longest list by value; those set apart stand at the end."""
    choices = longest_choices([Line(question) for question in questions])
    digits = dict(zip((c.value for c in choices), digit_keys(choices), strict=True))

    def rank(choice: Choice) -> tuple[bool, str]:
        return is_apart(choice), digits[choice.value]

    return {c.value: f"{digits[c.value]} {c.label}" for c in sorted(choices, key=rank)}
