"""Makes backups off the storage lane, tries them out, keeps the second place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject

from fieldapp.clock import KOREA
from fieldapp.errors import Cancelled, FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.admin.backups_pane import BackupsPane, Place
from fieldapp.ui.jobs import Job, Jobs, Lane
from fieldapp.ui.summaries.presenter import FolderChooser, ask_folder
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.table import Row
from fieldapp.ui.words import day_text
from fieldapp.usecases import backup_places as usecases
from fieldapp.usecases.backup_places import KeptBackup, Outcome, SecondPlace
from fieldapp.usecases.backups import drilled_at
from fieldapp.usecases.session import Session

_KINDS = {"daily": "매일", "weekly": "매주", "manual": "직접 만듦", "migration": "판올림 전"}
_KIB = 1024
T = TypeVar("T")


class BackupsPresenter(QObject):
    """Between the page of backups and the places where they stand."""

    def __init__(
        self,
        pane: BackupsPane,
        banner: Banner,
        jobs: Jobs,
        session: Session,
        choose_folder: FolderChooser | None,
    ) -> None:
        super().__init__(pane)
        self._pane = pane
        self._banner = banner
        self._jobs = jobs
        self._session = session
        self._choose_folder = choose_folder or ask_folder
        self._kept: dict[str, KeptBackup] = {}
        self._job: Job | None = None
        self._selects_newest = False
        pane.make_requested.connect(self._make)
        pane.stop_requested.connect(self.stop)
        pane.trial_requested.connect(self._try)
        pane.place_wanted.connect(self._choose_place)
        pane.place_dropped.connect(lambda: self._put_place(None))

    def reload(self) -> None:
        """What stands where."""
        start = self._jobs.start
        start(partial(usecases.kept_backups, self._session), owner=self, on_done=self._show_backups)
        start(partial(drilled_at, self._session), owner=self, on_done=self._show_tried)
        start(partial(usecases.second_place, self._session), owner=self, on_done=self._show_place)

    def stop(self) -> None:
        """멈춤: what is half made is taken away, what stood before stays."""
        if self._job is not None:
            self._job.cancel()

    def _make(self) -> None:
        self._begin(self.tr("예비본을 만드는 중"), usecases.back_up_both, self._made)

    def _begin(self, doing: str, work: Callable[..., T], on_done: Callable[[T], None]) -> None:
        """work: takes the session, `progress` and `cancelled`."""
        if self._job is not None:
            return
        self._banner.hide()
        self._job = job = Job()
        self._pane.show_working(doing, 0, None)

        def show(counted: tuple[int, int]) -> None:
            if self._job is job:
                self._pane.show_working(doing, *counted)

        tell = self._jobs.reporter(self, show)
        self._jobs.start(
            partial(
                work,
                self._session,
                progress=lambda done, total: tell((done, total)),
                cancelled=job.is_cancelled,
            ),
            owner=self,
            on_done=on_done,
            on_error=self._failed,
            lane=Lane.NETWORK,
        )

    def _try(self, key: str) -> None:
        kept = self._kept.get(key)
        if kept is not None:
            self._begin(
                self.tr("예비본을 다른 자리에 되살려 살펴보는 중"),
                partial(usecases.try_out, kept=kept),
                self._tried,
            )

    def _choose_place(self) -> None:
        folder = self._choose_folder(self._pane)
        if folder is not None:
            self._put_place(folder)

    def _put_place(self, folder: Path | None) -> None:
        self._banner.hide()
        self._jobs.start(
            partial(usecases.choose_second_place, self._session, folder),
            owner=self,
            on_done=lambda _: self._place_put(folder),
            on_error=self._failed,
        )

    def _place_put(self, folder: Path | None) -> None:
        if folder is None:
            self.reload()
        else:
            # One at once: a place that cannot be written to says so today, not in a week.
            self._begin(
                self.tr("둘째 곳에 예비본을 만드는 중"), usecases.back_up_second, self._made_second
            )

    def _made_second(self, outcome: Outcome | None) -> None:
        self._rest(select_newest=True)
        self._say(
            self.tr("둘째 곳: %s") % self._outcome(outcome), is_well=outcome in (None, "made")
        )

    def _made(self, second: Outcome | None) -> None:
        self._rest(select_newest=True)
        if second in (None, "made"):
            self._say(self.tr("예비본을 만들고, 온전한지 열어 보았습니다."), is_well=True)
        else:
            self._say(
                self.tr("이 노트북에는 예비본을 만들었습니다.\n둘째 곳: %s")
                % self._outcome(second),
                is_well=False,
            )

    def _tried(self, kept: KeptBackup) -> None:
        self._rest()
        counts = kept.backup.counts
        self._say(
            self.tr(
                "%s에 만든 예비본은 되살릴 수 있습니다. 기록 %s건, 작성 중 %s건이 들어 있습니다."
            )
            % (_moment(kept.backup.made_at), f"{counts.records:,}", f"{counts.drafts:,}"),
            is_well=True,
        )

    def _failed(self, error: FieldAppError) -> None:
        self._rest()
        if isinstance(error, Cancelled):
            self._say(
                self.tr("멈추었습니다. 앞서 만든 예비본은 그대로 있습니다."),
                is_well=True,
            )
        else:
            self._banner.show_message(message_for(error))

    def _rest(self, *, select_newest: bool = False) -> None:
        self._job = None
        self._selects_newest = select_newest
        self._pane.show_rested()
        self.reload()

    def _say(self, words: str, *, is_well: bool) -> None:
        self._banner.show_notice(
            words,
            "success" if is_well else "warning",
            button=self.tr("닫기"),
            deed=self._banner.hide,
        )

    def _show_backups(self, found: tuple[KeptBackup, ...]) -> None:
        self._kept = {str(one.backup.path): one for one in found}
        newest = next(iter(self._kept), None) if self._selects_newest else None
        self._selects_newest = False
        self._pane.show_backups(
            [self._row(key, one) for key, one in self._kept.items()], select=newest
        )

    def _row(self, key: str, kept: KeptBackup) -> Row:
        backup = kept.backup
        return Row(
            key,
            (
                _moment(backup.made_at),
                self.tr(_KINDS[backup.kind]),
                self.tr("둘째 곳") if kept.is_second else self.tr("이 노트북"),
                f"{backup.counts.records:,}",
                f"{backup.counts.drafts:,}",
                _size(kept.size_bytes),
            ),
        )

    def _show_tried(self, at: datetime | None) -> None:
        self._pane.show_tried(
            self.tr("복구 확인: %s에 되살릴 수 있음을 보았습니다.") % _moment(at)
            if at
            else self.tr("복구 확인: 아직 한 적이 없습니다. 한 벌을 골라 F7을 눌러 보세요.")
        )

    def _show_place(self, place: SecondPlace | None) -> None:
        if place is None:
            self._pane.show_place(Place())
            return
        told = ""
        if place.outcome is not None and place.told_at is not None:
            told = f"{_moment(place.told_at)}\n{self._outcome(place.outcome)}"
        self._pane.show_place(
            Place(str(place.folder), told, is_trouble=place.outcome not in (None, "made"))
        )

    def _outcome(self, outcome: Outcome | None) -> str:
        return {
            "made": self.tr("예비본을 두었습니다."),
            "full": self.tr("자리가 모자라 두지 못했습니다. 그곳을 비워 주세요."),
            "away": self.tr(
                "폴더를 찾지 못했거나 쓸 수 없어 두지 못했습니다. 저장 장치를 꽂아 주세요."
            ),
            None: "",
        }[outcome]


def _moment(at: datetime) -> str:
    """`2026. 11. 21.(토) 09:14`, in Korean time."""
    local = at.astimezone(KOREA)
    return f"{day_text(local.date())} {local:%H:%M}"


def _size(size_bytes: int) -> str:
    """In KB or MB, as file windows tell it."""
    kib = max(1, round(size_bytes / _KIB)) if size_bytes else 0
    return f"{kib:,} KB" if kib < _KIB else f"{kib / _KIB:,.1f} MB"
