"""Answers of select questions: ODK XForms, select functions."""

from __future__ import annotations

from fieldapp.errors import FormReason
from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.ast import Call, StringLiteral
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.functions.registry import Arguments, function, special
from fieldapp.forms.xpath.parser import parse
from fieldapp.forms.xpath.values import Value


@function("selected string string", gives="boolean")
def selected(answer: str, choice: str) -> bool:
    """Whether the choice is among the answer's, which stand apart by white space.

    ODK XForms, select functions.
    """
    return choice.strip() in (answer.split() or [""])


@function("is-selected string string", gives="boolean")
def is_selected(answer: str, choice: str) -> bool:
    """ODK XForms (JavaRosa's other name for it): as selected()."""
    return selected(answer, choice)


@function("selected-at string number", gives="string")
def selected_at(answer: str, place: float) -> str:
    """The choice at a place counted from 0; empty when there is none.

    ODK XForms, select functions.
    """
    chosen = answer.split()
    return chosen[int(place)] if place >= 0 and place < len(chosen) else ""


@function("count-selected string", gives="number")
def count_selected(answer: str) -> float:
    """ODK XForms, select functions: how many choices the answer holds."""
    return float(len(answer.split()))


@special("jr:choice-name any any", gives="string")
def choice_name(compiler: Arguments, call: Call) -> Compiled:
    """The label, in the language shown, of a choice of the question at a path.

    ODK XForms, select functions.
    """
    chosen, path = call.arguments
    text = compiler.string(chosen)
    if not isinstance(path, StringLiteral):
        compiler.refuse(FormReason.NOT_NODES, call.column, call.name)
    nodes = compiler.nodes(parse(path.value), call.name, call.column)

    def label(context: Context) -> str:
        questions = nodes(context)
        return context.world.choice_label(questions[0], text(context)) if questions else ""

    return Compiled(label, "string")


@function("count-non-empty any", gives="number")
def count_non_empty(value: Value) -> float:
    """ODK XForms, node-set functions: how many of the nodes have a value."""
    if isinstance(value, list):
        return float(sum(bool(node.text()) for node in value))
    return float(bool(values.text_of(value)))
