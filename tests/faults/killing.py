"""A child that works until it is killed, what it said by then, and the count of what was lost."""

from __future__ import annotations

import importlib
import json
import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fieldapp import failpoints
from tests.faults.typist import TypistClock

#: What a worker may lose of a draft (issue: at most two seconds behind the keyboard).
LOSS_BAR_S = 2.0
#: A child that no failpoint killed by then is a defect of this test.
GENEROUS_S = 120

Said = list[dict[str, Any]]
Work = Callable[[Callable[..., None], TypistClock], None]


@dataclass
class Tally:
    """What was seen, over all kills."""

    kills: Counter[str] = field(default_factory=Counter)
    corrupt: int = 0
    rows_lost: int = 0
    longest_loss_s: float = 0.0
    acknowledged: Counter[str] = field(default_factory=Counter)
    not_tried: list[str] = field(default_factory=list)

    def holds(self) -> bool:
        """Whether nothing was lost beyond the bar."""
        return not self.corrupt and not self.rows_lost and self.longest_loss_s <= LOSS_BAR_S


def killed_child(work: Work, failpoint: str, lines: int = 0) -> tuple[Said, float]:
    """Fork, work, die; what was said by then, and the instant of death on the child's clock.

    With `lines` it is killed when so many lines were read of it, else where `failpoint` says.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _be_killed(work, failpoint, writing)
    os.close(writing)
    said: Said = []
    with os.fdopen(reading, encoding="utf-8") as output:
        for line in output:
            if line.endswith("\n"):  # the last may be cut short
                said.append(json.loads(line))
            if len(said) == lines:
                os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    died_at = time.monotonic()
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise AssertionError(f"not killed at {failpoint or lines}: wait status {status}")
    return said, died_at + (said[-1]["skipped"] if said else 0.0)


def outlives(work: Callable[[], None], failpoint: str) -> bool:
    """Fork and work; whether it came to its end, or was killed at the failpoint.

    Raises AssertionError when it ended otherwise.
    """
    pid = os.fork()
    if pid == 0:
        nobody = os.open(os.devnull, os.O_WRONLY)
        _be_killed(lambda _say, _clock: work(), failpoint, nobody)
    _, status = os.waitpid(pid, 0)
    return came_through(status, failpoint)


def came_through(status: int, failpoint: str) -> bool:
    """What a child's wait status says. Raises AssertionError when it says anything else."""
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return True
    raise AssertionError(f"at {failpoint}: wait status {status}")


def _be_killed(work: Work, failpoint: str, output: int) -> None:
    """The child's side of the fork: it never returns. Its exit code is 0 when nothing killed it."""
    code = 3
    try:
        signal.alarm(GENEROUS_S)
        arm(failpoint)
        clock = TypistClock()

        def say(what: str, **facts: Any) -> None:
            line = json.dumps(
                {"what": what, "skipped": clock.skipped_s, **facts}, ensure_ascii=False
            )
            os.write(output, (line + "\n").encode())

        work(say, clock)
        code = 0
    except BaseException:  # noqa: BLE001 - told to whoever runs the test, in another process
        traceback.print_exc()
    finally:
        os._exit(code)


def arm(failpoint: str) -> None:
    """As a fresh process with this environment would be; the shipped code has no door for it."""
    os.environ["FIELDAPP_FAILPOINT"] = failpoint
    importlib.reload(failpoints)
