"""What `jr:preload` puts into a new form or a new repeat instance (ODK XForms, preload)."""

from __future__ import annotations

from collections.abc import Container

from fieldapp.forms.answers import calculated
from fieldapp.forms.definition import Bind, FormDefinition, is_record_id
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.values import instant_text


class Preloading:
    """The preloads of one filling. `end` is none of them: a form that is opened has no end yet."""

    def __init__(self, definition: FormDefinition, tree: Tree, world: FormWorld) -> None:
        self._definition = definition
        self._tree = tree
        self._world = world
        self._binds = definition.preloads

    def form(self, given: Container[str]) -> None:
        """Into a new form, but for what was given beforehand; with its record's id."""
        for bind in self._binds:
            self._into(self._tree.at(self._definition.nodes[bind.path]), bind, given)

    def instance(self, top: Slot) -> None:
        """Into a new repeat instance, but not into those inside it."""
        for bind in self._binds:
            model = self._definition.nodes[bind.path]
            if model.repeats[-1:] == (top.model.path,):
                self._into(self._tree.at(model, top), bind, ())

    def _into(self, slots: list[Slot], bind: Bind, given: Container[str]) -> None:
        for slot in slots:
            text = calculated(bind.data_type, self._text(bind))
            # The record's id is its own, whatever it was planned with.
            if text and (slot.path not in given or is_record_id(bind)):
                slot.remember(text)

    def _text(self, bind: Bind) -> str:
        if is_record_id(bind):
            return self._world.instance_id
        now = self._world.now().astimezone(self._world.zone)
        match (bind.preload, bind.preload_parameter):
            case ("date", "today"):
                return now.date().isoformat()
            case ("timestamp", "start"):
                return instant_text(now)
            case ("uid", _):
                return f"uuid:{self._world.uuid()}"
            case ("property", name):
                return self._world.property(name)
            case _:
                return ""
