"""The SQL of a push: what a batch needs to know, read at once, and what it leaves, written at once.

Locks are taken in one order by every transaction: the replica's row, records by id, entities by
list and id (`entity_rows`), counters of official numbers, scope heads by name. Whatever the number
of operations, a batch is a handful of statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Json

from fieldapp.domain.exchange import ChangeKind, ConflictDoc, Receipt
from fieldapp.domain.operation import ObjectRef, Operation
from fieldapp.domain.record import RecordDoc, document_hash
from fieldapp.domain.shapes import encode, read
from fieldapp.server.database import Connection
from fieldapp.server.sessions import Account, Speaker
from fieldapp.server.standing import RecordRevision, Standing, StoredConflict


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation of this replica that has a receipt; incarnation: in which it came last;
    seen_rev: the revision of its record that its author had seen.
    """

    op_hash: str
    receipt: Receipt
    incarnation: int
    seen_rev: int | None = None


@dataclass(frozen=True, slots=True)
class JudgedOperation:
    """An operation with the receipt it is now given."""

    operation: Operation
    op_hash: str
    receipt: Receipt
    is_kept: bool
    was_kept: bool = False
    seen_rev: int | None = None


def known_operations(
    connection: Connection, replica: str, op_ids: Iterable[str]
) -> dict[str, KnownOperation]:
    """Which of these operations the server has had from this replica."""
    rows = connection.execute(
        "select op_id::text, op_hash, result, incarnation, seen_rev from fieldapp.op_receipt"
        " where replica = %s and op_id = any(%s::uuid[])",
        [replica, list(op_ids)],
    ).fetchall()
    return {row[0]: KnownOperation(row[1], read(Receipt, row[2]), *row[3:]) for row in rows}


