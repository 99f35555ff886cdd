"""Looks a month of the access log through and says it in plain words."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject

from fieldapp.clock import today
from fieldapp.domain.figures import Period
from fieldapp.messages.deeds import DEED_WORDS
from fieldapp.ui.admin.log_pane import LogPane
from fieldapp.ui.jobs import Jobs, Lane
from fieldapp.ui.widgets.table import Row
from fieldapp.usecases.access_log import MonthlyReview, monthly_review
from fieldapp.usecases.entity_words import list_word
from fieldapp.usecases.session import Session

_MONTHS = 24


class LogPresenter(QObject):
    """Between the page and the log."""

    def __init__(self, pane: LogPane, jobs: Jobs, session: Session) -> None:
        super().__init__(pane)
        self._pane = pane
        self._jobs = jobs
        self._session = session
        self._months: tuple[Period, ...] = ()
        pane.month_chosen.connect(self._review)

    def reload(self) -> None:
        """The months up to this one, and the chosen one anew."""
        self._months = _last_months(Period.month(*_year_month(self._session)))
        self._pane.show_months(
            [self.tr("%d년 %d월") % (one.first.year, one.first.month) for one in self._months]
        )
        self._review(self._pane.month.currentIndex())

    def _review(self, at: int) -> None:
        if 0 <= at < len(self._months):
            self._pane.show_reading()
            # The whole chain is hashed anew: not on the lane on which records are saved.
            self._jobs.start(
                partial(monthly_review, self._session, self._months[at]),
                owner=self,
                on_done=self._show,
                lane=Lane.NETWORK,
            )

    def _show(self, review: MonthlyReview) -> None:
        at = self._pane.month.currentIndex()
        if review.month != self._months[at]:
            return  # another month was chosen meanwhile
        is_whole = review.broken_at is None
        chain = (
            self.tr("✓ 접속기록이 처음부터 끝까지 온전합니다.")
            if is_whole
            else self.tr(
                "▲ 접속기록 %d번째 줄부터 맞지 않습니다."
                " 이 노트북을 그대로 두고 개인정보 보호책임자에게 알려 주세요."
            )
            % review.broken_at
        )
        deeds = sorted(review.by_deed.items(), key=lambda item: (-item[1], item[0]))
        self._pane.show_review(
            chain,
            self._words(review),
            [Row(deed, (self.tr(DEED_WORDS[deed]), f"{count:,}")) for deed, count in deeds],
            self._striking(review),
            is_whole=is_whole,
        )

    def _words(self, review: MonthlyReview) -> str:
        if not review.total:
            return self.tr("이 달에는 한 일이 없습니다.")
        users = ", ".join(sorted(review.by_user))
        return "\n".join(
            (
                self.tr("모두 %s건입니다. 한 사람: %s") % (f"{review.total:,}", users),
                self.tr("밤 10시부터 아침 6시 사이 %s건") % f"{review.night:,}",
                self.tr("토요일과 일요일 %s건") % f"{review.weekend:,}",
                self.tr("문서와 파일로 내보냄 %s건") % f"{sum(review.outputs.values()):,}",
                self.tr("비밀번호 틀림 %s번") % f"{review.failures:,}",
            )
        )

    def _striking(self, review: MonthlyReview) -> list[Row]:
        rows = [
            Row(
                f"outputs/{user}",
                (self.tr("내보낸 것이 많음"), user, "", f"{review.outputs[user]:,}"),
            )
            for user in review.many_outputs
        ]
        for look in review.repeated:
            list_name, entity_id = look.subject
            subject = f"{list_word(list_name)} {entity_id}"
            rows.append(
                Row(
                    f"{look.user}/{list_name}/{entity_id}",
                    (self.tr("한 대상을 거듭 봄"), look.user, subject, f"{look.count:,}"),
                )
            )
        return rows


def _year_month(session: Session) -> tuple[int, int]:
    day = today(session.clock)
    return day.year, day.month


def _last_months(newest: Period) -> tuple[Period, ...]:
    """So many months, the newest first: logs are kept for two years (고시 제8조①)."""
    months = [newest]
    while len(months) < _MONTHS:
        before = months[-1].first - timedelta(days=1)
        months.append(Period.month(before.year, before.month))
    return tuple(months)
