"""Choosing an office: what is typed narrows, ↑↓ walk, Enter takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui import words
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.widgets.rows import ROW_PX, Item, RowList
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases.homes import Office

_ROWS_SEEN = 3


class OfficeList(QWidget):
    """The line keeps the keys; the list below shows what answers to it."""

    #: Another one is chosen; its scope, "" for none.
    chosen = Signal(str)
    taken = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._offices: tuple[Office, ...] = ()
        self.line = ComposedLine()
        self.line.setPlaceholderText(self.tr("이름이나 초성으로 찾기"))
        self.line.setAccessibleName(name)
        self.list = RowList(name)
        self.list.setProperty("framed", "true")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFixedHeight(_ROWS_SEEN * ROW_PX + t.S4)
        self._none = Text("", "body", tone="subtle")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S8)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        layout.addWidget(self._none)
        layout.addStretch(1)
        self.setFocusProxy(self.line)
        self.line.installEventFilter(self)
        self.line.typed.connect(self._narrow)
        self.list.chosen.connect(self.chosen)
        self.list.opened.connect(lambda _: self.taken.emit())

    def show_offices(self, offices: Sequence[Office]) -> None:
        """What may be chosen from now on."""
        self._offices = tuple(offices)
        self._narrow(self.line.text_with_composition())

    def office(self) -> Office | None:
        """What is chosen."""
        key = self.list.chosen_key()
        return next((one for one in self._offices if one.scope == key), None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: ↑↓ walk the list, Enter takes what is chosen."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.list.walk(step)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line.finish_composition()
            self.taken.emit()
            return True
        return False

    def _narrow(self, query: str) -> None:
        found = [one for one in self._offices if words.matches(query, one.name)]
        self.list.show_lines([Item(one.scope, one.name, below=one.above) for one in found])
        self.list.setVisible(bool(found))
        self._none.setVisible(not found)
        self._none.show_text(
            self.tr("맞는 곳이 없습니다.")
            if self._offices
            else self.tr("아직 아는 곳이 없습니다. 주고받기를 한 번 하면 여기에 나옵니다.")
        )
        if not found:
            self.chosen.emit("")
