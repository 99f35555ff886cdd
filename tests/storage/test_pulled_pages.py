"""A page of rows is stored at once and means what its rows mean one after another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.exchange import PulledRow
from fieldapp.domain.operation import Base, Effect, PropertyChange
from fieldapp.storage import records, search
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b
from tests.storage import entity_building as e

ENTITIES = tuple(b.new_uuid() for _ in range(3))
#: Which entity, what happens to it, its revision, its name; evicted ones go at the end of a page.
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(ENTITIES),
        st.sampled_from(["put", "put", "put", "alias", "del", "erase"]),
        st.integers(1, 4),
        st.sampled_from(["가상-하나", "가상-두리 2통", "세엣"]),
    ),
    max_size=8,
)


def rows_of(changes: Sequence[tuple[str, str, int, str]]) -> list[PulledRow]:
    return [
        e.put_entity(
            entity,
            rev,
            {"phone": f"010-0000-{rev:04}", "grade": label[:2]},
            label=label,
            scope_seq=seq,
            merged_into=ENTITIES[0] if change == "alias" else None,
            history=[e.header(rev)],
        )
        if change in ("put", "alias")
        else e.entity_row(change, entity, rev, scope_seq=seq)
        for seq, (entity, change, rev, label) in enumerate(changes, 1)
    ]


def kept(pages: Sequence[Sequence[PulledRow]]) -> tuple[object, ...]:
    """What a fresh store holds and finds after these pages."""
    with TemporaryDirectory() as folder:
        store = Store.create(
            Path(folder) / "store.db", new_data_key(), identity=b.IDENTITY, created_at=b.NOON
        )
        replica = StoreReplica(store, b.projections)
        changed = [replica.accept_rows(b.page(*page)).entities for page in pages]
        with store.reading() as db:
            found = (
                frozenset[object]().union(*changed),
                db.rows("SELECT * FROM entity ORDER BY list, id"),
                db.rows("SELECT * FROM entity_value ORDER BY list, name, value, id"),
                db.rows("SELECT list, id, sort_key, text, choseong FROM search ORDER BY list, id"),
                [search.find(db, text) for text in ("가상", "ㅎㄴ", "0003", "2통", "하")],
                db.count("SELECT count(*) FROM search_gram"),
            )
        store.close()
        return found


@settings(max_examples=30, deadline=None)
@given(changes=CHANGES, cut=st.integers(0, 8))
def test_page_leaves_what_its_rows_leave_one_by_one(
    changes: list[tuple[str, str, int, str]], cut: int
) -> None:
    rows = rows_of(changes)

    assert kept([rows[:cut], rows[cut:]]) == kept([[row] for row in rows])


#: Which record, what happens to it, its revision, its answer.
RECORDS = tuple(b.record_id_at(minute) for minute in range(3))
RECORD_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(RECORDS),
        st.sampled_from(["put", "put", "put", "del", "erase"]),
        st.integers(1, 4),
        st.sampled_from(["1", "3", "5"]),
    ),
    max_size=8,
)


def kept_records(pages: Sequence[Sequence[PulledRow]], *, is_own: bool) -> tuple[object, ...]:
    """What a store that wrote one of the records itself, or none, holds after these pages."""
    with TemporaryDirectory() as folder:
        store = Store.create(
            Path(folder) / "store.db", new_data_key(), identity=b.IDENTITY, created_at=b.NOON
        )
        if is_own:
            b.create(store, {"mode": "paper", "items/q1": "2"}, record_id=RECORDS[0])
        replica = StoreReplica(store, b.projections)
        changed = [replica.accept_rows(b.page(*page)).records for page in pages]
        with store.reading() as db:
            shown = [
                (record_id, records.find(db, record_id).doc.answers)
                for (record_id,) in db.rows("SELECT id FROM record ORDER BY id")
            ]
            found = (
                frozenset[object]().union(*changed),
                shown,
                db.rows(
                    "SELECT id, rev, epoch, hash, server_doc, local_doc, deleted, server_deleted,"
                    " evicted, is_due, state FROM record ORDER BY id"
                ),
                db.rows("SELECT * FROM revision ORDER BY record_id, rev"),
            )
        store.close()
        return found


@settings(max_examples=30, deadline=None)
@given(changes=RECORD_CHANGES, cut=st.integers(0, 8), is_own=st.booleans())
def test_page_of_records_leaves_what_its_rows_leave_one_by_one(
    changes: list[tuple[str, str, int, str]], cut: int, is_own: bool
) -> None:
    rows = [
        b.put(record, rev, {"items/q1": answer}, scope_seq=seq)
        if change == "put"
        else b.row(change, record, rev, scope_seq=seq)
        for seq, (record, change, rev, answer) in enumerate(changes, 1)
    ]

    assert kept_records([rows[:cut], rows[cut:]], is_own=is_own) == kept_records(
        [[row] for row in rows], is_own=is_own
    )


def test_entity_that_comes_twice_in_a_page_is_as_it_came_last(
    store: Store, replica: StoreReplica
) -> None:
    one = b.new_uuid()

    replica.accept_rows(
        b.page(
            e.put_entity(one, 1, {"grade": "risk"}, label="가상-하나", scope_seq=1),
            e.put_entity(one, 2, {"grade": "watch"}, label="가상-두리", scope_seq=2),
        )
    )

    assert e.found(store, one).label == "가상-두리"
    with store.reading() as db:
        assert [hit.label for hit in search.find(db, "가상")] == ["가상-두리"]
        assert db.rows("SELECT value FROM entity_value WHERE name = 'grade'") == [("watch",)]


def test_effect_on_an_entity_that_was_not_here_is_laid_over_it_when_it_comes(
    store: Store, replica: StoreReplica
) -> None:
    stranger = b.new_uuid()
    change = PropertyChange(old="risk", new="watch")
    effect = Effect(list=e.LIST, id=stranger, set={"grade": change}, base=Base(rev=1))
    e.finish_form(store, [effect])

    replica.accept_rows(b.page(e.put_entity(stranger, 1, {"grade": "risk"})))

    assert e.props_of(store, stranger)["grade"] == "watch"
