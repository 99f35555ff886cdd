"""What an open form takes of memory: a fresh process with it, less a fresh one without.

    python -m bench.forms.memory                 the interpreter with the engine imported
    python -m bench.forms.memory xform FILE      and a form opened from its XForm
    python -m bench.forms.memory kept FILE       and a form opened from what the cache keeps

Each prints its resident set in bytes, as Linux counts it: now, and at its highest.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.forms.engines import ROOT
from fieldapp.forms import Filling, FormDefinition, Surroundings, read_form

_STATUS = Path("/proc/self/status")
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """Bytes above the interpreter: while the form is open, and at the highest on the way."""

    open_bytes: int
    highest_bytes: int


def can_measure() -> bool:
    """Whether this system tells what a process holds."""
    return _STATUS.is_file()


def memory_of(form: Path, kept: Path) -> dict[str, Taken]:
    """What the form takes, opened from its XForm and from the cache; the least of a few runs."""
    # Writing the cache is no part of opening from it.
    kept.write_bytes(read_form(form.read_bytes()).to_bytes())
    bare = _least(())
    opened = {
        "from XForm": _least(("xform", str(form))),
        "from the cache": _least(("kept", str(kept))),
    }
    return {
        how: Taken(taken.open_bytes - bare.open_bytes, taken.highest_bytes - bare.open_bytes)
        for how, taken in opened.items()
    }


def _least(arguments: tuple[str, ...]) -> Taken:
    command = (sys.executable, "-m", "bench.forms.memory", *arguments)
    told = []
    for _ in range(ROUNDS):
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
        told.append(Taken(*json.loads(done.stdout)))
    return min(told, key=lambda one: one.open_bytes)


def main(arguments: list[str]) -> None:
    """Open what is asked for and tell."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    around = Surroundings(now=lambda: now, record_id="0", seed=1)
    opened: Filling | None = None
    if arguments:
        how, file = arguments
        written = Path(file).read_bytes()
        definition = read_form(written) if how == "xform" else FormDefinition.from_bytes(written)
        del written
        opened = Filling.start(definition, around)
        _ = opened.body
    status = _STATUS.read_text(encoding="ascii")
    now_kb, highest_kb = (
        int(found[1]) if (found := re.search(rf"{name}:\s+(\d+) kB", status)) else 0
        for name in ("VmRSS", "VmHWM")
    )
    print(json.dumps([now_kb * 1024, highest_kb * 1024]))
    del opened


if __name__ == "__main__":
    main(sys.argv[1:])
