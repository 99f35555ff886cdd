"""A table's numbers (`TablePlan`): each column counted from its own source, exact, rounded once.

Columns of one source that only count are counted in one pass; the crossed first column in one of
its own, of which 계 is the sum. Rates are made of unrounded columns, so that a rate of a rate
(달성률 of a 반영률) is right, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TypeAlias

from fieldapp.domain.figures import Cell, FigureRow, Figures, Period
from fieldapp.domain.ids import ScopeId
from fieldapp.domain.plans import Grouping, TableColumn, TablePlan
from fieldapp.domain.scoring import rounded
from fieldapp.storage import answers, sources
from fieldapp.storage.conditions import Sql
from fieldapp.storage.projected_tables import Table, tables_of
from fieldapp.storage.sources import Source, Subjects
from fieldapp.storage.sqlite import Database, Value

#: The head of the row that has everything, printed first.
TOTAL = "합계"
#: The head of the row of what has no value for what makes a row.
UNKNOWN = "미상"
#: The head of what the crossed columns are together.
WHOLE = "계"
_TARGETS = "target"
_COUNTED = ""
_OF_RECORDS = ("record", "repeat")

#: What a column counted in one row: how often each value occurs; mere rows are under `_COUNTED`.
Tally = Counter[str]
#: By what makes a row, what was counted.
ByGroup: TypeAlias = dict[str, Tally]


@dataclass(frozen=True, slots=True)
class _Counting:
    """One table being counted over one snapshot."""

    db: Database
    plan: TablePlan
    period: Period
    scope: ScopeId | None
    shown_tables: Mapping[str, Table]
    subjects: Subjects

    def source(
        self, kind: str, name: str, columns: Sequence[TableColumn], *more: Grouping
    ) -> Source | None:
        """The rows of one source, those that the plan leaves out left out. more: groupings beside
        that of the rows.
        """
        plan = self.plan
        groupings = (plan.rows, *more)
        wheres = [column.where for column in columns if column.where is not None]
        is_of_plan = (kind in _OF_RECORDS) == (plan.source in _OF_RECORDS)
        own = [plan.where] if plan.where is not None and is_of_plan else []
        if kind in _OF_RECORDS:
            source = sources.of_records(
                self.shown_tables, name, groupings, [*own, *wheres], self.subjects
            )
            if source is None:
                return None
            sources.within(source, plan.period_path, self.period, self.scope)
        else:
            properties = [column.path for column in columns if column.path]
            source = sources.of_entities(name, groupings, [*own, *wheres], properties, self.scope)
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
    subjects = {
        grouping.path: sources.subjects_by(db, grouping.path)
        for grouping in (plan.rows, plan.across)
        if grouping is not None and grouping.kind == "subject"
    }
    counting = _Counting(db, plan, period, scope, tables_of(db, plan.form_id), subjects)
    crossed = _crossed(counting)
    tallies = _tallies(counting, crossed)
    groups = _groups(plan, tallies.values())
    heads = _heads(plan, crossed)
    printed = [
        FigureRow(label, _cells(counting, heads, tallies, (group,))) for group, label in groups
    ]
    records = counting.source(plan.source, plan.name if plan.source != "record" else "", ())
    return Figures(
        summary_id=plan.id,
        caption=plan.caption,
        unit=plan.unit,
        row_head=plan.row_head,
        columns=tuple(head.label for head in heads),
        rows=(*_total(counting, heads, tallies, [group for group, _ in groups], printed), *printed),
        period=period,
        counted_at=counted_at,
        records=0 if records is None else _count(db, plan, records),
        unprojected=answers.due_count(db, plan.form_id) if plan.source in _OF_RECORDS else 0,
        empty=plan.empty,
        footnote=plan.footnote,
    )


# Counting


def _tallies(counting: _Counting, crossed: Mapping[str, ByGroup]) -> dict[str, ByGroup]:
    """By the label of a column what was counted; rates and targets left out. The first column of a
    crossed table is what its parts are together.
    """
    tallies: dict[str, ByGroup] = {}
    columns_to_count = counting.plan.columns
    if counting.plan.across is not None:
        tallies[columns_to_count[0].label] = _together(crossed.values())
        columns_to_count = columns_to_count[1:]
    by_source: dict[tuple[str, str], list[TableColumn]] = {}
    for column in columns_to_count:
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
    tallies: dict[str, ByGroup],
) -> None:
    """Every column that counts rows of one source, in one pass."""
    (rows,) = source.axes
    wanted = [Sql(rows.text)]
    for column in columns:
        held = source.holds(column.where) if column.where is not None else Sql("1")
        wanted.append(Sql(f"total({held.text})", held.values))
    query = source.select(wanted, "GROUP BY 1")
    for group, *counts in db.rows(query.text, query.values):
        for column, count in zip(columns, counts, strict=True):
            if count:
                tally = tallies[column.label].setdefault(rows.value_of(group), Counter())
                tally[_COUNTED] += int(count)


def _by_value(db: Database, source: Source, column: TableColumn) -> ByGroup:
    (rows,) = source.axes
    held = [source.holds(column.where)] if column.where is not None else []
    value = source.column(column.path)
    query = source.select(
        [Sql(rows.text), Sql(value), Sql("count(*)")],
        "GROUP BY 1, 2",
        Sql(f"coalesce({value}, '') <> ''"),
        *held,
    )
    found: ByGroup = {}
    for group, text, count in db.rows(query.text, query.values):
        found.setdefault(rows.value_of(group), Counter())[text] += count
    return found


def _crossed(counting: _Counting) -> dict[str, ByGroup]:
    """The first column of a crossed table by the value that parts it; {} for any other table."""
    plan = counting.plan
    if plan.across is None:
        return {}
    column = plan.columns[0]
    name = "" if column.source == "record" else column.name
    source = counting.source(column.source, name, (column,), plan.across)
    if source is None:
        return {}
    rows, across = source.axes
    held = [source.holds(column.where)] if column.where is not None else []
    value = Sql(f"'{_COUNTED}'")
    if column.measure != "count":
        value = Sql(source.column(column.path))
        held.append(Sql(f"coalesce({value.text}, '') <> ''"))
    query = source.select(
        [Sql(rows.text), Sql(across.text), value, Sql("count(*)")], "GROUP BY 1, 2, 3", *held
    )
    labels = dict(plan.across.labels)
    found: dict[str, ByGroup] = {}
    for group, part, text, count in counting.db.rows(query.text, query.values):
        of_part = across.value_of(part)
        if labels and of_part not in labels:
            of_part = ""
        by_group = found.setdefault(of_part, {})
        by_group.setdefault(rows.value_of(group), Counter())[text] += count
    return found


def _together(parts: Iterable[ByGroup]) -> ByGroup:
    whole: ByGroup = {}
    for part in parts:
        for group, tally in part.items():
            whole.setdefault(group, Counter()).update(tally)
    return whole


def _count(db: Database, plan: TablePlan, source: Source) -> int:
    """How many records (or entities) were counted; instances count with their record."""
    wanted = "count(DISTINCT m.record_id)" if plan.source in _OF_RECORDS else "count(*)"
    query = source.select([Sql(wanted)], "")
    return db.count(query.text, query.values)


# Rows and columns


@dataclass(frozen=True, slots=True)
class _Head:
    """A printed column. part: of the crossed first column, what was counted of one value."""

    label: str
    column: TableColumn
    part: ByGroup | None = None


def _heads(plan: TablePlan, crossed: Mapping[str, ByGroup]) -> tuple[_Head, ...]:
    """The columns to print: those of the values, 계, then the others."""
    if plan.across is None:
        return tuple(_Head(column.label, column) for column in plan.columns)
    first, *others = plan.columns
    parts = plan.across.labels or tuple(
        (value, value) for value in sorted(crossed.keys() - {""}, key=_naturally)
    )
    unknown = (("", UNKNOWN),) if "" in crossed else ()
    return (
        *(_Head(label, first, crossed.get(value, {})) for value, label in (*parts, *unknown)),
        _Head(WHOLE, first),
        *(_Head(column.label, column) for column in others),
    )


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
            values[column.label] = _measured(column, _pooled(tallies[column.label], groups))
    return values


def _pooled(by_group: Mapping[str, Tally], groups: Sequence[str]) -> Tally:
    return sum((by_group.get(group, Counter()) for group in groups), Counter())


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


def _cells(
    counting: _Counting,
    heads: Sequence[_Head],
    tallies: Mapping[str, Mapping[str, Tally]],
    groups: Sequence[str],
) -> tuple[Cell, ...]:
    """A row as it prints, over the groups pooled."""
    values = _row(counting, tallies, groups)
    return tuple(
        _cell(
            counting.plan,
            head.column,
            values[head.column.label]
            if head.part is None
            else _measured(head.column, _pooled(head.part, groups)),
        )
        for head in heads
    )


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
    heads: Sequence[_Head],
    tallies: Mapping[str, Mapping[str, Tally]],
    groups: Sequence[str],
    printed: Sequence[FigureRow],
) -> tuple[FigureRow, ...]:
    """The row of everything, by the method that the workbook names (tables/README.md R7)."""
    plan = counting.plan
    if plan.total_method == "none" or plan.rows.kind == "all":
        return ()
    cells = _cells(counting, heads, tallies, groups)
    if plan.total_method == "mean_of_printed_rates":
        cells = tuple(
            _mean_cell(plan, head.column, [row.cells[index] for row in printed])
            if head.column.measure in ("rate", "mean")
            else cell
            for index, (head, cell) in enumerate(zip(heads, cells, strict=True))
        )
    return (FigureRow(TOTAL, cells),)


def _mean_cell(plan: TablePlan, column: TableColumn, cells: Sequence[Cell]) -> Cell:
    values = [cell.value for cell in cells if cell.value is not None]
    if not values:
        return Cell(None, column.decimals)
    exact = Fraction(sum(values, Decimal(0))) / len(values)
    return Cell(rounded(exact, column.decimals, plan.rounding), column.decimals)
