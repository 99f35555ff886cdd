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
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.asking import Asking, Sheet
from fieldapp.ui.filling.deeds import Deeds
from fieldapp.ui.filling.frame import Foot, TitleBar
from fieldapp.ui.filling.picturing import Picturing
from fieldapp.ui.filling.read_back import Copies, ReadBack
from fieldapp.ui.filling.respondent import Respondent
from fieldapp.ui.widgets.notices import Banner, Toast
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
    #: What one of two people has filled is to be kept, complete or not.
    part_requested = Signal()
    #: 가리기: somebody is looking.
    hide_requested = Signal()
    #: A picture to be kept: path, bytes, ending; answered by `pictures.kept` or `not_kept`.
    photo_taken = Signal(str, object, str)
    #: Enter on the respondent's last page: another form, with what the officer filled before.
    next_respondent_requested = Signal(object)  # Mapping[str, str]

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self._filling: Filling | None = None
        self._title = ""
        self._remark = ""
        self._subject = ""
        self._is_survey = False
        self._is_joint = False
        self._asks_reason = False
        self._copies: Copies = tuple
        self._sheet = Sheet()
        self.bar = TitleBar()
        self.banner = Banner(strip=True)
        self.asking = Asking()
        self.reading = ReadBack()
        self.respondent = Respondent(self.asking)
        self.foot = Foot()
        self.rules = (rule(), rule())
        self.toast = Toast(self, above_px=t.FOOT_PX)
        self.deeds = Deeds(self.asking, self.toast)
        self.pictures = Picturing(self.asking)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.asking)
        self._stack.addWidget(self.reading)
        self._stack.addWidget(self.respondent)
        _lay_out(self, self._stack)
        self._connect()

    def show_form(
        self,
        title: str,
        filling: Filling,
        *,
        cursor_path: str | None = None,
        asks_reason: bool = False,
        remark: str = "",
        subject: str = "",
        is_survey: bool = False,
        is_joint: bool = False,
        sheet: Sheet | None = None,
        copies: Copies = tuple,
    ) -> None:
        """Put a form on the desk, at the question where it was left.

        subject: whom it is about, masked. is_survey: it can be handed to a respondent.
        is_joint: two people fill it, and each keeps a part of it.
        sheet: last answers, parts, pictures and phrases.
        copies: makes 행복이음에 옮길 글 from the answers as they stand.
        """
        sheet = sheet or Sheet()
        self._filling = filling
        self._asks_reason = asks_reason
        self._title, self._remark, self._subject = title, remark, subject
        self._is_survey, self._is_joint = is_survey, is_joint
        self._copies = copies
        self._sheet = sheet
        self.respondent.end()
        self.pictures.begin()
        self.deeds.use_phrases(sheet.aids.phrases)
        self.toast.hide()
        self.banner.hide()
        self.reading.reason.clear()
        self.foot.show_saved("")
        self.foot.show_differing(sheet.differing)
        self.foot.main.setEnabled(True)
        self.asking.show_filling(filling, cursor_path, sheet)
        self.reading.use_aids(sheet.aids)
        self._show_title()
        self._ask(goes_on_typing=cursor_path is not None)

    def show_kiosk(self, *, is_on: bool, first: str = "") -> None:
        """Hand the laptop to a respondent, from the page where the officer stands or from `first`.

        Taken back before the end, the form is left and its answers are not shown.
        """
        if is_on and self._filling is not None:
            finish_open_composition()
            self.banner.hide()
            self.respondent.begin(self._sheet.aids, first)
            _show_frame(self)
            self._stack.setCurrentWidget(self.respondent)
            self.respondent.take_focus()
        elif self.respondent.is_on():
            # It stays up until the form is gone: the officer sees no answer on the way out.
            self.pictures.when_kept(self.leave_requested.emit)

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
        if self._filling is None or not self.foot.main.isEnabled() or self.respondent.is_on():
            return
        if self.is_reading_back():
            self._complete()
            return
        if self.pictures.is_busy():
            self.pictures.when_kept(self.finish)
            return
        self.asking.drop_untouched()
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
        if self.respondent.is_on():
            self.respondent.go(step)
        elif not self.is_reading_back():
            self.asking.go(step)
        elif step > 0:
            self.finish()
        else:
            self._ask()

    def leave(self) -> None:
        """Esc: the draft is kept; from the read-back page it leads back to the questions."""
        finish_open_composition()
        if self.respondent.is_on() and not self.respondent.is_thanking():
            return  # a key that a respondent pressed by mistake
        if self.is_reading_back():
            self._ask()
        elif self.pictures.is_busy():
            self.pictures.when_kept(self.leave)
        else:
            self.leave_requested.emit()

    def switch_language(self) -> None:
        """The next language of the workbook; what stands on the page changes in place."""
        finish_open_composition()
        filling, upcoming = self._filling, _next_language(self._filling)
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
            self._read_back()

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

    def _end_respondent(self) -> None:
        """The respondent is through: complete without reading back, and show nothing of it."""
        assert self._filling is not None  # noqa: S101
        if self.respondent.is_thanking():
            return  # pressed twice while a picture was on its way
        if self.pictures.is_busy():
            self.pictures.when_kept(self._end_respondent)
            return
        self.asking.drop_untouched()
        violations = self._filling.violations()
        mine = [found for found in violations if self.respondent.asks(found.path)]
        if mine:
            self.respondent.show_question(mine[0].path, _needs(violations)[mine[0].path])
        elif violations:
            self.respondent.end()
            self.show_violations(violations)
        else:
            self.respondent.thank()
            self.complete_requested.emit("")

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

    def _ask(self, *, goes_on_typing: bool = False) -> None:
        self._stack.setCurrentWidget(self.asking)
        self.asking.take_focus(goes_on_typing=goes_on_typing)
        self._show_foot()

    def _read_back(self) -> None:
        self.banner.hide()
        self.toast.hide()
        self.reading.show_answers(
            self.asking.walk.sections, asks_reason=self._asks_reason, copies=self._copies()
        )
        self._stack.setCurrentWidget(self.reading)
        self.foot.show_reading()
        target = self.reading.reason if self._asks_reason else self.foot.main
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_title(self) -> None:
        upcoming = _next_language(self._filling)
        self.bar.show_title(
            self._title,
            self._remark,
            upcoming,
            self._subject,
            is_survey=self._is_survey,
            is_joint=self._is_joint,
        )

    def _show_foot(self) -> None:
        if not self.is_reading_back():
            walk = self.asking.walk
            lines = any(q.place.number for q in walk.sections[walk.section].questions)
            self.foot.show_asking(walk.left_over(), scored=walk.scored() if lines else None)

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
        self.foot.note_requested.connect(self.deeds.note)
        self.foot.photo_requested.connect(self.deeds.photo)
        self.foot.add_requested.connect(self.deeds.add)
        self.bar.hide_requested.connect(self.hide_requested)
        self.bar.part_requested.connect(self.part_requested)
        self.bar.respondent_requested.connect(lambda: self.show_kiosk(is_on=True))
        self.respondent.ran_out.connect(self._end_respondent)
        self.respondent.ended.connect(lambda: _show_frame(self))
        self.respondent.next_wanted.connect(
            lambda: self.next_respondent_requested.emit(self.respondent.carried())
        )
        self.deeds.said.connect(self.foot.show_remark)
        self.pictures.picture_taken.connect(self.photo_taken)
        self.pictures.looked_for.connect(self.reading.look_again)
        _bind_deeds(self.asking, self.deeds)
        commands.bind(commands.UNDO, self.toast, self.toast.button.click)
        commands.bind(commands.FINISH, self, self.finish)
        commands.bind(commands.LEAVE, self, self.leave)
        commands.bind(commands.KEEP_PART, self, self.bar.part.click)
        commands.bind(commands.LANGUAGE, self, self.switch_language)
        commands.bind(
            commands.RESPONDENT, self, lambda: self.show_kiosk(is_on=not self.respondent.is_on())
        )


