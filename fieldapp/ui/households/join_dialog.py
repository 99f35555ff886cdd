"""같은 가구 합치기: the household at the left, the one it may be at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.households.side_by_side import SideBySide
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.facts import FactRows
from fieldapp.ui.widgets.rows import ROW_PX, Item, RowList
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases.merging import JoinPlan, Twin

_ROWS_SEEN = 2


class JoinDialog(SideBySide):
    """↑↓ choose the other household, Enter joins; Esc is the harmless answer."""

    #: The household into which this one is joined.
    joined = Signal(str)
    #: The household that stands for itself again.
    parted = Signal(str)

    def __init__(self, plan: JoinPlan, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("같은 가구 합치기"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._twins = {one.entity_id: one for one in (*plan.alike, *plan.joined)}
        self._alike = {one.entity_id for one in plan.alike}
        self._is_refused = bool(plan.refusal)
        self.own, self.other = FactRows(), FactRows()
        self.choice = RowList(self.tr("같은 가구로 보이는 가구"))
        self.choice.setProperty("framed", "true")
        self.choice.setFixedHeight(_ROWS_SEEN * ROW_PX + t.S4)
        self.says = Text("", "note", tone="subtle")
        self.go = Button(self.tr("합치기"), "primary", key="Enter")
        self.part = Button.of(commands.PART_HOUSEHOLD)
        self.back = Button(self.tr("그만두기"), "text", key="Esc")
        self._lay_out(plan)
        self.own.show_facts(plan.household.facts)
        self.choice.chosen.connect(self._show)
        self.choice.opened.connect(lambda _: self._join())
        self.go.clicked.connect(self._join)
        self.part.clicked.connect(self._part)
        self.back.clicked.connect(self.reject)
        commands.bind(commands.PART_HOUSEHOLD, self, self._part)
        self._show_choice(plan)
        self.fit(spare_px=t.NOTE.line_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter joins."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._join()
        else:
            super().keyPressEvent(event)

    def _show_choice(self, plan: JoinPlan) -> None:
        merged = self.tr("합쳐 둔 가구")
        self.choice.show_lines(
            [
                *(_row(one, "") for one in plan.alike),
                *(_row(one, merged) for one in plan.joined),
            ]
        )
        self.choice.setVisible(bool(self._twins))
        if plan.refusal:
            self.banner.show_notice(plan.refusal, "warning")
        self.part.setVisible(bool(plan.joined))
        self._show(self.choice.chosen_key() or "")
        focus = self.choice if self._twins and not plan.refusal else self.back
        focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, key: str) -> None:
        twin = self._twins.get(key)
        is_alike = key in self._alike
        self.other.show_facts(twin.facts if twin else ())
        self.go.setEnabled(is_alike and not self._is_refused)
        self.part.setEnabled(twin is not None and not is_alike and not self._is_refused)
        if twin is None:
            self.says.show_text(self.tr("이름과 생년월일, 주소가 비슷한 가구가 없습니다."))
        elif is_alike:
            self.says.show_text(
                self.tr(
                    "합치면 이 가구의 기록과 가구원이 고른 가구 아래에 함께 보입니다."
                    " 지우는 것은 없고, 언제든 다시 나눌 수 있습니다."
                )
            )
        else:
            self.says.show_text(self.tr("나누면 다시 따로 된 가구로 목록에 나옵니다."))

    def _join(self) -> None:
        key = self.choice.chosen_key()
        if key is not None and self.go.isEnabled():
            self.accept()
            self.joined.emit(key)

    def _part(self) -> None:
        key = self.choice.chosen_key()
        if key is not None and self.part.isVisible() and self.part.isEnabled():
            self.accept()
            self.parted.emit(key)

    def _lay_out(self, plan: JoinPlan) -> None:
        left = QVBoxLayout()
        left.setSpacing(t.S8)
        left.addWidget(Text(self.tr("이 가구"), "label", tone="subtle", wraps=False))
        left.addWidget(self.own)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(t.S8)
        right.addWidget(Text(self.tr("합칠 가구"), "label", tone="subtle", wraps=False))
        right.addWidget(self.choice)
        right.addWidget(self.other)
        right.addStretch(1)
        question = self.tr("%s 가구를 어느 가구와 합치시겠습니까?") % plan.household.name
        self.lay_out(
            Text(question, "section"),
            left,
            right,
            back=self.back,
            deeds=(self.part, self.go),
            says=self.says,
        )


def _row(twin: Twin, right: str) -> Item:
    facts = dict(twin.facts)
    return Item(twin.entity_id, twin.name, below=facts.get("주소", ""), right=right)
