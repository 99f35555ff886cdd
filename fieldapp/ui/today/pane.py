"""The right side of 오늘: one household before the door. Safety facts are read here, not inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.chips import GradeChip
from fieldapp.ui.widgets.facts import FactRows
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.text import Text, ground


@dataclass(frozen=True, slots=True)
class PaneFacts:
    """A household as the pane shows it. phone: shown large when it is to be called.

    deed: what Enter does where it begins no visit.
    """

    name: str
    about: str
    grade: str
    safety: str = ""
    phone: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    deed: str = ""


class HouseholdPane(QWidget):
    """Name line, safety, facts, and three buttons at the foot."""

    visit_requested = Signal()
    phone_requested = Signal()
    absent_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.name = Text("", "section", wraps=False)
        self.about = Text("", "label", tone="subtle")
        self.chip = GradeChip()
        self.safety = Banner()
        self.phone = Text("", "screen-title", wraps=False)
        self.facts = FactRows()
        self.visit = Button.of(commands.VISIT, "primary")
        self.call = Button.of(commands.PHONE)
        self.absent = Button.of(commands.ABSENT)
        self.visit.clicked.connect(self.visit_requested)
        self.call.clicked.connect(self.phone_requested)
        self.absent.clicked.connect(self.absent_requested)
        self._lay_out()
        self.show_nothing()

    def show_household(self, pane: PaneFacts) -> None:
        """Whom the chosen row names."""
        self.name.show_text(pane.name)
        self.about.show_text(pane.about)
        self.chip.show_grade(pane.grade)
        self.visit.show_label(pane.deed or commands.VISIT.title())
        self.phone.show_text(pane.phone)
        self.phone.setVisible(bool(pane.phone))
        if pane.safety:
            self.safety.show_notice(pane.safety, "warning")
        else:
            self.safety.hide()
        self.facts.show_facts(pane.facts)
        self._inside.show()
        self._foot.show()

    def show_nothing(self) -> None:
        """No household is chosen."""
        self._inside.hide()
        self._foot.hide()

    def words(self) -> Sequence[str]:
        """What is read here, from the top."""
        facts = [f"{label} {value}" for label, value in self.facts.facts()]
        return [self.name.words(), self.about.words(), self.safety.words(), *facts]

    def take_focus(self) -> None:
        """F6: the first button."""
        self.visit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(t.S12)
        head.addWidget(self.name)
        head.addWidget(self.about, 1)
        head.addWidget(self.chip)
        scroll = Scroller()
        self._inside = scroll.inside
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(t.S24, t.S16, t.S24, t.S8)
        inside.setSpacing(t.S12)
        inside.addLayout(head)
        inside.addWidget(self.safety)
        inside.addWidget(self.phone)
        inside.addWidget(self.facts)
        inside.addStretch(1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(t.S24, t.S8, t.S24, t.S12)
        foot.setSpacing(t.S8)
        foot.addWidget(self.call)
        foot.addWidget(self.absent)
        foot.addStretch(1)
        foot.addWidget(self.visit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._foot)
