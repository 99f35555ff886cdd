"""Asks for the name of a filter: Enter keeps or renames it, 지우기 forgets it, Esc is harmless."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases.saved_filters import MOST_LETTERS

_DIALOG_PX = 480


class FilterDialog(QDialog):
    """One name. `standing`: the filter that is mended; "": a new one is kept."""

    named = Signal(str)
    forgotten = Signal()

    def __init__(
        self, parent: QWidget, *, says: str, standing: str, names: Sequence[str], proposed: str
    ) -> None:
        """says: what is kept, in words; names: of all filters; proposed: for a new one."""
        super().__init__(parent)
        self._standing = standing
        self._taken = {name.casefold() for name in names if name != standing}
        self.setWindowTitle(self.tr("저장한 조건"))
        self.setFixedWidth(_DIALOG_PX)
        self.line = ComposedLine()
        self.line.setMaxLength(MOST_LETTERS)
        self.line.setText(standing or proposed)
        self.line.selectAll()
        self.field = Field(self.tr("조건 이름"), self.line)
        self.keep = Button(
            self.tr("이름 바꾸기") if standing else self.tr("저장"), "primary", key="Enter"
        )
        self.forget = Button(self.tr("지우기"), "outlined")
        self.forget.setVisible(bool(standing))
        self.leave = Button(self.tr("그만두기"), "text", key="Esc")
        question = (
            self.tr("저장한 조건을 고치시겠습니까?")
            if standing
            else self.tr("이 조건을 어떤 이름으로 저장하시겠습니까?")
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(t.S8)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.forget)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S16, t.S24, t.S24)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(question, "section"))
        layout.addWidget(Text(self.tr("조건: %s") % says, "body", tone="subtle"))
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        self.line.typed.connect(lambda _: self._remark())
        self.keep.clicked.connect(self._keep)
        self.forget.clicked.connect(self._forget)
        self.leave.clicked.connect(self.reject)
        self.line.setFocus()

    def name(self) -> str:
        """What is typed, without spaces around it."""
        return " ".join(self.line.text_with_composition().split())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter in the line; on a button it is the button's own."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
        else:
            super().keyPressEvent(event)

    def _remark(self) -> None:
        is_taken = self.name().casefold() in self._taken
        if is_taken and self._standing:
            self.field.show_wrong(self.tr("이 이름의 조건이 이미 있습니다."))
        elif is_taken:
            self.field.show_wrong(
                self.tr("이 이름의 조건이 이미 있습니다. 저장하면 지금 조건으로 바뀝니다.")
            )
        else:
            self.field.show_wrong("")

    def _keep(self) -> None:
        self.line.finish_composition()
        name = self.name()
        if not name:
            self.field.show_wrong(self.tr("이름을 적어 주세요."))
            return
        if self._standing and name.casefold() in self._taken:
            self._remark()
            return
        self.accept()
        self.named.emit(name)

    def _forget(self) -> None:
        self.accept()
        self.forgotten.emit()
