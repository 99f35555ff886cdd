"""Entities: made and changed by hand and by the effects of records, found, merged, listed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fieldapp.domain.operation import Base, Effect, ObjectRef, PropertyChange
from fieldapp.domain.shapes import to_wire
from fieldapp.errors import EntityMissing
from fieldapp.storage import conflicts, entities, operations, records
from fieldapp.storage.database import Store
from fieldapp.storage.entities import EntityRows
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b
from tests.storage import entity_building as e

LATER = b.NOON + timedelta(minutes=5)


def push(replica: StoreReplica, op_id: str, status: str, **facts: object) -> None:
    """Hand everything over and hear one word."""
    pending(replica, 500, 1_000_000)
    replica.accept_receipts(b.reply([b.receipt(op_id, status, **facts)]))


def test_entity_made_by_hand_is_found_with_its_operation_as_base(store: Store) -> None:
    made = e.create_entity(store, {"grade": "risk", "tong": "3통"})

    entity = e.found(store, made.object.id)

    assert (entity.label, entity.props) == (e.LABEL, {"grade": "risk", "tong": "3통"})
    assert entity.base == Base(op=made.op_id)
    assert (entity.rev, entity.scope, entity.created_on) == (0, b.SCOPE, "2026-12-01")
    assert entity.is_pending
    assert not entity.has_conflict


def test_effects_of_a_record_make_and_change_entities_in_its_transaction(store: Store) -> None:
    household, improvement = b.new_uuid(), b.new_uuid()
    e.create_entity(store, {"grade": "watch", "fails": "1"}, entity_id=household)

    operation = e.finish_form(
        store,
        [
            e.changing(e.found(store, household), {"grade": "risk", "fails": None}),
            e.making(improvement, {"content": "문턱"}, "improvement"),
        ],
    )

    assert e.props_of(store, household) == {"grade": "risk"}
    made = e.found(store, improvement, "improvement")
    assert made.props == {"content": "문턱"}
    assert (made.base, made.scope) == (Base(op=operation.op_id), b.SCOPE)


def test_create_of_an_entity_that_stands_is_laid_like_a_change(store: Store) -> None:
    entity = b.new_uuid()
    e.create_entity(store, {"grade": "watch", "tong": "3통"}, entity_id=entity)

    e.finish_form(store, [e.making(entity, {"grade": "risk"})])

    assert e.props_of(store, entity) == {"grade": "risk", "tong": "3통"}
    with store.reading() as db:
        assert entities.count(db, e.LIST) == 1


def test_effect_on_an_entity_that_is_not_here_travels_and_shows_nothing(store: Store) -> None:
    stranger = b.new_uuid()
    effect = Effect(
        list=e.LIST,
        id=stranger,
        set={"grade": PropertyChange(old="risk", new="watch")},
        base=Base(rev=1),
    )

    operation = e.finish_form(store, [effect])

    with store.reading() as db:
        assert entities.find_or_none(db, e.LIST, stranger) is None
        kept = operations.find(db, operation.op_id)
    assert kept is not None
    assert kept.operation.effects == (effect,)


def test_entity_that_is_not_here_is_missing(store: Store) -> None:
    with pytest.raises(EntityMissing):
        e.found(store, b.new_uuid())


# What the server sends


def test_pull_does_not_overwrite_an_effect_that_was_not_sent(
    store: Store, replica: StoreReplica
) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 3, {"grade": "watch", "tong": "3통"})))
    operation = e.finish_form(store, [e.changing(e.found(store, entity), {"grade": "risk"})])

    changes = replica.accept_rows(
        b.page(e.put_entity(entity, 4, {"grade": "watch", "tong": "4통"}, scope_seq=2))
    )

    shown = e.found(store, entity)
    assert shown.props == {"grade": "risk", "tong": "4통"}
    assert (shown.rev, shown.base) == (4, Base(op=operation.op_id))
    assert changes.entities == {entity}


def test_acknowledged_effect_is_shown_until_the_next_pull_and_no_longer(
    store: Store, replica: StoreReplica
) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 3, {"grade": "watch"})))
    operation = e.finish_form(store, [e.changing(e.found(store, entity), {"grade": "risk"})])

    push(replica, operation.op_id, "applied", rev=1)
    assert e.props_of(store, entity) == {"grade": "risk"}

    replica.accept_rows(b.page(e.put_entity(entity, 5, {"grade": "closed"}, scope_seq=2)))
    assert e.props_of(store, entity) == {"grade": "closed"}
    assert e.found(store, entity).base == Base(rev=5)


def test_pull_that_brings_the_effect_before_its_receipt_is_recognised_by_its_history(
    store: Store, replica: StoreReplica
) -> None:
    """The reply to the push was lost; somebody changed the entity after it."""
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 3, {"grade": "watch"})))
    operation = e.finish_form(store, [e.changing(e.found(store, entity), {"grade": "risk"})])
    pending(replica, 500, 1_000_000)
    history = (e.header(5, who="가상-이담당", at=LATER), e.header(4, paths=("grade",)))

    replica.accept_rows(
        b.page(e.put_entity(entity, 5, {"grade": "closed"}, scope_seq=2, history=history))
    )
    assert e.props_of(store, entity) == {"grade": "closed"}

    replica.accept_receipts(b.reply([b.receipt(operation.op_id, "duplicate", rev=1)]))
    assert e.props_of(store, entity) == {"grade": "closed"}
    assert e.found(store, entity).base == Base(rev=5)


def test_two_effects_of_one_instant_are_two_revisions(store: Store, replica: StoreReplica) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"grade": "watch"})))
    e.finish_form(store, [e.changing(e.found(store, entity), {"grade": "risk"})])
    e.finish_form(store, [e.changing(e.found(store, entity), {"tong": "4통"})])

    replica.accept_rows(
        b.page(e.put_entity(entity, 2, {"grade": "risk"}, scope_seq=2, history=(e.header(2),)))
    )

    assert e.props_of(store, entity) == {"grade": "risk", "tong": "4통"}


def test_refused_step_takes_its_effects_back_and_leaves_the_answers(
    store: Store, replica: StoreReplica
) -> None:
    entity, made = b.new_uuid(), b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 3, {"grade": "watch"})))
    record = b.create(store, {"mode": "paper"}, state="점검 중")
    operation = e.step_form(
        store,
        record,
        "완료",
        [e.changing(e.found(store, entity), {"grade": "risk"}), e.making(made, {"grade": "risk"})],
    )
    assert e.props_of(store, made) == {"grade": "risk"}

    push(replica, operation.op_id, "applied", rev=2, code="step_refused")

    assert e.props_of(store, entity) == {"grade": "watch"}
    assert e.found(store, entity).base == Base(rev=3)
    with pytest.raises(EntityMissing):
        e.found(store, made)
    assert b.answers_of(store, record) == {"mode": "paper"}


def test_entity_that_a_refused_record_made_does_not_vanish(
    store: Store, replica: StoreReplica
) -> None:
    entity, other = b.new_uuid(), b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(other, 1, {"grade": "watch"})))
    operation = e.finish_form(
        store,
        [e.making(entity, {"grade": "risk"}), e.changing(e.found(store, other), {"grade": "risk"})],
    )

    push(replica, operation.op_id, "rejected", code="not_a_member")

    assert e.props_of(store, entity) == {"grade": "risk"}
    assert e.props_of(store, other) == {"grade": "watch"}


def test_refused_change_by_hand_stays_without_its_step(store: Store, replica: StoreReplica) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"state": "접수", "dept": "가"})))
    operation = e.change_entity(store, entity, {"state": "반영", "dept": "나"})

    push(replica, operation.op_id, "rejected", code="step_refused")

    assert e.props_of(store, entity) == {"state": "접수", "dept": "나"}
    with store.reading() as db:
        (waiting,) = operations.entities_without_settlement(db)
    assert (waiting.label, waiting.code) == (e.LABEL, "step_refused")


def test_conflict_of_an_entity_names_it_and_ends_the_waiting_of_its_operation(
    store: Store, replica: StoreReplica
) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"grade": "watch", "tong": "3통"})))
    operation = e.change_entity(store, entity, {"grade": "risk"})
    doc = e.conflict_of(operation, "grade", "watch", "closed", "risk")

    changes = replica.accept_rows(
        b.page(
            e.put_entity(entity, 3, {"grade": "closed", "tong": "3통"}, scope_seq=2),
            e.entity_row("conflict", entity, 3, scope_seq=3, doc=to_wire(doc)),
        )
    )

    shown = e.found(store, entity)
    assert changes.conflicts
    assert shown.has_conflict
    assert shown.props["grade"] == "closed"
    with store.reading() as db:
        (waiting,) = conflicts.open_conflicts(db)
        assert len(conflicts.open_conflicts(db)) == 1
        assert conflicts.of_entity(db, e.LIST, entity) == (waiting,)
    assert waiting.object == ObjectRef(type="entity", list=e.LIST, id=entity)
    assert waiting.entity_id == entity
    with pytest.raises(ValueError, match="of an entity"):
        _ = waiting.record_id


def test_known_revision_is_skipped_and_another_life_of_the_server_is_not(
    store: Store, replica: StoreReplica
) -> None:
    entity = b.new_uuid()
    by = [e.header(4)]
    replica.accept_rows(b.page(e.put_entity(entity, 4, {"grade": "risk"}, history=by)))

    again = e.put_entity(entity, 4, {"grade": "old"}, scope_seq=2, history=by)
    replica.accept_rows(b.page(again))
    assert e.props_of(store, entity) == {"grade": "risk"}

    epoch = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 2, {"grade": "restored"}), epoch=epoch))
    assert e.props_of(store, entity) == {"grade": "restored"}


def test_what_the_restored_server_lost_is_laid_again(store: Store, replica: StoreReplica) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 4, {"grade": "watch"})))
    operation = e.change_entity(store, entity, {"grade": "risk"})
    push(replica, operation.op_id, "applied", rev=5)
    replica.accept_rows(b.page(e.put_entity(entity, 5, {"grade": "risk"}, scope_seq=2)))
    assert e.found(store, entity).base == Base(rev=5)

    replica.accept_rows(b.page(e.put_entity(entity, 4, {"grade": "watch"}), epoch=b.new_uuid()))

    assert e.props_of(store, entity) == {"grade": "risk"}
    assert [pending.op_id for pending in pending(replica, 500, 1_000_000)] == [operation.op_id]


def test_deleted_entity_leaves_the_lists_and_comes_back_with_a_later_revision(
    store: Store, replica: StoreReplica
) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"grade": "risk"})))

    replica.accept_rows(b.page(e.entity_row("del", entity, 2, scope_seq=2)))
    with store.reading() as db:
        assert entities.page(db, e.LIST) == ()
        assert entities.where(db, e.LIST, "grade", "risk") == ()
    assert list(EntityRows(store, e.LIST).find("name", entity)) == []

    replica.accept_rows(b.page(e.put_entity(entity, 3, {"grade": "risk"}, scope_seq=3)))
    with store.reading() as db:
        assert len(entities.where(db, e.LIST, "grade", "risk")) == 1


def test_local_delete_that_the_server_refuses_is_taken_back(
    store: Store, replica: StoreReplica
) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"grade": "risk"})))
    operation = e.delete_entity(store, entity)
    assert e.found(store, entity).is_deleted

    push(replica, operation.op_id, "rejected", code="unsupported")

    assert not e.found(store, entity).is_deleted


def test_evicted_entity_goes_once_nothing_that_changes_it_is_unsent(
    store: Store, replica: StoreReplica
) -> None:
    entity, other = b.new_uuid(), b.new_uuid()
    replica.accept_rows(
        b.page(
            e.put_entity(entity, 1, {"grade": "risk"}),
            e.put_entity(other, 1, {"grade": "risk"}, scope_seq=2),
        )
    )
    operation = e.finish_form(store, [e.changing(e.found(store, entity), {"grade": "watch"})])

    replica.accept_rows(
        b.page(
            e.entity_row("evict", entity, 2, scope_seq=3),
            e.entity_row("evict", other, 2, scope_seq=4),
        )
    )
    assert e.props_of(store, entity) == {"grade": "watch"}
    with pytest.raises(EntityMissing):
        e.found(store, other)

    push(replica, operation.op_id, "applied", rev=1)
    with pytest.raises(EntityMissing):
        e.found(store, entity)


def test_erased_entity_leaves_no_value_and_no_hole(store: Store, replica: StoreReplica) -> None:
    entity = b.new_uuid()
    e.create_entity(store, {"note": "지워질 말"}, entity_id=entity, label="지워질 이름")
    e.finish_form(store, [e.changing(e.found(store, entity), {"note": "지워질 딴말"})])

    replica.accept_rows(b.page(e.entity_row("erase", entity, 1)))

    with pytest.raises(EntityMissing):
        e.found(store, entity)
    assert [operation.seq for operation in pending(replica, 500, 1_000_000)] == [1, 2]
    with store.reading() as db:
        tables = [name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type='table'")]
        everything = str([db.rows(f'SELECT * FROM "{name}"') for name in tables])  # noqa: S608
    assert "지워질" not in everything


def test_erased_record_takes_its_unsent_effects_back(store: Store, replica: StoreReplica) -> None:
    entity = b.new_uuid()
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"grade": "watch"})))
    operation = e.finish_form(store, [e.changing(e.found(store, entity), {"grade": "risk"})])

    replica.accept_rows(b.page(b.row("erase", operation.object.id, 1, scope_seq=2)))

    assert e.props_of(store, entity) == {"grade": "watch"}
    assert e.found(store, entity).base == Base(rev=1)


def test_what_a_newer_server_adds_to_an_entity_is_kept_and_read_past(
    store: Store, replica: StoreReplica
) -> None:
    entity = b.new_uuid()
    doc = {"label": "가상-가구", "props": {"grade": "risk"}, "weather": "맑음"}

    replica.accept_rows(b.page(e.entity_row("put", entity, 1, doc=doc, hash="0" * 64)))

    assert e.props_of(store, entity) == {"grade": "risk"}
    with store.reading() as db:
        assert "맑음" in db.value("SELECT server_doc FROM entity")


# Aliases and lists


def test_alias_leads_to_what_it_turned_out_to_be_and_back_when_it_is_undone(store: Store) -> None:
    kept, twin = b.new_uuid(), b.new_uuid()
    e.create_entity(store, {"grade": "risk"}, entity_id=kept)
    e.create_entity(store, {"grade": "watch"}, entity_id=twin, label="가상-김가구(둘째 등록)")

    e.change_entity(store, twin, {"@merged_into": kept})

    assert e.found(store, twin).entity_id == kept
    with store.reading() as db:
        assert [one.entity_id for one in entities.page(db, e.LIST)] == [kept]
    (row,) = EntityRows(store, e.LIST).find("name", twin)
    assert (row["name"], row["grade"]) == (twin, "risk")


def test_aliases_in_a_circle_end(store: Store, replica: StoreReplica) -> None:
    one, other = b.new_uuid(), b.new_uuid()

    replica.accept_rows(
        b.page(
            e.put_entity(one, 1, {}, merged_into=other),
            e.put_entity(other, 1, {}, merged_into=one, scope_seq=2),
        )
    )

    assert e.found(store, one).entity_id in (one, other)


def test_records_about_an_alias_are_records_of_the_entity(
    store: Store, replica: StoreReplica
) -> None:
    kept, twin = b.new_uuid(), b.new_uuid()
    replica.accept_rows(
        b.page(
            e.put_entity(kept, 1, {}),
            e.put_entity(twin, 1, {}, merged_into=kept, scope_seq=2),
            b.put(b.record_id_at(), 1, {}, scope_seq=3, subject={"list": e.LIST, "id": twin}),
            b.put(b.record_id_at(1), 1, {}, scope_seq=4, subject={"list": e.LIST, "id": kept}),
            b.put(b.record_id_at(2), 1, {}, scope_seq=5),
        )
    )

    with store.reading() as db:
        rows = records.of_subject(db, e.LIST, kept)
    assert {row.subject.id for row in rows if row.subject} == {kept, twin}


def test_list_is_in_the_order_of_its_labels_and_in_pages(store: Store) -> None:
    for label in ("가상-다", "가상-가", "가상-나"):
        e.create_entity(store, {"grade": "risk"}, label=label)

    with store.reading() as db:
        first = entities.page(db, e.LIST, limit=2)
        rest = entities.page(db, e.LIST, limit=2, offset=2)
        graded = entities.where(db, e.LIST, "grade", "risk")
        assert entities.count(db, e.LIST) == 3
    assert [one.label for one in (*first, *rest)] == ["가상-가", "가상-나", "가상-다"]
    assert [one.label for one in graded] == ["가상-가", "가상-나", "가상-다"]


def test_form_finds_rows_by_any_column(store: Store, replica: StoreReplica) -> None:
    one, other = b.new_uuid(), b.new_uuid()
    replica.accept_rows(
        b.page(
            e.put_entity(one, 7, {"grade": "risk", "tong": "3통"}, label="가상-가"),
            e.put_entity(other, 1, {"grade": "risk"}, label="가상-나", scope_seq=2),
            e.put_entity(b.new_uuid(), 1, {}, list_name="site", scope_seq=3),
        )
    )
    rows = EntityRows(store, e.LIST)
    first = {"name": one, "label": "가상-가", "__version": "7", "grade": "risk", "tong": "3통"}
    second = {"name": other, "label": "가상-나", "__version": "1", "grade": "risk"}

    assert list(rows.find("name", one)) == [first]
    assert list(rows.find("label", "가상-나")) == [second]
    assert list(rows.find("grade", "risk")) == [first, second]
    assert list(rows.find("__version", "7")) == [first]
    assert list(rows.find("tong", "9통")) == []
    assert list(rows.scan()) == [first, second]
