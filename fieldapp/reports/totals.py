"""Totals are added up again before anything is printed (korea.md print rule 12)."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from fieldapp.domain.figures import Cell, Figures
from fieldapp.errors import TotalsDiffer
from fieldapp.reports import wording

TOTAL = "합계"


def check_totals(figures: Figures, additive: Collection[str]) -> None:
    """Raise TotalsDiffer for the first column whose 합계 is not the sum of the other rows.

    additive: the labels of the columns whose rows count different things and so add up: counts and
    sums, never rates, means or distinct persons, who may stand in several rows. A section without
    a row 합계 has nothing to check.
    """
    totals = [row for row in figures.rows if row.label == TOTAL]
    parts = [row for row in figures.rows if row.label != TOTAL]
    if len(totals) != 1:
        return
    for column, label in enumerate(figures.columns):
        if label not in additive:
            continue
        total = _value(totals[0].cells[column])
        summed = sum((_value(row.cells[column]) for row in parts), Decimal(0))
        if total != summed:
            decimals = totals[0].cells[column].decimals
            raise TotalsDiffer(
                caption=f"{figures.caption} {label}",
                total=wording.number(total, decimals, "0"),
                parts=wording.number(summed, decimals, "0"),
            )


def _value(cell: Cell) -> Decimal:
    return cell.value if cell.value is not None else Decimal(0)
