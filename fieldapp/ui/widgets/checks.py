"""A box to tick, with its words beside it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import paint_check_box


class CheckLine(QAbstractButton):
    """Space or Enter ticks it; what it says is true while it is ticked."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setText(words)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter ticks it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Qt: as wide as its words."""
        words = QFontMetrics(theme.font(t.LABEL)).horizontalAdvance(self.text())
        return QSize(t.ICON_PX + t.S8 + words + t.S4, t.TOOL_PX)

    def minimumSizeHint(self) -> QSize:
        """Qt: never narrower, nothing is cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: the box, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - t.ICON_PX) / 2
        paint_check_box(painter, QRectF(0, top, t.ICON_PX, t.ICON_PX), is_on=self.isChecked())
        c = theme.current()
        painter.setPen(QColor(c.text if self.isEnabled() else c.disabled))
        painter.setFont(theme.font(t.LABEL))
        left = t.ICON_PX + t.S8
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, self.width() - left, self.height()), middle, self.text())
        painter.end()
