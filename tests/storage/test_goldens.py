"""The golden shapes of `tests/contracts/formats`, through the encrypted store and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.exchange import PullReply, PushReply
from fieldapp.domain.ids import ReplicaId
from fieldapp.domain.operation import Operation, ReplicaIdentity, operation_hash
from fieldapp.domain.record import document_hash
from fieldapp.domain.shapes import encode, read
from fieldapp.storage import operations, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from fieldapp.sync.replica import Replica
from tests.outbox import pending
from tests.storage import building as b

BOOKS = Path(__file__).parent.parent / "contracts" / "formats"


def goldens(shape: str) -> list[Any]:
    return [
        pytest.param(item["value"], id=f"{book.stem}: {name}")
        for book in sorted(BOOKS.glob("*.json"))
        for name, item in json.loads(book.read_text(encoding="utf-8")).get("accepted", {}).items()
        if item["shape"] == shape
    ]


def test_store_is_a_replica_by_shape(store: Store) -> None:
    replica: Replica = StoreReplica(store, b.projections)

    assert replica.identity() == b.IDENTITY


@pytest.mark.parametrize("value", goldens("Operation"))
def test_golden_operation_comes_out_of_the_store_with_the_same_hash(
    store: Store, replica: StoreReplica, value: Any
) -> None:
    golden = read(Operation, value)
    with store.writing() as db:
        operations.adopt_identity(db, ReplicaIdentity(ReplicaId(golden.replica), 1))
        # Its seq is one of a longer life: what came before it has settled.
        for seq in range(1, golden.seq):
            db.execute(
                "INSERT INTO operation (replica, incarnation, seq, op_id, object_id, kind, doc,"
                " op_state) VALUES (?, 1, ?, ?, 'x', 'change', '{}', 'settled')",
                (golden.replica, seq, f"op-{seq}"),
            )
        operations.append(db, golden)

    (out,) = pending(replica, 500, 1_000_000)

    assert out == golden
    assert json.loads(encode(out)) == value
    assert operation_hash(out) == operation_hash(golden)


@pytest.mark.parametrize("value", goldens("RecordDoc"))
def test_golden_document_comes_out_of_the_store_with_the_same_hash(
    store: Store, replica: StoreReplica, value: Any
) -> None:
    record = b.record_id_at()
    row = b.row("put", record, 3, doc=value, hash=document_hash(value))

    replica.accept_rows(b.page(row))

    stored = b.found(store, record)
    assert json.loads(encode(stored.doc)) == value
    assert stored.server_doc is not None
    assert document_hash(stored.server_doc) == row.hash


@pytest.mark.parametrize("value", goldens("PullReply"))
def test_golden_pull_is_stored_twice_as_if_once(
    store: Store, replica: StoreReplica, value: Any
) -> None:
    golden = read(PullReply, value)

    replica.accept_rows(golden)
    with store.reading() as db:
        once = records.page(db, limit=100)
    replica.accept_rows(golden)

    with store.reading() as db:
        assert records.page(db, limit=100) == once
    assert replica.cursors() == golden.cursors


@pytest.mark.parametrize("value", goldens("PushReply"))
def test_golden_receipts_for_strangers_change_nothing(
    store: Store, replica: StoreReplica, value: Any
) -> None:
    record = b.create(store, {"mode": "paper"})

    changes = replica.accept_receipts(read(PushReply, value))

    assert not changes.records
    assert [own.state for own in b.own(store, record)] == ["new"]
