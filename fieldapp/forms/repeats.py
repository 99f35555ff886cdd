"""Repeat instances: where they stand, their keys (F2), what a new one holds."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from fieldapp.errors import UnknownPath
from fieldapp.forms.answers import calculated
from fieldapp.forms.definition import FormDefinition, ModelNode, Seed, SetValue, is_entity
from fieldapp.forms.paths import without_keys
from fieldapp.forms.program import compile_at
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import text_of

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling
    from fieldapp.forms.recalculation import Changes


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
        parent.touch()
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
        """Defaults, first instances of inner repeats and actions in a new instance."""
        self._sow(top, self._seed_for(top))
        for slot in list(top.slots()):
            if slot.key:
                self._begin(filling, slot)

    def fill_form(self, top: Slot) -> None:
        """Defaults and first instances of the form; these are no new ones to any action."""
        self._sow(top, self._definition.seed)

    def _sow(self, top: Slot, seed: Seed) -> None:
        top.seed = seed
        for slot in list(top.slots()):
            if slot.model.is_leaf and not slot.model.is_attribute:
                slot.remember(seed.defaults.get(slot.model.path, ""))
            for child in slot.model.children:
                if child.is_repeat and child.path not in self._definition.counts:
                    for inner in seed.repeats.get(child.path, ()):
                        first = self._tree.add(child, slot, self._world.new_key())
                        first.is_untouched = True
                        self._sow(first, inner)

    def _begin(self, filling: Filling, top: Slot) -> None:
        """The actions of a new instance."""
        for action in self._definition.actions:
            model = self._definition.nodes[action.path]
            if "odk-new-repeat" in action.events and model.repeats[-1:] == (top.model.path,):
                self.set_value(filling, action, top)

    def _seed_for(self, slot: Slot) -> Seed:
        """Of a counted instance what the form has at its place, else what a new instance is."""
        above: Node | None = slot.parent
        while isinstance(above, Slot) and above.seed is None:
            above = above.parent
        around = above.seed if isinstance(above, Slot) else None
        written = around.repeats.get(slot.model.path, ()) if around is not None else ()
        place = key_rank(slot.key)[0]
        if 1 <= place <= len(written):
            return written[place - 1]
        return self._definition.templates.get(slot.model.path, Seed())

    def set_value(
        self, filling: Filling, action: SetValue, near: Slot, given: Container[str] = ()
    ) -> None:
        """Carry out a `<setvalue>`: on its target in the same instance as `near`.

        A target that was given its answer beforehand keeps it.
        """
        model = self._definition.nodes[action.path]
        anchor = _common(near, model)
        for slot in self._tree.at(model, anchor):
            if slot.path in given:
                continue
            text = action.text
            if _is_new_entity_id(model, action):
                text = self._world.entity_id(slot.path)
            elif action.value is not None:
                compiled = compile_at(self._definition, model, action.value)
                text = text_of(compiled.run(Context(slot, self._world)))
            bind = self._definition.binds.get(model.path)
            if bind is not None:
                text = calculated(bind.data_type, text)
            if text != slot.remembered:
                slot.remember(text)
                filling.recalculation.touched(slot)

    def value_changed(self, filling: Filling, slot: Slot) -> None:
        """Carry out the actions that wait for a value to change."""
        for action in self._definition.actions:
            if action.trigger == slot.model.path and "xforms-value-changed" in action.events:
                self.set_value(filling, action, slot)

    def set_off(self, filling: Filling, changes: Changes) -> None:
        """Carry out what waits for calculated values to change, for each of them once."""
        triggers = self._definition.calculated_triggers
        done: set[str] = set()
        while due := {
            path for path in changes.values - done if triggers and without_keys(path) in triggers
        }:
            done |= due
            for path in sorted(due):
                if path in self._tree.by_path:
                    self.value_changed(filling, self._tree.by_path[path])
            changes.add(filling.recalculation.run())

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


def _is_new_entity_id(model: ModelNode, action: SetValue) -> bool:
    """Whether the action gives a new entity its id, as pyxform writes it: `uuid()`."""
    is_id = model.is_attribute and model.local == "id" and is_entity(model.parent)
    return is_id and action.value is not None and action.value.text.strip() == "uuid()"
