"""How a bench takes a time and tells what it took: each figure beside its floor and its bar."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


def seconds(work: Callable[[], object]) -> float:
    """What a piece of work takes on the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which that part of the others lies: 0.5 is the median, 0.95 is p95."""
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


def median(values: Sequence[float]) -> float:
    """The value in the middle."""
    return quantile(values, 0.5)


def told(
    what: str,
    value: float,
    unit: str,
    *,
    bar: float,
    beside: str = "",
    floor: float | None = None,
) -> bool:
    """Print one figure; whether it is within its bar. beside: what the floor is, or a remark."""
    missed = f"   missed by {value - bar:.2f} {unit}" if value > bar else ""
    if floor is not None:
        beside = f"{value / floor:4.1f} x {floor:.2f} {beside and f'({beside})'}".rstrip()
    print(f"{what:20} {value:8.3f} {unit:2}   bar {bar:g} {unit}   {beside}{missed}", flush=True)
    return value <= bar


def told_rate(what: str, rate: float, floor: float, bar: int) -> bool:
    """Print how many a second beside the floor's; whether they reach the bar."""
    missed = f"   missed by {bar - rate:,.0f}/s" if rate < bar else ""
    print(
        f"{what:16} {rate:8,.0f}/s   floor {floor:8,.0f}/s   {floor / rate:4.1f} x"
        f"   bar {bar:,}/s{missed}",
        flush=True,
    )
    return rate >= bar


def told_times(
    what: str, times_ms: Sequence[float], bar_ms: float | None, floor_ms: float, floor: str
) -> bool:
    """Print the spread of many times; whether their p95 is within the bar, if there is one."""
    p95_ms = quantile(times_ms, 0.95)
    is_met = bar_ms is None or p95_ms <= bar_ms
    bar = "no bar" if bar_ms is None else f"bar {bar_ms:g} ms"
    missed = "" if is_met or bar_ms is None else f"   missed by {p95_ms - bar_ms:.2f} ms"
    print(
        f"{what:20} {median(times_ms):7.2f} ms p50 {p95_ms:7.2f} ms p95"
        f" {p95_ms / floor_ms:8.1f} x {floor_ms:.3f} ({floor})   {bar}{missed}",
        flush=True,
    )
    return is_met
