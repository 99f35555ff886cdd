"""Reads the list, opens the chooser, throws drafts away on request."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.records.chooser import FormChooser
from fieldapp.ui.records.view import Line, RecordsView
from fieldapp.usecases import filling as forms
from fieldapp.usecases import records as usecases
from fieldapp.usecases.session import Session


class RecordsPresenter(QObject):
    """Between the list and the store."""

    new_chosen = Signal(str)  # form id
    draft_chosen = Signal(str)
    record_chosen = Signal(str)
    changed = Signal(object)  # Changes

    def __init__(self, view: RecordsView, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._session = session
        view.open_requested.connect(self._open)
        view.new_requested.connect(self._choose_form)
        view.discard_requested.connect(self._ask_discard)

    def reload(self, select: str | None = None) -> None:
        """Read the list again."""
        self._jobs.start(
            partial(usecases.records_and_drafts, self._session),
            owner=self,
            on_done=partial(self._show, select),
        )

    def _show(self, select: str | None, rows: tuple[usecases.RecordRow, ...]) -> None:
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
                for row in rows
            ],
            select=select,
        )

    def _open(self, record_id: str, is_draft: bool) -> None:
        (self.draft_chosen if is_draft else self.record_chosen).emit(record_id)

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
