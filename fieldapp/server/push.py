"""Push: a batch of operations of one replica, in one transaction, each with its receipt.

Idempotent on (replica, op_id): a receipt once given is given again, so a reply lost on the way
changes nothing. `held` is the one word that is not final: brought again, an operation is judged
again.

Sequence numbers (formats F3) say what has arrived, not what may be applied: the order that matters
is in the bases. A device leaves out operations that wait for a quarantined one, so a gap is no
trouble here; `applied_seq` stands before it until it is filled. A number that another operation has
taken already means a cloned disk or a restored backup: the whole batch is refused (409).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs
from psycopg import errors as pg

from fieldapp import failpoints
from fieldapp.domain.exchange import PushReply, PushRequest, Receipt
from fieldapp.domain.operation import FormRef, Operation, operation_hash
from fieldapp.errors import MalformedMessage, ReplicaCloned
from fieldapp.server import rows
from fieldapp.server.database import Connection, Pool, epoch_of, transaction_of
from fieldapp.server.forms import FormRules, Forms
from fieldapp.server.judging import Standing, StoredConflict, Verdict, judge, rejected
from fieldapp.server.sessions import Account, Speaker, speaker
from fieldapp.sync.protocol import (
    CODE_ID_TAKEN,
    CODE_NOT_STORABLE,
    CODE_OP_MUTATED,
    PUSH_MAX_OPERATIONS,
)

#: How often a transaction that lost a race is tried again before the device is asked to wait.
_ATTEMPTS = 4
Hashed = tuple[Operation, str]


def push(pool: Pool, forms: Forms, account: Account, request: PushRequest) -> PushReply:
    """Apply what can be applied, keep what cannot, and say which is which.

    Raises MembershipMissing, ReplicaCloned, MalformedMessage (nothing is stored then).
    """
    if len(request.ops) > PUSH_MAX_OPERATIONS:
        raise MalformedMessage(shape="PushRequest", place="$.ops", reason="count")
    ops = [(operation, operation_hash(operation)) for operation in request.ops]
    desk = _Desk(pool, forms, account, request)
    try:
        reply = desk.tried(ops)
    except (pg.DataError, pg.IntegrityError):
        # One of them cannot be stored. Each by itself: the others are not to wait for it.
        replies = [desk.alone(one) for one in ops]
        reply = structs.replace(
            replies[-1], results=tuple(receipt for each in replies for receipt in each.results)
        )
    failpoints.reach("push.after_commit")
    return reply


@dataclass(frozen=True, slots=True)
class _Desk:
    """One push, in as many transactions as it takes."""

    pool: Pool
    forms: Forms
    account: Account
    request: PushRequest

    def alone(self, one: Hashed) -> PushReply:
        """One operation by itself; refused when the database cannot hold it."""
        try:
            return self.tried([one])
        except pg.UniqueViolation:
            return self.tried([one], refusal=CODE_ID_TAKEN)
        except (pg.DataError, pg.IntegrityError):
            return self.tried([one], refusal=CODE_NOT_STORABLE)

    def tried(self, ops: Sequence[Hashed], *, refusal: str | None = None) -> PushReply:
        """A transaction, again when it lost a race."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._once(ops, refusal)
            except (pg.DeadlockDetected, pg.SerializationFailure):
                continue
        return self._once(ops, refusal)

    def _once(self, ops: Sequence[Hashed], refusal: str | None) -> PushReply:
        with transaction_of(self.pool, self.account.id) as connection:
            asker = speaker(connection, self.request.replica, locked=True)
            batch = _Batch(connection, self.forms, self.account, asker)
            batch.read(self.request.incarnation, ops)
            receipts = tuple(batch.take(operation, hash_, refusal) for operation, hash_ in ops)
            applied_seq = batch.write()
            reply = PushReply(
                epoch=epoch_of(connection),
                results=receipts,
                applied_seq=applied_seq,
                settled_through=asker.settled_seq,
            )
            failpoints.reach("push.before_commit")
        return reply


