"""Three laptops, two towns and an organisation, and what must be true of them whatever happened.

The invariants (I1…) are those of the protocol's test plan, asked of every revision.
"""

from __future__ import annotations

import contextlib
import copy
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain import exchange as ex
from fieldapp.domain.ids import new_record_id, uuid7
from fieldapp.domain.operation import (
    Operation,
    PatchLine,
    ReplicaIdentity,
    Transition,
    changed_answers,
    value_at,
)
from fieldapp.domain.scalars import is_instance
from fieldapp.errors import FieldAppError, ReplicaCloned, SignInRefused
from fieldapp.storage import conflicts, operations, records
from fieldapp.storage.database import Store
from fieldapp.sync.protocol import PUSH_MAX_BYTES, PUSH_MAX_OPERATIONS
from tests.servers import Server
from tests.sync.lines import Cut, Line
from tests.sync.real import Laptop
from tests.sync.workbook import ASKED, FIRST, LOCKED, ROLES, ROUND, STEPS, TIMES, total

#: After the last fault, each laptop needs no more rounds than this (I8).
ROUNDS_TO_REST = 3
#: Two copies of one disk overtake each other's incarnations, but not for ever.
_CLONES_MOST = 16


class RoundLaptop(Laptop):
    """A laptop that fills rounds, and that can be copied, backed up and put back."""

    def __init__(
        self, folder: Path, server: Server, scopes: Sequence[str], line: Line, seen: Seen
    ) -> None:
        self.scopes, self.written = frozenset(scopes), seen
        self._begin(folder, server.new_user(*scopes, roles=ROLES), scopes[0], line)
        self.enrol(server)
        self.backup: Path | None = None

    # What its worker does

    def begin(self, scope: str, answers: Mapping[str, str]) -> str:
        """Begin a round in one of its scopes."""
        record = new_record_id(self.now())
        filled = {**answers, "total": total(answers), "meta/instanceID": f"uuid:{record}"}
        operation = self.append(
            record,
            form=ROUND,
            kind="create",
            scope=scope,
            patch=changed_answers(None, filled),
            transition=Transition(to=FIRST, seen_rev=0),
        )
        self.written.note(operation, {})
        return record

    def fill(self, record: str, answers: Mapping[str, str | None]) -> None:
        """Change answers, unless the round is locked or nothing changes; None takes one away."""
        stored = self.stored(record)
        before = stored.doc.answers
        after = {path: text for path, text in {**before, **answers}.items() if text is not None}
        after["total"] = total(after)
        patch = changed_answers(before, after)
        if patch and stored.doc.state != LOCKED:
            operation = self.append(
                record, form=ROUND, kind="change", base=stored.base, patch=patch
            )
            self.written.note(operation, before)

    def add_area(self, record: str, found: str) -> None:
        """One more instance of the repeat."""
        self.fill(record, {f"areas[{uuid7(self.now())}]/found": found})

    def remove_area(self, record: str, which: int) -> None:
        """Take an instance away, if there is one."""
        areas = [path for path in self.stored(record).doc.answers if path.startswith("areas[")]
        if areas:
            self.fill(record, {areas[which % len(areas)]: None})

    def step(self, record: str, which: int) -> None:
        """Take one of the steps that lead on from what it shows."""
        stored = self.stored(record)
        targets = STEPS[stored.doc.state]
        operation = self.append(
            record,
            form=ROUND,
            kind="change",
            base=stored.base,
            transition=Transition(to=targets[which % len(targets)], seen_rev=stored.rev),
            reason="가상-사유",
        )
        self.written.note(operation, stored.doc.answers)

    def settle(self, which: int, *, takes_theirs: bool) -> None:
        """Decide one of the conflicts that it is shown, as the conflict pane does."""
        with self.store.reading() as db:
            shown = conflicts.open_conflicts(db)
        if not shown:
            return
        kept = shown[which % len(shown)]
        stored = self.stored(kept.record_id)
        if stored.doc.state == LOCKED:
            return
        patch = tuple(
            PatchLine(path=line.path, old=line.ours, new=line.theirs if takes_theirs else line.ours)
            for line in kept.doc.lines
        )
        operation = self.append(
            kept.record_id,
            form=ROUND,
            kind="resolve",
            base=stored.base,
            patch=patch,
            reason="전화로 확인",
        )
        self.written.note(operation, stored.doc.answers)
        with self.store.writing() as db:
            conflicts.mark_decided(
                db, kept.conflict_id, by=self.user, at=operation.at, reason=operation.reason
            )

    # What happens to its disk

    def twin(self) -> RoundLaptop:
        """A copy of its disk in another laptop: both believe to be this replica."""
        other = copy.copy(self)
        other.path = self.path.with_name(f"{secrets.token_hex(8)}.db")
        other.backup = None
        self._copied(other.path)
        other.store = Store.open(other.path, other.data_key)
        return other

    def back_up(self) -> None:
        """Keep a copy of the file."""
        self.backup = self.path.with_suffix(".backup")
        self._copied(self.backup)

    def restore(self) -> None:
        """Put the copy back; what was written since is gone."""
        assert self.backup is not None
        self.store.close()
        shutil.copyfile(self.backup, self.path)
        self.store = Store.open(self.path, self.data_key)
        self._begin_incarnation()

    def _copied(self, to: Path) -> None:
        self.store.close()
        shutil.copyfile(self.path, to)
        self.store = Store.open(self.path, self.data_key)

    def _begin_incarnation(self) -> None:
        with self.store.writing() as db:
            who = self.store.identity(db)
            operations.begin_incarnation(db, ReplicaIdentity(who.replica, who.incarnation + 1))

    # The line

    def exchange(self, cut: Cut | None = None, stop_after: int | None = None) -> ex.ExchangeOutcome:
        """One round; a copied disk goes on in another incarnation."""
        for _ in range(_CLONES_MOST):
            try:
                return super().exchange(cut, stop_after)
            except ReplicaCloned:
                self._begin_incarnation()
            except SignInRefused:  # the other copy has spent what keeps it signed in
                self.sign_in()
        raise AssertionError("a clone that never comes through")

    def sealed_push(self) -> ex.PushRequest:
        """What it would send now; whoever delivers it, and however late, is the line's affair."""
        who = self.replica.identity()
        ops = self.replica.pending(PUSH_MAX_OPERATIONS, PUSH_MAX_BYTES)
        return ex.PushRequest(replica=who.replica, incarnation=who.incarnation, ops=ops)

    def deliver(self, request: ex.PushRequest) -> None:
        """Bring a push to the server and lose what it says."""
        self.line.mend()
        with self.connection() as connection, contextlib.suppress(FieldAppError):
            connection.push(request)

    # What it holds

    def stored(self, record: str) -> records.StoredRecord:
        """A record as it is here."""
        with self.store.reading() as db:
            return records.find(db, record)

    def held(self) -> list[str]:
        """Every record that it shows."""
        return sorted(self.seen())

    def operations(self) -> dict[str, operations.StoredOperation]:
        """Its own operations and how they stand."""
        with self.store.reading() as db:
            return {
                own.operation.op_id: own
                for record in self.held()
                for own in operations.for_object(db, record)
            }

    def open_conflicts(self) -> set[str]:
        """The conflicts that its worker is shown."""
        with self.store.reading() as db:
            return {one.conflict_id for one in conflicts.open_conflicts(db)}

    def waits(self) -> set[str]:
        """Operations that the server refused, and those that wait for one of them."""
        own = self.operations()
        stuck = {op_id for op_id, one in own.items() if one.state == "quarantined"}
        while True:
            more = {
                op_id
                for op_id, one in own.items()
                if one.operation.base and one.operation.base.op in stuck
            } - stuck
            if not more:
                return stuck
            stuck |= more


