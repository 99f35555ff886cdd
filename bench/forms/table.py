"""The tables as they are printed: what each engine took, and last the ratios with their bars."""

from __future__ import annotations

from dataclasses import dataclass

from bench.forms.engines import JAVAROSA, OURS, XFORMS_ENGINE
from bench.forms.running import Measured, Row

PEERS = (XFORMS_ENGINE, JAVAROSA)
_WIDTH = 46


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside its bar, both as they are printed."""

    title: str
    figure: str
    bar: str
    is_met: bool

    def cell(self) -> str:
        """The figure, its bar and whether it is met."""
        return f"{self.figure} ≤ {self.bar} {'met' if self.is_met else 'MISSED'}"


def spent_heading() -> str:
    """The names of the columns of what was spent."""
    return f"{'ms, least / median':{_WIDTH}}" + "".join(f"{name:>21}" for name in (OURS, *PEERS))


def spent_line(row: Row) -> str:
    """What each engine spent on a row."""
    cells = "".join(f"{_spent(row.by_engine.get(name)):>21}" for name in (OURS, *PEERS))
    return f"{row.title:{_WIDTH}}{cells}"


def ratio_heading() -> str:
    """The names of the columns of the ratios."""
    ratios = "".join(f"{f'{OURS}/{name}':28}" for name in PEERS)
    return f"{'least of each':{_WIDTH}}{'ours, ms of its process':28}{ratios}".rstrip()


def ratio_line(row: Row) -> str:
    """A row of the last table."""
    ours = row.by_engine[OURS]
    own = verdict_of(row)
    cells = [own.cell() if own else _figure(ours.least_own) if ours.ms else ours.refusal]
    for name in PEERS:
        beside = verdict_beside(row, name)
        cells.append(beside.cell() if beside else _ratio(row, name))
    return f"{row.title:{_WIDTH}}{''.join(f'{cell:28}' for cell in cells)}".rstrip()


def verdict_of(row: Row) -> Verdict | None:
    """Our process's milliseconds beside their bar; None where there is no bar."""
    ours = row.by_engine[OURS]
    if row.bar is None:
        return None
    if not ours.ms:
        return Verdict(row.title, ours.refusal, f"{row.bar.ms:g}", is_met=False)
    figure = _figure(ours.least_own)
    return Verdict(row.title, figure, f"{row.bar.ms:g}", is_met=ours.least_own <= row.bar.ms)


def verdict_beside(row: Row, name: str) -> Verdict | None:
    """Our ratio to another engine beside its bar; None where there is no bar, or no ratio."""
    limit = row.bar.times.get(name) if row.bar is not None else None
    times = _times_of(row, name)
    if limit is None or times is None:
        return None
    title = f"{row.title}, beside {name}"
    return Verdict(title, _times(times), _times(limit), is_met=times <= limit)


def verdicts(row: Row) -> list[Verdict]:
    """Every figure of a row that has a bar."""
    told = [verdict_of(row), *(verdict_beside(row, name) for name in PEERS)]
    return [verdict for verdict in told if verdict is not None]


def memory_line(verdict: Verdict, highest_bytes: int) -> str:
    """A line about memory."""
    highest = f"{highest_bytes / 1e6:.1f} at its highest"
    return f"{verdict.title:{_WIDTH}}{verdict.cell():28}{highest}"


def megabytes(title: str, taken_bytes: int, bar_mb: float) -> Verdict:
    """Megabytes (10⁶ bytes) beside their bar."""
    taken_mb = taken_bytes / 1e6
    return Verdict(title, f"{taken_mb:.1f}", f"{bar_mb:g}", is_met=taken_mb <= bar_mb)


def compile_line(title: str, apart: Measured, here: Measured) -> str:
    """What a workbook took in the worker process and in this one, and their ratio."""
    times = _times(apart.least / here.least) if apart.ms and here.ms else "-"
    return f"{title:{_WIDTH}}{_spent(apart):>21}{_spent(here):>21}{times:>12}"


def _times_of(row: Row, name: str) -> float | None:
    ours, other = row.by_engine[OURS], row.by_engine.get(name)
    if not ours.ms or other is None or not other.ms or row.disagreement(name):
        return None
    return ours.least / other.least


def _ratio(row: Row, name: str) -> str:
    times = _times_of(row, name)
    if times is not None:
        return _times(times)
    return "another result" if row.disagreement(name) else "-"


def _spent(measured: Measured | None) -> str:
    if measured is None or not measured.ms:
        return "-"
    return f"{_figure(measured.least)} / {_figure(measured.middle)}"


def _figure(ms: float) -> str:
    if ms >= 100:
        return f"{ms:,.0f}"
    return f"{ms:.1f}" if ms >= 10 else f"{ms:.2f}" if ms >= 1 else f"{ms:.3f}"


def _times(ratio: float) -> str:
    if ratio >= 100:
        return f"{ratio:,.0f}×"
    return f"{ratio:.1f}×" if ratio >= 10 else f"{ratio:.2f}×" if ratio >= 0.1 else f"{ratio:.3f}×"
