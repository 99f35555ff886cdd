"""Facts of a pane: label and value rows without boxes (ux §3)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import Text

_LABEL_PX, _ROW_PX = 76, 28


class FactRows(QWidget):
    """Rows of 28 px: the label in hint colour, the value beside it, wrapped where it is long."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(t.S12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, _LABEL_PX)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Text, Text]] = []

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """(label, value) rows; an empty value reads `-`."""
        while len(self._rows) < len(facts):
            self._add()
        for number, (label, value) in enumerate(self._rows):
            is_used = number < len(facts)
            if is_used:
                label.show_text(facts[number][0])
                value.show_text(facts[number][1] or "-")
            label.setVisible(is_used)
            value.setVisible(is_used)
            self._grid.setRowMinimumHeight(number, _ROW_PX if is_used else 0)

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is shown."""
        return tuple(
            (label.words(), value.words()) for label, value in self._rows if not label.isHidden()
        )

    def _add(self) -> None:
        label, value = Text("", "label", tone="hint", wraps=False), Text("", "body")
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        for part, above in ((label, t.S8), (value, t.S4 - 1)):
            part.setAlignment(top)
            part.setContentsMargins(0, above, 0, 0)
        number = len(self._rows)
        self._grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, number, 1, Qt.AlignmentFlag.AlignTop)
        self._rows.append((label, value))