class Seen:
    """Every operation ever written, and the answers that its author saw."""

    def __init__(self) -> None:
        self.operations: dict[str, Operation] = {}
        self.answers: dict[str, Mapping[str, str]] = {}
        #: Gone with a disk before any server had them.
        self.lost: set[str] = set()

    def note(self, operation: Operation, saw: Mapping[str, str]) -> None:
        """Remember an operation, over what its author was shown."""
        self.operations[operation.op_id] = operation
        self.answers[operation.op_id] = dict(saw)


@dataclass(frozen=True)
class Version:
    """One revision on the server: who made it, by which operation, and what stood afterwards."""

    op_id: str
    answers: Mapping[str, str]


class Office:
    """Two towns, an organisation over both, and the laptops of three people."""

    def __init__(self, folder: Path, server: Server, line: Line) -> None:
        self.server = server
        self.towns = [server.new_scope() for _ in range(3)]
        one, two, org = self.towns
        self.written = Seen()
        self.laptops = [
            RoundLaptop(folder, server, scopes, line, self.written)
            for scopes in ((one, org), (two, org), (one, two))
        ]

    def close(self) -> None:
        """Close every store."""
        for laptop in self.laptops:
            laptop.store.close()

    def put_back(self, laptop: RoundLaptop) -> None:
        """Restore a laptop from its backup; what nobody else has of it is lost with the disk."""
        before = laptop.operations().keys()
        laptop.restore()
        elsewhere = {op_id for other in self.laptops for op_id in other.operations()}
        received = self.receipts().keys()
        self.written.lost |= before - elsewhere - received

    def bring_to_rest(self) -> None:
        """Everybody exchanges over a whole line, so often as it may take (I8)."""
        for _ in range(ROUNDS_TO_REST):
            for laptop in self.laptops:
                laptop.exchange()

    # What the server has

    def receipts(self) -> dict[str, str]:
        """Status by operation."""
        replicas = {str(laptop.replica.identity().replica) for laptop in self.laptops}
        rows = self.server.sql(
            "select op_id::text, result->>'status' from fieldapp.op_receipt"
            " where replica = any(%s::uuid[])",
            [list(replicas)],
        )
        return dict(rows)

    def versions(self) -> dict[str, list[Version]]:
        """Every revision of every record, oldest first."""
        found: dict[str, list[Version]] = {}
        for record, op_id, answers in self.server.sql(
            "select record::text, op_id::text, doc->'answers' from fieldapp.record_version"
            " where scope = any(%s) order by record, rev",
            [self.towns],
        ):
            found.setdefault(record, []).append(Version(op_id, answers))
        return found

    def disputed(self) -> dict[str, dict[str, str | None]]:
        """What lost and waits for a person, or was decided: path and value by operation."""
        found: dict[str, dict[str, str | None]] = {}
        for (doc,) in self.server.sql(
            "select doc from fieldapp.conflict where scope = any(%s)", [self.towns]
        ):
            found.setdefault(doc["op_id"], {}).update(
                {line["path"]: line.get("theirs") for line in doc["lines"]}
            )
        return found

    def digest(self, scopes: Iterable[str]) -> set[tuple[str, int, str]]:
        """Id, revision and hash of everything in these scopes."""
        rows = self.server.sql(
            "select id::text, rev, hash from fieldapp.record where scope = any(%s)", [list(scopes)]
        )
        return {(record, rev, hash_) for record, rev, hash_ in rows}

    def open_conflicts(self, scopes: Iterable[str]) -> set[str]:
        """Those that nobody has decided."""
        rows = self.server.sql(
            "select id::text from fieldapp.conflict where scope = any(%s) and not decided",
            [list(scopes)],
        )
        return {row[0] for row in rows}

    def story(self, record: str | None = None) -> str:
        """What happened to a record, or to those with conflicts, for whoever reads a failure."""
        rows = self.server.sql(
            "select v.record::text, v.rev, v.author, v.op_id::text, v.state, v.doc->>'answers'"
            " from fieldapp.record_version v where v.scope = any(%s) and case when %s::uuid is null"
            " then v.record in (select object_id from fieldapp.conflict)"
            " else v.record = %s::uuid end order by v.record, v.rev",
            [self.towns, record, record],
        )
        told = [
            f"{rev} by {author} {state} {answers}\n    {self.written.operations[op_id]}"
            for _, rev, author, op_id, state, answers in rows
        ]
        disputes = self.server.sql(
            "select object_id::text, rev, doc from fieldapp.conflict where scope = any(%s)",
            [self.towns],
        )
        return "\n".join([*told, *map(str, disputes)])

    def answers(self) -> dict[str, dict[str, str]]:
        """Every record as the server has it."""
        rows = self.server.sql(
            "select id::text, doc->'answers' from fieldapp.record where scope = any(%s)",
            [self.towns],
        )
        return {record: dict(answers) for record, answers in rows}


