"""One answer out of many: type a part of it or its 초성, ↓ and Enter choose."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QVBoxLayout

from fieldapp.forms import Choice
from fieldapp.ui import tokens as t
from fieldapp.ui import words
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.text import Text

_SEARCH_ROWS = 5
#: More than a worker reads; whoever wants another types one letter more.
_FOUND_MOST = 50
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class SearchChoice(QuestionWidget):
    """A search line over a short list of what was found. Backspace on an empty line clears."""

    def __init__(self) -> None:
        super().__init__()
        self._question: Asked | None = None
        self._found: list[Choice] = []
        self._has_walked = False
        self.box = ComposedLine()
        self.box.setPlaceholderText(self.tr("낱말이나 초성으로 찾기"))
        self.setFocusProxy(self.box)
        self._names = QStringListModel(self)
        self._list = QListView()
        self._list.setModel(self._names)
        self._list.setProperty("framed", "true")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setUniformItemSizes(True)
        self._list.clicked.connect(lambda index: self._choose(self._found[index.row()]))
        self._nothing = Text("", "label", tone="hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S4)
        layout.addWidget(self.box)
        layout.addWidget(self._list)
        layout.addWidget(self._nothing)
        self._list.hide()
        self._nothing.hide()
        self.box.typed.connect(self._typed)
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """Show the chosen words; the list stands while the worker searches."""
        self._question = question
        self.box.setAccessibleName(question.label)
        self.box.setReadOnly(question.is_readonly)
        if not (self.box.hasFocus() and self.box.isModified()):
            self.box.setText(self._label(question.value))

    def focus_box(self) -> ComposedLine:
        """The search line."""
        return self.box

    def found(self) -> tuple[str, ...]:
        """The words of what stands in the list."""
        return tuple(choice.label for choice in self._found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: ↑↓ walk the list, Enter takes what is marked; the list opens with the focus."""
        if event.type() == QEvent.Type.FocusIn:
            self._search("")
        elif event.type() == QEvent.Type.FocusOut:
            self._put_away()
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._takes(event)
        ):
            return True
        return super().eventFilter(watched, event)

    def _takes(self, event: QKeyEvent) -> bool:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._found and not event.modifiers():
            row = max(0, min(len(self._found) - 1, self._list.currentIndex().row() + step))
            self._list.setCurrentIndex(self._names.index(row, 0))
            self._has_walked = True
            return True
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if not is_enter or self._question is None or self._question.is_readonly:
            return False
        was_composing = self.box.finish_composition()
        if not (was_composing or self.box.isModified() or self._has_walked):
            return False
        if not self._has_walked and not self.box.text().strip():
            self._choose(Choice("", ""))
            self.went_on.emit()
        elif self._found:
            self._choose(self._found[max(self._list.currentIndex().row(), 0)])
            self.went_on.emit()
        return True

    def _typed(self, query: str) -> None:
        if self.box.hasFocus():
            self._search(query)

    def _search(self, query: str) -> None:
        question = self._question
        if question is None or question.is_readonly:
            return
        self._has_walked = False
        self._found = list(_search(question, query))
        self._names.setStringList([choice.label for choice in self._found])
        marked = next((n for n, c in enumerate(self._found) if c.value == question.value), 0)
        if self._found:
            self._list.setCurrentIndex(self._names.index(marked, 0))
        rows = min(_SEARCH_ROWS, len(self._found))
        self._list.setFixedHeight(rows * t.TABLE_ROW_PX + t.S4)
        self._list.setVisible(rows > 0)
        self._nothing.show_text(self.tr("'%s'에 맞는 것이 없습니다.") % query.strip())
        self._nothing.setVisible(bool(query.strip()) and rows == 0)

    def _put_away(self) -> None:
        self._list.hide()
        self._nothing.hide()
        if self.box.isModified() and self._question is not None:
            # Half a search is no answer: what was chosen before stands.
            self.box.setText(self._label(self._question.value))
            self.box.setModified(False)

    def _label(self, value: str) -> str:
        if self._question is None or not value:
            return ""
        if self._question.offers is not None:
            return self._question.offers.choice_label(value) or value
        return next((c.label for c in self._question.choices if c.value == value), value)

    def _choose(self, choice: Choice) -> None:
        self.box.setText(self._label(choice.value) or choice.label)
        self.box.setModified(False)
        self.answered.emit(choice.value)


def _search(question: Asked, query: str) -> tuple[Choice, ...]:
    if question.offers is not None:
        return question.offers.search(query.strip(), _FOUND_MOST)
    return tuple(choice for choice in question.choices if words.matches(query, choice.label))
