"""What an operator counts in the database: how many records and entities stand, and in what state.

As the owner of the tables, past every policy; nothing of it is ever sent to a laptop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Tally:
    """records: number by form and state. entities: by list. kept: operations that could not be
    applied, or not wholly, by code.
    """

    records: Mapping[tuple[str, str], int]
    entities: Mapping[str, int]
    decided: int
    undecided: int
    kept: Mapping[str, int]

    def of_form(self, form_id: str, state: str | None = None) -> int:
        """Records of a form, in one state or in any."""
        return sum(
            number
            for (form, at), number in self.records.items()
            if form == form_id and state in (None, at)
        )


def tally(owner: psycopg.Connection) -> Tally:
    """Count what stands."""
    records = Counter[tuple[str, str]]()
    for form, state, number in owner.execute(
        "select form_id, state, count(*) from fieldapp.record group by 1, 2"
    ):
        records[form, state] = number
    entities: dict[str, int] = dict(
        owner.execute("select list, count(*) from fieldapp.entity group by 1").fetchall()
    )
    conflicts: dict[bool, int] = dict(
        owner.execute("select decided, count(*) from fieldapp.conflict group by 1").fetchall()
    )
    kept: dict[str, int] = dict(
        owner.execute("select code, count(*) from fieldapp.quarantine group by 1").fetchall()
    )
    return Tally(
        records,
        entities,
        decided=conflicts.get(True, 0),
        undecided=conflicts.get(False, 0),
        kept=kept,
    )


def record_docs(owner: psycopg.Connection, form_id: str) -> tuple[Mapping[str, Any], ...]:
    """The documents of a form's records."""
    rows = owner.execute("select doc from fieldapp.record where form_id = %s", [form_id])
    return tuple(doc for (doc,) in rows)


def entity_docs(owner: psycopg.Connection, list_name: str) -> tuple[Mapping[str, Any], ...]:
    """The documents of a list."""
    rows = owner.execute("select doc from fieldapp.entity where list = %s", [list_name])
    return tuple(doc for (doc,) in rows)
