"""Repeat instances: where they stand, their keys (F2), what a new one holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fieldapp.errors import UnknownPath
from fieldapp.forms.answers import calculated
from fieldapp.forms.definition import FormDefinition, ModelNode, Seed
from fieldapp.forms.paths import without_keys
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.nodes import Node

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

    def set_count(self, filling: Filling, parent: Slot, repeat: ModelNode, wanted: int) -> None:
        """As many instances of a counted repeat as are wanted, from the first on."""
        for slot in self.surplus(parent, repeat, wanted):
            self.cut(filling, slot)
        for slot in self.lacking(parent, repeat, wanted):
            self.fill(filling, slot)

    def fill(self, filling: Filling, top: Slot) -> None:
        """Defaults, first instances of inner repeats and actions in a new instance.

        With all that follows from there being one more.
        """
        filling.acts.added(top)
        filling.recalculation.inherit(top)
        self._sow(top, self._seed_for(top))
        for slot in list(top.slots()):
            if slot.key:
                filling.preloading.instance(slot)
                filling.actions.instance_added(slot)
        filling.recalculation.instance(top)

    def cut(self, filling: Filling, slot: Slot) -> None:
        """Take an instance away, with all that follows from there being one less."""
        parent = slot.parent
        filling.acts.cutting(slot)
        self._tree.remove(slot)
        filling.recalculation.regrouped(slot, parent)

    def fill_form(self, top: Slot) -> None:
        """Defaults and first instances of the form; these are no new ones to any action."""
        self._sow(top, self._definition.seed)

    def default_of(self, slot: Slot) -> str:
        """What the form says stands at a leaf before anybody answers."""
        around: Node | None = slot.parent
        while isinstance(around, Slot) and not around.key:
            around = around.parent
        seed = self._seed_for(around) if isinstance(around, Slot) else self._definition.seed
        return self._default(seed, slot.model.path)

    def _default(self, seed: Seed, path: str) -> str:
        text = seed.defaults.get(path, "")
        bind = self._definition.binds.get(path) if text else None
        if bind is None or bind.data_type == "string":
            return text
        return calculated(bind.data_type, text)

    def _sow(self, top: Slot, seed: Seed) -> None:
        top.seed = seed
        for slot in list(top.slots()):
            if slot.model.is_leaf and not slot.model.is_attribute:
                slot.remember(self._default(seed, slot.model.path))
            for child in slot.model.children:
                if child.path in self._definition.fixed:
                    self._complete(child, slot, is_new=True)
                elif child.is_repeat and child.path not in self._definition.counts:
                    for inner in seed.repeats.get(child.path, ()):
                        first = self._tree.add(child, slot, self._world.new_key())
                        first.is_untouched = True
                        self._sow(first, inner)

    def complete(self) -> list[Slot]:
        """After answers were laid: fixed instances that none of them named begin as in the form.

        Instances that the form has no place for are cut out and handed back.
        """
        surplus: list[Slot] = []
        for path in sorted(self._definition.fixed, key=lambda path: path.count("/")):
            repeat = self._definition.nodes[path]
            for parent in self._tree.at(repeat.parent) if repeat.parent is not None else ():
                surplus += self._complete(repeat, parent, is_new=False)
        return surplus

    def _complete(self, repeat: ModelNode, parent: Slot, *, is_new: bool) -> list[Slot]:
        """As many instances as the form has of a fixed repeat, one at least: `n1 n2 …`.

        What the form says in them is for a new form; where answers were laid, what none of them
        names is empty.
        """
        present = self._tree.instances_of(repeat, parent)
        if any(key_rank(slot.key)[0] == 0 for slot in present):
            return []  # begun before fixed instances had numbers for keys
        wanted = max(1, len(self._written(repeat, parent)))
        surplus = self.surplus(parent, repeat, wanted)
        for slot in surplus:
            self._tree.remove(slot)
        for slot in self.lacking(parent, repeat, wanted):
            template = self._definition.templates.get(repeat.path, Seed())
            self._sow(slot, self._seed_for(slot) if is_new else template)
        return surplus

    def _seed_for(self, slot: Slot) -> Seed:
        """Of a counted instance what the form has at its place, else what a new instance is."""
        written = self._written(slot.model, slot.parent)
        place = key_rank(slot.key)[0]
        if 1 <= place <= len(written):
            return written[place - 1]
        return self._definition.templates.get(slot.model.path, Seed())

    def _written(self, repeat: ModelNode, parent: Node | None) -> tuple[Seed, ...]:
        """The instances that the form has of a repeat at one place."""
        while isinstance(parent, Slot) and parent.seed is None and not parent.key:
            parent = parent.parent
        if not isinstance(parent, Slot):
            return self._definition.seed.repeats.get(repeat.path, ())
        around = parent.seed
        if around is None:  # laid from answers
            around = self._seed_for(parent) if parent.key else self._definition.seed
        return around.repeats.get(repeat.path, ())

    def _place(self, path: str) -> tuple[ModelNode, Slot]:
        repeat = self._definition.nodes.get(without_keys(path))
        outer, _, name = path.rpartition("/")
        parent = self._tree.by_path.get(outer)
        if repeat is None or not repeat.is_repeat or parent is None or "[" in name:
            raise UnknownPath(path=path)
        return repeat, parent
