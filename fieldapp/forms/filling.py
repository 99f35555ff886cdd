"""The form as being filled: values, relevance, validity.

One `Filling` is one record open for typing. It is driven by text answers at paths (F1) and says
after each what changed. Nothing here draws, stores or reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from fieldapp.errors import UnknownPath
from fieldapp.forms.acting import Actions
from fieldapp.forms.answers import normalised
from fieldapp.forms.beginning import amended, begin, end_answers, lay_answers, note_end
from fieldapp.forms.definition import FormDefinition
from fieldapp.forms.display import display_of
from fieldapp.forms.entities import EntityDeclaration, entities_of
from fieldapp.forms.instances import Instance
from fieldapp.forms.offers import Offers
from fieldapp.forms.paths import without_keys
from fieldapp.forms.preloading import Preloading
from fieldapp.forms.recalculation import ChangeSet, Recalculation
from fieldapp.forms.repeats import Repeats
from fieldapp.forms.surroundings import Surroundings
from fieldapp.forms.tree import Slot, Tree
from fieldapp.forms.unanswered import saved_leaves
from fieldapp.forms.undoing import Act, Acts
from fieldapp.forms.validity import Violation, violation_at
from fieldapp.forms.view import Element, build_body
from fieldapp.forms.world import FormWorld


class Filling:
    """A form being filled. Make one by `start`, `resume` or `edit`."""

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
        self.acts = Acts(self.tree)
        self.repeats = Repeats(definition, self.tree, self.world)
        self.offers = Offers(self._display, self.world)
        self.recalculation = Recalculation(
            definition,
            self.tree,
            self.world,
            set_count=partial(self.repeats.set_count, self),
            forget_choices=self.offers.forget,
            changing=self.acts.changing,
        )
        self.actions = Actions(definition, self.tree, self.world, self.recalculation)
        self.preloading = Preloading(definition, self.tree, self.world)
        self.ended_at = ""
        self._body: tuple[Element, ...] | None = None
        self.world.find_text = lambda text_id: self._display.text_by_id(
            text_id, self.tree.root, self.world
        )
        self.world.find_label = self.offers.words_of

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
        return filling

    @classmethod
    def edit(
        cls,
        definition: FormDefinition,
        surroundings: Surroundings,
        answers: Mapping[str, str],
        instances: Mapping[str, Instance] | None = None,
    ) -> Filling:
        """A submitted record opened for amendment by a client that keeps each edition apart.

        `meta/deprecatedID` is the instanceID it had, `meta/instanceID` a new one: `uuid:` and the
        surroundings' record id (OpenRosa Metadata Schema). The rest is as in `resume`.
        """
        edition, after = amended(definition, surroundings, answers)
        return cls.resume(edition, surroundings, after, instances)

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
        text = self.recalculation.chosen(slot, text)
        if text == slot.remembered:
            return ChangeSet()
        self.acts.begin()
        self.acts.touching(slot)
        slot.touch()
        note_end(self)
        self.recalculation.give(slot, text)
        return self._acted()

    def recalculate_all(self) -> ChangeSet:
        """Run every expression again: on loading, and on the server after a merge (F5).

        Calculates that ask clock or chance keep the value they have.
        """
        recalculation = self.recalculation
        recalculation.keeps_volatile = recalculation.is_loading = True
        recalculation.everything()
        changes = self._ran()
        recalculation.keeps_volatile = recalculation.is_loading = False
        return changes

    def add_repeat(self, path: str) -> ChangeSet:
        """One more instance of a repeat, at its end; its path is in `repeat_paths(path)` then.

        `path` is the repeat without its own last key: `areas`, `areas[k]/items`.
        """
        self.acts.begin()
        slot = self.repeats.add(path)
        note_end(self)
        self.repeats.fill(self, slot)
        return self._acted()

    def remove_repeat(self, path: str) -> ChangeSet:
        """Take the instance at `areas[k]` away with all its answers."""
        slot = self.slot(path)
        if not slot.key:
            raise UnknownPath(path=path)
        self.acts.begin()
        note_end(self)
        self.repeats.cut(self, slot)
        return self._acted()

    def undo(self, act: Act | None = None) -> ChangeSet:
        """Take back the last act, or the one that was `acts.last` when it was done.

        An answer becomes what it was before, an instance that was taken away stands again with its
        key and all its answers, one that was added goes. What has been changed since stays, and
        what asks clock or chance keeps its value.
        """
        act = act or self.acts.last
        if act is None:
            return ChangeSet()
        self.recalculation.keeps_volatile = True
        self.acts.take_back(act, self.recalculation)
        note_end(self)
        changes = self._ran()
        self.recalculation.keeps_volatile = False
        return changes

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
        return {**answers, **end_answers(self), **self.unknown_answers}

    def draft_answers(self) -> dict[str, str]:
        """What was typed, the irrelevant too: what a draft keeps."""
        answers = {slot.path: slot.remembered for slot in saved_leaves(self) if slot.remembered}
        return {**answers, **end_answers(self), **self.unknown_answers}

    def entities(self) -> tuple[EntityDeclaration, ...]:
        """The entities that the answers create or update, in the form's order (F4)."""
        return entities_of(self)

    def violations(self) -> tuple[Violation, ...]:
        """What keeps the form from being finished, in the form's order."""
        found = (violation_at(self, slot) for slot in saved_leaves(self))
        return tuple(violation for violation in found if violation is not None)

    def violation(self, path: str) -> Violation | None:
        """What is wrong with one answer; None when nothing is. Raises UnknownPath."""
        return violation_at(self, self.slot(path))

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

    def show_language(self, name: str) -> ChangeSet:
        """Show labels, hints and messages in another of the form's languages.

        Values made of words (`jr:choice-name`) are made again; all texts may read otherwise.
        """
        if name in self.definition.languages and name != self.world.language:
            self.world.language = name
            self.recalculation.reworded()
        return self._ran()

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

    def _acted(self) -> ChangeSet:
        try:
            return self._ran()
        finally:
            self.acts.end()

    def _ran(self) -> ChangeSet:
        changes = self.recalculation.run()
        self.actions.follow(changes, with_values=not self.recalculation.keeps_volatile)
        if changes.repeats:
            self._body = None
        texts = {
            slot.path
            for control in self._display.telling_of(changes.values, changes.repeats)
            for slot in self.tree.at(self.definition.nodes[control])
        }
        return ChangeSet(
            values=frozenset(changes.values),
            states=frozenset(changes.states),
            texts=frozenset(texts),
            choices=frozenset(changes.choices),
            repeats=frozenset(changes.repeats),
        )
