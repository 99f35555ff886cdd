"""The SQL of entities in a push: read and locked at once, written at once; and official numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.record import document_hash
from fieldapp.domain.shapes import read
from fieldapp.server.database import Connection
from fieldapp.server.rows import as_rows, object_ref
from fieldapp.server.sessions import Speaker
from fieldapp.server.standing import EntityRevision, EntityStanding

#: The list whose entities take others with them when they move (F8, F9).
HOUSEHOLD = "household"


def entity_ref(list_name: str, entity_id: str) -> ObjectRef:
    """An entity of a list."""
    return ObjectRef(type="entity", list=list_name, id=entity_id)


def locked_entities(
    connection: Connection, asked: Iterable[ObjectRef]
) -> dict[ObjectRef, EntityStanding]:
    """Entities that this account may see, locked in order until the transaction ends."""
    keys = sorted({(of.list or "", of.id) for of in asked})
    if not keys:
        return {}
    rows = connection.execute(
        "select list, id::text, rev, scope, doc, deleted from fieldapp.entity"
        " where (list, id) in (select * from unnest(%s::text[], %s::uuid[]))"
        " order by list, id for update",
        [[key[0] for key in keys], [key[1] for key in keys]],
    ).fetchall()
    return {
        entity_ref(row[0], row[1]): EntityStanding(read(EntityDoc, row[4]), row[2], row[3], row[5])
        for row in rows
    }


_FOLLOWERS = """
    with recursive names (id, scope) as (
        select h.id, h.scope from fieldapp.entity h
        where h.list = %(list)s and h.id = any(%(ids)s::uuid[])
        union
        select a.id, a.scope from names n
        join fieldapp.entity a on a.list = %(list)s and a.doc ->> 'merged_into' = n.id::text
            and a.scope = n.scope and not a.deleted
    )
    select %(list)s, n.id::text from names n where n.id <> all(%(ids)s::uuid[])
    union
    select e.list, e.id::text from names n
    join fieldapp.entity e on e.household = n.id::text and e.scope = n.scope
    where not e.deleted
"""


def followers(connection: Connection, households: Iterable[str]) -> set[ObjectRef]:
    """The entities that name these households and are at home where they are: persons, cases, and
    households that turned out to be one of these, with theirs.
    """
    asked = {"list": HOUSEHOLD, "ids": list(households)}
    rows = connection.execute(_FOLLOWERS, asked).fetchall()
    return {entity_ref(row[0], row[1]) for row in rows}


def followers_among(of: ObjectRef, entities: Mapping[ObjectRef, EntityStanding]) -> list[ObjectRef]:
    """Those of these entities that follow a household, in order."""
    home = entities[of].scope
    here = {
        one: standing.doc
        for one, standing in entities.items()
        if standing.scope == home and of.list == HOUSEHOLD and not standing.is_deleted
    }
    names = {of.id}
    while aliases := {
        one.id
        for one, doc in here.items()
        if one.list == HOUSEHOLD and doc.merged_into in names and one.id not in names
    }:
        names |= aliases
    found = [
        one
        for one, doc in here.items()
        if one != of
        and (doc.props.get(HOUSEHOLD) in names or (one.list == HOUSEHOLD and one.id in names))
    ]
    return sorted(found, key=lambda one: (one.list or "", one.id))


def naming(connection: Connection, of: ObjectRef) -> set[ObjectRef]:
    """What is about an entity, belongs to it or was merged into it, in whichever office."""
    rows = connection.execute(
        "select id::text, list from fieldapp.naming(%s, %s)", [of.list, of.id]
    ).fetchall()
    return {object_ref(*row) for row in rows}


def made_revisions(
    connection: Connection, replica: str, op_ids: Iterable[str]
) -> dict[tuple[str, ObjectRef], int]:
    """Which revision of which entity each of these operations of the replica made."""
    rows = connection.execute(
        "select op_id::text, list, id::text, rev from fieldapp.entity_version"
        " where op_id = any(%s::uuid[]) and replica = %s",
        [list(op_ids), replica],
    ).fetchall()
    return {(row[0], entity_ref(row[1], row[2])): row[3] for row in rows}


_ENTITIES = """
    with staged as materialized (
        select * from json_to_recordset(%s::json) as s (
            list text, id uuid, rev bigint, is_new boolean, is_last boolean, hash text, scope text,
            op_id uuid, author text, at text, state text, reason text, paths text[], doc jsonb,
            deleted boolean
        )
    ), made as (
        insert into fieldapp.entity (list, id, scope, rev, hash, doc, deleted)
        select list, id, scope, rev, hash, doc, deleted
        from staged where is_last and is_new order by list, id
    ), changed as (
        update fieldapp.entity e
        set scope = s.scope, rev = s.rev, hash = s.hash, doc = s.doc, deleted = s.deleted,
            updated_at = now()
        from staged s where s.is_last and not s.is_new and e.list = s.list and e.id = s.id
    )
    insert into fieldapp.entity_version
        (list, id, rev, scope, replica, op_id, author, at, state, reason, paths, doc)
    select list, id, rev, scope, %s, op_id, author, at, state, reason, paths, doc from staged
