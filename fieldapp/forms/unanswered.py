"""Repeat instances that nobody answered: they are shown, and not saved (formats F2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp.forms.definition import FormDefinition
from fieldapp.forms.tree import Slot

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling


def unanswered_instances(filling: Filling) -> frozenset[Slot]:
    """The added instances in which no question is answered.

    What is calculated is no answer, and neither are the defaults of an instance that the form
    itself began with and nobody has touched. Counted instances are always saved.
    """
    asking = _asking_repeats(filling.definition)
    if not asking:
        return frozenset()
    asked = filling.definition.asked
    slots = [slot for path in asking for slot in filling.tree.at(filling.definition.nodes[path])]
    # Inner instances first, so that an outer one knows which of them count.
    slots.sort(key=lambda slot: len(slot.model.repeats), reverse=True)
    unanswered: set[Slot] = set()
    for slot in slots:
        if slot.is_untouched or not _is_answered(slot, asked, unanswered):
            unanswered.add(slot)
    return frozenset(unanswered)


def saved_leaves(filling: Filling) -> list[Slot]:
    """The slots whose answers are saved, in the form's order."""
    known = filling.definition.leaves
    unsaved = unanswered_instances(filling)
    left_out = {leaf for slot in unsaved for leaf in slot.slots()}
    return [leaf for leaf in filling.leaves() if leaf.model.path in known and leaf not in left_out]


def _is_answered(top: Slot, asked: frozenset[str], unanswered: set[Slot]) -> bool:
    pending = [top]
    while pending:
        slot = pending.pop()
        if slot in unanswered:
            continue
        # What was typed counts, though it be irrelevant just now: a draft keeps it.
        if slot.remembered and slot.model.path in asked:
            return True
        pending += [child for child in slot.children if isinstance(child, Slot)]
    return False


def _asking_repeats(definition: FormDefinition) -> list[str]:
    """The repeats that are added to by hand and ask something."""
    asking = {repeat for path in definition.asked for repeat in definition.nodes[path].repeats}
    return [path for path in definition.nodes if path in asking and path not in definition.counts]
