"""An unlocked profile at work: its screens, who feeds them, and what is reloaded when.

Screens tell what was asked of them; the desk passes it to their presenters and shows the next one.
A screen more is one entry of the registry.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.operation import Changes
from fieldapp.errors import Cancelled, FieldAppError
from fieldapp.messages import Message, message_for
from fieldapp.ui import programmes
from fieldapp.ui.admin.presenter import AdminPresenter
from fieldapp.ui.admin.view import AdminView
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.day_end.presenter import DayEndPresenter
from fieldapp.ui.day_end.view import DayEndView
from fieldapp.ui.day_question import DayQuestion
from fieldapp.ui.filling.choosing_files import ask_for_picture
from fieldapp.ui.filling.presenter import FillingPresenter
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hiding.presenter import CurtainPresenter
from fieldapp.ui.hiding.view import CurtainView
from fieldapp.ui.households.presenter import HouseholdsPresenter
from fieldapp.ui.households.view import HouseholdsView
from fieldapp.ui.jobs import Job, Jobs, Lane
from fieldapp.ui.monitoring.presenter import MonitoringPresenter
from fieldapp.ui.monitoring.view import IMPROVEMENTS, MonitoringView
from fieldapp.ui.paper.presenter import PaperPresenter
from fieldapp.ui.paper.view import PaperPage
from fieldapp.ui.places import rail_of
from fieldapp.ui.questions.aids import PictureChooser
from fieldapp.ui.records.presenter import RecordsPresenter
from fieldapp.ui.records.view import RecordsView
from fieldapp.ui.review.presenter import ReviewPresenter
from fieldapp.ui.review.view import ReviewView
from fieldapp.ui.screen import FormWanted, Screen, ScreenPresenter, ScreenView
from fieldapp.ui.search.presenter import SearchPresenter
from fieldapp.ui.standing import Standing
from fieldapp.ui.summaries.presenter import FolderChooser, SummariesPresenter
from fieldapp.ui.summaries.view import SummariesView
from fieldapp.ui.syncing.presenter import SyncingPresenter
from fieldapp.ui.syncing.view import SyncingView
from fieldapp.ui.today.presenter import TodayPresenter
from fieldapp.ui.today.view import WEEK, TodayView
from fieldapp.ui.widgets.rail import Tile
from fieldapp.usecases import backup_places
from fieldapp.usecases import filling as forms
from fieldapp.usecases.session import Session, lock

#: Screens that are read again when records or entities changed while they are shown.
_LISTS = {"today", "households", "records", "monitoring", "review", "day_end"}


class Desk(QObject):
    """The screens of one session, and the way between them."""

    #: Another screen is to be shown, by its name in `screens`.
    screen_wanted = Signal(str)
    truth_changed = Signal(object)  # Truth
    #: What the worker set, whenever it was read or kept.
    preferences_read = Signal(object)  # Preferences
    #: The password: the profile is to be locked, and its key changed.
    rotation_wanted = Signal(str)
    #: The store is closed.
    locked = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        choose_folder: FolderChooser | None = None,
        choose_picture: PictureChooser = ask_for_picture,
    ) -> None:
        super().__init__()
        self.session = session
        self._jobs = jobs
        self._backup = Job()
        self._shown = ""
        self.today = TodayView()
        self.households = HouseholdsView()
        self.records = RecordsView()
        self.monitoring = MonitoringView(PaperPage())
        self.review = ReviewView()
        self.filling = FillingView()
        self.summaries = SummariesView()
        self.syncing = SyncingView()
        self.day_end = DayEndView()
        self.admin = AdminView()
        self.hidden = CurtainView()
        self._today = TodayPresenter(self.today, jobs, session)
        self._households = HouseholdsPresenter(self.households, jobs, session)
        self._records = RecordsPresenter(self.records, jobs, session, choose_folder)
        self._monitoring = MonitoringPresenter(self.monitoring, jobs, session)
        self._paper = PaperPresenter(self.monitoring.paper, jobs, session)
        self._review = ReviewPresenter(self.review, jobs, session)
        self.form = FillingPresenter(self.filling, jobs, session, choose_picture=choose_picture)
        self._summaries = SummariesPresenter(self.summaries, jobs, session, choose_folder)
        self.exchange = SyncingPresenter(self.syncing, jobs, session)
        self._day_end = DayEndPresenter(self.day_end, jobs, session)
        self._admin = AdminPresenter(self.admin, jobs, session, choose_folder)
        self.curtain = CurtainPresenter(self.hidden, jobs, session)
        self.search = SearchPresenter(jobs, session, self)
        self._standing = Standing(jobs, session, self)
        self.day = DayQuestion(jobs, session, self)
        self.screens = self._registry()
        self._connect()

    def tiles(self) -> tuple[Tile, ...]:
        """The rail of whoever is at work."""
        return rail_of(self.session.worker.roles)

    def show_screen(self, name: str) -> None:
        """A screen is about to be shown: read what it shows."""
        screen = self.screens[name]
        if screen.is_framed:
            self._shown = name
        screen.reload()
        self.read_status()
        self.day.look()

    def open_draft(self, record_id: str) -> None:
        """Go on where the draft was left, such as after a lock."""
        self.form.open_draft(record_id)

    def open_form(self, wanted: FormWanted) -> None:
        """A blank form, a draft or a record, as some screen asks for it."""
        if wanted.form_id:
            self.form.open_new(wanted.form_id, subject=wanted.subject, preset=dict(wanted.preset))
        elif wanted.is_draft:
            self.form.open_draft(wanted.record_id)
        else:
            self.form.open_record(wanted.record_id)

    def read_status(self) -> None:
        """The status line's facts."""
        self._standing.read()

    def back_up(self) -> None:
        """Make the backup of today where none stands yet; lock and close stop it."""
        self._jobs.start(
            partial(
                backup_places.back_up_today,
                self.session,
                cancelled=self._backup.is_cancelled,
            ),
            owner=self,
            on_done=lambda _: self._backed_up(),
            on_error=self._not_backed_up,
            lane=Lane.NETWORK,
        )

    def keep_everything(self) -> None:
        """Finish what is being composed and keep the draft: before lock, close and crash."""
        finish_open_composition()
        self.form.keep()

    def close(self) -> str | None:
        """Keep everything and close the store. Returns the draft that was on the desk.

        The store is closed on its own lane, behind whatever is still to be written there.
        """
        was_open = self.form.draft_id()
        close = self._closing()
        # First the network lane comes to rest: a round under way still uses the store.
        self._jobs.start(
            lambda: None,
            owner=self,
            lane=Lane.NETWORK,
            on_done=lambda _: self._jobs.start(
                close, owner=self, on_done=lambda _: self.locked.emit()
            ),
        )
        return was_open

    def close_now(self) -> None:
        """The same, and wait for it: the window is closing."""
        close = self._closing()
        self._jobs.wait(Lane.NETWORK)
        self._jobs.start(close, owner=self)
        self._jobs.wait(Lane.STORAGE)

    def _registry(self) -> dict[str, Screen]:
        def framed(view: ScreenView, tile: str, reload: Callable[[], None]) -> Screen:
            return Screen(view, view.take_focus, reload, tile)

        return {
            "today": framed(self.today, "today", self._today.reload),
            "households": framed(self.households, "households", self._households.reload),
            "records": framed(self.records, "records", self._records.reload),
            "monitoring": framed(self.monitoring, "monitoring", self._reload_monitoring),
            "review": framed(self.review, "review", self._review.reload),
            "summaries": framed(self.summaries, "summaries", self._summaries.reload),
            "syncing": framed(self.syncing, "syncing", self.exchange.reload),
            "day_end": framed(self.day_end, "today", self._day_end.reload),
            "admin": framed(self.admin, "admin", self._admin.reload),
            "filling": Screen(self.filling, _nothing, _nothing, "", is_framed=False),
            "hidden": Screen(self.hidden, self.hidden.take_focus, _nothing, "", is_framed=False),
        }

    def _reload_monitoring(self) -> None:
        self._monitoring.reload()
        self._paper.reload()

    def _closing(self) -> Callable[[], None]:
        snapshot = self.form.last_snapshot()
        has_draft = self.form.draft_id() is not None
        self.form.drop()
        self.exchange.stop()
        self._backup.cancel()
        self._standing.stop()
        self.day.stop()
        self._admin.stop()
        return partial(_close, self.session, snapshot, has_draft=has_draft)

    def _changed(self, changes: Changes) -> None:
        """Views reload what they show."""
        touched = changes.records or changes.drafts or changes.entities or changes.outbox
        if touched:
            self._reload_list()
        self.read_status()

    def _reload_list(self) -> None:
        if self._shown in _LISTS and not self.form.is_open():
            self.screens[self._shown].reload()

    def _form_closed(self, record_id: str) -> None:
        """Back to the row that it was opened from, now the next one due."""
        self.screen_wanted.emit(self._shown)
        if self._shown == "records":
            self._records.reload(select=record_id)

    def _refused(self, message: Message) -> None:
        banner = getattr(self.screens[self._shown].view, "banner", None)
        if banner is not None:
            banner.show_message(message)

    def _backed_up(self) -> None:
        if self._shown == "admin":
            self._admin.reload()

    def _not_backed_up(self, error: FieldAppError) -> None:
        if not isinstance(error, Cancelled):
            self._refused(message_for(error))

    def _show_household(self, entity_id: str) -> None:
        self.screen_wanted.emit("households")
        self._households.open(entity_id)

    def _found(self, list_name: str, entity_id: str) -> None:
        """What was chosen in 찾기."""
        if list_name == programmes.HOUSEHOLD:
            self._show_household(entity_id)
        elif list_name == programmes.IMPROVEMENT:
            self.monitoring.tabs.choose(IMPROVEMENTS)
            self.screen_wanted.emit("monitoring")
        elif list_name == "record":
            self.form.open_record(entity_id)

    def _open_waiting(self, key: str) -> None:
        """A line of 주고받기: a record, or an entity as `list/id`."""
        list_name, _, entity_id = key.rpartition("/")
        self._found(list_name or "record", entity_id)

    def _show_other(self, name: str) -> None:
        """A screen by its name; `week` is 오늘 at its second tab."""
        if name == "week":
            self.today.tabs.choose(WEEK)
            name = "today"
        self.screen_wanted.emit(name)

    def _connect(self) -> None:
        presenters: tuple[ScreenPresenter, ...] = (
            self._today, self._households, self._monitoring, self._paper, self._review,
            self._day_end,
        )  # fmt: skip
        for presenter in presenters:
            presenter.changed.connect(self._changed)
            presenter.form_wanted.connect(self.open_form)
            presenter.screen_wanted.connect(self._show_other)
            presenter.household_wanted.connect(self._show_household)
        self._records.new_chosen.connect(self.form.open_new)
        self._records.draft_chosen.connect(self.form.open_draft)
        self._records.record_chosen.connect(self.form.open_record)
        self._records.changed.connect(self._changed)
        self.form.opened.connect(lambda: self.screen_wanted.emit("filling"))
        self.form.closed.connect(self._form_closed)
        self.form.changed.connect(self._changed)
        self.form.refused.connect(self._refused)
        self.exchange.changed.connect(self._changed)
        self.exchange.form_wanted.connect(self.open_form)
        self.exchange.reached.connect(self._standing.show_reached)
        self._standing.truth_changed.connect(self.truth_changed)
        self._standing.projected.connect(self._reload_list)
        self.syncing.open_requested.connect(self._open_waiting)
        self.search.chosen.connect(self._found)
        # What is shown is of another day now, and today may lack its backup.
        self.day.settled.connect(self._reload_list)
        self.day.settled.connect(self.read_status)
        self.day.settled.connect(self.back_up)
        self._admin.preferences_read.connect(self.preferences_read)
        self._admin.rotation_wanted.connect(self.rotation_wanted)
        self._admin.begin()


def _nothing() -> None:
    """A screen that reads nothing when it is shown."""


def _close(session: Session, snapshot: forms.DraftSnapshot | None, *, has_draft: bool) -> None:
    try:
        if has_draft:
            forms.put_away(session, snapshot)
    finally:
        lock(session)
