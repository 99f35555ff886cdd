"""Connections of the app server: always as `fieldapp_sync`, each transaction for one account."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from fieldapp import failpoints
from fieldapp.errors import DatabaseUnreachable, SchemaTooOld
from fieldapp.server.configuration import SYNC_ROLE, ServerSettings
from fieldapp.server.migrations import found_version, known_version

Connection = psycopg.Connection[tuple[Any, ...]]
Pool = ConnectionPool[Connection]

_POOL_WAIT_S = 10.0
#: A lost database is looked for anew so often. Left to itself the pool doubles its pauses for five
#: minutes, and goes on refusing through the last of them although the database is back.
_RECONNECT_S = 4.0


def _without_words(line: logging.LogRecord) -> bool:
    """psycopg logs an error that another has overtaken, and PostgreSQL's texts quote the row that
    they are about: its class alone is told.
    """
    if isinstance(line.args, tuple):
        line.args = tuple(
            type(one).__name__ if isinstance(one, Exception) else one for one in line.args
        )
    return True


logging.getLogger("psycopg").addFilter(_without_words)


def open_pool(settings: ServerSettings) -> Pool:
    """Connections ready to be used. Raises DatabaseUnreachable, SchemaTooOld."""

    def configure(connection: Connection) -> None:
        # Also when DATABASE_URL signs in as somebody mightier: from here on it sees what it may.
        connection.execute(f"set role {SYNC_ROLE}")
        connection.commit()
        set_json_loads(msgspec.json.decode, connection)
        set_json_dumps(msgspec.json.encode, connection)

    pool: Pool = ConnectionPool(
        settings.database_url,
        min_size=2,
        max_size=settings.pool_connections,
        timeout=_POOL_WAIT_S,
        reconnect_timeout=_RECONNECT_S,
        kwargs={
            "options": "-c jit=off -c client_encoding=UTF8"
            f" -c lock_timeout={settings.lock_timeout_ms}"
            f" -c statement_timeout={settings.statement_timeout_ms}"
        },
        configure=configure,
        open=False,
    )
    try:
        with psycopg.connect(settings.database_url, autocommit=True) as connection:
            found = found_version(connection)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable from error
    if found < known_version():
        raise SchemaTooOld(found=found, known=known_version())
    try:
        pool.open(wait=True, timeout=_POOL_WAIT_S)
    except PoolTimeout as error:
        pool.close()
        raise DatabaseUnreachable from error
    return pool


@contextmanager
def transaction_of(
    pool: Pool, account: str, *, snapshot: bool = False, judging: bool = False
) -> Iterator[Connection]:
    """A transaction that sees and writes what the account's memberships allow, and no more.

    snapshot: read only, everything as of one instant (REPEATABLE READ). judging: it also reaches
    what the account saw in full at some time, for operations that come late (F8).
    """
    with pool.connection() as connection, connection.transaction():
        if snapshot:
            connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute(
            "select set_config('app.user', %s, true), set_config('app.judging', %s, true)",
            [account, "on" if judging else ""],
        )
        yield connection
        failpoints.reach("transaction.before_commit")


@dataclass(frozen=True, slots=True)
class Life:
    """One life of the database; a restore begins another (`settlement`).

    is_refilling: laptops are still bringing again what the backup lacked.
    """

    epoch: str
    is_refilling: bool


def life_of(connection: Connection) -> Life:
    """The life that the database is in."""
    row = connection.execute("select epoch::text, refilling from fieldapp.server_meta").fetchone()
    if row is None:
        raise SchemaTooOld(found=0, known=known_version())
    return Life(*row)


def epoch_of(connection: Connection) -> str:
    """The name of this life of the database."""
    return life_of(connection).epoch
