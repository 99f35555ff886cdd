"""What a push and a pull carry (formats F10), in types that store, sync and server share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct, field

from fieldapp.domain.operation import ObjectRef, Operation, ReceiptStatus
from fieldapp.domain.scalars import (
    AnswerText,
    Counting,
    Digest,
    Instant,
    Name,
    Path,
    Revision,
    Uuid,
    Whole,
    check_instants,
)
from fieldapp.domain.shapes import Shape

#: Where a replica stands in a scope; the server alone knows what it says.
Cursor = Annotated[str, Meta(min_length=1, max_length=1000)]

#: What a device may do. drain (반납 준비): it brings what it has and receives nothing. revoked
#: (사용 중지): neither.
DeviceState = Literal["active", "drain", "revoked"]

ChangeKind = Literal["put", "del", "evict", "erase", "conflict"]


class PushRequest(Shape, frozen=True, kw_only=True):
    """Operations of one replica, in the order of their seq."""

    replica: Uuid
    incarnation: Counting
    ops: tuple[Operation, ...]

    def __post_init__(self) -> None:
        if any(op.replica != self.replica for op in self.ops):
            raise ValueError("a replica pushes its own operations")
        if any(after.seq <= before.seq for before, after in pairwise(self.ops)):
            raise ValueError("operations come in the order of their seq")
        if len({op.op_id for op in self.ops}) != len(self.ops):
            raise ValueError("an operation comes once")


class PushOffer(Struct, frozen=True, kw_only=True):
    """A `PushRequest` on its way out, its operations JSON already: written once, when they were
    made, and read by the server alone.
    """

    replica: Uuid
    incarnation: Counting
    ops: tuple[Raw, ...]


class ConflictRef(Shape, frozen=True, kw_only=True):
    """Which conflict an operation left, and at which paths."""

    id: Uuid
    paths: tuple[Path, ...]


class Receipt(Shape, frozen=True, kw_only=True):
    """The server's word on one operation. Nothing counts as sent before it."""

    op_id: Uuid
    status: ReceiptStatus
    rev: Revision | None = None
    fields: tuple[Path, ...] = ()
    conflict: ConflictRef | None = None
    code: Name | None = None

    def __post_init__(self) -> None:
        if self.status in ("applied", "merged", "conflict") and self.rev is None:
            raise ValueError("what was taken in has a revision")
        if self.status == "conflict" and self.conflict is None:
            raise ValueError("a conflict is named")
        if self.status in ("held", "rejected") and self.code is None:
            raise ValueError("what was not taken in has a code")


class PushReply(Shape, frozen=True, kw_only=True):
    """HTTP 200 whenever the batch was readable; one receipt per operation, in its order.

    `applied_seq`: the highest seq of this replica and incarnation below which none is missing.
    `settled_through`: the highest seq that survives a restore of the server (0 = none yet).
    """

    epoch: Uuid
    results: tuple[Receipt, ...]
    applied_seq: Whole
    settled_through: Whole


class PullRequest(Shape, frozen=True, kw_only=True):
    """Where this replica stands per scope; a scope it never pulled has no key."""

    cursors: dict[Name, Cursor]
    budget: Annotated[int, Meta(ge=1, le=8_000_000)]


class ConflictLine(Shape, frozen=True, kw_only=True):
    """One path of a conflict: `ours` stood on the server, `theirs` arrived (F5)."""

    path: Path
    base: AnswerText | None = None
    ours: AnswerText | None = None
    theirs: AnswerText | None = None


class ConflictDoc(Shape, frozen=True, kw_only=True):
    """A conflict as a pull carries it (`change: conflict`). Decided ones name who decided.

    ours_rev: the revision whose value stood; `op_id`: the operation that brought `theirs`.
    """

    id: Uuid
    lines: tuple[ConflictLine, ...]
    ours_author: Name
    ours_at: Instant
    theirs_author: Name
    theirs_at: Instant
    op_id: Uuid
    decided_by: Name | None = None
    decided_at: Instant | None = None
    reason: AnswerText | None = None

    def __post_init__(self) -> None:
        check_instants(self.ours_at, self.theirs_at, self.decided_at)
        if (self.decided_by is None) != (self.decided_at is None):
            raise ValueError("a decision has its author and its time")


