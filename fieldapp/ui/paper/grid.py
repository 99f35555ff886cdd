"""The grid: digits as printed on the paper, on by themselves; a row is a sheet (ux §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import Tone

Index = QModelIndex | QPersistentModelIndex
NO_ANSWER, UNREADABLE = "0", "9"
_SERIAL_PX, _MARK_PX, _STATE_PX = 72, 44, 180


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A question of the paper. digits: the choices that are printed as a digit."""

    path: str
    label: str
    digits: tuple[str, ...]

    def value_of(self, digit: str) -> str | None:
        """The answer that a key means, "" for none; None: the paper has no such digit.

        0 is 무응답 and 9 판독 불가 where the paper itself prints no such choice; both are the
        form's own 무응답 where it has one.
        """
        if digit in self.digits:
            return digit
        if digit in (NO_ANSWER, UNREADABLE):
            return UNREADABLE if UNREADABLE in self.digits else ""
        return None


@dataclass(slots=True)
class _Sheet:
    serial: int
    marks: dict[str, str] = field(default_factory=dict)
    state: str = ""
    tone: Tone = ""
    is_kept: bool = False


class _Sheets(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[PaperColumn, ...] = ()
        self.sheets: list[_Sheet] = []

    def begin(self, columns: Sequence[PaperColumn], serial: int) -> None:
        self.beginResetModel()
        self.columns = tuple(columns)
        self.sheets = [_Sheet(serial)]
        self.endResetModel()

    def add(self) -> None:
        at = len(self.sheets)
        self.beginInsertRows(QModelIndex(), at, at)
        self.sheets.append(_Sheet(self.sheets[-1].serial + 1))
        self.endInsertRows()

    def changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) + 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.sheets)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns) + 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        sheet, column = self.sheets[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_state = column == len(self.columns) + 1
            return Qt.AlignmentFlag.AlignVCenter if is_state else Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole and column == len(self.columns) + 1:
            return QColor(getattr(theme.current(), sheet.tone)) if sheet.tone else None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if column == 0:
            return str(sheet.serial)
        if column == len(self.columns) + 1:
            return sheet.state
        return sheet.marks.get(self.columns[column - 1].path, "")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return "번호"
        return "" if section == len(self.columns) + 1 else str(section)


class _Cells(QStyledItemDelegate):
    """The cell that the keys act on has the border of the focus."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        if isinstance(view, QTableView) and view.currentIndex() == index:
            c = theme.current()
            box: QRect = option.rect
            painter.save()
            painter.setPen(QPen(QColor(c.focus), c.focus_px))
            painter.drawRect(box.adjusted(1, 1, -2, -2))
            painter.restore()


class PaperGrid(QTableView):
    """Digits go on by themselves; the last answer of a row hands the sheet over."""

    #: Row, serial number, {path: answer}.
    sheet_done = Signal(int, int, object)
    #: The question that the keys stand on; None on the serial number.
    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._sheets = _Sheets()
        self.setModel(self._sheets)
        self.setAccessibleName(self.tr("종이 입력"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setItemDelegate(_Cells(self))
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(t.TABLE_ROW_PX)
        self.horizontalHeader().setFixedHeight(t.TABLE_ROW_PX)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(t.S32)
        self.selectionModel().currentChanged.connect(lambda *_: self._tell())

    def begin(self, columns: Sequence[PaperColumn], serial: int) -> None:
        """An empty grid of these questions; the first sheet has this number."""
        self._sheets.begin(columns, serial)
        self.setColumnWidth(0, _SERIAL_PX)
        for column in range(len(columns)):
            self.setColumnWidth(column + 1, _MARK_PX)
        self.setColumnWidth(len(columns) + 1, _STATE_PX)
        self._go(0, 1)

    def show_state(self, row: int, state: str, tone: Tone, *, is_kept: bool) -> None:
        """What became of a sheet."""
        sheet = self._sheets.sheets[row]
        sheet.state, sheet.tone, sheet.is_kept = state, tone, is_kept
        self._sheets.changed(row)

    def marks(self, row: int) -> Mapping[str, str]:
        """What was keyed on a sheet: path → the digit pressed."""
        return dict(self._sheets.sheets[row].marks)

    def states(self) -> tuple[str, ...]:
        """What every row says of itself."""
        return tuple(sheet.state for sheet in self._sheets.sheets)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: digits, Backspace, arrows; Enter goes on."""
        digit = event.text()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and len(digit) == 1 and digit in "0123456789":
            self._digit(digit)
        elif event.key() == Qt.Key.Key_Backspace:
            self._rub_out()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step()
        else:
            super().keyPressEvent(event)

    def _here(self) -> tuple[_Sheet, int]:
        index = self.currentIndex()
        return self._sheets.sheets[index.row()], index.column()

    def _digit(self, digit: str) -> None:
        sheet, column = self._here()
        row = self.currentIndex().row()
        if sheet.is_kept:
            return
        if column == 0:
            shown = f"{sheet.serial}{digit}" if sheet.state == self.tr("번호") else digit
            sheet.serial, sheet.state = int(shown[-6:]), self.tr("번호")
            self._sheets.changed(row)
            return
        if not 0 < column <= len(self._sheets.columns):
            return
        question = self._sheets.columns[column - 1]
        if question.value_of(digit) is None:
            sheet.state, sheet.tone = self.tr("종이에 없는 숫자입니다"), "warning"
            self._sheets.changed(row)
            return
        sheet.marks[question.path] = digit
        sheet.state, sheet.tone = "", ""
        self._sheets.changed(row)
        self._step()

    def _rub_out(self) -> None:
        """Back to the cell before, emptied."""
        sheet, column = self._here()
        if sheet.is_kept or not 0 < column <= len(self._sheets.columns):
            return
        if self._sheets.columns[column - 1].path not in sheet.marks and column > 1:
            column -= 1
        sheet.marks.pop(self._sheets.columns[column - 1].path, None)
        self._sheets.changed(self.currentIndex().row())
        self._go(self.currentIndex().row(), column)

    def _step(self) -> None:
        """On to the next open cell of the row; from the last one the sheet is done."""
        sheet, column = self._here()
        row = self.currentIndex().row()
        if sheet.state == self.tr("번호"):
            sheet.state = ""
            self._sheets.changed(row)
        if column < len(self._sheets.columns):
            self._go(row, column + 1)
            return
        open_cell = next(
            (n for n, one in enumerate(self._sheets.columns, 1) if one.path not in sheet.marks), 0
        )
        if open_cell:
            self._go(row, open_cell)
            return
        if not sheet.is_kept:
            self.sheet_done.emit(row, sheet.serial, self._answers(sheet))
        if row == len(self._sheets.sheets) - 1:
            self._sheets.add()
        self._go(row + 1, 1)

    def _answers(self, sheet: _Sheet) -> dict[str, str]:
        said = {c.path: c.value_of(sheet.marks[c.path]) for c in self._sheets.columns}
        return {path: value for path, value in said.items() if value}

    def _go(self, row: int, column: int) -> None:
        self.setCurrentIndex(self._sheets.index(row, column))
        self._tell()

    def _tell(self) -> None:
        column = self.currentIndex().column()
        is_question = 0 < column <= len(self._sheets.columns)
        self.moved.emit(self._sheets.columns[column - 1] if is_question else None)
