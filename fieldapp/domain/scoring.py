"""Shares, means and their rounding, exact in decimals (tables/README.md R9).

Percentages come from unrounded values; each is rounded alone and rows are not forced to 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from fieldapp.domain.figures import Cell
from fieldapp.domain.plans import Rounding, SummaryColumn

_ROUNDING = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "trunc": ROUND_DOWN}


def rounded(value: Fraction, decimals: int, rounding: Rounding) -> Decimal:
    """A fraction to so many places, rounded once from its exact value."""
    scaled = value * 10**decimals
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    with localcontext() as context:
        context.prec = len(str(whole)) + 40
        # Only how the rest stands to one half matters: 0, below, exactly, above.
        tail = Decimal(_tail(rest, scaled.denominator)).scaleb(-2)
        number = (Decimal(whole) + tail).quantize(Decimal(1), rounding=_ROUNDING[rounding])
        return number.scaleb(-decimals).copy_sign(-1 if scaled < 0 and number else 1)


def _tail(rest: int, denominator: int) -> int:
    if rest == 0:
        return 0
    doubled = 2 * rest
    return 25 if doubled < denominator else 50 if doubled == denominator else 75


def column_cell(column: SummaryColumn, counts: Mapping[str, int], rounding: Rounding) -> Cell:
    """One cell from a row's counts by answer value."""
    hits = _count(counts, column.values)
    if column.measure == "count":
        return Cell(Decimal(hits))
    if column.measure == "share":
        whole = _count(counts, column.of)
        exact = Fraction(100 * hits, whole) if whole else None
    else:
        total = sum(counts.get(value, 0) * Fraction(value) for value in column.values)
        exact = Fraction(total, hits) if hits else None
    if exact is None:
        return Cell(None, column.decimals)
    return Cell(rounded(exact, column.decimals, rounding), column.decimals)


def _count(counts: Mapping[str, int], values: Sequence[str]) -> int:
    return sum(counts.get(value, 0) for value in values)
