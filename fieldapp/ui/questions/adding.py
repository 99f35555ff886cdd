"""The place where one more of what repeats is added; a stop of its own that Enter passes."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from fieldapp.ui import tokens as t
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.passed import PassedByEnter
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text

#: What an `Asked` is that stands for adding: no question of the form.
ADDER = "adder"


class AddOne(QuestionWidget):
    """`추가 Ctrl+I`: Space or a click adds, Enter goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.button = PassedByEnter(self.tr("추가"), "outlined", key="Ctrl+I", tool=True)
        self._hint = Text("", "label", tone="hint", wraps=False)
        self.setFocusProxy(self.button)
        self.button.clicked.connect(self.add_wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(t.S12)
        line.addWidget(self.button)
        line.addWidget(self._hint)
        line.addStretch(1)
        self.setMinimumHeight(t.CONTROL_PX)
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """The label says what is added, the value how many there are."""
        self.button.setAccessibleName(self.tr("%s 추가") % question.label)
        is_none = question.value in ("", "0")
        self._hint.show_text(self.tr("없으면 Enter") if is_none else self.tr("더 없으면 Enter"))

    def focus_box(self) -> Button:
        """The button."""
        return self.button
