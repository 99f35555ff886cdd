"""Buttons side by side that go on in the next line where the width ends."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from fieldapp.ui import tokens as t


class FlowLayout(QLayout):
    """A row that wraps. Items added after `set_apart` keep a wider gap before them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._apart: set[int] = set()
        self.setContentsMargins(0, 0, 0, 0)

    def set_apart(self) -> None:
        """Let the next item stand 16 px away."""
        self._apart.add(len(self._items))

    def addItem(self, item: QLayoutItem) -> None:
        """Qt: one more."""
        self._items.append(item)

    def count(self) -> int:
        """Qt: how many."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Qt: which."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Qt: take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Qt: it wants no more than its buttons."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Qt: narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Qt: how high at a width."""
        return self._arrange(QRect(0, 0, width, 0), moving=False)

    def setGeometry(self, rect: QRect) -> None:
        """Qt: place everything."""
        super().setGeometry(rect)
        self._arrange(rect, moving=True)

    def sizeHint(self) -> QSize:
        """Qt: all in one line."""
        width = sum(item.sizeHint().width() + t.S8 for item in self._items)
        width += t.S8 * len(self._apart)
        height = max((item.sizeHint().height() for item in self._items), default=0)
        return QSize(width, height)

    def minimumSize(self) -> QSize:
        """Qt: the widest button."""
        widest = max((item.minimumSize().width() for item in self._items), default=0)
        return QSize(widest, self.sizeHint().height())

    def _arrange(self, rect: QRect, *, moving: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for number, item in enumerate(self._items):
            size = item.sizeHint()
            gap = 0 if x == rect.x() else t.S16 if number in self._apart else t.S8
            if x > rect.x() and x + gap + size.width() > rect.x() + rect.width():
                x, y, line, gap = rect.x(), y + line + t.S8, 0, 0
            if moving:
                item.setGeometry(QRect(QPoint(x + gap, y), size))
            x += gap + size.width()
            line = max(line, size.height())
        return y + line - rect.y()
