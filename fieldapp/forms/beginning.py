"""How a filling begins: as a new form, or from answers given before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fieldapp.forms.definition import FormDefinition, ModelNode, is_record_id
from fieldapp.forms.repeats import key_rank
from fieldapp.forms.surroundings import Surroundings
from fieldapp.forms.tree import Slot
from fieldapp.forms.xpath.values import instant_text

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling

INSTANCE_ID = "meta/instanceID"
DEPRECATED_ID = "meta/deprecatedID"


def begin(filling: Filling, given: Mapping[str, str]) -> Mapping[str, str]:
    """Defaults, preloads, first instances of repeats, first calculates, then the actions.

    What is given beforehand goes before all of these; what the form has no place for is given back.
    """
    filling.repeats.fill_form(filling.tree.root)
    unknown = _lay(filling, given)
    filling.preloading.form(given)
    filling.recalculation.everything()
    filling.actions.follow(filling.recalculation.run(), with_values=False)
    # Actions look at what was calculated, and at each other's values.
    for event in ("odk-instance-first-load", "odk-instance-load"):
        filling.actions.loaded(event, given)
        filling.actions.follow(filling.recalculation.run())
    return unknown


def lay_answers(filling: Filling, answers: Mapping[str, str]) -> Mapping[str, str]:
    """Put the answers into the tree; those it has no place for are given back.

    What is irrelevant and was not given keeps the form's default, in case it becomes relevant: it
    may be missing for being irrelevant alone. What is relevant and was not given is empty.
    """
    unknown = dict(_lay(filling, answers))
    for surplus in filling.repeats.complete():
        unknown |= {slot.path: slot.remembered for slot in surplus.slots() if slot.remembered}
    filling.recalculate_all()
    for slot in filling.leaves():
        if not slot.is_relevant and not slot.remembered and slot.path not in answers:
            slot.remembered = filling.repeats.default_of(slot)
    filling.actions.loaded("odk-instance-load")
    filling.actions.follow(filling.recalculation.run())
    return unknown


def amended(
    definition: FormDefinition, surroundings: Surroundings, answers: Mapping[str, str]
) -> tuple[FormDefinition, Mapping[str, str]]:
    """Form and answers of another edition of a submitted record, which names the one before it.

    A form without a place for `meta/deprecatedID` is given one. An instanceID that the form says
    in so many words stays.
    """
    before = answers.get(INSTANCE_ID, "")
    bind = definition.binds.get(INSTANCE_ID)
    after = dict(answers)
    if bind is not None and is_record_id(bind):
        after[INSTANCE_ID] = surroundings.instance_id
    if not before:
        return definition, after
    after[DEPRECATED_ID] = before
    return _with_deprecated_id(definition), after


def _with_deprecated_id(definition: FormDefinition) -> FormDefinition:
    if DEPRECATED_ID in definition.nodes:
        return definition
    known = definition.__dict__.get("_edition")
    if isinstance(known, FormDefinition):
        return known
    # A copy, made once: what was worked out for the form knows nothing of one more node.
    edition = FormDefinition.from_bytes(definition.to_bytes())
    meta = edition.root.child("meta")
    if meta is not None:
        meta.take(
            ModelNode(
                "deprecatedID",
                DEPRECATED_ID,
                parent=meta,
                namespace=meta.namespace,
                prefix=meta.prefix,
                written_namespace=meta.written_namespace,
            )
        )
    definition.__dict__["_edition"] = edition
    return edition


def _lay(filling: Filling, answers: Mapping[str, str]) -> Mapping[str, str]:
    unknown: dict[str, str] = {}
    definition = filling.definition
    nodes = definition.nodes
    repeats: dict[tuple[str, int], tuple[Slot, Slot]] = {}
    for path, text in answers.items():
        slot = filling.tree.ensure(path, nodes)
        if slot is None or slot.model.path not in definition.leaves:
            unknown[path] = text
            continue
        slot.touch()
        slot.remember(text)
        above: object = slot
        while isinstance(above, Slot):
            if above.key and isinstance(above.parent, Slot):
                filling.world.saw_key(above.key)
                repeats[above.model.path, id(above.parent)] = above, above.parent
            above = above.parent
    for instance, parent in repeats.values():
        for other in filling.tree.instances_of(instance.model, parent):
            if other.is_untouched:
                filling.tree.remove(other)
        filling.tree.sort(instance.model, parent, key_rank)
    return unknown


def note_end(filling: Filling) -> None:
    """Metadata `end` is the moment of the last answer, so that it stands whenever work stops.

    It stands in the answers that are handed over alone: no expression sees the form's end before
    it has ended, as in ODK's engines.
    """
    if filling.definition.ends:
        filling.ended_at = instant_text(filling.world.now().astimezone(filling.world.zone))


def end_answers(filling: Filling) -> Mapping[str, str]:
    """What metadata `end` comes to, by path; nothing before the first answer."""
    if not filling.ended_at:
        return {}
    slots = (filling.tree.by_path.get(path) for path in filling.definition.ends)
    return {slot.path: filling.ended_at for slot in slots if slot is not None and slot.is_relevant}
