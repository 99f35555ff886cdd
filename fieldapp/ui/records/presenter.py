"""Reads the list, opens the chooser, throws drafts away on request."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes
from fieldapp.ui import clipboard
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.records.chooser import FormChooser
from fieldapp.ui.records.history_presenter import HistoryPresenter
from fieldapp.ui.records.view import Line, RecordsView
from fieldapp.ui.saved_filters.presenter import SavedFilters
from fieldapp.ui.summaries.presenter import FolderChooser, ask_folder
from fieldapp.ui.summaries.view import PURPOSES
from fieldapp.usecases import filling as forms
from fieldapp.usecases import records as usecases
from fieldapp.usecases.day import mark_copied
from fieldapp.usecases.households import copy_text
from fieldapp.usecases.printing import record_output
from fieldapp.usecases.session import Session
from fieldapp.usecases.summaries import export


class RecordsPresenter(QObject):
    """Between the list and the store."""

    new_chosen = Signal(str)  # form id
    draft_chosen = Signal(str)
    record_chosen = Signal(str)
    changed = Signal(object)  # Changes

    def __init__(
        self,
        view: RecordsView,
        jobs: Jobs,
        session: Session,
        choose_folder: FolderChooser | None = None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._choose_folder = choose_folder or ask_folder
        self._jobs = jobs
        self._session = session
        view.open_requested.connect(self._open)
        view.new_requested.connect(self._choose_form)
        view.discard_requested.connect(self._ask_discard)
        view.print_requested.connect(self._ask_purpose)
        view.copy_requested.connect(self._copy)
        self._history = HistoryPresenter(view.history, jobs, session)
        view.history_requested.connect(self._open_history)
        self._filters = SavedFilters(view, view.banner, jobs, session, "records")
        view.narrowed.connect(self._read)
        view.sifted.connect(self._filters.narrowed)

    def reload(self, select: str | None = None) -> None:
        """Read the list again, and what it can be narrowed by."""
        self._jobs.start(
            partial(usecases.forms_of_records, self._session),
            owner=self,
            on_done=self._view.show_forms,
        )
        self._filters.reload()
        self._read(select)
        if self._view.is_history_shown():
            self._history.reload()

    def _read(self, select: str | None = None) -> None:
        form_id, period = asked = self._view.asked()
        self._filters.narrowed()
        self._jobs.start(
            partial(usecases.records_page, self._session, usecases.RecordFilter(form_id, period)),
            owner=self,
            on_done=partial(self._show, select, asked),
        )

    def _show(self, select: str | None, asked: tuple[str, str], page: usecases.RecordPage) -> None:
        if asked != self._view.asked():
            # Narrowed on since: the answer to that is under way.
            return
        self._view.show_lines(
            [
                Line(
                    record_id=row.record_id,
                    at=row.updated_at,
                    form=row.form_title,
                    title=row.title,
                    state=row.state,
                    delivery=row.delivery,
                    author=row.author,
                    is_draft=row.is_draft,
                )
                for row in page.rows
            ],
            select=select,
            total=page.total,
        )

    def _open(self, record_id: str, is_draft: bool) -> None:
        (self.draft_chosen if is_draft else self.record_chosen).emit(record_id)

    def _open_history(self, record_id: str) -> None:
        self._view.show_history()
        self._history.open(record_id)

    def _choose_form(self) -> None:
        self._jobs.start(
            partial(forms.forms_available, self._session), owner=self, on_done=self._offer
        )

    def _offer(self, choices: tuple[forms.FormChoice, ...]) -> None:
        if len(choices) == 1:
            self.new_chosen.emit(choices[0].form.id)
        elif choices:
            chooser = FormChooser([(c.form.id, c.title) for c in choices], self._view)
            chooser.chosen.connect(self.new_chosen)
            chooser.finished.connect(self._view.window().activateWindow)
            chooser.open()
        else:
            self._view.banner.show_notice(
                self.tr("이 노트북에 서식이 없습니다. 서식 관리자에게 받으세요."), "info"
            )

    def _ask_discard(self, record_id: str) -> None:
        self._view.banner.show_notice(
            self.tr("작성 중인 것을 지우시겠습니까? 지우면 되돌릴 수 없습니다."),
            "warning",
            button=self.tr("지우기"),
            deed=partial(self._discard, record_id),
        )

    def _discard(self, record_id: str) -> None:
        self._view.banner.hide()
        self._jobs.start(
            partial(forms.discard_draft, self._session, RecordId(record_id)),
            owner=self,
            on_done=self._discarded,
        )

    def _discarded(self, changes: Changes) -> None:
        self.changed.emit(changes)
        self._view.take_focus()

    def _ask_purpose(self, record_id: str) -> None:
        """Nothing is printed without a purpose (고시 제12조)."""
        chooser = FormChooser(
            [(purpose, purpose) for purpose in PURPOSES],
            self._view,
            question=self.tr("무엇에 쓰실 문서입니까?"),
        )
        chooser.chosen.connect(partial(self._print, RecordId(record_id)))
        chooser.finished.connect(self._view.window().activateWindow)
        chooser.open()

    def _print(self, record_id: RecordId, purpose: str) -> None:
        folder = self._choose_folder(self._view)
        if folder is not None:
            self._jobs.start(
                partial(_write_record, self._session, record_id, purpose, folder),
                owner=self,
                on_done=self._printed,
            )

    def _printed(self, file: Path) -> None:
        self._view.banner.show_notice(
            self.tr("%s을(를) 만들었습니다.\n%s") % (file.name, file.parent), "success",
            button=self.tr("닫기"), deed=self._view.banner.hide,
        )  # fmt: skip

    def _copy(self, record_id: str) -> None:
        self._jobs.start(
            partial(copy_text, self._session, RecordId(record_id)),
            owner=self,
            on_done=partial(self._put_on_clipboard, RecordId(record_id)),
        )

    def _put_on_clipboard(self, record_id: RecordId, text: str) -> None:
        banner = self._view.banner
        close = self.tr("닫기")
        if not text:
            words = self.tr("이 기록에는 행복이음에 옮길 글이 없습니다.")
            banner.show_notice(words, button=close, deed=banner.hide)
            return
        clipboard.put(text)
        words = self.tr("행복이음에 옮길 글을 복사했습니다. 옮김으로 표시했습니다.")
        banner.show_notice(words, "success", button=close, deed=banner.hide)
        self._jobs.start(
            partial(mark_copied, self._session, record_id), owner=self, on_done=self.changed.emit
        )


def _write_record(session: Session, record_id: RecordId, purpose: str, folder: Path) -> Path:
    output = record_output(session, record_id, purpose=purpose)
    return export(session, output, "pdf", folder, purpose=purpose)