@contextlib.contextmanager
def office(folder: Path, server: Server) -> Iterator[Office]:
    """An office of its own in the server's database, over a line of its own."""
    with Line(server.base_url) as line, contextlib.closing(Office(folder, server, line)) as made:
        yield made


def assert_truth(office: Office) -> None:
    """All that must hold at rest."""
    every_queue_is_empty(office)
    every_operation_ended_where_somebody_sees_it(office)
    every_laptop_holds_what_the_server_holds(office)
    versions = office.versions()
    disputed = office.disputed()
    for revisions in versions.values():
        before: Mapping[str, str] = {}
        writers: dict[str, str] = {}
        for made in revisions:
            operation = office.written.operations[made.op_id]
            disputes = disputed.get(made.op_id, {})
            no_value_is_lost(operation, before, made.answers, disputes)
            no_value_came_from_nowhere(operation, before, made.answers)
            no_pair_is_torn(office, operation, before, made.answers, writers)
            writers |= {
                path: operation.author
                for path in TIMES
                if before.get(path) != made.answers.get(path)
            }
            before = made.answers
    for record, answers in office.answers().items():
        assert answers["total"] == total(answers), office.story(record)


def every_queue_is_empty(office: Office) -> None:
    """I8: nothing is left that a round would offer."""
    for laptop in office.laptops:
        left = laptop.replica.pending(PUSH_MAX_OPERATIONS, PUSH_MAX_BYTES)
        assert left == (), [laptop.operations()[one.op_id] for one in left]


