"""Brings a database to this server's schema: numbered files, forward only, each run once."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import psycopg
from psycopg import sql

from fieldapp.errors import DatabaseUnreachable
from fieldapp.server.configuration import SYNC_ROLE

#: Taken for the length of a migration, so that two servers starting at once run it once.
_LOCK = 7_205_114_902


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `schema/`."""

    version: int
    text: str


def migrations() -> tuple[Migration, ...]:
    """Every migration this server knows, in order."""
    files = sorted(
        (entry for entry in resources.files("fieldapp.server.schema").iterdir()),
        key=lambda entry: entry.name,
    )
    return tuple(
        Migration(int(entry.name.partition("_")[0]), entry.read_text(encoding="utf-8"))
        for entry in files
        if entry.name.endswith(".sql")
    )


def known_version() -> int:
    """The schema that this server speaks."""
    return migrations()[-1].version


def found_version(connection: psycopg.Connection) -> int:
    """The schema of a database; 0 when there is none."""
    found = connection.execute("select to_regclass('fieldapp.server_meta') is not null").fetchone()
    if found is None or not found[0]:
        return 0
    row = connection.execute("select schema_version from fieldapp.server_meta").fetchone()
    return int(row[0]) if row else 0


def migrate(owner_url: str, *, sync_password: str | None = None) -> int:
    """Run what is missing, each file in a transaction of its own; returns the schema reached.

    owner_url signs in as the role that owns the tables (it needs CREATEROLE the first time, unless
    the role `fieldapp_sync` stands already). sync_password sets that role's password; without one
    it can sign in only where the database asks for none. A newer schema is left as it is.
    Raises DatabaseUnreachable.
    """
    try:
        connection = psycopg.connect(owner_url, autocommit=True)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable from error
    with connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        found = found_version(connection)
        for migration in migrations():
            if migration.version > found:
                with connection.transaction():
                    # The files are ours and take no parameters: many statements in one text.
                    connection.execute(migration.text.encode())
                    connection.execute(
                        "update fieldapp.server_meta set schema_version = %s", [migration.version]
                    )
        if sync_password is not None:
            connection.execute(
                sql.SQL("alter role {} with login password {}").format(
                    sql.Identifier(SYNC_ROLE), sql.Literal(sync_password)
                )
            )
        return found_version(connection)
