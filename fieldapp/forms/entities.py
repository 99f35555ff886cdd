"""Which entities a filled form creates and updates (ODK entities 2025.1, formats F4).

A form declares an entity by an element `entity` below the `meta` of its root, of a group or of a
repeat; questions of that same place name the property they are saved to. Nothing here knows what
stands in an entity list: what a declaration comes to is worked out from these elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.forms.definition import FormDefinition, ModelNode, is_entity_version
from fieldapp.forms.tree import Slot
from fieldapp.forms.unanswered import unanswered_instances

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling

# What makes a `create` or `update` attribute hold (ODK entities, entity declaration).
_TRUE = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class EntityDeclaration:
    """One entity as the answers declare it now.

    `properties`: of every relevant question that is saved to one, ``""`` for no answer; `label` is
    ``""`` when the form gives none. `path`: of the entity element, with repeat keys; `repeat`: of
    the innermost repeat instance around it, ``""`` outside repeats.
    """

    dataset: str
    entity_id: str
    is_create: bool
    is_update: bool
    label: str
    properties: Mapping[str, str]
    path: str
    repeat: str


@dataclass(frozen=True, slots=True)
class _Declared:
    """An entity element of the form, and the (property, place) pairs saved to it."""

    node: ModelNode
    dataset: str
    saved: tuple[tuple[str, ModelNode], ...]


def entities_of(filling: Filling) -> tuple[EntityDeclaration, ...]:
    """The entities that the filling creates or updates, in the form's order.

    Left out: irrelevant ones, those whose `create_if` and `update_if` are false, those without an
    id, and those in a repeat instance that is not saved (F2).
    """
    declared = _declared_in(filling.definition)
    if not declared:
        return ()
    unsaved = unanswered_instances(filling)
    found: list[tuple[Slot, EntityDeclaration]] = []
    for one in declared:
        for slot in filling.tree.at(one.node):
            instance = _instance_around(slot)
            if not slot.is_relevant or _is_within(instance, unsaved):
                continue
            declaration = _declaration(filling, one, slot, instance)
            if declaration.entity_id and (declaration.is_create or declaration.is_update):
                found.append((slot, declaration))
    order = {slot: place for place, slot in enumerate(filling.tree.root.slots())}
    found.sort(key=lambda pair: order[pair[0]])
    return tuple(declaration for _, declaration in found)


def versions_of(filling: Filling, answers: Mapping[str, str]) -> dict[str, str]:
    """What entity updates are based on (`baseVersion`, `trunkVersion`, `branchId`), by path.

    They are no answers, and stand in what is sent beside an entity that the answers declare.
    """
    definition = filling.definition
    if not definition.entity_lists:
        return {}
    nodes = (node for node in definition.nodes.values() if is_entity_version(node))
    return {
        slot.path: slot.value
        for node in nodes
        for slot in filling.tree.at(node)
        if slot.value and slot.path.rpartition("/")[0] + "/@id" in answers
    }


def _declaration(
    filling: Filling, one: _Declared, slot: Slot, instance: Slot | None
) -> EntityDeclaration:
    attributes = {a.local: a.text() for a in slot.attributes}
    label = next((child.text() for child in slot.children if child.local == "label"), "")
    saved = ((name, place) for name, node in one.saved for place in filling.tree.at(node, instance))
    return EntityDeclaration(
        dataset=one.dataset,
        entity_id=attributes.get("id", ""),
        is_create=attributes.get("create", "") in _TRUE,
        is_update=attributes.get("update", "") in _TRUE,
        label=label,
        properties={name: place.value or "" for name, place in saved if place.is_relevant},
        path=slot.path,
        repeat=instance.path if instance is not None else "",
    )


def _declared_in(definition: FormDefinition) -> tuple[_Declared, ...]:
    """The entity elements of a form, looked up once."""
    known = definition.__dict__.get("_entities")
    if isinstance(known, tuple):
        return known
    saved: dict[str, list[tuple[str, ModelNode]]] = {}
    for path, leaf in definition.leaves.items():
        if leaf.save_to:
            node = definition.nodes[path]
            entity = _entity_for(definition, node)
            if entity is not None:
                saved.setdefault(entity.path, []).append((leaf.save_to, node))
    declared = tuple(
        _Declared(
            node=definition.nodes[path],
            dataset=definition.entity_lists[path],
            saved=tuple(saved.get(path, ())),
        )
        for path in definition.entity_lists
    )
    definition.__dict__["_entities"] = declared
    return declared


def _entity_for(definition: FormDefinition, node: ModelNode) -> ModelNode | None:
    """The entity of the nearest place around a question, in the same repeat as the question."""
    above = node.parent
    while above is not None and above.repeats == node.repeats:
        path = f"{above.path}/meta/entity" if above.path else "meta/entity"
        if path in definition.entity_lists:
            return definition.nodes[path]
        above = above.parent
    return None


def _instance_around(slot: Slot) -> Slot | None:
    above: object = slot
    while isinstance(above, Slot):
        if above.key:
            return above
        above = above.parent
    return None


def _is_within(slot: Slot | None, instances: frozenset[Slot]) -> bool:
    above: object = slot
    while isinstance(above, Slot):
        if above in instances:
            return True
        above = above.parent
    return False
