"""What a window shows: the body of a filling as live elements.

An element asks the filling whenever one of its properties is read, so it never shows what was
true before the last answer; a window re-reads those that a `ChangeSet` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from fieldapp.forms.definition import Control, ControlKind, DataType, ModelNode
from fieldapp.forms.display import Display, Offer, display_of
from fieldapp.forms.tree import Slot

if TYPE_CHECKING:
    from fieldapp.forms.filling import Filling

# A choice of a question: `value` and `label`.
Choice: TypeAlias = Offer


class _Shown:
    """What every element has: its control and the slot it stands at."""

    __slots__ = ("_control", "_display", "_filling", "_slot")

    def __init__(self, filling: Filling, control: Control, slot: Slot) -> None:
        self._filling = filling
        self._display: Display = display_of(filling.definition)
        self._control = control
        self._slot = slot

    @property
    def label(self) -> str:
        """The label in the language shown, outputs filled in."""
        return self._display.words(self._control.label, self._slot, self._filling.world)

    @property
    def media(self) -> Mapping[str, str]:
        """What the label shows and plays: `image`, `big-image`, `audio`, `video` → address."""
        return self._display.media(self._control.label, self._slot, self._filling.world)

    @property
    def appearance(self) -> str:
        """The appearance words, one space apart; ``""`` for none."""
        return self._control.appearance

    @property
    def is_relevant(self) -> bool:
        """Whether it is shown at all."""
        return self._slot.is_relevant


class Question(_Shown):
    """One question: an input, a choice, a note, a photo."""

    __slots__ = ()

    @property
    def path(self) -> str:
        """The answer's path, repeat keys included."""
        return self._slot.path

    @property
    def name(self) -> str:
        """The question's name in the workbook."""
        return self._slot.model.local

    @property
    def control(self) -> ControlKind:
        """What it is asked by."""
        return self._control.kind

    @property
    def data_type(self) -> DataType:
        """What its answer is."""
        return self._filling.definition.leaves[self._slot.model.path].data_type

    @property
    def hint(self) -> str:
        """The hint in the language shown."""
        return self._display.words(self._control.hint, self._slot, self._filling.world)

    @property
    def guidance(self) -> str:
        """The guidance hint, for whoever wants more."""
        world = self._filling.world
        return self._display.message_form(self._control.hint, "guidance", self._slot, world)

    @property
    def attributes(self) -> Mapping[str, str]:
        """Further attributes: `mediatype`, `start`, `end`, `step`, `rows`, `max-pixels`…"""
        bind = self._filling.definition.binds.get(self._slot.model.path)
        if bind is None or not bind.max_pixels:
            return self._control.attributes
        return {**self._control.attributes, "max-pixels": bind.max_pixels}

    @property
    def value(self) -> str:
        """The answer; ``""`` for none."""
        return self._slot.value or ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices that are offered now, in order: of a list from outside all of its rows."""
        return self._filling.offers.all(self._control, self._slot)

    @property
    def is_from_list(self) -> bool:
        """Whether the choices are rows of a list outside the form: to be searched, not shown."""
        return self._filling.offers.is_from_outside(self._control)

    def search(self, text: str, limit: int) -> tuple[Choice, ...]:
        """The first choices that have a text, or the 초성 that it is, in their label."""
        return self._filling.offers.search(self._control, self._slot, text, limit)

    def choice_label(self, value: str) -> str:
        """The label of one choice by its value, looked up and not sought; ``""`` for none."""
        return self._filling.offers.label(self._control, self._slot, value) or ""

    def choice_media(self, value: str) -> Mapping[str, str]:
        """What the label of a choice shows and plays."""
        world = self._filling.world
        return self._display.media_of_choice(self._control, value, self._slot, world)

    @property
    def is_required(self) -> bool:
        """Whether it must be answered."""
        return self._slot.is_required

    @property
    def is_readonly(self) -> bool:
        """Whether it only shows."""
        return self._slot.is_readonly

    @property
    def is_note(self) -> bool:
        """Whether it is a text to be read: an input that never takes an answer."""
        return self._control.kind == "input" and self._slot.is_readonly and not self.is_calculated

    @property
    def is_calculated(self) -> bool:
        """Whether its value is worked out from others."""
        return self._filling.definition.leaves[self._slot.model.path].is_calculated


class Group(_Shown):
    """Questions that belong together; `path` is None for one that only arranges or labels."""

    __slots__ = ("_around", "children")

    def __init__(
        self, filling: Filling, control: Control, slot: Slot, around: Control | None = None
    ) -> None:
        super().__init__(filling, control, slot)
        self._around = around
        self.children: tuple[Element, ...] = ()

    @property
    def title(self) -> str:
        """What an instance is called: the label of the group around its repeat, or its own.

        pyxform puts the label there; `${name}` in it is the name in this very instance.
        """
        around = self._around.label if self._around is not None else None
        return self._display.title(around, self._slot, self._filling.world) or self.label

    @property
    def path(self) -> str | None:
        """The group's path, or the repeat instance's with its key."""
        return self._slot.path if self._slot.model.path == self._control.path else None


class Repeat(_Shown):
    """A repeat with its instances, each a Group."""

    __slots__ = ("_around", "instances", "path")

    def __init__(
        self,
        filling: Filling,
        control: Control,
        slot: Slot,
        path: str,
        around: Control | None = None,
    ) -> None:
        super().__init__(filling, control, slot)
        self._around = around
        self.path = path
        self.instances: tuple[Group, ...] = ()

    @property
    def title(self) -> str:
        """What the repeat is called: the label of the group around it, or its own."""
        around = self._around.label if self._around is not None else None
        return self._display.words(around, self._slot, self._filling.world) or self.label

    @property
    def is_fixed(self) -> bool:
        """Whether the form alone decides how many instances there are."""
        return self._control.is_fixed or self._control.count is not None


Element: TypeAlias = "Group | Question | Repeat"


def build_body(filling: Filling) -> tuple[Element, ...]:
    """The elements of the whole body."""
    return _elements(filling, filling.definition.body, filling.tree.root)


def _elements(
    filling: Filling, controls: tuple[Control, ...], around: Slot, above: Control | None = None
) -> tuple[Element, ...]:
    return tuple(
        element
        for control in controls
        for element in [_element(filling, control, around, above)]
        if element is not None
    )


def _element(
    filling: Filling, control: Control, around: Slot, above: Control | None
) -> Element | None:
    if control.kind == "repeat":
        return _repeat(filling, control, around, above)
    model = filling.definition.nodes[control.path or ""]
    # pyxform puts a group with the label around each repeat, whose path is the repeat's own.
    is_around_repeat = control.path is None or (control.kind == "group" and model.is_repeat)
    slot = around if is_around_repeat else _slot(filling, model, around)
    if slot is None:
        return None
    if control.kind == "group":
        group = Group(filling, control, slot)
        group.children = _elements(filling, control.children, slot, control)
        return group
    return Question(filling, control, slot)


def _repeat(
    filling: Filling, control: Control, around: Slot, above: Control | None
) -> Repeat | None:
    model = filling.definition.nodes[control.path or ""]
    if model.parent is None:
        return None
    parent = _slot(filling, model.parent, around)
    if parent is None:
        return None
    path = f"{parent.path}/{model.local}" if parent.path else model.local
    named_by = above if above is not None and above.path in {None, control.path} else None
    repeat = Repeat(filling, control, parent, path, named_by)
    instances = []
    for slot in filling.tree.instances_of(model, parent):
        group = Group(filling, control, slot, named_by)
        group.children = _elements(filling, control.children, slot)
        instances.append(group)
    repeat.instances = tuple(instances)
    return repeat


def _slot(filling: Filling, model: ModelNode, around: Slot) -> Slot | None:
    """The slot of a node, in the same repeat instance as what is around it."""
    if not model.repeats:
        return filling.tree.by_path[model.path]
    anchor: object = around
    while isinstance(anchor, Slot):
        if anchor.model.is_repeat and anchor.model.path in model.repeats:
            found = filling.tree.at(model, anchor)
            return found[0] if found else None
        anchor = anchor.parent
    found = filling.tree.at(model)
    return found[0] if found else None
