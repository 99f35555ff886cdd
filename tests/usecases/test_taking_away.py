"""거두기: much that the server takes off a laptop leaves once somebody agreed, and is backed up."""

from __future__ import annotations

from fieldapp.storage import records
from fieldapp.storage.replica import StoreReplica
from fieldapp.storage.taking import FEW
from fieldapp.usecases import backup_places, taking_away
from fieldapp.usecases.exchange import projections_of
from tests.laptops import AppLaptop
from tests.storage import building as b

MANY = FEW + 5


def test_what_came_after_the_backup_of_the_day_is_in_one_before_it_leaves(
    alone: AppLaptop,
) -> None:
    session = alone.session
    replica = StoreReplica(session.store, projections_of(session.catalogue))
    ids = [b.record_id_at(minute) for minute in range(MANY)]
    backup_places.back_up_today(session)
    replica.accept_rows(
        b.page(*(b.put(one, 1, {"mode": "paper"}, scope_seq=n) for n, one in enumerate(ids, 1)))
    )
    replica.accept_rows(
        b.page(*(b.row("evict", one, 1, scope_seq=1_000 + n) for n, one in enumerate(ids)))
    )

    changes = taking_away.let_go(session)

    assert changes.records == set(ids)
    assert taking_away.leaving(session) is None
    with session.store.reading() as db:
        assert records.count(db) == 0
    assert max(one.backup.counts.records for one in backup_places.kept_backups(session)) == MANY
