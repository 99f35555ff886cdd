"""거두기: asks whether much may leave this laptop at once, and lets it go after a backup."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.operation import Changes
from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs, Lane
from fieldapp.ui.syncing.view import SyncingView
from fieldapp.usecases import taking_away as usecases
from fieldapp.usecases.session import Session
from fieldapp.usecases.taking_away import Leaving


class LeavingPresenter(QObject):
    """Between the strip on top of 주고받기 and what waits to leave."""

    changed = Signal(object)  # Changes

    def __init__(self, view: SyncingView, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._session = session
        self._is_going = False

    def reload(self) -> None:
        """What waits."""
        self._jobs.start(partial(usecases.leaving, self._session), owner=self, on_done=self._show)

    def _show(self, told: Leaving | None) -> None:
        if self._is_going:
            return
        if told is None:
            self._view.leaving.hide()
            return
        counts = [
            words % count
            for count, words in (
                (told.records, self.tr("기록 %d건")),
                (told.entities, self.tr("대상 %d건")),
            )
            if count
        ]
        said = self.tr("서버가 %s을 이 노트북에서 거두라고 합니다.") % ", ".join(counts)
        self._view.leaving.show_notice(
            said
            + self.tr(" 한 번에 거두기에는 많아 그대로 두었습니다.\n")
            + self.tr(
                "담당이나 관할이 바뀌었는지 관리자에게 확인한 뒤 거두세요. 먼저 예비본을 만듭니다."
            ),
            "warning",
            button=self.tr("예비본 만들고 거두기"),
            deed=self._let_go,
        )

    def _let_go(self) -> None:
        self._is_going = True
        self._view.leaving.show_notice(
            self.tr("예비본을 만들고 거두는 중입니다. 그동안 다른 일을 하셔도 됩니다.")
        )
        # Behind a round under way: both are of the network lane.
        self._jobs.start(
            partial(usecases.let_go, self._session),
            owner=self,
            on_done=self._gone,
            on_error=self._refused,
            lane=Lane.NETWORK,
        )

    def _gone(self, changes: Changes) -> None:
        self._is_going = False
        self._view.leaving.hide()
        self.changed.emit(changes)

    def _refused(self, error: FieldAppError) -> None:
        self._is_going = False
        self._view.banner.show_message(message_for(error))
        self.reload()
