"""What a table's columns are counted over, as SQL: records, instances of repeats, entities.

A `Source` knows where its rows come from and which expression shows an answer or property of one.
Values travel as parameters; names of tables and columns come from our registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from fieldapp.domain.conditions import paths_of
from fieldapp.domain.entity import LABEL, SOURCE_DELETED, STATE
from fieldapp.domain.figures import Period
from fieldapp.domain.plans import Condition, Grouping
from fieldapp.storage import projected_tables as tables
from fieldapp.storage.answers import shown
from fieldapp.storage.conditions import Sql, sql_of
from fieldapp.storage.entities import SHOWN
from fieldapp.storage.projected_tables import Table
from fieldapp.storage.sqlite import Database, Value, quoted

_MAIN = "m"
_REPEAT = "r"
_ENTITY = "e"


#: By the name of a property: the id of an entity → its value.
Subjects: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Axis:
    """What makes a printed row or a crossed column: an SQL expression of the value, or, with
    values_by, of what leads to it.
    """

    text: str = "''"
    values_by: Mapping[str, str] | None = None

    def value_of(self, group: str | None) -> str:
        """The value, by what the query gave; empty for none."""
        if group is None or self.values_by is None:
            return group or ""
        return self.values_by.get(group, "")


@dataclass(slots=True)
class Source:
    """Rows to be counted: FROM, WHERE, and how to show a path or property of one.

    columns: path → SQL expression of its text; axes: one for each grouping that was asked.
    """

    text: str
    values: list[Value] = field(default_factory=list)
    conditions: list[Sql] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    axes: tuple[Axis, ...] = ()

    def column(self, path: str) -> str:
        """The answer or property as text; NULL for one that was never shown."""
        return self.columns.get(path, "NULL")

    def holds(self, condition: Condition) -> Sql:
        """An expression that is 1 where a condition holds."""
        return sql_of(condition, self.column)

    def select(self, wanted: Sequence[Sql], ending: str, *more: Sql) -> Sql:
        """A query of these expressions over the rows for which every condition holds."""
        conditions = [*self.conditions, *more]
        return Sql(
            f"SELECT {', '.join(one.text for one in wanted)} FROM {self.text}"  # noqa: S608
            f" WHERE {' AND '.join(one.text for one in conditions) or '1'} {ending}",
            (
                *(value for one in wanted for value in one.values),
                *self.values,
                *(value for one in conditions for value in one.values),
            ),
        )


def of_records(
    shown_tables: Mapping[str, Table],
    repeat: str,
    groupings: Sequence[Grouping],
    conditions: Iterable[Condition],
    subjects: Subjects | None = None,
) -> Source | None:
    """Records of a form, or the instances of a repeat of theirs; None when none was ever shown.

    Of the repeats around it answers can be asked, too. subjects: for groupings by subject.
    """
    main = shown_tables.get("")
    own = shown_tables.get(repeat)
    if main is None or own is None:
        return None
    source = Source(f"{quoted(main.name)} {_MAIN}")
    _show(source, main, _MAIN)
    if repeat:
        source.text += (
            f" JOIN {quoted(own.name)} {_REPEAT} ON {_REPEAT}.record_id = {_MAIN}.record_id"
        )
        _show(source, own, _REPEAT)
        asked = {path for condition in conditions for path in paths_of(condition)}
        asked |= {grouping.path for grouping in groupings}
        for number, around in enumerate(_around(shown_tables, repeat)):
            if asked & {column.path for column in around.columns}:
                _join_around(source, around, f"{_REPEAT}{number}")
    source.axes = tuple(_axis(source, grouping, subjects or {}) for grouping in groupings)
    return source


def _axis(source: Source, grouping: Grouping, subjects: Subjects) -> Axis:
    if grouping.kind == "subject":
        return Axis(f"{_MAIN}.{tables.SUBJECT_ID}", subjects.get(grouping.path, {}))
    return Axis(source.column(grouping.path)) if grouping.kind == "answer" else Axis()


def within(source: Source, period_path: str, period: Period, scope: str | None) -> None:
    """Keep the records of a period and of a home scope; of every scope when None."""
    days: tuple[Value, ...] = (period.first.isoformat(), period.last.isoformat())
    source.conditions.append(Sql(f"{source.column(period_path)} BETWEEN ? AND ?", days))
    if scope is not None:
        source.conditions.append(Sql(f"{_MAIN}.{tables.SCOPE} = ?", (scope,)))


def of_entities(
    list_name: str,
    groupings: Sequence[Grouping],
    conditions: Iterable[Condition],
    properties: Iterable[str],
    scope: str | None,
) -> Source:
    """Entities of a list as they stand: neither deleted nor merged, nor taken out of their form."""
    asked = [STATE, *(path for condition in conditions for path in paths_of(condition))]
    grouped = [
        "" if grouping.kind == "all" else grouping.path.rpartition("/")[2] for grouping in groupings
    ]
    names = [
        name
        for name in dict.fromkeys([*asked, *properties, *filter(None, grouped)])
        if name != LABEL
    ]
    source = _pivoted(list_name, names)
    source.conditions.append(Sql(f"coalesce({source.column(STATE)}, '') <> ?", (SOURCE_DELETED,)))
    if scope is not None:
        source.conditions.append(Sql(f"{_ENTITY}.scope = ?", (scope,)))
    source.axes = tuple(Axis(source.column(name)) if name else Axis() for name in grouped)
    return source


def created_within(source: Source, period: Period) -> None:
    """Keep the entities that were made in a period."""
    days: tuple[Value, ...] = (period.first.isoformat(), period.last.isoformat())
    source.conditions.append(Sql(f"{_ENTITY}.created_on BETWEEN ? AND ?", days))


def _show(source: Source, table: Table, alias: str) -> None:
    for column in table.columns:
        source.columns.setdefault(column.path, shown(table, column.path, alias))


def _around(shown_tables: Mapping[str, Table], repeat: str) -> list[Table]:
    return [
        table
        for path, table in sorted(shown_tables.items(), reverse=True)
        if path and repeat.startswith(f"{path}/")
    ]


def _join_around(source: Source, table: Table, alias: str) -> None:
    """The instance that the counted one stands in: its path is the beginning of the other's."""
    source.text += (
        f" LEFT JOIN {quoted(table.name)} {alias} ON {alias}.record_id = {_REPEAT}.record_id"
        f" AND substr({_REPEAT}.instance, 1, length({alias}.instance) + 1) ="
        f" {alias}.instance || '/'"
    )
    _show(source, table, alias)


