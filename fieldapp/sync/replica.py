"""What a store offers to be synced. storage is one by shape and never imports this."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from fieldapp.domain.exchange import DigestReply, Hello, Offered, PullReply, PushReply
from fieldapp.domain.log_upload import LogCheckpoint, LogLine
from fieldapp.domain.numbers import KnownNumber
from fieldapp.domain.operation import Changes, ReplicaIdentity


class Replica(Protocol):
    """One profile's store on one laptop, as the exchange sees it."""

    def identity(self) -> ReplicaIdentity:
        """Who this is on the server."""

    def note_hello(self, hello: Hello) -> None:
        """Take the server's word on its life, and on what has settled.

        In another epoch it was restored from a backup: whatever has not settled by its word is to
        be offered again.
        """

    def unsent(self) -> int:
        """How many operations have no receipt yet."""

    def offered(self, max_operations: int, max_bytes: int, after: int = 0) -> tuple[Offered, ...]:
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

    def pass_over(self, operation: Offered) -> bool:
        """Remember that the server cannot read it; it waits and is offered again.

        Returns whether that is news: of what was passed over in an earlier round it is none.
        """

    def begin_incarnation(self, known: int) -> None:
        """Go on as a later incarnation than `known`, the server's: what has not settled is numbered
        anew and offered again. For a store whose numbers a clone of it, or it before it was
        restored, has used.
        """

    def keep_scopes(self, scopes: Collection[str]) -> Changes:
        """These are all that this account belongs to. What another scope alone brought leaves this
        device once every operation on it is answered; what has not been sent is never destroyed.
        """

    def cursors(self) -> Mapping[str, str]:
        """The opaque cursor of each scope pulled so far."""

    def accept_rows(self, reply: PullReply) -> Changes:
        """Store pulled rows and their cursors in one transaction.

        Pending operations are laid over the new server documents again; a row whose revision is
        known is skipped; unknown valid JSON is kept.
        """

    def numbers_to_tell(self) -> tuple[KnownNumber, ...]:
        """The official numbers known here; () once this life of the server was told of them."""

    def note_numbers_told(self) -> None:
        """This life of the server has been told."""

    def log_lines(self, max_lines: int, max_bytes: int) -> tuple[LogLine, ...]:
        """Lines of the access log without a hole: from the one acknowledged last (that one
        included, where there is one), at least one new one; () when none is new.
        """

    def note_logged(self, through: int) -> None:
        """Remember up to which line the server has the access log; it may be fewer than before."""

    def wants_digest(self, at: datetime) -> bool:
        """Whether what it has is to be compared with the server's: a day after the last time, and
        after a round that came to no end.
        """

    def compare(self, reply: DigestReply, at: datetime) -> frozenset[str]:
        """The scopes of which it has something else than the server. They are read again from
        their beginning by the next pull, into place.
        """

    def log_checkpoints(self, most: int) -> tuple[LogCheckpoint, ...]:
        """What was signed of acknowledged lines and not acknowledged itself; () when nothing is."""

    def note_checked(self, through: int) -> None:
        """The server has what was signed of the lines up to here."""

    def note_exchange(self, at: datetime, clock_offset_ms: int) -> None:
        """Remember when an exchange came to its end, and how far the device clock was off."""
