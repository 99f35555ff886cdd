"""What a store offers to be synced. storage is one by shape and never imports this."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from fieldapp.domain.exchange import PullReply, PushReply
from fieldapp.domain.operation import Changes, Operation, ReplicaIdentity


class Replica(Protocol):
    """One profile's store on one laptop, as the exchange sees it."""

    def identity(self) -> ReplicaIdentity:
        """Who this is on the server."""

    def unsent(self) -> int:
        """How many operations have no receipt yet."""

    def pending(self, max_operations: int, max_bytes: int, after: int = 0) -> tuple[Operation, ...]:
        """The first operations above seq `after` without a final receipt, in order of seq.

        At least one if there is any, however large. They are marked `sent` before they are handed
        over; one that was sent or held before is handed over again, because only a receipt says
        that it arrived. Those that wait for a quarantined base are left out. One round asks with
        the last seq it has, so that it offers each operation once and comes to an end.
        """

    def accept_receipts(self, reply: PushReply) -> Changes:
        """Store the server's word on each operation, in one transaction.

        Operations that the reply does not name stay as they are.
        """

    def cursors(self) -> Mapping[str, str]:
        """The opaque cursor of each scope pulled so far."""

    def accept_rows(self, reply: PullReply) -> Changes:
        """Store pulled rows and their cursors in one transaction.

        Pending operations are laid over the new server documents again; a row whose revision is
        known is skipped; unknown valid JSON is kept.
        """

    def note_exchange(self, at: datetime, clock_offset_ms: int) -> None:
        """Remember when an exchange came to its end, and how far the device clock was off."""
