"""Pictures on their way into the store: what is given is not lost by finishing too soon."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from fieldapp.ui.filling.asking import Asking


class Picturing(QObject):
    """Hands pictures out, lays the names of what was kept as answers, holds deeds back so long."""

    #: Path, bytes, ending: keep it, then tell `kept` or `not_kept`.
    picture_taken = Signal(str, object, str)
    #: A file that was asked for came, or did not: its name.
    looked_for = Signal(str)

    def __init__(self, asking: Asking) -> None:
        super().__init__(asking)
        self._asking = asking
        self._open: list[str] = []
        self._waiting: list[Callable[[], None]] = []
        asking.picture_taken.connect(self._take)

    def begin(self) -> None:
        """Another form: nothing of the last one is waited for."""
        self._open = []
        self._waiting = []

    def is_busy(self) -> bool:
        """Whether a picture is on its way."""
        return bool(self._open)

    def when_kept(self, deed: Callable[[], None]) -> None:
        """Do it now, or when the last picture is kept: every press counts, in its order."""
        if self._open:
            self._waiting.append(deed)
        else:
            deed()

    def kept(self, path: str, name: str) -> None:
        """A picture of this form is kept under a name."""
        if self._came(path):
            self._asking.answer(path, name)
        self._go_on()

    def not_kept(self, path: str) -> None:
        """It could not be kept: the answer stays as it was, and what waited is not done."""
        self._came(path)
        self._waiting = []
        self._asking.show_again(path)

    def fetched(self, name: str) -> None:
        """A file that was asked for came, or did not: the form shows what there is."""
        for section in self._asking.walk.sections:
            for question in section.asked:
                if question.value == name:
                    self._asking.show_again(question.path)
        self.looked_for.emit(name)

    def _take(self, path: str, raw: object, ending: str) -> None:
        self._open.append(path)
        self.picture_taken.emit(path, raw, ending)

    def _came(self, path: str) -> bool:
        is_ours = path in self._open
        if is_ours:
            self._open.remove(path)
        return is_ours

    def _go_on(self) -> None:
        while self._waiting and not self._open:
            self._waiting.pop(0)()
