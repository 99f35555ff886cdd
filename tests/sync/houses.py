"""What workers do to entities: households and persons of theirs, moved, shared, found to be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldapp.domain.entity import LABEL, MERGED_INTO, SHARE, flat
from fieldapp.domain.ids import uuid7
from fieldapp.domain.operation import ObjectRef, PatchLine
from fieldapp.storage import conflicts, entities
from tests.sync.improvements import HOUSEHOLD
from tests.sync.round_laptop import RoundLaptop

PERSON = "person"


def register(laptop: RoundLaptop, scope: str) -> ObjectRef:
    """A household in one of the laptop's scopes, and who lives there."""
    words = laptop.written.canary
    house = add(laptop, HOUSEHOLD, scope, {LABEL: words(), "memo": words()})
    add(laptop, PERSON, scope, {LABEL: words(), HOUSEHOLD: house.id})
    return house


def add(laptop: RoundLaptop, list_name: str, scope: str, values: Mapping[str, str]) -> ObjectRef:
    """An entity of any list in one of the laptop's scopes."""
    of = _ref(list_name, uuid7(laptop.now()))
    patch = tuple(PatchLine(path=name, new=text) for name, text in values.items())
    laptop.write(of.id, saw={}, object=of, kind="create", scope=scope, patch=patch, form=None)
    return of


def houses(laptop: RoundLaptop) -> list[ObjectRef]:
    """Those that it lists, in an order that is the same for everybody."""
    with laptop.store.reading() as db:
        found = entities.page(db, HOUSEHOLD, limit=-1)
    return sorted((_ref(HOUSEHOLD, one.entity_id) for one in found), key=lambda of: of.id)


def write(laptop: RoundLaptop, of: ObjectRef, name: str, text: str | None) -> None:
    """Set a property, or take it away; a label is only ever set."""
    stands = _stands(laptop, of)
    old = flat(stands.doc).get(name)
    if old != text and (text is not None or name != LABEL):
        _change(laptop, of, stands, [PatchLine(path=name, old=old, new=text)])


def move(laptop: RoundLaptop, of: ObjectRef, to: str) -> None:
    """To another home."""
    stands = _stands(laptop, of)
    _write(laptop, of, stands, kind="move", base=stands.base, scope=to)


def share(laptop: RoundLaptop, of: ObjectRef, to: str, view: str | None) -> None:
    """Let another scope see it, or no more."""
    old, new = (f"full {to}", None) if view is None else (None, f"{view} {to}")
    _change(laptop, of, _stands(laptop, of), [PatchLine(path=SHARE, old=old, new=new)])


def merge(laptop: RoundLaptop, of: ObjectRef, into: ObjectRef) -> None:
    """It turned out to be another one of those that the laptop lists."""
    if of != into:
        _change(laptop, of, _stands(laptop, of), [PatchLine(path=MERGED_INTO, new=into.id)])


def delete(laptop: RoundLaptop, of: ObjectRef) -> None:
    """It should never have been there."""
    stands = _stands(laptop, of)
    _write(laptop, of, stands, kind="delete", base=stands.base)


def settle(laptop: RoundLaptop, which: int, *, takes_theirs: bool) -> None:
    """Decide one of the conflicts of entities that it is shown."""
    with laptop.store.reading() as db:
        shown = [one for one in conflicts.open_conflicts(db) if one.object.type == "entity"]
    if not shown:
        return
    kept = shown[which % len(shown)]
    lines = [
        PatchLine(path=line.path, old=line.ours, new=line.theirs if takes_theirs else line.ours)
        for line in kept.doc.lines
    ]
    _change(laptop, kept.object, _stands(laptop, kept.object), lines, kind="resolve")
    laptop.decided(kept)


def _ref(list_name: str, entity_id: str) -> ObjectRef:
    return ObjectRef(type="entity", list=list_name, id=entity_id)


def _stands(laptop: RoundLaptop, of: ObjectRef) -> entities.StoredEntity:
    with laptop.store.reading() as db:
        return entities.find(db, of.list or "", of.id)


def _change(
    laptop: RoundLaptop,
    of: ObjectRef,
    stands: entities.StoredEntity,
    lines: Sequence[PatchLine],
    kind: str = "change",
) -> None:
    _write(laptop, of, stands, kind=kind, base=stands.base, patch=tuple(lines))


def _write(laptop: RoundLaptop, of: ObjectRef, stands: entities.StoredEntity, **facts: Any) -> None:
    saw = flat(stands.doc)
    laptop.write(of.id, saw=saw, object=of, form=None, reason=laptop.written.canary(), **facts)
