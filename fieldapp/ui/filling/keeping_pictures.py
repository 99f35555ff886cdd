"""Keeps the pictures that a form hands out, on the storage lane, and tells the form their names;
fetches those that another laptop took, on the lane of the network.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.jobs import Jobs, Lane
from fieldapp.usecases import files
from fieldapp.usecases.session import Session


class PictureKeeper(QObject):
    """One form at a time; what comes back for another one is dropped."""

    def __init__(self, view: FillingView, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._session = session
        self._record_id: str | None = None
        view.photo_taken.connect(self._keep)

    def begin(self, record_id: str | None) -> None:
        """The record that pictures are of from now on; None: no form is open."""
        self._record_id = record_id

    def fetch(self, name: str) -> None:
        """Get a file from the server; the form shows it when it comes."""
        self._jobs.start(
            partial(files.fetch_file, self._session, name),
            owner=self,
            on_done=lambda _: self._view.pictures.fetched(name),
            on_error=lambda error: self._not_fetched(name, error),
            lane=Lane.NETWORK,
        )

    def _not_fetched(self, name: str, error: FieldAppError) -> None:
        self._view.pictures.fetched(name)
        self._view.show_message(message_for(error))

    def _keep(self, path: str, raw: bytes, ending: str) -> None:
        record_id = self._record_id
        if record_id is None:
            return
        self._jobs.start(
            partial(files.keep_file, self._session, raw, ending),
            owner=self,
            on_done=lambda name: self._kept(record_id, path, name),
            on_error=lambda error: self._not_kept(record_id, path, error),
        )

    def _kept(self, record_id: str, path: str, name: str) -> None:
        if record_id == self._record_id:
            self._view.pictures.kept(path, name)

    def _not_kept(self, record_id: str, path: str, error: FieldAppError) -> None:
        if record_id == self._record_id:
            self._view.pictures.not_kept(path)
            self._view.show_message(message_for(error))
