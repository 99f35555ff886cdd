"""What must be true of entities whatever happened: the invariants of `truth`, asked of households,
persons and improvements, of their moves and shares, and of the effects that ride in a record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.domain.entity import LABEL, MERGED_INTO, NUMBER, SHARE, STATE, flat
from fieldapp.domain.operation import ObjectRef, Operation, PatchLine
from fieldapp.storage.documents import read_stored_values
from tests.servers import Server
from tests.sync.round_laptop import RoundLaptop
from tests.sync.sights import Seen

_SEEN_IN_FULL = """
    e.scope = any(%s) or exists (
        select from fieldapp.object_scope f where f.list = e.list and f.object_id = e.id
        and f.scope = any(%s) and f.view = 'full' and f.until_rev is null)
"""
_FULL = f"""
    select e.list, e.id::text, e.rev, e.hash from fieldapp.entity e
    where not e.deleted and ({_SEEN_IN_FULL})
"""  # noqa: S608 - a constant
_CARDS = f"""
    select s.list, s.object_id::text, s.card_hash from fieldapp.object_scope s
    join fieldapp.entity e on e.list = s.list and e.id = s.object_id
    where s.scope = any(%s) and s.view = 'card' and s.until_rev is null and not e.deleted
        and not ({_SEEN_IN_FULL})
"""  # noqa: S608 - a constant
_VERSIONS = """
    select v.list, v.id::text, v.op_id::text, v.doc from fieldapp.entity_version v
    where (v.list, v.id) in (select list, id from fieldapp.entity where scope = any(%s))
    order by v.list, v.id, v.rev
