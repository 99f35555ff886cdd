"""What settled two weeks ago goes, and nothing on which anything still hangs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from fieldapp.domain.exchange import Hello, ScopeHead
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.storage import meta, operations
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b

FIRST = {"mode": "paper", "items/q1": "4"}
LATER = b.NOON + timedelta(days=15)


@pytest.fixture
def replica(store: Store) -> StoreReplica:
    """One that stamps what it does with noon."""
    return StoreReplica(store, b.projections, now=lambda: b.NOON)


def settled(store: Store, replica: StoreReplica, count: int) -> list[str]:
    """So many records, taken in, pulled, and settled."""
    ids = [b.create(store, FIRST, record_id=b.record_id_at(minute)) for minute in range(count)]
    sent = pending(replica, 500, 1_000_000)
    receipts = [b.receipt(operation.op_id, "applied", rev=1) for operation in sent]
    replica.accept_rows(
        b.page(*(b.put(one, 1, FIRST, scope_seq=n + 1) for n, one in enumerate(ids)))
    )
    replica.accept_receipts(b.reply(receipts, settled_through=count))
    return [str(one) for one in ids]


def left(store: Store, ids: Sequence[str]) -> list[int]:
    """How many operations each of these records has still."""
    with store.reading() as db:
        return [len(operations.for_object(db, one)) for one in ids]


def ended(replica: StoreReplica, at: datetime) -> None:
    """An exchange came to its end."""
    replica.note_exchange(at, 0)


def test_settled_operations_are_kept_for_two_weeks_and_the_newest_for_ever(
    store: Store, replica: StoreReplica
) -> None:
    ids = settled(store, replica, 3)

    ended(replica, b.NOON + timedelta(days=13))
    assert left(store, ids) == [1, 1, 1]
    ended(replica, LATER)

    assert left(store, ids) == [0, 0, 1]
    assert [b.answers_of(store, one) for one in ids] == [FIRST] * 3
    b.create(store, FIRST, record_id=b.record_id_at(9))
    assert [operation.seq for operation in pending(replica, 500, 1_000_000)] == [4]


def test_what_only_was_acknowledged_stays_however_old(store: Store, replica: StoreReplica) -> None:
    ids = settled(store, replica, 2)
    b.create(store, FIRST, record_id=b.record_id_at(7))
    (third,) = pending(replica, 500, 1_000_000)
    replica.accept_receipts(b.reply([b.receipt(third.op_id, "applied", rev=1)]))

    ended(replica, LATER)

    assert left(store, [*ids, third.object.id]) == [0, 0, 1]


def test_an_operation_that_an_open_one_builds_on_stays(store: Store, replica: StoreReplica) -> None:
    record = b.create(store, FIRST)
    b.amend(store, record, {"items/q1": "5"})
    first, _ = pending(replica, 500, 1_000_000)
    replica.accept_receipts(b.reply([b.receipt(first.op_id, "applied", rev=1)], settled_through=1))
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))

    ended(replica, LATER)

    assert left(store, [record]) == [2]


def test_what_no_pulled_document_includes_yet_stays(store: Store, replica: StoreReplica) -> None:
    ids = [b.create(store, FIRST, record_id=b.record_id_at(minute)) for minute in range(2)]
    sent = pending(replica, 500, 1_000_000)
    receipts = [b.receipt(operation.op_id, "applied", rev=1) for operation in sent]
    replica.accept_receipts(b.reply(receipts, settled_through=2))

    ended(replica, LATER)

    assert left(store, ids) == [1, 1]
    assert b.answers_of(store, ids[0]) == FIRST


def test_a_number_is_not_given_again_when_what_bore_it_left_this_device(
    store: Store, replica: StoreReplica
) -> None:
    (record,) = settled(store, replica, 1)

    replica.accept_rows(b.page(b.row("evict", record, 1, scope_seq=9)))
    b.create(store, FIRST, record_id=b.record_id_at(9))

    assert [operation.seq for operation in pending(replica, 500, 1_000_000)] == [2]


def greeting(epoch: str, *, incarnation: int = 1, settled_through: int = 0) -> Hello:
    """The hello of a server in this life."""
    return Hello(
        protocol_min=1,
        protocol_max=1,
        epoch=epoch,
        server_time="2026-12-01T12:00:00+09:00",
        scopes=(ScopeHead(id=b.SCOPE, head=1),),
        incarnation=incarnation,
        settled_through=settled_through,
    )


def test_what_settled_is_offered_again_to_a_server_that_lost_it(
    store: Store, replica: StoreReplica
) -> None:
    settled(store, replica, 3)
    replica.note_hello(greeting(b.EPOCH, settled_through=3))
    assert pending(replica, 500, 1_000_000) == ()

    replica.note_hello(greeting(b.new_uuid(), settled_through=1))

    assert [operation.seq for operation in pending(replica, 500, 1_000_000)] == [2, 3]


def test_what_was_acknowledged_under_an_earlier_name_is_offered_under_the_present_one(
    store: Store, replica: StoreReplica
) -> None:
    """Enrolled after the backup, so the restored server knew nothing of it, and enrolled anew."""
    settled(store, replica, 2)
    b.create(store, FIRST, record_id=b.record_id_at(9))
    given = ReplicaIdentity(type(b.IDENTITY.replica)(b.new_uuid()), 1)
    with store.writing() as db:
        operations.adopt_identity(db, given)

    replica.note_hello(greeting(b.new_uuid()))

    offered = pending(replica, 500, 1_000_000)
    assert replica.identity() == ReplicaIdentity(given.replica, 2)
    assert [(one.replica, one.seq) for one in offered] == [(given.replica, n) for n in (1, 2, 3)]
    with store.reading() as db:
        assert meta.identity(db).incarnation == 2
