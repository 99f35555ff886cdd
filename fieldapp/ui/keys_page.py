"""F1 and Ctrl+/: the keys, by place, from the table of commands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.commands import ALL, PLACES, Command
from fieldapp.ui.widgets.text import Text, ground

_PAGE_PX = (760, 500)


class KeysPage(QDialog):
    """Read and closed by Esc."""

    def __init__(self, rail: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("단축키"))
        self.resize(*_PAGE_PX)
        inside = QWidget()
        ground(inside, "surface")
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(t.S24, t.S16, t.S24, t.S16)
        columns.setSpacing(t.S32)
        commands = (*rail, *ALL)
        for places in (("everywhere", "records"), ("filling", "summaries", "syncing")):
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
