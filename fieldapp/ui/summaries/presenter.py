"""Counts on the storage lane, draws the pages of the very file, writes it where it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from fieldapp.domain.figures import Period
from fieldapp.errors import Cancelled, FieldAppError, PurposeMissing
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Job, Jobs
from fieldapp.ui.summaries.choices import Chosen
from fieldapp.ui.summaries.view import Counted, SummariesView
from fieldapp.ui.words import day_text
from fieldapp.usecases import summaries as usecases
from fieldapp.usecases.pages import APPROVALS, PAPERS, page_choices
from fieldapp.usecases.session import Session
from fieldapp.usecases.summaries import FileKind, SummaryChoice, SummaryOutput

#: Asks for a folder; None when the worker thought better of it.
FolderChooser = Callable[[QWidget], Path | None]


class SummariesPresenter(QObject):
    """Between the page and the store."""

    #: A file was written: its path.
    exported = Signal(object)

    def __init__(
        self,
        view: SummariesView,
        jobs: Jobs,
        session: Session,
        choose_folder: FolderChooser | None = None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._session = session
        self._choose_folder = choose_folder or ask_folder
        self._months: tuple[Period, ...] = ()
        self._output: SummaryOutput | None = None
        self._counting: Job | None = None
        view.form_chosen.connect(self._list_months)
        view.count_requested.connect(self._count)
        view.page_requested.connect(self._draw)
        view.export_requested.connect(self._export)
        view.stop_requested.connect(self._stop)

    def reload(self) -> None:
        """What can be counted now; the newest month is counted at once."""
        self._jobs.start(
            partial(usecases.summaries_available, self._session), owner=self, on_done=self._offer
        )

    def output(self) -> SummaryOutput | None:
        """What is shown."""
        return self._output

    def _offer(self, choices: tuple[SummaryChoice, ...]) -> None:
        forms = [(choice.form_id, choice.title) for choice in choices]
        self._view.choices.show_offers(self._session.worker.scope, APPROVALS, PAPERS)
        self._view.show_forms(forms)
        if (form_id := self._view.choices.form_id()) is not None:
            self._list_months(form_id)

    def _list_months(self, form_id: str) -> None:
        self._jobs.start(
            partial(usecases.months_available, self._session, form_id),
            owner=self,
            on_done=self._show_months,
        )

    def _show_months(self, months: tuple[Period, ...]) -> None:
        self._months = months
        self._view.choices.show_months(
            [self.tr("%d년 %d월") % (month.first.year, month.first.month) for month in months]
        )
        self._view.count()

    def _count(self, chosen: Chosen, purpose: str) -> None:
        self._stop()
        self._counting = job = Job()
        self._view.show_counting()
        self._jobs.start(
            partial(
                usecases.build_summary,
                self._session,
                chosen.form_id,
                self._months[chosen.month],
                choices=page_choices(
                    self._session,
                    whole=chosen.whole,
                    is_masked=chosen.is_masked,
                    approval=chosen.approval,
                    paper=chosen.paper,
                ),
                purpose=purpose or None,
                cancelled=job.is_cancelled,
            ),
            owner=self,
            on_done=partial(self._counted, job),
            on_error=partial(self._failed, job),
        )

    def _counted(self, job: Job, output: SummaryOutput) -> None:
        if job is not self._counting:
            return
        self._output = output
        now = self._session.clock.now()
        self._view.show_counted(
            Counted(
                pages=output.page_count,
                records=output.records,
                unseen=output.missing_devices,
                check_code=output.check_code,
                late=output.late_records,
            ),
            self.tr("집계 기준시각 %s %s") % (day_text(now.date()), f"{now:%H:%M}"),
        )

    def _failed(self, job: Job, error: FieldAppError) -> None:
        # A count that another has replaced, or that was stopped, has nothing to say.
        if job is self._counting and not isinstance(error, Cancelled):
            self._view.show_message(message_for(error))
        elif job is self._counting:
            self._view.progress.hide()

    def _stop(self) -> None:
        if self._counting is not None:
            self._counting.cancel()

    def _draw(self, page: int, width_px: int) -> None:
        if self._output is not None and width_px > 0:
            self._jobs.start(
                partial(usecases.preview, self._output, page, width_px),
                owner=self,
                on_done=lambda image: self._view.show_page(image.width, image.height, image.rgba),
            )

    def _export(self, kind: FileKind, purpose: str) -> None:
        if self._output is None:
            return
        folder = self._choose_folder(self._view)
        if folder is None:
            return
        self._jobs.start(
            partial(usecases.export, self._session, self._output, kind, folder, purpose=purpose),
            owner=self,
            on_done=self._written,
            on_error=self._not_written,
        )

    def _written(self, file: Path) -> None:
        self._view.show_exported(file.name, str(file.parent))
        self.exported.emit(file)

    def _not_written(self, error: FieldAppError) -> None:
        if isinstance(error, PurposeMissing):
            self._view.show_purpose_missing()
        self._view.show_message(message_for(error))


def ask_folder(view: QWidget) -> Path | None:
    """The system's own folder dialog, beginning at the worker's documents."""
    start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen = QFileDialog.getExistingDirectory(view, view.tr("어느 폴더에 둘까요?"), start)
    return Path(chosen) if chosen else None
