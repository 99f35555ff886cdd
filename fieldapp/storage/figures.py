"""A summary's numbers: counted by value in SQL, computed exactly, rounded once (`SummaryPlan`).

Records count by their home scope and by the day in the plan's period column, deleted ones not at
all. What is not projected yet is not counted but said (`Figures.unprojected`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from fieldapp.domain.figures import Cell, FigureRow, Figures, Period
from fieldapp.domain.ids import ScopeId
from fieldapp.domain.plans import SummaryColumn, SummaryPlan
from fieldapp.domain.scoring import column_cell, rounded
from fieldapp.storage import answers
from fieldapp.storage.answers import Table
from fieldapp.storage.conditions import Sql, sql_of
from fieldapp.storage.sqlite import Database, Value, quoted

_TOTAL = "계"


def figures(
    db: Database,
    plan: SummaryPlan,
    *,
    period: Period,
    scope: ScopeId | None,
    counted_at: datetime,
) -> Figures:
    """One section of a summary, over the snapshot that `db` reads; every scope when None."""
    table = answers.table_of(db, plan.form_id)
    counts: dict[str, Counter[str]] = {}
    records = 0
    if table is not None:
        chosen = _chosen(table, plan, period, scope)
        records = db.count(_from(table, "SELECT count(*)", chosen.text), chosen.values)
        for path in dict.fromkeys(path for row in plan.rows for path in row.paths):
            counts[path] = _by_value(db, table, path, chosen)
    pooled = [
        _pooled(counts, row.paths, None if row.only is None else {row.only}) for row in plan.rows
    ]
    printed = [
        FigureRow(row.label, _cells(plan, by_value))
        for row, by_value in zip(plan.rows, pooled, strict=True)
    ]
    return Figures(
        summary_id=plan.id,
        caption=plan.caption,
        unit=plan.unit,
        row_head=plan.row_head,
        columns=tuple(column.label for column in plan.columns),
        rows=(*printed, *_total(plan, printed, pooled)),
        period=period,
        counted_at=counted_at,
        records=records,
        unprojected=answers.due_count(db, plan.form_id),
        empty=plan.empty,
        footnote=plan.footnote,
    )


def months(db: Database, plan: SummaryPlan) -> frozenset[tuple[int, int]]:
    """Years and months in which projected records of the plan's form fall."""
    table = answers.table_of(db, plan.form_id)
    if table is None:
        return frozenset()
    day = _shown(table, plan.period_path)
    rows = db.rows(_from(table, f"SELECT DISTINCT substr({day}, 1, 7)", f"{day} IS NOT NULL"))
    return frozenset((int(month[:4]), int(month[5:7])) for (month,) in rows)


def _chosen(table: Table, plan: SummaryPlan, period: Period, scope: ScopeId | None) -> Sql:
    """Which rows of the projection are counted."""
    day = _shown(table, plan.period_path)
    text = f"{day} BETWEEN ? AND ?"
    values: list[Value] = [period.first.isoformat(), period.last.isoformat()]
    if scope is not None:
        text += " AND scope = ?"
        values.append(scope)
    if plan.where is not None:
        where = sql_of(plan.where, lambda path: _shown(table, path))
        text += f" AND {where.text}"
        values += where.values
    return Sql(text, tuple(values))


def _by_value(db: Database, table: Table, path: str, chosen: Sql) -> Counter[str]:
    value = _shown(table, path)
    return Counter(
        {
            text: number
            for text, number in db.rows(
                _from(table, f"SELECT {value}, count(*)", chosen.text) + " GROUP BY 1",
                chosen.values,
            )
            if text is not None
        }
    )


def _from(table: Table, select: str, condition: str) -> str:
    return f"{select} FROM {quoted(table.name)} WHERE {condition}"


def _shown(table: Table, path: str) -> str:
    """An answer as text, whichever version wrote it; NULL for one that was never projected."""
    columns = [quoted(column.name) for column in table.of_path(path)]
    texts = ", ".join(f"CAST({column} AS TEXT)" for column in columns)
    if len(columns) > 1:
        return f"coalesce({texts})"
    return texts or "NULL"


def _pooled(
    counts: Mapping[str, Counter[str]], paths: Sequence[str], only: set[str] | None
) -> Counter[str]:
    pooled: Counter[str] = Counter()
    for path in paths:
        pooled.update(counts.get(path, Counter()))
    return pooled if only is None else Counter({value: pooled[value] for value in only})


def _cells(plan: SummaryPlan, by_value: Mapping[str, int]) -> tuple[Cell, ...]:
    return tuple(column_cell(column, by_value, plan.rounding) for column in plan.columns)


def _total(
    plan: SummaryPlan, printed: Sequence[FigureRow], pooled: Sequence[Counter[str]]
) -> tuple[FigureRow, ...]:
    """The total row, by the method that the workbook names; rates have more than one truth (R7)."""
    if plan.total_method == "none":
        return ()
    every: Counter[str] = sum(pooled, Counter())
    cells = _cells(plan, every)
    if plan.total_method == "mean_of_printed_rates":
        cells = tuple(
            cell if column.measure == "count" else _mean(plan, column, index, printed)
            for index, (column, cell) in enumerate(zip(plan.columns, cells, strict=True))
        )
    return (FigureRow(_TOTAL, cells),)


def _mean(
    plan: SummaryPlan, column: SummaryColumn, index: int, printed: Sequence[FigureRow]
) -> Cell:
    values = [value for row in printed if (value := row.cells[index].value) is not None]
    if not values:
        return Cell(None, column.decimals)
    exact = Fraction(sum(values, Decimal(0))) / len(values)
    return Cell(rounded(exact, column.decimals, plan.rounding), column.decimals)
