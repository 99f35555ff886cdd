"""The app locks with the laptop: the screen's lock, sleep, and sleep that nobody told of."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from ctypes import wintypes
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication

from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.session_watch import SessionWatch, WindowsMessages
from tests.ui.samples import begin_work

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_S = 120
POWER, SESSION = 0x0218, 0x02B1


class Wall:
    """A wall clock that stands until it is moved."""

    seconds = 1_000_000.0

    def __call__(self) -> float:
        """What it shows."""
        return self.seconds


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="this machine has no D-Bus")
def test_locks_by_every_signal_of_the_bus_and_by_none_that_ends_one() -> None:
    # Two buses by their addresses, one daemon: no test may speak on the machine's own.
    script = 'export DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS"; exec "$0" -m "$1"'
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, "tests.ui.session_actor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["away"] * 4


def test_laptop_without_a_bus_says_nothing_of_it(tmp_path: Path) -> None:
    script = (
        "from PySide6.QtCore import QCoreApplication as A\n"
        "from fieldapp.ui.session_watch import SessionWatch\n"
        "a = A([]); w = SessionWatch(); w.start(0); a.processEvents(); print(w.ticking.isActive())"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBUS")}
    nowhere = f"unix:path={tmp_path}/none"
    for buses in ({}, {"DBUS_SESSION_BUS_ADDRESS": nowhere, "DBUS_SYSTEM_BUS_ADDRESS": nowhere}):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=kept | {"XDG_RUNTIME_DIR": str(tmp_path)} | buses,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


@pytest.mark.parametrize(
    ("passed_s", "locks"), [(15, 0), (89, 0), (91, 1), (9 * 3600, 1), (-60, 0)]
)
def test_gap_between_two_ticks_means_that_the_laptop_slept(
    qapp: QApplication, passed_s: int, locks: int
) -> None:
    wall = Wall()
    watch = SessionWatch(wall_s=wall)
    told: list[None] = []
    watch.away.connect(lambda: told.append(None))
    watch.start(0)

    wall.seconds += passed_s
    watch.ticking.timeout.emit()
    wall.seconds += 15
    watch.ticking.timeout.emit()

    assert len(told) == locks
    watch.stop()


def test_time_spent_locked_is_no_gap(qapp: QApplication) -> None:
    wall = Wall()
    watch = SessionWatch(wall_s=wall)
    told: list[None] = []
    watch.away.connect(lambda: told.append(None))
    watch.start(0)
    watch.stop()
    assert not watch.ticking.isActive()

    wall.seconds += 3600
    watch.start(0)
    watch.ticking.timeout.emit()

    assert told == []
    watch.stop()


@pytest.mark.parametrize(
    ("message", "about", "locks"),
    [(SESSION, 7, 1), (SESSION, 8, 0), (POWER, 4, 1), (POWER, 7, 0), (0x0100, 4, 0)],
)
def test_windows_tells_lock_and_sleep_and_keeps_its_messages(
    message: int, about: int, locks: int
) -> None:
    told: list[None] = []
    news = wintypes.MSG()
    news.message, news.wParam = message, about
    filter_ = WindowsMessages(lambda: told.append(None))

    answer = filter_.nativeEventFilter(QByteArray(b"windows_generic_MSG"), ctypes.addressof(news))

    assert answer == (False, 0)
    assert len(told) == locks


def test_window_locks_when_the_watch_tells(window: tuple[MainWindow, Hands]) -> None:
    opened, hands = window
    watch = opened.findChild(SessionWatch)
    assert watch is not None
    assert not watch.ticking.isActive()
    begin_work(opened, hands)
    assert watch.ticking.isActive()

    watch.away.emit()

    assert opened.screen_name() == "unlock"
    assert opened.session() is None
    assert not watch.ticking.isActive()
