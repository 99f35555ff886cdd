"""What an operator counts in the database: records, and by which door each revision came."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True, slots=True)
class Tally:
    """records: ids that stand. received: (record, operation) of every revision with a receipt."""

    records: frozenset[str]
    received: frozenset[tuple[str, str]]


def tally(owner: psycopg.Connection) -> Tally:
    """Count as the owner of the tables, past every policy."""
    records = owner.execute("select id::text from fieldapp.record").fetchall()
    received = owner.execute(
        "select version.record::text, version.op_id::text from fieldapp.record_version version"
        " join fieldapp.op_receipt using (replica, op_id)"
    ).fetchall()
    return Tally(
        frozenset(record for (record,) in records),
        frozenset((record, op_id) for record, op_id in received),
    )
