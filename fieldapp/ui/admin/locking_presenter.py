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
        pane.picture_chosen.connect(self._keep_picture)

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

    def _keep_picture(self, longest_px: int) -> None:
        self._jobs.start(
            partial(_keep_picture, self._session, longest_px),
            owner=self,
            on_done=lambda kept: self._pane.show_picture(
                kept.picture_px, self.tr("다음에 여는 서식의 새 사진부터 이 크기로 담습니다.")
            ),
        )

    def _show(self, standing: Preferences) -> None:
        self._pane.show_minutes(standing.lock_minutes, standing.lock_visit_minutes)
        self._pane.show_kept(self.tr("1분에서 30분까지 고를 수 있고, 고르면 곧바로 바뀝니다."))
        self._pane.show_picture(
            standing.picture_px,
            self.tr("작을수록 빨리 보냅니다. 위치와 기기 정보는 언제나 담지 않습니다."),
        )
        self.preferences_read.emit(standing)


def _keep_minutes(session: Session, lock: int | None, visit: int | None) -> Preferences:
    wanted = replace(preferences(session), lock_minutes=lock, lock_visit_minutes=visit)
    keep_preferences(session, wanted)
    return wanted


def _keep_picture(session: Session, longest_px: int) -> Preferences:
    wanted = replace(preferences(session), picture_px=longest_px)
    keep_preferences(session, wanted)
    return wanted
