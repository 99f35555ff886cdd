"""Where an object is seen and where it was, revision by revision (formats F8).

A `Sight` says from which revision on, and up to which, a scope sees an object, and whether in full
or as a card. An object that was never shared nor moved has none: its home scope sees all of it.
Whether a late operation is allowed is read off the sights; no clock is asked.

Decisions that the formats leave open:
- A share is a change with the line `@share`, whose value is the view and the scope (`card 햇살동`);
  the same line without a new value takes it back. Only members of the home scope share or move.
- A move or a share makes a revision like any other operation. Its path is `@home` or `@share`, so
  that the history tells of it without naming the other scope.
- A town may be given anything; an organisation only what it is asked to take by one of its own
  members, or what is shared with it; a private scope only what a member moves there or shares.
- Of an entity shared in full, the scope it is shared with may also change it, since it sees the
  revisions that it builds on. Conflicts go to the home scope, where they are decided.
- A record about somebody whose home is a private scope is written there, whichever scope its author
  named, and refused when its author is no member.
- A card is the label and the properties that the newest forms mark (survey column `card`, beside
  `save_to`: pyxform refuses a column of ours in the entities sheet).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import ChangeKind, SeenAs
from fieldapp.domain.operation import ObjectRef, Subject
from fieldapp.domain.record import document_hash
from fieldapp.domain.shapes import encode
from fieldapp.server.database import Connection


@dataclass(frozen=True, slots=True)
class Sight:
    """A scope sees an object: in revisions `from_rev` ≤ rev < `until_rev` (None: still)."""

    scope: str
    view: SeenAs
    is_home: bool
    from_rev: int
    until_rev: int | None = None


#: What is known of one object; empty for one that was never shared nor moved.
Sights: TypeAlias = tuple[Sight, ...]


def present(sights: Sights) -> Sights:
    """Those that still see it."""
    return tuple(one for one in sights if one.until_rev is None)


def was_visible(sights: Sights, scopes: Collection[str], rev: int) -> bool:
    """Whether one of these scopes saw a revision in full; true of what never left its home."""
    return not sights or any(
        one.scope in scopes
        and one.view == "full"
        and one.from_rev <= rev
        and (one.until_rev is None or rev < one.until_rev)
        for one in sights
    )


def moved(sights: Sights, home: str, target: str, rev: int) -> Sights:
    """The home scope sees it no more from this revision on, the target sees it instead."""
    return (
        *_ended(_known(sights, home), rev, [home, target]),
        Sight(target, "full", is_home=True, from_rev=rev),
    )


def shared(sights: Sights, home: str, target: str, view: SeenAs | None, rev: int) -> Sights:
    """The target sees it like this from this revision on; None: no more."""
    ended = tuple(_ended(_known(sights, home), rev, [target]))
    return ended if view is None else (*ended, Sight(target, view, is_home=False, from_rev=rev))


def seen_as(sights: Sights, scope: str) -> SeenAs | None:
    """How a scope that is not its home sees it now."""
    return next((one.view for one in present(sights) if one.scope == scope), None)


def told(home: str, before: Sights, after: Sights) -> Iterator[tuple[str, ChangeKind]]:
    """Which scopes a transaction tells of an object, and what: those that see it no more first.

    before, after: its sights at the transaction's beginning and end.
    """
    seeing = {one.scope for one in present(after)} or {home}
    ended = {(one.scope, one.from_rev) for one in before if one.until_rev is not None}
    gone = {
        one.scope
        for one in after
        if one.until_rev is not None and (one.scope, one.from_rev) not in ended
    }
    for scope in sorted(gone - seeing):
        yield scope, "evict"
    for scope in sorted(seeing):
        yield scope, "put"


def _known(sights: Sights, home: str) -> Sights:
    return sights or (Sight(home, "full", is_home=True, from_rev=1),)


def _ended(sights: Sights, rev: int, scopes: Collection[str]) -> Iterator[Sight]:
    for one in sights:
        ends = one.until_rev is None and one.scope in scopes
        yield replace(one, until_rev=rev) if ends else one


def card_of(doc: EntityDoc, marked: Collection[str]) -> EntityDoc:
    """What somebody sees who may see no more than that it is there, and the marked properties."""
    props = {name: value for name, value in doc.props.items() if name in marked}
    return EntityDoc(label=doc.label, props=props)


def read_sights(connection: Connection, objects: Iterable[ObjectRef]) -> dict[ObjectRef, Sights]:
    """Those of these objects that were ever shared or moved, and where they are and were seen."""
    asked = {(of.list or "", of.id): of for of in objects}
    rows = connection.execute(
        "select list, object_id::text, scope, view, is_home, from_rev, until_rev"
        " from fieldapp.object_scope where object_id = any(%s::uuid[]) order by from_rev, scope",
        [list({object_id for _, object_id in asked})],
    ).fetchall()
    found: dict[ObjectRef, Sights] = {}
    for list_name, object_id, *facts in rows:
        of = asked.get((list_name, object_id))
        if of is not None:
            found[of] = (*found.get(of, ()), Sight(*facts))
    return found


def kind_of(connection: Connection, scope: str) -> str | None:
    """Of which kind a scope is, whoever belongs to it; None when there is none."""
    row = connection.execute("select fieldapp.scope_kind(%s)", [scope]).fetchone()
    return None if row is None else row[0]


class Homes:
    """Of which kind scopes are, and who is at home in a private one, whoever belongs to it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kinds: dict[str, str | None] = {}
        self._private: Mapping[tuple[str, str], str] = {}

    def read(self, subjects: Iterable[Subject]) -> None:
        """Find out about these subjects, all at once."""
        asked = sorted({(one.list, one.id) for one in subjects})
        if asked:
            rows = self._connection.execute(
                "select list, id::text, scope from fieldapp.private_homes(%s::text[], %s::uuid[])",
                [[one for one, _ in asked], [one for _, one in asked]],
            ).fetchall()
            self._private = {(list_name, entity): scope for list_name, entity, scope in rows}

    def kind_of(self, scope: str) -> str | None:
        """town, org or private; None when there is no such scope."""
        if scope not in self._kinds:
            self._kinds[scope] = kind_of(self._connection, scope)
        return self._kinds[scope]

    def private(self, subject: Subject, home: str | None) -> str | None:
        """The private scope in which a subject is at home; None for one that is not.

        home: where this transaction has it, None when it was not read.
        """
        if home is None:
            return self._private.get((subject.list, subject.id))
        return home if self.kind_of(home) == "private" else None


