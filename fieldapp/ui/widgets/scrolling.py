"""A pane that scrolls up and down when its words need more room than it has."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from fieldapp.ui.widgets.text import ground


class _Inside(QWidget):
    """As tall as its words are at the width it has.

    Qt asks a wrapping label for its height at its narrowest, and would scroll what is all seen.
    """

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        if layout is None:
            return QSize(0, 0)
        return QSize(0, max(0, layout.totalHeightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class Scroller(QScrollArea):
    """No stop of the keyboard; `inside` takes the layout."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: QWidget = _Inside()
        ground(self.inside, "surface")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self.inside)
