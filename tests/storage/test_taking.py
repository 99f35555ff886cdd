"""What a pull takes off the device: little goes at once, much waits until somebody agreed."""

from __future__ import annotations

from msgspec.structs import replace

from fieldapp.domain.exchange import DigestReply, PulledRow
from fieldapp.storage import held_rows, taking
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from fieldapp.storage.taking import FEW, Leaving
from tests.storage import building as b

OTHER = "가상-솔바람동"
FIRST = {"mode": "paper", "items/q1": "4"}
MANY = FEW + 5


def bring(replica: StoreReplica, count: int) -> list[str]:
    """So many records, by a pull."""
    ids = [str(b.record_id_at(minute)) for minute in range(count)]
    rows = [b.put(one, 1, FIRST, scope_seq=seq) for seq, one in enumerate(ids, 1)]
    replica.accept_rows(b.page(*rows))
    return ids


def taken(ids: list[str], after: int = 1_000) -> list[PulledRow]:
    return [b.row("evict", one, 1, scope_seq=after + n) for n, one in enumerate(ids)]


def here(store: Store) -> int:
    with store.reading() as db:
        return db.count("SELECT count(*) FROM record WHERE evicted = 0")


def leaving(store: Store) -> Leaving | None:
    with store.reading() as db:
        return taking.leaving(db)


def test_few_records_go_with_the_pull_that_takes_them(store: Store, replica: StoreReplica) -> None:
    ids = bring(replica, MANY)

    replica.accept_rows(b.page(*taken(ids[:FEW])))

    assert here(store) == MANY - FEW
    assert leaving(store) is None


def test_many_records_stay_until_somebody_agreed_and_the_pull_does_not_come_back_to_them(
    store: Store, replica: StoreReplica
) -> None:
    """Joplin #11295, #3846: an emptied server read as a wish to delete everything."""
    ids = bring(replica, MANY)

    replica.accept_rows(b.page(*taken(ids[: FEW + 1]), cursor="c-2"))

    assert here(store) == MANY
    assert leaving(store) == Leaving(records=FEW + 1, entities=0)
    assert replica.cursors()[b.SCOPE] == "c-2"


def test_many_are_many_however_many_pages_bring_them(store: Store, replica: StoreReplica) -> None:
    ids = bring(replica, MANY)
    rows = taken(ids[: FEW + 1])

    replica.accept_rows(replace(b.page(*rows[:FEW]), more=True))
    assert leaving(store) is None
    replica.accept_rows(b.page(*rows[FEW:], cursor="c-2"))

    assert here(store) == MANY - FEW
    assert leaving(store) == Leaving(records=1, entities=0)


def test_what_is_brought_again_does_not_wait_to_be_taken(
    store: Store, replica: StoreReplica
) -> None:
    ids = bring(replica, MANY)
    replica.accept_rows(b.page(*taken(ids)))

    replica.accept_rows(
        b.page(*(b.put(one, 2, FIRST, scope_seq=2_000 + n) for n, one in enumerate(ids[:5])))
    )

    assert here(store) == MANY
    assert leaving(store) == Leaving(records=MANY - 5, entities=0)


def test_many_that_only_change_hands_between_two_scopes_of_this_laptop_ask_nobody(
    store: Store, replica: StoreReplica
) -> None:
    ids = bring(replica, MANY)
    moved = [
        replace(b.put(one, 2, FIRST, scope_seq=n, scope=OTHER), scope=OTHER)
        for n, one in enumerate(ids[1:], 1)
    ]

    replica.accept_rows(replace(b.page(*taken(ids[1:]), cursor="c-2"), more=True))
    replica.accept_rows(
        replace(b.page(), rows=tuple(moved), cursors={b.SCOPE: "c-2", OTHER: "c-1"})
    )

    assert here(store) == MANY
    assert leaving(store) is None
    with store.reading() as db:
        assert len(held_rows.only_in(db, b.SCOPE)) == 1
        assert len(held_rows.only_in(db, OTHER)) == MANY - 1


def test_what_is_deleted_waits_even_where_another_scope_still_shows_it(
    store: Store, replica: StoreReplica
) -> None:
    ids = bring(replica, MANY)
    shown = tuple(
        replace(b.put(one, 1, FIRST, scope_seq=n), scope=OTHER) for n, one in enumerate(ids, 1)
    )
    replica.accept_rows(replace(b.page(), rows=shown, cursors={OTHER: "c-1"}))

    replica.accept_rows(
        b.page(*(b.row("del", one, 2, scope_seq=1_000 + n) for n, one in enumerate(ids)))
    )

    assert leaving(store) == Leaving(records=MANY, entities=0)


def test_older_revision_brings_nothing_back_that_waits_to_be_deleted(
    store: Store, replica: StoreReplica
) -> None:
    ids = bring(replica, MANY)
    gone = [b.row("del", one, 2, scope_seq=1_000 + n) for n, one in enumerate(ids)]
    replica.accept_rows(b.page(*gone))

    replica.accept_rows(b.page(b.put(ids[0], 1, FIRST, scope_seq=2_000)))

    assert leaving(store) == Leaving(records=MANY, entities=0)


def test_erased_record_never_waits(store: Store, replica: StoreReplica) -> None:
    ids = bring(replica, MANY)

    replica.accept_rows(
        b.page(*(b.row("erase", one, 2, scope_seq=100 + n) for n, one in enumerate(ids)))
    )

    assert here(store) == 0
    assert leaving(store) is None


def test_scope_of_which_more_is_here_is_not_read_again_for_it(
    store: Store, replica: StoreReplica
) -> None:
    ids = bring(replica, MANY)
    replica.accept_rows(b.page(*taken(ids)))
    emptied = DigestReply(epoch=b.EPOCH, digests={b.SCOPE: "0" * 64})

    assert replica.compare(emptied, b.NOON) == frozenset()

    assert leaving(store) == Leaving(records=MANY, entities=0)


def test_server_in_another_life_takes_nothing_that_the_former_one_wanted(
    store: Store, replica: StoreReplica
) -> None:
    ids = bring(replica, MANY)
    replica.accept_rows(b.page(*taken(ids)))

    other = "0193a000-0000-4000-8000-000000000002"
    rows = [b.put(one, 1, FIRST, scope_seq=n) for n, one in enumerate(ids, 1)]
    replica.accept_rows(b.page(*rows, epoch=other))

    assert here(store) == MANY
    assert leaving(store) is None