"""


def write_entities(
    connection: Connection,
    speaker: Speaker,
    revisions: Sequence[tuple[str, EntityRevision]],
    new: set[ObjectRef],
) -> None:
    """The newest state of each entity, and every revision that led to it, in one statement."""
    last = {made.object: made.header.rev for _, made in revisions}
    staged: list[dict[str, Any]] = []
    for op_id, made in revisions:
        doc, header = made.standing.doc, made.header
        is_last = last[made.object] == header.rev
        staged.append(
            {
                "list": made.object.list,
                "id": made.object.id,
                "rev": header.rev,
                "is_new": made.object in new,
                "is_last": is_last,
                "hash": document_hash(doc) if is_last else None,
                "scope": made.scope,
                "op_id": op_id,
                "author": header.who,
                "at": header.when,
                "state": header.state,
                "reason": header.reason,
                "paths": header.paths,
                "doc": doc,
                "deleted": made.standing.is_deleted,
            }
        )
    if staged:
        connection.execute(_ENTITIES, [as_rows(staged), speaker.replica])


_NEXT = """
    update fieldapp.number_counter set last = last + 1
    where scope = %(scope)s and list = %(list)s and year = %(year)s returning last
"""
#: The highest number among entities `e` of a year, 0 for none.
HIGHEST = (
    "coalesce(max(substring(e.doc -> 'props' ->> 'no' from '^[0-9]{4}-([0-9]{1,9})$')::bigint), 0)"
)
# Begins after the numbers that an office brought along with its old register.
_FIRST = f"""
    insert into fieldapp.number_counter as c (scope, list, year, last)
    select %(scope)s, %(list)s, %(year)s, 1 + {HIGHEST}
    from fieldapp.entity e
    where e.scope = %(scope)s and e.list = %(list)s
        and e.doc -> 'props' ->> 'no' like %(year)s || '-%%'
    on conflict (scope, list, year) do update set last = c.last + 1
    returning last
"""  # noqa: S608 - a constant
_KNOWN = """
    delete from fieldapp.known_number
    where list = %(list)s and id = %(id)s and scope = %(scope)s returning year, count
"""


def next_number(connection: Connection, of: ObjectRef, scope: str, year: int) -> str:
    """The next official number of a list in a scope and year, from 1: `2026-1`; of an entity that
    had one before this database was restored, that.
    """
    asked = {"scope": scope, "list": of.list, "id": of.id, "year": year}
    known = connection.execute(_KNOWN, asked).fetchone()
    if known is not None:
        return f"{known[0]}-{known[1]}"
    row = (
        connection.execute(_NEXT, asked).fetchone() or connection.execute(_FIRST, asked).fetchone()
    )
    if row is None:
        raise LookupError("a counter that says nothing")
    return f"{year}-{row[0]}"
