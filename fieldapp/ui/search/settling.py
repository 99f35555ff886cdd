"""When a search has come to its end: something else is done, or nobody has typed for a second."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from fieldapp.errors import FieldAppError
from fieldapp.ui.jobs import Jobs
from fieldapp.usecases import search as usecases
from fieldapp.usecases.session import Session

#: Nobody pauses so long within a word.
SETTLED_AFTER_MS = 1_000


class Settling(QObject):
    """Lets the access log make one entry of what was typed letter by letter."""

    def __init__(self, jobs: Jobs, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._session = session
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED_AFTER_MS)
        self._timer.timeout.connect(self._settle)

    def wait(self) -> None:
        """A search was asked; another letter may follow."""
        self._timer.start()

    def end(self) -> None:
        """No letter follows: what was found was opened, or the search was left."""
        if self._timer.isActive():
            self._timer.stop()
            self._settle()

    def _settle(self) -> None:
        self._jobs.start(
            partial(usecases.settle, self._session), owner=self, on_error=self._not_settled
        )

    def _not_settled(self, _error: FieldAppError) -> None:
        # On a full disk, or behind a lock: what was shown is kept, and the next entry of the log
        # brings it along.
        pass
