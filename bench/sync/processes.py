"""What a child of the bench tells, and the most memory that a process held."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import msgspec

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = Path(__file__).resolve().parent / "peers"
#: What a server prints before its address when it answers.
LISTENING = "listening "
_CHILD_LIMIT_S = 1_800.0


class Told(msgspec.Struct):
    """What one client took: seconds by stage, seconds of CPU over all of it, most memory in MiB.

    records: how many it sent or received.
    """

    records: int
    seconds: dict[str, float]
    cpu_s: float
    peak_mib: float

    def rate(self, *stages: str) -> float:
        """Records a second over some of its stages."""
        return self.records / sum(self.seconds[stage] for stage in stages)


def tell(records: int, seconds: dict[str, float], cpu_began_s: float) -> None:
    """Called by a child at its end: one line of JSON."""
    told = Told(records, seconds, time.process_time() - cpu_began_s, peak_mib(os.getpid()))
    print(msgspec.json.encode(told).decode(), flush=True)


def child(command: Sequence[str]) -> Told:
    """Run a client to its end."""
    done = subprocess.run(  # noqa: S603 - our own scripts
        command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=_CHILD_LIMIT_S
    )
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Told)


def python(script: str, *arguments: str) -> list[str]:
    """The command line of a script of this folder."""
    return [sys.executable, str(Path(__file__).resolve().parent / script), *arguments]


class Listening:
    """A server that prints its address when it answers. Also a context manager that ends it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own scripts
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        if self._process.stdout is None:
            raise RuntimeError("a server without output")
        for line in self._process.stdout:
            if line.startswith(LISTENING):
                self.address = line.removeprefix(LISTENING).strip()
                break
        else:
            raise RuntimeError("the server did not start")
        # Whatever else it says is read away, or it would wait for us.
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)


def peak_mib(pid: int) -> float:
    """The most memory that a running process has held so far, in MiB (Linux).

    Not getrusage: its figure begins with what the parent held when it forked.
    """
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("a process without a peak")


def forget_peak(pid: int) -> None:
    """Count the most memory from now on: a password's check alone takes 64 MiB (Linux)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a running process has taken so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
