"""How a filling begins: as a new form, or from answers given before."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from fieldapp.forms.definition import Bind
from fieldapp.forms.repeats import key_rank
from fieldapp.forms.tree import Slot
from fieldapp.forms.xpath.values import instant_text

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling

INSTANCE_ID = "meta/instanceID"


def begin(filling: Filling, given: Mapping[str, str]) -> Mapping[str, str]:
    """Defaults, preloads, first instances of repeats, first-load actions.

    What is given beforehand goes before all of these; what the form has no place for is given back.
    """
    filling.repeats.fill_form(filling.tree.root)
    unknown = _lay(filling, given)
    for path, bind in filling.definition.binds.items():
        if bind.preload:
            text = _preloaded(filling, bind)
            for slot in filling.tree.at(filling.definition.nodes[path]):
                if text and not slot.remembered:
                    slot.remember(text)
    _identify(filling)
    for event in ("odk-instance-first-load", "odk-instance-load", "xforms-ready"):
        _load(filling, event, given)
    return unknown


def lay_answers(filling: Filling, answers: Mapping[str, str]) -> Mapping[str, str]:
    """Put the answers into the tree; those it has no place for are given back."""
    unknown = _lay(filling, answers)
    _identify(filling)
    _load(filling, "odk-instance-load")
    return unknown


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
    """Metadata `end` is the moment of the last answer, so that it stands whenever work stops."""
    for path in filling.definition.ends:
        for slot in filling.tree.at(filling.definition.nodes[path]):
            text = instant_text(filling.world.now().astimezone(filling.world.zone))
            if text != slot.remembered:
                slot.remember(text)
                filling.recalculation.touched(slot)


def _identify(filling: Filling) -> None:
    slot = filling.tree.by_path.get(INSTANCE_ID)
    if slot is not None and slot.model.is_leaf:
        slot.remember(f"uuid:{filling.surroundings.record_id}")


def _load(filling: Filling, event: str, given: Mapping[str, str] = MappingProxyType({})) -> None:
    for action in filling.definition.actions:
        if event in action.events:
            filling.repeats.set_value(filling, action, filling.tree.root, given)


def _preloaded(filling: Filling, bind: Bind) -> str:
    """What `jr:preload` gives (ODK XForms, preload attributes)."""
    now = filling.world.now().astimezone(filling.world.zone)
    match (bind.preload, bind.preload_parameter):
        case ("date", "today"):
            return now.date().isoformat()
        case ("timestamp", "start"):
            return instant_text(now)
        case ("uid", _):
            return f"uuid:{filling.surroundings.record_id}" if bind.path == INSTANCE_ID else (
                f"uuid:{filling.world.uuid()}"
            )  # fmt: skip
        case ("property", "username") if filling.surroundings.username:
            return filling.surroundings.username
        case ("property", name):
            return filling.surroundings.properties.get(name, "")
        case _:
            return ""
