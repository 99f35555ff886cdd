"""The real server, once per session; tests of the line alone have a model of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import PACKS, compiled, postgres, server
from tests.sync.workbook import compiled_into

__all__ = ["compiled_packs", "postgres", "server"]


@pytest.fixture(scope="session")
def compiled_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs that the server of these tests knows: those shipped, and a small one."""
    folder = tmp_path_factory.mktemp("packs")
    for workbook in PACKS.glob("*.xlsx"):
        (folder / f"{workbook.stem}.pack").write_bytes(compiled(workbook))
    compiled_into(folder)
    return folder
