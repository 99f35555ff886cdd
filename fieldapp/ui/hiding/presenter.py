"""Asks the store about the four digits, counts the misses."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.hiding.view import CurtainView
from fieldapp.ui.jobs import Jobs
from fieldapp.usecases import hiding as usecases
from fieldapp.usecases.session import Session

MISSES = 3
_LEFT = {2: "두 번", 1: "한 번"}


class CurtainPresenter(QObject):
    """The white page and its digits."""

    #: The digits were right: what was behind comes back.
    opened = Signal()
    #: Three misses.
    locked_out = Signal()

    def __init__(self, view: CurtainView, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._session = session
        self._has_code = False
        self._first = ""
        self._misses = 0
        view.given.connect(self._given)
        jobs.start(partial(usecases.has_code, session), owner=self, on_done=self._note_code)

    def has_code(self) -> bool:
        """Whether digits were ever chosen; without them nobody is kept waiting before a page."""
        return self._has_code

    def draw(self) -> None:
        """Ask for the digits, or let them be chosen."""
        self._first = ""
        if self._has_code:
            self._view.show_hidden()
        else:
            self._view.show_choosing(again=False)

    def _note_code(self, has_code: bool) -> None:
        self._has_code = has_code

    def _given(self, digits: str) -> None:
        if self._has_code:
            self._jobs.start(
                partial(usecases.check_code, self._session, digits),
                owner=self,
                on_done=self._checked,
            )
        elif not self._first:
            self._first = digits
            self._view.show_choosing(again=True)
        elif digits != self._first:
            self._first = ""
            self._view.show_choosing(again=False)
            self._view.show_wrong(self.tr("두 숫자가 다릅니다. 처음부터 다시 정해 주세요."))
        else:
            self._jobs.start(
                partial(usecases.set_code, self._session, digits),
                owner=self,
                on_done=lambda _: self._set(),
                on_error=self._not_set,
            )

    def _set(self) -> None:
        self._has_code = True
        self.opened.emit()

    def _not_set(self, error: FieldAppError) -> None:
        self._first = ""
        self._view.show_choosing(again=False)
        self._view.show_wrong(message_for(error).happened)

    def _checked(self, is_right: bool) -> None:
        if is_right:
            self._misses = 0
            self.opened.emit()
            return
        self._misses += 1
        left = MISSES - self._misses
        if left:
            words = self.tr("숫자가 맞지 않습니다. %s 더 틀리면 잠급니다.") % _LEFT[left]
            self._view.show_wrong(words)
        else:
            self._misses = 0
            self.locked_out.emit()
