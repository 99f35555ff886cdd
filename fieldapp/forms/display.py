"""Words and choices as a worker sees them: translations, outputs, itemsets.

Compiled once per definition and kept beside it, like the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.definition import (
    Control,
    Expression,
    FormDefinition,
    Itemset,
    ModelNode,
    Parts,
    Text,
)
from fieldapp.forms.paths import without_keys
from fieldapp.forms.program import compile_at, compile_in_row, references_at
from fieldapp.forms.references import references_of_choices
from fieldapp.forms.shapes import from_instance
from fieldapp.forms.telling import told_by_choices, told_in
from fieldapp.forms.tree import Slot
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.ast import Call
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import text_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice as offered: its value and its label in the language shown."""

    value: str
    label: str


#: What a text may be beside words (ODK XForms, media).
MEDIA = ("image", "big-image", "audio", "video")

#: How long the choices of a question stay what they are: as long as the form is open, alike in
#: every instance; until an answer that they look at changes; or not until they are asked again.
Keeping: TypeAlias = Literal["form", "answer", "never"]


class Display:
    """The compiled words and choices of one definition."""

    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition
        self._compiled: dict[tuple[str, str], Compiled] = {}
        self._in_row: dict[str, Compiled] = {}
        self._telling: set[str] = set()  # texts being told: one that names itself must end
        # Path looked at → paths of the controls whose words or choices look at it.
        self.watching_texts: dict[str, set[str]] = {}
        # Path of a question with choices → how long these stay what they are.
        self.keeping: dict[str, Keeping] = {}
        for top in definition.body:
            for control in top.walk():
                self._prepare(control)
        for bind in definition.binds.values():
            model = definition.nodes[bind.path]
            for text in (bind.constraint_message, bind.required_message):
                self._prepare_text(text, model, None)

    def telling_of(self, values: Iterable[str], repeats: Iterable[str]) -> set[str]:
        """The controls whose words look at what changed: values, and repeats that grew or shrank.

        What is given has repeat keys, what is told has none.
        """
        if not self.watching_texts:
            return set()
        looked_at = {without_keys(path) for path in values}
        for repeat in {without_keys(path) for path in repeats}:
            inside = f"{repeat}/"
            looked_at |= {
                path for path in self.watching_texts if path == repeat or path.startswith(inside)
            }
        return {control for path in looked_at for control in self.watching_texts.get(path, ())}

    def words(self, text: Text | None, slot: Slot, world: FormWorld) -> str:
        """A text in the language shown, its outputs filled in."""
        if text is None:
            return ""
        if text.by_expression is not None:
            compiled = self._at(slot.model, text.by_expression)
            return text_of(compiled.run(Context(slot, world)))
        parts = text.parts
        if text.text_id is not None:
            parts = self._translated(text.text_id, world.language) or text.parts
        return self._joined(parts, slot, world)

    def title(self, label: Text | None, instance: Slot, world: FormWorld) -> str:
        """The label around a repeat as one instance bears it: `${name}` in it is its own name."""
        if label is None:
            return ""
        if label.by_expression is not None:
            return self.words(label, instance, world)
        parts = label.parts
        if label.text_id is not None:
            parts = self._translated(label.text_id, world.language) or label.parts
        context = Context(instance, world)
        return "".join(
            part
            if isinstance(part, str)
            else text_of(self._of_instance(instance.model, part.value).run(context))
            for part in parts
        )

    def text_by_id(self, text_id: str, slot: Slot, world: FormWorld) -> str:
        """An itext entry, for jr:itext(); empty within its own words."""
        if text_id in self._telling:
            return ""
        self._telling.add(text_id)
        try:
            return self._joined(self._translated(text_id, world.language), slot, world)
        finally:
            self._telling.discard(text_id)

    def message_form(self, text: Text | None, form: str, slot: Slot, world: FormWorld) -> str:
        """Another form of a translated text (`guidance`, `image`, `audio`…); empty without."""
        if text is None or text.text_id is None:
            return ""
        for language in (world.language, self.definition.default_language):
            translated = self.definition.translations.get(language, {}).get(text.text_id)
            if translated is not None and form in translated.forms:
                return self._joined(translated.forms[form], slot, world)
        return ""

    def media(self, text: Text | None, slot: Slot, world: FormWorld) -> dict[str, str]:
        """The pictures, sounds and films of a text: kind → address (ODK XForms, media)."""
        told = {kind: self.message_form(text, kind, slot, world) for kind in MEDIA}
        return {kind: address for kind, address in told.items() if address}

    def media_of_choice(
        self, control: Control, value: str, slot: Slot, world: FormWorld
    ) -> dict[str, str]:
        """The same of a choice whose label is a text by id, in place or out of a row."""
        for item in control.items:
            if item.value == value:
                return self.media(item.label, slot, world)
        label = control.itemset.label if control.itemset is not None else None
        if control.itemset is None or label is None or not isinstance(label.tree, Call):
            return {}
        if label.tree.name != "jr:itext" or len(label.tree.arguments) != 1:
            return {}
        id_of = self._row(Expression(f"id in {label.text}", label.tree.arguments[0]))
        value_of = self._row(control.itemset.value)
        for node in self.offered(control, slot, world):
            context = Context(node, world)
            if text_of(value_of.run(context)) == value:
                return self.media(Text(text_id=text_of(id_of.run(context))), slot, world)
        return {}

    def offered(self, control: Control, slot: Slot, world: FormWorld) -> list[Node]:
        """The nodes that a question's itemset takes its choices from, in order."""
        if control.itemset is None:
            return []
        nodes = self._at(slot.model, control.itemset.nodeset).run(Context(slot, world))
        return nodes if isinstance(nodes, list) else []

    def offer(self, itemset: Itemset, node: Node, world: FormWorld) -> Offer:
        """The choice that a node of an itemset is."""
        value_of = self._row(itemset.value)
        label_of = self._row(itemset.label) if itemset.label is not None else value_of
        context = Context(node, world)
        return Offer(text_of(value_of.run(context)), text_of(label_of.run(context)))

    # Words

    def _translated(self, text_id: str, language: str) -> Parts:
        translations = self.definition.translations
        for name in (language, self.definition.default_language):
            translated = translations.get(name, {}).get(text_id)
            if translated is not None:
                return translated.parts
        return ()

    def _joined(self, parts: Parts, slot: Slot, world: FormWorld) -> str:
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        return "".join(
            part
            if isinstance(part, str)
            else text_of(self._at(slot.model, part.value).run(Context(slot, world)))
            for part in parts
        )

    # Compiling

    def _prepare(self, control: Control) -> None:
        model = self._model(control.path)
        for text in (control.label, control.hint, *(item.label for item in control.items)):
            self._prepare_text(text, model, control.path)
        if control.path is None:
            return
        told = told_by_choices(self.definition, control)
        for expression in told or ():
            self._watch(expression, model, control.path)
        self.keeping[control.path] = "form" if told == [] else "never"
        if control.itemset is not None:
            self._at(model, control.itemset.nodeset)
            self._row(control.itemset.value)
            if control.itemset.label is not None:
                self._row(control.itemset.label)
            references = references_of_choices(control.itemset, self.definition, model)
            if references.is_volatile:
                self.keeping[control.path] = "never"
            elif references.found and told == []:
                self.keeping[control.path] = "answer"

    def _prepare_text(self, text: Text | None, model: ModelNode, path: str | None) -> None:
        for expression in told_in(self.definition, text):
            self._watch(expression, model, path)

    def _watch(self, expression: Expression, model: ModelNode, path: str | None) -> None:
        self._at(model, expression)
        if path is not None:
            for reference in references_at(self.definition, model, expression).found:
                self.watching_texts.setdefault(reference.path, set()).add(path)

    def _model(self, path: str | None) -> ModelNode:
        return self.definition.nodes[path or ""]

    def _at(self, model: ModelNode, expression: Expression) -> Compiled:
        key = model.path, expression.text
        if key not in self._compiled:
            self._compiled[key] = compile_at(self.definition, model, expression)
        return self._compiled[key]

    def _of_instance(self, repeat: ModelNode, expression: Expression) -> Compiled:
        key = f"{repeat.path}[]", expression.text
        if key not in self._compiled:
            path = (self.definition.root.local, *repeat.path.split("/"))
            tree = from_instance(expression.tree, path)
            own = Expression(expression.text, tree)
            self._compiled[key] = compile_at(self.definition, repeat, own)
        return self._compiled[key]

    def _row(self, expression: Expression) -> Compiled:
        if expression.text not in self._in_row:
            self._in_row[expression.text] = compile_in_row(self.definition, expression)
        return self._in_row[expression.text]


def display_of(definition: FormDefinition) -> Display:
    """The display of a definition, made once; raises FormRefused for what will not compile."""
    known = definition.__dict__.get("_display")
    if isinstance(known, Display):
        return known
    with without_collecting():
        display = Display(definition)
    definition.__dict__["_display"] = display
    return display
