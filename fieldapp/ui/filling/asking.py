"""The questions of an open form: pages, the rail of sections, and the way from one to the next.

It drives the form engine on the UI thread. Rows compare and redraw only what is another question
than before.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from fieldapp.errors import AnswerRefused
from fieldapp.forms import Filling
from fieldapp.messages import message_for
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.page import SectionPage
from fieldapp.ui.filling.section_rail import Mark, SectionRail, SectionState
from fieldapp.ui.filling.sections import FormBody, Section
from fieldapp.ui.filling.walk import Walk, section_labels, stops
from fieldapp.ui.widgets.text import rule


class Asking(QWidget):
    """Asks one page of questions at a time."""

    #: An answer or a composition changed.
    changed = Signal()
    #: The keys act on another question now.
    moved = Signal()
    #: Enter on the last question.
    ran_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("문항"))
        self.setAccessibleName(self.tr("문항"))
        self.walk = Walk()
        #: What each question needs, by path, as it is said under its row.
        self.wrong: dict[str, str] = {}
        self.rail = SectionRail()
        self._filling: Filling | None = None
        self._body: FormBody | None = None
        self._pages: dict[int, SectionPage] = {}
        self._stack = QStackedWidget()
        self._is_turning = False
        self._has_room = True
        self.rail.chosen.connect(self._open_section)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(rule("vertical"))
        layout.addWidget(self._stack, 1)

    def show_filling(self, filling: Filling, cursor_path: str | None) -> None:
        """Another form: its pages are made when they are first shown."""
        self._filling = filling
        self._body = FormBody(filling)
        self.wrong = {}
        self._forget_pages()
        self.walk = Walk()
        self.walk.refresh(self._body.sections())
        self.walk.begin(cursor_path)
        self.show_here()

    def page(self) -> SectionPage:
        """The page that is shown."""
        return self._pages[self.walk.section]

    def read_again(self) -> None:
        """Every word anew: the language changed."""
        assert self._body is not None  # noqa: S101 - called for an open form only
        self._body.read_all()
        self.walk.refresh(self._body.sections())
        self.show_here()

    def show_here(self) -> None:
        """Draw the page where the worker stands."""
        section = self.walk.sections[self.walk.section]
        page = self._pages.get(self.walk.section)
        if page is None:
            page = self._new_page(section)
            self._pages[self.walk.section] = page
            self._stack.addWidget(page)
        page.show_section(section)
        page.show_current(self.walk.path)
        # A stack gives the focus to some row of the page it turns to: that is not the worker's.
        self._is_turning = True
        self._stack.setCurrentWidget(page)
        self._is_turning = False
        self.show_wrong()

    def show_wrong(self, wrong: Mapping[str, str] | None = None) -> None:
        """Say under each row what it needs, and mark the sections."""
        if wrong is not None:
            self.wrong = dict(wrong)
        for path, row in self.page().rows.items():
            row.show_wrong(self.wrong.get(path, "") if row.question().is_relevant else "")
        labels = section_labels(
            self.walk.sections, self.tr("처음"), self.tr("마무리"), self.tr("이어서")
        )
        self.rail.show_sections(
            [
                SectionState(label, self._mark(number, section), section.is_relevant)
                for number, (label, section) in enumerate(
                    zip(labels, self.walk.sections, strict=True)
                )
            ]
        )

    def take_focus(self) -> None:
        """Put the keys on the question where the worker stands."""
        if self.walk.path is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.page().rows[self.walk.path].take_focus()

    def stand_at(self, path: str) -> None:
        """Put page and keys on a question."""
        left = self.walk.path
        self.walk.stand_at(path)
        self.show_here()
        self.take_focus()
        self._leave(left)

    def go(self, step: int, *, origin: str | None = None) -> None:
        """One question on or back, on the next page where this one ends."""
        path = self.walk.after(origin or self.walk.path, step)
        if path is not None:
            self.stand_at(path)
        elif step > 0:
            self._leave(self.walk.path, stays=True)
            self.ran_out.emit()

    def gather_open_text(self) -> None:
        """Let the form hold what is being composed too, before a snapshot. Nothing is committed."""
        row = self.page().rows.get(self.walk.path or "")
        text = row.answer.open_text() if row is not None else None
        if self._filling is not None and row is not None and text is not None:
            self._filling.answer(row.path, text)

    def _answered(self, path: str, text: str) -> None:
        assert self._filling is not None  # noqa: S101
        assert self._body is not None  # noqa: S101
        try:
            changes = self._filling.answer(path, text)
        except AnswerRefused as refused:
            self.wrong[path] = message_for(refused).happened
            self.show_wrong()
            return
        self.wrong.pop(path, None)
        if self._body.read(changes):
            self._forget_pages()
        self.walk.refresh(self._body.sections())
        self.show_here()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the rail shows marks only and no scale stands as a grid."""
        super().resizeEvent(event)
        width = event.size().width()
        self.rail.show_words(shows_words=width >= t.RAIL_ICONS_UNDER_PX)
        has_room = width - self.rail.width() >= t.STACK_UNDER_PX
        if has_room != self._has_room:
            self._has_room = has_room
            if self._body is not None:
                had_focus = self.isAncestorOf(self.focusWidget() or self)
                self._forget_pages()
                self.show_here()
                if had_focus:
                    self.take_focus()

    def _forget_pages(self) -> None:
        self._pages = {}
        while (page := self._stack.widget(0)) is not None:
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
        assert self._filling is not None  # noqa: S101
        if path is None or (path == self.walk.path and not stays):
            return
        violation = self._filling.violation(path)
        if violation is not None and violation.kind == "constraint":
            self.wrong[path] = violation.message
        self.show_wrong()
        self.moved.emit()

    def _walk_page(self, path: str, step: int) -> None:
        beside = self.walk.neighbour(path, step)
        if beside is not None:
            self.stand_at(beside)

    def _new_page(self, section: Section) -> SectionPage:
        page = SectionPage(section, has_room=self._has_room)
        page.answered.connect(self._answered)
        page.touched.connect(self.changed)
        page.entered.connect(self._entered)
        page.went_on.connect(lambda path: self.go(1, origin=path))
        page.walked.connect(self._walk_page)
        return page

    def _open_section(self, number: int) -> None:
        finish_open_composition()
        self.walk.open_section(number)
        self.show_here()
        self.take_focus()
        self.moved.emit()

    def _mark(self, number: int, section: Section) -> Mark:
        if number == self.walk.section:
            return "here"
        if any(question.path in self.wrong for question in section.questions):
            return "wrong"
        here = set(stops(section))
        asked = [question for question in section.questions if question.path in here]
        if any(question.is_required and not question.value for question in asked):
            return "open"
        return "done" if any(question.value for question in asked) else "open"
