"""Time in the story: it begins on 30 November 2026 and passes as fast as anywhere."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from fieldapp.clock import KOREA


class RunningClock:
    """A clock that was set once and runs on."""

    def __init__(self, begins: datetime) -> None:
        self._begins = begins.astimezone(KOREA)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The present instant of the story."""
        return self._begins + timedelta(seconds=time.monotonic() - self._since)
