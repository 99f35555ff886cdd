"""What is wrong with an answer: missing where it is required, or breaking its constraint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fieldapp.forms.display import display_of
from fieldapp.forms.tree import Slot
from fieldapp.messages import ANSWER_NOT_ALLOWED, ANSWER_REQUIRED

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling


@dataclass(frozen=True, slots=True)
class Violation:
    """An answer that is missing or breaks its constraint; the message is in the language shown."""

    path: str
    kind: Literal["required", "constraint"]
    message: str


def violation_at(filling: Filling, slot: Slot) -> Violation | None:
    """What is wrong at a slot; None when nothing is, or when it does not count."""
    if not slot.is_relevant:
        return None
    bind = filling.definition.binds.get(slot.model.path)
    if bind is None:
        return None
    display = display_of(filling.definition)
    if slot.is_required and not slot.value:
        words = display.words(bind.required_message, slot, filling.world)
        return Violation(slot.path, "required", words or ANSWER_REQUIRED)
    if not slot.is_valid:
        words = display.words(bind.constraint_message, slot, filling.world)
        return Violation(slot.path, "constraint", words or ANSWER_NOT_ALLOWED)
    return None
