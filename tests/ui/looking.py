"""Whether words fit where they stand."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QWidget

from fieldapp.ui.widgets.text import Text


def cut(window: QWidget) -> list[str]:
    """Words of buttons and one-line labels that do not fit where they stand."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        is_line = isinstance(widget, Text) and not widget.wordWrap()
        if (isinstance(widget, QAbstractButton) and widget.text()) or is_line:
            wanted = widget.sizeHint()
            if widget.width() < wanted.width() or widget.height() < wanted.height() - 2:
                found.append(widget.accessibleName())
    return found


def outside(window: QWidget) -> list[str]:
    """Buttons that stand partly outside the window's width."""
    width = window.width()
    return [
        button.accessibleName()
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.mapTo(window, button.rect().topRight()).x() > width
    ]
