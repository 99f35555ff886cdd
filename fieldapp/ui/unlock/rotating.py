"""암호화 키 바꾸기, while the profile is closed: how far it is, and what it leaves to say.

관리 asked for it and took the password; here it is done, and afterwards the profile opens again.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldapp.clock import Clock
from fieldapp.errors import (
    Cancelled,
    FieldAppError,
    RecoveryNeeded,
    TooManyAttempts,
    WrongPassword,
)
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Job, Jobs
from fieldapp.ui.unlock.work_page import WorkPage
from fieldapp.ui.words import short_moment
from fieldapp.usecases import keys
from fieldapp.usecases.keys import Rotated
from fieldapp.usecases.profiles import ProfileInfo


class Rotating(QObject):
    """Runs one change of a data key on the page of long work."""

    #: The password page is wanted.
    left = Signal()
    #: The store may be opened again, with the same password.
    done = Signal(str, str)
    #: The password was not right, or not to be tried now: profile id, FieldAppError.
    refused = Signal(str, object)

    def __init__(self, page: WorkPage, jobs: Jobs, clock: Clock) -> None:
        super().__init__(page)
        self._page = page
        self._jobs = jobs
        self._clock = clock
        self._profile: ProfileInfo | None = None
        self._password = ""
        self._job = Job()

    def begin(self, profile: ProfileInfo, password: str, places: tuple[Path, ...]) -> None:
        """The profile is closed. places: where else backups of it may lie."""
        self._profile, self._password = profile, password
        self._job = Job()
        doing = self.tr("바꾸는 중")
        self._page.show_work(
            self.tr("암호화 키를 바꾸고 있습니다"),
            self.tr(
                "기록을 새 열쇠로 다시 암호화합니다. 도중에 꺼지거나 멈추어도"
                " 기록은 그대로 있습니다."
            ),
        )
        self._page.show_progress(doing, 0, 0)

        def tell(so_far: tuple[int, int]) -> None:
            if not self._job.is_cancelled():
                self._page.show_progress(doing, *so_far)

        report = self._jobs.reporter(self, tell)
        self._jobs.start(
            partial(
                keys.rotate,
                profile,
                password,
                self._clock,
                progress=lambda done, of: report((done, of)),
                cancelled=self._job.is_cancelled,
                places=places,
            ),
            owner=self,
            on_done=self._tell,
            on_error=self._failed,
        )

    def is_on(self) -> bool:
        """Whether the page is this presenter's now."""
        return self._profile is not None

    def agree(self) -> None:
        """Enter, once the work is over: open the profile."""
        assert self._profile is not None  # noqa: S101 - asked while the page is on
        profile, password = self._profile.id, self._password
        self._end()
        self.done.emit(profile, password)

    def leave(self) -> None:
        """Esc, once the work is over."""
        self._end()
        self.left.emit()

    def stop(self) -> None:
        """멈춤: until the new file takes its place everything can stay as it was."""
        self._job.cancel()
        self._page.show_stopping(self.tr("멈추는 중"))

    def _tell(self, rotated: Rotated) -> None:
        warnings = []
        if rotated.backup is None:
            warnings.append(
                self.tr("새 예비본을 만들 자리가 모자랐습니다. 다음에 열 때 다시 만듭니다.")
            )
        if rotated.old_backups:
            warnings.append(
                self.tr(
                    "다른 곳에 있는 예비본 %d개는 앞의 열쇠로 된 것입니다."
                    " 그곳에 새 예비본을 만든 뒤 지우세요."
                )
                % len(rotated.old_backups)
            )
        if rotated.is_forgotten:
            warnings.append(
                self.tr("이 컴퓨터에 기억해 둔 열쇠는 지웠습니다. 관리에서 다시 기억하게 하세요.")
            )
        fresh = rotated.backup
        self._page.show_words(
            self.tr("암호화 키를 바꾸었습니다"),
            self.tr("기록과 붙인 파일은 이제 새 열쇠로만 열립니다. 비밀번호는 그대로입니다."),
            facts=[(self.tr("새 예비본"), short_moment(fresh.made_at))] if fresh else [],
            remark="\n".join(warnings),
            tone="warning",
            go=self.tr("열기"),
        )

    def _failed(self, error: FieldAppError) -> None:
        assert self._profile is not None  # noqa: S101 - its work has just ended
        if isinstance(error, WrongPassword | TooManyAttempts | RecoveryNeeded):
            profile = self._profile.id
            self._end()
            self.refused.emit(profile, error)
        elif isinstance(error, Cancelled):
            self._page.show_words(
                self.tr("암호화 키를 바꾸지 않았습니다"),
                self.tr("멈추셨습니다. 열쇠와 기록은 모두 그대로입니다."),
                go=self.tr("열기"),
            )
        else:
            said = message_for(error)
            self._page.show_words(
                self.tr("암호화 키를 바꾸지 못했습니다"),
                f"{said.happened} {said.next}",
                remark=self.tr("열쇠와 기록은 모두 그대로입니다."),
                go=self.tr("열기"),
            )

    def _end(self) -> None:
        self._profile, self._password = None, ""
