"""How long a device waits when a server says that it is too busy (RFC 9110 §10.2.3, RFC 6585 §4).

`Retry-After` is the least that is waited. Some of it is added by chance: a town's laptops that were
sent away together are not to come back together. A server that names no time is given more of it
each time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

from fieldapp.errors import Cancelled, ServerBusy

#: What a server answers that may not be asked now: too many requests, and no service.
BUSY = (429, 503)
#: What a round waits in all; a server that asks for more is left until somebody tries again.
MOST_WAITED_S = 120.0
#: What is waited first, and doubled each time, when the server names no time.
_FIRST_S = 1.0
#: How often a wait looks up whether it was cancelled.
_SLICE_S = 0.25


class Patience:
    """What one line to a server may still wait. Used by one thread at a time."""

    def __init__(
        self,
        *,
        most_s: float = MOST_WAITED_S,
        cancelled: Callable[[], bool] = lambda: False,
        told: Callable[[], None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """told: called when a wait begins; chance: from 0 up to 1."""
        self._left_s = most_s
        self._cancelled = cancelled
        self._told = told
        self._sleep = sleep
        self._chance = chance
        self._waits = 0

    def wait(self, status: int, headers: Mapping[str, str]) -> None:
        """Wait until the server may be asked again. Raises ServerBusy, Cancelled."""
        asked_s = retry_after_s(headers)
        least_s = _FIRST_S * 2**self._waits if asked_s is None else asked_s
        pause_s = least_s + self._chance() * max(_FIRST_S, least_s / 2)
        if pause_s > self._left_s:
            raise ServerBusy(status=status)
        self._waits += 1
        self._left_s -= pause_s
        self._told()
        while pause_s > 0:
            if self._cancelled():
                raise Cancelled
            self._sleep(min(pause_s, _SLICE_S))
            pause_s -= _SLICE_S

    def answered(self) -> None:
        """The server answered: the next time it is too busy, waiting begins anew."""
        self._waits = 0


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """What an answer's `Retry-After` asks for, in seconds or until an instant of the server's own
    clock; None when it asks for nothing that can be read.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        until, sent = (parsedate_to_datetime(text) for text in (asked, headers.get("Date", "")))
        return max((until - sent).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None
