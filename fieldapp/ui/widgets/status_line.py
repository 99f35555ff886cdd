"""The bottom line, always true: saved, unsent, last exchange, network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import Text, ground
from fieldapp.ui.words import second_text, short_moment


@dataclass(frozen=True, slots=True)
class Truth:
    """What the line says. is_reached: None as long as nobody has tried. projecting: of how many
    received records how many are counted, while they are being made ready.
    """

    saved_at: datetime | None = None
    unsent: int = 0
    last_exchange: datetime | None = None
    conflicts: int = 0
    is_reached: bool | None = None
    projecting: tuple[int, int] | None = None


class StatusLine(QWidget):
    """13 px, plain text, left to right in the order of ux §3."""

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedHeight(t.STATUS_PX)
        self._left = Text("", "note", tone="subtle", wraps=False)
        self._right = Text("", "note", tone="subtle", wraps=False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(t.S16, 0, t.S16, 0)
        layout.addWidget(self._left)
        layout.addStretch(1)
        layout.addWidget(self._right)

    def show_truth(self, truth: Truth) -> None:
        """Say how things stand."""
        saved = (
            self.tr("저장됨 %s") % second_text(truth.saved_at)
            if truth.saved_at
            else self.tr("아직 저장한 것 없음")
        )
        exchanged = (
            self.tr("마지막 주고받기 %s") % short_moment(truth.last_exchange)
            if truth.last_exchange
            else self.tr("아직 주고받지 않음")
        )
        parts = [saved, self.tr("보내지 않은 기록 %d건") % truth.unsent, exchanged]
        if truth.conflicts:
            parts.append(self.tr("서로 다른 내용 %d건") % truth.conflicts)
        if truth.projecting is not None:
            parts.append(self.tr("통계 준비 중 {:,}/{:,}").format(*truth.projecting))
        self._left.show_text(" · ".join(parts))
        self._right.show_text(
            {None: "", True: self.tr("서버와 연결됨"), False: self.tr("서버에 연결되지 않음")}[
                truth.is_reached
            ]
        )

    def words(self) -> str:
        """Everything it says."""
        return f"{self._left.words()} {self._right.words()}".strip()
