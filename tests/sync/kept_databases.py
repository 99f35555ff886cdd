"""Backups of a server's database beside it, and the loss of everything after one of them.

A copy of each table within the database: what `pg_dump` would bring back, without the seconds that
it takes. `test_restored_server` does the same with `pg_dump` and `pg_restore`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql

from fieldapp.server import accounts, settlement

_TABLES = "select tablename from pg_tables where schemaname = 'fieldapp' order by 1"
_COLUMNS = """
    select array_agg(column_name::text) from information_schema.columns
    where table_schema = 'fieldapp' and table_name = %s and is_generated = 'NEVER'
"""


@dataclass(frozen=True)
class Kept:
    """A backup: the schema that it lies in, and the mark that was set before it."""

    schema: str
    marked: str


class KeptDatabases:
    """The backups of one server, oldest first; an earlier one brings back an earlier day."""

    def __init__(self, owner_url: str) -> None:
        self._url = owner_url
        self._kept: list[Kept] = []
        self.were_put_back = False

    def __len__(self) -> int:
        return len(self._kept)

    def close(self) -> None:
        """Throw them all away."""
        for kept in self._kept:
            self._drop(kept)

    def keep(self) -> None:
        """One more, of the database as it is now."""
        with accounts.owner_connection(self._url) as owner:
            marked = settlement.mark(owner)
        kept = Kept(f"kept_{secrets.token_hex(8)}", marked)
        with psycopg.connect(self._url) as connection:
            connection.execute("set transaction isolation level repeatable read")
            _run(connection, "create schema {}", kept.schema)
            for table in _tables(connection):
                _run(
                    connection, "create table {}.{} as table fieldapp.{}", kept.schema, table, table
                )
        self._kept.append(kept)

    def settle(self) -> None:
        """The newest one is good: it is what would be restored from now on."""
        *older, newest = self._kept
        for kept in older:
            self._drop(kept)
        self._kept = [newest]
        with accounts.owner_connection(self._url) as owner:
            if owner.execute(
                "select from fieldapp.settlement_mark where id = %s", [newest.marked]
            ).rowcount:
                settlement.settle(owner, newest.marked)

    def put_back(self, which: int) -> None:
        """Lose the database; one of them takes its place, in another epoch."""
        kept = self._kept[which % len(self._kept)]
        with psycopg.connect(self._url) as connection:
            # Neither triggers nor references are asked: the rows were right when they were kept.
            connection.execute("set local session_replication_role = replica")
            tables = _tables(connection)
            connection.execute(
                sql.SQL("truncate {}").format(
                    sql.SQL(", ").join(sql.Identifier("fieldapp", table) for table in tables)
                )
            )
            for table in tables:
                _refill(connection, kept, table)
            settlement.begin_life(connection)
        self.were_put_back = True

    def _drop(self, kept: Kept) -> None:
        with psycopg.connect(self._url) as connection:
            connection.execute("set client_min_messages = warning")
            _run(connection, "drop schema {} cascade", kept.schema)


def _refill(connection: psycopg.Connection, kept: Kept, table: str) -> None:
    row = connection.execute(_COLUMNS, [table]).fetchone()
    assert row is not None
    columns = sql.SQL(", ").join(map(sql.Identifier, row[0]))
    connection.execute(
        sql.SQL("insert into {} ({}) overriding system value select {} from {}").format(
            sql.Identifier("fieldapp", table), columns, columns, sql.Identifier(kept.schema, table)
        )
    )


def _tables(connection: psycopg.Connection) -> list[str]:
    return [table for (table,) in connection.execute(_TABLES).fetchall()]


def _run(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
