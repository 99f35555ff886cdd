"""Looks things up behind the keyboard and says which one was chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fieldapp.ui.jobs import Jobs
from fieldapp.ui.search.dialog import SearchDialog
from fieldapp.ui.search.settling import Settling
from fieldapp.ui.widgets.rows import Item
from fieldapp.usecases import search as usecases
from fieldapp.usecases.entity_words import list_word
from fieldapp.usecases.search import Hit
from fieldapp.usecases.session import Session


class SearchPresenter(QObject):
    """Between the dialog and the store."""

    #: What was chosen: its list and its id.
    chosen = Signal(str, str)

    def __init__(self, jobs: Jobs, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._session = session
        self._hits: dict[str, Hit] = {}
        self._settling = Settling(jobs, session, self)

    def ask(self, window: QWidget) -> SearchDialog:
        """Open the dialog over the window."""
        dialog = SearchDialog(window)
        dialog.wanted.connect(partial(self._look, dialog))
        dialog.opened.connect(self._open)
        dialog.finished.connect(self._settling.end)
        dialog.finished.connect(window.activateWindow)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _look(self, dialog: SearchDialog, text: str) -> None:
        self._settling.wait()
        self._jobs.start(
            partial(usecases.find, self._session, text),
            owner=dialog,
            on_done=partial(self._show, dialog, text),
        )

    def _show(self, dialog: SearchDialog, text: str, hits: tuple[Hit, ...]) -> None:
        self._hits = {hit.entity_id: hit for hit in hits}
        dialog.show_found(text, [_item(hit) for hit in hits])

    def _open(self, key: str) -> None:
        hit = self._hits[key]
        self.chosen.emit(hit.list, hit.entity_id)


def _item(hit: Hit) -> Item:
    return Item(hit.entity_id, hit.label, below=hit.detail, right=_kind(hit.list))


def _kind(list_name: str) -> str:
    return "기록" if list_name == "record" else list_word(list_name)
