"""What the server sends down is stored whole and never over what was written here."""

from __future__ import annotations

import pytest

from fieldapp.domain.operation import (
    Base,
    FormRef,
    ObjectRef,
)
from fieldapp.domain.plans import Projection
from fieldapp.domain.record import RevisionHeader
from fieldapp.errors import RecordMissing
from fieldapp.storage import answers, drafts, operations, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b

FIRST = {"mode": "paper", "items/q1": "4"}


def test_pull_does_not_overwrite_what_was_written_meanwhile(
    store: Store, replica: StoreReplica
) -> None:
    """Joplin #16208: an incoming change overwrote an edit made during a long pull."""
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    amended = b.amend(store, record, {"items/q1": "5"})

    replica.accept_rows(b.page(b.put(record, 2, {"mode": "self", "items/q1": "4"}, scope_seq=2)))

    assert b.answers_of(store, record) == {"mode": "self", "items/q1": "5"}
    stored = b.found(store, record)
    assert stored.server_doc is not None
    assert stored.server_doc.answers["items/q1"] == "4"
    assert stored.rev == 2
    assert stored.base == Base(op=amended)


def test_acknowledged_change_stays_shown_until_a_pull_includes_it(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    amended = b.amend(store, record, {"items/q1": "5"})
    pending(replica, 500, 1_000_000)
    replica.accept_receipts(b.reply([b.receipt(amended, "merged", rev=3)], settled_through=1))

    replica.accept_rows(b.page(b.put(record, 2, {**FIRST, "mode": "self"}, scope_seq=2)))
    assert b.answers_of(store, record) == {"mode": "self", "items/q1": "5"}

    replica.accept_rows(b.page(b.put(record, 3, {"mode": "self", "items/q1": "1"}, scope_seq=3)))
    assert b.answers_of(store, record) == {"mode": "self", "items/q1": "1"}
    assert b.found(store, record).base == Base(rev=3)


def test_receipt_that_comes_after_the_pull_does_not_lay_the_change_again(
    store: Store, replica: StoreReplica
) -> None:
    """The reply to the push was lost; the pull already brought the change, then another's."""
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    amended = b.amend(store, record, {"items/q1": "5"})
    pending(replica, 500, 1_000_000)
    replica.accept_rows(b.page(b.put(record, 3, {**FIRST, "items/q1": "2"}, scope_seq=3)))
    assert b.answers_of(store, record)["items/q1"] == "5"

    replica.accept_receipts(b.reply([b.receipt(amended, "duplicate", rev=2)]))

    assert b.answers_of(store, record)["items/q1"] == "2"
    assert b.found(store, record).base == Base(rev=3)


def test_receipt_without_a_revision_keeps_the_change_until_the_next_pull(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 4, FIRST)))
    amended = b.amend(store, record, {"items/q1": "5"})

    replica.accept_receipts(b.reply([b.receipt(amended, "duplicate")]))
    assert b.answers_of(store, record)["items/q1"] == "5"

    replica.accept_rows(b.page(b.put(record, 5, {**FIRST, "items/q1": "1"}, scope_seq=2)))
    assert b.answers_of(store, record)["items/q1"] == "1"


