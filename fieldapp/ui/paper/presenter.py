"""Reads batches, keeps every keyed sheet, compares the second keying with the first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fieldapp.errors import FieldAppError, NothingChanged
from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.paper.grid import PaperColumn
from fieldapp.ui.paper.view import Keying, PaperPage
from fieldapp.ui.screen import ScreenPresenter
from fieldapp.ui.widgets.table import Row
from fieldapp.usecases import paper as usecases
from fieldapp.usecases.paper import Batch, Difference, KeyedSheet, PaperForm
from fieldapp.usecases.session import Session


class PaperPresenter(ScreenPresenter):
    """Between the grid and the store."""

    def __init__(self, view: PaperPage, jobs: Jobs, session: Session) -> None:
        super().__init__(view, jobs, session)
        self._view = view
        self._forms: dict[str, PaperForm] = {}
        self._batches: dict[str, Batch] = {}
        view.batch_begun.connect(self._begin)
        view.batch_opened.connect(self._go_on)
        view.second_requested.connect(self._begin_second)
        view.differences_requested.connect(self._read_differences)
        view.sheet_keyed.connect(self._keep)
        view.left.connect(self.reload)

    def reload(self) -> None:
        """Forms and batches; a grid that is being keyed is left alone."""
        if self._view.is_keying():
            return
        start = self._jobs.start
        start(partial(usecases.paper_forms, self._session), owner=self, on_done=self._show_forms)
        start(partial(usecases.batches, self._session), owner=self, on_done=self._show_batches)

    def _show_forms(self, forms: tuple[PaperForm, ...]) -> None:
        self._forms = {form.form_id: form for form in forms}
        self._view.show_forms([(form.form_id, form.title) for form in forms])

    def _show_batches(self, found: tuple[Batch, ...]) -> None:
        self._batches = {str(number): batch for number, batch in enumerate(found)}
        self._view.show_batches([self._row(key, one) for key, one in self._batches.items()])

    def _row(self, key: str, batch: Batch) -> Row:
        rate = f"{batch.keyed / batch.handed_out:.1%}" if batch.handed_out else ""
        cells = (
            self._forms[batch.form_id].title,
            batch.name,
            str(batch.handed_out or ""),
            str(batch.keyed),
            rate,
            str(batch.second),
            str(batch.differences),
        )
        return Row(key, cells, tones=((6, "warning"),) if batch.differences else ())

    def _begin(self, form_id: str, name: str, handed_out: int) -> None:
        if handed_out:
            self._jobs.start(
                partial(usecases.hand_out, self._session, form_id, handed_out),
                owner=self,
                on_done=self.changed.emit,
                on_error=self._not_noted,
            )
        known = next(
            (one for one in self._batches.values() if (one.form_id, one.name) == (form_id, name)),
            None,
        )
        self._open(Keying(form_id, name, is_second=False), 1 + (known.keyed if known else 0))

    def _go_on(self, key: str) -> None:
        batch = self._batches[key]
        self._open(Keying(batch.form_id, batch.name, is_second=False), batch.keyed + 1)

    def _begin_second(self, key: str) -> None:
        batch = self._batches[key]
        self._open(Keying(batch.form_id, batch.name, is_second=True), 1)

    def _open(self, keying: Keying, first: int) -> None:
        form = self._forms[keying.form_id]
        which = self.tr("둘째 입력") if keying.is_second else self.tr("첫째 입력")
        self._view.show_grid(
            keying,
            f"{form.title}, {keying.batch}, {which}",
            [PaperColumn(one.path, one.label, one.digits) for one in form.questions],
            first,
        )

    def _keep(self, keying: Keying, row: int, serial: int, given: Mapping[str, str]) -> None:
        keep = usecases.key_again if keying.is_second else usecases.key_sheet
        self._view.grid.show_state(row, self.tr("저장하는 중"), "subtle", is_kept=True)
        self._jobs.start(
            partial(keep, self._session, keying.form_id, keying.batch, serial, given),
            owner=self,
            on_done=partial(self._kept, row),
            on_error=partial(self._not_kept, row),
        )

    def _kept(self, row: int, sheet: KeyedSheet | None) -> None:
        show = self._view.grid.show_state
        if sheet is None:
            show(row, self.tr("첫째 입력이 없음"), "warning", is_kept=False)
        elif sheet.differences:
            words = self.tr("저장됨, %d칸 다름") % len(sheet.differences)
            show(row, words, "warning", is_kept=True)
        else:
            show(row, self.tr("저장됨"), "success", is_kept=True)

    def _not_kept(self, row: int, error: FieldAppError) -> None:
        self._view.grid.show_state(row, self.tr("저장하지 못함"), "warning", is_kept=False)
        self._view.told.show_text(message_for(error).as_text().replace("\n", " "))

    def _not_noted(self, error: FieldAppError) -> None:
        if not isinstance(error, NothingChanged):
            self._view.told.show_text(message_for(error).happened)

    def _read_differences(self, key: str) -> None:
        batch = self._batches[key]
        self._jobs.start(
            partial(usecases.differences, self._session, batch.form_id, batch.name),
            owner=self,
            on_done=partial(self._show_differences, batch),
        )

    def _show_differences(self, batch: Batch, found: tuple[tuple[int, Difference], ...]) -> None:
        labels = {one.path: one.label for one in self._forms[batch.form_id].questions}
        rows = [
            Row(
                f"{serial}/{one.path}",
                (f"{serial:03}", labels.get(one.path, one.path), one.first, one.second),
            )
            for serial, one in found
        ]
        self._view.show_differences(
            self.tr("%s, 다르게 입력한 칸 %d") % (batch.name, len(rows)), rows
        )
