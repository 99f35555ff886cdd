"""새 서식: which form, when there are several. Typing narrows, Enter opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListView, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui import words
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.widgets.text import Text

_DIALOG_PX = (480, 360)


class FormChooser(QDialog):
    """First line is the question; Esc is the harmless answer."""

    chosen = Signal(str)

    def __init__(
        self, forms: Sequence[tuple[str, str]], parent: QWidget, *, question: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("새 서식"))
        self.resize(*_DIALOG_PX)
        self._forms = tuple(forms)
        self._found: list[tuple[str, str]] = []
        self.search = ComposedLine()
        self.search.setPlaceholderText(self.tr("이름이나 초성으로 찾기"))
        self.search.setAccessibleName(self.tr("서식 찾기"))
        self._names = QStringListModel(self)
        self.list = QListView()
        self.list.setModel(self._names)
        self.list.setProperty("framed", "true")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(self.tr("서식"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S16, t.S24, t.S24)
        layout.setSpacing(t.S12)
        layout.addWidget(Text(question or self.tr("어떤 서식을 적으시겠습니까?"), "section"))
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        self.search.installEventFilter(self)
        self.search.typed.connect(self._search)
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        self._search("")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: ↑↓ walk, Enter takes."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        row = self.list.currentIndex().row()
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            row += -1 if event.key() == Qt.Key.Key_Up else 1
            self.list.setCurrentIndex(self._names.index(max(0, min(len(self._found) - 1, row)), 0))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.search.finish_composition()
            self._choose(max(row, 0))
            return True
        return False

    def _search(self, query: str) -> None:
        self._found = [form for form in self._forms if words.matches(query, form[1])]
        self._names.setStringList([title for _, title in self._found])
        if self._found:
            self.list.setCurrentIndex(self._names.index(0, 0))

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._found):
            self.accept()
            self.chosen.emit(self._found[row][0])
