"""A table's numbers (`TablePlan`): each column counted from its own source, exact, rounded once.

Columns of one source that only count are counted in one pass. Rates are made of unrounded columns,
so that a rate of a rate (달성률 of a 반영률) is right, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from fieldapp.domain.figures import Cell, FigureRow, Figures, Period
from fieldapp.domain.ids import ScopeId
from fieldapp.domain.plans import TableColumn, TablePlan
from fieldapp.domain.scoring import rounded
from fieldapp.storage import answers, sources
from fieldapp.storage.conditions import Sql
from fieldapp.storage.projected_tables import Table, tables_of
from fieldapp.storage.sources import Source
from fieldapp.storage.sqlite import Database, Value

#: The head of the row that has everything, printed first.
TOTAL = "합계"
#: The head of the row of what has no value for what makes a row.
UNKNOWN = "미상"
_TARGETS = "target"
_COUNTED = ""
_OF_RECORDS = ("record", "repeat")

#: What a column counted in one row: how often each value occurs; mere rows are under `_COUNTED`.
Tally = Counter[str]


@dataclass(frozen=True, slots=True)
class _Counting:
    """One table being counted over one snapshot. subjects: what makes a row by subject."""

    db: Database
    plan: TablePlan
    period: Period
    scope: ScopeId | None
    shown_tables: Mapping[str, Table]
    subjects: Mapping[str, str] | None

    def source(self, kind: str, name: str, columns: Sequence[TableColumn]) -> Source | None:
        """The rows of one source, those that the plan leaves out left out."""
        plan = self.plan
        wheres = [column.where for column in columns if column.where is not None]
        is_of_plan = (kind in _OF_RECORDS) == (plan.source in _OF_RECORDS)
        own = [plan.where] if plan.where is not None and is_of_plan else []
        if kind in _OF_RECORDS:
            source = sources.of_records(
                self.shown_tables, name, plan.rows, [*own, *wheres], self.subjects
            )
            if source is None:
                return None
            sources.within(source, plan.period_path, self.period, self.scope)
        else:
            properties = [column.path for column in columns if column.path]
            source = sources.of_entities(name, plan.rows, [*own, *wheres], properties, self.scope)
            if kind == "created":
                sources.created_within(source, self.period)
        source.conditions += [source.holds(condition) for condition in own]
        return source


def table_figures(
    db: Database,
    plan: TablePlan,
    *,
    period: Period,
    scope: ScopeId | None,
    counted_at: datetime,
) -> Figures:
    """One section of a summary, over the snapshot that `db` reads; every scope when None."""
    subjects = sources.subjects_by(db, plan.rows.path) if plan.rows.kind == "subject" else None
    counting = _Counting(db, plan, period, scope, tables_of(db, plan.form_id), subjects)
    tallies = _tallies(counting)
    groups = _groups(plan, tallies.values())
    exact = {group: _row(counting, tallies, (group,)) for group, _ in groups}
    printed = [FigureRow(label, _cells(plan, exact[group])) for group, label in groups]
    records = counting.source(plan.source, plan.name if plan.source != "record" else "", ())
    return Figures(
        summary_id=plan.id,
        caption=plan.caption,
        unit=plan.unit,
        row_head=plan.row_head,
        columns=tuple(column.label for column in plan.columns),
        rows=(*_total(counting, tallies, [group for group, _ in groups], printed), *printed),
        period=period,
        counted_at=counted_at,
        records=0 if records is None else _count(db, plan, records),
        unprojected=answers.due_count(db, plan.form_id) if plan.source in _OF_RECORDS else 0,
        empty=plan.empty,
        footnote=plan.footnote,
    )


# Counting


def _tallies(counting: _Counting) -> dict[str, dict[str, Tally]]:
    """By the label of a column, by group, what was counted; rates and targets left out."""
    tallies: dict[str, dict[str, Tally]] = {}
    by_source: dict[tuple[str, str], list[TableColumn]] = {}
    for column in counting.plan.columns:
        if column.measure not in ("rate", "target"):
            name = "" if column.source == "record" else column.name
            by_source.setdefault((column.source, name), []).append(column)
    for (kind, name), columns in by_source.items():
        source = counting.source(kind, name, columns)
        tallies.update({column.label: {} for column in columns})
        if source is None:
            continue
        counted = [column for column in columns if column.measure == "count"]
        if counted:
            _count_rows(counting.db, source, counted, tallies)
        for column in columns:
            if column.measure != "count":
                tallies[column.label] = _by_value(counting.db, source, column)
    return tallies


def _count_rows(
    db: Database,
    source: Source,
    columns: Sequence[TableColumn],
    tallies: dict[str, dict[str, Tally]],
) -> None:
    """Every column that counts rows of one source, in one pass."""
    wanted = [Sql(source.group)]
    for column in columns:
        held = source.holds(column.where) if column.where is not None else Sql("1")
        wanted.append(Sql(f"total({held.text})", held.values))
    query = source.select(wanted, "GROUP BY 1")
    for group, *counts in db.rows(query.text, query.values):
        for column, count in zip(columns, counts, strict=True):
            if count:
                tally = tallies[column.label].setdefault(source.row_of(group), Counter())
                tally[_COUNTED] += int(count)


def _by_value(db: Database, source: Source, column: TableColumn) -> dict[str, Tally]:
    held = [source.holds(column.where)] if column.where is not None else []
    value = source.column(column.path)
    query = source.select(
        [Sql(source.group), Sql(value), Sql("count(*)")],
        "GROUP BY 1, 2",
        Sql(f"coalesce({value}, '') <> ''"),
        *held,
    )
    found: dict[str, Tally] = {}
    for group, text, count in db.rows(query.text, query.values):
        found.setdefault(source.row_of(group), Counter())[text] += count
    return found


def _count(db: Database, plan: TablePlan, source: Source) -> int:
    """How many records (or entities) were counted; instances count with their record."""
    wanted = "count(DISTINCT m.record_id)" if plan.source in _OF_RECORDS else "count(*)"
    query = source.select([Sql(wanted)], "")
    return db.count(query.text, query.values)


# Rows


def _groups(plan: TablePlan, tallies: Iterable[Mapping[str, Tally]]) -> tuple[tuple[str, str], ...]:
    """The rows to print: the value that makes each, and its words."""
    rows = plan.rows
    if rows.kind == "all":
        return (("", rows.label),)
    occurring = {group for by_group in tallies for group in by_group}
    unknown = (("", UNKNOWN),) if "" in occurring else ()
    if rows.labels:
        return (*rows.labels, *(unknown if rows.kind != "answer" else ()))
    values = sorted(occurring - {""}, key=_naturally)
    return (*((value, value) for value in values), *unknown)


def _naturally(text: str) -> tuple[tuple[int, int, str], ...]:
    """2통 before 10통."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"(\d+)", text)
        if part
    )


