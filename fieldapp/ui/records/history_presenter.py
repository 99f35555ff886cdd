"""Reads a record's history, and fetches from the server what is not on this laptop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject

from fieldapp.clock import KOREA
from fieldapp.domain.ids import RecordId
from fieldapp.domain.workflow import SERVER
from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs, Lane
from fieldapp.ui.records.history import HistoryPage, ShownChange
from fieldapp.ui.records.view import delivery_words
from fieldapp.ui.review.lines import AnswerLine
from fieldapp.ui.words import answer_text, short_moment
from fieldapp.usecases import history as usecases
from fieldapp.usecases.history import Change, ChangedLine, History, LeftLine
from fieldapp.usecases.session import Session


class HistoryPresenter(QObject):
    """Between the page and the store, and for what is not there the server."""

    def __init__(self, page: HistoryPage, jobs: Jobs, session: Session) -> None:
        super().__init__(page)
        self._page = page
        self._jobs = jobs
        self._session = session
        self._record_id = RecordId("")
        self._is_fetching = False
        page.fetch_requested.connect(self._fetch)

    def open(self, record_id: str) -> None:
        """Show what is here at once; what is not is asked for without being told to."""
        self._page.banner.hide()
        self._record_id = RecordId(record_id)
        self._read(fetches=True)

    def reload(self) -> None:
        """Read again what is shown."""
        if self._record_id:
            self._read(fetches=False)

    def _read(self, *, fetches: bool) -> None:
        self._jobs.start(
            partial(usecases.history, self._session, self._record_id),
            owner=self,
            on_done=partial(self._show, fetches=fetches),
            on_error=self._tell,
        )

    def _show(self, found: History, *, fetches: bool) -> None:
        if found.record_id != self._record_id:
            return
        page = self._page
        page.show_history(
            found.title,
            self.tr("고친 횟수 {:,}").format(
                len(found.changes) if not found.lacking else found.revisions
            ),
            [
                self._shown(change, () if number else found.remarks)
                for number, change in enumerate(found.changes)
            ],
        )
        page.show_fetching(is_fetching=self._is_fetching, is_lacking=found.lacking > 0)
        if fetches and found.lacking:
            self._fetch()

    def _fetch(self) -> None:
        if self._is_fetching:
            return
        self._is_fetching = True
        self._page.banner.hide()
        self._page.show_fetching(is_fetching=True, is_lacking=True)
        self._jobs.start(
            partial(usecases.fetch, self._session, self._record_id),
            owner=self,
            on_done=lambda _: self._fetched(),
            on_error=self._not_fetched,
            lane=Lane.NETWORK,
        )

    def _fetched(self) -> None:
        self._is_fetching = False
        self.reload()

    def _not_fetched(self, error: FieldAppError) -> None:
        self._is_fetching = False
        self._tell(error)
        # A part may have come before the line broke.
        self.reload()

    def _tell(self, error: FieldAppError) -> None:
        self._page.banner.show_message(message_for(error))

    def _shown(self, change: Change, remarks: Sequence[tuple[str, str]]) -> ShownChange:
        """remarks: of the record as the newest change left it."""
        is_taken = change.delivery == "received"
        state = change.state if is_taken else delivery_words(change.delivery)
        lines = change.lines or ()
        told = [self.tr("까닭: %s") % change.reason] if change.reason else []
        if change.lines is None:
            told.append(self._not_here(change.questions))
        elif not lines and not change.left:
            told.append(self.tr("적은 내용은 바뀌지 않았습니다."))
        told += [self.tr("확인할 점 (%s): %s") % remark for remark in remarks]
        return ShownChange(
            when=self._moment(change.at),
            who=self.tr("자동 처리") if change.who == SERVER else change.who,
            state=state or "-",
            about="\n".join(told),
            lines=(*map(_answer, lines), *map(self._left, change.left)),
            tone="" if is_taken else "warning",
        )

    def _moment(self, at: datetime) -> str:
        """With its year, unless that is this one."""
        year = at.astimezone(KOREA).year
        is_this = year == self._session.clock.now().astimezone(KOREA).year
        return short_moment(at) if is_this else f"{year}. {short_moment(at)}"

    def _not_here(self, questions: tuple[str, ...]) -> str:
        words = self.tr("바뀐 값은 서버에 있습니다.")
        if questions:
            words += " " + self.tr("바뀐 물음: %s") % ", ".join(questions)
        return words

    def _left(self, left: LeftLine) -> AnswerLine:
        """A value that was not chosen: it stands nowhere else."""
        words = _said(left.value) or self.tr("답 없음")
        by = self.tr("%s 님, %s") % (left.by, self._moment(left.at))
        return AnswerLine(
            path=left.path,
            question=self.tr("%s (고르지 않은 값)") % left.question,
            before=None,
            now=f"{words} ({by})",
            is_changed=False,
        )


def _answer(line: ChangedLine) -> AnswerLine:
    """A first answer has nothing before it: it is shown as it is."""
    return AnswerLine(
        path=line.path,
        question=line.question,
        before=_said(line.before),
        now=_said(line.after),
        is_changed=line.before is not None,
    )


def _said(value: str | None) -> str | None:
    return value and answer_text(value)
