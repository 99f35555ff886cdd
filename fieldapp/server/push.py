"""Push: a batch of operations of one replica, in one transaction, each with its receipt.

Idempotent on (replica, op_id): a receipt once given is given again, so a reply lost on the way
changes nothing. `held` is the one word that is not final: brought again, an operation is judged
again.

Sequence numbers (formats F3) say what has arrived, not what may be applied: the order that matters
is in the bases. A device leaves out operations that wait for a quarantined one, so a gap is no
trouble here; `applied_seq` stands before it until it is filled. A number that another operation
has taken already means a cloned disk, and so does an incarnation that is over: the whole batch is
refused (409) and told which incarnation stands. The clone, or a laptop restored from a backup,
goes on as a later one: its numbers begin anew, and what it brings again has its receipt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs
from psycopg import errors as pg

from fieldapp import failpoints
from fieldapp.clock import KOREA, instant_text
from fieldapp.domain.entity import MERGED_INTO
from fieldapp.domain.exchange import PushReply, PushRequest, Receipt
from fieldapp.domain.ids import UUID_PATTERN
from fieldapp.domain.operation import FormRef, ObjectRef, Operation, Subject, operation_hash
from fieldapp.errors import MalformedMessage, ReplicaCloned
from fieldapp.server import entity_rows, rows, scopes
from fieldapp.server.database import Connection, Life, Pool, life_of, transaction_of
from fieldapp.server.forms import FormRules, Forms
from fieldapp.server.judging import judge, rejected
from fieldapp.server.scopes import Homes, Sights
from fieldapp.server.sessions import Account, Speaker, begin_incarnation, speaker
from fieldapp.server.standing import (
    EntityRevision,
    EntityStanding,
    RecordRevision,
    Standing,
    StoredConflict,
    Verdict,
)
from fieldapp.sync.protocol import (
    CODE_ID_TAKEN,
    CODE_NOT_STORABLE,
    CODE_OP_MUTATED,
    PUSH_MAX_OPERATIONS,
)

#: How often a transaction that lost a race is tried again before the device is asked to wait.
_ATTEMPTS = 4
Hashed = tuple[Operation, str]


def push(
    pool: Pool, forms: Forms, account: Account, request: PushRequest, now: datetime
) -> PushReply:
    """Apply what can be applied, keep what cannot, and say which is which.

    now: the server's present instant, for the steps and numbers that are its own.
    Raises MembershipMissing, ReplicaCloned, MalformedMessage (nothing is stored then).
    """
    if len(request.ops) > PUSH_MAX_OPERATIONS:
        raise MalformedMessage(shape="PushRequest", place="$.ops", reason="count")
    ops = [(operation, operation_hash(operation)) for operation in request.ops]
    desk = _Desk(pool, forms, account, request, now)
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
    now: datetime

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
        with transaction_of(self.pool, self.account.id, judging=True) as connection:
            asker = speaker(connection, self.request.replica, locked=True)
            if self.request.incarnation > asker.incarnation:
                asker = begin_incarnation(connection, asker, self.request.incarnation)
            life = life_of(connection)
            batch = _Batch(connection, self.forms, self.account, asker, life=life, now=self.now)
            batch.read(self.request.incarnation, ops)
            receipts = tuple(batch.take(operation, hash_, refusal) for operation, hash_ in ops)
            # PostgreSQL takes in one table's rows while the next one's are made here.
            with connection.pipeline():
                applied_seq = batch.write()
            reply = PushReply(
                epoch=life.epoch,
                results=receipts,
                applied_seq=applied_seq,
                settled_through=asker.settled_seq,
            )
            failpoints.reach("push.before_commit")
        return reply


class _Batch:
    """What one transaction knows and what it is going to write; the `View` of `judging`."""

    def __init__(
        self,
        connection: Connection,
        forms: Forms,
        account: Account,
        asker: Speaker,
        *,
        life: Life,
        now: datetime,
    ) -> None:
        self.account = account
        self.scopes = asker.scopes
        self.is_refilling = life.is_refilling
        self._connection = connection
        self._forms = forms
        self._asker = asker
        self._now = now.astimezone(KOREA)
        self._known: dict[str, rows.KnownOperation] = {}
        self._seqs: dict[int, str] = {}
        self._records: dict[str, Standing] = {}
        self._entities: dict[ObjectRef, EntityStanding] = {}
        self._entity_revs: dict[tuple[str, ObjectRef], int] = {}
        self._sights: dict[ObjectRef, Sights] = {}
        self.homes = Homes(connection)
        self._sights_before: dict[ObjectRef, Sights] = {}
        self._shared: set[ObjectRef] = set()
        self._conflicts: dict[str, StoredConflict] = {}
        self._new_records: set[str] = set()
        self._new_entities: set[ObjectRef] = set()
        self._record_revisions: list[tuple[str, RecordRevision]] = []
        self._entity_revisions: list[tuple[str, EntityRevision]] = []
        self._new_conflicts: dict[str, StoredConflict] = {}
        self._judged: dict[str, rows.JudgedOperation] = {}
        self._mutated: list[rows.JudgedOperation] = []
        self._repeated: dict[str, int] = {}

    def read(self, incarnation: int, ops: Sequence[Hashed]) -> None:
        """Everything that judging these operations takes. Raises ReplicaCloned."""
        operations = [operation for operation, _ in ops]
        bases = {op_id for operation in operations for op_id in _bases(operation)}
        asked = bases | {operation.op_id for operation in operations}
        self._known = rows.known_operations(self._connection, self._asker.replica, asked)
        self._seqs = rows.used_seqs(
            self._connection,
            self._asker.replica,
            self._asker.incarnation,
            after=self._asker.applied_seq,
        )
        self._refuse_clone(incarnation, operations)
        todo = [op for op in operations if not self._is_final(op.op_id)]
        moving = {op.object for op in todo if op.kind == "move" and op.object.list is not None}
        touched = {of for op in todo for of in _entities_of(op)}
        records = {op.object.id for op in todo if op.object.type == "record"}
        if moving:
            moving |= entity_rows.followers(self._connection, [of.id for of in moving])
            touched |= moving
            records |= rows.records_about(self._connection, moving)
        self.homes.read({op.subject for op in todo if op.subject is not None})
        self._records = rows.locked_records(self._connection, records)
        if touched:
            self._entities = entity_rows.locked_entities(self._connection, touched)
            self._entity_revs = entity_rows.made_revisions(
                self._connection, self._asker.replica, bases
            )
        self._sights_before = scopes.read_sights(
            self._connection, touched | {rows.object_ref(record, None) for record in records}
        )
        self._sights = dict(self._sights_before)
        disputed = moving | {op.object for op in todo if op.kind in ("resolve", "delete")}
        if disputed:
            found = rows.open_conflicts(self._connection, disputed)
            self._conflicts = {conflict.doc.id: conflict for conflict in found}

    def take(self, operation: Operation, op_hash: str, refusal: str | None) -> Receipt:
        """Judge one operation, or repeat what was said of it."""
        known = self._known.get(operation.op_id)
        if known is not None and known.op_hash != op_hash:
            receipt = Receipt(op_id=operation.op_id, status="rejected", code=CODE_OP_MUTATED)
            self._mutated.append(rows.JudgedOperation(operation, op_hash, receipt, is_kept=True))
            return receipt
        if known is not None and self._is_final(operation.op_id):
            is_earlier = known.incarnation < self._asker.incarnation
            if (
                is_earlier
                and self._seqs.setdefault(operation.seq, operation.op_id) == operation.op_id
            ):
                self._repeated[operation.op_id] = operation.seq
            return _repeated(known.receipt)
        verdict = judge(operation, self) if refusal is None else rejected(operation, refusal)
        self._note(operation, op_hash, verdict)
        return verdict.receipt

    def write(self) -> int:
        """Write it all, scope heads last; returns applied_seq."""
        written = {made.object for made in self._made()} | self._shared
        shared = {of: self._sights.get(of, ()) for of in written}
        docs = {of: standing.doc for of, standing in self._entities.items()}
        scopes.write_sights(self._connection, shared, docs, self._forms.card_of)
        entity_rows.write_entities(
            self._connection, self._asker, self._entity_revisions, self._new_entities
        )
        rows.write_records(self._connection, self._asker, self._record_revisions, self._new_records)
        conflicts = list(self._new_conflicts.values())
        homes = {one.object: self._home(one.object) for one in conflicts}
        rows.write_conflicts(self._connection, conflicts, homes)
        rows.write_receipts(
            self._connection, self._asker, self.account, list(self._judged.values())
        )
        rows.keep(self._connection, self._asker, self.account, self._mutated)
        rows.renumber_receipts(self._connection, self._asker, self._repeated)
        applied = self._asker.applied_seq
        while applied + 1 in self._seqs:
            applied += 1
        self._connection.execute(
            "update fieldapp.replica set applied_seq = %s, last_seen = now() where id = %s",
            [applied, self._asker.replica],
        )
        rows.write_changes(self._connection, list(self._changes()))
        return applied

    def _changes(self) -> Iterator[rows.Change]:
        """One for each object, at its last revision, and one for each conflict, in order.

        Entities before the records that mention them, so that whoever reads a page knows them.
        """
        last = {one.object: one for one in self._made()}
        for of, made in last.items():
            before, after = self._sights_before.get(of, ()), self._sights.get(of, ())
            for told, change in scopes.told(made.scope, before, after):
                is_gone = change == "put" and made.standing.is_deleted
                yield rows.Change(told, of, made.header.rev, change="del" if is_gone else change)
        for of in sorted(self._shared - last.keys(), key=lambda one: one.id):
            seeing = {one.scope for one in scopes.present(self._sights_before.get(of, ()))}
            sees = {one.scope for one in scopes.present(self._sights[of]) if not one.is_home}
            for scope in sorted(sees - seeing):
                yield rows.Change(scope, of, self._records[of.id].rev)
            for scope in sorted(seeing - sees - {self._home(of)}):
                yield rows.Change(scope, of, self._records[of.id].rev, change="evict")
        for conflict in self._new_conflicts.values():
            scope = self._home(conflict.object)
            yield rows.Change(scope, conflict.object, conflict.rev, conflict.doc.id)

    def _made(self) -> Iterator[EntityRevision | RecordRevision]:
        """Every revision of this batch, those of entities first."""
        yield from (made for _, made in self._entity_revisions)
        yield from (made for _, made in self._record_revisions)

    def _home(self, of: ObjectRef) -> str:
        if of.list is not None:
            return self._entities[of].scope
        return self._records[of.id].doc.scope

    # What judging asks

    def rules(self, form: FormRef) -> FormRules:
        """The plans of a form version. Raises PackMissing."""
        return self._forms.rules(form)

    def standing(self, record: str) -> Standing | None:
        """A record that this account may see, as this batch leaves it so far."""
        return self._records.get(record)

    def entity(self, of: ObjectRef) -> EntityStanding | None:
        """An entity that this account may see, as this batch leaves it so far."""
        return self._entities.get(of)

    def receipt_of(self, op_id: str) -> Receipt | None:
        """What an earlier operation of this replica was told."""
        known = self._known.get(op_id)
        return known.receipt if known is not None else None

    def seen_by(self, op_id: str) -> int | None:
        """What the author of an own operation had seen of its record."""
        known = self._known.get(op_id)
        return known.seen_rev if known is not None else None

    def entity_rev_of(self, op_id: str, of: ObjectRef) -> int | None:
        """The revision of an entity that an operation of this replica made, if it made one."""
        return self._entity_revs.get((op_id, of))

    def open_conflicts(self, of: ObjectRef) -> Sequence[StoredConflict]:
        """Conflicts of an object that nobody has decided."""
        standing = {**self._conflicts, **self._new_conflicts}.values()
        return [one for one in standing if one.object == of and one.doc.decided_by is None]

    def last_touched(self, of: ObjectRef, paths: Sequence[str]) -> tuple[str, str] | None:
        """Author and instant of the newest revision that touched one of the paths."""
        for made in reversed(list(self._made())):
            if made.object == of and set(paths) & set(made.header.paths):
                return made.header.who, made.header.when
        return rows.last_touched(self._connection, of, paths)

    def paths_since(self, of: ObjectRef, rev: int) -> frozenset[str]:
        """Every path that others' revisions after `rev` touched, those of a copy of this replica's
        disk included.
        """
        found = rows.paths_since(
            self._connection, of, rev, asker=self._asker, brought=self._repeated
        )
        return frozenset(found)

    def next_number(self, of: ObjectRef, scope: str) -> str:
        """Draw the next official number of a list in a scope, this year in Korea."""
        return entity_rows.next_number(self._connection, of, scope, self._now.year)

    def moment(self) -> str:
        """The server's present instant, for what it does by itself."""
        return instant_text(self._now)

    def sights(self, of: ObjectRef) -> Sights:
        """Where an entity is and was seen; nothing when in its home scope alone, ever."""
        return self._sights.get(of, ())

    def followers(self, of: ObjectRef) -> Sequence[ObjectRef]:
        """The entities of a household that are at home where it is, in order."""
        return entity_rows.followers_among(of, self._entities)

    def following_records(self, of: ObjectRef) -> Sequence[ObjectRef]:
        """Records about an entity that may be read where it moves to, in order."""
        return [
            rows.object_ref(record, None)
            for record, standing in sorted(self._records.items())
            if standing.doc.subject == Subject(list=of.list or "", id=of.id)
            and standing.doc.scope in self.scopes
            and not standing.is_deleted
            and self._forms.follows(standing.doc.form)
        ]

    def is_named(self, of: ObjectRef) -> bool:
        """Whether a record is about an entity, or another belongs to it or was merged into it."""
        here: dict[ObjectRef, Standing | EntityStanding] = {
            rows.object_ref(record, None): one for record, one in self._records.items()
        }
        here.update(self._entities)
        stored = entity_rows.naming(self._connection, of)
        # What this batch has read stands as the batch has left it.
        return bool(stored - here.keys()) or any(
            _names(one, each, of) for each, one in here.items() if not one.is_deleted
        )

    def _is_final(self, op_id: str) -> bool:
        known = self._known.get(op_id)
        return known is not None and known.receipt.status != "held"

    def _refuse_clone(self, incarnation: int, operations: Sequence[Operation]) -> None:
        if incarnation != self._asker.incarnation:
            raise ReplicaCloned(incarnation=self._asker.incarnation)
        taken = dict(self._seqs)
        for operation in operations:
            known = self._known.get(operation.op_id)
            if known is not None and known.incarnation == self._asker.incarnation:
                continue
            if operation.seq <= self._asker.applied_seq:
                raise ReplicaCloned(incarnation=self._asker.incarnation)
            if taken.setdefault(operation.seq, operation.op_id) != operation.op_id:
                raise ReplicaCloned(incarnation=self._asker.incarnation)

    def _note(self, operation: Operation, op_hash: str, verdict: Verdict) -> None:
        was_held = operation.op_id in self._known
        self._known[operation.op_id] = rows.KnownOperation(
            op_hash, verdict.receipt, self._asker.incarnation, verdict.seen_rev
        )
        self._seqs.setdefault(operation.seq, operation.op_id)
        self._judged[operation.op_id] = rows.JudgedOperation(
            operation, op_hash, verdict.receipt, is_kept=verdict.is_kept, was_kept=was_held,
            seen_rev=verdict.seen_rev,
        )  # fmt: skip
        for record in verdict.records:
            if record.object.id not in self._records:
                self._new_records.add(record.object.id)
            self._records[record.object.id] = record.standing
            self._record_revisions.append((operation.op_id, record))
        for entity in verdict.entities:
            if entity.object not in self._entities:
                self._new_entities.add(entity.object)
            self._entities[entity.object] = entity.standing
            self._entity_revs[operation.op_id, entity.object] = entity.header.rev
            self._entity_revisions.append((operation.op_id, entity))
        self._sights.update(verdict.sights)
        self._shared |= {of for of, _ in verdict.sights}
        for conflict in verdict.conflicts:
            self._new_conflicts[conflict.doc.id] = conflict


def _bases(operation: Operation) -> Iterator[str]:
    """The own operations that this one builds on, itself or by its effects."""
    for base in (operation.base, *(effect.base for effect in operation.effects)):
        if base is not None and base.op is not None:
            yield base.op


def _entities_of(operation: Operation) -> Iterator[ObjectRef]:
    """The entities that judging the operation asks for."""
    for effect in operation.effects:
        yield entity_rows.entity_ref(effect.list, effect.id)
    if operation.object.list is not None:
        yield operation.object
        for line in operation.patch:
            if line.path == MERGED_INTO and re.fullmatch(UUID_PATTERN, line.new or ""):
                yield entity_rows.entity_ref(operation.object.list, line.new or "")


def _names(standing: Standing | EntityStanding, its: ObjectRef, of: ObjectRef) -> bool:
    """Whether an object is about an entity, belongs to it or was merged into it."""
    if isinstance(standing, Standing):
        return standing.doc.subject == Subject(list=of.list or "", id=of.id)
    belongs = standing.doc.props.get(entity_rows.HOUSEHOLD) == of.id
    return its != of and (belongs or (its.list == of.list and standing.doc.merged_into == of.id))


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