def test_known_revision_is_skipped_and_cursors_are_kept_with_the_rows(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    assert replica.cursors() == {}
    replica.accept_rows(b.page(b.put(record, 2, FIRST), cursor="c-2"))

    changes = replica.accept_rows(b.page(b.put(record, 1, {"mode": "self"}), cursor="c-3"))

    assert changes.records == frozenset()
    assert b.answers_of(store, record) == FIRST
    assert replica.cursors() == {b.SCOPE: "c-3"}


def test_page_that_fails_half_way_leaves_neither_rows_nor_cursor(store: Store) -> None:
    asked: list[str] = []

    def failing(form_id: str, version: str) -> Projection | None:
        asked.append(form_id)
        if len(asked) == 2:
            raise RuntimeError("the second row")
        return b.projections(form_id, version)

    replica = StoreReplica(store, failing)
    first, second = b.record_id_at(), b.record_id_at(1)

    with pytest.raises(RuntimeError, match="the second row"):
        replica.accept_rows(b.page(b.put(first, 1, FIRST), b.put(second, 1, FIRST, scope_seq=2)))

    with pytest.raises(RecordMissing):
        b.found(store, first)
    assert replica.cursors() == {}


def test_what_a_newer_server_adds_is_kept_and_read_past(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    row = b.put(
        record,
        1,
        FIRST,
        history=(
            RevisionHeader(
                rev=1, who="가상-오사무", when="2026-12-01T12:00:00+09:00", state="완료"
            ),
        ),
    )
    assert row.doc is not None
    doc = {**row.doc, "weather": "맑음", "form": {**row.doc["form"], "skin": "x"}}
    doc["history"] = [{**doc["history"][0], "device": "d-1"}]

    replica.accept_rows(b.page(b.row("put", record, 1, doc=doc, hash="0" * 64)))

    assert b.answers_of(store, record) == FIRST
    with store.reading() as db:
        kept = db.value("SELECT server_doc FROM record")
        headers = db.rows("SELECT rev FROM revision WHERE record_id = ?", (record,))
    assert "맑음" in kept
    assert headers == [(1,)]


def test_rows_that_cannot_be_read_yet_are_kept_raw_and_stop_nothing(
    store: Store, replica: StoreReplica
) -> None:
    record, strange = b.record_id_at(), b.record_id_at(1)
    entity = b.row(
        "put",
        b.new_uuid(),
        1,
        scope_seq=2,
        object=ObjectRef(type="entity", id=b.new_uuid(), list="household"),
        doc={"label": "가상-가구", "props": {"grade": 7}},
        hash="0" * 64,
    )
    unreadable = b.row("put", strange, 1, scope_seq=3, doc={"what": "this"}, hash="0" * 64)

    replica.accept_rows(b.page(entity, unreadable, b.put(record, 1, FIRST, scope_seq=4)))

    assert b.answers_of(store, record) == FIRST
    with store.reading() as db:
        assert db.count("SELECT count(*) FROM kept_row") == 2
        assert not records.exists(db, strange)


def test_deleted_record_leaves_lists_and_figures_and_can_come_back(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    answers.project_due(store, b.projections, 10)

    replica.accept_rows(b.page(b.row("del", record, 2, scope_seq=2)))
    with store.reading() as db:
        assert records.page(db, limit=10) == ()
        assert db.count("SELECT count(*) FROM answer_P13e") == 0

    replica.accept_rows(b.page(b.put(record, 3, FIRST, scope_seq=3)))
    with store.reading() as db:
        assert len(records.page(db, limit=10)) == 1


def test_evicted_record_goes_once_nothing_of_it_is_unsent(
    store: Store, replica: StoreReplica
) -> None:
    record, other = b.record_id_at(), b.record_id_at(1)
    replica.accept_rows(b.page(b.put(record, 1, FIRST), b.put(other, 1, FIRST, scope_seq=2)))
    amended = b.amend(store, record, {"items/q1": "5"})

    replica.accept_rows(
        b.page(b.row("evict", record, 2, scope_seq=3), b.row("evict", other, 2, scope_seq=4))
    )
    assert b.answers_of(store, record)["items/q1"] == "5"
    with pytest.raises(RecordMissing):
        b.found(store, other)

    replica.accept_receipts(b.reply([b.receipt(amended, "applied", rev=2)]))
    with pytest.raises(RecordMissing):
        b.found(store, record)


def test_evicted_record_with_a_draft_waits_for_its_writer(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    with store.writing() as db:
        drafts.keep(db, b.draft(record, {"good": "쓰는 중"}, base=Base(rev=1)))

    replica.accept_rows(b.page(b.row("evict", record, 2, scope_seq=2)))

    assert b.answers_of(store, record) == FIRST
    with store.reading() as db:
        assert drafts.find(db, record).answers == {"good": "쓰는 중"}


def test_record_evicted_and_put_again_unchanged_is_here_to_stay(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))

    replica.accept_rows(
        b.page(b.row("evict", record, 1, scope_seq=2), b.put(record, 1, FIRST, scope_seq=3))
    )

    assert b.answers_of(store, record) == FIRST


def test_erased_record_leaves_no_value_and_no_hole(store: Store, replica: StoreReplica) -> None:
    record = b.create(store, {"good": "지워질 말"})
    b.amend(store, record, {"wish": "지워질 바람"})
    with store.writing() as db:
        drafts.keep(db, b.draft(record, {"good": "지워질 초안"}))

    replica.accept_rows(b.page(b.row("erase", record, 1)))

    with pytest.raises(RecordMissing):
        b.found(store, record)
    assert [operation.seq for operation in pending(replica, 500, 1_000_000)] == [1, 2]
    with store.reading() as db:
        tables = [name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type='table'")]
        everything = str([db.rows(f'SELECT * FROM "{name}"') for name in tables])  # noqa: S608
    assert "지워질" not in everything


def test_pulled_documents_are_marked_due_only_where_something_is_projected(
    store: Store, replica: StoreReplica
) -> None:
    other_form = FormRef(id="P01", version="1")

    replica.accept_rows(
        b.page(
            b.put(b.record_id_at(), 1, FIRST),
            b.put(b.record_id_at(1), 1, FIRST, scope_seq=2, form=other_form),
        )
    )

    with store.reading() as db:
        assert answers.due_count(db) == 1
        assert answers.due_count(db, "P13e") == 1


def test_local_delete_that_the_server_refuses_is_taken_back(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    with store.writing() as db:
        operation = b.next_operation(db, record, "delete", base=Base(rev=1), reason="중복")
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="survey")
    assert b.found(store, record).is_deleted

    replica.accept_receipts(b.reply([b.receipt(operation.op_id, "rejected", code="unsupported")]))

    assert not b.found(store, record).is_deleted
