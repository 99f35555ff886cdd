"""The store as the exchange sees it: a `sync.replica.Replica` by shape, in domain types only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from fieldapp.domain.exchange import DigestReply, Hello, Offered, PulledRow, PullReply, PushReply
from fieldapp.domain.ids import EntityId, RecordId, ScopeId
from fieldapp.domain.log_upload import LogCheckpoint, LogLine
from fieldapp.domain.numbers import KnownNumber
from fieldapp.domain.operation import Changes, ObjectRef, ReplicaIdentity
from fieldapp.domain.plans import Projection
from fieldapp.failpoints import reach
from fieldapp.storage import (
    blobs,
    conflicts,
    held_rows,
    leaving,
    log_upload,
    meta,
    numbers,
    operations,
    places,
    pulled,
    put_aside,
    receipts,
    taking,
    thinning,
)
from fieldapp.storage.database import Database, Store

#: How often what is here is compared with the server when nothing went wrong.
COMPARED_EVERY = timedelta(hours=20)
#: The hello's command that says that the server is being refilled (`sync.protocol`).
REFILLING = "refilling"
#: The projection of a form version, None when this device lacks its pack.
ProjectionOf = Callable[[str, str], Projection | None]


class StoreReplica:
    """One profile's store, offered to be synced.

    Pulled documents are marked due for projection where a projection names a column of theirs;
    the storage lane projects them afterwards (`answers.project_due`).
    """

    def __init__(
        self,
        store: Store,
        projections: ProjectionOf,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """`now` only stamps when an operation was sent and acknowledged; it orders nothing."""
        self._store = store
        self._projections = projections
        self._now = now
        #: How much the pull under way has taken off this device.
        self._taken = 0

    def identity(self) -> ReplicaIdentity:
        """Who this is on the server."""
        with self._store.reading() as db:
            return meta.identity(db)

    def note_hello(self, hello: Hello) -> None:
        """Take the server's word on its life, and on what has settled."""
        settled = operations.Settled(hello.incarnation, hello.settled_through)
        with self._store.writing() as db:
            is_refilling = REFILLING in hello.commands
            if meta.is_round_open(db) or (meta.is_refilling(db) and not is_refilling):
                meta.put_compared_at(db, None)
            meta.put_round_open(db, is_open=True)
            meta.put_refilling(db, is_refilling=is_refilling)
            places.keep(db, hello)
            _note_epoch(db, hello.epoch, settled)
            who = meta.identity(db)
            if hello.incarnation == who.incarnation:
                operations.settle(db, hello.settled_through)
            if put_aside.leaves_hole(db):
                later = max(who.incarnation, hello.incarnation) + 1
                operations.begin_incarnation(db, ReplicaIdentity(who.replica, later))

    def unsent(self) -> int:
        """How many operations have no receipt that takes them in."""
        with self._store.reading() as db:
            return operations.count_unsent(db)

    def offered(self, max_operations: int, max_bytes: int, after: int = 0) -> tuple[Offered, ...]:
        """The first above seq `after` without such a receipt, durably marked `sent`."""
        with self._store.writing() as db:
            chosen = operations.offered(db, max_operations, max_bytes, after)
            operations.mark_sent(db, [one.op_id for one in chosen], self._instant())
            return chosen

    def accept_receipts(self, reply: PushReply) -> Changes:
        """Store the server's word on each operation, in one transaction."""
        with self._store.writing() as db:
            _note_epoch(db, reply.epoch)
            answered = receipts.take_in(db, reply.results, self._instant())
            operations.settle(db, reply.settled_through)
            pulled.drop_evicted(db)
            reach("receipts.before_commit")
        return Changes(
            records=frozenset(RecordId(record_id) for record_id in answered.records),
            entities=frozenset(EntityId(entity_id) for _, entity_id in answered.entities),
            outbox=bool(answered.records or answered.entities),
            conflicts=answered.has_conflicts,
        )

    def pass_over(self, operation: Offered) -> bool:
        """The server cannot read it: it waits and is offered again. Whether that is news."""
        with self._store.writing() as db:
            return operations.pass_over(db, operation.op_id)

    def begin_incarnation(self, known: int) -> None:
        """Go on as a later incarnation than the one the server knows, renumbered."""
        with self._store.writing() as db:
            who = meta.identity(db)
            later = max(who.incarnation, known) + 1
            operations.begin_incarnation(db, ReplicaIdentity(who.replica, later))
            reach("incarnation.before_commit")

    def keep_scopes(self, scopes: Collection[str]) -> Changes:
        """Let go of every other scope: what it alone brought leaves once nothing waits on it."""
        with self._store.writing() as db:
            gone = leaving.keep_scopes(db, scopes)
            reach("scopes.before_commit")
        return Changes(
            records=frozenset(RecordId(one) for list_name, one in gone if not list_name),
            entities=frozenset(EntityId(one) for list_name, one in gone if list_name),
        )

    def cursors(self) -> Mapping[str, str]:
        """The opaque cursor of each scope pulled so far."""
        with self._store.reading() as db:
            return dict(db.rows("SELECT scope, token FROM cursor"))

    def accept_rows(self, reply: PullReply) -> Changes:
        """Store pulled rows and their cursors in one transaction."""
        with self._store.writing() as db:
            _note_epoch(db, reply.epoch)
            rows, taken = taking.keep_back(db, reply.rows, self._taken)
            changed = self._take_in(db, rows, reply.epoch)
            gone: tuple[ObjectRef, ...] = ()
            is_open_again = False
            if not reply.more:
                changed += self._take_in(db, taking.harmless(db), reply.epoch)
                gone = held_rows.end_reading(
                    db, reply.cursors, spares_objects=meta.is_refilling(db)
                )
                is_open_again = conflicts.reopen_undecided(db)
            pulled.drop_evicted(db)
            db.execute_many(
                "INSERT INTO cursor (scope, token) VALUES (?, ?)"
                " ON CONFLICT (scope) DO UPDATE SET token = excluded.token",
                list(reply.cursors.items()),
            )
            reach("rows.before_commit")
        self._taken = taken if reply.more else 0
        if any(row.change == "erase" for row in reply.rows):
            blobs.sweep(self._store)
        touched = [*(row.object for row in changed), *gone]
        return Changes(
            records=frozenset(RecordId(of.id) for of in touched if of.type == "record"),
            entities=frozenset(EntityId(of.id) for of in touched if of.type == "entity"),
            scopes=frozenset(ScopeId(row.scope) for row in changed),
            conflicts=any(row.change == "conflict" for row in changed)
            or bool(gone)
            or is_open_again,
        )

    def wants_digest(self, at: datetime) -> bool:
        """A day after the last time, whichever way the clock went, and after a round that broke
        off; never with a server that is being refilled, which is known to lack something.
        """
        with self._store.reading() as db:
            compared, is_refilling = meta.compared_at(db), meta.is_refilling(db)
        is_due = compared is None or abs(at - compared) >= COMPARED_EVERY
        return is_due and not is_refilling

    def compare(self, reply: DigestReply, at: datetime) -> frozenset[str]:
        """The scopes of which something else is here, to be read again by the next pull."""
        with self._store.writing() as db:
            differing = {
                scope
                for scope, theirs in reply.digests.items()
                if held_rows.digest(db, scope) != theirs
            }
            # More is here than there, until somebody agreed to let it go.
            differing -= taking.scopes(db)
            for scope in sorted(differing):
                held_rows.read_again(db, scope)
            meta.put_compared_at(db, at)
        return frozenset(differing)

    def numbers_to_tell(self) -> tuple[KnownNumber, ...]:
        """The official numbers known here; () once this life of the server was told of them."""
        with self._store.reading() as db:
            return () if meta.numbers_told(db) == meta.epoch(db) else numbers.known(db)

    def note_numbers_told(self) -> None:
        """This life of the server has been told."""
        with self._store.writing() as db:
            meta.put_numbers_told(db, meta.epoch(db) or "")

    def log_lines(self, max_lines: int, max_bytes: int) -> tuple[LogLine, ...]:
        """Of the access log, from the line acknowledged last on; () when none is new."""
        with self._store.reading() as db:
            return log_upload.lines_to_send(db, max_lines, max_bytes)

    def note_logged(self, through: int) -> None:
        """The server has the access log up to here, and no further."""
        with self._store.writing() as db:
            meta.put_logged_through(db, through)

    def log_checkpoints(self, most: int) -> tuple[LogCheckpoint, ...]:
        """What was signed of acknowledged lines and not acknowledged itself; () when nothing is."""
        with self._store.reading() as db:
            return log_upload.checkpoints_to_send(db, most)

    def note_checked(self, through: int) -> None:
        """The server has what was signed of the lines up to here."""
        with self._store.writing() as db:
            meta.put_checked_through(db, through)

    def note_exchange(self, at: datetime, clock_offset_ms: int) -> None:
        """Remember when an exchange came to its end, and how far the device clock was off."""
        with self._store.writing() as db:
            meta.put_exchange(db, at, clock_offset_ms)
            meta.put_round_open(db, is_open=False)
            thinning.thin(db, at)
        blobs.sweep(self._store)

    def _take_in(self, db: Database, rows: Sequence[PulledRow], epoch: str) -> list[PulledRow]:
        # What one scope takes and another brings stays, in whichever order they come.
        held_rows.note(db, rows)
        changed = pulled.accept_all(
            db, rows, epoch, lambda row: self._is_projected(pulled.form_of(row))
        )
        held_rows.note_raw(db, rows)
        return changed

    def _is_projected(self, form: tuple[str, str] | None) -> bool:
        if form is None:
            return False
        projection = self._projections(*form)
        return projection is not None and bool(projection.columns or projection.repeats)

    def _instant(self) -> datetime | None:
        return self._now() if self._now else None


def _note_epoch(db: Database, epoch: str, settled: operations.Settled | None = None) -> None:
    """A server in another life may have lost what had not settled: that is sent again."""
    known = meta.epoch(db)
    if known == epoch:
        return
    if known is not None:
        operations.begin_epoch(db, settled)
        blobs.begin_epoch(db)
        held_rows.read_all_again(db)
        taking.forget(db)
        meta.put_compared_at(db, None)
        meta.put_checked_through(db, 0)
    meta.put_epoch(db, epoch)
