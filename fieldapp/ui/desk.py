"""An unlocked profile at work: its screens, who feeds them, and what is reloaded when.

Screens tell what was asked of them; the desk passes it to their presenters and shows the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.operation import Changes
from fieldapp.messages import Message
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.presenter import FillingPresenter
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.jobs import Jobs, Lane
from fieldapp.ui.records.presenter import RecordsPresenter
from fieldapp.ui.records.view import RecordsView
from fieldapp.ui.summaries.presenter import FolderChooser, SummariesPresenter
from fieldapp.ui.summaries.view import SummariesView
from fieldapp.ui.syncing.presenter import SyncingPresenter
from fieldapp.ui.syncing.view import SyncingView
from fieldapp.ui.widgets.status_line import Truth
from fieldapp.usecases import filling as forms
from fieldapp.usecases import records as usecases
from fieldapp.usecases.session import Session, lock


class Desk(QObject):
    """The screens of one session, and the way between them."""

    #: Another screen is to be shown: records, filling, summaries or syncing.
    screen_wanted = Signal(str)
    truth_changed = Signal(object)  # Truth
    #: The store is closed.
    locked = Signal()

    def __init__(
        self, session: Session, jobs: Jobs, choose_folder: FolderChooser | None = None
    ) -> None:
        super().__init__()
        self.session = session
        self._jobs = jobs
        self._truth = Truth()
        self.records = RecordsView()
        self.filling = FillingView()
        self.summaries = SummariesView()
        self.syncing = SyncingView()
        self._records = RecordsPresenter(self.records, jobs, session)
        self.form = FillingPresenter(self.filling, jobs, session)
        self._summaries = SummariesPresenter(self.summaries, jobs, session, choose_folder)
        self.exchange = SyncingPresenter(self.syncing, jobs, session)
        self._connect()

    def show_screen(self, name: str) -> None:
        """A screen is about to be shown: read what it shows."""
        if name == "records":
            self._records.reload()
        elif name == "summaries":
            self._summaries.reload()
        elif name == "syncing":
            self.exchange.reload()
        self.read_status()

    def open_draft(self, record_id: str) -> None:
        """Go on where the draft was left, such as after a lock."""
        self.form.open_draft(record_id)

    def read_status(self) -> None:
        """The status line's facts."""
        self._jobs.start(
            partial(usecases.status, self.session), owner=self, on_done=self._show_status
        )

    def keep_everything(self) -> None:
        """Finish what is being composed and keep the draft: before lock, close and crash."""
        finish_open_composition()
        self.form.keep()

    def close(self) -> str | None:
        """Keep everything and close the store. Returns the draft that was on the desk.

        The store is closed on its own lane, behind whatever is still to be written there.
        """
        was_open = self.form.draft_id()
        close = self._closing()
        # First the network lane comes to rest: a round under way still uses the store.
        self._jobs.start(
            lambda: None,
            owner=self,
            lane=Lane.NETWORK,
            on_done=lambda _: self._jobs.start(
                close, owner=self, on_done=lambda _: self.locked.emit()
            ),
        )
        return was_open

    def close_now(self) -> None:
        """The same, and wait for it: the window is closing."""
        close = self._closing()
        self._jobs.wait(Lane.NETWORK)
        self._jobs.start(close, owner=self)
        self._jobs.wait(Lane.STORAGE)

    def _closing(self) -> Callable[[], None]:
        snapshot = self.form.last_snapshot()
        self.form.drop()
        self.exchange.stop()
        return partial(_close, self.session, snapshot)

    def _show_status(self, status: usecases.Status) -> None:
        self._truth = Truth(
            saved_at=status.saved_at,
            unsent=status.unsent,
            last_exchange=status.last_exchange,
            conflicts=status.open_conflicts,
            is_reached=self._truth.is_reached,
        )
        self.truth_changed.emit(self._truth)

    def _show_reached(self, is_reached: bool) -> None:
        self._truth = Truth(
            saved_at=self._truth.saved_at,
            unsent=self._truth.unsent,
            last_exchange=self._truth.last_exchange,
            conflicts=self._truth.conflicts,
            is_reached=is_reached,
        )
        self.truth_changed.emit(self._truth)

    def _changed(self, changes: Changes) -> None:
        """Views reload what they show."""
        if (changes.records or changes.drafts or changes.outbox) and not self.form.is_open():
            self._records.reload()
        self.read_status()

    def _form_closed(self, record_id: str) -> None:
        self.screen_wanted.emit("records")
        self._records.reload(select=record_id)

    def _refused(self, message: Message) -> None:
        self.records.banner.show_message(message)

    def _connect(self) -> None:
        self._records.new_chosen.connect(self.form.open_new)
        self._records.draft_chosen.connect(self.form.open_draft)
        self._records.record_chosen.connect(self.form.open_record)
        self._records.changed.connect(self._changed)
        self.form.opened.connect(lambda: self.screen_wanted.emit("filling"))
        self.form.closed.connect(self._form_closed)
        self.form.changed.connect(self._changed)
        self.form.refused.connect(self._refused)
        self.exchange.changed.connect(self._changed)
        self.exchange.reached.connect(self._show_reached)
        self.syncing.open_requested.connect(self.form.open_record)


def _close(session: Session, snapshot: forms.DraftSnapshot | None) -> None:
    try:
        if snapshot is not None:
            forms.keep_draft(session, snapshot)
    finally:
        lock(session)
