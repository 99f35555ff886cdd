"""Now and today in Korean time. Everything else is handed the time; tests hand in a still clock."""

from __future__ import annotations

import secrets
import sys
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable

#: Korean Standard Time has been UTC+9 with no summer time since 1988.
KOREA = timezone(timedelta(hours=9), "KST")
_LINUX_BOOT = Path("/proc/sys/kernel/random/boot_id")
#: Names this run of the process where the system does not name its own start.
_PROCESS = secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Steady:
    """A counter of seconds that nobody can set and that goes on while the laptop sleeps.

    boot: names what it counts from; counts of another boot do not compare.
    """

    boot: str
    seconds: float


class Clock(Protocol):
    """What the rooms that may read a clock are given."""

    def now(self) -> datetime:
        """The present instant, aware, in Korean time."""


@runtime_checkable
class DeviceClock(Clock, Protocol):
    """A clock that anybody can set and an empty battery puts back: it is not believed as it stands
    (`usecases/working_clock.py`).
    """

    def steady(self) -> Steady:
        """A counter beside it, which shows when it was set."""


class SystemClock:
    """The device's own clock. It orders nothing (design D10)."""

    def now(self) -> datetime:
        """The present instant in Korean time."""
        return datetime.now(KOREA)

    def steady(self) -> Steady:
        """Since the system's start on Linux, elsewhere counted for this process alone."""
        if sys.platform == "linux":
            return Steady(_linux_boot(), time.clock_gettime(time.CLOCK_BOOTTIME))
        else:  # noqa: RET505 - the other is no code at all elsewhere
            # On Windows it counts the time asleep too.
            return Steady(_PROCESS, time.monotonic())


class StillClock:
    """A clock for tests and the demo: it stands where it was put until it is moved, and is
    believed.
    """

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(KOREA)

    def now(self) -> datetime:
        """The instant it was put at."""
        return self._at

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self._at += by


def today(clock: Clock) -> date:
    """The Korean calendar day."""
    return clock.now().astimezone(KOREA).date()


def instant_text(at: datetime) -> str:
    """The wire's one spelling of an instant (formats F3): seconds, with offset, never `Z`."""
    return at.isoformat(timespec="seconds")


@cache
def _linux_boot() -> str:
    try:
        return _LINUX_BOOT.read_text("ascii").strip() or _PROCESS
    except OSError:
        return _PROCESS
