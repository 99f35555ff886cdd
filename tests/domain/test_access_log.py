"""접속기록: every fact of an entry, and the one before it, is in its hash."""

from __future__ import annotations

from dataclasses import replace

from fieldapp.domain.access_log import CHAIN_BEGINS, LogEntry, entry_hash
from fieldapp.domain.ids import ReplicaId, UserId

ENTRY = LogEntry(
    log_seq=1,
    at="2026-11-21T09:00:00+09:00",
    user=UserId("u-1"),
    device=ReplicaId("0193a000-0000-4000-8000-00000000000a"),
    deed="view",
    subjects=(("household", "01937b3c-0000-7000-8000-000000000001"),),
    object_id="01937b3c-0000-7000-8000-000000000002",
    form_id="P01",
    detail={"count": 1},
)


def test_hash_changes_with_every_fact_of_an_entry_and_with_the_one_before() -> None:
    changed = [
        replace(ENTRY, log_seq=2),
        replace(ENTRY, at="2026-11-21T09:00:01+09:00"),
        replace(ENTRY, user=UserId("u-2")),
        replace(ENTRY, device=ReplicaId("0193a000-0000-4000-8000-00000000000b")),
        replace(ENTRY, deed="print"),
        replace(ENTRY, subjects=()),
        replace(ENTRY, object_id=""),
        replace(ENTRY, form_id=""),
        replace(ENTRY, detail={"count": 2}),
    ]

    hashes = {entry_hash(CHAIN_BEGINS, one) for one in (ENTRY, *changed)}
    hashes.add(entry_hash("1" * 64, ENTRY))

    assert len(hashes) == len(changed) + 2


def test_hash_of_an_entry_is_the_same_on_every_device() -> None:
    assert (
        entry_hash(CHAIN_BEGINS, ENTRY)
        == "86d873802af110f85f0f348aec219defb219d454eff1a8c411a6d54115fa203a"
    )
