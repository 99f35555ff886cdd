"""How fast forms open and answer, beside the field's own two engines in the same run.

`@getodk/xforms-engine` in Node and JavaRosa in Java are driven as ours is, in turns, over forms
that pyxform makes of workbooks (`bench/forms/`). One that this machine cannot run is told of, and
the others are measured. Beside these: what an open form takes of memory, a list of 20,000
households, and what compiling takes in the process of its own that the app gives it. The table of
ratios with their bars comes last. Bars: design.md §4, the least of several: milliseconds are those
of our process, which a busy machine does not lengthen; ratios are of the clock, in turns.
Run: `make bench-forms`, or some of it: `make bench-forms ARGS="rooms cascade-50000"`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.forms.cases import Made, corpus_folder, forms_of
from bench.forms.engines import OURS, Engine, start_engines
from bench.forms.lists import HOUSEHOLDS, list_rows
from bench.forms.memory import can_measure, memory_of
from bench.forms.running import PATIENCE_MS, Measured, Row, rows_of
from bench.forms.table import (
    Verdict,
    compile_line,
    megabytes,
    memory_line,
    ratio_heading,
    ratio_line,
    spent_heading,
    spent_line,
    verdicts,
)
from fieldapp.packs.conversion import Converted, Stopped, convert
from fieldapp.packs.worker import PackWorker

#: Form, as `cases.py` names it → how many megabytes it may take (issue: the form engine).
MEMORY_BARS_MB = {"mixed-5000": 120.0, "cascade-50000": 60.0}
COMPILE_LIMIT_S = 120.0


def main(wanted: Sequence[str] = ()) -> int:
    """Print what was measured, of every form or of those named; 1 when a bar was missed."""
    print(f"load of the machine at the start: {_load()}")
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        made = Made(Path(folder))
        engines, missing = start_engines()
        absent = [f"SKIPPED: {name}: {reason}" for name, reason in missing.items()]
        if corpus_folder() is None:
            absent.append("SKIPPED: the forms written by others: the corpus is not here")
        print("\n".join(absent))
        rows = _speed(made, engines, wanted)
        for engine in engines:
            engine.close()
        held = _memory(made)
        if not wanted:
            _lists()
        _compiling(made)
    print(f"\n{ratio_heading()}")
    for row in rows:
        print(ratio_line(row))
    told = [*(verdict for row in rows for verdict in verdicts(row)), *held]
    for verdict in held:
        print(f"{verdict.title + ', MB':46}{verdict.cell()}")
    _conclude(rows, told, absent)
    return 0 if all(verdict.is_met for verdict in told) else 1


def _speed(made: Made, engines: Sequence[Engine], wanted: Sequence[str]) -> list[Row]:
    rows = []
    print(f"\n{spent_heading()}")
    for form in forms_of(made, wanted):
        for row in rows_of(form, engines):
            print(spent_line(row), flush=True)
            rows.append(row)
    return rows


def _memory(made: Made) -> list[Verdict]:
    if not can_measure():
        print("\nSKIPPED: memory: this system does not tell what a process holds")
        return []
    told = []
    print("\nMB above the interpreter with the engine imported")
    for name, bar_mb in MEMORY_BARS_MB.items():
        if name not in made.workbooks:
            continue
        kept = made.folder / f"{name}.kept"
        for how, taken in memory_of(made.folder / f"{name}.xml", kept).items():
            verdict = megabytes(f"{name} {how}", taken.open_bytes, bar_mb)
            print(memory_line(verdict, taken.highest_bytes), flush=True)
            told.append(verdict)
    return told


def _lists() -> None:
    print(f"\n{f'a list of {HOUSEHOLDS:,} from outside':46}{'ms':>12}{'floor ms':>12}{'ratio':>11}")
    for row in list_rows():
        print(row.line(), flush=True)


def _compiling(made: Made) -> None:
    """Each workbook in the worker process and in this one, in turns."""
    print(f"\n{'compiling, ms':46}{'in the worker':>21}{'in this process':>21}{'ratio':>12}")
    with PackWorker(time_limit_s=COMPILE_LIMIT_S) as worker:
        worker(next(iter(made.workbooks.values())))  # its start is told by no row
        for name, workbook in made.workbooks.items():
            apart, here = Measured(), Measured()
            while len(here.ms) < 5 and sum(here.ms) < PATIENCE_MS / 2:
                for measured, converter in ((apart, worker), (here, convert)):
                    began = time.perf_counter()
                    answer: Converted | Stopped = converter(workbook)
                    measured.ms.append((time.perf_counter() - began) * 1000)
                    if isinstance(answer, Stopped):
                        measured.refusal = "stopped"
            print(compile_line(name, apart, here), flush=True)


def _conclude(rows: Sequence[Row], told: Sequence[Verdict], absent: Sequence[str]) -> None:
    """What keeps the figures from being read as they stand, and the bars that were missed."""
    print(f"\nload of the machine at the end: {_load()}")
    for line in absent:
        print(line)
    for row in rows:
        for name, measured in row.by_engine.items():
            if measured.refusal:
                print(f"REFUSED: {row.title}: {name}: {measured.refusal}")
            elif name != OURS and row.disagreement(name):
                print(f"ANOTHER RESULT: {row.title}: {row.disagreement(name)}")
    missed = [verdict for verdict in told if not verdict.is_met]
    for verdict in missed:
        print(f"MISSED: {verdict.title}: {verdict.figure}, bar {verdict.bar}")
    print(f"{len(told) - len(missed)} of {len(told)} bars met")


def _load() -> str:
    """How many processes wanted a processor, over one, five and fifteen minutes."""
    return " ".join(f"{part:.2f}" for part in os.getloadavg()) if hasattr(os, "getloadavg") else "?"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
