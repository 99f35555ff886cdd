"""Ctrl+G: find a question by a part of its words, and go there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListView, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui import words
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.filling.sections import Section
from fieldapp.ui.questions.facts import Asked

_PAGE_PX = (560, 400)


class Finder(QDialog):
    """Type, ↑↓, Enter; Esc leaves everything as it was."""

    chosen = Signal(str)

    def __init__(self, sections: Sequence[Section], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("문항 찾기"))
        self.resize(*_PAGE_PX)
        self._questions = [
            (f"{section.label}  {question.label}".strip(), question)
            for section in sections
            for question in section.questions
            if question.path in section.stops and question.label
        ]
        self._found: list[Asked] = []
        self.box = ComposedLine()
        self.box.setPlaceholderText(self.tr("문항의 낱말이나 초성"))
        self.box.setAccessibleName(self.tr("문항 찾기"))
        self._lines = QStringListModel(self)
        self._list = QListView()
        self._list.setModel(self._lines)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setProperty("framed", "true")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S24, t.S24, t.S24)
        layout.setSpacing(t.S8)
        layout.addWidget(self.box)
        layout.addWidget(self._list)
        self.box.typed.connect(self._search)
        self.box.installEventFilter(self)
        self._list.activated.connect(lambda _: self._take())
        self._list.clicked.connect(lambda _: self._take())
        self._search("")
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def found(self) -> tuple[str, ...]:
        """The paths of what stands in the list."""
        return tuple(question.path for question in self._found)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: ↑↓ walk the list, Enter goes there."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._found:
            row = max(0, min(len(self._found) - 1, self._list.currentIndex().row() + step))
            self._list.setCurrentIndex(self._lines.index(row, 0))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.box.finish_composition()
            self._take()
            return True
        return False

    def _search(self, query: str) -> None:
        found = [(line, q) for line, q in self._questions if words.matches(query, line)]
        self._found = [question for _, question in found]
        self._lines.setStringList([line for line, _ in found])
        if found:
            self._list.setCurrentIndex(self._lines.index(0, 0))

    def _take(self) -> None:
        row = self._list.currentIndex().row()
        if not 0 <= row < len(self._found):
            return
        path = self._found[row].path
        self.accept()
        self.chosen.emit(path)
