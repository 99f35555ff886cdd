"""서로 다른 내용: kept with both values and both authors until a person, here or there, decides."""

from __future__ import annotations

from fieldapp.domain.exchange import ConflictDoc, ConflictLine
from fieldapp.domain.operation import (
    changed_answers,
)
from fieldapp.storage import conflicts, operations, put_aside, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b

FIRST = {"mode": "paper", "items/q1": "4"}


def conflict(record_base: str | None = "3", **facts: object) -> ConflictDoc:
    return ConflictDoc(
        **{  # type: ignore[arg-type]
            "id": b.new_uuid(),
            "lines": (ConflictLine(path="items/q1", base=record_base, ours="4", theirs="5"),),
            "ours_author": "가상-이담당",
            "ours_at": "2026-12-01T11:00:00+09:00",
            "theirs_author": "가상-오사무",
            "theirs_at": "2026-12-01T12:00:00+09:00",
            "op_id": b.new_uuid(),
            **facts,
        }
    )


def test_conflict_arrives_with_both_values_and_both_authors(
    store: Store, replica: StoreReplica
) -> None:
    record, doc = b.record_id_at(), conflict()

    changes = replica.accept_rows(
        b.page(b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2))
    )

    with store.reading() as db:
        (waiting,) = conflicts.open_conflicts(db)
        (listed,) = records.page(db, limit=10)
        assert len(conflicts.open_conflicts(db)) == 1
    assert changes.conflicts
    assert (waiting.record_id, waiting.doc) == (record, doc)
    assert listed.has_conflict


def decide(store: Store, record: str, doc: ConflictDoc) -> str:
    with store.writing() as db:
        operation = b.next_operation(
            db,
            record,
            "resolve",
            patch=changed_answers({"items/q1": "4"}, {"items/q1": "5"}),
            base=records.find(db, record).base,
            reason="당사자 확인",
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="survey")
        conflicts.mark_decided(db, doc.id, by="가상-오사무", at=operation.at, reason="당사자 확인")
    return operation.op_id


def test_conflict_decided_here_stays_decided_though_the_server_still_sends_it_open(
    store: Store, replica: StoreReplica
) -> None:
    record, doc = b.record_id_at(), conflict()
    replica.accept_rows(b.page(b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2)))
    decide(store, record, doc)
    assert b.answers_of(store, record)["items/q1"] == "5"

    replica.accept_rows(b.page(b.conflict_row(record, doc, scope_seq=3)))

    with store.reading() as db:
        assert len(conflicts.open_conflicts(db)) == 0
        assert conflicts.find(db, doc.id).decided_by == "가상-오사무"


def test_conflict_that_a_restored_server_has_open_again_waits_for_a_person_again(
    store: Store, replica: StoreReplica
) -> None:
    record, doc = b.record_id_at(), conflict()
    decided = conflict(id=doc.id, decided_by="가상-팀장", decided_at="2026-12-02T09:00:00+09:00")
    replica.accept_rows(
        b.page(b.put(record, 2, FIRST), b.conflict_row(record, decided, scope_seq=2))
    )

    again = (b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2))
    replica.accept_rows(b.page(*again, epoch="another"))

    with store.reading() as db:
        (waiting,) = conflicts.open_conflicts(db)
    assert waiting.decided_by is None


def test_decision_that_met_a_later_conflict_of_a_restored_server_hides_it_not(
    store: Store, replica: StoreReplica
) -> None:
    record, doc = b.record_id_at(), conflict()
    replica.accept_rows(b.page(b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2)))
    op_id = decide(store, record, doc)
    again = (b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2))
    replica.accept_rows(b.page(*again, epoch="another"))
    with store.reading() as db:
        assert len(conflicts.open_conflicts(db)) == 0

    replica.accept_receipts(b.reply([b.receipt(op_id, "applied", rev=3)], epoch="another"))
    replica.accept_rows(b.page(b.conflict_row(record, doc, scope_seq=3), epoch="another"))

    with store.reading() as db:
        assert len(conflicts.open_conflicts(db)) == 1


def test_decision_that_the_server_took_and_that_decided_nothing_there_is_asked_for_again(
    store: Store, replica: StoreReplica
) -> None:
    record, doc = b.record_id_at(), conflict()
    replica.accept_rows(b.page(b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2)))
    op_id = decide(store, record, doc)
    replica.accept_rows(b.page())
    with store.reading() as db:
        assert len(conflicts.open_conflicts(db)) == 0

    replica.accept_receipts(b.reply([b.receipt(op_id, "applied", rev=3)]))
    changes = replica.accept_rows(b.page(b.put(record, 3, FIRST, scope_seq=3)))

    assert changes.conflicts
    with store.reading() as db:
        assert len(conflicts.open_conflicts(db)) == 1


def test_decision_that_was_given_up_with_what_it_built_on_opens_the_conflict_again(
    store: Store, replica: StoreReplica
) -> None:
    record, doc = b.record_id_at(), conflict()
    replica.accept_rows(b.page(b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2)))
    refused = b.amend(store, record, {"mode": "phone"})
    decide(store, record, doc)
    replica.accept_receipts(b.reply([b.receipt(refused, "rejected", code="locked")]))

    with store.writing() as db:
        changes = put_aside.put_aside(db, put_aside.refused_with(db, refused), b.NOON)

    assert changes.conflicts
    with store.reading() as db:
        assert len(conflicts.open_conflicts(db)) == 1


def test_refused_decision_opens_the_conflict_again(store: Store, replica: StoreReplica) -> None:
    record, doc = b.record_id_at(), conflict()
    replica.accept_rows(b.page(b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2)))
    op_id = decide(store, record, doc)

    changes = replica.accept_receipts(b.reply([b.receipt(op_id, "rejected", code="x")]))

    assert changes.conflicts
    with store.reading() as db:
        (waiting,) = conflicts.open_conflicts(db)
    assert waiting.decided_by is None


def test_decision_of_the_server_closes_the_conflict(store: Store, replica: StoreReplica) -> None:
    record, doc = b.record_id_at(), conflict()
    decided = conflict(
        id=doc.id,
        decided_by="가상-팀장",
        decided_at="2026-12-02T09:00:00+09:00",
        reason="전화 확인",
    )
    replica.accept_rows(b.page(b.put(record, 2, FIRST), b.conflict_row(record, doc, scope_seq=2)))

    replica.accept_rows(b.page(b.conflict_row(record, decided, scope_seq=3)))

    with store.reading() as db:
        assert conflicts.open_conflicts(db) == ()
        (kept,) = conflicts.of_record(db, record)
    assert (kept.decided_by, kept.reason) == ("가상-팀장", "전화 확인")


def test_conflict_of_a_record_that_is_not_here_is_not_shown(
    store: Store, replica: StoreReplica
) -> None:
    replica.accept_rows(b.page(b.conflict_row(b.record_id_at(), conflict())))

    with store.reading() as db:
        assert conflicts.open_conflicts(db) == ()
        assert len(conflicts.open_conflicts(db)) == 0
