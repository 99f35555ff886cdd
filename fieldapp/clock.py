"""Now and today in Korean time. Everything else is handed the time; tests hand in a still clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Protocol

#: Korean Standard Time has been UTC+9 with no summer time since 1988.
KOREA = timezone(timedelta(hours=9), "KST")


class Clock(Protocol):
    """What the rooms that may read a clock are given."""

    def now(self) -> datetime:
        """The present instant, aware, in Korean time."""


class SystemClock:
    """The device's own clock. It orders nothing (design D10)."""

    def now(self) -> datetime:
        """The present instant in Korean time."""
        return datetime.now(KOREA)


class StillClock:
    """A clock for tests and the demo: it stands where it was put until it is moved."""

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
