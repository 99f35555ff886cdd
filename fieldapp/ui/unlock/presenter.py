"""Profiles of this laptop: list, make, unlock. What takes long has pages of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldapp.clock import Clock
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.errors import FieldAppError, KeyFileDamaged, StoreDamaged, StoreUnreadable
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.summaries.presenter import FolderChooser, ask_folder
from fieldapp.ui.unlock.making import NewProfile
from fieldapp.ui.unlock.restoring import Restoring
from fieldapp.ui.unlock.rotating import Rotating
from fieldapp.ui.unlock.view import UnlockView
from fieldapp.usecases import keys, recovery
from fieldapp.usecases import profiles as usecases
from fieldapp.usecases.profiles import ProfileInfo
from fieldapp.usecases.session import Session

#: Every profile, and whether the computer remembers it.
_Listed = tuple[tuple[ProfileInfo, bool], ...]


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
        #: Other places of a profile's backups, as far as this run has heard of them.
        self._places: dict[str, tuple[Path, ...]] = {}
        #: Profiles whose store was found damaged while it was open.
        self._damaged: set[str] = set()
        #: Profiles that were open in this run: a lock that Enter alone undoes would lock nothing.
        self._were_open: set[str] = set()
        self._restoring = Restoring(view.work, jobs, clock, self._ask_folder)
        self._rotating = Rotating(view.work, jobs, clock)
        self._connect()

    def begin(self, then: Callable[[], None] = lambda: None) -> None:
        """List the profiles; none: the first start. then: what follows on the UI thread."""

        def show(found: _Listed) -> None:
            self._listed(found)
            then()

        self._jobs.start(partial(_listing, self._root), owner=self, on_done=show)

    def rotate(self, profile_id: str, password: str) -> None:
        """암호화 키 바꾸기, of a profile that has just been closed."""

        def turn() -> None:
            if profile := self._profiles.get(profile_id):
                self._view.show_work()
                self._rotating.begin(profile, password, self._places.get(profile_id, ()))

        self.begin(turn)

    def know_place(self, profile_id: str, folder: Path | None) -> None:
        """The second place of a profile's backups, which otherwise only its open store knows."""
        self._places[profile_id] = (folder,) if folder else ()

    def know_damage(self, session: Session | None) -> None:
        """A store was found damaged while it was open: the next password leads to its backups."""
        if session is not None:
            self._damaged.add(session.profile_id)

    def stop(self) -> None:
        """The window is closing: work that can leave everything as it was does so."""
        for long in (self._restoring, self._rotating):
            if long.is_on():
                long.stop()

    def _listed(self, found: _Listed) -> None:
        self._profiles = {profile.id: profile for profile, _ in found}
        self._view.show_profiles(
            [(profile.id, profile.label) for profile, _ in found],
            {profile.id for profile, is_kept in found if is_kept} - self._were_open,
        )

    def _unlock(self, profile_id: str, password: str) -> None:
        if profile_id in self._damaged:
            self._damaged.discard(profile_id)
            self._restore(profile_id, password, StoreDamaged())
            return
        self._jobs.start(
            partial(
                usecases.unlock,
                self._profiles[profile_id],
                password,
                self._clock,
                self._packs,
                compiling=self._compiling(),
            ),
            owner=self,
            on_done=self._opened,
            on_error=partial(self._not_opened, profile_id, password),
        )

    def _unlock_remembered(self, profile_id: str) -> None:
        self._jobs.start(
            partial(
                keys.unlock_by_keyring,
                self._profiles[profile_id],
                self._clock,
                self._packs,
                compiling=self._compiling(),
            ),
            owner=self,
            on_done=self._opened_remembered,
            on_error=partial(self._not_opened_remembered, profile_id),
        )

    def _compiling(self) -> Callable[[int, int], None]:
        """What a lane calls before each workbook that it has to read anew: that takes seconds."""

        def tell(so_far: tuple[int, int]) -> None:
            done, of = so_far
            doing = self._view.tr("서식을 준비하는 중 %d/%d")
            self._view.show_doing(doing % (min(done + 1, of), of))

        report = self._jobs.reporter(self, tell)
        return lambda done, of: report((done, of))

    def _opened_remembered(self, session: Session | None) -> None:
        if session is not None:
            self._opened(session)
            return
        self._view.show_working(is_working=False)
        self._view.banner.show_notice(
            self._view.tr("이 컴퓨터가 기억한 열쇠로 열리지 않았습니다. 비밀번호를 적어 주세요."),
            "info",
        )
        self._view.take_focus()

    def _not_opened(self, profile_id: str, password: str, error: FieldAppError) -> None:
        if _needs_backup(error):
            self._restore(profile_id, password, error)
        else:
            self._refused(profile_id, error)

    def _not_opened_remembered(self, profile_id: str, error: FieldAppError) -> None:
        self._refused(profile_id, error)
        if _needs_backup(error):
            self._view.banner.show_notice(
                self._view.tr("기록 파일을 열 수 없습니다. 파일은 건드리지 않았습니다.\n")
                + self._view.tr("비밀번호를 적으시면 예비본으로 되살릴 수 있습니다."),
                "warning",
            )

    def _restore(self, profile_id: str, password: str, error: FieldAppError) -> None:
        self._view.show_work()
        self._restoring.begin(
            self._profiles[profile_id], password, error, self._places.get(profile_id, ())
        )

    def _request(self, profile_id: str) -> None:
        """Write the request where the worker wants it; its name tells nobody whose it is."""
        profile = self._profiles.get(profile_id)
        if profile is None or not (folder := self._ask_folder()):
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
        self._were_open.add(session.profile_id)
        self._view.forget()
        self.unlocked.emit(session)

    def _open_again(self, profile_id: str, password: str) -> None:
        """After long work: as if the password were typed once more."""
        self._view.show_opening()
        self._view.show_working(is_working=True)
        self._unlock(profile_id, password)

    def _turned_away(self, profile_id: str, error: FieldAppError) -> None:
        """Long work that the password did not begin."""
        self._view.show_opening()
        self._refused(profile_id, error)

    def _refused(self, profile_id: str, error: FieldAppError) -> None:
        self._failed(error)
        wait_s = error.facts.get("wait_s", error.facts.get("seconds"))
        if isinstance(wait_s, int) and wait_s > 0:
            self._view.show_wait(profile_id, wait_s)

    def _failed(self, error: FieldAppError) -> None:
        self._view.show_failure(message_for(error))

    def _ask_folder(self) -> Path | None:
        return self._choose_folder(self._view)

    def _long(self) -> Restoring | Rotating:
        """Whose the page of long work is now."""
        return self._rotating if self._rotating.is_on() else self._restoring

    def _connect(self) -> None:
        view, work = self._view, self._view.work
        view.unlock_requested.connect(self._unlock)
        view.keyring_wanted.connect(self._unlock_remembered)
        view.create_requested.connect(self._create)
        view.request_wanted.connect(self._request)
        view.code_given.connect(self._unlock_with_code)
        work.agreed.connect(lambda: self._long().agree())
        work.left.connect(lambda: self._long().leave())
        work.stop_requested.connect(lambda: self._long().stop())
        work.other_chosen.connect(self._restoring.look_elsewhere)
        for long in (self._restoring, self._rotating):
            long.left.connect(view.show_opening)
            long.done.connect(self._open_again)
            long.refused.connect(self._turned_away)


def _needs_backup(error: FieldAppError) -> bool:
    """Whether the store or its key cannot be read where they stand, or do not stand there."""
    # Not those that refine StoreUnreadable: they are of a store that was open.
    return type(error) is StoreUnreadable or isinstance(error, StoreDamaged | KeyFileDamaged)


def _listing(root: Path) -> _Listed:
    """Runs on a lane."""
    return tuple((one, keys.is_remembered(one)) for one in usecases.list_profiles(root))
