"""Reads the tab that is shown; each tab has a presenter of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from fieldapp.ui.admin.backups_presenter import BackupsPresenter
from fieldapp.ui.admin.keys_presenter import KeysPresenter
from fieldapp.ui.admin.locking_presenter import LockingPresenter
from fieldapp.ui.admin.log_presenter import LogPresenter
from fieldapp.ui.admin.view import BACKUPS, LOCKING, LOG, AdminView
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.summaries.presenter import FolderChooser
from fieldapp.usecases.session import Session


class AdminPresenter(QObject):
    """Between 관리 and the store."""

    #: What the worker set, whenever it was read or kept.
    preferences_read = Signal(object)  # Preferences
    #: The password: lock, and change the data key.
    rotation_wanted = Signal(str)

    def __init__(
        self,
        view: AdminView,
        jobs: Jobs,
        session: Session,
        choose_folder: FolderChooser | None = None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._backups = BackupsPresenter(view.backups, view.banner, jobs, session, choose_folder)
        self._locking = LockingPresenter(view.locking, jobs, session)
        self._keys = KeysPresenter(view.locking, view.banner, jobs, session)
        self._log = LogPresenter(view.log, jobs, session)
        self._locking.preferences_read.connect(self.preferences_read)
        self._keys.rotation_wanted.connect(self.rotation_wanted)
        view.tab_chosen.connect(lambda _: self.reload())

    def begin(self) -> None:
        """A profile was unlocked: tell what its worker set."""
        self._locking.reload()

    def reload(self) -> None:
        """What the shown tab shows."""
        {
            BACKUPS: self._backups.reload,
            LOCKING: self._reload_locking,
            LOG: self._log.reload,
        }[self._view.tab()]()

    def stop(self) -> None:
        """The store is about to close: what is under way stops where it can."""
        self._backups.stop()

    def _reload_locking(self) -> None:
        self._locking.reload()
        self._keys.reload()