def subjects_by(db: Database, name: str) -> dict[str, str]:
    """By the id of an entity its property; an alias has that of what it turned out to be.

    Looked up outside the query, which would read the entity, documents and all, for every record.
    """
    if name == LABEL:
        rows = db.rows("SELECT id, label FROM entity")
    else:
        rows = db.rows(
            "SELECT id, value FROM entity_value"
            " WHERE list IN (SELECT DISTINCT list FROM entity) AND name = ?",
            (name,),
        )
    values: dict[str, str] = dict(rows)
    for alias, alive in db.rows("SELECT id, merged_into FROM entity WHERE merged_into IS NOT NULL"):
        values[alias] = values.get(alive, "")
    return values


def _pivoted(list_name: str, names: Sequence[str]) -> Source:
    """A row an entity that lists show, with the named properties beside it, in one pass over the
    list: SQLite makes no index for a join of its own accord where it knows of no statistics.
    """
    shown_as = {name: f"p{number}" for number, name in enumerate(names)}
    properties = "".join(
        f", max(CASE name WHEN ? THEN value END) AS {alias}" for alias in shown_as.values()
    )
    marks = ", ".join("?" * len(names))
    return Source(
        f"(SELECT id, max(label) AS label, max(scope) AS scope, max(created_on) AS created_on"  # noqa: S608
        f"{properties} FROM (SELECT e.id, e.label, e.scope, e.created_on, NULL AS name,"
        f" NULL AS value FROM entity e WHERE e.list = ? AND {SHOWN} UNION ALL"
        " SELECT id, NULL, NULL, NULL, name, value FROM entity_value"
        f" WHERE list = ? AND name IN ({marks}))"
        f" GROUP BY id HAVING max(label) IS NOT NULL) {_ENTITY}",
        values=[*names, list_name, list_name, *names],
        columns={
            LABEL: f"{_ENTITY}.label",
            **{name: f"{_ENTITY}.{alias}" for name, alias in shown_as.items()},
        },
    )
