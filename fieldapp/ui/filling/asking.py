"""The questions of an open form: pages, the rail of sections, and the way from one to the next.

It drives the form engine on the UI thread. Rows compare and redraw only what is another question
than before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from fieldapp.errors import AnswerRefused
from fieldapp.forms import Filling
from fieldapp.messages import message_for
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.page import SectionPage
from fieldapp.ui.filling.section_rail import Mark, SectionRail, SectionState
from fieldapp.ui.filling.sections import FormBody, Section
from fieldapp.ui.filling.walk import Walk, section_labels
from fieldapp.ui.questions.adding import ADDER
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.widgets.text import rule

#: Long enough that it never comes between two keys of a hurried hand.
_AHEAD_AFTER_MS = 250
#: Answers of a checklist that ask for their evidence (ux §5).
_ASKS_EVIDENCE = {"1", "2", "na", "unk"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around an open form.

    last: answers of last time by path. parts: seat by the path of its group; seat: the worker's
    own. is_new: nobody has written in it yet. masked: the question whose person stands masked.
    differing: how many answers another has given otherwise, by whom.
    """

    aids: Aids = field(default_factory=Aids)
    last: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    seat: str = ""
    is_new: bool = False
    masked: str = ""
    differing: Mapping[str, int] = field(default_factory=dict)


