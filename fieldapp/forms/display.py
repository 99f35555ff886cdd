"""Words and choices as a worker sees them: translations, outputs, itemsets.

Compiled once per definition and kept beside it, like the program.
"""

from __future__ import annotations

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
from fieldapp.forms.program import compile_at, compile_in_row
from fieldapp.forms.references import references_of
from fieldapp.forms.telling import told_by_choices, told_in
from fieldapp.forms.tree import Slot
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import text_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice as offered: its value and its label in the language shown."""

    value: str
    label: str


#: How long the choices of a question stay what they are: as long as the form is open, alike in
#: every instance; until an answer that they look at changes; or not until they are asked again.
Keeping: TypeAlias = Literal["form", "answer", "never"]


class Display:
    """The compiled words and choices of one definition."""

    def __init__(self, definition: FormDefinition) -> None:
        self._definition = definition
        self._compiled: dict[tuple[str, str], Compiled] = {}
        self._in_row: dict[str, Compiled] = {}
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

    def words(self, text: Text | None, slot: Slot, world: FormWorld) -> str:
        """A text in the language shown, its outputs filled in."""
        if text is None:
            return ""
        if text.by_expression is not None:
            compiled = self._at(slot.model, text.by_expression)
            return text_of(compiled.run(Context(slot, world)))
        parts = text.parts
        if text.text_id is not None:
            parts = self._translated(text.text_id, world.language)
        return self._joined(parts, slot, world)

    def text_by_id(self, text_id: str, slot: Slot, world: FormWorld) -> str:
        """An itext entry, for jr:itext()."""
        return self._joined(self._translated(text_id, world.language), slot, world)

    def message_form(self, text: Text | None, form: str, slot: Slot, world: FormWorld) -> str:
        """Another form of a translated text (`guidance`, `image`, `audio`…); empty without."""
        if text is None or text.text_id is None:
            return ""
        for language in (world.language, self._definition.default_language):
            translated = self._definition.translations.get(language, {}).get(text.text_id)
            if translated is not None and form in translated.forms:
                return self._joined(translated.forms[form], slot, world)
        return ""

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
        translations = self._definition.translations
        for name in (language, self._definition.default_language):
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
        told = told_by_choices(self._definition, control)
        for expression in told or ():
            self._watch(expression, model, control.path)
        self.keeping[control.path] = "form" if told == [] else "never"
        if control.itemset is not None:
            self._at(model, control.itemset.nodeset)
            self._row(control.itemset.value)
            if control.itemset.label is not None:
                self._row(control.itemset.label)
            references = references_of(control.itemset.nodeset.tree, self._definition, model)
            if references.is_volatile:
                self.keeping[control.path] = "never"
            elif references.found and told == []:
                self.keeping[control.path] = "answer"

    def _prepare_text(self, text: Text | None, model: ModelNode, path: str | None) -> None:
        for expression in told_in(self._definition, text):
            self._watch(expression, model, path)

    def _watch(self, expression: Expression, model: ModelNode, path: str | None) -> None:
        self._at(model, expression)
        if path is not None:
            for reference in references_of(expression.tree, self._definition, model).found:
                self.watching_texts.setdefault(reference.path, set()).add(path)

    def _model(self, path: str | None) -> ModelNode:
        return self._definition.nodes[path or ""]

    def _at(self, model: ModelNode, expression: Expression) -> Compiled:
        key = model.path, expression.text
        if key not in self._compiled:
            self._compiled[key] = compile_at(self._definition, model, expression)
        return self._compiled[key]

    def _row(self, expression: Expression) -> Compiled:
        if expression.text not in self._in_row:
            self._in_row[expression.text] = compile_in_row(self._definition, expression)
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
