"""Reads what the day came to, marks what was copied."""

from __future__ import annotations

from functools import partial

from fieldapp.domain.ids import RecordId
from fieldapp.ui.day_end.view import DayEndView, ToCopy
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.screen import ScreenPresenter
from fieldapp.usecases import day as usecases
from fieldapp.usecases.day import DayEnd
from fieldapp.usecases.session import Session


class DayEndPresenter(ScreenPresenter):
    """Between the page and the store."""

    def __init__(self, view: DayEndView, jobs: Jobs, session: Session) -> None:
        super().__init__(view, jobs, session)
        self._view = view
        view.exchange_requested.connect(lambda: self.screen_wanted.emit("syncing"))
        view.records_requested.connect(lambda: self.screen_wanted.emit("records"))
        view.tomorrow_requested.connect(lambda: self.screen_wanted.emit("week"))
        view.back_requested.connect(lambda: self.screen_wanted.emit("today"))
        view.copied.connect(self._mark)

    def reload(self) -> None:
        """What the day came to."""
        self._jobs.start(partial(usecases.day_end, self._session), owner=self, on_done=self._show)

    def _show(self, end: DayEnd) -> None:
        self._view.show_day(
            self.tr("오늘 %d집, 전화 %d통. 모두 이 노트북에 저장했습니다.")
            % (end.visits, end.calls),
            self.tr("보내지 않은 기록 %d건") % end.unsent
            if end.unsent
            else self.tr("보내지 않은 기록이 없습니다."),
            self.tr("내일까지 연락할 집 %d집") % end.tomorrow
            if end.tomorrow
            else self.tr("내일까지 연락할 집이 없습니다."),
            self.tr("오늘 방문 내역 %d건") % (end.visits + end.calls),
        )
        self._view.show_texts(
            [
                ToCopy(one.record_id, one.title, one.text, one.is_copied)
                for one in end.to_copy
                if one.text
            ]
        )

    def _mark(self, record_id: str) -> None:
        self._jobs.start(
            partial(usecases.mark_copied, self._session, RecordId(record_id)),
            owner=self,
            on_done=self.changed.emit,
        )
