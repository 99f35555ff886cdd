"""A list of people or of things to do: 60 px rows of two lines under heads of 30 px (ux §4).

Only what is seen is painted, so a list may be as long as it likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
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
from fieldapp.ui.widgets.chips import CHIP_PX, grade_look, paint_chip
from fieldapp.ui.widgets.text import Tone

Index = QModelIndex | QPersistentModelIndex
HEAD_PX, ROW_PX = 30, 60


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a group: `기한 지남 1`."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row. grade: its chip at the right of the first line, None for a row without one.

    below: the second line in `tone`; right: at its end, such as how or when.
    """

    key: str
    title: str
    note: str = ""
    below: str = ""
    right: str = ""
    grade: str | None = None
    tone: Tone = "subtle"
    is_marked: bool = False

    def words(self) -> str:
        """The row as it is read aloud."""
        grade = "" if self.grade is None else grade_look(self.grade).words
        parts = (self.title, self.note, grade, self.below, self.right)
        return " ".join(part for part in parts if part)


Line = Head | Item


class _Lines(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.text if isinstance(line, Head) else line.words()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.lines[index.row()], Head):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, _Lines)  # noqa: S101 - the list's own model
        return QSize(0, HEAD_PX if isinstance(model.lines[index.row()], Head) else ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Lines)  # noqa: S101 - the list's own model
        line = model.lines[index.row()]
        painter.save()
        if isinstance(line, Head):
            _paint_head(painter, option, line)
        else:
            view = self.parent()
            is_quiet = isinstance(view, RowList) and view.is_one_of_many and not view.hasFocus()
            _paint_item(painter, option, line, is_quiet=is_quiet)
        painter.restore()


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def _paint_head(painter: QPainter, option: QStyleOptionViewItem, head: Head) -> None:
    c = theme.current()
    painter.fillRect(option.rect, QColor(c.app))
    painter.setPen(QColor(c.subtle))
    painter.setFont(theme.font(t.NOTE, bold=True))
    painter.drawText(option.rect.adjusted(t.S16, 0, -t.S16, 0), _LEFT, head.text)


def _paint_item(
    painter: QPainter, option: QStyleOptionViewItem, item: Item, *, is_quiet: bool
) -> None:
    c = theme.current()
    box = option.rect
    chosen = bool(option.state & QStyle.StateFlag.State_Selected) and not is_quiet
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    painter.fillRect(box, QColor(c.selected if chosen else c.app if hovered else c.surface))
    painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(c.line))
    if chosen:
        painter.fillRect(box.left(), box.top(), t.CURRENT_BAR_PX, box.height(), QColor(c.primary))
    first = box.adjusted(t.S16, 6, -t.S16, -(ROW_PX - 32))
    second = box.adjusted(t.S16, 32, -t.S16, -6)
    if not item.below and item.grade is None:
        # Nothing stands below: one line in the middle of the row.
        first = second = box.adjusted(t.S16, 0, -t.S16, -1)
    edge = first.right()
    if first is second and item.right:
        edge -= QFontMetrics(theme.font(t.LABEL)).horizontalAdvance(item.right) + t.S12
    if item.grade is not None:
        top = first.top() + (first.height() - CHIP_PX) // 2
        edge = paint_chip(painter, grade_look(item.grade), first.right(), top) - t.S8
    name_font = theme.font(t.BODY, bold=True)
    painter.setFont(name_font)
    painter.setPen(QColor(c.text))
    metrics = QFontMetrics(name_font)
    title = metrics.elidedText(item.title, Qt.TextElideMode.ElideRight, edge - first.left())
    painter.drawText(first, _LEFT, title)
    at = first.left() + metrics.horizontalAdvance(title) + t.S8
    painter.setFont(theme.font(t.LABEL))
    painter.setPen(QColor(c.subtle))
    small = QFontMetrics(theme.font(t.LABEL))
    if item.is_marked:
        # In today's plan: a tick before the words that follow the name.
        painter.setPen(QColor(c.link))
        painter.drawText(first.adjusted(at - first.left(), 0, 0, 0), _LEFT, "✓")
        at += small.horizontalAdvance("✓") + t.S4
        painter.setPen(QColor(c.subtle))
    note = small.elidedText(item.note, Qt.TextElideMode.ElideRight, max(0, edge - at))
    painter.drawText(first.adjusted(at - first.left(), 0, 0, 0), _LEFT, note)
    painter.drawText(second, _RIGHT, item.right)
    room = second.width() - (small.horizontalAdvance(item.right) + t.S12 if item.right else 0)
    painter.setPen(QColor(getattr(c, item.tone) if item.tone else c.text))
    below = small.elidedText(item.below, Qt.TextElideMode.ElideRight, room)
    painter.drawText(second, _LEFT, below)


