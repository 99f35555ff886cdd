"""The real server, once per session, over two that are shipped and small programmes of these tests.

Their workbooks are compiled in this process, so that a server starts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.packs.conversion import convert
from fieldapp.packs.reading import read_pack
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.process import ServerProcess
from tests.server.workbooks import compiled_into
from tests.servers import PACKS, Server, beside, laptop, postgres

__all__ = ["compiled_packs", "laptop", "postgres", "server"]


@pytest.fixture(scope="session")
def compiled_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs that the server of these tests knows."""
    folder = tmp_path_factory.mktemp("packs")
    for name in ("P12", "P13e"):
        pack = read_pack((PACKS / f"{name}.xlsx").read_bytes(), f"{name}.xlsx", converter=convert)
        (folder / f"{name}.pack").write_bytes(pack.to_stored())
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
