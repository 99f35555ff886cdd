"""`python -m fieldapp` under watch: tells when its unlock window and its first list had painted.

    started.py window    up to the unlock window
    started.py list      and on: the password, Enter, the list of records

The profiles lie in $FIELDAPP_HOME, the password in $BENCH_PASSWORD. Ends with one line of JSON:
`window_at`, the monotonic instant (comparable between the processes of a machine) at which the
window had painted, and `window_rss` in bytes; after `list` also `list_s` from Enter to the painted
list, `argon2_s` for opening the key file alone, `list_rss`; and `files`, the code that was read.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer

from fieldapp import __main__ as program
from fieldapp import start
from fieldapp.clock import Clock
from fieldapp.settings import Settings
from fieldapp.storage.key import open_key_file
from fieldapp.storage.profile import list_profiles
from fieldapp.ui.application import open_window
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.summaries.presenter import FolderChooser


class Watch(QObject):
    """Looks, after each painting of the window, whether what it waits for is on the screen."""

    def __init__(self, window: MainWindow, profiles: Path, *, goes_on: bool) -> None:
        super().__init__(window)
        self._window = window
        self._profiles = profiles
        self._goes_on = goes_on
        self._entered_at = 0.0
        self._is_done = False
        self._told: dict[str, object] = {}
        window.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Qt: a window is painted while it handles one of these; a timer's turn comes after."""
        if event.type() in (QEvent.Type.UpdateRequest, QEvent.Type.Paint):
            QTimer.singleShot(0, self._look)
        return False

    def _look(self) -> None:
        now = time.monotonic()
        if self._is_done:
            return
        if "window_at" not in self._told:
            if self._window.unlock.names.model().rowCount():
                self._told |= {"window_at": now, "window_rss": _rss_bytes()}
                self._go_on()
        elif self._window.screen_name() != "unlock" and self._window.jobs.is_idle():
            self._told |= {"list_s": now - self._entered_at, "list_rss": _rss_bytes()}
            self._told["argon2_s"] = self._argon2_s()
            self._tell()

    def _go_on(self) -> None:
        if not self._goes_on:
            self._tell()
            return
        self._window.unlock.password.setText(os.environ["BENCH_PASSWORD"])
        self._entered_at = time.monotonic()
        self._window.unlock.enter.click()

    def _argon2_s(self) -> float:
        (profile,) = list_profiles(self._profiles)
        began = time.monotonic()
        open_key_file(profile.key_path, os.environ["BENCH_PASSWORD"])
        return time.monotonic() - began

    def _tell(self) -> None:
        self._is_done = True
        print(json.dumps(self._told | {"files": _files_read()}), flush=True)
        self._window.close()


def main(arguments: list[str]) -> int:
    """Open the app as its command does, with the watch under its window."""

    def watched(
        settings: Settings, clock: Clock, choose_folder: FolderChooser | None = None
    ) -> MainWindow:
        window = open_window(settings, clock, choose_folder)
        Watch(window, settings.profiles, goes_on=arguments == ["list"])
        return window

    vars(start)[open_window.__name__] = watched
    return program.main([])


def _rss_bytes() -> int:
    """What the process holds now; Linux counts it in pages."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _files_read() -> list[str]:
    """Code and libraries of this process, for whoever wants them out of the page cache."""
    modules = list(sys.modules.values())
    cached = {str(path) for module in modules if (path := getattr(module, "__cached__", None))}
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    mapped = {line.split(maxsplit=5)[5] for line in maps if "/" in line}
    return sorted(path for path in cached | mapped if Path(path).is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
