"""A store that cannot be read gets its backup back: told, asked, done, told again (ux §6).

Two Enters, not one: the first page says what happened and which backup there is, the second asks.
The password lives here as long as the pages do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldapp.clock import KOREA, Clock
from fieldapp.errors import (
    BackupMissing,
    Cancelled,
    FieldAppError,
    KeyFileDamaged,
    RecoveryNeeded,
    StoreUnreadable,
    TooManyAttempts,
    WrongPassword,
)
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Job, Jobs
from fieldapp.ui.unlock.work_page import WorkPage
from fieldapp.ui.words import day_text
from fieldapp.usecases import backups
from fieldapp.usecases.profiles import ProfileInfo

_KINDS = {"daily": "매일", "weekly": "매주", "migration": "판올림 전", "manual": "직접 만듦"}


@dataclass(frozen=True, slots=True)
class _Found:
    """The newest whole backup, and how many older ones stand behind it."""

    made_at: datetime
    kind: str
    records: int
    drafts: int
    others: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came back beside the backup that was made then; unread, lost_log: rows that did not."""

    made_at: datetime
    operations: int
    drafts: int
    unread: int
    lost_log: int
    is_from_backup_alone: bool


class Restoring(QObject):
    """Leads from a damaged store to one that opens."""

    #: The password page is wanted again.
    left = Signal()
    #: The store may be opened again, with the same password.
    done = Signal(str, str)
    #: The password was not right, or not to be tried now: profile id, FieldAppError.
    refused = Signal(str, object)

    def __init__(
        self, page: WorkPage, jobs: Jobs, clock: Clock, choose_folder: Callable[[], Path | None]
    ) -> None:
        super().__init__(page)
        self._page = page
        self._jobs = jobs
        self._clock = clock
        self._choose_folder = choose_folder
        self._profile: ProfileInfo | None = None
        self._password = ""
        self._happened = self._safe = ""
        self._places: tuple[Path, ...] = ()
        self._found: _Found | None = None
        self._on_enter: Callable[[], None] = _nothing
        self._on_escape: Callable[[], None] = _nothing
        self._job = Job()

    def begin(
        self,
        profile: ProfileInfo,
        password: str,
        error: FieldAppError,
        places: tuple[Path, ...] = (),
    ) -> None:
        """This profile did not open for this error; look for its backups, also in other places."""
        self._profile, self._password = profile, password
        self._places = places
        self._happened = self.tr("기록 파일이 상했습니다")
        self._safe = self.tr("파일은 건드리지 않고 그대로 두었습니다.")
        if isinstance(error, KeyFileDamaged):
            self._happened = self.tr("열쇠 파일이 상했습니다")
        elif isinstance(error, StoreUnreadable):
            self._happened = self.tr("기록 파일을 열 수 없습니다")
            self._safe = self.tr(
                "옮기셨거나 쓰기를 막으셨으면 돌아가서 되돌린 뒤 다시 여세요."
                " 파일을 되찾을 수 없을 때에만 되살리세요."
            )
        self._look()

    def is_on(self) -> bool:
        """Whether the page is this presenter's now."""
        return self._profile is not None

    def agree(self) -> None:
        """Enter, on whichever page."""
        self._on_enter()

    def leave(self) -> None:
        """Esc: from the question back to what happened, from there to the password."""
        self._on_escape()

    def stop(self) -> None:
        """멈춤: until the new store takes its place everything can stay as it was."""
        self._job.cancel()
        self._page.show_stopping(self.tr("멈추는 중"))

    def look_elsewhere(self) -> None:
        """Backups in a place that only the damaged store knows, or on an USB."""
        folder = self._choose_folder()
        if folder is not None and self.is_on():
            self._places = (*self._places, folder)
            self._look()

    def _look(self) -> None:
        if self._profile is not None:
            self._jobs.start(
                partial(_newest, self._profile, self._places),
                owner=self,
                on_done=self._offer,
                on_error=self._failed,
            )

    def _offer(self, found: _Found | None) -> None:
        self._found = found
        self._on_enter, self._on_escape = self._ask, self._leave
        if found is None:
            self._on_enter = self.look_elsewhere
            self._page.show_words(
                self._happened,
                f"{self._safe} {self.tr('이 노트북에는 예비본이 없습니다.')}\n"
                + self.tr("예비본을 둔 다른 저장 장치를 꽂고 그 폴더를 고르세요."),
                remark=self.tr("예비본이 없으면 관리자에게 이 노트북을 그대로 맡기세요."),
                go=self.tr("다른 곳에서 찾기"),
            )
            return
        self._page.show_words(
            self._happened,
            f"{self._safe} {self.tr('예비본으로 되살릴 수 있습니다.')}",
            facts=self._facts(found),
            remark=self.tr("예비본은 되살리기 전에 온전한지 다시 살핍니다."),
            other=self.tr("다른 곳에서 찾기"),
            go=self.tr("예비본으로 되살리기"),
        )

    def _ask(self) -> None:
        assert self._found is not None  # noqa: S101 - asked about the one that was offered
        self._on_enter, self._on_escape = self._restore, partial(self._offer, self._found)
        self._page.show_words(
            self.tr("%s 예비본으로 되살리시겠습니까?") % _moment(self._found.made_at),
            self.tr(
                "그 뒤에 적은 것은 지금 파일에서 읽히는 대로 옮겨 담습니다."
                " 지금 파일은 암호화된 채 따로 남겨 둡니다."
            ),
            remark=self.tr("옮겨 담은 것은 다음 주고받기 때 다시 보내며, 두 번 저장되지 않습니다."),
            go=self.tr("되살리기"),
        )

    def _restore(self) -> None:
        assert self._profile is not None  # noqa: S101
        self._on_enter = self._on_escape = _nothing
        self._job = Job()
        doing = self.tr("되살리는 중")
        self._page.show_work(
            self.tr("예비본으로 되살리고 있습니다"),
            self.tr("끝날 때까지 노트북을 끄지 마세요. 꺼져도 파일은 그대로 있습니다."),
        )
        self._page.show_progress(doing, 0, 100)

        def tell(so_far: tuple[int, int]) -> None:
            if not self._job.is_cancelled():
                self._page.show_progress(doing, *so_far)

        report = self._jobs.reporter(self, tell)
        self._jobs.start(
            partial(
                backups.restore_newest_good,
                self._profile,
                self._password,
                self._clock,
                self._places,
                progress=lambda done, of: report((done, of)),
                cancelled=self._job.is_cancelled,
            ),
            owner=self,
            on_done=lambda restored: self._tell(
                _Outcome(
                    restored.made_at,
                    restored.recovered_operations,
                    restored.recovered_drafts,
                    restored.unread,
                    restored.lost_log,
                    is_from_backup_alone=restored.damaged is None,
                )
            ),
            on_error=self._failed,
        )

    def _tell(self, outcome: _Outcome) -> None:
        self._on_enter = self._open
        is_whole = not (outcome.unread or outcome.lost_log or outcome.is_from_backup_alone)
        if is_whole:
            remark = self.tr("빠진 것 없이 모두 읽었습니다.")
        elif outcome.is_from_backup_alone:
            remark = self.tr("기록 파일이 없어 예비본에 담긴 것만 되살렸습니다.")
        else:
            remark = self.tr("읽지 못한 줄이 있습니다. 최근 기록이 모두 있는지 살펴보세요.")
        facts = [
            (self.tr("예비본"), _moment(outcome.made_at)),
            (self.tr("옮겨 담음"), self.tr("예비본 뒤의 변경 %s건") % f"{outcome.operations:,}"),
            (self.tr("작성 중"), self.tr("%d건을 되살림") % outcome.drafts),
            (self.tr("못 읽음"), self.tr("%s줄") % f"{outcome.unread:,}" if outcome.unread else ""),
        ]
        if outcome.lost_log:
            told = self.tr("%s줄을 읽지 못함") % f"{outcome.lost_log:,}"
            facts.append((self.tr("접속기록"), told))
        self._page.show_words(
            self.tr("예비본으로 되살렸습니다"),
            self.tr("되살린 기록을 이제 열 수 있습니다."),
            facts=facts,
            remark=remark,
            tone="success" if is_whole else "warning",
            go=self.tr("열기"),
            can_leave=False,
        )

    def _open(self) -> None:
        assert self._profile is not None  # noqa: S101
        profile, password = self._profile.id, self._password
        self._end()
        self.done.emit(profile, password)

    def _failed(self, error: FieldAppError) -> None:
        assert self._profile is not None  # noqa: S101
        if isinstance(error, Cancelled):
            self._offer(self._found)
            return
        if isinstance(error, WrongPassword | TooManyAttempts | RecoveryNeeded):
            profile = self._profile.id
            self._end()
            self.refused.emit(profile, error)
            return
        said = message_for(error)
        is_missing = isinstance(error, BackupMissing)
        self._on_enter, self._on_escape = self.look_elsewhere, self._leave
        self._page.show_words(
            said.happened,
            f"{said.safe} {said.next}",
            go=self.tr("다른 곳에서 찾기") if is_missing else "",
        )

    def _facts(self, found: _Found) -> list[tuple[str, str]]:
        facts = [
            (self.tr("예비본"), f"{_moment(found.made_at)}, {self.tr(_KINDS[found.kind])}"),
            (
                self.tr("담긴 것"),
                self.tr("기록 %s건, 작성 중 %d건") % (f"{found.records:,}", found.drafts),
            ),
        ]
        if found.others:
            facts.append((self.tr("그 밖"), self.tr("앞선 예비본 %d개") % found.others))
        return facts

    def _leave(self) -> None:
        self._end()
        self.left.emit()

    def _end(self) -> None:
        self._profile, self._password, self._found = None, "", None
        self._on_enter = self._on_escape = _nothing


def _nothing() -> None:
    """A key that does nothing on this page."""


def _newest(profile: ProfileInfo, places: tuple[Path, ...]) -> _Found | None:
    """Runs on a lane."""
    found = backups.backups_of(profile, places)
    if not found:
        return None
    newest = found[0]
    return _Found(
        newest.made_at,
        newest.kind,
        newest.counts.records,
        newest.counts.drafts,
        len(found) - 1,
    )


def _moment(at: datetime) -> str:
    """`2026. 11. 30.(월) 09:14`."""
    local = at.astimezone(KOREA)
    return f"{day_text(local.date())} {local:%H:%M}"
