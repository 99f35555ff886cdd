"""From the start of the process to the unlock window, and from the password to the records.

The floor is a bare PySide6 window. `bench/started.py` is the watched child: the app as
`python -m fieldapp` opens it, over one profile. It reads bytecode, as an office's bundle does; the
very first start, which has to write it, is told apart. Cold: the files that it read are put out of
the page cache where no other process holds them mapped; the rest of the machine stays warm.
Bars: design.md §4. Run: `make bench ARGS=start`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measuring import median, told
from bench.samples import PASSWORD, keep_pulled, new_profile, project_all

HERE = Path(__file__).resolve().parent
COLD_ROUNDS, ROUNDS = 3, 5
RECORDS = 10_000
WINDOW_BAR_S, LIST_BAR_S, RSS_BAR_MB = 1.5, 1.0, 150
CHILD_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Started:
    """What a child told, and how long after it was started its window had painted."""

    window_s: float
    told: Mapping[str, Any]

    @property
    def beyond_argon2_s(self) -> float:
        """Enter to the painted list, without what the password costs on purpose."""
        return float(self.told["list_s"] - self.told["argon2_s"])


def main() -> int:
    """Print what was measured; 1 when a bar was missed."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        root = Path(folder)
        empty, full = root / "empty" / "profiles", root / "full" / "profiles"
        new_profile(empty).store.close()
        session = new_profile(full)
        keep_pulled(session, RECORDS)
        project_all(session)
        session.store.close()
        first = _start("started.py", "window", profiles=empty, bytecode=root / "bytecode")
        bare, cold, of_none, of_many = _rounds(empty, full, root / "bytecode", first.told["files"])
    floor_s = median([run.window_s for run in bare])
    lists = {"no records": of_none, f"{RECORDS:,} records": of_many}
    warm = [*of_none, *of_many]
    rss_mb = max(run.told[at] for run in warm for at in ("window_rss", "list_rss")) / 1e6
    print(
        f"{'bare window':18} {floor_s:6.2f} s    {bare[0].told['window_rss'] / 1e6:5.0f} MB   floor"
    )
    print(f"{'first start':18} {first.window_s:6.2f} s    writes its bytecode; no bar")
    is_met = [
        told(
            "cold start",
            median([run.window_s for run in cold]),
            "s",
            bar=WINDOW_BAR_S,
            floor=floor_s,
        ),
        told(
            "warm start",
            median([run.window_s for run in warm]),
            "s",
            bar=WINDOW_BAR_S,
            floor=floor_s,
        ),
    ]
    for what, runs in lists.items():
        argon2_s = median([run.told["argon2_s"] for run in runs])
        print(f"{'Argon2 alone':18} {argon2_s:6.2f} s    in the runs with {what}")
        beyond_s = median([run.beyond_argon2_s for run in runs])
        is_met.append(told(f"to {what}", beyond_s, "s", bar=LIST_BAR_S, floor=argon2_s))
    floor_mb = bare[0].told["window_rss"] / 1e6
    is_met.append(told("most memory", rss_mb, "MB", bar=RSS_BAR_MB, floor=floor_mb))
    return 0 if all(is_met) else 1


def _rounds(
    empty: Path, full: Path, bytecode: Path, files: Sequence[str]
) -> tuple[list[Started], list[Started], list[Started], list[Started]]:
    """Bare windows, cold starts, starts with no records and with many: by turns, so that whatever
    else the machine does falls on all of them.
    """
    cold: list[Started] = []
    for _ in range(COLD_ROUNDS):
        _forget_files(files)
        cold.append(_start("started.py", "window", profiles=empty, bytecode=bytecode))
    bare: list[Started] = []
    of_none: list[Started] = []
    of_many: list[Started] = []
    for _ in range(ROUNDS):
        bare.append(_start("bare_window.py", bytecode=bytecode))
        of_none.append(_start("started.py", "list", profiles=empty, bytecode=bytecode))
        of_many.append(_start("started.py", "list", profiles=full, bytecode=bytecode))
    return bare, cold, of_none, of_many


def _start(script: str, *arguments: str, bytecode: Path, profiles: Path | None = None) -> Started:
    environment = os.environ | {
        "PYTHONPYCACHEPREFIX": str(bytecode),
        "PYTHONDONTWRITEBYTECODE": "",
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "FIELDAPP_HOME": str(profiles),
        "BENCH_PASSWORD": PASSWORD,
    }
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own interpreter and scripts
        [sys.executable, str(HERE / script), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        timeout=CHILD_LIMIT_S,
    )
    told = json.loads(done.stdout)
    return Started(told["window_at"] - began, told)


def _forget_files(files: Sequence[str]) -> None:
    """Ask the system to read these from the disk next time."""
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # what waits to be written is not let go
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
