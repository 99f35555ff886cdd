"""The real server once per session, and a pair of laptops of one town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laptops import AppLaptop, enrolled_laptop, new_laptop
from tests.servers import Server, compiled_packs, postgres, server

__all__ = ["compiled_packs", "postgres", "server"]


@pytest.fixture
def alone(tmp_path: Path, compiled_packs: Path) -> Iterator[AppLaptop]:
    """A laptop that never met a server."""
    laptop = new_laptop(tmp_path / "alone", compiled_packs)
    yield laptop
    laptop.close()


@pytest.fixture
def pair(tmp_path: Path, server: Server) -> Iterator[tuple[AppLaptop, AppLaptop]]:
    """Two workers of one town, each with a laptop enrolled at the server."""
    scope = server.new_scope()
    first = enrolled_laptop(server, tmp_path / "a", user=server.new_user(scope), scope=scope)
    second = enrolled_laptop(server, tmp_path / "b", user=server.new_user(scope), scope=scope)
    yield first, second
    first.close()
    second.close()
