"""A device's clock that anybody can set, as the tests do."""

from __future__ import annotations

from datetime import datetime, timedelta

from fieldapp.clock import KOREA, Steady


class SettableClock:
    """What it shows, and beside it a count that goes on with time alone and ends at a restart."""

    def __init__(self, at: datetime) -> None:
        self._shown = at.astimezone(KOREA)
        self._boots = 1
        self._counted = timedelta(seconds=40)

    def now(self) -> datetime:
        """What it shows."""
        return self._shown

    def steady(self) -> Steady:
        """What was counted since the last start."""
        return Steady(f"boot-{self._boots}", self._counted.total_seconds())

    def let_pass(self, time: timedelta) -> None:
        """Time goes by, awake or asleep."""
        self._shown += time
        self._counted += time

    def put(self, by: timedelta) -> None:
        """Somebody sets it; no time goes by."""
        self._shown += by

    def restart(self, after: timedelta = timedelta(minutes=1)) -> None:
        """The laptop is shut down and started again, so much later."""
        self._shown += after
        self._boots += 1
        self._counted = timedelta(seconds=40)
