"""How a filling begins: as a new form, or from answers given before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fieldapp.forms.definition import Bind
from fieldapp.forms.repeats import key_rank
from fieldapp.forms.tree import Slot
from fieldapp.forms.xpath.values import instant_text

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling

INSTANCE_ID = "meta/instanceID"


def begin(filling: Filling) -> None:
    """Defaults, preloads, first instances of repeats, first-load actions."""
    filling.repeats.fill(filling, filling.tree.root)
    for path, bind in filling.definition.binds.items():
        if bind.preload:
            text = _preloaded(filling, bind)
            for slot in filling.tree.at(filling.definition.nodes[path]):
                if text and not slot.remembered:
                    slot.remember(text)
    _identify(filling)
    _load(filling, "odk-instance-first-load")
    _load(filling, "odk-instance-load")
    _load(filling, "xforms-ready")


def lay_answers(filling: Filling, answers: Mapping[str, str]) -> Mapping[str, str]:
    """Put the answers into the tree; those it has no place for are given back."""
    unknown: dict[str, str] = {}
    nodes = filling.definition.nodes
    repeats: dict[tuple[str, int], tuple[Slot, Slot]] = {}
    for path, text in answers.items():
        slot = filling.tree.ensure(path, nodes)
        if slot is None or not slot.model.is_leaf:
            unknown[path] = text
            continue
        slot.remember(text)
        above: object = slot
        while isinstance(above, Slot):
            if above.key and isinstance(above.parent, Slot):
                filling.world.saw_key(above.key)
                repeats[above.model.path, id(above.parent)] = above, above.parent
            above = above.parent
    for instance, parent in repeats.values():
        filling.tree.sort(instance.model, parent, key_rank)
    _identify(filling)
    _load(filling, "odk-instance-load")
    return unknown


def _identify(filling: Filling) -> None:
    slot = filling.tree.by_path.get(INSTANCE_ID)
    if slot is not None and slot.model.is_leaf:
        slot.remember(f"uuid:{filling.surroundings.record_id}")


def _load(filling: Filling, event: str) -> None:
    for action in filling.definition.actions:
        if event in action.events and action.trigger is None:
            filling.repeats.set_value(filling, action, filling.tree.root)


def _preloaded(filling: Filling, bind: Bind) -> str:
    """What `jr:preload` gives (ODK XForms, preload attributes)."""
    now = filling.world.now().astimezone(filling.world.zone)
    match (bind.preload, bind.preload_parameter):
        case ("date", "today"):
            return now.date().isoformat()
        case ("timestamp", "start" | "end"):
            return instant_text(now)
        case ("uid", _):
            return f"uuid:{filling.surroundings.record_id}" if bind.path == INSTANCE_ID else (
                f"uuid:{filling.world.uuid()}"
            )  # fmt: skip
        case ("property", name):
            return filling.surroundings.properties.get(name, "")
        case _:
            return ""
