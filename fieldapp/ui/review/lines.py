"""The answers of a record, question by question: what it said before and what it says now."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.review.comparing import changed_words
from fieldapp.ui.words import keep_words

Index = QModelIndex | QPersistentModelIndex
_QUESTION_SHARE = 0.28
_GAP = t.S16


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question in words; None: there was no answer. remark: what does not fit there."""

    path: str
    question: str
    before: str | None
    now: str | None
    is_changed: bool
    remark: str = ""

    def words(self) -> str:
        """The line as it is read aloud."""
        before = f", 앞서 {self.before or '-'}" if self.is_changed else ""
        remark = f", 확인할 점: {self.remark}" if self.remark else ""
        return f"{self.question}: {self.now or '-'}{before}{remark}"


class _Answers(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[AnswerLine, ...] = ()
        self.comments: dict[str, str] = {}
        self.has_before = False

    def show_lines(self, lines: Sequence[AnswerLine], *, has_before: bool) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.comments = {}
        self.has_before = has_before
        self.endResetModel()

    def comment(self, row: int, text: str) -> None:
        path = self.lines[row].path
        if text:
            self.comments[path] = text
        else:
            self.comments.pop(path, None)
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.lines[index.row()].words()
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, _Answers)  # noqa: S101 - the list's own model
        pages = _pages(model, index.row(), self._width(option))
        heights = [page.size().height() for _, page in pages]
        return QSize(0, max(t.TABLE_ROW_PX, round(max(heights)) + t.S12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Answers)  # noqa: S101 - the list's own model
        c = theme.current()
        box: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, QColor(c.selected if chosen else c.surface))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(c.line))
        if chosen:
            bar = QRect(box.left(), box.top(), t.CURRENT_BAR_PX, box.height())
            painter.fillRect(bar, QColor(c.primary))
        for left, page in _pages(model, index.row(), self._width(option)):
            painter.save()
            painter.translate(QPointF(box.left() + left, box.top() + t.S12 / 2))
            page.drawContents(painter, QRectF(0, 0, page.textWidth(), page.size().height()))
            painter.restore()
        painter.restore()

    def _width(self, option: QStyleOptionViewItem) -> int:
        """With the scroll bar, which the gap at the right has room for: a head stands over each
        column, and knows of no scroll bar.
        """
        view = self.parent()
        width: int = view.width() if isinstance(view, QListView) else option.rect.width()
        return width


def _pages(model: _Answers, row: int, width: int) -> list[tuple[float, QTextDocument]]:
    """The cells of a row as laid-out text, each with its left edge."""
    c = theme.current()
    line = model.lines[row]
    question, rest = _widths(width, model.has_before)
    said = f'<span style="color:{c.subtle};">{_text(line.question)}</span>'
    if line.is_changed:
        said = f'<span style="color:{c.warning};">●</span> {said}'
    if line.remark:
        said += f'<br><span style="color:{c.warning};">확인할 점: {_text(line.remark)}</span>'
    comment = model.comments.get(line.path)
    if comment:
        said += f'<br><span style="color:{c.info};">의견: {_text(comment)}</span>'
    cells = [(said, question)]
    if model.has_before:
        before = _text(line.before or "-") if line.is_changed else ""
        cells.append((f'<span style="color:{c.hint};">{before}</span>', rest))
    cells.append((_now(line, model.has_before), rest))
    pages: list[tuple[float, QTextDocument]] = []
    left = float(_GAP)
    for words, cell in cells:
        page = QTextDocument()
        page.setDocumentMargin(0)
        page.setDefaultFont(theme.font(t.BODY))
        page.setHtml(f'<div style="color:{c.text};">{words}</div>')
        page.setTextWidth(cell)
        pages.append((left, page))
        left += cell + _GAP
    return pages


def _widths(width: int, has_before: bool) -> tuple[int, int]:
    """How wide the question is, and each of the columns after it."""
    room = width - 2 * _GAP
    columns = 2 if has_before else 1
    question = round(room * _QUESTION_SHARE) - _GAP
    return question, (room - question - _GAP * columns) // columns


def _now(line: AnswerLine, has_before: bool) -> str:
    c = theme.current()
    if not (has_before and line.is_changed):
        return _text(line.now or "-")
    if not line.now:
        return f'<span style="color:{c.warning};">지움</span>'
    mark = f"color:{c.warning}; background-color:{c.warning_ground}; font-weight:700;"
    return " ".join(
        f'<span style="{mark}">{_text(word)}</span>' if is_new else _text(word)
        for word, is_new in changed_words(line.before or "", line.now)
    )


def _text(words: str) -> str:
    return html.escape(keep_words(words)).replace("\n", "<br>")


class ColumnHeads(QWidget):
    """물음, 앞서 확인한 내용, 이번 내용: over the columns of the answers; or other words."""

    def __init__(self, before: str = "", now: str = "") -> None:
        super().__init__()
        self._has_before = False
        self._before = before or self.tr("앞서 확인한 내용")
        self._now = now or self.tr("이번 내용")
        self.setFixedHeight(t.TOOL_PX)

    def show_heads(self, *, has_before: bool) -> None:
        """With or without what it said before."""
        self._has_before = has_before
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint."""
        c = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.sunken))
        painter.setPen(QColor(c.subtle))
        painter.setFont(theme.font(t.LABEL, bold=True))
        question, rest = _widths(self.width(), self._has_before)
        heads = [(self.tr("물음"), question)]
        if self._has_before:
            heads.append((self._before, rest))
        heads.append((self._now, rest))
        left = _GAP
        for words, width in heads:
            box = QRect(left, 0, width, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
            left += width + _GAP
        painter.end()


class AnswerLines(QListView):
    """↑↓ walk the questions; a comment stands under the question it is about."""

    def __init__(self) -> None:
        super().__init__()
        self._answers = _Answers()
        self.setModel(self._answers)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(self.tr("적은 내용"))
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)

    def show_lines(self, lines: Sequence[AnswerLine]) -> None:
        """Another record; its changed questions come with what they said before. The keys stand on
        the first that asks for a look.
        """
        has_before = any(line.is_changed for line in lines)
        self._answers.show_lines(lines, has_before=has_before)
        asking = (n for n, line in enumerate(lines) if line.is_changed or line.remark)
        first = next(asking, 0)
        if lines:
            self.setCurrentIndex(self._answers.index(first))

    def lines(self) -> tuple[AnswerLine, ...]:
        """What is shown."""
        return self._answers.lines

    def current_line(self) -> AnswerLine | None:
        """The question that the keys stand on."""
        index = self.currentIndex()
        return self._answers.lines[index.row()] if index.isValid() else None

    def comment(self, text: str) -> None:
        """Say something at the present question; empty takes it back."""
        index = self.currentIndex()
        if index.isValid():
            self._answers.comment(index.row(), text.strip())
            self.scheduleDelayedItemsLayout()

    def comments(self) -> Mapping[str, str]:
        """path → what was said there."""
        return dict(self._answers.comments)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the cells wrap for another width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
