"""보류된 것 살펴보기: why the server did not take it, what was typed, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.review.lines import AnswerLine, AnswerLines, ColumnHeads
from fieldapp.ui.syncing.inside_words import head_words, what_words
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text, rule
from fieldapp.ui.words import answer_text
from fieldapp.usecases.sending_again import Inside, TypedLine

_DIALOG_PX, _LINES_PX, _LINE_PX = 720, 200, 40


class InsideDialog(QDialog):
    """Esc leaves everything as it is; the other ways are each a button with its deed."""

    again_requested = Signal(str)
    drop_requested = Signal(str)
    seen_requested = Signal(str)
    #: The record, by its id.
    open_requested = Signal(str)

    def __init__(self, shown: Inside, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = shown
        self.setWindowTitle(self.tr("살펴보기"))
        self.setFixedWidth(_DIALOG_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.head = Text(shown.title, "section")
        self.when = Text(head_words(shown), "label", tone="subtle")
        self.what = Text(what_words(shown), "body")
        self.heads = ColumnHeads(self.tr("앞의 값"), self.tr("적은 값"))
        self.lines = AnswerLines()
        self.lines.setFixedHeight(min(_LINES_PX, _LINE_PX * len(shown.lines) + t.S4))
        self.lines.show_lines([_answer(number, line) for number, line in enumerate(shown.lines)])
        self.heads.show_heads(has_before=bool(shown.lines))
        self.again = Button(self.tr("다시 보내기"), "primary", key="Enter")
        self.open_record = Button(self.tr("기록 열기"), "primary", key="Enter")
        self.seen = Button(self.tr("확인했음"))
        self.drop = Button(self.tr("거두기"))
        self.leave = Button(self.tr("닫기"), "text", key="Esc")
        self._lay_out()
        self.again.clicked.connect(lambda: self._leave_with(self.again_requested))
        self.drop.clicked.connect(lambda: self._leave_with(self.drop_requested))
        self.seen.clicked.connect(lambda: self._leave_with(self.seen_requested))
        self.open_record.clicked.connect(self._open)
        self.leave.clicked.connect(self.reject)
        first = next((button for button in self._deeds() if button.isVisibleTo(self)), self.leave)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _deeds(self) -> tuple[Button, ...]:
        """The ways on, the likeliest first."""
        return (self.again, self.open_record, self.seen, self.drop)

    def _leave_with(self, told: SignalInstance) -> None:
        self.accept()
        told.emit(self._shown.op_id)

    def _open(self) -> None:
        self.accept()
        self.open_requested.emit(self._shown.record_id)

    def _lay_out(self) -> None:
        shown = self._shown
        self.again.setVisible(shown.can_again)
        self.open_record.setVisible(bool(shown.record_id) and not shown.can_again)
        self.seen.setVisible(shown.standing == "partly")
        self.drop.setVisible(shown.standing == "refused")
        foot = QHBoxLayout()
        foot.setSpacing(t.S8)
        foot.addWidget(self.leave)
        foot.addStretch(1)
        for button in reversed(self._deeds()):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S16, t.S24, t.S24)
        layout.setSpacing(t.S12)
        layout.addWidget(self.head)
        layout.addWidget(self.when)
        layout.addWidget(self.what)
        layout.addWidget(rule())
        table = QVBoxLayout()
        table.setSpacing(0)
        for part in (self.heads, self.lines):
            part.setVisible(bool(shown.lines))
            table.addWidget(part)
        layout.addLayout(table)
        layout.addLayout(foot)
        # Qt would ask the words how tall they are at their narrowest.
        self.setFixedHeight(layout.totalHeightForWidth(_DIALOG_PX))


def _answer(number: int, line: TypedLine) -> AnswerLine:
    before, typed = (value and answer_text(value) for value in (line.before, line.typed))
    return AnswerLine(str(number), line.question, before, typed, is_changed=True)
