"""How often each answer was given, of many questions in one pass over their rows.

A query a question reads and decrypts the same rows for each, and sorts them; a summary asks for
seven and more. Answers that are choices are few and soon met: what a first look finds is counted in
one pass, and a question of which that was not all is counted once more by itself. Exact either way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from fieldapp.storage.conditions import Sql
from fieldapp.storage.sources import Source
from fieldapp.storage.sqlite import Database

#: How many rows the first look takes, and how many values of a question may be told apart in one
#: pass: each is compared with every row.
_LOOKED_AT, _MOST = 500, 16


def counts_by_value(
    db: Database, source: Source, paths: Sequence[str]
) -> Mapping[str, Counter[str]]:
    """By each path how often each of its answers occurs in the source's rows; none is left out."""
    columns = [Sql(source.column(path)) for path in paths]
    look = source.select(columns, f"LIMIT {_LOOKED_AT}")
    met = zip(*db.rows(look.text, look.values), strict=True)
    values = {path: sorted(set(found) - {None}) for path, found in zip(paths, met, strict=False)}
    asked = [path for path in values if len(values[path]) <= _MOST]
    counts = _in_one_pass(db, source, {path: values[path] for path in asked}) if asked else {}
    return {
        path: counts[path] if path in counts else _alone(db, source, path) for path in values
    } | {path: Counter() for path in paths if path not in values}


def _in_one_pass(
    db: Database, source: Source, values: Mapping[str, Sequence[str]]
) -> dict[str, Counter[str]]:
    """Of the paths whose answers are all among the values."""
    wanted = []
    for path, known in values.items():
        column = source.column(path)
        wanted.append(Sql(f"count({column})"))
        wanted += [Sql(f"count(*) FILTER (WHERE {column} = ?)", (value,)) for value in known]
    query = source.select(wanted, "")
    (row,) = db.rows(query.text, query.values)
    cells = iter(row)
    counts = {}
    for path, known in values.items():
        answered = next(cells)
        by_value = {value: next(cells) for value in known}
        if sum(by_value.values()) == answered:
            counts[path] = Counter(by_value)
    return counts


def _alone(db: Database, source: Source, path: str) -> Counter[str]:
    value = source.column(path)
    query = source.select([Sql(value), Sql("count(*)")], "GROUP BY 1", Sql(f"{value} IS NOT NULL"))
    return Counter(dict(db.rows(query.text, query.values)))
