"""The frame of a dialog with two halves: a question above, a foot below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.text import Text, rule

_DIALOG_PX = 760


class SideBySide(QDialog):
    """Halves of one width; as tall as its words are at that width."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(_DIALOG_PX)
        self.banner = Banner()
        self._frame = QVBoxLayout(self)

    def lay_out(
        self,
        question: Text,
        left: QVBoxLayout,
        right: QVBoxLayout,
        *,
        back: Button,
        deeds: Sequence[Button],
        says: Text | None = None,
    ) -> None:
        """Put the parts in their places; `says` stands under both halves."""
        middle = QHBoxLayout()
        middle.setSpacing(t.S16)
        middle.addLayout(left, 1)
        middle.addWidget(rule("vertical"))
        middle.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(t.S8)
        foot.addWidget(back)
        foot.addStretch(1)
        for deed in deeds:
            foot.addWidget(deed)
        self._frame.setContentsMargins(t.S24, t.S16, t.S24, t.S24)
        self._frame.setSpacing(t.S12)
        self._frame.addWidget(question)
        self._frame.addWidget(self.banner)
        self._frame.addLayout(middle, 1)
        if says is not None:
            self._frame.addWidget(says)
        self._frame.addLayout(foot)

    def fit(self, *, spare_px: int = 0) -> None:
        """As tall as it needs now; spare_px: for words that may become longer."""
        # Qt would ask the words how tall they are at their narrowest.
        self.setFixedHeight(self._frame.totalHeightForWidth(_DIALOG_PX) + spare_px)
