"""One laptop's round with the server, in a process of its own: `laptop.py FOLDER`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.samples import unlock
from bench.sync.processes import forget_peak, tell
from fieldapp.domain.exchange import Progress
from fieldapp.usecases import exchange


def main(folder: Path) -> None:
    """Unlock the folder's one profile, exchange once, tell."""
    session = unlock(folder)
    forget_peak(os.getpid())
    seen = _Stages()
    cpu_began_s = time.process_time()
    outcome, _ = exchange.exchange(session, progress=seen.note, cancelled=lambda: False)
    session.store.close()
    tell(max(outcome.sent, outcome.received), seen.seconds, cpu_began_s)


class _Stages:
    """How long each stage took: one ends with its last news."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last_at = time.perf_counter()

    def note(self, progress: Progress) -> None:
        """News of the exchange."""
        now = time.perf_counter()
        took = self.seconds.get(progress.stage, 0.0)
        self.seconds[progress.stage] = took + now - self._last_at
        self._last_at = now


if __name__ == "__main__":
    main(Path(sys.argv[1]))
