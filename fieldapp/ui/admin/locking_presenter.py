"""Keeps when the app locks by itself."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.ui.admin.locking_pane import LockingPane
from fieldapp.ui.jobs import Jobs
from fieldapp.usecases.preferences import Preferences, keep_preferences, preferences
from fieldapp.usecases.session import Session


class LockingPresenter(QObject):
    """Between the page and what the worker set."""

    #: As they stand, whenever they were read or kept.
    preferences_read = Signal(object)  # Preferences

    def __init__(self, pane: LockingPane, jobs: Jobs, session: Session) -> None:
        super().__init__(pane)
        self._pane = pane
        self._jobs = jobs
        self._session = session
        pane.minutes_chosen.connect(self._keep)

    def reload(self) -> None:
        """What is set."""
        self._jobs.start(partial(preferences, self._session), owner=self, on_done=self._show)

    def _keep(self, lock: int | None, visit: int | None) -> None:
        self._jobs.start(
            partial(_keep_minutes, self._session, lock, visit), owner=self, on_done=self._kept
        )

    def _kept(self, kept: Preferences) -> None:
        self._pane.show_kept(self.tr("이제부터 이대로 잠급니다."))
        self.preferences_read.emit(kept)

    def _show(self, standing: Preferences) -> None:
        self._pane.show_minutes(standing.lock_minutes, standing.lock_visit_minutes)
        self._pane.show_kept(self.tr("1분에서 30분까지 고를 수 있고, 고르면 곧바로 바뀝니다."))
        self.preferences_read.emit(standing)


def _keep_minutes(session: Session, lock: int | None, visit: int | None) -> Preferences:
    wanted = replace(preferences(session), lock_minutes=lock, lock_visit_minutes=visit)
    keep_preferences(session, wanted)
    return wanted
