"""A table that is read: text left, numbers right, copied with its heads by Ctrl+C."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fieldapp.ui import clipboard, theme
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import Tone

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """A head; `share` of the free width (0: as wide as its contents)."""

    head: str
    share: int = 0
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line: its key for whoever asked, its cells as text, and the tone of single cells."""

    key: str
    cells: tuple[str, ...]
    tones: tuple[tuple[int, Tone], ...] = ()


#: Cut with dots in a narrow column, read whole by ear and under the pointer.
_READ = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


class _Rows(QAbstractTableModel):
    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def add_rows(self, rows: Sequence[Row]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows = (*self.rows, *rows)
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role in _READ:
            return row.cells[index.column()] or "-"
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[index.column()].is_number:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            tone = dict(row.tones).get(index.column(), "")
            return QColor(getattr(theme.current(), tone)) if tone else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].head
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if self.columns[section].is_number
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class _RowBar(QStyledItemDelegate):
    """The 3 px bar at the left of the chosen row: it is not told by colour alone."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: a tone stays on the chosen row too."""
        super().initStyleOption(option, index)
        tone = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(tone, QColor):
            option.palette.setColor(QPalette.ColorRole.HighlightedText, tone)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        is_chosen = isinstance(view, QTableView) and view.currentIndex().row() == index.row()
        if is_chosen and index.column() == 0:
            box: QRect = option.rect
            bar = QRect(box.left(), box.top(), t.CURRENT_BAR_PX, box.height())
            painter.fillRect(bar, QColor(theme.current().primary))


class Table(QTableView):
    """Rows chosen whole; Enter opens one, ↑↓ walk, Ctrl+C copies with heads."""

    opened = Signal(str)
    chosen = Signal(str)

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Rows(columns)
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setItemDelegate(_RowBar(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(t.TABLE_ROW_PX)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setFixedHeight(t.TABLE_ROW_PX)
        # As wide as what is seen: a list of thousands is not measured whole.
        head.setResizeContentsPrecision(0)
        for number, column in enumerate(columns):
            mode = QHeaderView.ResizeMode
            head.setSectionResizeMode(
                number, mode.Stretch if column.share else mode.ResizeToContents
            )
        self.doubleClicked.connect(
            lambda index: self.opened.emit(self._model.rows[index.row()].key)
        )
        self.selectionModel().currentRowChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[Row], *, select: str | None = None) -> None:
        """Show other lines and keep the chosen one chosen, or choose the one named."""
        wanted = select or self.chosen_key()
        self._model.show_rows(rows)
        keys = [row.key for row in rows]
        if rows:
            self.selectRow(keys.index(wanted) if wanted in keys else 0)

    def add_rows(self, rows: Sequence[Row]) -> None:
        """More lines at the end; what is chosen and where it stands do not move."""
        self._model.add_rows(rows)

    def chosen_key(self) -> str | None:
        """The key of the chosen line."""
        index = self.currentIndex()
        return self._model.rows[index.row()].key if index.isValid() else None

    def choose(self, key: str) -> None:
        """Choose a line by its key."""
        for number, row in enumerate(self._model.rows):
            if row.key == key:
                self.selectRow(number)

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """Every line as it reads."""
        return tuple(row.cells for row in self._model.rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter opens, Ctrl+C copies, Tab leaves."""
        key = self.chosen_key()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and key is not None:
            self.opened.emit(key)
        elif event.matches(QKeySequence.StandardKey.Copy):
            clipboard.put(self._as_text())
        else:
            super().keyPressEvent(event)

    def _as_text(self) -> str:
        lines = ["\t".join(column.head for column in self._model.columns)]
        lines += ["\t".join(row.cells) for row in self._model.rows]
        return "\n".join(lines)

    def _tell(self) -> None:
        key = self.chosen_key()
        if key is not None:
            self.chosen.emit(key)
