"""One round with the server: hello, push until the outbox is empty, pull until nothing is left.

A round may end anywhere, by a cut line, a dead process or 멈춤, and the next one goes on from what
the store holds: nothing counts as sent before its receipt is stored, and a cursor is stored with
its rows. So every step may be done twice, and none is remembered here.

The line has a thread of its own, one request at a time; everything else is done by the caller's.
So the server need not wait for this disk, nor this device for the server's.

It always comes to an end. Each operation is offered once a round, whatever the server says of it;
a page of a pull that leads nowhere is an error. One bad operation never stands in another's way:
a batch that the server cannot read is halved until the one is found, and that one is passed over.

A store whose numbers another has used (a copy of it, or it before it was restored) goes on as a
later incarnation and offers anew, a few times a round: two copies may be exchanging at this moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Raw

from fieldapp import failpoints
from fieldapp.domain.exchange import (
    DigestReply,
    DigestRequest,
    ExchangeOutcome,
    Hello,
    Offered,
    Progress,
    PulledRow,
    PullReply,
    PullRequest,
    PushOffer,
    PushReply,
    ScopeHead,
)
from fieldapp.domain.operation import Changes, ReceiptStatus
from fieldapp.errors import (
    Cancelled,
    ExchangeTrouble,
    MalformedMessage,
    MembershipMissing,
    ReplicaCloned,
    ReplicaDrained,
    ServerFailed,
)
from fieldapp.sync.agreement import OURS, Versions, agreed
from fieldapp.sync.connection import Connection
from fieldapp.sync.log_upload import send_log
from fieldapp.sync.numbers import tell_numbers
from fieldapp.sync.protocol import (
    COMMAND_DIGEST,
    COMMAND_DRAIN,
    PULL_BUDGET_BYTES,
    PUSH_MAX_BYTES,
    PUSH_MAX_OPERATIONS,
)
from fieldapp.sync.replica import Replica

#: The server's words for a body it cannot read.
_UNREADABLE = (400, 413, 422)
#: How many operations a round newly passes over before it believes that not they are the trouble.
_MAX_PASSED_OVER = 8
#: How many incarnations a round begins before it leaves the field to the other copy.
_MAX_INCARNATIONS = 4


def run_exchange(
    replica: Replica,
    connection: Connection,
    *,
    now: Callable[[], datetime],
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    before_pull: Callable[[Hello], None] = lambda _hello: None,
) -> tuple[ExchangeOutcome, Changes]:
    """One whole round; what it did, and which records changed by it.

    now: the device's clock, for the offset to the server's and the end of the round. progress is
    called after every answer, on the caller's thread; cancelled is asked before every request.
    before_pull: what else is fetched, once everything written here has gone up; not on a device
    that is being returned.

    Raises the errors of ExchangeTrouble (with `unsent`, where they carry it) and MalformedMessage;
    what was stored before stays stored.
    """
    round_ = _Round(replica, connection, progress, cancelled)
    try:
        hello, offset_ms = round_.greet(now)
        tell_numbers(replica, connection, hello)
        round_.push()
        round_.leave()
        if not round_.is_drained:
            before_pull(hello)
        round_.pull()
        round_.verify(now())
        round_.log()
    except ExchangeTrouble as trouble:
        if "unsent" in trouble.FACTS:
            trouble.facts["unsent"] = replica.unsent()
        raise
    at = now()
    replica.note_exchange(at, offset_ms)
    return round_.outcome(at), round_.changes


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch that was handed over, and the answer to come."""

    ops: tuple[Offered, ...]
    answer: Future[PushReply]


