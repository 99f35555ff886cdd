"""The form as being filled: values, relevance, validity.

One `Filling` is one record open for typing. It is driven by text answers at paths (F1) and says
after each what changed. Nothing here draws, stores or reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from fieldapp.errors import UnknownPath
from fieldapp.forms.answers import normalised
from fieldapp.forms.beginning import begin, lay_answers, note_end
from fieldapp.forms.definition import FormDefinition, ModelNode
from fieldapp.forms.display import display_of
from fieldapp.forms.entities import EntityDeclaration, entities_of
from fieldapp.forms.instances import Instance
from fieldapp.forms.offers import Offers
from fieldapp.forms.paths import below, without_keys
from fieldapp.forms.recalculation import ChangeSet, Recalculation
from fieldapp.forms.repeats import Repeats
from fieldapp.forms.surroundings import Surroundings
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.unanswered import saved_leaves
from fieldapp.forms.view import Element, build_body
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.nodes import Node
from fieldapp.messages import ANSWER_NOT_ALLOWED, ANSWER_REQUIRED


@dataclass(frozen=True, slots=True)
class Violation:
    """An answer that is missing or breaks its constraint; the message is in the language shown."""

    path: str
    kind: Literal["required", "constraint"]
    message: str


class Filling:
    """A form being filled. Make one by `start` or `resume`."""

    def __init__(
        self,
        definition: FormDefinition,
        surroundings: Surroundings,
        instances: Mapping[str, Instance] | None = None,
    ) -> None:
        self.definition = definition
        self.surroundings = surroundings
        self.tree = Tree(definition.root)
        self.world = FormWorld(definition, self.tree, surroundings, instances or {})
        self.unknown_answers: Mapping[str, str] = {}
        self._display = display_of(definition)
        self.repeats = Repeats(definition, self.tree, self.world)
        self.offers = Offers(self._display, self.world)
        self.recalculation = Recalculation(
            definition,
            self.tree,
            self.world,
            set_count=self._set_count,
            forget_choices=self.offers.forget,
        )
        self._body: tuple[Element, ...] | None = None
        self.world.find_text = lambda text_id: self._display.text_by_id(
            text_id, self.tree.root, self.world
        )
        self.world.find_label = self._choice_label

    @classmethod
    def start(
        cls,
        definition: FormDefinition,
        surroundings: Surroundings,
        instances: Mapping[str, Instance] | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Filling:
        """A new form: defaults, preloads and first calculates are in it.

        `instances` are the lists that stand outside the form, by name. `given` are answers that
        were there before anybody opened it, as in a planned record: they go before defaults.
        """
        filling = cls(definition, surroundings, instances)
        filling.unknown_answers = begin(filling, given or {})
        filling.recalculation.everything()
        filling.recalculation.run()
        return filling

    @classmethod
    def resume(
        cls,
        definition: FormDefinition,
        surroundings: Surroundings,
        answers: Mapping[str, str],
        instances: Mapping[str, Instance] | None = None,
    ) -> Filling:
        """A form that was begun before, from its answers or draft answers (F1).

        Answers at paths that the form does not have are kept apart in `unknown_answers` and come
        back from `answers`. What was calculated from clock or chance is not calculated again.
        """
        filling = cls(definition, surroundings, instances)
        filling.unknown_answers = lay_answers(filling, answers)
        filling.recalculate_all()
        return filling

    # Answering

    def answer(self, path: str, text: str) -> ChangeSet:
        """Give an answer; ``""`` takes it away.

        Raises UnknownPath, or AnswerRefused when the text is not of the question's type: then
        nothing changed.
        """
        slot = self.slot(path)
        plain = slot.model.path
        if not slot.model.is_leaf:
            raise UnknownPath(path=path)
        control = self.definition.controls.get(plain)
        text = normalised(
            path, self.definition.leaf(plain).data_type, control.kind if control else None, text
        )
        if text == slot.remembered:
            return ChangeSet()
        before = slot.value
        slot.touch()
        slot.remember(text)
        note_end(self)
        if slot.value != before:
            self.recalculation.touched(slot)
            self.repeats.value_changed(self, slot)
        return self._ran()

    def recalculate_all(self) -> ChangeSet:
        """Run every expression again: on loading, and on the server after a merge (F5).

        Calculates that ask clock or chance keep the value they have.
        """
        self.recalculation.keeps_volatile = True
        self.recalculation.everything()
        changes = self._ran()
        self.recalculation.keeps_volatile = False
        return changes

    def add_repeat(self, path: str) -> ChangeSet:
        """One more instance of a repeat, at its end; its path is in `repeat_paths(path)` then.

        `path` is the repeat without its own last key: `areas`, `areas[k]/items`.
        """
        slot = self.repeats.add(path)
        note_end(self)
        self.recalculation.inherit(slot)
        self.repeats.fill(self, slot)
        self.recalculation.instance(slot)
        return self._regrouped(path)

    def remove_repeat(self, path: str) -> ChangeSet:
        """Take the instance at `areas[k]` away with all its answers."""
        slot = self.slot(path)
        if not slot.key:
            raise UnknownPath(path=path)
        parent = slot.parent
        note_end(self)
        self.tree.remove(slot)
        if isinstance(parent, Slot):
            self.recalculation.regrouped(slot, parent)
        return self._regrouped(path.rpartition("[")[0])

    def repeat_paths(self, path: str) -> tuple[str, ...]:
        """The paths of a repeat's instances, in order."""
        return self.repeats.paths(path)

    # Answers

    def value(self, path: str) -> str:
        """The answer as it counts: empty where it is irrelevant. Raises UnknownPath."""
        return self.slot(path).value or ""

    def answers(self) -> dict[str, str]:
        """The answers of the record (F1): relevant and not empty, unknown ones included.

        A repeat instance in which nothing was answered is not saved (F2).
        """
        answers = {slot.path: slot.value for slot in saved_leaves(self) if slot.value}
        return answers | dict(self.unknown_answers)

    def draft_answers(self) -> dict[str, str]:
        """What was typed, the irrelevant too: what a draft keeps."""
        answers = {slot.path: slot.remembered for slot in saved_leaves(self) if slot.remembered}
        return answers | dict(self.unknown_answers)

    def entities(self) -> tuple[EntityDeclaration, ...]:
        """The entities that the answers create or update, in the form's order (F4)."""
        return entities_of(self)

    def violations(self) -> tuple[Violation, ...]:
        """What keeps the form from being finished, in the form's order."""
        found = (self._violation(slot) for slot in saved_leaves(self))
        return tuple(violation for violation in found if violation is not None)

    def violation(self, path: str) -> Violation | None:
        """What is wrong with one answer; None when nothing is. Raises UnknownPath."""
        return self._violation(self.slot(path))

    # Seeing

    @property
    def body(self) -> tuple[Element, ...]:
        """What a window shows: live elements, the same ones until a repeat grows or shrinks."""
        if self._body is None:
            self._body = build_body(self)
        return self._body

    @property
    def language(self) -> str:
        """The language shown; ``""`` for a form without translations."""
        return self.world.language

    def show_language(self, name: str) -> None:
        """Show labels, hints and messages in another of the form's languages."""
        if name in self.definition.languages:
            self.world.language = name

    def slot(self, path: str) -> Slot:
        """The node of the live instance at a path with keys; raises UnknownPath."""
        try:
            return self.tree.by_path[path]
        except KeyError:
            raise UnknownPath(path=without_keys(path)) from None

    def leaves(self) -> Iterator[Slot]:
        """Every slot that can hold an answer, in the form's order."""
        return (slot for slot in self.tree.root.slots() if slot.model.is_leaf)

    # Within

    def _violation(self, slot: Slot) -> Violation | None:
        if not slot.is_relevant:
            return None
        bind = self.definition.binds.get(slot.model.path)
        if bind is None:
            return None
        if slot.is_required and not slot.value:
            words = self._display.words(bind.required_message, slot, self.world)
            return Violation(slot.path, "required", words or ANSWER_REQUIRED)
        if not slot.is_valid:
            words = self._display.words(bind.constraint_message, slot, self.world)
            return Violation(slot.path, "constraint", words or ANSWER_NOT_ALLOWED)
        return None

    def _choice_label(self, node: Node, value: str) -> str:
        if not isinstance(node, Slot):
            return value
        control = self.definition.controls.get(node.model.path)
        if control is None:
            return value
        if self.offers.is_from_outside(control):
            return self.offers.label(control, node, value) or value
        offers = self.offers.all(control, node)
        return next((offer.label for offer in offers if offer.value == value), value)

    def _set_count(self, parent: Slot, repeat: ModelNode, wanted: int) -> None:
        for slot in self.repeats.surplus(parent, repeat, wanted):
            self.tree.remove(slot)
            self.recalculation.regrouped(slot, parent)
            self._grew(parent, repeat)
        for slot in self.repeats.lacking(parent, repeat, wanted):
            self.recalculation.inherit(slot)
            self.repeats.fill(self, slot)
            self.recalculation.instance(slot)
            self._grew(parent, repeat)

    def _grew(self, parent: Slot, repeat: ModelNode) -> None:
        self._body = None
        self.recalculation.changes.repeats.add(below(parent.path, repeat.local))

    def _regrouped(self, path: str) -> ChangeSet:
        self._body = None
        self.recalculation.changes.repeats.add(path)
        return self._ran()

    def _ran(self) -> ChangeSet:
        changes = self.recalculation.run()
        if not self.recalculation.keeps_volatile:
            self.repeats.set_off(self, changes)
        watching = self._display.watching_texts
        texts = {
            slot.path
            for path in {without_keys(value) for value in changes.values}
            for control in watching.get(path, ())
            for slot in self.tree.at(self.definition.nodes[control])
        }
        return ChangeSet(
            values=frozenset(changes.values),
            states=frozenset(changes.states),
            texts=frozenset(texts),
            choices=frozenset(changes.choices),
            repeats=frozenset(changes.repeats),
        )
