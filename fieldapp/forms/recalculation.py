"""Running just those expressions that a change asks for.

A `Recalculation` belongs to one filling. It keeps what is still to run in the order of the
program's ranks, so each expression runs at most once per change and place, and nothing runs that
the change cannot reach.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isnan

from fieldapp.errors import ExpressionRefused, FormRefused
from fieldapp.forms.answers import worked_out
from fieldapp.forms.definition import FormDefinition, ModelNode
from fieldapp.forms.ordering import refuse_ring
from fieldapp.forms.paths import below
from fieldapp.forms.program import Rule, program_of
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import number_of, truth_of


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What an answer changed, by path with repeat keys, so that a view redraws only that.

    `values`: another value. `states`: another relevance, required, readonly or validity.
    `texts`: a label or hint that may read otherwise. `choices`: other choices may be offered.
    `repeats`: repeats (path without the last key) with an instance more or fewer.
    """

    values: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()


@dataclass(slots=True)
class Changes:
    """A ChangeSet in the making."""

    values: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    repeats: set[str] = field(default_factory=set)

    def add(self, further: Changes) -> None:
        """Take in what changed after."""
        self.values |= further.values
        self.states |= further.states
        self.choices |= further.choices
        self.repeats |= further.repeats


class Recalculation:
    """What is still to run in one filling."""

    def __init__(
        self,
        definition: FormDefinition,
        tree: Tree,
        world: FormWorld,
        *,
        set_count: Callable[[Slot, ModelNode, int], None],
        forget_choices: Callable[[Slot], None],
        changing: Callable[[Slot], None] = lambda _slot: None,
    ) -> None:
        self._definition = definition
        self._program = program_of(definition)
        self._inside = definition.instances.keys()
        self._types = {path: bind.data_type for path, bind in definition.binds.items()}
        self._tree = tree
        self._world = world
        self._set_count = set_count
        self._forget_choices = forget_choices
        self._changing = changing
        self._queue: list[int] = []
        # Rank → the slots at or above which it runs; None for every instance.
        self._pending: dict[int, set[Slot] | None] = {}
        self._running = -1
        self._is_beginning = False
        self.keeps_volatile = False
        self.is_loading = False
        self.changes = Changes()

    def everything(self) -> None:
        """Every rule is to run, everywhere, and calculates to give their values anew."""
        self._tree.forget_sums()
        self._pending = dict.fromkeys(range(len(self._program.rules)))
        self._queue = list(self._pending)
        self._is_beginning = not self.keeps_volatile
        for path in self._program.calculates:
            for slot in self._tree.at(self._definition.nodes[path]):
                slot.computed = None

    def instance(self, slot: Slot) -> None:
        """Every rule inside a new repeat instance, and whoever looks into its repeat."""
        for rank in self._program.by_repeat.get(slot.model.path, ()):
            self._push(rank, slot)
        self.regrouped(slot, slot.parent)

    def reworded(self) -> None:
        """Words are shown in another language: whoever worked with them."""
        for rank in self._program.worded:
            self._push(rank, None)

    def regrouped(self, slot: Slot, parent: Node | None) -> None:
        """A repeat below `parent` has an instance more or fewer: whoever looks at or into it.

        Who looks into its own instance alone sees nothing of it; but who looks at its own instance
        may ask for its position.
        """
        if isinstance(parent, Slot):
            self.changes.repeats.add(below(parent.path, slot.model.local))
        depth = len(slot.model.repeats)
        for node in slot.model.walk():
            for watch in self._program.watches.get(node.path, ()):
                if watch.shared < depth or node is slot.model:
                    shared = min(watch.shared, depth - 1)
                    self._push(watch.rank, self._anchor(parent, shared))

    def counted_again(self, slot: Slot, parent: Slot) -> None:
        """An instance is there again: the count of its repeat is to say whether it stays."""
        count = self._program.counts.get(slot.model.path)
        if count is not None:
            self._push(count, parent)

    def give(self, slot: Slot, text: str) -> None:
        """A slot is to remember another text, which is seen where it is relevant."""
        self._changing(slot)
        before = slot.value
        slot.remember(text)
        if slot.value != before:
            self.touched(slot)

    def touched(self, slot: Slot) -> None:
        """The value that is seen in a slot is another one."""
        self.changes.values.add(slot.path)
        self._tree.changed(slot)
        path = slot.model.path
        for watch in self._program.watches.get(path, ()):
            if watch.rank != self._running:
                self._push(watch.rank, self._anchor(slot, watch.shared))
        constraint = self._program.constraints.get(path)
        if constraint is not None:
            self._push(constraint, slot)
        choices = self._program.choices.get(path)
        if choices is not None and choices != self._running:
            self._push(choices, slot)
        if slot.is_required:
            self.changes.states.add(slot.path)

    def chosen(self, slot: Slot, text: str) -> str:
        """An answer about to be given, its values known and in the order of their list."""
        rank = self._program.choices.get(slot.model.path)
        chooser = self._program.rules[rank].chooser if rank is not None else None
        return chooser.given(slot, self._world, text) if chooser is not None else text

    def run(self) -> Changes:
        """Run what is to run; the changes since the last time are handed over.

        Raises FormRefused when a form is begun whose calculate never comes to rest (`. + 1`), or
        asks for endless work.
        """
        rounds: Counter[int] = Counter()
        last = -1
        while self._queue:
            rank = heapq.heappop(self._queue)
            anchors = self._pending.pop(rank)
            if rank <= last:
                # Only rules in a ring go back; one that swings to and fro stands still at last.
                rounds[rank] += 1
                if rounds[rank] > _MOST_ROUNDS:
                    continue
            last = rank
            rule = self._program.rules[rank]
            self._running = rank
            for slot in self._places(rule, anchors):
                self._apply(rule, slot)
        self._running = -1
        self._is_beginning = False
        changes, self.changes = self.changes, Changes()
        return changes

    def _push(self, rank: int, anchor: Slot | None) -> None:
        if rank not in self._pending:
            heapq.heappush(self._queue, rank)
            self._pending[rank] = None if anchor is None else {anchor}
            return
        anchors = self._pending[rank]
        if anchors is not None:
            if anchor is None:
                self._pending[rank] = None
            else:
                anchors.add(anchor)

    def _anchor(self, slot: object, shared: int) -> Slot | None:
        """The instance of the `shared`-th repeat around a slot; None when it is none."""
        if shared == 0:
            return None
        while isinstance(slot, Slot):
            if slot.model.is_repeat and len(slot.model.repeats) == shared:
                return slot
            slot = slot.parent
        return None

    def _places(self, rule: Rule, anchors: set[Slot] | None) -> list[Slot]:
        model = rule.model
        if rule.aspect == "count" and model.parent is not None:
            model = model.parent
        if anchors is None or rule.looks_across:
            return self._tree.at(model)
        found: dict[Slot, None] = {}
        for anchor in anchors:
            if self._tree.by_path.get(anchor.path) is anchor:  # else it was removed meanwhile
                found.update(dict.fromkeys(self._tree.at(model, anchor)))
        return list(found)

    def _apply(self, rule: Rule, slot: Slot) -> None:
        try:
            self._follow(rule, slot)
        except ExpressionRefused as refusal:
            # A form that asks for endless work is not begun. While somebody types nothing may stop
            # them: what the rule said last stands.
            if self._is_beginning:
                node = f"/{self._definition.root.local}/{rule.model.path}"
                raise FormRefused(node=node, **refusal.facts) from None

    def _follow(self, rule: Rule, slot: Slot) -> None:
        match rule.aspect:
            case "calculate":
                self._calculate(rule, slot)
            case "count":
                self._count(rule, slot)
            case "choices":
                self._choose(rule, slot)
            case "relevant" | "readonly":
                truth = truth_of(rule.compiled.run(Context(slot, self._world)))
                if rule.aspect == "relevant":
                    slot.is_own_relevant = truth
                else:
                    slot.is_own_readonly = truth
                self.inherit(slot)
            case "required":
                is_required = truth_of(rule.compiled.run(Context(slot, self._world)))
                if is_required != slot.is_required:
                    slot.is_required = is_required
                    self.changes.states.add(slot.path)
            case "constraint":
                # An empty answer breaks no constraint (ODK XForms, constraint).
                is_valid = not slot.value or truth_of(rule.compiled.run(Context(slot, self._world)))
                if is_valid != slot.is_valid:
                    slot.is_valid = is_valid
                    self.changes.states.add(slot.path)

    def _count(self, rule: Rule, slot: Slot) -> None:
        # Asked before there is an instance: of one that is not in the tree.
        probe = Slot(rule.model, "")
        probe.parent = slot
        number = number_of(rule.compiled.run(Context(probe, self._world)), self._world.zone)
        # A count that is no number, being typed anew or irrelevant, takes nothing away.
        if not isnan(number):
            self._set_count(slot, rule.model, int(number) if 0 < number < _MOST_INSTANCES else 0)

    def _calculate(self, rule: Rule, slot: Slot) -> None:
        if not slot.is_relevant:
            return
        if self.keeps_volatile and self._is_passing(rule) and (
            slot.remembered or self._lacks_list(rule)
        ):  # fmt: skip
            return
        for _ in range(_MOST_ROUNDS_OF_ITS_OWN):
            value = rule.compiled.run(Context(slot, self._world))
            text = worked_out(self._types[slot.model.path], value, self._world.zone)
            if text == slot.computed:
                return
            self._changing(slot)
            slot.computed = text
            if text == slot.remembered:
                return
            self.give(slot, text)
            if not rule.looks_at_itself:
                return
        if self._is_beginning:
            refuse_ring(self._definition, rule, [rule.model.path])

    def _is_passing(self, rule: Rule) -> bool:
        """Whether the same answers may give another value at another time or on another machine.

        Lists from outside change too, by this very record's effects to begin with: what was looked
        up when the form was filled stays what it was.
        """
        return rule.references.is_volatile or any(
            name not in self._inside for name in rule.references.instances
        )

    def _lacks_list(self, rule: Rule) -> bool:
        return any(self._world.list_of(name) is None for name in rule.references.instances)

    def _choose(self, rule: Rule, slot: Slot) -> None:
        """Only what is offered is seen of an answer (as in ODK's engines)."""
        if rule.references.found:
            self.changes.choices.add(slot.path)
            self._forget_choices(slot)
        if not slot.is_relevant or not slot.remembered or rule.chooser is None:
            return
        if self.is_loading and rule.references.is_volatile:
            return  # it was offered then; that the day is another one takes nothing back
        is_passing = self.is_loading and self._is_passing(rule)
        seen = rule.chooser.seen(slot, self._world, is_loading=is_passing)
        if seen != slot.value:
            slot.value = seen
            self.touched(slot)

    def inherit(self, top: Slot) -> None:
        """Pass relevance and readonly down from a slot, as far as they change."""
        pending = [top]
        while pending:
            slot = pending.pop()
            is_relevant, is_readonly = slot.is_own_relevant, slot.is_own_readonly
            if isinstance(slot.parent, Slot):
                is_relevant = is_relevant and slot.parent.is_relevant
                is_readonly = is_readonly or slot.parent.is_readonly
            if is_readonly != slot.is_readonly:
                slot.is_readonly = is_readonly
                self.changes.states.add(slot.path)
            elif is_relevant == slot.is_relevant:
                continue
            if is_relevant != slot.is_relevant:
                self._turn(slot, is_relevant=is_relevant)
            pending += [c for c in slot.children if isinstance(c, Slot)]
            pending += [a for a in slot.attributes if isinstance(a, Slot)]

    def _turn(self, slot: Slot, *, is_relevant: bool) -> None:
        slot.is_relevant = is_relevant
        self.changes.states.add(slot.path)
        if not slot.model.is_leaf:
            return
        value = slot.remembered if is_relevant else ""
        if value != slot.value:
            slot.value = value
            self.touched(slot)
        if is_relevant:
            slot.computed = None
            calculate = self._program.calculates.get(slot.model.path)
            if calculate is not None:
                self._push(calculate, slot)


_MOST_INSTANCES = 10_000
_MOST_ROUNDS = 1_000  # a repeat that grows by one as long as its last instance asks for more
_MOST_ROUNDS_OF_ITS_OWN = 10
