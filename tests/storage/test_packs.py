"""Which form versions records here are written on and this device lacks."""

from __future__ import annotations

from fieldapp.domain.operation import FormRef
from fieldapp.storage import packs
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b

FIRST = {"mode": "paper"}
OLD = FormRef(id="P13e", version="2025")


def test_lacking_version_is_asked_for_by_a_record_that_the_server_still_shows(
    store: Store, replica: StoreReplica
) -> None:
    ids = [b.record_id_at(minute) for minute in range(3)]
    replica.accept_rows(
        b.page(*(b.put(one, 1, FIRST, scope_seq=n, form=OLD) for n, one in enumerate(ids, 1)))
    )

    replica.accept_rows(b.page(*(b.row("del", one, 2, scope_seq=9) for one in ids[:1])))
    with store.reading() as db:
        ((form, record_id),) = packs.lacking(db)
    assert form == OLD
    assert record_id in ids[1:]

    replica.accept_rows(
        b.page(*(b.row("del", one, 2, scope_seq=10 + n) for n, one in enumerate(ids[1:])))
    )
    with store.reading() as db:
        assert packs.lacking(db) == ()
