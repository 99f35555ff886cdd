"""Carrying out `<setvalue>` actions (ODK XForms, events and actions).

An action gives its target a value once, at its event; what its value is worked out from may change
later without setting it off again. A target that is irrelevant just then remembers it, as in
JavaRosa: a default worked out for a question is there when the question comes up.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from fieldapp.forms.answers import calculated, worked_out
from fieldapp.forms.definition import DataType, FormDefinition, ModelNode, SetValue, is_entity
from fieldapp.forms.paths import without_keys
from fieldapp.forms.program import compile_at
from fieldapp.forms.recalculation import Changes, Recalculation
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.evaluation import Compiled, Context


@dataclass(frozen=True, slots=True)
class _Ready:
    """An action ready to run: its target in the form, its expressions compiled."""

    said: SetValue
    model: ModelNode
    data_type: DataType
    value: Compiled | None
    #: The target where its path alone does not say it, by the node that it is seen from.
    targets: Mapping[str, Compiled]
    is_new_entity_id: bool


def ready_actions(definition: FormDefinition) -> tuple[_Ready, ...]:
    """The actions of a form, made once; raises FormRefused for what will not compile."""
    known = definition.__dict__.get("_actions")
    if not isinstance(known, tuple):
        known = tuple(_ready(definition, action) for action in definition.actions)
        definition.__dict__["_actions"] = known
    return known


def _ready(definition: FormDefinition, action: SetValue) -> _Ready:
    model = definition.nodes[action.path]
    bind = definition.binds.get(action.path)
    seen_from = {"", action.trigger or "", _repeat_of(definition, action)}
    return _Ready(
        said=action,
        model=model,
        data_type=bind.data_type if bind is not None else "string",
        value=compile_at(definition, model, action.value) if action.value is not None else None,
        targets={
            path: compile_at(definition, definition.nodes[path], action.target)
            for path in seen_from & definition.nodes.keys()
        } if action.target is not None else {},
        is_new_entity_id=_is_new_entity_id(model, action),
    )  # fmt: skip


def _repeat_of(definition: FormDefinition, action: SetValue) -> str:
    """The repeat whose new instances an action is about."""
    if action.repeat:
        return action.repeat
    repeats = definition.nodes[action.path].repeats
    return repeats[-1] if repeats else ""


class Actions:
    """The actions of one filling."""

    def __init__(
        self,
        definition: FormDefinition,
        tree: Tree,
        world: FormWorld,
        recalculation: Recalculation,
    ) -> None:
        self._definition = definition
        self._tree = tree
        self._world = world
        self._recalculation = recalculation
        self._ready = ready_actions(definition)
        self._of_new: dict[str, list[_Ready]] = {}
        for action in self._ready:
            if "odk-new-repeat" in action.said.events:
                repeat = _repeat_of(definition, action.said)
                self._of_new.setdefault(repeat, []).append(action)
        self._new: list[Slot] = []

    def loaded(self, event: str, given: Container[str] = ()) -> None:
        """The form was opened; a target that was given its answer beforehand keeps it."""
        for action in self._ready:
            if event in action.said.events:
                self._carry_out(action, self._tree.root, given)

    def instance_added(self, top: Slot) -> None:
        """There is a new repeat instance: its actions wait until it has been calculated."""
        if top.model.path in self._of_new:
            self._new.append(top)

    def follow(self, changes: Changes, *, with_values: bool = True) -> None:
        """Carry out what waits for what happened: new instances, other values.

        A value sets its actions off once. Whatever changes by them is added to the changes.
        """
        triggers = self._definition.triggers if with_values else frozenset()
        done: set[str] = set()
        while True:
            due = {p for p in changes.values - done if without_keys(p) in triggers} if (
                triggers
            ) else set()  # fmt: skip
            if not due and not self._new:
                return
            done |= due
            self._begin_instances()
            for path in sorted(due):
                slot = self._tree.by_path.get(path)
                if slot is not None:
                    self._set_off(slot)
            changes.add(self._recalculation.run())

    def _begin_instances(self) -> None:
        new, self._new = self._new, []
        for top in new:
            for action in self._of_new[top.model.path] if self._tree.holds(top) else ():
                self._carry_out(action, top)

    def _set_off(self, slot: Slot) -> None:
        for action in self._ready:
            said = action.said
            if said.trigger == slot.model.path and "xforms-value-changed" in said.events:
                self._carry_out(action, slot)

    def _carry_out(self, action: _Ready, near: Slot, given: Container[str] = ()) -> None:
        targets = self._targets(action, near)
        if near.model.is_leaf and len(targets) > 1:
            # One answer may set one other (XForms 1.1 §10.2, single node): whose instance it would
            # be, nobody said.
            return
        for slot in targets:
            if slot.path in given:
                continue
            text = self._text(action, slot)
            if text != slot.remembered:
                if near.model.is_leaf:
                    slot.touch()  # somebody's answer gave it
                self._recalculation.give(slot, text)

    def _targets(self, action: _Ready, near: Slot) -> list[Slot]:
        """The target in the same repeat instances as `near`."""
        target = action.targets.get(near.model.path)
        if target is None:
            return self._tree.at(action.model, _common(near, action.model))
        nodes = target.run(Context(near, self._world))
        found = nodes if isinstance(nodes, list) else []
        return [node for node in found if isinstance(node, Slot) and node.model is action.model]

    def _text(self, action: _Ready, slot: Slot) -> str:
        """What the action gives, as its target keeps it."""
        if action.said.is_location:
            return calculated(action.data_type, self._world.location()) or slot.remembered
        if action.value is None:
            return calculated(action.data_type, action.said.text)
        if action.is_new_entity_id:
            return self._world.entity_id(slot.path)
        value = action.value.run(Context(slot, self._world))
        return worked_out(action.data_type, value, self._world.zone)


def _common(near: Slot, model: ModelNode) -> Slot | None:
    """The innermost repeat instance around `near` that also surrounds the node."""
    slot: object = near
    while isinstance(slot, Slot):
        if slot.model.is_repeat and slot.model.path in model.repeats:
            return slot
        slot = slot.parent
    return None


def _is_new_entity_id(model: ModelNode, action: SetValue) -> bool:
    """Whether the action gives a new entity its id, as pyxform writes it: `uuid()`."""
    is_id = model.is_attribute and model.local == "id" and is_entity(model.parent)
    return is_id and action.value is not None and action.value.text.strip() == "uuid()"
