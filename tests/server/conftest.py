"""The real server, once per session, over two that are shipped and small programmes of these tests.

All are compiled before, so that a server starts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.process import ServerProcess
from tests.server.workbooks import compiled_into
from tests.servers import PACKS, Server, beside, compiled, laptop, postgres

__all__ = ["compiled_packs", "laptop", "postgres", "server"]


@pytest.fixture(scope="session")
def compiled_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs that the server of these tests knows."""
    folder = tmp_path_factory.mktemp("packs")
    for name in ("P12", "P13e"):
        (folder / f"{name}.pack").write_bytes(compiled(PACKS / f"{name}.xlsx"))
    compiled_into(folder)
    return folder


@pytest.fixture(scope="session")
def server(postgres: EmbeddedPostgres, compiled_packs: Path) -> Iterator[Server]:
    """One app server for the session."""
    env = beside(compiled_packs)
    with ServerProcess.start(postgres.sync_url, packs_dir=compiled_packs, env=env) as process:
        running = Server(process.base_url, postgres, process, compiled_packs)
        yield running
        running.close()
