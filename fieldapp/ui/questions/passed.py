"""A button inside a form: Space presses it, Enter goes on to the next question."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from fieldapp.ui.widgets.buttons import Button


class PassedByEnter(Button):
    """Leaves Enter to the form around it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter is the form's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)
