"""다른 동으로 보내기: where to and why at the left, what will happen in words at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.households.offices import OfficeList
from fieldapp.ui.households.side_by_side import SideBySide
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.facts import FactRows
from fieldapp.ui.widgets.fields import Field
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases.homes import toward
from fieldapp.usecases.moving import MovePlan


class SendDialog(SideBySide):
    """Enter goes from the town to the reason, and from there sends; Esc is the harmless answer."""

    #: The scope and the reason.
    sent = Signal(str, str)

    def __init__(self, plan: MovePlan, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = plan.name
        self.setWindowTitle(self.tr("다른 동으로 보내기"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.offices = OfficeList(self.tr("보낼 동"))
        self.reason = ComposedLine()
        self.reason.setPlaceholderText(self.tr("예: 이사"))
        self.reason_field = Field(self.tr("보내는 까닭"), self.reason)
        self.go = Button(self.tr("보내기"), "primary", key="Enter")
        self.back = Button(self.tr("그만두기"), "text", key="Esc")
        self.facts = FactRows()
        self._lay_out()
        self.facts.show_facts(
            (
                (self.tr("지금"), plan.here),
                (self.tr("함께 감"), "\n".join(plan.goes)),
                (self.tr("남음"), "\n".join(plan.stays)),
                (self.tr("그다음"), "\n".join(plan.after)),
            )
        )
        self.offices.chosen.connect(lambda _: self._name_deed())
        self.offices.taken.connect(self._to_reason)
        self.offices.show_offices(plan.offices)
        self.go.clicked.connect(self._send)
        self.back.clicked.connect(self.reject)
        self._name_deed()
        self.fit()
        if plan.refusal:
            self.refuse(plan.refusal)
        else:
            self.offices.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: str) -> None:
        """It cannot be sent from here, and why."""
        self.banner.show_notice(refusal, "warning")
        for part in (self.offices, self.reason_field, self.go):
            part.setEnabled(False)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter in the reason sends."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._send()
        else:
            super().keyPressEvent(event)

    def _to_reason(self) -> None:
        if self.offices.office() is not None:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_deed(self) -> None:
        office = self.offices.office()
        self.go.show_label(
            self.tr("보내기") if office is None else self.tr("%s 보내기") % toward(office.name)
        )
        self.go.setEnabled(office is not None)

    def _send(self) -> None:
        self.reason.finish_composition()
        office, reason = self.offices.office(), self.reason.text().strip()
        if office is None or not self.go.isEnabled():
            return
        if not reason:
            self.reason_field.show_wrong(self.tr("까닭을 한 줄 적어 주세요."))
            self.fit()
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.accept()
        self.sent.emit(office.scope, reason)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(t.S12)
        left.addWidget(self.offices, 1)
        left.addWidget(self.reason_field)
        right = QVBoxLayout()
        right.addWidget(self.facts)
        right.addStretch(1)
        question = self.tr("%s 가구를 어느 동으로 보내시겠습니까?") % self._name
        self.lay_out(Text(question, "section"), left, right, back=self.back, deeds=(self.go,))
