"""The choices of a printed page in the order in which they are decided (ux §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.fields import ChoiceBox
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.text import Text

_LABEL_PX = 48


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen; `month` is its number in the list, `whole` means all of this device."""

    form_id: str
    month: int
    whole: bool
    is_masked: bool
    approval: str
    paper: str


class ChoicesPane(Scroller):
    """무엇, 기간, 범위, 기준, 가림, 결재란, 용지."""

    form_chosen = Signal(str)
    #: Anything else was chosen: count again.
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._forms: list[str] = []
        #: 결재란 by summary: who signs one says nothing about who signs another.
        self._approvals: dict[str, str] = {}
        self.what, self.period, self.scope = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.names, self.approval, self.paper = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.basis = Text("", "note", tone="hint")
        self.setFixedWidth(t.SIDE_PANE_PX)
        layout = QVBoxLayout(self.inside)
        layout.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        layout.setSpacing(t.S8)
        layout.addWidget(Text(self.tr("통계·출력"), "screen-title", wraps=False))
        for label, part in (
            (self.tr("무엇"), self.what),
            (self.tr("기간"), self.period),
            (self.tr("범위"), self.scope),
            (self.tr("이름"), self.names),
            (self.tr("결재란"), self.approval),
            (self.tr("용지"), self.paper),
        ):
            layout.addWidget(_row(label, part))
        layout.addWidget(self.basis)
        layout.addStretch(1)
        self.names.addItems([self.tr("가림"), self.tr("가리지 않음")])
        self.what.currentIndexChanged.connect(lambda _: self._choose_form())
        self.approval.currentIndexChanged.connect(lambda _: self._keep_approval())
        for box in (self.period, self.scope, self.names, self.approval, self.paper):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())

    def show_offers(self, scope: str, approvals: Sequence[str], papers: Sequence[str]) -> None:
        """What never changes while the app runs."""
        if self.scope.count():
            return
        for box, items in (
            (self.scope, [scope, self.tr("받은 범위 모두")]),
            (self.approval, list(approvals)),
            (self.paper, list(papers)),
        ):
            _fill(box, items, 0)

    def show_forms(self, forms: Sequence[tuple[str, str]]) -> None:
        """(id, title) of every form with a summary; the chosen one stays chosen."""
        chosen = self.form_id()
        self._forms = [form_id for form_id, _ in forms]
        at = self._forms.index(chosen) if chosen in self._forms else 0
        _fill(self.what, [title for _, title in forms], at)

    def show_months(self, months: Sequence[str]) -> None:
        """The months that can be counted, newest first."""
        chosen = self.period.currentText()
        _fill(self.period, list(months), months.index(chosen) if chosen in months else 0)

    def form_id(self) -> str | None:
        """Which summary is chosen."""
        row = self.what.currentIndex()
        return self._forms[row] if 0 <= row < len(self._forms) else None

    def chosen(self) -> Chosen | None:
        """Everything as it stands; None while there is nothing to count."""
        form_id, month = self.form_id(), self.period.currentIndex()
        if form_id is None or month < 0:
            return None
        return Chosen(
            form_id=form_id,
            month=month,
            whole=self.scope.currentIndex() == 1,
            is_masked=self.names.currentIndex() == 0,
            approval=self.approval.currentText(),
            paper=self.paper.currentText(),
        )

    def _choose_form(self) -> None:
        form_id = self.form_id() or ""
        at = self.approval.findText(self._approvals.get(form_id, ""))
        with QSignalBlocker(self.approval):
            self.approval.setCurrentIndex(max(0, at) if self.approval.count() else -1)
        self.form_chosen.emit(form_id)

    def _keep_approval(self) -> None:
        self._approvals[self.form_id() or ""] = self.approval.currentText()

    def take_focus(self) -> None:
        """The first choice."""
        self.what.setFocus(Qt.FocusReason.OtherFocusReason)


def _row(label: str, control: QWidget) -> QWidget:
    """A label beside its control."""
    control.setAccessibleName(label)
    caption = Text(label, "label", tone="subtle", wraps=False)
    caption.setFixedWidth(_LABEL_PX)
    caption.setBuddy(control)
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(t.S4)
    layout.addWidget(caption)
    layout.addWidget(control, 1)
    return row


def _fill(box: ChoiceBox, items: Sequence[str], at: int) -> None:
    box.blockSignals(True)  # noqa: FBT003 - Qt's own
    box.clear()
    box.addItems(list(items))
    box.setCurrentIndex(at if items else -1)
    box.blockSignals(False)  # noqa: FBT003