class RowList(QListView):
    """↑↓ walk from row to row, Enter opens; heads are only read."""

    opened = Signal(str)
    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        #: Of several lists beside each other only the one with the keys shows its chosen row.
        self.is_one_of_many = False
        self._lines = _Lines()
        self.setModel(self._lines)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_lines(self, lines: Sequence[Line], *, select: str | None = None) -> None:
        """Show other rows: the named one chosen, else the same, else the one in its place."""
        wanted = select or self.chosen_key()
        place = self._place()
        self._lines.show_lines(lines)
        rows = self._rows()
        keys = [self._item(row).key for row in rows]
        if wanted in keys:
            self._go(rows[keys.index(wanted)])
        elif rows:
            self._go(rows[min(place, len(rows) - 1)])

    def chosen_key(self) -> str | None:
        """The key of the chosen row."""
        index = self.currentIndex()
        line = self._lines.lines[index.row()] if index.isValid() else None
        return line.key if isinstance(line, Item) else None

    def choose(self, key: str) -> None:
        """Choose a row by its key."""
        for row in self._rows():
            if self._item(row).key == key:
                self._go(row)

    def lines(self) -> tuple[Line, ...]:
        """Everything as it stands."""
        return self._lines.lines

    def keys(self) -> tuple[str, ...]:
        """The keys of the rows in their order."""
        return tuple(self._item(row).key for row in self._rows())

    def walk(self, step: int) -> None:
        """To the next row or the one before; no further than the ends."""
        rows = self._rows()
        if rows:
            self._go(rows[max(0, min(len(rows) - 1, self._place() + step))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter opens, ↑↓ walk past the heads."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        ends = {Qt.Key.Key_Home: -len(self._lines.lines), Qt.Key.Key_End: len(self._lines.lines)}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif step is not None:
            self.walk(step)
        elif pages is not None:
            self.walk(pages * max(1, self.viewport().height() // ROW_PX))
        elif (far := ends.get(Qt.Key(event.key()))) is not None:
            self.walk(far)
        else:
            super().keyPressEvent(event)

    def _rows(self) -> list[int]:
        return [n for n, line in enumerate(self._lines.lines) if isinstance(line, Item)]

    def _item(self, row: int) -> Item:
        line = self._lines.lines[row]
        assert isinstance(line, Item)  # noqa: S101 - rows() names only these
        return line

    def _place(self) -> int:
        """How many rows stand before the chosen one."""
        at = self.currentIndex().row()
        return sum(row < at for row in self._rows())

    def _go(self, row: int) -> None:
        # The head over the first row of a group is shown with it.
        above = self._lines.lines[row - 1] if row else None
        if isinstance(above, Head):
            self.scrollTo(self._lines.index(row - 1))
        self.setCurrentIndex(self._lines.index(row))

    def _open(self) -> None:
        key = self.chosen_key()
        if key is not None:
            self.opened.emit(key)

    def _tell(self) -> None:
        key = self.chosen_key()
        if key is not None:
            self.chosen.emit(key)
