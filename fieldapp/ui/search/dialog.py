"""One line and what it finds; typing narrows, ↑↓ walk, Enter opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.widgets.notices import EmptyPage
from fieldapp.ui.widgets.rows import Item, RowList
from fieldapp.ui.widgets.text import Text

_DIALOG_PX = (560, 440)
_WALK = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
}  # fmt: skip


class SearchDialog(QDialog):
    """Tells what is looked for; shows what was found."""

    wanted = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("찾기"))
        self.resize(*_DIALOG_PX)
        self.line = ComposedLine()
        self.line.setPlaceholderText(self.tr("이름, 초성, 전화 끝 네 자리, 주소, 접수번호"))
        self.line.setAccessibleName(self.tr("찾을 말"))
        self.found = RowList(self.tr("찾은 것"))
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hint = EmptyPage(self.tr("한 글자나 초성만 적어도 찾습니다."), width_px=400)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self.found)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S16, t.S24, t.S24)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(self.tr("누구를, 무엇을 찾으십니까?"), "section"))
        layout.addWidget(self.line)
        layout.addWidget(self._stack, 1)
        self.line.installEventFilter(self)
        self.line.typed.connect(self.wanted)
        self.found.opened.connect(self._open)

    def show_found(self, text: str, items: Sequence[Item]) -> None:
        """What answers `text`; an answer to other letters is late and not shown."""
        if text != self.line.text_with_composition():
            return
        self.found.show_lines(items)
        self._stack.setCurrentWidget(self.found if items else self._hint)
        self._hint.sentence.show_text(
            self.tr("'%s'에 맞는 것이 없습니다. 전화 끝 네 자리나 주소로도 찾습니다.") % text
            if text.strip()
            else self.tr("한 글자나 초성만 적어도 찾습니다.")
        )

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: the walking keys act on the list."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if not is_key or not isinstance(event, QKeyEvent) or event.key() not in _WALK:
            return False
        self.line.finish_composition()
        self.found.keyPressEvent(event)
        return True

    def _open(self, key: str) -> None:
        self.accept()
        self.opened.emit(key)