class PulledRow(Shape, frozen=True, kw_only=True):
    """One change of one scope. `doc` is a RecordDoc for put, a ConflictDoc for conflict."""

    scope: Name
    scope_seq: Counting
    change: ChangeKind
    object: ObjectRef
    rev: Revision
    hash: Digest | None = None
    doc: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if (self.doc is not None) != (self.change in ("put", "conflict")):
            raise ValueError("a put and a conflict carry a document, nothing else does")
        if (self.hash is not None) != (self.change == "put"):
            raise ValueError("a put, and only a put, carries the hash of its document")


class PullReply(Shape, frozen=True, kw_only=True):
    """Rows in order of (scope, scope_seq); each cursor is that of the last row returned."""

    epoch: Uuid
    rows: tuple[PulledRow, ...]
    cursors: dict[Name, Cursor]
    more: bool

    def __post_init__(self) -> None:
        heads: dict[str, int] = {}
        for row in self.rows:
            if row.scope not in self.cursors:
                raise ValueError("every scope of the rows has its cursor")
            if row.scope_seq <= heads.get(row.scope, 0):
                raise ValueError("the rows of a scope come in order")
            heads[row.scope] = row.scope_seq


SeenAs = Literal["full", "card"]


class SeenBy(Shape, frozen=True, kw_only=True):
    """A scope that sees an entity beside its home, in full or as a card (F8)."""

    scope: Name
    view: SeenAs


class SightsReply(Shape, frozen=True, kw_only=True):
    """`GET /sync/v1/sights/{list}/{id}`: where an entity is at home, and who else sees it now."""

    list: Name
    id: Uuid
    rev: Revision
    home: Name
    seen_by: tuple[SeenBy, ...] = ()

    def __post_init__(self) -> None:
        scopes = {self.home, *(one.scope for one in self.seen_by)}
        if len(scopes) != 1 + len(self.seen_by):
            raise ValueError("a scope sees it in one way, its home in full")


class DigestRequest(Shape, frozen=True, kw_only=True):
    """`POST /sync/v1/digest`: where this replica stands in the scopes it would compare."""

    cursors: dict[Name, Cursor]


class DigestReply(Shape, frozen=True, kw_only=True):
    """What this replica has if it has everything (`domain.digest`), by scope; none for a scope that
    has moved on since its cursor.
    """

    epoch: Uuid
    digests: dict[Name, Digest]


