"""A summary's numbers: counted by value in SQL, computed exactly, rounded once.

Records count by their home scope and by the day in the plan's period column, deleted ones not at
all. What is not projected yet is not counted but said (`Figures.unprojected`). Here is the
`SummaryPlan`; `table_figures` has the `TablePlan`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from fieldapp.domain.figures import Cell, FigureRow, Figures, Period
from fieldapp.domain.ids import ScopeId
from fieldapp.domain.plans import SummaryColumn, SummaryPlan, TablePlan
from fieldapp.domain.scoring import column_cell, rounded
from fieldapp.storage import answers, sources
from fieldapp.storage.answer_counts import counts_by_value
from fieldapp.storage.conditions import Sql
from fieldapp.storage.projected_tables import Table, tables_of
from fieldapp.storage.sources import Source
from fieldapp.storage.sqlite import Database
from fieldapp.storage.table_figures import table_figures

_TOTAL = "계"


def figures(
    db: Database,
    plan: SummaryPlan | TablePlan,
    *,
    period: Period,
    scope: ScopeId | None,
    counted_at: datetime,
) -> Figures:
    """One section of a summary, over the snapshot that `db` reads; every scope when None."""
    if isinstance(plan, TablePlan):
        return table_figures(db, plan, period=period, scope=scope, counted_at=counted_at)
    shown_tables = tables_of(db, plan.form_id)
    counting = _Counting(db, plan, shown_tables, period, scope)
    paths = dict.fromkeys(path for row in plan.rows for path in row.paths)
    counts = counting.by_value(paths)
    records = counting.records()
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


def months(db: Database, plan: SummaryPlan | TablePlan) -> frozenset[tuple[int, int]]:
    """Years and months in which projected records of the plan's form fall."""
    source = sources.of_records(tables_of(db, plan.form_id), "", (), ())
    if source is None:
        return frozenset()
    day = source.column(plan.period_path)
    query = source.select([Sql(f"DISTINCT substr({day}, 1, 7)")], "", Sql(f"{day} IS NOT NULL"))
    rows = db.rows(query.text, query.values)
    return frozenset((int(month[:4]), int(month[5:7])) for (month,) in rows)


@dataclass(frozen=True, slots=True)
class _Counting:
    """One section being counted over one snapshot."""

    db: Database
    plan: SummaryPlan
    shown_tables: Mapping[str, Table]
    period: Period
    scope: ScopeId | None

    def records(self) -> int:
        """How many records were counted."""
        source = self._source("")
        if source is None:
            return 0
        query = source.select([Sql("count(*)")], "")
        return self.db.count(query.text, query.values)

    def by_value(self, paths: Iterable[str]) -> Mapping[str, Counter[str]]:
        """How often each answer was given; of a repeat the answers in all its instances."""
        by_repeat: dict[str, list[str]] = {}
        for path in paths:
            repeat = next(
                (name for name, table in self.shown_tables.items() if table.of_path(path)), ""
            )
            by_repeat.setdefault(repeat, []).append(path)
        counts: dict[str, Counter[str]] = {}
        for repeat, asked in by_repeat.items():
            source = self._source(repeat)
            if source is not None:
                counts |= counts_by_value(self.db, source, asked)
        return counts

    def _source(self, repeat: str) -> Source | None:
        where = [] if self.plan.where is None else [self.plan.where]
        source = sources.of_records(self.shown_tables, repeat, (), where)
        if source is not None:
            sources.within(source, self.plan.period_path, self.period, self.scope)
            source.conditions += [source.holds(condition) for condition in where]
        return source


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
