"""The system's own session was locked, or the laptop went to sleep: then the app locks too.

Each system tells it in its own way, and some do not tell it at all; a jump of the wall clock
between two ticks is noticed everywhere, though only when the laptop is awake again.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from ctypes import wintypes
from pathlib import Path
from typing import SupportsInt

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    QTimer,
    Signal,
    Slot,
)

_TICK_MS = 15_000
#: A wall clock that went on by this much between two ticks: the laptop slept.
SLEPT_S = 90.0

_MESSAGE_KIND = QByteArray(b"windows_generic_MSG")
_WM_POWERBROADCAST = 0x0218
_PBT_APMSUSPEND = 4
_WM_WTSSESSION_CHANGE = 0x02B1
_WTS_SESSION_LOCK = 7
_NOTIFY_FOR_THIS_SESSION = 0

_LOGIN = "org.freedesktop.login1"
#: D-Bus: interface, signal, slot. Any sender of the session's own bus is heard: all it can do by
#: that is to lock the app.
_FROM_LOGIN = (
    (f"{_LOGIN}.Manager", "PrepareForSleep", SLOT("told(bool)")),
    (f"{_LOGIN}.Session", "Lock", SLOT("told_at_once()")),
)
_FROM_SCREEN_SAVER = (
    ("org.freedesktop.ScreenSaver", "ActiveChanged", SLOT("told(bool)")),
    ("org.gnome.ScreenSaver", "ActiveChanged", SLOT("told(bool)")),
)


class SessionWatch(QObject):
    """Tells when nobody can be sitting at this laptop.

    wall_s: the wall clock in seconds, which goes on while the laptop sleeps; no clock of the app's,
    which may stand still.
    """

    away = Signal()

    def __init__(
        self, parent: QObject | None = None, wall_s: Callable[[], float] = time.time
    ) -> None:
        super().__init__(parent)
        self._wall_s = wall_s
        self._seen_s = 0.0
        self.ticking = QTimer(self)
        self.ticking.setInterval(_TICK_MS)
        self.ticking.timeout.connect(self._tick)
        self._messages = WindowsMessages(self.away.emit)
        self._is_listening = False

    def start(self, window_id: int) -> None:
        """Watch from now. window_id: the window that Windows tells its news."""
        self._seen_s = self._wall_s()
        self.ticking.start()
        if not self._is_listening:
            self._is_listening = True
            self._listen(window_id)

    def stop(self) -> None:
        """Nothing is open that could be seen: the clock need not be watched."""
        self.ticking.stop()

    @Slot(bool)
    def told(self, is_away: bool) -> None:
        """The bus: the screen is locked or free, the laptop falls asleep or wakes."""
        if is_away:
            self.away.emit()

    @Slot()
    def told_at_once(self) -> None:
        """The bus: lock this session."""
        self.away.emit()

    def _tick(self) -> None:
        before, self._seen_s = self._seen_s, self._wall_s()
        if self._seen_s - before > SLEPT_S:
            self.away.emit()

    def _listen(self, window_id: int) -> None:
        if sys.platform == "win32":
            application = QCoreApplication.instance()
            if application is not None:
                application.installNativeEventFilter(self._messages)
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(
                wintypes.HWND(window_id), _NOTIFY_FOR_THIS_SESSION
            )
        elif sys.platform != "darwin":
            self._listen_to_buses()

    def _listen_to_buses(self) -> None:
        """Where there is a bus. Qt is not asked otherwise: it would try to start one."""
        # Only here: nothing but Linux has a bus.
        from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415

        if _has_system_bus():
            bus = QDBusConnection.systemBus()
            for interface, signal, slot in _FROM_LOGIN:
                # WORKAROUND PySide6 6.11.3: the stub names bytes, the binding takes text alone.
                bus.connect(_LOGIN, "", interface, signal, self, slot)  # type: ignore[call-overload]
        if _has_session_bus():
            bus = QDBusConnection.sessionBus()
            for interface, signal, slot in _FROM_SCREEN_SAVER:
                bus.connect("", "", interface, signal, self, slot)  # type: ignore[call-overload]


class WindowsMessages(QAbstractNativeEventFilter):
    """Reads what Windows tells a window: the session was locked, the laptop falls asleep."""

    def __init__(self, away: Callable[[], None]) -> None:
        super().__init__()
        self._away = away

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: SupportsInt
    ) -> tuple[bool, int]:
        """Qt: one message, before any window sees it; none is kept from them."""
        if kind == _MESSAGE_KIND:
            told = wintypes.MSG.from_address(int(message))
            if (told.message, told.wParam) in (
                (_WM_WTSSESSION_CHANGE, _WTS_SESSION_LOCK),
                (_WM_POWERBROADCAST, _PBT_APMSUSPEND),
            ):
                self._away()
        return False, 0


def _has_system_bus() -> bool:
    return (
        "DBUS_SYSTEM_BUS_ADDRESS" in os.environ
        or Path("/run/dbus/system_bus_socket").exists()
        or Path("/var/run/dbus/system_bus_socket").exists()
    )


def _has_session_bus() -> bool:
    folder = os.environ.get("XDG_RUNTIME_DIR")
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ or (
        bool(folder) and Path(str(folder), "bus").exists()
    )
