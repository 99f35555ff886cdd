"""Drafts: what was typed last is what is found, on the version it was begun on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fieldapp.domain.access import Worker
from fieldapp.domain.exchange import Tokens
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.domain.operation import Base, FormRef, Transition
from fieldapp.errors import RecordMissing, StoreDamaged
from fieldapp.storage import drafts, meta, operations
from fieldapp.storage.database import Store
from fieldapp.storage.drafts import Draft
from tests.storage import building as b


def keep(store: Store, draft: Draft) -> None:
    with store.writing() as db:
        drafts.keep(db, draft)


def test_draft_is_found_as_it_was_left(store: Store) -> None:
    draft = Draft(
        record_id=b.record_id_at(),
        form=FormRef(id="P13e", version="2026110101"),
        is_amendment=True,
        base=Base(rev=3),
        answers={"good": " 여러 줄\n입력 ", "helper": "irrelevant", "items/q1": ""},
        updated_at=b.NOON,
        seen={"good": "처음"},
        cursor_path="items/q1",
    )

    keep(store, draft)

    with store.reading() as db:
        assert drafts.find(db, draft.record_id) == draft
        assert drafts.exists(db, draft.record_id)
        assert meta.saved_at(db) == b.NOON


def test_draft_without_base_or_cursor_is_found_so(store: Store) -> None:
    draft = b.draft(b.record_id_at(), {})

    keep(store, draft)

    with store.reading() as db:
        assert drafts.find(db, draft.record_id) == draft


def test_later_draft_takes_the_place_of_the_earlier(store: Store) -> None:
    record = b.record_id_at()
    keep(store, b.draft(record, {"good": "처음"}))
    keep(store, b.draft(record, {"good": "나중"}, at=b.NOON + timedelta(seconds=2)))

    with store.reading() as db:
        assert [draft.answers for draft in drafts.all_drafts(db)] == [{"good": "나중"}]


def test_drafts_are_listed_latest_first(store: Store) -> None:
    ids = [b.record_id_at(minute) for minute in range(3)]
    for minute in (1, 0, 2):
        keep(store, b.draft(ids[minute], {}, at=b.NOON + timedelta(minutes=minute)))

    with store.reading() as db:
        assert [draft.record_id for draft in drafts.all_drafts(db)] == ids[::-1]


def test_discarded_draft_is_gone_and_its_record_stays(store: Store) -> None:
    record = b.create(store, {"mode": "paper"})
    keep(store, b.draft(record, {"mode": "self"}, base=b.found(store, record).base))

    with store.writing() as db:
        drafts.discard(db, record)
        drafts.discard(db, b.record_id_at(9))

    with store.reading() as db, pytest.raises(RecordMissing):
        drafts.find(db, record)
    assert b.answers_of(store, record) == {"mode": "paper"}


def test_operation_that_is_not_the_next_is_our_defect_and_is_not_kept(store: Store) -> None:
    b.create(store, {"mode": "paper"})

    for facts in ({"seq": 1}, {"seq": 3}, {"replica": b.new_uuid()}):
        with pytest.raises(ValueError, match="next"), store.writing() as db:  # noqa: PT012
            wrong = b.next_operation(
                db,
                b.record_id_at(1),
                "create",
                scope=b.SCOPE,
                transition=Transition(to="완료", seen_rev=0),
                **facts,
            )
            operations.append(db, wrong)

    with store.reading() as db:
        assert db.count("SELECT count(*) FROM operation") == 1


def test_what_a_profile_knows_of_itself_is_read_as_it_was_written(store: Store) -> None:
    worker = Worker(UserId("u-1"), "가상-오사무", frozenset({"a", "b"}), ScopeId(b.SCOPE))
    tokens = Tokens(token="t" * 43, refresh="r" * 43, expires="2026-12-01T12:15:00+09:00")
    with store.reading() as db:
        assert (meta.server_address(db), meta.server_user(db), meta.tokens(db)) == (None,) * 3
        assert (meta.signing_key(db), meta.saved_at(db)) == (None, None)
        with pytest.raises(StoreDamaged):
            meta.worker(db)

    with store.writing() as db:
        meta.put_worker(db, worker)
        meta.put_server(db, address="https://a", user="u-1", tokens=tokens)
        meta.put_signing_key(db, b"k" * 32)
        meta.put_missing_devices(db, worker.scope, 2)

    with store.reading() as db:
        assert meta.worker(db) == worker
        assert (meta.server_address(db), meta.server_user(db)) == ("https://a", "u-1")
        assert meta.tokens(db) == tokens
        assert meta.signing_key(db) == b"k" * 32
        assert meta.missing_devices(db, worker.scope) == 2
        assert meta.missing_devices(db, ScopeId("가상-달빛동")) == 0