class Asking(QWidget):
    """Asks one page of questions at a time."""

    #: An answer or a composition changed.
    changed = Signal()
    #: The keys act on another question now.
    moved = Signal()
    #: Enter on the last question.
    ran_out = Signal()
    #: One more of a repeat is wanted; an instance is to be taken away; 변동 없음.
    add_wanted = Signal(str)
    remove_wanted = Signal(str)
    same_wanted = Signal()
    #: A picture to be kept: path, bytes, ending of its name.
    picture_taken = Signal(str, object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("문항"))
        self.walk = Walk()
        #: What each question needs, by path, as it is said under its row.
        self.wrong: dict[str, str] = {}
        #: Where to go on after a card that was begun from elsewhere, when its last line is left.
        self.way_back: tuple[str, str] | None = None
        self.rail = SectionRail()
        self.filling: Filling | None = None
        self._body: FormBody | None = None
        self._sheet = Sheet()
        self._pages: dict[str, SectionPage] = {}
        self._stack = QStackedWidget()
        self._is_turning = False
        self._has_room = True
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(_AHEAD_AFTER_MS)
        self._ahead.timeout.connect(self._make_next_page)
        self.rail.chosen.connect(self.open_section)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(rule("vertical"))
        layout.addWidget(self._stack, 1)

    def show_filling(self, filling: Filling, cursor_path: str | None, sheet: Sheet) -> None:
        """Another form: its pages are made when they are first shown."""
        self.filling = filling
        self._sheet = sheet
        self._body = FormBody(
            filling,
            last=sheet.last,
            parts=sheet.parts,
            is_new=sheet.is_new,
            masked=sheet.masked,
        )
        self.wrong = {}
        self.way_back = None
        for key in list(self._pages):
            self._forget_page(key)
        self.walk = Walk()
        self.walk.refresh(self._body.sections())
        self.walk.begin(cursor_path)
        self.show_here()

    def body(self) -> FormBody:
        """The sections of the form that is shown."""
        assert self._body is not None  # noqa: S101 - asked for an open form only
        return self._body

    def page(self) -> SectionPage:
        """The page that is shown."""
        return self._pages[self.walk.sections[self.walk.section].key]

    def read_again(self) -> None:
        """Every word anew: the language changed, or rows came and went."""
        self.body().read_all()
        self.show_body()

    def show_body(self) -> None:
        """The sections as they were last read, at the place where the worker stands."""
        self.walk.refresh(self.body().sections())
        self.show_here()

    def show_here(self) -> None:
        """Draw the page where the worker stands."""
        section = self.walk.sections[self.walk.section]
        page = self._pages.get(section.key)
        had_focus = False
        if page is not None and not page.can_show(section, has_room=self._has_room):
            had_focus = page.isAncestorOf(self.focusWidget() or self)
            self._forget_page(section.key)
            page = None
        if page is None:
            page = self._new_page(section)
            self._pages[section.key] = page
        else:
            page.show_section(section)
        page.show_current(self.walk.path)
        self._ahead.start()
        # A stack gives the focus to some row of the page it turns to: that is not the worker's.
        self._is_turning = True
        self._stack.setCurrentWidget(page)
        self._is_turning = False
        self.show_wrong()
        if had_focus and (row := page.rows.get(self.walk.path or "")) is not None:
            row.take_focus(goes_on_typing=True)

    def show_wrong(self, wrong: Mapping[str, str] | None = None) -> None:
        """Say under each row what it needs, and mark the sections."""
        if wrong is not None:
            self.wrong = dict(wrong)
        self.page().show_wrong(self.wrong)
        labels = section_labels(
            self.walk.sections, self.tr("처음"), self.tr("마무리"), self.tr("이어서")
        )
        self.rail.show_sections(
            [
                SectionState(
                    label,
                    self._mark(number, section),
                    section.is_relevant,
                    count=section.count,
                    is_others=bool(section.seat) and section.seat != self._sheet.seat,
                )
                for number, (label, section) in enumerate(
                    zip(labels, self.walk.sections, strict=True)
                )
            ]
        )

    def take_focus(self, *, goes_on_typing: bool = False) -> None:
        """Put the keys on the question where the worker stands; coming back to a draft, behind what
        stands there, so that no key writes it over.
        """
        row = self.page().rows.get(self.walk.path or "")
        if row is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            row.take_focus(goes_on_typing=goes_on_typing)

    def stand_at(self, path: str) -> None:
        """Put page and keys on a question."""
        left = self.walk.path
        self.walk.stand_at(path)
        self.show_here()
        self.take_focus()
        self._leave(left)

    def go(self, step: int, *, origin: str | None = None) -> None:
        """One question on or back, on the next page where this one ends."""
        start = origin or self.walk.path
        path = self.walk.after_line(start) if step > 0 else self.walk.after(start, step)
        if self.way_back is not None and step > 0:
            card, back = self.way_back
            if not (path or "").startswith(f"{card}/"):
                # The card that was begun from elsewhere is done: back to what it was about.
                self.way_back = None
                path = back
        if path is not None:
            self.stand_at(path)
        elif step > 0:
            self._leave(self.walk.path, stays=True)
            self.ran_out.emit()

    def open_section(self, number: int) -> None:
        """Turn to a page, at its first unanswered question."""
        finish_open_composition()
        self.walk.open_section(number)
        self.show_here()
        self.take_focus()
        self.moved.emit()

    def answer(self, path: str, text: str) -> bool:
        """Give an answer and show what it changed. False: the form refused it, and says so."""
        filling = self.filling
        assert filling is not None  # noqa: S101
        try:
            changes = filling.answer(path, text)
        except AnswerRefused as refused:
            self.wrong[path] = message_for(refused).happened
            self.show_wrong()
            return False
        self.wrong.pop(path, None)
        self.body().read(changes)
        question = self.walk.question(path)
        if question is not None and question.place.number and text in _ASKS_EVIDENCE:
            self.body().open_under(path)
        self.show_body()
        self.changed.emit()
        return True

    def drop_untouched(self) -> None:
        """Before finishing: what the form began by itself and nobody wrote in goes."""
        self.body().drop_untouched()
        self.show_body()

    def show_again(self, path: str) -> None:
        """A row as the form holds it: what was to change did not."""
        page = next((page for page in self._pages.values() if path in page.rows), None)
        if page is not None:
            row = page.rows[path]
            row.answer.show_question(row.question())

    def gather_open_text(self) -> None:
        """Let the form hold what is being composed too, before a snapshot. Nothing is committed."""
        if self.filling is None or not self._pages:
            return
        row = self.page().rows.get(self.walk.path or "")
        text = row.answer.open_text() if row is not None else None
        if row is not None and text is not None:
            self.filling.answer(row.path, text)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Qt: Tab follows the questions, over the end of a page too, and then the foot (ux §4)."""
        # No page where one is just being replaced: its row gives the focus up by itself.
        key = self.walk.sections[self.walk.section].key if self._pages else ""
        if not _leaves(self._pages.get(key), is_next=is_next):
            return super().focusNextPrevChild(is_next)
        finish_open_composition()
        stops = self.walk.sections[self.walk.section].stops
        edge = (stops[-1] if is_next else stops[0]) if stops else self.walk.path
        if is_next:
            self.go(1, origin=edge)
            return True
        path = self.walk.after(edge, -1)
        if path is None:
            return super().focusNextPrevChild(is_next)
        self.stand_at(path)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the rail shows marks only and no scale stands as a grid."""
        super().resizeEvent(event)
        width = event.size().width()
        self.rail.show_words(shows_words=width >= t.RAIL_ICONS_UNDER_PX)
        has_room = width - self.rail.width() >= t.STACK_UNDER_PX
        if has_room != self._has_room:
            self._has_room = has_room
            if self._body is not None:
                self.show_here()

    def _forget_page(self, key: str) -> None:
        page = self._pages.pop(key)
        self._stack.removeWidget(page)
        page.deleteLater()

    def _entered(self, path: str) -> None:
        if self._is_turning:
            return
        left = self.walk.path
        self.walk.stand_at(path)
        self.page().show_current(path)
        self._leave(left)

    def _leave(self, path: str | None, *, stays: bool = False) -> None:
        """After a question: its constraint is said at once; that it is required, at the end."""
        assert self.filling is not None  # noqa: S101
        question = self.walk.question(path)
        if question is None or (path == self.walk.path and not stays):
            return
        is_adder = question.control == ADDER
        violation = None if is_adder else self.filling.violation(question.path)
        if violation is not None and violation.kind == "constraint":
            self.wrong[question.path] = violation.message
        self.show_wrong()
        self.moved.emit()

    def _walk_page(self, path: str, step: int) -> None:
        beside = self.walk.neighbour(path, step)
        if beside is not None:
            self.stand_at(beside)

    def _make_next_page(self) -> None:
        """While the worker reads: the page that comes next, so that turning to it costs no key."""
        number = self.walk.other_section(1)
        if self._body is not None and number is not None:
            section = self.walk.sections[number]
            if section.key not in self._pages:
                self._pages[section.key] = self._new_page(section)

    def _new_page(self, section: Section) -> SectionPage:
        page = SectionPage(section, self._sheet.aids, has_room=self._has_room, parent=self._stack)
        page.answered.connect(self.answer)
        page.touched.connect(self.changed)
        page.entered.connect(self._entered)
        page.went_on.connect(lambda path: self.go(1, origin=path))
        page.walked.connect(self._walk_page)
        page.add_wanted.connect(self.add_wanted)
        page.remove_wanted.connect(self.remove_wanted)
        page.same_wanted.connect(self.same_wanted)
        page.picture_taken.connect(self.picture_taken)
        self._stack.addWidget(page)
        return page

    def _mark(self, number: int, section: Section) -> Mark:
        if number == self.walk.section:
            return "here"
        if self.wrong and any(question.path in self.wrong for question in section.questions):
            return "wrong"
        return "done" if section.is_begun and not section.left_over else "open"


def _leaves(page: QWidget | None, *, is_next: bool) -> bool:
    """Whether Tab (or Shift+Tab) would go out of the page from where the focus is."""
    here = QApplication.focusWidget()
    if here is None or page is None or not page.isAncestorOf(here):
        return False
    return not page.isAncestorOf(_tab_stop_beside(here, is_next=is_next))


def _tab_stop_beside(here: QWidget, *, is_next: bool) -> QWidget:
    """Where Tab (or Shift+Tab) goes by itself; `here` where there is no other."""
    widget = here
    while True:
        beside = widget.nextInFocusChain() if is_next else widget.previousInFocusChain()
        if beside is None or beside is here:
            return here
        widget = beside
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not widget.focusProxy()
        if takes and widget.isEnabled() and widget.isVisible():
            return widget
