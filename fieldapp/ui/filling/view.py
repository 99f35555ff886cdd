"""One form on the desk: title, questions or the read-back page, foot.

Tells what the worker did; keeping the draft and finishing are the presenter's.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.forms import Filling, Violation
from fieldapp.messages import Message
from fieldapp.ui import commands, words
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.asking import Asking
from fieldapp.ui.filling.frame import Foot, TitleBar
from fieldapp.ui.filling.read_back import ReadBack
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.text import ground, rule


class FillingView(QWidget):
    """Shows one open form and tells what the worker did to it."""

    #: Something was typed, composed or chosen.
    changed = Signal()
    #: The keys act on another question: what is unsaved is worth keeping now.
    question_left = Signal()
    leave_requested = Signal()
    #: 완료 on the read-back page, with the reason of an amendment (else empty).
    complete_requested = Signal(str)
    #: 다시 저장, after a draft could not be written.
    retry_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self._filling: Filling | None = None
        self._title = ""
        self._remark = ""
        self._asks_reason = False
        self.bar = TitleBar()
        self.banner = Banner(strip=True)
        self.asking = Asking()
        self.reading = ReadBack()
        self.foot = Foot()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.asking)
        self._stack.addWidget(self.reading)
        self._lay_out()
        self._connect()

    def show_form(
        self,
        title: str,
        filling: Filling,
        *,
        cursor_path: str | None = None,
        asks_reason: bool = False,
        remark: str = "",
    ) -> None:
        """Put a form on the desk, at the question where it was left."""
        self._filling = filling
        self._asks_reason = asks_reason
        self._title, self._remark = title, remark
        self.banner.hide()
        self.reading.reason.clear()
        self.foot.show_saved("")
        self.foot.main.setEnabled(True)
        self.asking.show_filling(filling, cursor_path)
        self._show_title()
        self._ask()

    def filling(self) -> Filling | None:
        """The form that is shown."""
        return self._filling

    def cursor_path(self) -> str | None:
        """The question that the keys act on."""
        return self.asking.walk.path

    def is_reading_back(self) -> bool:
        """Whether the answers are being read back."""
        return self._stack.currentWidget() is self.reading

    def show_saved(self, at: datetime) -> None:
        """The draft stands in the store."""
        self.foot.show_saved(self.tr("저장됨 %s") % words.second_text(at))

    def show_save_failed(self, message: Message) -> None:
        """The draft could not be written: words may be lost, which is red."""
        self.foot.show_save_failed(self.tr("저장하지 못함"))
        self.foot.main.setEnabled(True)
        text = f"{message.happened}\n{message.safe} {message.next}"
        retry = self.tr("다시 저장")
        self.banner.show_notice(text, "danger", button=retry, deed=self.retry_requested.emit)

    def show_message(self, message: Message) -> None:
        """A trouble that loses nothing."""
        self.foot.main.setEnabled(True)
        self.banner.show_message(message)

    def show_reason_missing(self) -> None:
        """An amendment says why."""
        self.foot.main.setEnabled(True)
        self.reading.reason_field.show_wrong(self.tr("고친 까닭을 적어 주세요."))
        self.reading.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_violations(self, violations: tuple[Violation, ...]) -> None:
        """What stands in the way of finishing: a banner that jumps, and the need under each row."""
        self.foot.main.setEnabled(True)
        self._stack.setCurrentWidget(self.asking)
        self.asking.show_wrong(_needs(violations))
        self._show_foot()
        only_missing = all(violation.kind == "required" for violation in violations)
        deed = self.tr("%s을 더 채워 주세요") if only_missing else self.tr("%s을 더 살펴 주세요")
        first = violations[0].path
        self.banner.show_notice(
            deed % words.places(len(violations)),
            "warning",
            button=self.tr("첫 칸으로"),
            key="Enter",
            deed=lambda: self._jump(first),
            takes_focus=True,
        )

    def finish(self) -> None:
        """마치기: first what is missing, then the read-back page, then 완료."""
        finish_open_composition()
        if self._filling is None or not self.foot.main.isEnabled():
            return
        if self.is_reading_back():
            self._complete()
            return
        self.question_left.emit()
        violations = self._filling.violations()
        if violations:
            self.show_violations(violations)
        elif self.asking.wrong:
            self._jump(next(iter(self.asking.wrong)))
        else:
            self._read_back()

    def go(self, step: int) -> None:
        """Enter and Shift+Enter: one question on or back; on the read-back page 완료 or 고치기."""
        finish_open_composition()
        if not self.is_reading_back():
            self.asking.go(step)
        elif step > 0:
            self.finish()
        else:
            self._ask()

    def leave(self) -> None:
        """Esc: the draft is kept; from the read-back page it leads back to the questions."""
        finish_open_composition()
        if self.is_reading_back():
            self._ask()
        else:
            self.leave_requested.emit()

    def switch_language(self) -> None:
        """The next language of the workbook; what stands on the page changes in place."""
        finish_open_composition()
        filling, upcoming = self._filling, self._next_language()
        if filling is None or upcoming is None:
            return
        filling.show_language(upcoming)
        said = _needs(filling.violations())
        self.asking.wrong = {
            path: said.get(path, words) for path, words in self.asking.wrong.items()
        }
        self.asking.read_again()
        self._show_title()
        if self.is_reading_back():
            self.reading.show_answers(self.asking.walk.sections, asks_reason=self._asks_reason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: questions, sections, foot, title."""
        return (self._stack, self.asking.rail, self.foot, self.bar)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes on, Shift+Enter goes back."""
        ignored = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & ~ignored:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.go(-1 if back else 1)
        else:
            super().keyPressEvent(event)

    def _complete(self) -> None:
        reason = self.reading.reason.text().strip()
        if self._asks_reason and not reason:
            self.show_reason_missing()
            return
        # One press is one record: the button comes back with whatever goes wrong.
        self.foot.main.setEnabled(False)
        self.complete_requested.emit(reason)

    def _jump(self, path: str) -> None:
        self.banner.hide()
        self._stack.setCurrentWidget(self.asking)
        self.asking.stand_at(path)

    def _ask(self) -> None:
        self._stack.setCurrentWidget(self.asking)
        self.asking.take_focus()
        self._show_foot()

    def _read_back(self) -> None:
        self.banner.hide()
        self.reading.show_answers(self.asking.walk.sections, asks_reason=self._asks_reason)
        self._stack.setCurrentWidget(self.reading)
        self.foot.show_reading()
        target = self.reading.reason if self._asks_reason else self.foot.main
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_title(self) -> None:
        self.bar.show_title(self._title, self._remark, self._next_language())

    def _show_foot(self) -> None:
        if not self.is_reading_back():
            self.foot.show_asking(self.asking.walk.left_over())

    def _next_language(self) -> str | None:
        filling = self._filling
        if filling is None or len(filling.definition.languages) < 2:
            return None
        names = filling.definition.languages
        at = names.index(filling.language) if filling.language in names else -1
        return names[(at + 1) % len(names)]

    def _lay_out(self) -> None:
        notice = QHBoxLayout()
        notice.setContentsMargins(0, 0, 0, 0)
        notice.addWidget(self.banner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(rule())
        layout.addLayout(notice)
        layout.addWidget(self._stack, 1)
        layout.addWidget(rule())
        layout.addWidget(self.foot)

    def _connect(self) -> None:
        self.asking.changed.connect(self.changed)
        self.asking.changed.connect(self._show_foot)
        self.asking.moved.connect(self.question_left)
        self.asking.moved.connect(self._show_foot)
        self.asking.ran_out.connect(lambda: self.foot.main.setFocus(Qt.FocusReason.TabFocusReason))
        self.bar.leave_requested.connect(self.leave)
        self.bar.language_requested.connect(self.switch_language)
        self.foot.previous_requested.connect(lambda: self.go(-1))
        self.foot.next_requested.connect(lambda: self.go(1))
        self.foot.main_requested.connect(self.finish)
        self.foot.retry_requested.connect(self.retry_requested)
        commands.bind(commands.FINISH, self, self.finish)
        commands.bind(commands.LEAVE, self, self.leave)
        commands.bind(commands.LANGUAGE, self, self.switch_language)


def _needs(violations: tuple[Violation, ...]) -> dict[str, str]:
    """What each row says: the workbook's sentence, or ours where it has none."""
    ours = {
        "required": QCoreApplication.translate("FillingView", "적어 주세요."),
        "constraint": QCoreApplication.translate("FillingView", "값을 살펴 주세요."),
    }
    return {found.path: found.message or ours[found.kind] for found in violations}
