"""How things stand, for the status line; what waits for the projection is projected meanwhile.

The projection goes on a slice a job of the storage lane: whatever is saved, kept or asked goes
between two of them. Read at every unlock, so that it goes on where a lock or a crash left it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.errors import FieldAppError
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.widgets.status_line import Truth
from fieldapp.usecases import records as usecases
from fieldapp.usecases.projecting import Slice, project_slice
from fieldapp.usecases.session import Session


class Standing(QObject):
    """Between the store and the status line."""

    truth_changed = Signal(object)  # Truth
    #: What waited is in the tables: lists that count it may be read again.
    projected = Signal()

    def __init__(self, jobs: Jobs, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._session = session
        self._truth = Truth()
        self._is_projecting = False
        self._is_stopped = False
        self._projected = 0

    def read(self) -> None:
        """Read the store's facts, and begin to project when anything waits for it."""
        self._jobs.start(partial(usecases.status, self._session), owner=self, on_done=self._show)

    def show_reached(self, is_reached: bool) -> None:
        """The line to the server is there, or is not."""
        self._tell(replace(self._truth, is_reached=is_reached))

    def stop(self) -> None:
        """The store is about to be closed: no further slice."""
        self._is_stopped = True

    def _show(self, status: usecases.Status) -> None:
        self._tell(
            replace(
                self._truth,
                saved_at=status.saved_at,
                unsent=status.unsent,
                last_exchange=status.last_exchange,
                conflicts=status.open_conflicts,
            )
        )
        if status.due_projection and not self._is_projecting:
            self._projected = 0
            self._project()

    def _project(self) -> None:
        self._is_projecting = not self._is_stopped
        if self._is_projecting:
            self._jobs.start(
                partial(project_slice, self._session),
                owner=self,
                on_done=self._sliced,
                on_error=self._not_projected,
            )

    def _sliced(self, done: Slice) -> None:
        self._projected += done.done
        if done.waiting:
            total = self._projected + done.waiting
            self._tell(replace(self._truth, projecting=(self._projected, total)))
            self._project()
        else:
            self._rest()
            self.projected.emit()

    def _not_projected(self, _error: FieldAppError) -> None:
        # A full disk is said where something is saved; the figures say what they lack. The next
        # reading of the facts tries again.
        self._rest()

    def _rest(self) -> None:
        self._is_projecting = False
        self._tell(replace(self._truth, projecting=None))

    def _tell(self, truth: Truth) -> None:
        self._truth = truth
        self.truth_changed.emit(truth)
