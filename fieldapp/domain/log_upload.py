"""What carries 접속기록 up (`POST /sync/v1/log`): lines as they stand on the device, and how far
they stand on the server. Loose on purpose: an odd line is still evidence, and must not stick.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, cast

from msgspec import Meta, field

from fieldapp.domain.access_log import Deed, LogEntry
from fieldapp.domain.ids import ReplicaId, UserId
from fieldapp.domain.scalars import (
    Counting,
    Digest,
    Instant,
    Signed,
    Uuid,
    Whole,
    check_instants,
)
from fieldapp.domain.shapes import Shape


class LogLine(Shape, frozen=True, kw_only=True):
    """One entry with its place in the chain: `hash` is over the entry and `previous`.

    deed: any word, so that a server keeps what a later device calls by a name it does not know.
    """

    log_seq: Counting
    at: Instant
    user: str
    device: str
    deed: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$(?!\n)")]
    subjects: tuple[tuple[str, str], ...] = ()
    object: str = ""
    form: str = ""
    detail: dict[str, str | Signed] = field(default_factory=dict)
    previous: Digest
    hash: Digest

    def __post_init__(self) -> None:
        check_instants(self.at)

    @staticmethod
    def of(entry: LogEntry, previous: str, hash_: str) -> LogLine:
        """The line of an entry."""
        return LogLine(
            log_seq=entry.log_seq,
            at=entry.at,
            user=entry.user,
            device=entry.device,
            deed=entry.deed,
            subjects=entry.subjects,
            object=entry.object_id,
            form=entry.form_id,
            detail=dict(entry.detail),
            previous=previous,
            hash=hash_,
        )

    def entry(self) -> LogEntry:
        """The entry of the line."""
        return LogEntry(
            log_seq=self.log_seq,
            at=self.at,
            user=UserId(self.user),
            device=ReplicaId(self.device),
            deed=cast("Deed", self.deed),
            subjects=self.subjects,
            object_id=self.object,
            form_id=self.form,
            detail=self.detail,
        )


class LogRequest(Shape, frozen=True, kw_only=True):
    """Lines of one replica without a hole. All but the very first request begin with the line that
    was acknowledged last, by which the server sees that what follows goes on from what it has.
    """

    replica: Uuid
    lines: Annotated[tuple[LogLine, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        if any(after.log_seq != before.log_seq + 1 for before, after in pairwise(self.lines)):
            raise ValueError("the lines of a log come without a hole")


class LogReply(Shape, frozen=True, kw_only=True):
    """`logged_through`: up to which log_seq the device's log stands here; below what was sent when
    the server does not have what these lines go on from. The device goes on after it.
    """

    logged_through: Whole


#: Instants and base64.
SignedText = Annotated[str, Meta(pattern=r"^[0-9A-Za-z+/=:.-]{0,200}$(?!\n)")]


class LogCheckpoint(Shape, frozen=True, kw_only=True):
    """What a device signed at `at`: up to `log_seq` its chain stood at this hash.

    at, signature and public_key (base64) as they stand on the device, whatever became of them.
    """

    log_seq: Counting
    at: SignedText
    hash: Digest
    signature: SignedText
    public_key: SignedText


class CheckpointsRequest(Shape, frozen=True, kw_only=True):
    """Checkpoints of one replica's log, by rising log_seq, whose lines were acknowledged before."""

    replica: Uuid
    checkpoints: Annotated[tuple[LogCheckpoint, ...], Meta(min_length=1, max_length=500)]

    def __post_init__(self) -> None:
        if any(after.log_seq <= before.log_seq for before, after in pairwise(self.checkpoints)):
            raise ValueError("checkpoints come by rising log_seq")


class CheckpointsReply(Shape, frozen=True, kw_only=True):
    """`checked_through`: the log_seq of the last one kept; 0 when not even the first line of which
    one tells is here.
    """

    checked_through: Whole
