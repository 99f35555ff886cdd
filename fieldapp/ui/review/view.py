"""Left the queue by age, right the record; 확인, or 보완 요청 with a reason and comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.messages import Message
from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.review.lines import AnswerLine, AnswerLines, ColumnHeads
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner, EmptyPage
from fieldapp.ui.widgets.rows import Line, RowList
from fieldapp.ui.widgets.text import Text, ground, rule

_QUEUE_PX = 360


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as it is reviewed. confirm, send_back: what the buttons say; empty hides one.

    proposal: a change of grade that is decided with it, in words.
    """

    record_id: str
    title: str
    about: str
    lines: tuple[AnswerLine, ...]
    confirm: str
    send_back: str
    proposal: str = ""


class ReviewView(ScreenView):
    """Tells which record is looked at and what was decided about it."""

    chosen = Signal(str)
    confirmed = Signal(str)
    #: 확인 together with the grade that the record asks for.
    grade_accepted = Signal(str)
    #: Record, reason, {path: comment}.
    sent_back = Signal(str, str, object)
    all_confirmed = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._shown: Shown | None = None
        self._asks = ""  # "", comment or reason
        self.banner = Banner(strip=True)
        self.count = Text("", "label", tone="subtle", wraps=False)
        self.queue = RowList(self.tr("확인할 기록"))
        self.confirm_all = Button("", "outlined", tool=True)
        self.title = Text("", "section", wraps=False)
        self.about = Text("", "label", tone="subtle")
        self.answers = AnswerLines()
        self.asked = ComposedLine()
        self.comment = Button.of(commands.COMMENT, "text")
        self.send_back = Button.of(commands.RETURN)
        self.confirm = Button.of(commands.CONFIRM, "primary")
        self.proposal = Text("", "label", tone="warning")
        self.accept_grade = Button.of(commands.ACCEPT_GRADE)
        self._empty = EmptyPage(self.tr("확인할 기록이 없습니다."))
        self._lay_out()
        self._connect()
        self.show_record(None)
        self.show_all_ready(0, 0)

    def show_queue(self, lines: Sequence[Line], waiting: int) -> None:
        """What waits, by age; the row in the place of one just decided comes next."""
        self.queue.show_lines(lines)
        self.count.show_text(self.tr("%d건") % waiting if waiting else "")
        has_rows = bool(self.queue.keys())
        had_focus = self.focusWidget() is not None
        self._stack.setCurrentWidget(self._body if has_rows else self._empty)
        if not has_rows:
            self.show_record(None)
        if had_focus and self.isVisible() and not self._asks:
            self.take_focus()

    def show_record(self, shown: Shown | None) -> None:
        """The record of the chosen row; read again without a change it keeps what is being said."""
        if shown is not None and shown == self._shown:
            return
        self._shown = shown
        self._ask("")
        for part in (self._right_head, self._columns, self.answers, self._foot):
            part.setVisible(shown is not None)
        if shown is None:
            return
        self.title.show_text(shown.title)
        self.about.show_text(shown.about)
        self.answers.show_lines(shown.lines)
        self._columns.show_heads(has_before=any(line.is_changed for line in shown.lines))
        self.proposal.show_text(shown.proposal)
        self._graded.setVisible(bool(shown.proposal and shown.confirm))
        kept = self.tr("등급 그대로 두고 %s") % shown.confirm
        self.confirm.show_label(kept if shown.proposal else shown.confirm)
        self.confirm.setVisible(bool(shown.confirm))
        self.send_back.show_label(shown.send_back)
        self.send_back.setVisible(bool(shown.send_back))

    def show_refused(self, message: Message) -> None:
        """The step was not taken."""
        for button in (self.confirm, self.accept_grade):
            button.setEnabled(not self._asks)
        self.banner.show_message(message)

    def show_all_ready(self, count: int, left_to_see: int) -> None:
        """How many clean ones wait, and how many are to be looked at before all are confirmed."""
        self._all_row.setVisible(count > 1)
        self.confirm_all.setEnabled(left_to_see <= 0)
        if left_to_see > 0:
            words = self.tr("변동 없는 기록 %d건: %d건 더 살펴보면 한 번에 확인")
            self.confirm_all.show_label(words % (count, left_to_see), "")
        else:
            self.confirm_all.show_label(
                self.tr("변동 없는 기록 %d건 모두 확인") % count, commands.CONFIRM_ALL.key_text()
            )

    def take_focus(self) -> None:
        """The oldest that waits."""
        if self._stack.currentWidget() is self._body:
            self.queue.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: queue, answers, foot."""
        return (self._left, self.answers, self._foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter in the line keeps what was asked, Esc drops it."""
        if self._asks and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep_asked()
        elif self._asks and event.key() == Qt.Key.Key_Escape:
            self._ask("")
            self.answers.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def begin_comment(self) -> None:
        """F2: a line for the present question."""
        line = self.answers.current_line()
        if self._shown is not None and line is not None and self.send_back.isVisible():
            self._ask("comment", self.tr("'%s'에 대한 의견") % line.question)
            self.asked.setText(self.answers.comments().get(line.path, ""))

    def begin_return(self) -> None:
        """F8: why it goes back."""
        if self._shown is not None and self._shown.send_back:
            self._ask("reason", self.tr("보완을 요청하는 까닭 (적은 사람에게 그대로 보입니다)"))

    def _ask(self, what: str, words: str = "") -> None:
        self._asks = what
        self.asked.clear()
        self.asked.setVisible(bool(what))
        for button in (self.comment, self.confirm, self.send_back, self.accept_grade):
            button.setEnabled(not what)
        if what:
            self.asked.setPlaceholderText(words)
            self.asked.setAccessibleName(words)
            self.asked.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_asked(self) -> None:
        self.asked.finish_composition()
        text = self.asked.text().strip()
        if self._asks == "comment":
            self.answers.comment(text)
            self._ask("")
            self.answers.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._shown is not None and (text or self.answers.comments()):
            comments = self.answers.comments()
            record_id = self._shown.record_id
            self._ask("")
            self.sent_back.emit(record_id, text, comments)

    def _confirm(self) -> None:
        self._take(self.confirmed)

    def _accept_grade(self) -> None:
        if self._shown is not None and self._shown.proposal:
            self._take(self.grade_accepted)

    def _take(self, told: SignalInstance) -> None:
        if self._shown is not None and self._shown.confirm and self.confirm.isEnabled():
            # One press is one step: the buttons come back with the next record, or with a refusal.
            for button in (self.confirm, self.accept_grade):
                button.setEnabled(False)
            told.emit(self._shown.record_id)

    def _confirm_all(self) -> None:
        if self._all_row.isVisible() and self.confirm_all.isEnabled():
            self.all_confirmed.emit()

    def _lay_out(self) -> None:
        self._left, self._right_head, self._foot = QWidget(), QWidget(), QWidget()
        self._lay_out_queue()
        self._lay_out_foot()
        right_head = QVBoxLayout(self._right_head)
        right_head.setContentsMargins(t.S16, t.S8, t.S16, t.S8)
        right_head.setSpacing(0)
        right_head.addWidget(self.title)
        right_head.addWidget(self.about)
        self._columns = ColumnHeads()
        right = QWidget()
        ground(right, "surface")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._right_head, rule(), self._columns):
            column.addWidget(part)
        column.addWidget(self.answers, 1)
        for part in (rule(), self._foot):
            column.addWidget(part)
        self._body = QWidget()
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._left)
        body.addWidget(rule("vertical"))
        body.addWidget(right, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _lay_out_queue(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(t.S16, t.S8, t.S16, t.S8)
        head.addWidget(Text(self.tr("확인"), "screen-title", wraps=False))
        head.addStretch(1)
        head.addWidget(self.count)
        self._all_row = QWidget()
        all_row = QHBoxLayout(self._all_row)
        all_row.setContentsMargins(t.S8, t.S8, t.S8, t.S8)
        all_row.addWidget(self.confirm_all, 0, Qt.AlignmentFlag.AlignHCenter)
        ground(self._left, "surface")
        self._left.setFixedWidth(_QUEUE_PX)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addLayout(head)
        left.addWidget(rule())
        left.addWidget(self.queue, 1)
        left.addWidget(rule())
        left.addWidget(self._all_row)

    def _lay_out_foot(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(t.S8)
        buttons.addWidget(self.comment)
        buttons.addStretch(1)
        buttons.addWidget(self.send_back)
        buttons.addWidget(self.confirm)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(t.S16, t.S8, t.S16, t.S8)
        foot.setSpacing(t.S8)
        self._graded = QWidget()
        graded = QHBoxLayout(self._graded)
        graded.setContentsMargins(0, 0, 0, 0)
        graded.setSpacing(t.S12)
        graded.addWidget(self.proposal, 1)
        graded.addWidget(self.accept_grade)
        foot.addWidget(self._graded)
        foot.addWidget(self.asked)
        foot.addLayout(buttons)

    def _connect(self) -> None:
        self.queue.chosen.connect(self.chosen)
        self.queue.opened.connect(lambda _: self.answers.setFocus(Qt.FocusReason.OtherFocusReason))
        self.confirm_all.clicked.connect(self._confirm_all)
        self.confirm.clicked.connect(self._confirm)
        self.accept_grade.clicked.connect(self._accept_grade)
        self.send_back.clicked.connect(self.begin_return)
        self.comment.clicked.connect(self.begin_comment)
        bind = commands.bind
        bind(commands.CONFIRM, self, self._confirm)
        bind(commands.ACCEPT_GRADE, self, self._accept_grade)
        bind(commands.CONFIRM_ALL, self, self._confirm_all)
        bind(commands.RETURN, self, self.begin_return)
        bind(commands.COMMENT, self, self.begin_comment)
