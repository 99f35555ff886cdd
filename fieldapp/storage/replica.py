"""The store as the exchange sees it: a `sync.replica.Replica` by shape, in domain types only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from fieldapp.domain.exchange import PullReply, PushReply
from fieldapp.domain.ids import EntityId, RecordId, ScopeId
from fieldapp.domain.operation import Changes, Operation, ReplicaIdentity
from fieldapp.domain.plans import Projection
from fieldapp.failpoints import reach
from fieldapp.storage import blobs, conflicts, entity_laying, meta, operations, pulled, touches
from fieldapp.storage.database import Database, Store
from fieldapp.storage.records import lay_again

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

    def identity(self) -> ReplicaIdentity:
        """Who this is on the server."""
        with self._store.reading() as db:
            return meta.identity(db)

    def unsent(self) -> int:
        """How many operations have no receipt that takes them in."""
        with self._store.reading() as db:
            return operations.count_unsent(db)

    def pending(self, max_operations: int, max_bytes: int, after: int = 0) -> tuple[Operation, ...]:
        """The first above seq `after` without such a receipt, durably marked `sent`."""
        with self._store.writing() as db:
            chosen = operations.pending(db, max_operations, max_bytes, after)
            operations.mark_sent(db, chosen, self._instant())
            return chosen

    def accept_receipts(self, reply: PushReply) -> Changes:
        """Store the server's word on each operation, in one transaction."""
        with self._store.writing() as db:
            _note_epoch(db, reply.epoch)
            records: set[str] = set()
            entities: set[tuple[str, str]] = set()
            has_conflicts = False
            for receipt in reply.results:
                own = operations.note_receipt(db, receipt, self._instant())
                if own is None:
                    continue
                entities |= set(touches.touched_by(own.operation))
                if own.operation.object.type == "record":
                    records.add(own.operation.object.id)
                if own.state == "quarantined" and own.operation.kind == "resolve":
                    has_conflicts |= conflicts.reopen(db, own.operation.object.id)
            # A refused step is taken back; what a pull brought before its receipt is not laid
            # twice.
            for record_id in sorted(records):
                lay_again(db, record_id)
            for list_name, entity_id in sorted(entities):
                entity_laying.lay_again(db, list_name, entity_id)
            operations.settle(db, reply.settled_through)
            pulled.drop_evicted(db)
            reach("receipts.before_commit")
        return Changes(
            records=frozenset(RecordId(record_id) for record_id in records),
            entities=frozenset(EntityId(entity_id) for _, entity_id in entities),
            outbox=bool(records or entities),
            conflicts=has_conflicts,
        )

    def cursors(self) -> Mapping[str, str]:
        """The opaque cursor of each scope pulled so far."""
        with self._store.reading() as db:
            return dict(db.rows("SELECT scope, token FROM cursor"))

    def accept_rows(self, reply: PullReply) -> Changes:
        """Store pulled rows and their cursors in one transaction."""
        with self._store.writing() as db:
            _note_epoch(db, reply.epoch)
            changed = pulled.accept_all(
                db,
                reply.rows,
                reply.epoch,
                lambda row: self._is_projected(pulled.form_of(row)),
            )
            pulled.drop_evicted(db)
            db.execute_many(
                "INSERT INTO cursor (scope, token) VALUES (?, ?)"
                " ON CONFLICT (scope) DO UPDATE SET token = excluded.token",
                list(reply.cursors.items()),
            )
            reach("rows.before_commit")
        if any(row.change == "erase" for row in reply.rows):
            blobs.sweep(self._store)
        return Changes(
            records=frozenset(
                RecordId(row.object.id) for row in changed if row.object.type == "record"
            ),
            entities=frozenset(
                EntityId(row.object.id) for row in changed if row.object.type == "entity"
            ),
            scopes=frozenset(ScopeId(row.scope) for row in changed),
            conflicts=any(row.change == "conflict" for row in changed),
        )

    def note_exchange(self, at: datetime, clock_offset_ms: int) -> None:
        """Remember when an exchange came to its end, and how far the device clock was off."""
        with self._store.writing() as db:
            meta.put_exchange(db, at, clock_offset_ms)
        blobs.sweep(self._store)

    def _is_projected(self, form: tuple[str, str] | None) -> bool:
        if form is None:
            return False
        projection = self._projections(*form)
        return projection is not None and bool(projection.columns or projection.repeats)

    def _instant(self) -> datetime | None:
        return self._now() if self._now else None


def _note_epoch(db: Database, epoch: str) -> None:
    """A server in another life may have lost what had not settled: that is sent again."""
    known = meta.epoch(db)
    if known == epoch:
        return
    if known is not None:
        operations.begin_epoch(db)
    meta.put_epoch(db, epoch)
