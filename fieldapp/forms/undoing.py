"""What an act of the worker changed, kept so that it can be taken back.

An act is one answer, or one instance more or fewer, with all that followed from it: values that
actions gave, counted instances that went. Only what others have not changed since is put back, so
that an act may be undone that is not the last one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from fieldapp.forms.recalculation import Recalculation
from fieldapp.forms.repeats import key_rank
from fieldapp.forms.tree import Slot, Tree


class _Before(NamedTuple):
    remembered: str
    computed: str | None


class _Cut(NamedTuple):
    instance: Slot
    parent: Slot


@dataclass(slots=True, eq=False)
class Act:
    """One act; opaque to whoever keeps it for its undo."""

    before: dict[Slot, _Before] = field(default_factory=dict)
    after: dict[Slot, str] = field(default_factory=dict)
    untouched: list[Slot] = field(default_factory=list)
    added: list[Slot] = field(default_factory=list)
    cut: list[_Cut] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.before or self.added or self.cut)


class Acts:
    """The last acts in one filling. Nothing is noted before `begin` nor after `end`."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._acts: deque[Act] = deque(maxlen=_MOST_ACTS)
        self._open: Act | None = None

    @property
    def last(self) -> Act | None:
        """The last act that is not undone."""
        return self._acts[-1] if self._acts else None

    def begin(self) -> None:
        """What changes from now on belongs to one act."""
        self._open = Act()

    def end(self) -> None:
        """The act is over; one that changed nothing is none."""
        act, self._open = self._open, None
        if act:
            act.after = {slot: slot.remembered for slot in act.before}
            self._acts.append(act)

    def changing(self, slot: Slot) -> None:
        """A slot is about to be given another value."""
        if self._open is not None:
            self._open.before.setdefault(slot, _Before(slot.remembered, slot.computed))

    def touching(self, slot: Slot) -> None:
        """A slot is about to be answered: the instances around it count from then on."""
        above: object = slot
        while self._open is not None and isinstance(above, Slot):
            if above.is_untouched:
                self._open.untouched.append(above)
            above = above.parent

    def added(self, instance: Slot) -> None:
        """There is one more instance."""
        if self._open is not None:
            self._open.added.append(instance)

    def cutting(self, instance: Slot) -> None:
        """An instance is about to be cut out."""
        if self._open is not None and isinstance(instance.parent, Slot):
            self._open.cut.append(_Cut(instance, instance.parent))

    def take_back(self, act: Act, recalculation: Recalculation) -> None:
        """Put back what an act changed and nothing else has changed since; the rest is to run."""
        if act not in self._acts:
            return
        self._acts.remove(act)
        for instance in act.added:
            parent = instance.parent
            if self._tree.holds(instance) and isinstance(parent, Slot):
                self._tree.remove(instance)
                recalculation.regrouped(instance, parent)
        for instance, parent in reversed(act.cut):
            if self._tree.holds(parent) and instance.path not in self._tree.by_path:
                self._tree.put_back(instance, parent, key_rank)
                recalculation.inherit(instance)
                recalculation.instance(instance)
                recalculation.counted_again(instance, parent)
        for slot, before in act.before.items():
            if self._tree.holds(slot) and slot.remembered == act.after[slot]:
                slot.computed = before.computed
                recalculation.give(slot, before.remembered)
        for slot in act.untouched:
            slot.is_untouched = True


_MOST_ACTS = 200