class _Batch:
    """What one transaction knows and what it is going to write; the `View` of `judging`."""

    def __init__(
        self, connection: Connection, forms: Forms, account: Account, asker: Speaker
    ) -> None:
        self.account = account
        self.scopes = asker.scopes
        self._connection = connection
        self._forms = forms
        self._asker = asker
        self._known: dict[str, rows.KnownOperation] = {}
        self._seqs: dict[int, str] = {}
        self._records: dict[str, Standing] = {}
        self._conflicts: dict[str, StoredConflict] = {}
        self._new_records: set[str] = set()
        self._revisions: list[rows.NewRevision] = []
        self._new_conflicts: dict[str, StoredConflict] = {}
        self._judged: dict[str, rows.JudgedOperation] = {}
        self._mutated: list[rows.JudgedOperation] = []

    def read(self, incarnation: int, ops: Sequence[Hashed]) -> None:
        """Everything that judging these operations takes. Raises ReplicaCloned."""
        operations = [operation for operation, _ in ops]
        asked = {operation.op_id for operation in operations}
        asked |= {op.base.op for op in operations if op.base is not None and op.base.op is not None}
        self._known = rows.known_operations(self._connection, self._asker.replica, asked)
        self._seqs = rows.used_seqs(
            self._connection,
            self._asker.replica,
            self._asker.incarnation,
            after=self._asker.applied_seq,
        )
        self._refuse_clone(incarnation, operations)
        todo = [op for op in operations if not self._is_final(op.op_id)]
        self._records = rows.locked_records(
            self._connection, (op.object.id for op in todo if op.object.type == "record")
        )
        resolved = {op.object.id for op in todo if op.kind == "resolve"}
        if resolved:
            found = rows.open_conflicts(self._connection, resolved)
            self._conflicts = {conflict.doc.id: conflict for conflict in found}

    def take(self, operation: Operation, op_hash: str, refusal: str | None) -> Receipt:
        """Judge one operation, or repeat what was said of it."""
        known = self._known.get(operation.op_id)
        if known is not None and known.op_hash != op_hash:
            receipt = Receipt(op_id=operation.op_id, status="rejected", code=CODE_OP_MUTATED)
            self._mutated.append(rows.JudgedOperation(operation, op_hash, receipt, is_kept=True))
            return receipt
        if known is not None and self._is_final(operation.op_id):
            return _repeated(known.receipt)
        verdict = judge(operation, self) if refusal is None else rejected(operation, refusal)
        self._note(operation, op_hash, verdict)
        return verdict.receipt

    def write(self) -> int:
        """Write it all, scope heads last; returns applied_seq."""
        rows.write_records(self._connection, self._asker, self._revisions, self._new_records)
        homes = {record: standing.doc.scope for record, standing in self._records.items()}
        rows.write_conflicts(self._connection, list(self._new_conflicts.values()), homes)
        rows.write_receipts(
            self._connection, self._asker, self.account, list(self._judged.values())
        )
        rows.keep(self._connection, self._asker, self.account, self._mutated)
        applied = self._asker.applied_seq
        while applied + 1 in self._seqs:
            applied += 1
        self._connection.execute(
            "update fieldapp.replica set applied_seq = %s, last_seen = now() where id = %s",
            [applied, self._asker.replica],
        )
        rows.write_changes(self._connection, self._changes(homes))
        return applied

    def _changes(self, homes: Mapping[str, str]) -> list[rows.Change]:
        """One for each record, at its last revision, and one for each conflict, in order."""
        last = {made.operation.object.id: made.header.rev for made in self._revisions}
        changes = [rows.Change(homes[record], record, rev) for record, rev in last.items()]
        changes += [
            rows.Change(homes[conflict.record], conflict.record, conflict.rev, conflict.doc.id)
            for conflict in self._new_conflicts.values()
        ]
        return changes

    # What judging asks

    def rules(self, form: FormRef) -> FormRules:
        """The plans of a form version. Raises PackMissing."""
        return self._forms.rules(form)

    def standing(self, record: str) -> Standing | None:
        """A record that this account may see, as this batch leaves it so far."""
        return self._records.get(record)

    def receipt_of(self, op_id: str) -> Receipt | None:
        """What an earlier operation of this replica was told."""
        known = self._known.get(op_id)
        return known.receipt if known is not None else None

    def open_conflicts(self, record: str) -> Sequence[StoredConflict]:
        """Conflicts of a record that nobody has decided."""
        standing = {**self._conflicts, **self._new_conflicts}.values()
        return [one for one in standing if one.record == record and one.doc.decided_by is None]

    def last_touched(self, record: str, paths: Sequence[str]) -> tuple[str, str] | None:
        """Author and instant of the newest revision that touched one of the paths."""
        for made in reversed(self._revisions):
            if made.operation.object.id == record and set(paths) & set(made.header.paths):
                return made.header.who, made.header.when
        return rows.last_touched(self._connection, record, paths)

    def paths_since(self, record: str, rev: int) -> frozenset[str]:
        """Every path that other replicas' revisions after `rev` touched."""
        return frozenset(
            rows.paths_since(self._connection, record, rev, except_of=self._asker.replica)
        )

    def _is_final(self, op_id: str) -> bool:
        known = self._known.get(op_id)
        return known is not None and known.receipt.status != "held"

    def _refuse_clone(self, incarnation: int, operations: Sequence[Operation]) -> None:
        if incarnation != self._asker.incarnation:
            raise ReplicaCloned
        taken = dict(self._seqs)
        for operation in operations:
            if operation.op_id in self._known:
                continue
            if operation.seq <= self._asker.applied_seq:
                raise ReplicaCloned
            if taken.setdefault(operation.seq, operation.op_id) != operation.op_id:
                raise ReplicaCloned

    def _note(self, operation: Operation, op_hash: str, verdict: Verdict) -> None:
        was_held = operation.op_id in self._known
        self._known[operation.op_id] = rows.KnownOperation(op_hash, verdict.receipt)
        self._seqs.setdefault(operation.seq, operation.op_id)
        self._judged[operation.op_id] = rows.JudgedOperation(
            operation, op_hash, verdict.receipt, is_kept=verdict.is_kept, was_kept=was_held
        )
        if verdict.standing is not None and verdict.header is not None:
            if operation.object.id not in self._records:
                self._new_records.add(operation.object.id)
            self._records[operation.object.id] = verdict.standing
            self._revisions.append(rows.NewRevision(operation, verdict.standing, verdict.header))
        for conflict in verdict.conflicts:
            self._new_conflicts[conflict.doc.id] = conflict


def _repeated(first: Receipt) -> Receipt:
    """What a device is told of an operation it has brought before."""
    if first.status == "rejected":
        return first
    return Receipt(
        op_id=first.op_id,
        status="duplicate",
        rev=first.rev,
        fields=first.fields,
        conflict=first.conflict,
        code=first.code,
    )
