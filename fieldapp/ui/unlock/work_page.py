"""Something long that is done while a profile is closed: asked, under way, done.

The page asks, tells and stops; what it is about, its presenter knows.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.facts import FactRows
from fieldapp.ui.widgets.notices import ProgressRow
from fieldapp.ui.widgets.text import Text, Tone, show_when


class WorkPage(QWidget):
    """A question or an outcome with its facts, or work under way: never two of them at once."""

    #: Enter: whatever the one blue button says.
    agreed = Signal()
    other_chosen = Signal()
    left = Signal()
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title, self.told = Text("", "screen-title"), Text("", "body")
        self.facts = FactRows()
        self.remark = Text("", "note", tone="hint")
        self.progress = ProgressRow()
        self.back = Button(self.tr("돌아가기"), "text", key="Esc")
        self.other = Button("", "outlined")
        self.go = Button("", "primary", key="Enter")
        self._is_working = False
        # Without a stop of its own, what is pressed while nothing can be chosen would be lost.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._lay_out()
        self.go.clicked.connect(self.agreed)
        self.other.clicked.connect(self.other_chosen)
        self.back.clicked.connect(self.left)
        self.progress.stop_requested.connect(self.stop_requested)

    def show_words(
        self,
        title: str,
        told: str,
        *,
        facts: Sequence[tuple[str, str]] = (),
        remark: str = "",
        tone: Tone = "",
        go: str = "",
        other: str = "",
        can_leave: bool = True,
    ) -> None:
        """What happened or what is asked; a button without words is not there.

        told: one or two sentences. remark: what is good to know, small, in `tone`.
        """
        self._is_working = False
        self._show(title, told, facts)
        self.remark.show_text(remark)
        self.remark.show_tone(tone or "hint")
        show_when(self.remark, bool(remark))
        self.progress.hide()
        for button, label in ((self.go, go), (self.other, other)):
            button.show_label(label)
            button.setVisible(bool(label))
        self.back.setVisible(can_leave)
        self.take_focus()

    def show_work(self, title: str, told: str) -> None:
        """The work begins; only 멈춤 is left to press."""
        self._is_working = True
        self._show(title, told, ())
        for part in (self.remark, self.back, self.other, self.go):
            part.hide()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, doing: str, done: int, total: int) -> None:
        """`되살리는 중 34/100`; a report that comes home after the end changes nothing."""
        if self._is_working:
            self.progress.show_progress(doing, done, total)

    def show_stopping(self, doing: str) -> None:
        """멈춤 was pressed: it takes effect where the work next looks."""
        if self._is_working:
            self.progress.show_progress(doing, 0, None)

    def is_working(self) -> bool:
        """Whether the work is under way."""
        return self._is_working

    def words(self) -> str:
        """Everything that is said, a line each."""
        facts = (f"{label}: {value}" for label, value in self.facts.facts())
        said = (self.title.words(), self.told.words(), *facts, self.remark.words())
        return "\n".join(line for line in said if line)

    def take_focus(self) -> None:
        """Put the keys on the page; Enter and Esc are the window's."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Enter: what the blue button says."""
        if not self._is_working and not self.go.isHidden():
            self.agreed.emit()

    def go_back(self) -> None:
        """Esc: stop what is under way, or leave."""
        if self._is_working:
            self.stop_requested.emit()
        elif not self.back.isHidden():
            self.left.emit()

    def _show(self, title: str, told: str, facts: Sequence[tuple[str, str]]) -> None:
        self.title.show_text(title)
        self.told.show_text(told)
        show_when(self.told, bool(told))
        self.facts.show_facts(facts)
        show_when(self.facts, bool(facts))
        self.setAccessibleName(title)
        self.setAccessibleDescription(told)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S12)
        for part in (self.title, self.told, self.facts, self.remark, self.progress):
            layout.addWidget(part)
        layout.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(foot)
        layout.addStretch(1)
