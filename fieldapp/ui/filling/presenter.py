"""Opens forms, keeps their drafts behind the keyboard, and finishes them into records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes, Subject
from fieldapp.errors import AnswersIncomplete, FieldAppError, ReasonMissing, StoreTrouble
from fieldapp.messages import message_for
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.choosing_files import ask_for_picture
from fieldapp.ui.filling.keeping import DraftKeeper
from fieldapp.ui.filling.keeping_pictures import PictureKeeper
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.questions.aids import Aids, PictureChooser
from fieldapp.ui.words import short_moment
from fieldapp.usecases import files, finishing
from fieldapp.usecases import filling as usecases
from fieldapp.usecases.filling import DraftSnapshot, OpenForm
from fieldapp.usecases.session import Session


class FillingPresenter(QObject):
    """One form at a time between the view and the store."""

    opened = Signal()
    #: Left or finished; the record's id.
    closed = Signal(str)
    changed = Signal(object)  # Changes
    #: It could not be opened.
    refused = Signal(object)  # Message

    def __init__(
        self,
        view: FillingView,
        jobs: Jobs,
        session: Session,
        *,
        choose_picture: PictureChooser = ask_for_picture,
    ) -> None:
        super().__init__(view)
        self._choose_picture = choose_picture
        #: Form and record of the respondent who is being thanked.
        self._thanked: tuple[str, RecordId] | None = None
        self._respondent_from = ""
        self._view = view
        self._jobs = jobs
        self._session = session
        self._open: OpenForm | None = None
        self._has_draft = False
        self._keeper = DraftKeeper(self)
        self._pictures = PictureKeeper(view, jobs, session)
        self._keeper.snapshot_due.connect(self.keep)
        view.changed.connect(self._touch)
        view.question_left.connect(self._keeper.now)
        view.leave_requested.connect(self.leave)
        view.complete_requested.connect(self._complete)
        view.part_requested.connect(self._keep_part)
        view.retry_requested.connect(self.keep)
        view.next_respondent_requested.connect(self._next_respondent)

    def open_new(
        self,
        form_id: str,
        *,
        subject: Subject | None = None,
        preset: Mapping[str, str] | None = None,
    ) -> None:
        """A blank form, about `subject` and with the answers of `preset` where they are given."""
        self._load(
            partial(usecases.open_new, self._session, form_id, subject=subject, preset=preset)
        )

    def open_draft(self, record_id: str) -> None:
        """A form as it was left."""
        self._load(partial(usecases.open_draft, self._session, RecordId(record_id)))

    def open_record(self, record_id: str) -> None:
        """A finished record, to amend."""
        self._load(partial(usecases.open_record, self._session, RecordId(record_id)))

    def is_open(self) -> bool:
        """Whether a form is on the desk."""
        return self._open is not None

    def draft_id(self) -> str | None:
        """The draft on the desk; None when there is none, or nothing was written in it."""
        has_draft = self._has_draft or self._keeper.is_dirty()
        return self._open.record_id if self._open and has_draft else None

    def keep(self) -> None:
        """Keep the draft as it stands now: snapshot here, write on the storage lane."""
        snapshot = self._snapshot()
        if snapshot is not None:
            self._jobs.start(
                partial(usecases.keep_draft, self._session, snapshot),
                owner=self,
                on_done=self._kept,
                on_error=self._not_kept,
            )

    def leave(self) -> None:
        """Leave the form; the draft is kept first, and the view stays when that fails."""
        snapshot = self.last_snapshot()
        if self._open is None:
            thanked, self._thanked = self._thanked, None
            if thanked is not None:
                self._view.respondent.end()
                self.closed.emit(thanked[1])
            return
        if snapshot is None:
            if self._has_draft:
                self._jobs.start(partial(usecases.put_away, self._session, None), owner=self)
            self._close()
            return
        self._jobs.start(
            partial(usecases.put_away, self._session, snapshot),
            owner=self,
            on_done=self._left,
            on_error=self._not_kept,
        )

    def drop(self) -> None:
        """Take the form off the desk without another word: after lock, its draft is kept."""
        self._open = None
        self._pictures.begin(None)
        self._keeper.stop()

    def last_snapshot(self) -> DraftSnapshot | None:
        """What is still to be kept: with the composition finished; None when all is kept."""
        finish_open_composition()
        return self._snapshot() if self._keeper.is_dirty() else None

    def _load(self, work: Callable[[], OpenForm]) -> None:
        self._jobs.start(
            work,
            owner=self,
            on_done=self._show,
            on_error=lambda error: self.refused.emit(message_for(error)),
        )

    def _show(self, form: OpenForm) -> None:
        self._open = form
        self._pictures.begin(form.record_id)
        self._has_draft = form.was_recovered
        self._keeper.stop()
        remark = (
            self.tr("고치기")
            if form.asks_reason
            else self.tr("%s 시작") % short_moment(self._session.clock.now())
        )
        self._view.show_form(
            form.title,
            form.filling,
            cursor_path=form.cursor_path,
            asks_reason=form.asks_reason,
            remark=remark,
            subject=form.masked_subject,
            sheet=self._sheet(form),
            copies=form.copy_blocks,
            is_joint=form.planned and bool(form.parts),
            is_survey=form.pack.plans.kind == "survey" and not form.asks_reason,
        )
        if form.sent_back:
            banner = self._view.banner
            words = self.tr("보완 요청: %s") % form.sent_back
            banner.show_notice(words, "warning", button=self.tr("닫기"), deed=banner.hide)
        if form.kept_at is not None:
            self._view.show_saved(form.kept_at)
            if form.was_cut_off:
                self._show_cut_off(form.title, form.masked_subject, form.kept_at)
        first, self._respondent_from = self._respondent_from, ""
        if first:
            self._view.show_kiosk(is_on=True, first=first)
        self.opened.emit()

    def _show_cut_off(self, title: str, subject: str, at: datetime) -> None:
        """The app did not close this form itself: what was recovered, and what may lack."""
        banner = self._view.banner

        def go_on() -> None:
            banner.hide()
            self._view.asking.take_focus(goes_on_typing=True)

        whose = ", ".join(part for part in (title, subject) if part)
        banner.show_notice(
            self.tr("앱이 %s에 갑자기 닫혔습니다. '%s' 작성 내용을 되살렸습니다.\n")
            % (short_moment(at), whose)
            + self.tr(
                "마지막 2초 안의 글자는 빠졌을 수 있습니다. 끝부분을 살펴보고 이어서 쓰세요."
            ),
            "warning",
            button=self.tr("이어서 쓰기"),
            deed=go_on,
        )

    def _sheet(self, form: OpenForm) -> Sheet:
        return Sheet(
            aids=Aids(
                now=self._session.clock.now,
                choose_picture=self._choose_picture,
                read_file=partial(files.read_file, self._session),
                fetch_file=self._pictures.fetch,
                longest_px=form.picture_px,
            ),
            last=form.last_answers,
            parts={part.path: part.seat for part in form.parts},
            seat=form.seat,
            is_new=not (form.was_recovered or form.is_amendment),
            masked=form.masked_path,
            differing=form.differing,
        )

    def _snapshot(self) -> DraftSnapshot | None:
        if self._open is None:
            return None
        self._view.asking.gather_open_text()
        self._keeper.taken()
        self._has_draft = True
        return self._open.snapshot(self._view.cursor_path())

    def _touch(self) -> None:
        if self._open is not None:
            self._keeper.touch()

    def _kept(self, changes: Changes) -> None:
        self._view.show_saved(self._session.clock.now())
        self.changed.emit(changes)

    def _not_kept(self, error: FieldAppError) -> None:
        self._keeper.touch()
        self._view.show_save_failed(message_for(error))

    def _left(self, changes: Changes) -> None:
        self._kept(changes)
        self._close()

    def _complete(self, reason: str) -> None:
        snapshot = self._snapshot()
        if snapshot is not None:
            self._jobs.start(
                partial(finishing.finish, self._session, snapshot, reason=reason or None),
                owner=self,
                on_done=self._finished,
                on_error=self._not_finished,
            )

    def _keep_part(self) -> None:
        snapshot = self._snapshot()
        if snapshot is not None:
            self._jobs.start(
                partial(finishing.save_part, self._session, snapshot),
                owner=self,
                on_done=self._finished,
                on_error=self._not_finished,
            )

    def _finished(self, changes: Changes) -> None:
        self.changed.emit(changes)
        if self._view.respondent.is_on() and self._open is not None:
            # The blank page stays until the officer has the laptop back.
            self._thanked = self._open.form.id, self._open.record_id
            self.drop()
            return
        self._close()

    def _next_respondent(self, carried: Mapping[str, str]) -> None:
        thanked, self._thanked = self._thanked, None
        if thanked is not None:
            self._respondent_from = self._view.respondent.first()
            self.open_new(thanked[0], preset=carried)

    def _not_finished(self, error: FieldAppError) -> None:
        self._keeper.touch()
        self._view.respondent.end()
        if isinstance(error, AnswersIncomplete):
            violations = error.facts.get("violations")
            assert isinstance(violations, tuple)  # noqa: S101 - the shape that forms gives
            self._view.show_violations(violations)
        elif isinstance(error, ReasonMissing):
            self._view.show_reason_missing()
        elif isinstance(error, StoreTrouble):
            self._view.show_save_failed(message_for(error))
        else:
            self._view.show_message(message_for(error))

    def _close(self) -> None:
        record_id = self._open.record_id if self._open else ""
        self.drop()
        self._view.respondent.end()
        self.closed.emit(record_id)
