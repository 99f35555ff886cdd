"""The respondent's screen: one question a page in large type, and a blank page at the end.

Whoever answers sees no rail, no other answer and no name; whoever handed the laptop over sees no
answer. What the officer filled before (the pages before the first one asked here) goes over to the
next respondent.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.asking import Asking
from fieldapp.ui.questions.adding import ADDER
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.choosing import BigChoice
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.registry import is_asked, kind_of, widget_for
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text, ground

_BIG_KINDS = {"row", "column"}
_COLUMN_PX = 760


class Respondent(QWidget):
    """Shows one question of the form that `asking` has open, and takes the keys meanwhile."""

    #: The last question was answered, or passed.
    ran_out = Signal()
    #: Enter on the blank page: the officer goes on with the next respondent.
    next_wanted = Signal()
    #: The officer has the laptop back.
    ended = Signal()

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("응답자 화면"))
        self._asking = asking
        self._aids = Aids()
        self._path: str | None = None
        self._first = ""
        self._is_on = False
        self._is_thanking = False
        self._answer: QuestionWidget | None = None
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("얼마나 왔는지"))
        self._place = QVBoxLayout()
        self._back = Button(self.tr("앞 문항"), "text", key="Shift+Enter")
        self._next = Button(self.tr("다음"), "primary", key="Enter")
        for button in (self._back, self._next):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._back.clicked.connect(lambda: self.go(-1))
        self._next.clicked.connect(lambda: self.go(1))
        self._need = Text("", "kiosk", tone="danger")
        self._officer = Text(
            self.tr("담당자: 다음 응답자 Enter, 끝내기 Esc"), "note", tone="hint", wraps=False
        )
        self._lay_out()

    def begin(self, aids: Aids, first: str = "") -> None:
        """Ask from a page on (its key), or from the first unfinished one from here on."""
        sections = self._asking.walk.sections
        keys = [section.key for section in sections]
        here = self._asking.walk.section
        while here + 1 < len(keys) and all(question.value for question in sections[here].asked):
            here += 1
        self._aids = aids
        self._first = first if first in keys else keys[here]
        self._is_on = True
        self._is_thanking = False
        self._path = next(iter(self._order()), None)
        self._show()

    def end(self) -> None:
        """The officer takes the laptop back."""
        self._is_on = False
        self._is_thanking = False
        self.ended.emit()

    def is_on(self) -> bool:
        """Whether the respondent has the laptop."""
        return self._is_on

    def is_thanking(self) -> bool:
        """Whether the blank page is shown."""
        return self._is_thanking

    def first(self) -> str:
        """The key of the page that it begins with."""
        return self._first

    def path(self) -> str | None:
        """The question that is shown."""
        return None if self._is_thanking else self._path

    def carried(self) -> Mapping[str, str]:
        """What the officer filled before, for the next one; a serial number counts on."""
        carried = {
            q.path: q.value
            for section in self._asking.walk.sections[: self._first_number()]
            for q in section.asked
            if q.value and "[" not in q.path
        }
        for path, value in carried.items():
            if path.rpartition("/")[2] == "serial" and value.isdigit():
                carried[path] = str(int(value) + 1)
        return carried

    def thank(self) -> None:
        """감사합니다: nothing of the answers stays on the screen."""
        self._is_thanking = True
        self._show()

    def go(self, step: int) -> None:
        """One question on or back; on the blank page the next respondent."""
        finish_open_composition()
        if self._is_thanking:
            if step > 0:
                self.next_wanted.emit()
            return
        question = self._asking.walk.question(self._path)
        if step > 0 and question is not None and (need := self._need_of(question)):
            self._say_need(need)
            return
        order = self._order()
        at = order.index(self._path) + step if self._path in order else 0
        if at >= len(order):
            self.ran_out.emit()
        elif at >= 0:
            self._path = order[at]
            self._show()

    def show_question(self, path: str, need: str) -> None:
        """Back to a question that still needs something."""
        self._is_thanking = False
        self._path = path
        self._show()
        self._say_need(need)

    def asks(self, path: str) -> bool:
        """Whether a question is one of the respondent's."""
        return path in self._order()

    def take_focus(self) -> None:
        """Put the keys on the question."""
        if self._answer is not None and self._answer.can_answer():
            self._answer.focus_box().setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Esc and F keys are nobody's here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: Tab goes on, as it does in every text of a form."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.go(step)
        return step is not None

    def _first_number(self) -> int:
        keys = [section.key for section in self._asking.walk.sections]
        return keys.index(self._first) if self._first in keys else 0

    def _order(self) -> list[str]:
        """Questions and notes to be read, in order."""
        return [
            question.path
            for section in self._asking.walk.sections[self._first_number() :]
            for question in section.questions
            if question.control != ADDER
            and question.path not in section.closed
            and (is_asked(question) or (question.is_note and question.is_relevant))
        ]

    def _need_of(self, question: Asked) -> str:
        filling = self._asking.filling
        violation = filling.violation(question.path) if filling is not None else None
        if violation is None:
            return ""
        return violation.message or self.tr("답을 골라 주세요.")

    def _say_need(self, need: str) -> None:
        self._need.show_text(need)
        self._need.show()
        self.take_focus()

    def _answered(self, path: str, text: str) -> None:
        if not self._asking.answer(path, text):
            self._say_need(self._asking.wrong.get(path, ""))
            return
        self._need.hide()
        question = self._asking.walk.question(path)
        if question is not None and self._answer is not None:
            self._answer.show_question(question)

    def _show(self) -> None:
        while (item := self._place.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._answer = None
        self._need.hide()
        question = None if self._is_thanking else self._asking.walk.question(self._path)
        order = self._order()
        at = order.index(self._path) if self._path in order else 0
        self._progress.setRange(0, max(1, len(order)))
        self._progress.setValue(at)
        for part in (self._progress, self._next, self._back):
            part.setVisible(question is not None)
        self._back.setVisible(question is not None and at > 0)
        self._officer.setVisible(question is None)
        if question is None:
            self._show_thanks()
        else:
            self._show_asked(question)
        self.take_focus()

    def _show_asked(self, question: Asked) -> None:
        section = next(s for s in self._asking.walk.sections if question in s.questions)
        if section.label:
            self._place.addWidget(Text(section.label, "kiosk", tone="hint"))
        self._place.addWidget(Text(question.label, "kiosk-title"))
        if question.hint:
            self._place.addWidget(Text(question.hint, "kiosk", tone="hint"))
        self._next.show_label(self.tr("다음"), "Enter")
        if question.is_note:
            return
        is_big = kind_of(question) in _BIG_KINDS
        # In several lines Enter breaks the line.
        self._next.show_label(self.tr("다음"), "Tab" if kind_of(question) == "lines" else "Enter")
        answer = BigChoice() if is_big else widget_for(question, self._aids)
        path = question.path
        answer.setProperty("kiosk", "true")
        answer.show_question(question)
        answer.answered.connect(lambda text: self._answered(path, text))
        answer.touched.connect(self._asking.changed)
        answer.went_on.connect(lambda: self.go(1))
        answer.picture_taken.connect(
            lambda raw, ending: self._asking.picture_taken.emit(path, raw, ending)
        )
        self._place.addSpacing(t.S16)
        self._place.addWidget(answer)
        answer.focus_box().installEventFilter(self)
        self._answer = answer

    def _show_thanks(self) -> None:
        thanks = Text(self.tr("감사합니다"), "kiosk-title")
        thanks.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place.addWidget(thanks)
        hint = Text(self.tr("노트북을 담당자에게 돌려주세요."), "kiosk", tone="hint")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place.addWidget(hint)

    def _lay_out(self) -> None:
        inside = QWidget()
        ground(inside, "surface")
        column = QWidget()
        column.setMaximumWidth(_COLUMN_PX)
        words = QVBoxLayout(column)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(t.S12)
        words.addStretch(2)
        words.addLayout(self._place)
        words.addWidget(self._need)
        words.addStretch(3)
        self._place.setSpacing(t.S8)
        edge = QHBoxLayout(inside)
        edge.setContentsMargins(t.S48, t.S12, t.S48, 0)
        edge.addStretch(1)
        edge.addWidget(column, _COLUMN_PX)
        edge.addStretch(1)
        page = QScrollArea()
        page.setWidgetResizable(True)
        page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setWidget(inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(t.S48, t.S8, t.S48, t.S16)
        foot.addWidget(self._back)
        foot.addWidget(self._progress, 1)
        foot.addWidget(self._next)
        foot.addWidget(self._officer, 1, Qt.AlignmentFlag.AlignRight)
        foot.setSpacing(t.S24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page, 1)
        layout.addLayout(foot)
