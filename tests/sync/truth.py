"""Three laptops, two towns, an organisation and a private scope, and what must be true of them
whatever happened.

The invariants (I1…) are those of the protocol's test plan, asked of every revision; those of
entities are in `entity_truth`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from fieldapp.domain.exchange import DeviceState
from fieldapp.domain.operation import Operation, value_at
from fieldapp.domain.scalars import is_instance
from fieldapp.server import accounts, devices, settlement
from fieldapp.sync.protocol import PUSH_MAX_BYTES, PUSH_MAX_OPERATIONS
from tests.outbox import pending
from tests.servers import Server
from tests.sync.entity_truth import assert_entities
from tests.sync.kept_databases import KeptDatabases
from tests.sync.lines import Line
from tests.sync.real import Laptop
from tests.sync.round_laptop import RoundLaptop
from tests.sync.sights import Seen
from tests.sync.workbook import ASKED, TIMES, total

#: After the last fault, each laptop needs no more rounds than this (I8).
ROUNDS_TO_REST = 3


@dataclass(frozen=True)
class Version:
    """One revision on the server: who made it, by which operation, and what stood afterwards."""

    op_id: str
    answers: Mapping[str, str]


class Office:
    """Two towns, an organisation over both, a private scope, and the laptops of three people.

    Nobody of the first laptop is named in the private scope.
    """

    def __init__(self, folder: Path, server: Server, line: Line) -> None:
        self.server = server
        self.towns = [server.new_scope() for _ in range(4)]
        one, two, org, private = self.towns
        with self._owner() as owner:
            for scope, kind in ((org, "org"), (private, "private")):
                owner.execute("update fieldapp.scope set kind = %s where id = %s", [kind, scope])
        self.written = Seen()
        self.laptops = [
            RoundLaptop(folder, server, scopes, line, self.written)
            for scopes in ((one, org), (two, org, private), (one, two, private))
        ]
        self.kept = KeptDatabases(server.postgres.owner_url)

    def close(self) -> None:
        """Close every store."""
        self.kept.close()
        for laptop in self.laptops:
            laptop.store.close()

    # What happens to disks

    def put_back(self, laptop: RoundLaptop) -> None:
        """Restore a laptop from its backup; what nobody else has of it is lost with the disk."""
        laptop.restore()
        self._count_losses()

    def restore_server(self, which: int) -> None:
        """The server's disk is lost, and one of its backups takes its place; whoever runs it sets
        up again who belongs where.
        """
        self.kept.put_back(which)
        for laptop in self.laptops:
            self._set_up(laptop)
        self._count_losses()

    def _count_losses(self) -> None:
        """What is on no disk any more is nowhere; what is on a backup may come back."""
        held = {op_id for laptop in self.laptops for op_id in laptop.operations()}
        self.written.lost |= self.written.operations.keys() - held - self.receipts().keys()

    # What whoever runs the server does

    def join(self, laptop: RoundLaptop, scope: str) -> None:
        """Its worker belongs to one more scope."""
        laptop.place.scopes.add(scope)
        self._set_up(laptop)

    def leave(self, laptop: RoundLaptop, scope: str) -> None:
        """Its worker belongs there no more; somewhere they always do."""
        if laptop.scopes - {scope}:
            laptop.place.scopes.discard(scope)
            self._set_up(laptop)

    def set_state(self, laptop: RoundLaptop, state: DeviceState) -> None:
        """From now on it may do this."""
        laptop.place.state = state
        self._set_up(laptop)

    def _set_up(self, laptop: RoundLaptop) -> None:
        with self._owner() as owner:
            for scope in set(self.towns) - laptop.scopes:
                accounts.remove_member(owner, laptop.user, scope)
            for scope in laptop.scopes:
                owner.execute(
                    "insert into fieldapp.membership (account, scope) values (%s, %s)"
                    " on conflict do nothing",
                    [laptop.user, scope],
                )
            replica = str(laptop.replica.identity().replica)
            devices.set_state(owner, replica, laptop.place.state)

    def _owner(self) -> contextlib.AbstractContextManager[psycopg.Connection]:
        return accounts.owner_connection(self.server.postgres.owner_url)

    def bring_to_rest(self) -> None:
        """Everybody may exchange again, and does over a whole line, so often as it may take (I8).

        After a restore of the server once more, when everybody has been back.
        """
        for laptop in self.laptops:
            self.set_state(laptop, "active")
        self._exchange_all()
        if self.kept.were_put_back:
            with self._owner() as owner:
                settlement.end_refill(owner)
            self._exchange_all()

    def _exchange_all(self) -> None:
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

    def deleted(self) -> set[str]:
        """The records and the entities that are no more."""
        rows = self.server.sql(
            "select id::text from fieldapp.record where deleted and scope = any(%s) union all"
            " select id::text from fieldapp.entity where deleted and scope = any(%s)",
            [self.towns] * 2,
        )
        return {id_ for (id_,) in rows}

    def made_entities(self) -> list[str]:
        """The operations that made a revision of an entity itself."""
        rows = self.server.sql(
            "select distinct op_id::text from fieldapp.entity_version where scope = any(%s)",
            [self.towns],
        )
        return [op_id for (op_id,) in rows]

    def disputed(self) -> dict[str, dict[str, str | None]]:
        """What lost and waits for a person, or was decided: path and value by operation."""
        found: dict[str, dict[str, str | None]] = {}
        for (doc,) in self.server.sql(
            "select doc from fieldapp.conflict where scope = any(%s) and list is null", [self.towns]
        ):
            found.setdefault(doc["op_id"], {}).update(
                {line["path"]: line.get("theirs") for line in doc["lines"]}
            )
        return found

    def digest(self, scopes: Iterable[str]) -> set[tuple[str, int, str]]:
        """Id, revision and hash of every record that these scopes see."""
        rows = self.server.sql(
            "select id::text, rev, hash from fieldapp.record r where not deleted and"
            " (scope = any(%s) or exists (select from fieldapp.object_scope s"
            " where s.list = '' and s.object_id = r.id and s.view = 'full'"
            " and s.until_rev is null and s.scope = any(%s)))",
            [list(scopes)] * 2,
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
    assert_entities(office.server, office.towns, office.laptops, office.written)
    versions = office.versions()
    disputed = office.disputed()
    deleted = office.deleted()
    for record, revisions in versions.items():
        nothing_deleted_comes_back(office, record, revisions, is_deleted=record in deleted)
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
        left = pending(laptop.replica, PUSH_MAX_OPERATIONS, PUSH_MAX_BYTES)
        assert left == (), [laptop.operations()[one.op_id] for one in left]


def every_operation_ended_where_somebody_sees_it(office: Office) -> None:
    """I1, and I3: what was taken in made one revision, however often it was delivered."""
    made = [one.op_id for revisions in office.versions().values() for one in revisions]
    assert len(set(made)) == len(made)
    made += office.made_entities()
    deleted = office.deleted()
    receipts = office.receipts()
    found: set[str] = set()
    for laptop in office.laptops:
        waits = laptop.waits()
        for op_id, own in laptop.operations().items():
            found.add(op_id)
            assert own.state in ("acked", "settled") or op_id in waits, own
            if own.state in ("acked", "settled"):
                assert receipts[op_id] in ("applied", "merged", "conflict"), own
                # What is deleted twice is deleted once.
                assert op_id in made or own.operation.object.id in deleted, own
            else:
                assert op_id not in made, own
    missing = office.written.operations.keys() - found - receipts.keys() - office.written.lost
    assert missing == set()


def every_laptop_holds_what_the_server_holds(office: Office) -> None:
    """I4 and I5: the same revisions of the same records, and none of another scope."""
    everything = office.answers()
    for laptop in office.laptops:
        assert held_digest(laptop) == office.digest(laptop.scopes)
        here, there = laptop.open_conflicts(), office.open_conflicts(laptop.scopes)
        differing = (here ^ there) - decided_behind_a_refusal(laptop)
        assert not differing, "\n".join([*decisions(laptop, differing), office.story()])
        own = laptop.operations()
        troubled = {own[op_id].operation.object.id for op_id in laptop.waits()}
        for record, answers in laptop.seen().items():
            if record not in troubled:
                assert answers == everything[record]


def decided_behind_a_refusal(laptop: Laptop) -> set[str]:
    """Conflicts that somebody decided here by an operation that waits for a refused one: their line
    stands in 주고받기. No other resolve is unanswered at rest.
    """
    with laptop.store.reading() as db:
        rows = db.rows(
            "SELECT c.id FROM conflict c JOIN operation o ON o.object_id = c.object_id"
            " WHERE o.kind = 'resolve' AND o.op_state IN ('new', 'sent')"
        )
        return {conflict_id for (conflict_id,) in rows}


def decisions(laptop: Laptop, ids: Iterable[str]) -> list[str]:
    """What a laptop made of some conflicts, for whoever reads a failure."""
    with laptop.store.reading() as db:
        return [
            f"{laptop.user}: {row}"
            for conflict_id in sorted(ids)
            for row in db.rows(
                "SELECT c.id, c.is_open, c.decided_by, c.doc ->> '$.decided_by', o.op_id,"
                " o.op_state, o.status, o.code, o.base_op, o.doc ->> '$.base' FROM conflict c"
                " LEFT JOIN operation o ON o.object_id = c.object_id AND o.kind = 'resolve'"
                " WHERE c.id = ?",
                (conflict_id,),
            )
            or [(conflict_id, "is not here")]
        ]


def held_digest(laptop: Laptop) -> set[tuple[str, int, str]]:
    """Id, revision and hash of everything that the server sent."""
    with laptop.store.reading() as db:
        rows = db.rows(
            "SELECT id, rev, hash FROM record WHERE server_doc IS NOT NULL AND NOT evicted"
            " AND NOT server_deleted"
        )
        return {(record, rev, hash_) for record, rev, hash_ in rows}


def nothing_deleted_comes_back(
    office: Office, record: str, revisions: list[Version], *, is_deleted: bool
) -> None:
    """I6: a deletion is the last word on a record, on the server and on every laptop. One that may
    see it no more is told nothing, and may hold what the server refused of it.
    """
    kinds = [office.written.operations[one.op_id].kind for one in revisions]
    assert kinds.count("delete") == is_deleted, kinds
    if is_deleted:
        assert kinds[-1] == "delete"
        for laptop in office.laptops:
            assert record not in laptop.seen() or laptop.has_lost(record)


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
        if before.get(path) == after.get(path) or "meta/" in path or path == "total":
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
