"""What a filled form does to entities: effects, computed on the device that takes the step (F4).

Pure: the standing of an entity is asked of the caller, and the server merges what comes out, per
property, like a patch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from fieldapp.domain.entity import LABEL, SOURCE_DELETED, STATE
from fieldapp.domain.ids import UUID_PATTERN
from fieldapp.domain.operation import Base, Effect, PropertyChange
from fieldapp.domain.workflow import steps_from
from fieldapp.errors import AnswerRefused
from fieldapp.forms import EntityDeclaration, Filling
from fieldapp.packs.reading import Pack

_UUID: Final = re.compile(UUID_PATTERN)


@dataclass(frozen=True, slots=True)
class EntityStanding:
    """An entity as this device sees it: its properties, the label among them, and their base."""

    props: Mapping[str, str]
    base: Base


#: (list, id) → how the entity stands; None for one that this device does not know.
Standing: TypeAlias = Callable[[str, str], EntityStanding | None]
_Key: TypeAlias = tuple[str, str]


def effects_of(
    pack: Pack, before: Filling | None, after: Filling, standing: Standing
) -> tuple[Effect, ...]:
    """The entity changes that the answers of `after` cause, in the form's order.

    before: the record as it last caused effects; None when it has caused none. Then `old` is how
    the entity stands, and for an amendment what `before` declared, so that only what this record
    says otherwise now travels. An empty property is removed; an empty label stays as it was. An
    entity that `before` created in a repeat and `after` creates no more is closed (원본 삭제), not
    deleted: whether something else refers to it, a person sees. An update of an entity that this
    device does not know has no effect: there is no base to merge it on.

    Raises AnswerRefused when an entity's id is no UUID.
    """
    earlier = _declared(before) if before is not None else {}
    declared = _declared(after)
    effects = [
        effect
        for key, declaration in declared.items()
        for effect in [_effect(pack, earlier.get(key), declaration, standing(*key))]
        if effect is not None
    ]
    for key, declaration in earlier.items():
        if key not in declared and declaration.is_create and declaration.repeat:
            effects += _closed(key, standing(*key))
    return tuple(effects)


def _declared(filling: Filling) -> dict[_Key, EntityDeclaration]:
    """The declarations by entity; of one that is declared twice the later properties win."""
    found: dict[_Key, EntityDeclaration] = {}
    for declaration in filling.entities():
        if not _UUID.match(declaration.entity_id):
            raise AnswerRefused(path=declaration.path, data_type="string")
        key = declaration.dataset, declaration.entity_id
        known = found.get(key)
        found[key] = declaration if known is None else _joined(known, declaration)
    return found


def _joined(known: EntityDeclaration, later: EntityDeclaration) -> EntityDeclaration:
    return replace(
        later,
        is_create=known.is_create or later.is_create,
        is_update=known.is_update or later.is_update,
        label=later.label or known.label,
        properties={**known.properties, **later.properties},
    )


def _effect(
    pack: Pack,
    earlier: EntityDeclaration | None,
    declaration: EntityDeclaration,
    stands: EntityStanding | None,
) -> Effect | None:
    if stands is None:
        return _creation(pack, declaration)
    wanted = _values(declaration)
    if earlier is not None:
        seen = _values(earlier)
        # What the record says no more is taken back; a name, once given, stays.
        wanted = {**dict.fromkeys(seen.keys() - {LABEL}, ""), **wanted}
    else:
        seen = dict(stands.props)
        if declaration.is_create and seen.get(STATE) == SOURCE_DELETED:
            wanted |= _initial_state(pack, declaration)
    changes = _changes(seen, wanted)
    if not changes:
        return None
    return Effect(list=declaration.dataset, id=declaration.entity_id, base=stands.base, set=changes)


def _creation(pack: Pack, declaration: EntityDeclaration) -> Effect | None:
    if not declaration.is_create:
        return None
    values = _values(declaration)
    if not any(values.values()):
        return None
    changes = _changes({}, values | _initial_state(pack, declaration))
    return Effect(list=declaration.dataset, id=declaration.entity_id, create=True, set=changes)


def _closed(key: _Key, stands: EntityStanding | None) -> list[Effect]:
    """The entity of a repeat instance that was taken out of the form."""
    if stands is None or stands.props.get(STATE) == SOURCE_DELETED:
        return []
    change = PropertyChange(old=stands.props.get(STATE), new=SOURCE_DELETED)
    return [Effect(list=key[0], id=key[1], base=stands.base, set={STATE: change})]


def _initial_state(pack: Pack, declaration: EntityDeclaration) -> dict[str, str]:
    """The state that the pack's workflow gives a new entity, where the answers name none."""
    if declaration.properties.get(STATE):
        return {}
    first = steps_from(pack.plans.workflow, None, declaration.dataset)
    return {STATE: first[0].target} if first else {}


def _values(declaration: EntityDeclaration) -> dict[str, str]:
    """Properties and label by name, the way patches and effects name them."""
    values = dict(declaration.properties)
    if declaration.label:
        values[LABEL] = declaration.label
    return values


def _changes(old: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, PropertyChange]:
    return {
        name: PropertyChange(old=old.get(name) or None, new=text or None)
        for name, text in wanted.items()
        if (old.get(name) or "") != text
    }