"""


_WITHOUT_EFFECTS = ("step_refused", "locked")


@dataclass(frozen=True)
class Version:
    """One revision: by which operation, and what stood afterwards."""

    of: ObjectRef
    op_id: str
    values: Mapping[str, str]


def assert_entities(
    server: Server, scopes: Sequence[str], laptops: Iterable[RoundLaptop], written: Seen
) -> None:
    """All that must hold of entities at rest."""
    versions = _versions(server, scopes)
    every_effect_came_about_with_its_operation(server, scopes, versions, written)
    no_value_is_lost_and_none_came_from_nowhere(server, scopes, versions, written)
    no_number_is_given_twice(server, scopes)
    no_alias_leads_back(server, scopes)
    nothing_deleted_comes_back(server, scopes, versions, written)
    for laptop in laptops:
        a_laptop_holds_what_its_scopes_see(server, laptop)


def a_laptop_holds_what_its_scopes_see(server: Server, laptop: RoundLaptop) -> None:
    """I4 and I5: in full where it may, as a card where it may see no more, and nothing else."""
    mine = [sorted(laptop.scopes)]
    full = {tuple(row) for row in server.sql(_FULL, mine * 2)}
    cards = {tuple(row) for row in server.sql(_CARDS, mine * 3)}
    with laptop.store.reading() as db:
        held = db.rows(
            "SELECT list, id, rev, hash, coalesce(local_doc, server_doc) FROM entity"
            " WHERE server_doc IS NOT NULL AND NOT evicted AND NOT server_deleted"
        )
    seen = {(list_name, id_): (rev, hash_) for list_name, id_, rev, hash_, _ in held}
    assert seen == (
        {(list_name, id_): (rev, hash_) for list_name, id_, rev, hash_ in full}
        | {(one, id_): (seen.get((one, id_), (0, ""))[0], hash_) for one, id_, hash_ in cards}
    )
    troubled = _troubled(laptop)
    stands = _standing(server, {id_ for _, id_, _, _ in full})
    for list_name, id_, _, _, doc in held:
        if (list_name, id_) in stands and (list_name, id_) not in troubled:
            assert flat(read_stored_values(doc)) == stands[list_name, id_]


def _troubled(laptop: RoundLaptop) -> set[tuple[str, str]]:
    """The entities of which it shows something that the server did not take, or not yet."""
    waits = laptop.waits()
    return {
        touched
        for op_id, own in laptop.operations().items()
        if op_id in waits or own.code
        for touched in _touched_by(own.operation)
    }


def _touched_by(operation: Operation) -> list[tuple[str, str]]:
    own = [(effect.list, effect.id) for effect in operation.effects]
    return [*own, (operation.object.list, operation.object.id)] if operation.object.list else own


def _standing(server: Server, ids: Collection[str]) -> dict[tuple[str, str], dict[str, str]]:
    rows = server.sql(
        "select list, id::text, doc from fieldapp.entity where id = any(%s::uuid[])", [list(ids)]
    )
    return {(list_name, id_): _values(doc) for list_name, id_, doc in rows}


def _values(doc: Mapping[str, object]) -> dict[str, str]:
    """A document as patches name it."""
    props = doc["props"]
    assert isinstance(props, dict)
    alias = {MERGED_INTO: str(doc["merged_into"])} if doc.get("merged_into") else {}
    return {LABEL: str(doc["label"]), **props, **alias}


def _versions(server: Server, scopes: Sequence[str]) -> list[Version]:
    return [
        Version(ObjectRef(type="entity", list=list_name, id=id_), op_id, _values(doc))
        for list_name, id_, op_id, doc in server.sql(_VERSIONS, [list(scopes)])
    ]


def every_effect_came_about_with_its_operation(
    server: Server, scopes: Sequence[str], versions: Sequence[Version], written: Seen
) -> None:
    """I3 and F3: each effect of an operation that was taken in made one revision; none of them did
    where its step was refused, or where it reached a locked record (정정 요청).
    """
    made = Counter((one.op_id, one.of.list, one.of.id) for one in versions)
    assert not [key for key, times in made.items() if times > 1]
    rows = server.sql(
        "select v.op_id::text, r.result->>'code' from fieldapp.record_version v"
        " join fieldapp.op_receipt r on r.op_id = v.op_id and r.replica = v.replica"
        " where v.scope = any(%s)",
        [list(scopes)],
    )
    for op_id, code in rows:
        for effect in written.operations[op_id].effects:
            came = made[op_id, effect.list, effect.id]
            assert came == (code not in _WITHOUT_EFFECTS), (code, written.operations[op_id])


def no_value_is_lost_and_none_came_from_nowhere(
    server: Server, scopes: Sequence[str], versions: Sequence[Version], written: Seen
) -> None:
    """I7, both ways: nothing replaces a value but the word of somebody who had seen it."""
    disputed: dict[tuple[str, str], dict[str, str | None]] = {}
    for id_, doc in server.sql(
        "select object_id::text, doc from fieldapp.conflict where scope = any(%s)"
        " and list is not null",
        [list(scopes)],
    ):
        lost = {line["path"]: line.get("theirs") for line in doc["lines"]}
        disputed.setdefault((id_, doc["op_id"]), {}).update(lost)
    before: Version | None = None
    for made in versions:
        stood = before.values if before is not None and before.of == made.of else {}
        before = made
        operation = written.operations[made.op_id]
        lines = {line.path: line for line in _lines(operation, made.of)}
        disputes = disputed.get((made.of.id, made.op_id), {})
        for path, line in lines.items():
            is_kept = made.values.get(path) == line.new
            is_again = path == STATE and line.old is None  # made twice, and it has gone its way
            is_disputed = path in disputes and disputes[path] == line.new
            assert is_kept or is_disputed or is_again, (operation, line, made)
        for path in stood.keys() | made.values.keys():
            if stood.get(path) == made.values.get(path):
                continue
            if path == NUMBER and stood.get(path) is None:
                continue
            is_first = path == STATE and stood.get(path) is None
            assert is_first or stood.get(path) == lines[path].old, (operation, path, stood)


def _lines(operation: Operation, of: ObjectRef) -> list[PatchLine]:
    """What an operation says of an entity: itself, or by an effect."""
    if operation.object == of:
        return [line for line in operation.patch if line.path != SHARE]
    return [
        PatchLine(path=name, old=change.old, new=change.new)
        for effect in operation.effects
        if (effect.list, effect.id) == (of.list, of.id)
        for name, change in effect.set.items()
    ]


def no_number_is_given_twice(server: Server, scopes: Sequence[str]) -> None:
    """F9: an official number names one entity of its list in its scope."""
    twice = server.sql(
        "select scope, list, doc->'props'->>'no', count(*) from fieldapp.entity"
        " where scope = any(%s) and doc->'props' ? 'no' group by 1, 2, 3 having count(*) > 1",
        [list(scopes)],
    )
    assert twice == []


def no_alias_leads_back(server: Server, scopes: Sequence[str]) -> None:
    """F9: an alias leads to an entity that lives on."""
    leads = dict(
        server.sql(
            "select id::text, doc->>'merged_into' from fieldapp.entity"
            " where scope = any(%s) and doc ? 'merged_into'",
            [list(scopes)],
        )
    )
    for begun, at in leads.items():
        met = {begun}
        while at in leads:
            assert at not in met, leads
            met.add(at)
            at = leads[at]  # noqa: PLW2901


def nothing_deleted_comes_back(
    server: Server, scopes: Sequence[str], versions: Sequence[Version], written: Seen
) -> None:
    """I6: a deletion is the last word on its object, and what nobody deleted is there."""
    deleted = {
        id_
        for (id_,) in server.sql(
            "select id::text from fieldapp.entity where deleted and scope = any(%s)",
            [list(scopes)],
        )
    }
    last = {one.of.id: written.operations[one.op_id].kind for one in versions}
    assert {id_ for id_, kind in last.items() if kind == "delete"} == deleted
    ends = [one for one in versions if written.operations[one.op_id].kind == "delete"]
    assert len(ends) == len(deleted)
