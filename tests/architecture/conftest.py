"""What these tests read of the whole tree is let go behind the last of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.architecture.tree import our_modules


@pytest.fixture(scope="package", autouse=True)
def _syntax_trees() -> Iterator[None]:
    """A million and a half objects, among which all later tests would look for garbage."""
    yield
    our_modules.cache_clear()
