"""The demo's 가상구: a PostgreSQL and a server process of its own, two invited workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.server.accounts import add_scope, add_user, invite, owner_connection
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.migrations import migrate
from fieldapp.server.process import ServerProcess
from fieldapp.settings import Settings

SCOPE = ScopeId("가상-햇살동")
#: The demo sets both passwords; in an office the server's and the laptop's are separate (F11).
SERVER_PASSWORD = "gasang-server-2026"  # noqa: S105 - printed in the demo's own account
LAPTOP_PASSWORD = "gasang-laptop-2026"  # noqa: S105

SECRETARY = Worker(UserId("가상-오사무"), "가상-오사무", frozenset({"secretariat"}), SCOPE)
WELFARE = Worker(UserId("가상-이담당"), "가상-이담당", frozenset({"dong_welfare"}), SCOPE)


@dataclass(slots=True)
class District:
    """The database, who may enrol with which code, and the server once it is switched on."""

    owner_url: str
    sync_url: str
    settings: Settings
    codes: dict[str, str] = field(default_factory=dict)
    server: ServerProcess | None = None

    def switch_on(self) -> str:
        """Start the server process; returns its address."""
        self.server = ServerProcess.start(self.sync_url, packs_dir=self.settings.packs)
        return self.server.base_url

    def switch_off(self) -> None:
        """Stop the server process, if it runs."""
        if self.server is not None:
            self.server.stop()
            self.server = None


@contextmanager
def opened_district(folder: Path, settings: Settings, clock: Clock) -> Iterator[District]:
    """A fresh district in an empty folder; the server is not switched on yet."""
    with EmbeddedPostgres(folder) as postgres:
        migrate(postgres.owner_url)
        district = District(postgres.owner_url, postgres.sync_url, settings)
        with owner_connection(postgres.owner_url) as owner:
            add_scope(owner, SCOPE)
            for worker in (SECRETARY, WELFARE):
                add_user(
                    owner,
                    worker.user,
                    name=worker.name,
                    password=SERVER_PASSWORD,
                    roles=sorted(worker.roles),
                    scopes=(SCOPE,),
                )
                district.codes[worker.user] = invite(
                    owner, worker.user, scope=SCOPE, at=clock.now()
                )
        try:
            yield district
        finally:
            district.switch_off()
