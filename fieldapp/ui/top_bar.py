"""The bar at the top: whose desk this is, 찾기, 가리기, the keys, the lock."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text, ground


class TopBar(QWidget):
    """Town and worker at the right, 잠금 at the end."""

    lock_requested = Signal()
    keys_requested = Signal()
    find_requested = Signal()
    hide_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedHeight(t.TOP_BAR_PX)
        self._where = Text("", "label", tone="subtle", wraps=False)
        self._who = Text("", "label", wraps=False)
        self.search = Button.of(commands.FIND, "text")
        self.curtain = Button.of(commands.HIDE, "text")
        self.keys = Button(self.tr("단축키"), "text", key="F1", tool=True)
        self.lock = Button.of(commands.LOCK, "text")
        for button in (self.search, self.curtain, self.keys, self.lock):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.search.clicked.connect(self.find_requested)
        self.curtain.clicked.connect(self.hide_requested)
        self.keys.clicked.connect(self.keys_requested)
        self.lock.clicked.connect(self.lock_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(t.S16, 0, t.S8, 0)
        layout.setSpacing(t.S16)
        layout.addWidget(self._where)
        layout.addWidget(self._who)
        layout.addStretch(1)
        layout.addWidget(self.search)
        layout.addWidget(self.curtain)
        layout.addWidget(self.keys)
        layout.addWidget(self.lock)

    def show_worker(self, office: str, name: str) -> None:
        """Whose desk this is."""
        self._where.show_text(office)
        self._who.show_text(name)

    def take_focus(self) -> None:
        """F6."""
        self.lock.setFocus(Qt.FocusReason.ShortcutFocusReason)