def used_seqs(
    connection: Connection, replica: str, incarnation: int, *, after: int
) -> dict[int, str]:
    """Which operation took which seq of this incarnation, above `after`."""
    rows = connection.execute(
        "select seq, op_id::text from fieldapp.op_receipt"
        " where replica = %s and incarnation = %s and seq > %s",
        [replica, incarnation, after],
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def locked_records(connection: Connection, ids: Iterable[str]) -> dict[str, Standing]:
    """Records that this account may see, locked in order of id until the transaction ends."""
    rows = connection.execute(
        "select id::text, rev, doc, deleted from fieldapp.record"
        " where id = any(%s::uuid[]) order by id for update",
        [sorted(set(ids))],
    ).fetchall()
    return {row[0]: Standing(read(RecordDoc, row[2]), row[1], row[3]) for row in rows}


def records_about(connection: Connection, subjects: Iterable[ObjectRef]) -> set[str]:
    """Records whose subject is one of these, as far as this account may see them."""
    rows = connection.execute(
        "select id::text from fieldapp.record where subject = any(%s) and not deleted",
        [[of.id for of in subjects]],
    ).fetchall()
    return {row[0] for row in rows}


def open_conflicts(connection: Connection, objects: Iterable[ObjectRef]) -> list[StoredConflict]:
    """Conflicts of these records and entities that nobody has decided."""
    asked = {of.id: of for of in objects}
    rows = connection.execute(
        "select object_id::text, list, rev, doc from fieldapp.conflict"
        " where object_id = any(%s::uuid[]) and not decided order by rev",
        [list(asked)],
    ).fetchall()
    return [
        StoredConflict(read(ConflictDoc, row[3]), object_ref(row[0], row[1]), row[2])
        for row in rows
    ]


def object_ref(object_id: str, list_name: str | None) -> ObjectRef:
    """A record, or an entity of a list."""
    return ObjectRef(type="record" if list_name is None else "entity", id=object_id, list=list_name)


def last_touched(
    connection: Connection, of: ObjectRef, paths: Sequence[str]
) -> tuple[str, str] | None:
    """Author and instant of the newest stored revision that touched one of the paths."""
    row = connection.execute(
        "select author, at from fieldapp.entity_version"
        " where list = %(list)s and id = %(id)s and paths && %(paths)s order by rev desc limit 1"
        if of.list is not None
        else "select author, at from fieldapp.record_version"
        " where record = %(id)s and paths && %(paths)s order by rev desc limit 1",
        {"list": of.list, "id": of.id, "paths": list(paths)},
    ).fetchone()
    return (row[0], row[1]) if row else None


# What bears the name of the replica and was not brought in this life of it is somebody else's: a
# copy of its disk wrote it.
_BY_OTHERS = """
    rev > %(rev)s and (
        v.replica <> %(replica)s or exists (
            select from fieldapp.op_receipt r
            where r.replica = v.replica and r.op_id = v.op_id
                and r.incarnation < %(incarnation)s and r.op_id <> all(%(brought)s::uuid[])
        )
    )
"""


def paths_since(
    connection: Connection, of: ObjectRef, rev: int, *, asker: Speaker, brought: Iterable[str]
) -> set[str]:
    """Every path that stored revisions after `rev` touched, the asker's own left out.

    brought: operations of its earlier lives that it brings again in this batch.
    """
    rows = connection.execute(
        f"select unnest(paths) from fieldapp.entity_version v"  # noqa: S608 - a constant
        f" where list = %(list)s and id = %(id)s and {_BY_OTHERS}"
        if of.list is not None
        else f"select unnest(paths) from fieldapp.record_version v"  # noqa: S608
        f" where record = %(id)s and {_BY_OTHERS}",
        {
            "list": of.list,
            "id": of.id,
            "rev": rev,
            "replica": asker.replica,
            "incarnation": asker.incarnation,
            "brought": list(brought),
        },
    ).fetchall()
    return {row[0] for row in rows}


_RECORDS = """
    with staged as materialized (
        select * from json_to_recordset(%s::json) as s (
            record uuid, rev bigint, is_new boolean, is_last boolean, hash text, scope text,
            form_id text, form_version text, kind text, state text,
            op_id uuid, author text, at text, reason text, paths text[], doc jsonb, deleted boolean
        )
    ), made as (
        insert into fieldapp.record
            (id, scope, form_id, form_version, kind, state, rev, hash, doc, deleted)
        select record, scope, form_id, form_version, kind, state, rev, hash, doc, deleted
        from staged where is_last and is_new order by record
    ), changed as (
        update fieldapp.record r
        set state = s.state, rev = s.rev, hash = s.hash, doc = s.doc, deleted = s.deleted,
            updated_at = now()
        from staged s where s.is_last and not s.is_new and r.id = s.record
    )
    insert into fieldapp.record_version
        (record, rev, scope, replica, op_id, author, at, state, reason, paths, doc)
    select record, rev, scope, %s, op_id, author, at, state, reason, paths, doc from staged
"""


def write_records(
    connection: Connection,
    speaker: Speaker,
    revisions: Sequence[tuple[str, RecordRevision]],
    new: set[str],
) -> None:
    """The newest state of each record, and every revision that led to it, in one statement.

    revisions: each with the operation that made it; new: ids of records that did not stand before.
    """
    last = {made.object.id: made.header.rev for _, made in revisions}
    staged = []
    for op_id, made in revisions:
        record, doc = made.object.id, made.standing.doc
        is_last = last[record] == made.header.rev
        staged.append(
            {
                "record": record,
                "rev": made.header.rev,
                "is_new": record in new,
                "is_last": is_last,
                "hash": document_hash(doc) if is_last else None,
                "scope": doc.scope,
                "form_id": doc.form.id,
                "form_version": doc.form.version,
                "kind": doc.kind,
                "state": doc.state,
                "op_id": op_id,
                "author": made.header.who,
                "at": made.header.when,
                "reason": made.header.reason,
                "paths": made.header.paths,
                "doc": doc,
                "deleted": made.standing.is_deleted,
            }
        )
    if staged:
        connection.execute(_RECORDS, [as_rows(staged), speaker.replica])


_CONFLICTS = """
    insert into fieldapp.conflict (id, object_id, list, scope, rev, paths, decided, doc)
    select id, object_id, list, scope, rev, paths, decided, doc
    from json_to_recordset(%s::json) as s (
        id uuid, object_id uuid, list text, scope text, rev bigint, paths text[], decided boolean,
        doc jsonb
    )
    on conflict (id) do update
    set scope = excluded.scope, decided = excluded.decided, doc = excluded.doc
"""


def write_conflicts(
    connection: Connection, conflicts: Sequence[StoredConflict], scopes: Mapping[ObjectRef, str]
) -> None:
    """New conflicts, and those now decided. `scopes`: home scope by object."""
    staged = [
        {
            "id": conflict.doc.id,
            "object_id": conflict.object.id,
            "list": conflict.object.list,
            "scope": scopes[conflict.object],
            "rev": conflict.rev,
            "paths": [line.path for line in conflict.doc.lines],
            "decided": conflict.doc.decided_by is not None,
            "doc": conflict.doc,
        }
        for conflict in conflicts
    ]
    if staged:
        connection.execute(_CONFLICTS, [as_rows(staged)])


_RECEIPTS = """
    insert into fieldapp.op_receipt
        (replica, op_id, account, incarnation, seq, op_hash, result, seen_rev)
    select %s, op_id, %s, %s, seq, op_hash, result, seen_rev
    from json_to_recordset(%s::json) as s (
        op_id uuid, seq bigint, op_hash text, result jsonb, seen_rev bigint
    )
    on conflict (replica, op_id) do update
    set result = excluded.result, incarnation = excluded.incarnation, seq = excluded.seq,
        seen_rev = excluded.seen_rev
"""


def write_receipts(
    connection: Connection, speaker: Speaker, account: Account, judged: Sequence[JudgedOperation]
) -> None:
    """The receipts, and the operations that are kept because they were not wholly applied."""
    staged = [
        {
            "op_id": one.operation.op_id,
            "seq": one.operation.seq,
            "op_hash": one.op_hash,
            "result": one.receipt,
            "seen_rev": one.seen_rev,
        }
        for one in judged
    ]
    if staged:
        connection.execute(
            _RECEIPTS, [speaker.replica, account.id, speaker.incarnation, as_rows(staged)]
        )
    freed = [one.operation.op_id for one in judged if one.was_kept and not one.is_kept]
    if freed:
        connection.execute(
            "delete from fieldapp.quarantine where replica = %s and op_id = any(%s::uuid[])",
            [speaker.replica, freed],
        )
    keep(connection, speaker, account, [one for one in judged if one.is_kept])


def renumber_receipts(connection: Connection, speaker: Speaker, seqs: Mapping[str, int]) -> None:
    """Operations (seq by op_id) that a restored laptop brought again, under the numbers they have
    now; those of this incarnation keep theirs.
    """
    if seqs:
        connection.execute(
            "update fieldapp.op_receipt r set incarnation = %s, seq = s.seq"
            " from unnest(%s::uuid[], %s::bigint[]) as s (op_id, seq)"
            " where r.replica = %s and r.op_id = s.op_id and r.incarnation < %s",
            [
                speaker.incarnation,
                list(seqs),
                list(seqs.values()),
                speaker.replica,
                speaker.incarnation,
            ],
        )


def keep(
    connection: Connection, speaker: Speaker, account: Account, kept: Sequence[JudgedOperation]
) -> None:
    """Put operations into quarantine, as they came."""
    if kept:
        connection.cursor().executemany(
            "insert into fieldapp.quarantine (replica, op_id, op_hash, account, code, operation)"
            " values (%s, %s, %s, %s, %s, %s)"
            " on conflict (replica, op_id, op_hash) do update set code = excluded.code",
            [
                (
                    speaker.replica,
                    one.operation.op_id,
                    one.op_hash,
                    account.id,
                    one.receipt.code,
                    encode(one.operation),
                )
                for one in kept
            ],
        )


_CHANGES = """
    insert into fieldapp.change_row (scope, scope_seq, change, object_id, list, rev, conflict)
    select scope, scope_seq, change, object_id, list, rev, conflict
    from json_to_recordset(%s::json) as s (
        scope text, scope_seq bigint, change text, object_id uuid, list text, rev bigint,
        conflict uuid
    )
    on conflict on constraint change_row_newest do update
    set scope_seq = excluded.scope_seq, change = excluded.change, rev = excluded.rev
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a scope is told: an object's new revision, that it is seen no more, or a conflict."""

    scope: str
    object: ObjectRef
    rev: int
    conflict: str | None = None
    change: ChangeKind = "put"


def write_changes(connection: Connection, changes: Sequence[Change]) -> None:
    """Number the changes per scope. Takes the scope heads: call it last, then commit."""
    by_scope: dict[str, list[Change]] = {}
    for change in changes:
        by_scope.setdefault(change.scope, []).append(change)
    staged: list[dict[str, Any]] = []
    for scope in sorted(by_scope):
        count = len(by_scope[scope])
        head = connection.execute(
            "update fieldapp.scope_head set head = head + %s where scope = %s returning head",
            [count, scope],
        ).fetchone()
        if head is None:
            raise LookupError("a scope without a head")
        staged += [
            {
                "scope": scope,
                "scope_seq": scope_seq,
                "change": change.change if change.conflict is None else "conflict",
                "object_id": change.object.id,
                "list": change.object.list,
                "rev": change.rev,
                "conflict": change.conflict,
            }
            for scope_seq, change in enumerate(by_scope[scope], start=head[0] - count + 1)
        ]
    if staged:
        connection.execute(_CHANGES, [as_rows(staged)])


def as_rows(staged: Sequence[Mapping[str, Any]]) -> Json:
    """Rows as one JSON text: three times faster than a statement a row, RLS and all."""
    return Json(staged)  # written by msgspec (`database`), and never a str in between
