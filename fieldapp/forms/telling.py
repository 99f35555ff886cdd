"""Choices whose words tell an answer: `${name} 님 말씀`."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.forms.definition import Control, Expression, FormDefinition, Itemset, Output, Text
from fieldapp.forms.shapes import column_of, list_name
from fieldapp.forms.xpath.ast import Call


def told_in(definition: FormDefinition, text: Text | None) -> list[Expression]:
    """The expressions in a text, in whichever language; the one that gives it, if one does."""
    if text is None:
        return []
    if text.by_expression is not None:
        return [text.by_expression]
    told = [part.value for part in text.parts if isinstance(part, Output)]
    return told + list(definition.telling_texts.get(text.text_id or "", ()))


def told_by_choices(definition: FormDefinition, control: Control) -> list[Expression] | None:
    """The expressions in the words of a question's choices; None when they cannot be known.

    They stand at the question, but for the rows of an itemset at the root of the form.
    """
    told = [told for item in control.items for told in told_in(definition, item.label)]
    itemset = control.itemset
    if itemset is None or itemset.label is None or column_of(itemset.label) is not None:
        return told
    texts = _texts_of_rows(definition, itemset)
    if texts is None:
        return None
    return told + [told for text in texts for told in told_in(definition, text)]


def _texts_of_rows(definition: FormDefinition, itemset: Itemset) -> Iterator[Text] | None:
    """The labels of an itemset's rows, `jr:itext(column)`, that tell something."""
    tree = itemset.label.tree if itemset.label is not None else None
    node = definition.instances.get(list_name(itemset.nodeset.tree) or "")
    if not isinstance(tree, Call) or tree.name != "jr:itext" or len(tree.arguments) != 1:
        return None
    column = column_of(Expression("", tree.arguments[0]))
    if column is None or node is None:
        return None
    telling = definition.telling_texts
    if not telling:
        return iter(())
    return (
        Text(text_id=leaf.text())
        for leaf in node.walk()
        if leaf.local == column and leaf.text() in telling
    )
