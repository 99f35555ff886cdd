"""Opens what the server did not take, and does with it what its author says."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes
from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.screen import FormWanted
from fieldapp.ui.syncing.inside_dialog import InsideDialog
from fieldapp.ui.syncing.view import SyncingView
from fieldapp.usecases import sending_again as usecases
from fieldapp.usecases.sending_again import Inside
from fieldapp.usecases.session import Session


class InsidePresenter(QObject):
    """Between a line that asks for its author and the store."""

    changed = Signal(object)  # Changes
    form_wanted = Signal(object)  # FormWanted

    def __init__(self, view: SyncingView, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._session = session
        view.inside_requested.connect(self._read)

    def _read(self, op_id: str) -> None:
        self._jobs.start(
            partial(usecases.inside, self._session, op_id), owner=self, on_done=self._show
        )

    def _show(self, shown: Inside | None) -> None:
        if shown is None:
            # A round has answered it meanwhile.
            self.changed.emit(Changes(outbox=True))
            return
        if not self._view.isVisible():
            # Locked or hidden meanwhile: nothing of it may stand over that.
            return
        dialog = InsideDialog(shown, self._view)
        dialog.again_requested.connect(self._again)
        dialog.drop_requested.connect(
            lambda op_id: self._do(partial(usecases.drop, self._session, op_id))
        )
        dialog.seen_requested.connect(
            lambda op_id: self._do(partial(usecases.note_seen, self._session, op_id))
        )
        dialog.open_requested.connect(
            lambda record_id: self.form_wanted.emit(FormWanted(record_id=record_id))
        )
        dialog.open()

    def _again(self, op_id: str) -> None:
        self._jobs.start(
            partial(usecases.again, self._session, op_id),
            owner=self,
            on_done=self._offered,
            on_error=self._refused,
        )

    def _offered(self, result: tuple[Changes, RecordId | None]) -> None:
        changes, record_id = result
        self.changed.emit(changes)
        if record_id is not None:
            self.form_wanted.emit(FormWanted(record_id=record_id, is_draft=True))

    def _do(self, deed: partial[Changes]) -> None:
        self._jobs.start(deed, owner=self, on_done=self.changed.emit, on_error=self._refused)

    def _refused(self, error: FieldAppError) -> None:
        self._view.banner.show_message(message_for(error))
