"""Signs in, exchanges on the network lane, settles what differs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.exchange import ExchangeOutcome, Progress
from fieldapp.domain.ids import ConflictId
from fieldapp.domain.operation import Changes
from fieldapp.errors import Cancelled, FieldAppError
from fieldapp.messages import message_for, receipt_reason
from fieldapp.ui.jobs import Job, Jobs, Lane
from fieldapp.ui.records.view import delivery_words
from fieldapp.ui.syncing.catalogue_words import catalogue_sentences
from fieldapp.ui.syncing.conflict import Decision, Written
from fieldapp.ui.syncing.conflict_words import differing
from fieldapp.ui.syncing.inside_presenter import InsidePresenter
from fieldapp.ui.syncing.inside_words import line_words, standing_words
from fieldapp.ui.syncing.leaving_presenter import LeavingPresenter
from fieldapp.ui.syncing.returning import returning_words
from fieldapp.ui.syncing.sign_in import Credentials
from fieldapp.ui.syncing.view import SyncingView, WaitingLine
from fieldapp.ui.words import short_moment
from fieldapp.usecases import conflicts as conflict_cases
from fieldapp.usecases import exchange as usecases
from fieldapp.usecases import sending_again
from fieldapp.usecases.conflicts import ConflictView, Side, Typed
from fieldapp.usecases.exchange import Waiting
from fieldapp.usecases.preferences import pause_files, preferences
from fieldapp.usecases.returning import Returning, returning
from fieldapp.usecases.sending_again import Notice
from fieldapp.usecases.session import Session


class SyncingPresenter(QObject):
    """Between the page and the server."""

    changed = Signal(object)  # Changes
    form_wanted = Signal(object)  # FormWanted
    #: A round ended well: its ExchangeOutcome.
    exchanged = Signal(object)
    #: The line to the server is known to be there, or known not to be.
    reached = Signal(bool)

    def __init__(self, view: SyncingView, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._session = session
        self._job: Job | None = None
        view.exchange_requested.connect(self.exchange)
        view.stop_requested.connect(self.stop)
        view.sign_in.sign_in_requested.connect(self._sign_in)
        view.conflicts.settle_requested.connect(self._settle)
        view.aside_wanted.connect(lambda _: self.reload())
        view.pause_wanted.connect(self._pause)
        inside = InsidePresenter(view, jobs, session)
        inside.changed.connect(self._settled)
        inside.form_wanted.connect(self.form_wanted)
        self._leaving = LeavingPresenter(view, jobs, session)
        self._leaving.changed.connect(self._settled)

    def reload(self) -> None:
        """What waits, what differs, and whether this laptop is enrolled."""
        self._leaving.reload()
        start = self._jobs.start
        start(partial(_enrolment, self._session), owner=self, on_done=self._show_enrolment)
        start(
            partial(_listed, self._session, with_aside=self._view.aside.isChecked()),
            owner=self,
            on_done=self._show_waiting,
        )
        start(
            partial(preferences, self._session),
            owner=self,
            on_done=lambda set_: self._view.show_paused(is_paused=set_.pauses_files),
        )
        start(partial(returning, self._session), owner=self, on_done=self._show_returning)
        start(
            partial(conflict_cases.open_conflicts, self._session),
            owner=self,
            on_done=self._show_conflicts,
        )

    def exchange(self) -> None:
        """One round; a second one waits for the first to end."""
        if self._job is not None:
            return
        self._job = job = Job()
        self._view.show_working(self.tr("서버에 연결하는 중"), 0, None)
        self._jobs.start(
            partial(
                usecases.exchange,
                self._session,
                progress=self._jobs.reporter(self, self._show_progress),
                cancelled=job.is_cancelled,
                # The storage lane does it in slices: nobody's save waits behind all of them.
                projects=False,
            ),
            owner=self,
            on_done=self._exchanged,
            on_error=self._not_exchanged,
            lane=Lane.NETWORK,
        )

    def stop(self) -> None:
        """멈춤: between two requests; what was acknowledged stays so."""
        if self._job is not None:
            self._job.cancel()

    def _sign_in(self, given: Credentials) -> None:
        self._view.banner.hide()
        self._jobs.start(
            partial(
                usecases.sign_in,
                self._session,
                address=given.address,
                user=given.user,
                password=given.password,
                enrol_code=given.code or None,
            ),
            owner=self,
            on_done=lambda _: self._signed_in(),
            on_error=lambda error: self._view.show_message(message_for(error)),
            lane=Lane.NETWORK,
        )

    def _signed_in(self) -> None:
        self._view.sign_in.forget()
        self.reached.emit(True)  # noqa: FBT003 - a Qt signal takes no names
        self.reload()

    def _show_enrolment(self, found: tuple[str | None, bool]) -> None:
        address, is_enrolled = found
        if is_enrolled:
            was_signing_in = self._view.sign_in.isVisible()
            self._view.show_ready()
            if was_signing_in:
                self._view.take_focus()
        else:
            self._view.show_sign_in(address or "")

    def _show_progress(self, progress: Progress) -> None:
        doing = {
            "hello": self.tr("서버에 연결하는 중"),
            "catalogue": self.tr("서식 받는 중"),
            "push": self.tr("보내는 중"),
            "pull": self.tr("받는 중"),
            "files": self.tr("첨부 보내는 중"),
            "project": self.tr("정리하는 중"),
            "wait": self.tr("서버가 바빠 기다리는 중"),
        }[progress.stage]
        if self._job is not None:
            self._view.show_working(doing, progress.done, progress.total)

    def _exchanged(self, result: tuple[ExchangeOutcome, Changes]) -> None:
        outcome, changes = result
        self._rest()
        self._view.show_account(self._account(outcome))
        self.reached.emit(True)  # noqa: FBT003
        self.changed.emit(changes)
        self.reload()
        self.exchanged.emit(outcome)

    def _not_exchanged(self, error: FieldAppError) -> None:
        self._rest()
        self._view.show_message(message_for(error))
        self.reached.emit(isinstance(error, Cancelled))
        # A round that broke off may have sent and received some.
        self.changed.emit(Changes(outbox=True, conflicts=True))
        self.reload()

    def _rest(self) -> None:
        self._job = None
        self._view.show_rested()

    def _account(self, outcome: ExchangeOutcome) -> str:
        parts = [
            self.tr("보낸 것 %d건") % outcome.sent,
            self.tr("받은 것 %d건") % outcome.received,
        ]
        for count, words in (
            (outcome.merged, self.tr("합친 것 %d건")),
            (outcome.conflicts, self.tr("서로 다른 것 %d건")),
            (outcome.corrections, self.tr("정정 요청 %d건")),
            (outcome.held + outcome.rejected, self.tr("보류 %d건")),
            (outcome.files_sent, self.tr("보낸 첨부 %d개")),
            (outcome.files_waiting, self.tr("남은 첨부 %d개")),
        ):
            if count:
                parts.append(words % count)
        counted = f"{', '.join(parts)} ({short_moment(outcome.at)})"
        return "\n".join((counted, *catalogue_sentences(outcome)))

    def _show_waiting(self, listed: tuple[tuple[Waiting, ...], tuple[Notice, ...]]) -> None:
        waiting, notices = listed
        self._view.show_waiting(
            [
                *(
                    WaitingLine(
                        row.record_id or f"{row.list}/{row.entity_id}",
                        row.title,
                        delivery_words(row.delivery),
                        self._why(row),
                        # What the server will yet answer is opened by its record.
                        op_id=row.op_id if row.is_refused else "",
                    )
                    for row in waiting
                ),
                *(
                    WaitingLine(
                        one.record_id,
                        one.title,
                        standing_words(one.standing, one.code),
                        line_words(one.standing, one.code, is_again=one.is_again),
                        op_id=one.op_id,
                        is_aside=one.standing == "aside",
                    )
                    for one in notices
                ),
            ]
        )

    def _why(self, row: Waiting) -> str:
        if row.code is None and row.delivery == "sent":
            return self.tr("다음 주고받기에서 서버의 답을 받습니다.")
        return receipt_reason(row.code)

    def _pause(self, is_paused: bool) -> None:
        # Told again when it is kept: what a reload read before that stands in the box meanwhile.
        self._jobs.start(
            partial(pause_files, self._session, is_paused=is_paused),
            owner=self,
            on_done=lambda _: self._view.show_paused(is_paused=is_paused),
            on_error=partial(self._not_paused, is_paused=is_paused),
        )

    def _not_paused(self, error: FieldAppError, *, is_paused: bool) -> None:
        self._view.show_paused(is_paused=not is_paused)
        self._view.show_message(message_for(error))

    def _show_returning(self, told: Returning | None) -> None:
        self._view.show_returning(returning_words(told) if told is not None else "")

    def _show_conflicts(self, found: tuple[ConflictView, ...]) -> None:
        me = self._session.worker.name
        self._view.conflicts.show_conflicts([differing(conflict, me) for conflict in found])

    def _settle(self, conflict_id: str, decided: Mapping[str, Decision], reason: str) -> None:
        choices: dict[str, Side | Typed] = {
            path: Typed(one.text) if isinstance(one, Written) else one
            for path, one in decided.items()
        }
        self._jobs.start(
            partial(conflict_cases.settle, self._session, ConflictId(conflict_id), choices, reason),
            owner=self,
            on_done=self._settled,
            on_error=lambda error: self._view.show_message(message_for(error)),
        )

    def _settled(self, changes: Changes) -> None:
        self.changed.emit(changes)
        self.reload()


def _listed(
    session: Session, *, with_aside: bool
) -> tuple[tuple[Waiting, ...], tuple[Notice, ...]]:
    """What waits for the server, and what asks for its author or did."""
    asked = sending_again.notices(session)
    aside = sending_again.all_aside(session) if with_aside else ()
    return usecases.waiting(session), (*asked, *aside)


def _enrolment(session: Session) -> tuple[str | None, bool]:
    return usecases.server_address(session), usecases.is_enrolled(session)
