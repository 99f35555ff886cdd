"""The live instance: one slot for every node of the form that is being filled.

A slot is an XPath node. Its `value` is what expressions see: empty while it is irrelevant. Its
`remembered` is what was typed, which comes back when the slot becomes relevant again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from fieldapp.forms.definition import ModelNode, Seed
from fieldapp.forms.paths import below, parts_of
from fieldapp.forms.sums import RunningSum
from fieldapp.forms.xpath.nodes import Document, Node, NodeKind


class Slot(Node):
    """A node of the live instance. `key` is its repeat key, ``""`` where it does not repeat."""

    __slots__ = (
        "computed",
        "is_own_readonly",
        "is_own_relevant",
        "is_readonly",
        "is_relevant",
        "is_required",
        "is_untouched",
        "is_valid",
        "key",
        "model",
        "path",
        "remembered",
        "seed",
    )

    def __init__(self, model: ModelNode, path: str, key: str = "") -> None:
        super().__init__(
            NodeKind.ATTRIBUTE if model.is_attribute else NodeKind.ELEMENT,
            model.local,
            model.namespace,
            prefix=model.prefix,
        )
        self.model = model
        self.path = path
        self.key = key
        # An attribute of the form as written says what it says from the start: `create="1"`.
        self.remembered = model.default if model.is_attribute else ""
        if model.is_leaf:
            self.value = self.remembered
        self.is_own_relevant = True
        self.is_relevant = True
        self.is_own_readonly = False
        self.is_readonly = False
        self.is_required = False
        self.is_valid = True
        # An instance that the form began with and in which nobody has answered or added anything.
        self.is_untouched = False
        # What its calculate gave last, None before it has run: an answer typed over a calculated
        # one stays until the calculate gives something else.
        self.computed: str | None = None
        # What it began with: of the root and of repeat instances that were filled.
        self.seed: Seed | None = None

    def slots(self) -> Iterator[Slot]:
        """This slot and all below it, attributes included, in document order."""
        pending: list[Slot] = [self]
        while pending:
            slot = pending.pop()
            yield slot
            # Below a slot there are slots alone; it is told here and not asked of each.
            if slot.children:
                pending += cast("list[Slot]", slot.children[::-1])
            if slot.attributes:
                pending += cast("list[Slot]", slot.attributes[::-1])

    def touch(self) -> None:
        """Somebody answered or added something here: the instances around it count from now on."""
        above: Node | None = self
        while isinstance(above, Slot):
            above.is_untouched = False
            above = above.parent

    def remember(self, text: str) -> None:
        """Take a text as the answer, seen only while relevant."""
        self.remembered = text
        if self.is_relevant:
            self.value = text


class Tree:
    """The slots of one filling: found by path, grown and cut at repeats."""

    def __init__(self, root: ModelNode) -> None:
        self.document = Document()
        self.by_path: dict[str, Slot] = {}
        # For paths outside repeats, the list that expressions get; it must not be changed.
        self.single: dict[str, list[Node]] = {}
        # For paths inside repeats, the same once it was asked for.
        self._every: dict[str, list[Node]] = {}
        self._sums: dict[str, RunningSum] = {}
        self.root = Slot(root, "")
        self.document.append(self.root)
        self._register(self.root)
        self._grow(self.root)

    def instances_of(self, repeat: ModelNode, parent: Slot) -> list[Slot]:
        """The instances of a repeat below one parent, in order."""
        return [c for c in parent.children if isinstance(c, Slot) and c.model is repeat]

    def add(self, repeat: ModelNode, parent: Slot, key: str, place: int | None = None) -> Slot:
        """A new instance with all that stands in it (repeats in it have no instance yet)."""
        slot = Slot(repeat, f"{below(parent.path, repeat.local)}[{key}]", key)
        slot.parent = parent
        end = index = self._end_of(repeat, parent)
        if place is not None:
            index -= max(len(self.instances_of(repeat, parent)) - place, 0)
        parent.children.insert(index, slot)
        self._register(slot)
        self._grow(slot)
        self.document.is_numbered = False
        self._regrouped(repeat, slot if index == end and len(repeat.repeats) == 1 else None)
        return slot

    def remove(self, slot: Slot) -> None:
        """Cut a repeat instance out."""
        parent = slot.parent
        if parent is None:
            return
        parent.children.remove(slot)
        slot.parent = None
        for gone in slot.slots():
            del self.by_path[gone.path]
        self.document.is_numbered = False
        self._regrouped(slot.model, None)

    def every(self, model: ModelNode) -> list[Node]:
        """Every slot of a node of the form, in document order; the list must not be changed."""
        known = self._every.get(model.path)
        if known is None:
            known = self._every[model.path] = [*self.at(model)]
        return known

    def sum_of(self, model: ModelNode) -> float | None:
        """The sum of every slot of a node of the form; None where one holds no plain decimal."""
        known = self._sums.get(model.path)
        if known is None:
            known = self._sums[model.path] = RunningSum(self.every(model))
        return known.value()

    def changed(self, slot: Slot) -> None:
        """Another value is seen in a slot: sums over it are told."""
        known = self._sums.get(slot.model.path)
        if known is not None:
            known.changed(slot)

    def forget_sums(self) -> None:
        """Answers were laid without a word: what is asked next is added up anew."""
        self._sums.clear()

    def put_back(self, slot: Slot, parent: Slot, rank: Callable[[str], tuple[int, str]]) -> None:
        """An instance that was cut out stands again where its key says, as it was."""
        slot.parent = parent
        parent.children.insert(self._end_of(slot.model, parent), slot)
        for returned in slot.slots():
            self._register(returned)
        self.document.is_numbered = False
        self._regrouped(slot.model, None)
        self.sort(slot.model, parent, rank)

    def holds(self, slot: Slot) -> bool:
        """Whether a slot stands in the tree, cut out neither itself nor with what is around it."""
        return self.by_path.get(slot.path) is slot

    def at(self, model: ModelNode, anchor: Slot | None = None) -> list[Slot]:
        """Every slot of a node of the form, below an anchor or in the whole tree."""
        if anchor is None and not model.repeats:
            return [self.by_path[model.path]]
        top = anchor or self.root
        steps: list[ModelNode] = []
        step: ModelNode | None = model
        while step is not None and step is not top.model:
            steps.append(step)
            step = step.parent
        found = [top]
        for wanted in reversed(steps):
            if wanted.is_attribute:
                found = [
                    a
                    for slot in found
                    for a in slot.attributes
                    if isinstance(a, Slot) and a.model is wanted
                ]
            else:
                found = [
                    c
                    for slot in found
                    for c in slot.children
                    if isinstance(c, Slot) and c.model is wanted
                ]
        return found

    def ensure(self, path: str, nodes: Mapping[str, ModelNode]) -> Slot | None:
        """The slot at a path with keys, its repeat instances added where missing."""
        known = self.by_path.get(path)
        if known is not None:
            return known
        parts = parts_of(path)
        if parts is None:
            return None
        slot, plain = self.root, ""
        for name, key in parts:
            plain = below(plain, name)
            model = nodes.get(plain)
            if model is None or model.is_repeat != bool(key):
                return None
            here = below(slot.path, name) + (f"[{key}]" if key else "")
            found = self.by_path.get(here)
            if found is None:
                if not key:
                    return None
                found = self.add(model, slot, key)
            slot = found
        return slot

    def sort(self, repeat: ModelNode, parent: Slot, rank: Callable[[str], tuple[int, str]]) -> None:
        """Put the instances of a repeat in the order of their keys."""
        present = self.instances_of(repeat, parent)
        if len(present) > 1:
            first = parent.children.index(present[0])
            ordered = sorted(present, key=lambda slot: rank(slot.key))
            parent.children[first : first + len(present)] = ordered
            self.document.is_numbered = False
            self._regrouped(repeat, None)

    def _grow(self, top: Slot) -> None:
        pending = [top]
        while pending:
            slot = pending.pop()
            model = slot.model
            if model.attributes:
                slot.attributes = [self._made(attribute, slot) for attribute in model.attributes]
            for child in model.children:
                if not child.is_repeat:
                    made = self._made(child, slot)
                    slot.children.append(made)
                    if child.children or child.attributes:
                        pending.append(made)

    def _made(self, model: ModelNode, parent: Slot) -> Slot:
        slot = Slot(model, below(parent.path, ("@" if model.is_attribute else "") + model.local))
        slot.parent = parent
        self._register(slot)
        return slot

    def _register(self, slot: Slot) -> None:
        self.by_path[slot.path] = slot
        if not slot.model.repeats:
            self.single[slot.path] = [slot]

    def _regrouped(self, repeat: ModelNode, last: Slot | None) -> None:
        """Keep what `every` gave: an instance more after all others, or it is asked anew."""
        for path in [path for path in self._sums if path.startswith(f"{repeat.path}/")]:
            if last is None:
                del self._sums[path]
            else:
                for slot in last.slots():
                    self.changed(slot)
        for path, known in list(self._every.items()):
            if path == repeat.path or path.startswith(f"{repeat.path}/"):
                del self._every[path]
                model = known[-1].model if known and isinstance(known[-1], Slot) else None
                if last is not None and model is not None:
                    self._every[path] = [*known, *self.at(model, last)]

    def _end_of(self, repeat: ModelNode, parent: Slot) -> int:
        """Where an instance goes that comes after all others."""
        for index in range(len(parent.children), 0, -1):
            present = parent.children[index - 1]
            if isinstance(present, Slot) and present.model is repeat:
                return index
        # Among its siblings as the form has them: after the last child that comes before it.
        before = set()
        for child in parent.model.children:
            if child is repeat:
                break
            before.add(child)
        index = 0
        for place, present in enumerate(parent.children):
            if isinstance(present, Slot) and present.model in before:
                index = place + 1
        return index