def write_sights(
    connection: Connection,
    sights: Mapping[ObjectRef, Sights],
    docs: Mapping[ObjectRef, EntityDoc],
    marked: Callable[[str], Collection[str]],
) -> None:
    """Write them as they now are, each card after its entity's document.

    marked: the properties that a card of a list shows.

    To be called before the objects themselves are written: that an account saw an object is what
    allows its transaction to write to it where it is now.
    """
    staged = []
    for of, each in sights.items():
        doc = docs.get(of)
        card = None if doc is None else card_of(doc, marked(of.list or ""))
        staged += [_row(of, one, card) for one in each]
    if staged:
        connection.cursor().executemany(
            "insert into fieldapp.object_scope (list, object_id, scope, view, is_home, from_rev,"
            " until_rev, card, card_hash) values (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)"
            " on conflict (object_id, list, scope, from_rev) do update"
            " set until_rev = excluded.until_rev, card = excluded.card,"
            " card_hash = excluded.card_hash",
            staged,
        )


def _row(of: ObjectRef, sight: Sight, card: EntityDoc | None) -> Sequence[Any]:
    shown = card if sight.view == "card" and sight.until_rev is None else None
    return (
        of.list or "",
        of.id,
        sight.scope,
        sight.view,
        sight.is_home,
        sight.from_rev,
        sight.until_rev,
        None if shown is None else encode(shown).decode(),
        None if shown is None else document_hash(shown),
    )
