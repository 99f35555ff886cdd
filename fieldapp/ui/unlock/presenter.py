"""Profiles of this laptop: list, make, unlock."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldapp.clock import Clock
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.summaries.presenter import FolderChooser, ask_folder
from fieldapp.ui.unlock.view import NewProfile, UnlockView
from fieldapp.usecases import profiles as usecases
from fieldapp.usecases import recovery
from fieldapp.usecases.profiles import ProfileInfo
from fieldapp.usecases.session import Session


class UnlockPresenter(QObject):
    """Turns a password into a Session."""

    unlocked = Signal(object)  # Session

    def __init__(
        self,
        view: UnlockView,
        jobs: Jobs,
        *,
        profiles: Path,
        packs: Path,
        clock: Clock,
        choose_folder: FolderChooser | None = None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._root = profiles
        self._packs = packs
        self._clock = clock
        self._choose_folder = choose_folder or ask_folder
        self._profiles: dict[str, ProfileInfo] = {}
        view.unlock_requested.connect(self._unlock)
        view.create_requested.connect(self._create)
        view.request_wanted.connect(self._request)
        view.code_given.connect(self._unlock_with_code)

    def begin(self) -> None:
        """List the profiles; none: the first start."""
        self._jobs.start(
            partial(usecases.list_profiles, self._root), owner=self, on_done=self._listed
        )

    def _listed(self, found: tuple[ProfileInfo, ...]) -> None:
        self._profiles = {profile.id: profile for profile in found}
        self._view.show_profiles([(profile.id, profile.label) for profile in found])

    def _unlock(self, profile_id: str, password: str) -> None:
        self._jobs.start(
            partial(
                usecases.unlock, self._profiles[profile_id], password, self._clock, self._packs
            ),
            owner=self,
            on_done=self._opened,
            on_error=partial(self._refused, profile_id),
        )

    def _request(self, profile_id: str) -> None:
        """Write the request where the worker wants it; its name tells nobody whose it is."""
        profile = self._profiles.get(profile_id)
        if profile is None or not (folder := self._choose_folder(self._view)):
            return
        target = folder / (self._view.tr("복구요청-%s.json") % profile.id)
        self._jobs.start(
            partial(recovery.write_request, profile, target),
            owner=self,
            on_done=lambda file: self._view.forgotten.show_requested(file.name, str(file.parent)),
            on_error=self._failed,
        )

    def _unlock_with_code(self, profile_id: str, code: str, new_password: str) -> None:
        self._jobs.start(
            partial(
                recovery.unlock_with_code,
                self._profiles[profile_id],
                code,
                new_password,
                self._clock,
                self._packs,
            ),
            owner=self,
            on_done=self._opened,
            on_error=self._failed,
        )

    def _create(self, wanted: NewProfile) -> None:
        worker = Worker(
            user=UserId(wanted.user),
            name=wanted.name,
            roles=frozenset({wanted.role}),
            scope=ScopeId(wanted.office),
        )
        self._jobs.start(
            partial(
                usecases.create_profile,
                self._root,
                label=wanted.name,
                worker=worker,
                password=wanted.password,
                clock=self._clock,
                packs_dir=self._packs,
            ),
            owner=self,
            on_done=self._opened,
            on_error=self._failed,
        )

    def _opened(self, session: Session) -> None:
        self._view.forget()
        self.unlocked.emit(session)

    def _refused(self, profile_id: str, error: FieldAppError) -> None:
        self._failed(error)
        wait_s = error.facts.get("wait_s", error.facts.get("seconds"))
        if isinstance(wait_s, int) and wait_s > 0:
            self._view.show_wait(profile_id, wait_s)

    def _failed(self, error: FieldAppError) -> None:
        self._view.show_failure(message_for(error))
