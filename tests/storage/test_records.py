"""A record as this device shows it: every own operation laid over it, whatever its kind."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.clock import instant_text
from fieldapp.domain.canonical import canonical_json
from fieldapp.domain.operation import Base, PatchLine, Subject, Transition
from fieldapp.errors import RecordMissing
from fieldapp.storage import operations, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b


def apply(store: Store, record: str, kind: str, **facts: Any) -> records.StoredRecord:
    with store.writing() as db:
        operation = b.next_operation(db, record, kind, **facts)
        operations.append(db, operation)
        return records.apply_operation(db, operation, kind="survey")


def test_created_record_says_who_when_where_and_in_which_state(store: Store) -> None:
    subject = Subject(list="household", id=b.new_uuid())

    stored = apply(
        store,
        b.record_id_at(),
        "create",
        scope=b.SCOPE,
        subject=subject,
        transition=Transition(to="완료", seen_rev=0),
        patch=(PatchLine(path="mode", new="paper"),),
    )

    assert stored.doc == b.document({"mode": "paper"}, subject=subject)
    assert (stored.server_doc, stored.rev) == (None, 0)
    assert not stored.is_deleted


def test_next_operation_names_the_last_own_one_as_its_base(store: Store) -> None:
    record = b.create(store, {"mode": "paper"})

    amended = b.amend(store, record, {"mode": "self"})

    assert b.found(store, record).base == Base(op=amended)
    assert [own.operation.base for own in b.own(store, record)][1] == Base(
        op=b.own(store, record)[0].operation.op_id
    )


def test_create_without_a_first_state_is_our_defect(store: Store) -> None:
    with pytest.raises(ValueError, match="first state"):
        apply(store, b.record_id_at(), "create", scope=b.SCOPE)

    with store.reading() as db:
        assert db.count("SELECT count(*) FROM operation") == 0


def test_change_of_a_record_that_is_not_here_is_refused_whole(store: Store) -> None:
    with pytest.raises(RecordMissing):
        apply(
            store,
            b.record_id_at(),
            "change",
            base=Base(rev=1),
            patch=(PatchLine(path="mode", new="self"),),
        )

    with store.reading() as db:
        assert db.count("SELECT count(*) FROM operation") == 0


def test_removed_repeat_instance_takes_its_answers_with_it(store: Store) -> None:
    record = b.create(
        store, {"areas[n1]/name": "부엌", "areas[n1]/score": "3", "areas[n2]/name": "방"}
    )

    stored = apply(
        store,
        record,
        "change",
        base=b.found(store, record).base,
        patch=(
            PatchLine(
                path="areas[n1]", old=canonical_json({"name": "부엌", "score": "3"}).decode()
            ),
        ),
    )

    assert stored.doc.answers == {"areas[n2]/name": "방"}


def test_changed_subject_is_whom_the_record_is_about_and_no_answer(store: Store) -> None:
    record, person = b.create(store, {"mode": "paper"}), b.new_uuid()

    stored = apply(
        store,
        record,
        "change",
        base=b.found(store, record).base,
        patch=(PatchLine(path="@subject", new=f"household/{person}"),),
    )

    assert stored.doc.subject == Subject(list="household", id=person)
    assert stored.doc.answers == {"mode": "paper"}
    with store.reading() as db:
        assert db.rows("SELECT subject_list, subject_id FROM record") == [("household", person)]


def test_move_changes_the_home_scope_and_delete_leaves_the_list(store: Store) -> None:
    record = b.create(store, {"mode": "paper"})

    moved = apply(
        store, record, "move", base=b.found(store, record).base, scope="가상-달빛동", reason="이관"
    )
    assert moved.doc.scope == "가상-달빛동"
    deleted = apply(store, record, "delete", base=moved.base, reason="중복")

    assert deleted.is_deleted
    with store.reading() as db:
        assert records.page(db, limit=10) == ()
        assert records.exists(db, record)


def test_instants_of_other_offsets_sort_by_the_moment_they_mean(
    store: Store, replica: StoreReplica
) -> None:
    early, late = b.record_id_at(), b.record_id_at(1)
    replica.accept_rows(
        b.page(
            b.put(late, 1, {}, updated="2026-12-01T03:30:00+00:00"),
            b.put(early, 1, {}, updated=instant_text(b.NOON), scope_seq=2),
        )
    )

    with store.reading() as db:
        assert [row.record_id for row in records.page(db, limit=2)] == [late, early]
