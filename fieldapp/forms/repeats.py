"""Repeat instances: where they stand, their keys (F2), what a new one holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fieldapp.errors import UnknownPath
from fieldapp.forms.definition import FormDefinition, ModelNode, SetValue
from fieldapp.forms.paths import without_keys
from fieldapp.forms.program import compile_at
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.values import text_of

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling


def key_rank(key: str) -> tuple[int, str]:
    """The order of instances: counted ones (`n1 n2 …`) by number, added ones by key."""
    return (int(key[1:]), "") if key[:1] == "n" and key[1:].isdigit() else (0, key)


class Repeats:
    """The repeats of one filling."""

    def __init__(self, definition: FormDefinition, tree: Tree, world: FormWorld) -> None:
        self._definition = definition
        self._tree = tree
        self._world = world

    def paths(self, path: str) -> tuple[str, ...]:
        """The paths of the instances of `areas` or `areas[k]/items`, in order."""
        repeat, parent = self._place(path)
        return tuple(slot.path for slot in self._tree.instances_of(repeat, parent))

    def add(self, path: str) -> Slot:
        """An empty instance at the end, with a key of its own."""
        repeat, parent = self._place(path)
        return self._tree.add(repeat, parent, self._world.new_key())

    def surplus(self, parent: Slot, repeat: ModelNode, wanted: int) -> list[Slot]:
        """The instances that a count of so many has no room for."""
        wanted_keys = {f"n{number}" for number in range(1, wanted + 1)}
        present = self._tree.instances_of(repeat, parent)
        return [slot for slot in present if slot.key not in wanted_keys]

    def lacking(self, parent: Slot, repeat: ModelNode, wanted: int) -> Iterator[Slot]:
        """The counted instances up to so many, each made when it is asked for."""
        present = {slot.key for slot in self._tree.instances_of(repeat, parent)}
        for place in range(wanted):
            if f"n{place + 1}" not in present:
                yield self._tree.add(repeat, parent, f"n{place + 1}", place)

    def fill(self, filling: Filling, top: Slot) -> None:
        """Defaults and first instances of nested repeats in a new instance."""
        for slot in list(top.slots()):
            if slot.model.is_leaf:
                slot.remember(slot.model.default)
            for child in slot.model.children:
                if child.is_repeat and child.path not in self._definition.counts:
                    self.fill(filling, self._tree.add(child, slot, self._world.new_key()))
        for action in self._definition.actions:
            model = self._definition.nodes[action.path]
            if "odk-new-repeat" in action.events and top.model.path in model.repeats:
                self.set_value(filling, action, top)

    def set_value(self, filling: Filling, action: SetValue, near: Slot) -> None:
        """Carry out a `<setvalue>`: on its target in the same instance as `near`."""
        model = self._definition.nodes[action.path]
        anchor = _common(near, model)
        for slot in self._tree.at(model, anchor):
            text = action.text
            if action.value is not None:
                compiled = compile_at(self._definition, model, action.value)
                text = text_of(compiled.run(Context(slot, self._world)))
            if text != slot.remembered:
                slot.remember(text)
                filling.recalculation.touched(slot)

    def _place(self, path: str) -> tuple[ModelNode, Slot]:
        repeat = self._definition.nodes.get(without_keys(path))
        outer, _, name = path.rpartition("/")
        parent = self._tree.by_path.get(outer)
        if repeat is None or not repeat.is_repeat or parent is None or "[" in name:
            raise UnknownPath(path=path)
        return repeat, parent


def _common(near: Slot, model: ModelNode) -> Slot | None:
    """The innermost repeat instance around `near` that also surrounds the node."""
    slot: object = near
    while isinstance(slot, Slot):
        if slot.model.is_repeat and slot.model.path in model.repeats:
            return slot
        slot = slot.parent
    return None