@dataclass
class _Round:
    replica: Replica
    connection: Connection
    progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    changes: Changes = field(default_factory=Changes)
    statuses: dict[str, ReceiptStatus] = field(default_factory=dict)
    passed_over: int = 0
    newly_passed_over: int = 0
    rows: int = 0
    received: int = 0
    pushed: set[tuple[str, str]] = field(default_factory=set)
    epoch: str = ""
    scopes: tuple[ScopeHead, ...] = ()
    is_drained: bool = False
    is_to_verify: bool = False
    repaired: frozenset[str] = frozenset()

    def greet(self, now: Callable[[], datetime]) -> tuple[Hello, int]:
        """Agree on a protocol; what the server says, and how far its clock is ahead (ms).

        Raises ProtocolTooOld, ProtocolTooNew, MembershipMissing.
        """
        self._stop_if_cancelled()
        self.progress(Progress("hello", 0, 1))
        asked_at = now()
        hello = self.connection.hello(self.replica.identity().replica)
        answered_at = now()
        _check_protocol(hello)
        if not hello.scopes:
            raise MembershipMissing
        self.epoch, self.scopes = hello.epoch, hello.scopes
        self.is_drained = COMMAND_DRAIN in hello.commands
        self.is_to_verify = COMMAND_DIGEST in hello.commands
        # Before anything is offered: a server restored from a backup is refilled in this round.
        self.replica.note_hello(hello)
        self.progress(Progress("hello", 1, 1))
        # The server read its clock at some time between; half way is at most half the trip off.
        half_way = asked_at + (answered_at - asked_at) / 2
        ahead = datetime.fromisoformat(hello.server_time) - half_way
        return hello, round(ahead.total_seconds() * 1000)

    def push(self) -> None:
        """Offer every operation without a receipt once, in order of seq. Raises ReplicaCloned."""
        for _ in range(_MAX_INCARNATIONS):
            try:
                self._push_all()
            except ReplicaCloned as cloned:
                known = cloned.facts.get("incarnation")
                self.replica.begin_incarnation(known if isinstance(known, int) else 0)
            else:
                return
        self._push_all()

    def _push_all(self) -> None:
        """Batch after batch. While the server works on one, the next is read here, and handed over
        before the receipts of the first are stored, unless they change what may be offered.
        """
        self.passed_over = 0
        total = self.replica.unsent()
        self.progress(Progress("push", 0, total))
        with ThreadPoolExecutor(1, "push") as line:
            self._stop_if_cancelled()
            sent = self._hand_over(line, self._offered(after=0))
            while sent is not None:
                last_seq = sent.ops[-1].seq
                following = self._offered(last_seq)
                reply = self._answered(sent)
                ahead = None
                if reply is not None and not _refuses(reply) and not self.cancelled():
                    ahead = self._hand_over(line, following)
                self._take_in(line, sent.ops, reply, total)
                if ahead is None:
                    self._stop_if_cancelled()
                    ahead = self._hand_over(line, self._offered(last_seq))
                sent = ahead

    def _offered(self, after: int) -> tuple[Offered, ...]:
        ops = self.replica.offered(PUSH_MAX_OPERATIONS, PUSH_MAX_BYTES, after)
        if ops and ops[-1].seq <= after:
            raise RuntimeError("a replica offered an operation twice in one round")
        return ops

    def _hand_over(self, line: ThreadPoolExecutor, ops: tuple[Offered, ...]) -> _Sent | None:
        if not ops:
            return None
        identity = self.replica.identity()
        failpoints.reach("exchange.before_push")
        request = PushOffer(
            replica=identity.replica,
            incarnation=identity.incarnation,
            ops=tuple(Raw(one.json) for one in ops),
        )
        return _Sent(ops, line.submit(self.connection.push, request))

    def _answered(self, sent: _Sent) -> PushReply | None:
        """The server's word on a batch; None when one in it cannot be read."""
        try:
            reply = sent.answer.result()
        except ServerFailed as failure:
            is_unreadable = failure.facts.get("status") in _UNREADABLE
            if not is_unreadable or self.newly_passed_over >= _MAX_PASSED_OVER:
                raise
            return None
        failpoints.reach("exchange.after_push_reply")
        self._check_reply(reply, sent.ops)
        return reply

    def _take_in(
        self,
        line: ThreadPoolExecutor,
        ops: tuple[Offered, ...],
        reply: PushReply | None,
        total: int,
    ) -> None:
        """Store the server's word on a batch; of one that it cannot read, on each half."""
        if reply is not None:
            self.changes |= self.replica.accept_receipts(reply)
            self.pushed |= {(operation.author, operation.at) for operation in ops}
            for receipt in reply.results:
                # What was told before is brought again only because it was numbered anew.
                if receipt.status != "duplicate" or receipt.op_id not in self.statuses:
                    self.statuses[receipt.op_id] = receipt.status
        elif len(ops) == 1:
            self.passed_over += 1
            self.newly_passed_over += self.replica.pass_over(ops[0])
        else:
            for half in (ops[: len(ops) // 2], ops[len(ops) // 2 :]):
                self._stop_if_cancelled()
                sent = self._hand_over(line, half)
                if sent is not None:
                    self._take_in(line, half, self._answered(sent), total)
            return
        self._report_push(total)

    def _report_push(self, total: int) -> None:
        done = len(self.statuses) + self.passed_over
        # The worker may have written more since the round began.
        self.progress(Progress("push", done, max(done, total)))

    def leave(self) -> None:
        """Let go of scopes that the server named no more; what is still unanswered waits."""
        self.changes |= self.replica.keep_scopes(frozenset(scope.id for scope in self.scopes))

    def pull(self) -> None:
        """Fetch and store pages until the server has no more; nothing on a device that is being
        returned.
        """
        if self.is_drained:
            return
        try:
            self._pull_all()
        except ReplicaDrained:
            # Since the greeting.
            self.is_drained = True

    def _pull_all(self) -> None:
        """Page after page. While one is stored here, the server makes the next."""
        reached: dict[str, int] = {}
        with ThreadPoolExecutor(1, "pull") as line:
            self._stop_if_cancelled()
            asked = dict(self.replica.cursors())
            page: Future[PullReply] | None = self._ask(line, asked)
            while page is not None:
                reply = page.result()
                failpoints.reach("exchange.after_pull_reply")
                self._check_page(reply, asked, reached)
                asked = {**asked, **reply.cursors}
                is_over = self.cancelled()
                page = self._ask(line, asked) if reply.more and not is_over else None
                self._store(reply)
                if reply.more and (is_over or self.cancelled()):
                    raise Cancelled

    def _ask(self, line: ThreadPoolExecutor, cursors: dict[str, str]) -> Future[PullReply]:
        request = PullRequest(cursors=cursors, budget=PULL_BUDGET_BYTES)
        return line.submit(self.connection.pull, request, self.replica.identity().replica)

    def _store(self, reply: PullReply) -> None:
        self.changes |= self.replica.accept_rows(reply)
        self.rows += len(reply.rows)
        if not self.repaired:
            self.received += sum(not self._is_own(row) for row in reply.rows)
        self.progress(Progress("pull", self.rows, None if reply.more else self.rows))

    def verify(self, at: datetime) -> None:
        """Compare what the replica has with what the server says it has, once a day and after a
        round that broke off; read again what differs. at: now, by the device's clock.
        """
        if self.is_drained or not (self.is_to_verify or self.replica.wants_digest(at)):
            return
        self._stop_if_cancelled()
        mine = {scope.id for scope in self.scopes}
        cursors = {name: at for name, at in self.replica.cursors().items() if name in mine}
        reply = self.connection.digest(
            DigestRequest(cursors=cursors), self.replica.identity().replica
        )
        self._check_epoch(reply)
        self.repaired = self.replica.compare(reply, at)
        if self.repaired:
            self.pull()

    def log(self) -> None:
        """Bring the access log."""
        send_log(self.replica, self.connection, self._stop_if_cancelled)

    def _is_own(self, row: PulledRow) -> bool:
        """Whether a row only brings back what this round sent: its newest revision is ours."""
        history = (row.doc or {}).get("history") or [{}]
        return (history[0].get("who"), history[0].get("when")) in self.pushed

    def outcome(self, at: datetime) -> ExchangeOutcome:
        """The round in numbers."""
        told = Counter(self.statuses.values())
        return ExchangeOutcome(
            sent=told["applied"] + told["merged"] + told["conflict"] + told["duplicate"],
            merged=told["merged"],
            conflicts=told["conflict"],
            held=told["held"],
            rejected=told["rejected"] + self.passed_over,
            received=self.received,
            at=at,
            scopes=self.scopes,
            is_drained=self.is_drained,
            repaired=len(self.repaired),
        )

    def _stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise Cancelled

    def _check_reply(self, reply: PushReply, ops: tuple[Offered, ...]) -> None:
        self._check_epoch(reply)
        asked = {operation.op_id for operation in ops}
        named = [receipt.op_id for receipt in reply.results]
        if len(set(named)) != len(named) or not asked.issuperset(named):
            raise MalformedMessage(shape="PushReply", place="$.results", reason="op_id")

    def _check_page(
        self, reply: PullReply, cursors: Mapping[str, str], reached: dict[str, int]
    ) -> None:
        """A page is of this epoch, brings rows that this round has not had, and moves on."""
        self._check_epoch(reply)
        for row in reply.rows:
            if row.scope_seq <= reached.get(row.scope, 0):
                raise MalformedMessage(shape="PullReply", place="$.rows[]", reason="repeated")
            reached[row.scope] = row.scope_seq
        if reply.more and (not reply.rows or cursors == {**cursors, **reply.cursors}):
            raise MalformedMessage(shape="PullReply", place="$.more", reason="no progress")

    def _check_epoch(self, reply: PushReply | PullReply | DigestReply) -> None:
        """A server restored between two requests greets anew, with its new epoch."""
        if reply.epoch != self.epoch:
            raise MalformedMessage(
                shape=type(reply).__name__, place="$.epoch", reason="other epoch"
            )


def _refuses(reply: PushReply) -> bool:
    """Whether others may have to wait for one of these."""
    return any(receipt.status == "rejected" for receipt in reply.results)


def _check_protocol(hello: Hello) -> None:
    agreed(OURS, Versions(hello.protocol_min, hello.protocol_max))
