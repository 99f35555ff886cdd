"""Repeat instances that nobody answered: they are shown, and not saved (formats F2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp.forms.definition import Seed
from fieldapp.forms.tree import Slot

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling


def unanswered_instances(filling: Filling) -> frozenset[Slot]:
    """The added instances in which no question is answered.

    What is calculated is no answer, and neither are the defaults of an instance that the form
    itself began with and nobody has touched, unless it says more than a new one would. Counted and
    fixed instances are always saved.
    """
    asking = filling.definition.asking_repeats
    if not asking:
        return frozenset()
    asked, templates = filling.definition.asked, filling.definition.templates
    slots = [slot for path in asking for slot in filling.tree.at(filling.definition.nodes[path])]
    # Inner instances first, so that an outer one knows which of them count.
    slots.sort(key=lambda slot: len(slot.model.repeats), reverse=True)
    unanswered: set[Slot] = set()
    for slot in slots:
        is_blank = slot.is_untouched and slot.seed == templates.get(slot.model.path, _EMPTY)
        if is_blank or not _is_answered(slot, asked, unanswered):
            unanswered.add(slot)
    return frozenset(unanswered)


def saved_leaves(filling: Filling) -> list[Slot]:
    """The slots whose answers are saved, in the form's order."""
    known = filling.definition.leaves
    unsaved = unanswered_instances(filling)
    left_out = {leaf for slot in unsaved for leaf in slot.slots()}
    leaves = [slot for slot in filling.tree.root.slots() if slot.model.path in known]
    return [leaf for leaf in leaves if leaf not in left_out] if left_out else leaves


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


_EMPTY = Seed()