def every_operation_ended_where_somebody_sees_it(office: Office) -> None:
    """I1, and I3: what was taken in made one revision, however often it was delivered."""
    made = [one.op_id for revisions in office.versions().values() for one in revisions]
    assert len(set(made)) == len(made)
    receipts = office.receipts()
    found: set[str] = set()
    for laptop in office.laptops:
        waits = laptop.waits()
        for op_id, own in laptop.operations().items():
            found.add(op_id)
            assert own.state in ("acked", "settled") or op_id in waits, own
            if own.state in ("acked", "settled"):
                assert receipts[op_id] in ("applied", "merged", "conflict"), own
                assert op_id in made, own
            else:
                assert op_id not in made, own
    missing = office.written.operations.keys() - found - receipts.keys() - office.written.lost
    assert missing == set()


def every_laptop_holds_what_the_server_holds(office: Office) -> None:
    """I4 and I5: the same revisions of the same records, and none of another scope."""
    everything = office.answers()
    for laptop in office.laptops:
        assert held_digest(laptop) == office.digest(laptop.scopes)
        assert laptop.open_conflicts() == office.open_conflicts(laptop.scopes), office.story()
        own = laptop.operations()
        troubled = {own[op_id].operation.object.id for op_id in laptop.waits()}
        for record, answers in laptop.seen().items():
            if record not in troubled:
                assert answers == everything[record]


def held_digest(laptop: Laptop) -> set[tuple[str, int, str]]:
    """Id, revision and hash of everything that the server sent."""
    with laptop.store.reading() as db:
        rows = db.rows("SELECT id, rev, hash FROM record WHERE server_doc IS NOT NULL")
        return {(record, rev, hash_) for record, rev, hash_ in rows}


def no_value_is_lost(
    operation: Operation,
    before: Mapping[str, str],
    after: Mapping[str, str],
    disputes: Mapping[str, str | None],
) -> None:
    """I7: what its author set stands, or waits in a conflict, or its merge rule says otherwise."""
    for line in operation.patch:
        stands = value_at(after, line.path)
        if line.path in disputes:
            assert disputes[line.path] == line.new, (operation, line)
        elif line.path == "log" and line.new is not None:
            added = line.new.removeprefix(line.old or "").strip("\n")
            assert added in (stands or ""), (operation, line)
        elif line.path == "peak" and line.new is not None:
            others = [text for text in (before.get("peak"), line.new) if text]
            assert stands in others, (operation, line)
        elif line.path not in ("total", "log", "peak"):
            assert stands == line.new, (operation, line)


def no_value_came_from_nowhere(
    operation: Operation, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """I7, the other way: a value that stood is replaced by an author who saw it, and no other."""
    lines = {line.path: line for line in operation.patch}
    removed = tuple(f"{path}/" for path in lines if is_instance(path))
    for path in before.keys() | after.keys():
        if before.get(path) == after.get(path) or path.startswith("meta/") or path == "total":
            continue
        if path.startswith(removed):
            whole = path.rpartition("/")[0]
            assert lines[whole].old == value_at(before, whole), (operation, path)
            continue
        line = lines[path]
        if path in ASKED or path.startswith("areas["):
            assert before.get(path) == line.old, (operation, path)


def no_pair_is_torn(
    office: Office,
    operation: Operation,
    before: Mapping[str, str],
    after: Mapping[str, str],
    writers: Mapping[str, str],
) -> None:
    """F5: one half of a group is laid beside no other half than the one that its author saw, or
    wrote on another copy of the same disk.
    """
    saw = office.written.answers[operation.op_id]
    changed = {path for path in TIMES if before.get(path) != after.get(path)}
    if changed and operation.kind != "resolve":
        for path in TIMES - changed - {line.path for line in operation.patch}:
            is_own = writers.get(path) == operation.author
            assert is_own or before.get(path) == saw.get(path), (operation, path)
