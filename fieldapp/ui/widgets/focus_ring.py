"""One ring for the whole window: 2 px, 2 px away from whatever button has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from fieldapp.ui import theme
from fieldapp.ui import tokens as t

_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}


class FocusRing(QWidget):
    """Lies over the window, takes no mouse, and goes where the focus goes."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setAccessibleName("")
        self._watched: list[QWidget] = []
        self._target: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - widgets need one
        application.focusChanged.connect(self._follow)
        self.hide()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: something around the focus moved."""
        if event.type() in _MOVES:
            self._place()
        return False

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        ringed = isinstance(new, QAbstractButton) and new.window() is self.window()
        self._target = new if ringed else None
        walker: QWidget | None = self._target
        while walker is not None and walker is not self.window():
            walker.installEventFilter(self)
            self._watched.append(walker)
            walker = walker.parentWidget()
        self._place()

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        gap = 2 + theme.current().focus_px
        at = target.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(QRect(at, target.size()).adjusted(-gap, -gap, gap, gap))
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint."""
        c = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.focus), c.focus_px))
        inset = c.focus_px / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset),
            t.RADIUS_CONTROL + 2,
            t.RADIUS_CONTROL + 2,
        )
        painter.end()
