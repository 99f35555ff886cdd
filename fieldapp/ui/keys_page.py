"""F1 and Ctrl+/: the keys, by place, from the table of commands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.commands import ALL, PLACES, Command, Place
from fieldapp.ui.widgets.text import Text, ground

_PAGE_PX = (760, 500)


class KeysPage(QDialog):
    """Read and closed by Esc; the keys of the screen that was left come first."""

    def __init__(self, rail: Sequence[Command], parent: QWidget, *, screen: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("단축키"))
        self.resize(*_PAGE_PX)
        inside = QWidget()
        ground(inside, "surface")
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(t.S24, t.S16, t.S24, t.S16)
        columns.setSpacing(t.S32)
        commands = (*rail, *ALL)
        for places in _two_columns(commands, screen):
            column = QVBoxLayout()
            column.setSpacing(t.S8)
            for place in places:
                column.addWidget(
                    Text(
                        QCoreApplication.translate("commands", PLACES[place]),
                        "section",
                        wraps=False,
                    )
                )
                column.addLayout(_lines([c for c in commands if c.place == place]))
                column.addSpacing(t.S8)
            column.addStretch(1)
            columns.addLayout(column, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)


def _two_columns(commands: Sequence[Command], first: str) -> tuple[list[Place], list[Place]]:
    """The places in their order, `first` before them, parted where both come to one length."""
    lengths = {place: 2 + sum(c.place == place for c in commands) for place in PLACES}
    left: list[Place] = []
    right = [place for place in PLACES if lengths[place] > 2]
    right.sort(key=lambda place: place != first)
    while right and sum(lengths[p] for p in (*left, right[0])) <= sum(lengths.values()) / 2 + 2:
        left.append(right.pop(0))
    return left, right


def _lines(commands: Sequence[Command]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(t.S16)
    grid.setVerticalSpacing(t.S4)
    grid.setColumnStretch(1, 1)
    for line, command in enumerate(commands):
        key = Text(command.key_text(), "body", tone="link", wraps=False)
        key.setMinimumWidth(t.RAIL_PX)
        grid.addWidget(key, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Text(command.title(), "body", wraps=False), line, 1)
    return grid
