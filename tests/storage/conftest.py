"""A real encrypted store for each test, and the replica that offers it to be synced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage.building import IDENTITY, NOON, projections


@pytest.fixture
def data_key() -> bytes:
    return new_data_key()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path, data_key: bytes) -> Iterator[Store]:
    store = Store.create(path, data_key, identity=IDENTITY, created_at=NOON)
    yield store
    store.close()


@pytest.fixture
def replica(store: Store) -> StoreReplica:
    return StoreReplica(store, projections, now=lambda: NOON)
