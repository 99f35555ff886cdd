"""`make bench`: every `bench_*.py` of this folder, each in a process of its own, one after another.

Name some to run only those: `make bench ARGS="forms reports"`. A process that starts cold is what a
worker has; side by side they would measure each other. Ends with 1 when one misses its bar.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Run the named ones, or all; 1 when one missed its bar or failed, 2 for an unknown name."""
    scripts = {path.stem.removeprefix("bench_"): path for path in sorted(HERE.glob("bench_*.py"))}
    if unknown := sorted(set(names) - set(scripts)):
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(scripts)}")
        return 2
    missed = [name for name in names or scripts if not _passes(name, scripts[name])]
    print(f"\nbelow their bars: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


def _passes(name: str, script: Path) -> bool:
    print(f"\n== {name}", flush=True)
    start = perf_counter()
    done = subprocess.run([sys.executable, str(script)], check=False, cwd=HERE.parent)  # noqa: S603
    print(f"   ({perf_counter() - start:.1f} s)")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
