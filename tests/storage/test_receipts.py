"""The outbox: what was written here is offered until the server has taken it, and never doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fieldapp.domain.ids import ReplicaId
from fieldapp.domain.operation import (
    Base,
    ReplicaIdentity,
)
from fieldapp.domain.shapes import encode
from fieldapp.storage import meta, operations, put_aside, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b
from tests.storage import entity_building as e

FIRST = {"mode": "paper", "items/q1": "4"}


def test_pending_operations_are_marked_sent_and_offered_again_until_a_receipt(
    store: Store, replica: StoreReplica
) -> None:
    record = b.create(store, FIRST)

    first = pending(replica, 500, 1_000_000)
    again = pending(replica, 500, 1_000_000)

    assert [operation.object.id for operation in first] == [record]
    assert again == first
    assert [own.state for own in b.own(store, record)] == ["sent"]
    assert replica.unsent() == 1


def test_batch_ends_at_its_bytes_but_never_before_one_operation(
    store: Store, replica: StoreReplica
) -> None:
    for minute in range(5):
        b.create(store, {"good": "가" * 500}, record_id=b.record_id_at(minute))
    size = len(encode(pending(replica, 1, 1)[0])) + 1

    assert len(pending(replica, 500, 1)) == 1
    assert len(pending(replica, 500, 3 * size)) == 3
    assert len(pending(replica, 2, 100 * size)) == 2
    assert [operation.seq for operation in pending(replica, 500, 100 * size)] == [1, 2, 3, 4, 5]


def test_round_that_names_its_last_seq_is_offered_what_stands_behind_it(
    store: Store, replica: StoreReplica
) -> None:
    for minute in range(4):
        b.create(store, FIRST, record_id=b.record_id_at(minute))

    assert [operation.seq for operation in pending(replica, 2, 1_000_000, 2)] == [3, 4]
    assert pending(replica, 2, 1_000_000, 4) == ()


@pytest.mark.parametrize("status", ["applied", "merged", "conflict", "duplicate"])
def test_operation_that_the_server_took_in_is_not_offered_again(
    store: Store, replica: StoreReplica, status: str
) -> None:
    record = b.create(store, FIRST)
    operation = pending(replica, 500, 1_000_000)[0]

    changes = replica.accept_receipts(b.reply([b.receipt(operation.op_id, status, rev=1)]))

    assert changes.records == {record}
    assert changes.outbox
    assert pending(replica, 500, 1_000_000) == ()
    assert replica.unsent() == 0
    assert [(own.state, own.status, own.rev) for own in b.own(store, record)] == [
        ("acked", status, 1)
    ]


def test_receipt_of_a_change_that_is_shown_leaves_its_record_as_it_is(
    store: Store, replica: StoreReplica
) -> None:
    record = b.create(store, FIRST)
    operation = pending(replica, 500, 1_000_000)[0]
    with store.writing() as db:
        db.execute("UPDATE record SET is_due = 0")
        before = db.rows("SELECT * FROM record")

    replica.accept_receipts(b.reply([b.receipt(operation.op_id, "applied", rev=1)]))

    with store.reading() as db:
        assert db.rows("SELECT * FROM record") == before
    assert b.answers_of(store, record) == FIRST


def test_batch_of_receipts_means_what_they_mean_one_by_one(
    store: Store, replica: StoreReplica
) -> None:
    ids = [b.create(store, FIRST, record_id=b.record_id_at(minute)) for minute in range(4)]
    ops = pending(replica, 500, 1_000_000)
    told = ["applied", "held", "rejected", "merged"]

    changes = replica.accept_receipts(
        b.reply(
            [
                b.receipt(operation.op_id, status, rev=1)
                if status in ("applied", "merged")
                else b.receipt(operation.op_id, status, code="base_waits")
                for operation, status in zip(ops, told, strict=True)
            ]
        )
    )

    assert changes.records == set(ids)
    assert [own.state for one in ids for own in b.own(store, one)] == [
        "acked", "sent", "quarantined", "acked",
    ]  # fmt: skip
    assert [operation.object.id for operation in pending(replica, 500, 1_000_000)] == [ids[1]]


def test_held_operation_stays_visible_with_its_code_and_is_offered_again(
    store: Store, replica: StoreReplica
) -> None:
    record = b.create(store, FIRST)
    operation = pending(replica, 500, 1_000_000)[0]

    replica.accept_receipts(b.reply([b.receipt(operation.op_id, "held", code="unknown_form")]))

    assert pending(replica, 500, 1_000_000) == (operation,)
    with store.reading() as db:
        (listed,) = records.page(db, limit=10)
        (waiting,) = operations.without_settlement(db)
    assert (listed.record_id, listed.is_held, listed.code) == (record, True, "unknown_form")
    assert (waiting.op_state, waiting.status, waiting.code) == ("sent", "held", "unknown_form")
    assert waiting.answers == FIRST


def test_refused_operation_is_quarantined_seen_and_out_of_the_way(
    store: Store, replica: StoreReplica
) -> None:
    refused = b.create(store, FIRST)
    good = b.create(store, {"mode": "self"}, record_id=b.record_id_at(1))
    first, second = pending(replica, 500, 1_000_000)

    replica.accept_receipts(
        b.reply(
            [
                b.receipt(first.op_id, "rejected", code="step_refused"),
                b.receipt(second.op_id, "applied", rev=1),
            ]
        )
    )

    assert pending(replica, 500, 1_000_000) == ()
    assert b.answers_of(store, refused) == FIRST
    with store.reading() as db:
        listed = {row.record_id: row for row in records.page(db, limit=10)}
        assert operations.count_quarantined(db) == 1
    assert (listed[refused].op_state, listed[refused].code) == ("quarantined", "step_refused")
    assert listed[good].op_state == "acked"


def test_operations_on_a_refused_one_wait_with_it_and_others_go_on(
    store: Store, replica: StoreReplica
) -> None:
    refused = b.create(store, FIRST)
    (operation,) = pending(replica, 500, 1_000_000)
    replica.accept_receipts(b.reply([b.receipt(operation.op_id, "rejected", code="x")]))

    b.amend(store, refused, {"items/q1": "5"})
    b.amend(store, refused, {"items/q1": "3"})
    other = b.create(store, FIRST, record_id=b.record_id_at(1))

    assert [waiting.object.id for waiting in pending(replica, 500, 1_000_000)] == [other]
    assert replica.unsent() == 3
    assert b.answers_of(store, refused)["items/q1"] == "3"


def test_refused_step_is_taken_back_but_what_was_typed_stays(
    store: Store, replica: StoreReplica
) -> None:
    record = b.create(store, FIRST)
    (created,) = pending(replica, 500, 1_000_000)
    replica.accept_receipts(b.reply([b.receipt(created.op_id, "applied", rev=1)]))
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    step = b.step(store, record, "승인")
    assert b.found(store, record).doc.state == "승인"

    replica.accept_receipts(b.reply([b.receipt(step, "rejected", code="step_refused")]))

    assert b.found(store, record).doc.state == "완료"
    assert b.answers_of(store, record) == FIRST


def test_receipt_given_twice_or_for_a_stranger_changes_nothing(
    store: Store, replica: StoreReplica
) -> None:
    record = b.create(store, FIRST)
    (operation,) = pending(replica, 500, 1_000_000)
    replica.accept_receipts(b.reply([b.receipt(operation.op_id, "merged", rev=2)]))

    changes = replica.accept_receipts(
        b.reply(
            [
                b.receipt(operation.op_id, "rejected", code="x"),
                b.receipt(b.new_uuid(), "applied", rev=1),
            ]
        )
    )

    assert changes.records == frozenset()
    assert [(own.state, own.status) for own in b.own(store, record)] == [("acked", "merged")]


def test_only_what_is_acknowledged_and_named_settles(store: Store, replica: StoreReplica) -> None:
    ids = [b.create(store, FIRST, record_id=b.record_id_at(minute)) for minute in range(3)]
    sent = pending(replica, 500, 1_000_000)
    receipts = [b.receipt(operation.op_id, "applied", rev=1) for operation in sent[:2]]

    replica.accept_receipts(b.reply(receipts, settled_through=1))

    states = [b.own(store, record)[0].state for record in ids]
    assert states == ["settled", "acked", "sent"]


def test_other_epoch_sends_unsettled_work_again_and_takes_lower_revisions(
    store: Store, replica: StoreReplica
) -> None:
    """The server was restored from a backup: it may have lost what had not settled."""
    ids = [b.create(store, FIRST, record_id=b.record_id_at(minute)) for minute in range(2)]
    sent = pending(replica, 500, 1_000_000)
    replica.accept_receipts(
        b.reply([b.receipt(op.op_id, "applied", rev=7) for op in sent], settled_through=1)
    )
    replica.accept_rows(b.page(*(b.put(r, 7, FIRST, scope_seq=i + 1) for i, r in enumerate(ids))))
    other = b.new_uuid()

    replica.accept_rows(b.page(b.put(ids[0], 3, {"mode": "self"}), epoch=other))

    assert [operation.object.id for operation in pending(replica, 500, 1_000_000)] == [ids[1]]
    assert b.answers_of(store, ids[0]) == {"mode": "self"}


def test_provisional_name_gives_way_to_the_one_the_server_gives(
    store: Store, replica: StoreReplica
) -> None:
    b.create(store, FIRST)
    b.create(store, FIRST, record_id=b.record_id_at(1))
    before = pending(replica, 500, 1_000_000)
    given = ReplicaIdentity(ReplicaId(b.new_uuid()), 1)

    with store.writing() as db:
        assert not meta.is_enrolled(db)
        operations.adopt_identity(db, given)
        assert meta.is_enrolled(db)

    after = pending(replica, 500, 1_000_000)
    assert replica.identity() == given
    assert [op.op_id for op in after] == [op.op_id for op in before]
    assert [(op.replica, op.seq) for op in after] == [(given.replica, 1), (given.replica, 2)]


def test_refused_operation_leaves_no_hole_in_another_life_of_the_server(
    store: Store, replica: StoreReplica
) -> None:
    for minute in range(3):
        b.create(store, FIRST, record_id=b.record_id_at(minute))
    refused, *others = pending(replica, 500, 1_000_000)
    words = [b.receipt(refused.op_id, "rejected", code="locked")]
    words += [b.receipt(op.op_id, "applied", rev=1) for op in others]
    replica.accept_receipts(b.reply(words))

    with store.writing() as db:
        operations.begin_epoch(db, operations.Settled(incarnation=1, through=0))

    again = pending(replica, 500, 1_000_000)
    assert [(op.op_id, op.seq) for op in again] == [
        (op.op_id, seq) for seq, op in enumerate(others, 1)
    ]
    assert replica.identity().incarnation == 2


def test_new_incarnation_numbers_what_has_not_settled_anew_and_without_holes(
    store: Store, replica: StoreReplica
) -> None:
    for minute in range(4):
        b.create(store, FIRST, record_id=b.record_id_at(minute))
    sent = pending(replica, 500, 1_000_000)
    replica.accept_receipts(
        b.reply([b.receipt(op.op_id, "applied", rev=1) for op in sent[:3]], settled_through=2)
    )

    with store.writing() as db:
        operations.adopt_identity(db, ReplicaIdentity(b.IDENTITY.replica, 2))

    again = pending(replica, 500, 1_000_000)
    assert [(op.op_id, op.seq) for op in again] == [(sent[2].op_id, 1), (sent[3].op_id, 2)]
    b.create(store, FIRST, record_id=b.record_id_at(9))
    assert pending(replica, 500, 1_000_000)[-1].seq == 3


def test_end_of_an_exchange_and_the_clock_error_are_remembered(
    store: Store, replica: StoreReplica
) -> None:
    with store.reading() as db:
        assert (meta.last_exchange(db), meta.clock_offset_ms(db)) == (None, 0)

    replica.note_exchange(b.NOON + timedelta(hours=1), -412)

    with store.reading() as db:
        assert meta.last_exchange(db) == b.NOON + timedelta(hours=1)
        assert meta.clock_offset_ms(db) == -412


def test_effect_on_what_waits_for_a_refused_operation_waits_and_is_put_aside_with_it(
    store: Store, replica: StoreReplica
) -> None:
    made = e.create_entity(store, {"grade": "safe"})
    waiting = e.change_entity(store, made.object.id, {"grade": "risk"})
    visit = e.finish_form(store, [e.changing(e.found(store, made.object.id), {"phone": "가상"})])
    assert visit.effects[0].base == Base(op=waiting.op_id)
    other = b.create(store, FIRST)
    pending(replica, 500, 1_000_000)

    replica.accept_receipts(b.reply([b.receipt(made.op_id, "rejected", code="x")]))

    offered = pending(replica, 500, 1_000_000)
    assert [operation.object.id for operation in offered] == [other]
    with store.writing() as db:
        group = put_aside.refused_with(db, visit.op_id)
        assert [own.operation.op_id for own in group] == [made.op_id, waiting.op_id, visit.op_id]
        put_aside.put_aside(db, group, b.NOON)
    assert [operation.object.id for operation in pending(replica, 500, 1_000_000)] == [other]


def test_effect_on_a_refused_operation_itself_is_for_the_server_to_judge(
    store: Store, replica: StoreReplica
) -> None:
    made = e.create_entity(store, {"grade": "safe"})
    visit = e.finish_form(store, [e.changing(e.found(store, made.object.id), {"phone": "가상"})])

    replica.accept_receipts(b.reply([b.receipt(made.op_id, "rejected", code="x")]))

    assert [one.op_id for one in pending(replica, 500, 1_000_000)] == [visit.op_id]