def _row(
    counting: _Counting, tallies: Mapping[str, Mapping[str, Tally]], groups: Sequence[str]
) -> dict[str, Fraction | None]:
    """The exact value of each column by its label, over the groups pooled."""
    values: dict[str, Fraction | None] = {}
    for column in counting.plan.columns:
        if column.measure == "rate":
            values[column.label] = _rate(column, values)
        elif column.measure == "target":
            values[column.label] = _target(counting, column, groups)
        else:
            by_group = tallies[column.label]
            pooled = sum((by_group.get(group, Counter()) for group in groups), Counter())
            values[column.label] = _measured(column, pooled)
    return values


def _measured(column: TableColumn, tally: Tally) -> Fraction | None:
    if column.measure == "count":
        return Fraction(tally[_COUNTED])
    if column.measure == "distinct":
        return Fraction(len(tally))
    numbers = [
        (number, count)
        for text, count in tally.items()
        if (not column.values or text in column.values) and (number := _number(text)) is not None
    ]
    total = sum((number * count for number, count in numbers), Fraction(0))
    if column.measure == "sum":
        return total
    size = sum(count for _, count in numbers)
    return total / size if size else None


def _number(text: str) -> Fraction | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    # A hostile exponent would make a number of a million digits.
    return Fraction(number) if number.is_finite() and abs(number.adjusted()) < 40 else None