def _show_frame(view: FillingView) -> None:
    """Title, foot and their lines, while an officer works."""
    for part in (view.bar, view.foot, *view.rules):
        part.setVisible(not view.respondent.is_on())


def _lay_out(view: FillingView, stack: QStackedWidget) -> None:
    notice = QHBoxLayout()
    notice.setContentsMargins(0, 0, 0, 0)
    notice.addWidget(view.banner)
    layout = QVBoxLayout(view)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(view.bar)
    layout.addWidget(view.rules[0])
    layout.addLayout(notice)
    layout.addWidget(stack, 1)
    layout.addWidget(view.rules[1])
    layout.addWidget(view.foot)


def _bind_deeds(place: QWidget, deeds: Deeds) -> None:
    """The function keys, while questions are asked."""
    for command, act in (
        (commands.NOTE, deeds.note),
        (commands.PHOTO, deeds.photo),
        (commands.SAME, deeds.same),
        (commands.SAME_SECTION, deeds.same_section),
        (commands.PHRASES, deeds.phrase),
        (commands.FIND_QUESTION, deeds.find),
        (commands.ADD, deeds.add),
        (commands.REMOVE, deeds.remove),
        (commands.NEXT_SECTION, lambda: deeds.section(1)),
        (commands.PREVIOUS_SECTION, lambda: deeds.section(-1)),
    ):
        commands.bind(command, place, act)


def _next_language(filling: Filling | None) -> str | None:
    """The language of the workbook that comes after the one shown; None when it has only one."""
    if filling is None or len(filling.definition.languages) < 2:
        return None
    names = filling.definition.languages
    at = names.index(filling.language) if filling.language in names else -1
    return names[(at + 1) % len(names)]


def _needs(violations: tuple[Violation, ...]) -> dict[str, str]:
    """What each row says: the workbook's sentence, or ours where it has none."""
    ours = {
        "required": QCoreApplication.translate("FillingView", "적어 주세요."),
        "constraint": QCoreApplication.translate("FillingView", "값을 살펴 주세요."),
    }
    return {found.path: found.message or ours[found.kind] for found in violations}
