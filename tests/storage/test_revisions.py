"""Revisions that were fetched stay as long as their record, and as long as the server's life."""

from __future__ import annotations

from fieldapp.clock import instant_text
from fieldapp.domain.exchange import PulledRow
from fieldapp.domain.history import HistoryReply, PastRevision
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import PatchLine
from fieldapp.domain.record import RevisionHeader
from fieldapp.storage import revisions
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b

OTHER_EPOCH = "0193a000-0000-4000-8000-000000000002"
FIRST = {"mode": "paper"}


def fetched(record: RecordId, *revs: int, epoch: str = b.EPOCH) -> HistoryReply:
    past = [
        PastRevision(
            rev=rev,
            who=b.AUTHOR,
            when=instant_text(b.NOON),
            state="완료",
            paths=("serial",),
            lines=(PatchLine(path="serial", new=str(rev)),),
        )
        for rev in revs
    ]
    return HistoryReply(epoch=epoch, record=record, revisions=tuple(past), more=False)


def put(record: RecordId, rev: int, answers: dict[str, str], *, scope_seq: int = 1) -> PulledRow:
    """A document that tells of its newest revision only."""
    header = RevisionHeader(rev=rev, who=b.AUTHOR, when=instant_text(b.NOON), state="완료")
    return b.put(record, rev, answers, scope_seq=scope_seq, history=(header,))


def keep(store: Store, reply: HistoryReply) -> int:
    with store.writing() as db:
        return revisions.keep(db, reply)


def known(store: Store, record: RecordId) -> dict[int, bool]:
    """rev → whether what it changed is here, newest first."""
    with store.reading() as db:
        found = revisions.of_record(db, record)
    return {one.rev: one.lines is not None for one in found}


def test_a_document_that_comes_later_takes_no_fetched_value_away(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(put(record, 2, FIRST)))
    assert keep(store, fetched(record, 2, 1)) == 2

    replica.accept_rows(b.page(put(record, 3, {**FIRST, "serial": "3"}, scope_seq=2)))

    assert known(store, record) == {3: False, 2: True, 1: True}
    with store.reading() as db:
        assert revisions.lacking(revisions.of_record(db, record), 4) == (4, 3)


def test_revisions_of_another_life_of_the_server_go_with_its_first_document(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(put(record, 3, FIRST)))
    keep(store, fetched(record, 3, 2, 1))

    again = b.page(put(record, 2, {**FIRST, "serial": "9"}, scope_seq=3), epoch=OTHER_EPOCH)
    replica.accept_rows(again)

    assert known(store, record) == {2: False}


def test_an_answer_of_another_life_or_of_a_record_that_left_is_not_kept(
    store: Store, replica: StoreReplica
) -> None:
    record, never_sent = b.record_id_at(), b.create(store, FIRST, record_id=b.record_id_at(1))
    replica.accept_rows(b.page(put(record, 2, FIRST)))

    assert keep(store, fetched(record, 2, 1, epoch=OTHER_EPOCH)) == 0
    assert keep(store, fetched(never_sent, 1)) == 0
    assert keep(store, fetched(b.record_id_at(2), 1)) == 0
    assert known(store, record) == {2: False}
    assert known(store, never_sent) == {}


def test_a_record_that_leaves_takes_its_history_along(store: Store, replica: StoreReplica) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(put(record, 2, FIRST)))
    keep(store, fetched(record, 2, 1))

    replica.accept_rows(b.page(b.row("evict", record, 2, scope_seq=2)))

    assert known(store, record) == {}