def _rate(column: TableColumn, values: Mapping[str, Fraction | None]) -> Fraction | None:
    over = [values[label] for label in column.over]
    under = [values[label] for label in column.under]
    if None in over or None in under:
        return None
    whole = sum((value for value in under if value is not None), Fraction(0))
    part = sum((value for value in over if value is not None), Fraction(0))
    return 100 * part / whole if whole else None


def _target(counting: _Counting, column: TableColumn, groups: Sequence[str]) -> Fraction | None:
    """The target of the year in which the period ends: of the row's value, else of everything."""
    rows = counting.plan.rows
    name = "" if rows.kind == "all" else rows.path.rpartition("/")[2]
    group = groups[0] if name and len(groups) == 1 else None
    values: tuple[Value, ...] = (
        _TARGETS, column.path, str(counting.period.last.year), name, group, counting.scope,
    )  # fmt: skip
    text = counting.db.value(
        "SELECT v.value FROM entity e"
        " JOIN entity_value i ON i.list = e.list AND i.id = e.id AND i.name = 'indicator'"
        " JOIN entity_value y ON y.list = e.list AND y.id = e.id AND y.name = 'year'"
        " JOIN entity_value v ON v.list = e.list AND v.id = e.id AND v.name = 'value'"
        " LEFT JOIN entity_value g ON g.list = e.list AND g.id = e.id AND g.name = ?4"
        " WHERE e.list = ?1 AND e.deleted = 0 AND e.merged_into IS NULL"
        " AND i.value = ?2 AND y.value = ?3 AND g.value IS ?5"
        " ORDER BY e.scope IS ?6 DESC, e.updated_ms DESC LIMIT 1",
        values,
    )
    return None if text is None else _number(text)


# Cells


def _cells(plan: TablePlan, values: Mapping[str, Fraction | None]) -> tuple[Cell, ...]:
    return tuple(_cell(plan, column, values[column.label]) for column in plan.columns)


def _cell(plan: TablePlan, column: TableColumn, value: Fraction | None) -> Cell:
    if value is None:
        return Cell(None, column.decimals)
    decimals = column.decimals
    if column.measure == "target":
        # A target prints as it was set: 62.5 is not 63.
        decimals = max(decimals, _places(value))
    return Cell(rounded(value, decimals, plan.rounding), decimals)


def _places(value: Fraction) -> int:
    return next((places for places in range(4) if (value * 10**places).denominator == 1), 4)


def _total(
    counting: _Counting,
    tallies: Mapping[str, Mapping[str, Tally]],
    groups: Sequence[str],
    printed: Sequence[FigureRow],
) -> tuple[FigureRow, ...]:
    """The row of everything, by the method that the workbook names (tables/README.md R7)."""
    plan = counting.plan
    if plan.total_method == "none" or plan.rows.kind == "all":
        return ()
    cells = _cells(plan, _row(counting, tallies, groups))
    if plan.total_method == "mean_of_printed_rates":
        cells = tuple(
            _mean_cell(plan, column, [row.cells[index] for row in printed])
            if column.measure in ("rate", "mean")
            else cell
            for index, (column, cell) in enumerate(zip(plan.columns, cells, strict=True))
        )
    return (FigureRow(TOTAL, cells),)


def _mean_cell(plan: TablePlan, column: TableColumn, cells: Sequence[Cell]) -> Cell:
    values = [cell.value for cell in cells if cell.value is not None]
    if not values:
        return Cell(None, column.decimals)
    exact = Fraction(sum(values, Decimal(0))) / len(values)
    return Cell(rounded(exact, column.decimals, plan.rounding), column.decimals)
