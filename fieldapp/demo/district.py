"""The demo's 가상구: a PostgreSQL and a server process of its own, and its invited workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.crypto.wrapping import Cost
from fieldapp.demo.cast import EVERYBODY, SERVER_PASSWORD, TEAM, scopes_of
from fieldapp.demo.people import COUNTS
from fieldapp.server.accounts import add_scope, add_user, invite, owner_connection
from fieldapp.server.configuration import FILES_VARIABLE
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.migrations import migrate
from fieldapp.server.process import ServerProcess

#: A stretched password costs a third of a second; nine accounts and laptops keep no secrets.
QUICK = Cost(time_cost=1, memory_kib=8 * 1024, parallelism=1)


@dataclass(slots=True)
class District:
    """The database, who may enrol with which code, and the server once it is switched on.

    packs: the workbooks, compiled once for the server and every laptop. files: the attachments.
    """

    owner_url: str
    sync_url: str
    packs: Path
    files: Path
    codes: dict[str, str] = field(default_factory=dict)
    server: ServerProcess | None = None

    def switch_on(self) -> str:
        """Start the server process; returns its address."""
        self.server = ServerProcess.start(
            self.sync_url, packs_dir=self.packs, env={FILES_VARIABLE: str(self.files)}
        )
        return self.server.base_url

    def switch_off(self) -> None:
        """Stop the server process, if it runs."""
        if self.server is not None:
            self.server.stop()
            self.server = None


@contextmanager
def opened_district(folder: Path, packs: Path, clock: Clock) -> Iterator[District]:
    """A fresh district in an empty folder; the server is not switched on yet."""
    with EmbeddedPostgres(folder) as postgres:
        migrate(postgres.owner_url)
        district = District(
            postgres.owner_url, postgres.sync_url, packs, folder.with_name(f"{folder.name}-files")
        )
        with owner_connection(postgres.owner_url) as owner:
            for town in COUNTS:
                add_scope(owner, town)
            add_scope(owner, TEAM, kind="org")
            for worker in EVERYBODY:
                add_user(
                    owner,
                    worker.user,
                    name=worker.name,
                    password=SERVER_PASSWORD,
                    roles=sorted(worker.roles),
                    scopes=scopes_of(worker),
                    cost=QUICK,
                )
                district.codes[worker.user] = invite(
                    owner, worker.user, scope=worker.scope, at=clock.now()
                )
        try:
            yield district
        finally:
            district.switch_off()
