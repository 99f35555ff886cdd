"""Reads the queue and the record of the chosen row, and takes the step that was decided."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from textwrap import shorten

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes
from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.review.lines import AnswerLine
from fieldapp.ui.review.view import ReviewView, Shown
from fieldapp.ui.screen import ScreenPresenter
from fieldapp.ui.widgets.rows import Head, Item, Line
from fieldapp.ui.words import answer_text, short_moment
from fieldapp.usecases import review as usecases
from fieldapp.usecases.grading import GradeProposal
from fieldapp.usecases.review import Review, ReviewRow, ReviewStep
from fieldapp.usecases.session import Session

#: How many clean records are looked at before all of them are confirmed at once.
LOOKED_AT = 3
#: So much of why another grade is asked for stands beside the buttons.
_REASON_LETTERS = 80


class ReviewPresenter(ScreenPresenter):
    """Between 확인 and the store."""

    def __init__(self, view: ReviewView, jobs: Jobs, session: Session) -> None:
        super().__init__(view, jobs, session)
        self._view = view
        self._clean: tuple[RecordId, ...] = ()
        self._looked_at: set[str] = set()
        self._steps: tuple[ReviewStep, ...] = ()
        self._clean_target = ""
        self._sample: tuple[ReviewRow, ...] = ()
        view.chosen.connect(self._read)
        view.confirmed.connect(self._confirm)
        view.grade_accepted.connect(partial(self._confirm, accepts_grade=True))
        view.sent_back.connect(self._send_back)
        view.all_confirmed.connect(self._confirm_all)

    def reload(self) -> None:
        """The queue, and this week's sample of what confirmed itself."""
        start = self._jobs.start
        start(partial(usecases.sample, self._session), owner=self, on_done=self._note_sample)
        start(partial(usecases.queue, self._session), owner=self, on_done=self._show_queue)

    def _note_sample(self, rows: tuple[ReviewRow, ...]) -> None:
        self._sample = rows

    def _show_queue(self, rows: tuple[ReviewRow, ...]) -> None:
        self._clean = tuple(row.record_id for row in rows if row.is_clean)
        groups = (
            (self.tr("살펴볼 기록"), [row for row in rows if not row.is_clean]),
            (self.tr("변동 없는 기록"), [row for row in rows if row.is_clean]),
            (self.tr("이번 주 살펴볼 자동 확인"), list(self._sample)),
        )
        lines: list[Line] = []
        for title, found in groups:
            if found:
                lines.append(Head(f"{title} {len(found)}"))
                lines += [_item(row) for row in found]
        self._view.show_queue(lines, len(rows))
        self._show_ready()
        if (chosen := self._view.queue.chosen_key()) is not None:
            self._read(chosen)

    def _read(self, record_id: str) -> None:
        self._jobs.start(
            partial(usecases.review, self._session, RecordId(record_id)),
            owner=self,
            on_done=self._show,
        )

    def _show(self, review: Review) -> None:
        if self._view.queue.chosen_key() != review.record_id:
            return
        self._steps = review.steps
        confirm, send_back = _confirming(review.steps), _returning(review.steps)
        about = f"{review.author}  {short_moment(review.at)}  {review.state}"
        if review.reason:
            about += f"  까닭: {review.reason.splitlines()[0]}"
        if remarks := sum(bool(line.remark) for line in review.lines):
            about += self.tr("  확인할 점 %d") % remarks
        self._view.show_record(
            Shown(
                record_id=review.record_id,
                title=review.title,
                about=about,
                lines=tuple(
                    AnswerLine(
                        line.path,
                        line.question,
                        line.before and answer_text(line.before),
                        line.now and answer_text(line.now),
                        line.is_changed,
                        line.remark,
                    )
                    for line in review.lines
                ),
                confirm=confirm.label if confirm else "",
                send_back=send_back.label if send_back else "",
                proposal=self._proposed(review.proposal),
            )
        )
        if review.record_id in self._clean and confirm is not None:
            self._looked_at.add(review.record_id)
            self._clean_target = confirm.target
            self._show_ready()

    def _proposed(self, proposal: GradeProposal | None) -> str:
        if proposal is None:
            return ""
        words = self.tr("등급 변경 제안: %s → %s") % (proposal.now, proposal.wanted)
        # In full it stands among the answers.
        reason = shorten(proposal.reason, _REASON_LETTERS, placeholder=" …")
        return f"{words} ({reason})" if reason else words

    def _show_ready(self) -> None:
        wanted = min(LOOKED_AT, len(self._clean))
        seen = len(self._looked_at & set(self._clean))
        self._view.show_all_ready(len(self._clean), wanted - seen)

    def _confirm(self, record_id: str, *, accepts_grade: bool = False) -> None:
        step = _confirming(self._steps)
        if step is not None:
            self._take(
                partial(
                    usecases.take_step,
                    self._session,
                    RecordId(record_id),
                    step.target,
                    accepts_grade=accepts_grade,
                )
            )

    def _send_back(self, record_id: str, reason: str, comments: Mapping[str, str]) -> None:
        step = _returning(self._steps)
        if step is not None:
            self._take(
                partial(
                    usecases.take_step,
                    self._session,
                    RecordId(record_id),
                    step.target,
                    reason=reason or None,
                    comments=comments,
                )
            )

    def _confirm_all(self) -> None:
        self._take(partial(usecases.confirm_all, self._session, self._clean, self._clean_target))

    def _take(self, work: partial[Changes]) -> None:
        self._jobs.start(work, owner=self, on_done=self.changed.emit, on_error=self._not_taken)

    def _not_taken(self, error: FieldAppError) -> None:
        self._view.show_refused(message_for(error))


def _confirming(steps: tuple[ReviewStep, ...]) -> ReviewStep | None:
    return next((step for step in steps if not step.needs_reason), None)


def _returning(steps: tuple[ReviewStep, ...]) -> ReviewStep | None:
    return next((step for step in steps if step.needs_reason), None)


def _item(row: ReviewRow) -> Item:
    return Item(
        key=row.record_id,
        title=row.subject or row.title,
        note=row.author,
        below=row.title if row.subject else short_moment(row.at),
        right=f"{row.age_days}일째" if row.age_days else "오늘",
        tone="subtle",
    )
