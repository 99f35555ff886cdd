"""`python -m tests.fuzz forms|expressions|lists [--seconds N] [--first N]`: until the time is up.

Prints what became of the examples and each find with its number; the number alone makes the
example again. Ends with 1 when anything was found.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz import targets

MOST_MEMORY_BYTES = 4 * 1024**3
MOST_FINDS = 20


def main() -> int:
    """Fuzz one target."""
    parsing = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parsing.add_argument("target", choices=tuple(targets.RUNS))
    parsing.add_argument("--seconds", type=float, default=600)
    parsing.add_argument("--first", type=int, default=int(time.time()) * 1000)
    parsing.add_argument("--out", type=Path, default=Path(".run/fuzz"))
    asked = parsing.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    run = targets.RUNS[asked.target]
    ends = time.monotonic() + asked.seconds
    counts: Counter[str] = Counter()
    finds: dict[str, int] = {}
    number = asked.first
    while time.monotonic() < ends and len(finds) < MOST_FINDS:
        try:
            counts[run(number)] += 1
        except BaseException as find:  # noqa: BLE001 (whatever it is, it is a find)
            if isinstance(find, KeyboardInterrupt):
                break
            counts["FOUND"] += 1
            frame = traceback.extract_tb(find.__traceback__)[-1]
            where = f"{type(find).__name__} {Path(frame.filename).name}:{frame.lineno}"
            if where not in finds:
                finds[where] = number
                asked.out.mkdir(parents=True, exist_ok=True)
                example = asked.out / f"{asked.target}-{number}"
                example.write_bytes(targets.content_of(asked.target, number))
                print(f"{where}: {find} (number {number}, {example})", flush=True)
        number += 1
    print(f"{asked.target}: {sum(counts.values())} examples from {asked.first}")
    for outcome, count in counts.most_common():
        print(f"{count:8} {outcome}")
    return 1 if finds else 0


sys.exit(main())