class _Greeting(Shape, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Read before a protocol is agreed on: what a later server says besides is passed over."""


class ReplicaSeen(_Greeting, frozen=True, kw_only=True):
    """When a replica of a scope was last heard of: the source of 미수신 기기 n대."""

    id: Uuid
    last_seen: Instant
    applied_seq: Whole

    def __post_init__(self) -> None:
        check_instants(self.last_seen)


class ScopeHead(_Greeting, frozen=True, kw_only=True):
    """A scope that this replica may hold, and how far it has grown."""

    id: Name
    head: Whole
    replicas: tuple[ReplicaSeen, ...] = ()


class Place(_Greeting, frozen=True, kw_only=True):
    """A scope that may be named here: what people call it, what it is, and the one above it.

    Of private scopes only one's own. kind: a later server may have more.
    """

    id: Name
    label: Name
    kind: Name
    parent: Name | None = None


class Hello(_Greeting, frozen=True, kw_only=True):
    """The server's greeting: what it speaks, what time it has, what this replica may hold.

    incarnation: of the asking replica, as the server knows it; settled_through: as in a PushReply,
    of that incarnation. places: where an entity may be sent and with whom it may be shared.
    """

    protocol_min: Counting
    protocol_max: Counting
    epoch: Uuid
    server_time: Instant
    scopes: tuple[ScopeHead, ...]
    catalogue: dict[str, str] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    incarnation: Counting = 1
    settled_through: Whole = 0

    def __post_init__(self) -> None:
        check_instants(self.server_time)
        if self.protocol_min > self.protocol_max:
            raise ValueError("the protocol range is empty")


#: RFC 6750 §2.1, so that it goes into a header as it is.
BearerText = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~+/-]{16,1000}=*$(?!\n)")]


class SignIn(Shape, frozen=True, kw_only=True):
    """`POST /auth/sign-in` (F11)."""

    user: Name
    password: Annotated[str, Meta(min_length=1, max_length=1000)]


class Tokens(Shape, frozen=True, kw_only=True):
    """Bearer token, the one that renews it, and when the first expires."""

    token: BearerText
    refresh: BearerText
    expires: Instant

    def __post_init__(self) -> None:
        check_instants(self.expires)


class Refresh(Shape, frozen=True, kw_only=True):
    """`POST /auth/refresh`: the text that renews a sign-in, once."""

    refresh: BearerText


class Enrolment(Shape, frozen=True, kw_only=True):
    """`POST /enroll` (F11): one-time code, and the replica's public key (base64, 32 bytes)."""

    code: Annotated[str, Meta(min_length=1, max_length=200)]
    public_key: Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{43}=$(?!\n)")]


class Enrolled(Shape, frozen=True, kw_only=True):
    """The replica's name from now on, and the scopes it belongs to."""

    replica: Uuid
    scopes: tuple[Name, ...]


class UploadState(Shape, frozen=True, kw_only=True):
    """How far an attachment has come up, in bytes: `POST /files` answers it.

    offset = size: the server has the whole file, and its hash is right.
    """

    upload: Uuid
    offset: Whole
    size: Counting

    def __post_init__(self) -> None:
        if self.offset > self.size:
            raise ValueError("an upload has no more bytes than its file")


# One round, as the window tells of it

ExchangeStage = Literal["hello", "catalogue", "push", "pull", "files", "project", "wait"]


@dataclass(frozen=True, slots=True)
class Offered:
    """An operation that goes up: what the round asks of it, and itself as JSON (F3)."""

    seq: int
    op_id: str
    author: str
    at: str
    json: bytes


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """An attachment that the server lacks, its size in bytes, and what names it there."""

    name: str
    size: int
    object: ObjectRef


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round has come: `done` of `total` operations or rows; total None is not known.

    wait: the server is too busy, and is asked again in a while.
    """

    stage: ExchangeStage
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class ExchangeOutcome:
    """What one finished round did, in operations (received: rows of others), and when it ended.

    sent: operations that the server now holds, merged and conflicting ones included; merged and
    conflicts: how many of them met somebody else's change; corrections: 정정 요청 that they became,
    which somebody else decides and `conflicts` leaves out; held and rejected: those that the
    server answered without taking them in; they stay on this device and are shown. scopes: what
    this replica may hold, with the replicas last heard of (the source of 미수신 기기 n대).
    files_sent, files_waiting: attachments; those that wait go up in a later round.
    is_drained: this device is being returned (반납 준비), so it sent and received nothing.
    repaired: scopes of which this device had something else than the server, read again.
    programmes, reference_lists: what came of the catalogue, by title; refused_programmes: what came
    and cannot be used, in words.
    """

    sent: int
    merged: int
    conflicts: int
    held: int
    rejected: int
    received: int
    at: datetime
    scopes: tuple[ScopeHead, ...] = ()
    files_sent: int = 0
    files_waiting: int = 0
    is_drained: bool = False
    repaired: int = 0
    programmes: tuple[str, ...] = ()
    reference_lists: tuple[str, ...] = ()
    refused_programmes: tuple[str, ...] = ()
    corrections: int = 0
