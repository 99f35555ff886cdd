"""관리: tabs over backups, locks and passwords, and the access log."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.admin.backups_pane import BackupsPane
from fieldapp.ui.admin.locking_pane import LockingPane
from fieldapp.ui.admin.log_pane import LogPane
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.strips import Strip
from fieldapp.ui.widgets.text import Text, ground, rule

BACKUPS, LOCKING, LOG = "backups", "locking", "log"
_Pane = BackupsPane | LockingPane | LogPane


class AdminView(ScreenView):
    """Tells which tab was chosen; each tab speaks for itself."""

    tab_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self.banner = Banner(strip=True)
        self.tabs = Strip(
            [
                (BACKUPS, self.tr("예비본")),
                (LOCKING, self.tr("잠금·비밀번호·사진")),
                (LOG, self.tr("접속기록 점검")),
            ]
        )
        self.tabs.setAccessibleName(self.tr("보기"))
        self.backups, self.locking, self.log = BackupsPane(), LockingPane(), LogPane()
        self._panes: dict[str, _Pane] = {
            BACKUPS: self.backups,
            LOCKING: self.locking,
            LOG: self.log,
        }
        self._lay_out()
        self.tabs.chosen.connect(self._choose)
        commands.bind(commands.NEXT_TAB, self, lambda: self._turn(1))
        commands.bind(commands.PREVIOUS_TAB, self, lambda: self._turn(-1))

    def tab(self) -> str:
        """Which tab is shown."""
        return self.tabs.key()

    def take_focus(self) -> None:
        """Where the first thing of the tab is done."""
        self._pane().take_focus()

    def areas(self) -> tuple[QWidget, ...]:
        """F6: those of the tab, then the tabs."""
        return (*self._pane().areas(), self.tabs)

    def _pane(self) -> _Pane:
        return self._panes[self.tab()]

    def _choose(self, name: str) -> None:
        self._bodies.setCurrentWidget(self._panes[name])
        self.banner.hide()
        self.tab_chosen.emit(name)

    def _turn(self, step: int) -> None:
        """Another tab by its key: the keys go to what is read, not to the tabs."""
        self.tabs.step(step)
        self.take_focus()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(t.S16, t.S8, t.S16, 0)
        head.setSpacing(t.S24)
        head.addWidget(Text(self.tr("관리"), "screen-title", wraps=False))
        head.addWidget(self.tabs, 1, Qt.AlignmentFlag.AlignBottom)
        self._bodies = QStackedWidget()
        for pane in self._panes.values():
            self._bodies.addWidget(pane)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(rule())
        layout.addWidget(self.banner)
        layout.addWidget(self._bodies, 1)
