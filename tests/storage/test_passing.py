"""Which shares of an entity stand that were given here."""

from __future__ import annotations

from fieldapp.domain.entity import SHARE
from fieldapp.storage import operations, passing, put_aside
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b
from tests.storage import entity_building as e

OTHER = "가상-솔바람동"


def shared(store: Store, replica: StoreReplica, status: str, **facts: object) -> str:
    """An entity of the server's that was shared here, and the server's word on it."""
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"grade": "watch"})))
    share = e.change_entity(store, entity, {SHARE: f"full {OTHER}"})
    pending(replica, 500, 1_000_000)
    replica.accept_receipts(
        b.reply([b.receipt(share.op_id, status, **facts)], settled_through=share.seq)
    )
    return entity


def test_share_that_the_server_refused_stands_no_more_once_it_was_put_aside(
    store: Store, replica: StoreReplica
) -> None:
    entity = shared(store, replica, "rejected", code="role_missing")

    with store.writing() as db:
        put_aside.put_aside(db, operations.for_entity(db, e.LIST, entity), b.NOON)
        assert passing.own_shares(db, e.LIST, entity) == {}


def test_share_that_settled_is_not_told_as_unsent_in_another_life_of_the_server(
    store: Store, replica: StoreReplica
) -> None:
    entity = shared(store, replica, "applied", rev=2)

    other = "0193a000-0000-4000-8000-000000000002"
    replica.accept_rows(b.page(e.put_entity(entity, 2, {"grade": "watch"}), epoch=other))

    with store.reading() as db:
        assert passing.own_shares(db, e.LIST, entity) == {OTHER: "full"}
        assert passing.own_shares(db, e.LIST, entity, after_rev=2) == {}
