"""What the desk knows of a screen: its page, what it reads, what it may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fieldapp.domain.operation import Subject
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.widgets.notices import Banner
from fieldapp.usecases.session import Session


class ScreenView(QWidget):
    """A page of the frame. Its banner says what is known about the page as a whole."""

    banner: Banner

    def take_focus(self) -> None:
        """Put the keys where the first thing is done."""
        raise NotImplementedError

    def areas(self) -> tuple[QWidget, ...]:
        """The stops of F6, in their order."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class FormWanted:
    """A form to be opened: a blank one (`form_id`), a draft or a record (`record_id`).

    preset: question → answer that a blank form begins with.
    """

    form_id: str = ""
    record_id: str = ""
    is_draft: bool = False
    subject: Subject | None = None
    preset: Mapping[str, str] = field(default_factory=dict)


class ScreenPresenter(QObject):
    """Between a page and the store."""

    changed = Signal(object)  # Changes
    form_wanted = Signal(object)  # FormWanted
    #: Another screen, by its name.
    screen_wanted = Signal(str)
    #: A household's page, by its id.
    household_wanted = Signal(str)

    def __init__(self, view: QWidget, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._jobs = jobs
        self._session = session

    def reload(self) -> None:
        """Read again what the page shows."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the desk's registry.

    tile: the place of the rail that is marked while it is shown; a screen without a frame has the
    window to itself.
    """

    view: QWidget
    take_focus: Callable[[], None]
    reload: Callable[[], None]
    tile: str
    is_framed: bool = True
