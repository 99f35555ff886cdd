"""The frame: rail, top bar, screens, status line; unlock before them all.

A form takes the whole window: no list and no other name stands beside an open visit (ux §1.3).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from fieldapp.clock import Clock
from fieldapp.messages import Message, message_for
from fieldapp.settings import Settings
from fieldapp.ui import clipboard, commands
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.crash import CrashDesk
from fieldapp.ui.desk import Desk
from fieldapp.ui.filling.choosing_files import ask_for_picture
from fieldapp.ui.idle import IdleWatch
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.keys_page import KeysPage
from fieldapp.ui.questions.aids import PictureChooser
from fieldapp.ui.session_watch import SessionWatch
from fieldapp.ui.style import undressed
from fieldapp.ui.summaries.presenter import FolderChooser
from fieldapp.ui.top_bar import TopBar
from fieldapp.ui.unlock.presenter import UnlockPresenter
from fieldapp.ui.unlock.view import UnlockView
from fieldapp.ui.widgets.focus_ring import FocusRing
from fieldapp.ui.widgets.rail import Rail
from fieldapp.ui.widgets.status_line import StatusLine
from fieldapp.ui.widgets.text import rule
from fieldapp.usecases.homes import own_office
from fieldapp.usecases.preferences import Preferences
from fieldapp.usecases.session import Session

_ROLES = (
    ("dong_welfare", "동 복지담당"),
    ("secretariat", "사무국"),
    ("team_lead", "팀장"),
    ("dept_officer", "사업부서 담당"),
    ("dong_nurse", "동 간호직"),
    ("monitor", "현장모니터링단 조사원"),
)
#: As many places as the rail may have.
_RAIL_PLACES = 8
_SIZE = (1280, 800)
_SMALLEST = (640, 340)


class MainWindow(QMainWindow):
    """The one window of the app."""

    unlocked = Signal()
    locked = Signal()
    #: unlock, or a name of the desk's registry.
    screen_shown = Signal(str)

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        crash: CrashDesk,
        choose_folder: FolderChooser | None = None,
        choose_picture: PictureChooser = ask_for_picture,
    ) -> None:
        super().__init__()
        self.setWindowTitle("fieldapp")
        self.resize(*_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self._choose_folder = choose_folder
        self._choose_picture = choose_picture
        self._crash = crash
        self.desk: Desk | None = None
        self._screen = "unlock"
        #: What is behind the curtain: the screen and where its keys were.
        self._behind: tuple[str, QWidget | None] = ("", None)
        self._left_open: tuple[str, str] | None = None
        #: Whose key is changed once the store is closed, and the password that was given for it.
        self._to_rotate: tuple[str, str] | None = None
        self.jobs = Jobs(unexpected=crash.take, parent=self)
        self.rail = Rail()
        self.top = TopBar()
        self.status_line = StatusLine()
        self.stack = QStackedWidget()
        self.unlock = UnlockView([(role, self.tr(label)) for role, label in _ROLES])
        self.stack.addWidget(self.unlock)
        self._lay_out()
        self._ring = FocusRing(self)
        self._unlock = UnlockPresenter(
            self.unlock,
            self.jobs,
            profiles=settings.profiles,
            packs=settings.packs,
            clock=clock,
            choose_folder=choose_folder,
        )
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - widgets need one
        self._idle = IdleWatch(
            application,
            self,
            lock_minutes=settings.lock_minutes,
            visit_minutes=settings.lock_visit_minutes,
        )
        self._session_watch = SessionWatch(self)
        self._connect()
        self._show("unlock")
        self._unlock.begin()

    def session(self) -> Session | None:
        """The unlocked profile's session."""
        return self.desk.session if self.desk else None

    def screen_name(self) -> str:
        """Which screen is shown."""
        return self._screen

    def show_screen(self, name: str) -> None:
        """Go to a screen of the rail, unless a form is open or the app is locked."""
        finish_open_composition()
        if self.desk is None or self._screen == "hidden":
            return
        if name != "filling" and (self.desk.form.is_open() or self._is_with_respondent()):
            return
        self._show(name)
        self.desk.show_screen(name)

    def hide_screen(self) -> None:
        """가리기: a white page over everything; four digits bring the same page back."""
        if self.desk is None or self._screen == "hidden":
            return
        _close_dialogs(self)
        self.desk.keep_everything()
        self._behind = (self._screen, QApplication.focusWidget())
        self.desk.curtain.draw()
        self._show("hidden")

    def lock(self) -> None:
        """Hide everything at once, keep the draft, close the store behind it."""
        desk = self.desk
        if desk is None:
            return
        _close_dialogs(self)
        was_open = desk.close()
        self._left_open = (desk.session.profile_id, was_open) if was_open else None
        self.desk = None
        self._idle.stop()
        self._session_watch.stop()
        clipboard.of_this_app().clear_everything()
        self._show("unlock")
        desk.locked.connect(lambda: self._put_away(desk))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the rail shows icons only."""
        super().resizeEvent(event)
        self.rail.show_words(event.size().width() >= t.RAIL_ICONS_UNDER_PX)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: nothing is lost by closing."""
        if self.desk is not None:
            self.desk.close_now()
            self.desk = None
        clipboard.of_this_app().clear_everything()
        self._unlock.stop()
        self.jobs.shut_down()
        super().closeEvent(event)

    def show_crash(self, report: Path | None) -> None:
        """The unexpected happened: the draft is kept, a report without any answer is written."""
        banner = getattr(self._widget(self._screen), "banner", None)
        if banner is not None:
            where = self.tr(" 보고서: %s") % report.name if report else ""
            banner.show_notice(
                self.tr("앱에 뜻밖의 잘못이 있었습니다. 적으신 내용은 저장해 두었습니다.\n")
                + self.tr("이어서 쓰셔도 됩니다. 되풀이되면 관리자에게 알려 주세요.")
                + where,
                "warning",
                button=self.tr("닫기"),
                deed=banner.hide,
            )

    def _unlocked(self, session: Session) -> None:
        with undressed():
            desk = Desk(session, self.jobs, self._choose_folder, self._choose_picture)
            self.desk = desk
            for screen in desk.screens.values():
                self.stack.addWidget(screen.view)
        tiles = desk.tiles()
        self.rail.show_tiles(tiles)
        desk.screen_wanted.connect(self.show_screen)
        desk.filling.hide_requested.connect(self.hide_screen)
        desk.curtain.opened.connect(self._unhide)
        desk.curtain.locked_out.connect(self.lock)
        desk.truth_changed.connect(self.status_line.show_truth)
        desk.preferences_read.connect(self._take_preferences)
        desk.admin.locking.show_defaults(*self._idle.default_minutes())
        desk.rotation_wanted.connect(self._rotate)
        self.top.show_worker(own_office(session), session.worker.name)
        self._crash.keep = desk.keep_everything
        self._idle.start()
        self._session_watch.start(int(self.winId()))
        self.show_screen(tiles[0].name)
        if session.refused:
            self._show_trouble(desk, message_for(session.refused[0]))
        left, self._left_open = self._left_open, None
        if left is not None and left[0] == session.profile_id:
            desk.open_draft(left[1])
        desk.back_up()
        desk.day.watch(self, lambda: desk.screens[self._screen].is_framed)
        self.unlocked.emit()

    def _take_preferences(self, wanted: Preferences) -> None:
        self._idle.set_minutes(wanted.lock_minutes, wanted.lock_visit_minutes)
        if self.desk is not None:
            self._unlock.know_place(self.desk.session.profile_id, wanted.second_place)

    def _rotate(self, password: str) -> None:
        """암호화 키 바꾸기: nothing may use the store meanwhile, so the window locks first."""
        if self.desk is not None:
            self._to_rotate = (self.desk.session.profile_id, password)
            self.lock()
            # Nobody opens it in between.
            self.unlock.show_working(is_working=True)

    def _put_away(self, desk: Desk) -> None:
        for screen in desk.screens.values():
            self.stack.removeWidget(screen.view)
            screen.view.deleteLater()
        desk.deleteLater()
        self._crash.keep = lambda: None
        wanted, self._to_rotate = self._to_rotate, None
        if wanted is None:
            self._unlock.begin()
        else:
            self._unlock.rotate(*wanted)
        self.locked.emit()

    def _unhide(self) -> None:
        """The same page comes back, never a list (ux §1.3)."""
        name, focus = self._behind
        self._show(name)
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, name: str) -> None:
        self._screen = name
        screen = self.desk.screens.get(name) if self.desk is not None else None
        self.stack.setCurrentWidget(self._widget(name))
        is_framed = screen is not None and screen.is_framed
        for part in (self.rail, self._rail_rule, self.top, self._top_rule, self.status_line):
            part.setVisible(is_framed)
        self._status_rule.setVisible(is_framed)
        self.rail.show_chosen(screen.tile if screen is not None else "")
        self._idle.watch_visit(
            is_open=self.desk is not None and self.desk.form.is_open(), is_shown=name == "filling"
        )
        (screen.take_focus if screen is not None else self.unlock.take_focus)()
        self.screen_shown.emit(name)

    def _is_with_respondent(self) -> bool:
        """Whether the laptop is in a respondent's hands: no list until the officer has it back."""
        desk = self.desk
        return desk is not None and self._screen == "filling" and desk.filling.respondent.is_on()

    def _show_place(self, place: int) -> None:
        """Ctrl+1…8."""
        tiles = self.rail.tiles()
        if place <= len(tiles):
            self.show_screen(tiles[place - 1].name)

    def _find(self) -> None:
        """Ctrl+K, wherever lists may be seen."""
        if self.desk is not None and self.desk.screens[self._screen].is_framed:
            self.desk.search.ask(self)

    def _widget(self, name: str) -> QWidget:
        if self.desk is None or name == "unlock":
            return self.unlock
        return self.desk.screens[name].view

    def _hide_if_chosen(self) -> None:
        """Three minutes untouched in a visit; who never chose digits is not stopped by them."""
        if self.desk is not None and self.desk.curtain.has_code():
            self.hide_screen()

    def _show_trouble(self, _owner: object, message: Message) -> None:
        """A trouble that nobody took: said on the page that is shown."""
        banner = getattr(self._widget(self._screen), "banner", None)
        if banner is not None:
            banner.show_message(message)

    def _show_keys(self) -> None:
        rail = [commands.rail_command(n, tile.label) for n, tile in enumerate(self.rail.tiles(), 1)]
        page = KeysPage(rail, self, screen=self._screen)
        page.finished.connect(self.activateWindow)
        page.open()

    def _next_area(self, step: int) -> None:
        finish_open_composition()
        screen = self._widget(self._screen)
        if self.desk is None or not hasattr(screen, "areas"):
            return
        areas: list[QWidget] = [*screen.areas()]
        if self.desk.screens[self._screen].is_framed:
            areas += [self.rail, self.top]
        focus = QApplication.focusWidget()
        at = next((n for n, area in enumerate(areas) if _holds(area, focus)), 0)
        for distance in range(1, len(areas) + 1):
            if _enter(areas[(at + step * distance) % len(areas)]):
                return

    def _connect(self) -> None:
        self._unlock.unlocked.connect(self._unlocked)
        self.rail.chosen.connect(self.show_screen)
        self.top.lock_requested.connect(self.lock)
        self.top.keys_requested.connect(self._show_keys)
        self.jobs.trouble.connect(self._show_trouble)
        self.jobs.damaged.connect(lambda: self._unlock.know_damage(self.session()))
        self._idle.away.connect(self.lock)
        self._idle.away_in_visit.connect(self._hide_if_chosen)
        self._session_watch.away.connect(self.lock)
        self.top.find_requested.connect(self._find)
        self.top.hide_requested.connect(self.hide_screen)
        bind = commands.bind
        bind(commands.LOCK, self, self.lock)
        bind(commands.SHOW_KEYS, self, self._show_keys)
        bind(commands.NEXT_AREA, self, lambda: self._next_area(1))
        bind(commands.PREVIOUS_AREA, self, lambda: self._next_area(-1))
        bind(commands.FIND, self, self._find)
        bind(commands.HIDE, self, self.hide_screen)
        bind(commands.DAY_END, self, lambda: self.show_screen("day_end"))
        for place in range(1, _RAIL_PLACES + 1):
            bind(commands.rail_command(place, ""), self, partial(self._show_place, place))

    def _lay_out(self) -> None:
        self._rail_rule, self._top_rule, self._status_rule = rule("vertical"), rule(), rule()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self._top_rule)
        right.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self._rail_rule)
        middle.addLayout(right, 1)
        frame = QWidget()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self._status_rule)
        layout.addWidget(self.status_line)
        self.setCentralWidget(frame)


def _close_dialogs(window: QWidget) -> None:
    """Nothing of the page stays open over the page that hides it."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    for dialog in window.findChildren(QDialog):
        dialog.close()


def _holds(area: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (area is focus or area.isAncestorOf(focus))


def _enter(area: QWidget) -> bool:
    """Put the keys into an area: where it wants them, or on its first stop. False: it has none."""
    if not area.isVisible():
        return False
    if hasattr(area, "take_focus"):
        area.take_focus()
        return True
    for child in area.findChildren(QWidget):
        stops_here = child.focusPolicy() & Qt.FocusPolicy.TabFocus
        if stops_here and child.isVisible() and child.isEnabled():
            child.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
    return False
