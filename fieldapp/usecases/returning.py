"""반납 준비 and 사용 중지: what the server says of this device, and what is still on it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fieldapp.domain.exchange import DeviceState
from fieldapp.errors import ReplicaRevoked
from fieldapp.storage import drafts, meta, operations
from fieldapp.storage.blob_queue import waiting_files
from fieldapp.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Returning:
    """A device that is set aside, and what it holds that the server has not: operations unsent and
    refused, drafts, attachments.
    """

    state: DeviceState
    unsent: int
    refused: int
    drafts: int
    files: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.unsent or self.refused or self.drafts or self.files)


def returning(session: Session) -> Returning | None:
    """What to tell of a device that is set aside; None of one in use."""
    with session.store.reading() as db:
        state = meta.device_state(db)
        if state == "active":
            return None
        return Returning(
            state,
            unsent=operations.count_unsent(db),
            refused=operations.count_quarantined(db),
            drafts=len(drafts.all_drafts(db)),
            files=len(waiting_files(db)),
        )


def note_device(session: Session, state: DeviceState) -> None:
    """Remember what the server said of this device, for when there is no server."""
    with session.store.reading() as db:
        known = meta.device_state(db)
    if known != state:
        with session.store.writing() as db:
            meta.put_device_state(db, state)


@contextmanager
def noting_revocation(session: Session) -> Iterator[None]:
    """A round that ends because this device is used no more is remembered. Nothing is removed."""
    try:
        yield
    except ReplicaRevoked as revoked:
        note_device(session, "revoked")
        with session.store.reading() as db:
            revoked.facts.setdefault("unsent", operations.count_unsent(db))
        raise
