"""새 가구: who it is, and who of that name is here already, shown while it is typed.

Nothing is refused: two people may bear one name (formats F9).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.questions.typed import day_typed
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.rows import Item, RowList
from fieldapp.ui.widgets.text import Text, ground, rule

_FIELD_PX = 400


class NewPage(QWidget):
    """Enter goes on, Ctrl+Enter opens the form with what was typed."""

    #: Name, birth (`1948-03-02` or empty), address: anything of it changed.
    described = Signal(str, str, str)
    form_requested = Signal(str, str, str)
    opened = Signal(str)
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self._today = date.min
        self.name, self.birth, self.address = ComposedLine(), ComposedLine(), ComposedLine()
        self.name_field = Field(self.tr("이름"), self.name)
        self.birth_field = Field(
            self.tr("생년월일"), self.birth, hint=self.tr("19480302처럼 적습니다. 몰라도 됩니다.")
        )
        self.address_field = Field(self.tr("주소"), self.address)
        self.similar_head = Text("", "section")
        self.similar = RowList(self.tr("비슷한 가구"))
        self.make = Button(self.tr("새 가구 적기"), "primary", key="Ctrl+Enter")
        self.back = Button(self.tr("대상"), "text", key="Esc")
        self._lay_out()
        for line in (self.name, self.birth, self.address):
            line.typed.connect(lambda _: self._describe())
        self.similar.opened.connect(self.opened)
        self.make.clicked.connect(self._make)
        self.back.clicked.connect(self.back_requested)
        commands.bind(commands.BACK, self, self.back_requested.emit)
        commands.bind(commands.MAKE_HOUSEHOLD, self, self._make)

    def begin(self, today: date) -> None:
        """An empty page."""
        self._today = today
        for line in (self.name, self.birth, self.address):
            line.clear()
        self.name_field.show_wrong("")
        self.show_similar([])
        self.take_focus()

    def show_similar(self, items: Sequence[Item]) -> None:
        """Those who may be the same."""
        self.similar.show_lines(items)
        self.similar.setVisible(bool(items))
        self.similar_head.show_text(
            self.tr("이미 있는 가구일 수 있습니다. 같은 집이면 그 집을 여세요.") if items else ""
        )

    def described_as(self) -> tuple[str, str, str]:
        """What is typed."""
        born = day_typed(self.birth.text_with_composition(), self._today)
        return (
            self.name.text_with_composition().strip(),
            born.isoformat() if born and born <= self._today else "",
            self.address.text_with_composition().strip(),
        )

    def take_focus(self) -> None:
        """The name."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the fields, those who may be the same, the foot."""
        return (self._left, self.similar, self._foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes on to the next field, from the last one to the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.make.setFocus if self.address.hasFocus() else self.focusNextChild)()
        else:
            super().keyPressEvent(event)

    def _describe(self) -> None:
        self.name_field.show_wrong("")
        self.described.emit(*self.described_as())

    def _make(self) -> None:
        described = self.described_as()
        if not described[0]:
            self.name_field.show_wrong(self.tr("이름을 적어 주세요."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.form_requested.emit(*described)

    def _lay_out(self) -> None:
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(t.S24, t.S16, t.S24, t.S8)
        left.setSpacing(t.S12)
        left.addWidget(Text(self.tr("새 가구"), "screen-title", wraps=False))
        for field in (self.name_field, self.birth_field, self.address_field):
            field.setFixedWidth(_FIELD_PX)
            left.addWidget(field)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setContentsMargins(t.S16, t.S24, t.S16, t.S8)
        right.setSpacing(t.S12)
        right.addWidget(self.similar_head)
        right.addWidget(self.similar, 1)
        right.addStretch(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._left)
        middle.addWidget(rule("vertical"))
        middle.addLayout(right, 1)
        self._foot = QWidget()
        self._foot.setFixedHeight(t.FOOT_PX)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(t.S16, 0, t.S16, 0)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.make)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(rule())
        layout.addWidget(self._foot)
