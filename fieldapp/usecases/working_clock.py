"""The time by which an unlocked store lives: the device's clock corrected, and never going back.

    now = max(device clock + last known offset, last instant stored)        (formats, Clock)

A jump of more than twelve hours is noted and not believed: time goes on from where it was, for
every day and every instant that is stored, until the worker has said what day it is
(`usecases/clock_doubt.py`) or the server what time. What was stored meanwhile is neither lost nor
out of order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

from fieldapp.clock import KOREA, Clock, DeviceClock, Steady
from fieldapp.storage import meta
from fieldapp.storage.database import Database

#: A step of the device's clock that nothing explains: beyond it the worker is asked for the day.
JUMP = timedelta(hours=12)
#: After a restart nothing counted the time between: nights, weekends and holidays go by, and an
#: absence that is longer is asked about as a jump.
LONGEST_ABSENCE = timedelta(days=7)
#: A day so much later than the last one is proposed; a later one has to be typed.
_LIKELY_ABSENCE = timedelta(days=31)
#: While the device's clock is behind what was stored, instants follow each other by so much.
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the worker is asked about.

    device: what the device's clock says; kept: the instant that the store lives in meanwhile;
    proposed: the day that it most likely is, None where there is no telling.
    """

    device: datetime
    kept: datetime
    proposed: date | None


class WorkingClock:
    """A device's clock as a store believes it. Asked from every lane at once.

    offset: last known, to be added to the device's clock; last: the last instant stored, None in a
    new store; seen: where the device's clock stood when it was last believed.
    """

    def __init__(
        self,
        device: DeviceClock,
        *,
        offset: timedelta = timedelta(),
        last: datetime | None = None,
        seen: meta.ClockSeen | None = None,
    ) -> None:
        self._device = device
        self._lock = Lock()
        self._wall, self._steady = _read(device)
        self._known = self._offset = offset
        self._is_doubted = False
        #: Whether the time kept in a doubt was counted on, or is only the last one stored.
        self._is_counted = True
        self._given = self._wall + offset
        if last is not None:
            self._given = last.astimezone(KOREA)
            self._compare(self._given, seen)

    def now(self) -> datetime:
        """The present instant in Korean time; later than every one before it."""
        with self._lock:
            reading = self._look()
            self._given = reading if reading > self._given else self._given + _TICK
            return self._given

    def device_now(self) -> datetime:
        """What the device's own clock says, by which the server measures how far it is off."""
        return self._device.now()

    def doubt(self) -> Doubt | None:
        """A jump about which nobody has been asked yet; None while the clock is believed."""
        with self._lock:
            kept = self._look()
            if not self._is_doubted:
                return None
            return Doubt(self._wall, kept, self._proposed(kept))

    def settle(self, day: date) -> int:
        """The worker says that it is this day; returns the offset from now on, in milliseconds.

        The hour is the device's, where none was counted. A day before the last stored one is
        believed too: then that one was wrong.
        """
        with self._lock:
            kept = self._look()
            self._take(self._offset_of(day, kept))
            if self._wall + self._offset < kept and day >= kept.date():
                self._given = kept
            return round(self._offset / timedelta(milliseconds=1))

    def correct(self, offset: timedelta) -> bool:
        """The server's clock is this much ahead of the device's: the truth until the next one.

        Returns whether time went on otherwise than it had seemed to.
        """
        with self._lock:
            kept, was_doubted = self._look(), self._is_doubted
            self._take(offset)
            return was_doubted or abs(self._given - kept) > JUMP

    def seen(self) -> meta.ClockSeen | None:
        """Where the device's clock stands, to be kept; None while it is not believed."""
        with self._lock:
            self._look()
            if self._is_doubted:
                return None
            return meta.ClockSeen(
                boot=self._steady.boot,
                steady_ms=round(self._steady.seconds * 1000),
                wall=self._wall.isoformat(),
            )

    def _look(self) -> datetime:
        """Read the device's clock; what the time is by that, at least the last instant given."""
        wall, steady = _read(self._device)
        self._step(wall, steady)
        return max(wall + self._offset, self._given)

    def _step(self, wall: datetime, steady: Steady) -> None:
        """From the reading before to this one: did the clock go as far as time did?"""
        passed = timedelta(seconds=steady.seconds - self._steady.seconds)
        jump = wall - self._wall - passed
        self._wall, self._steady = wall, steady
        if abs(jump) <= JUMP:
            return
        self._offset -= jump
        # Set wrong and set right again: nobody need be asked.
        self._is_doubted = not (self._is_doubted and abs(self._offset - self._known) <= JUMP)
        if not self._is_doubted:
            self._offset = self._known

    def _compare(self, last: datetime, seen: meta.ClockSeen | None) -> None:
        """What the clock says when the store is opened, beside what was stored last."""
        reading = self._wall + self._offset
        kept = last
        is_counted = seen is not None and seen.boot == self._steady.boot
        if seen is not None and is_counted:
            passed = timedelta(seconds=self._steady.seconds, milliseconds=-seen.steady_ms)
            kept = max(last, datetime.fromisoformat(seen.wall) + passed + self._offset)
            is_likely = abs(reading - kept) <= JUMP
        else:
            is_likely = last - JUMP <= reading <= last + LONGEST_ABSENCE
        if not is_likely:
            self._is_doubted = True
            self._is_counted = is_counted
            self._offset = kept - self._wall

    def _take(self, offset: timedelta) -> None:
        """Time is this from now on, whatever it was taken for before."""
        self._known = self._offset = offset
        self._is_doubted, self._is_counted = False, True
        self._given = self._wall + offset

    def _offset_of(self, day: date, kept: datetime) -> timedelta:
        """By how much the device's clock is off when it is this day."""
        shown = self._wall + self._known
        if shown.date() != day and self._wall.date() == day:
            offset = timedelta()
        else:
            offset = self._known + timedelta(days=(day - shown.date()).days)
        if day == kept.date() and (self._is_counted or self._wall + offset < kept):
            # No hour of the device's is better than the one that was counted, or stored.
            return self._offset
        return offset

    def _proposed(self, kept: datetime) -> date | None:
        for likely in (self._wall, self._wall + self._known):
            if kept.date() <= likely.date() <= (kept + _LIKELY_ABSENCE).date():
                return likely.date()
        return kept.date() if self._wall < kept else None


def working_clock(device: Clock, db: Database) -> Clock:
    """The clock of a store just opened. One that nobody can set (tests, demo) is taken as it is."""
    if not isinstance(device, DeviceClock):
        return device
    return WorkingClock(
        device,
        offset=timedelta(milliseconds=meta.clock_offset_ms(db)),
        last=meta.last_instant(db),
        seen=meta.clock_seen(db),
    )


def _read(device: DeviceClock) -> tuple[datetime, Steady]:
    return device.now().astimezone(KOREA), device.steady()
