"""Answers of select questions: ODK XForms §8.3."""

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
    """ODK XForms: whether the choice is among the answer's, which stand apart by white space."""
    return choice.strip() in (answer.split() or [""])


@function("selected-at string number", gives="string")
def selected_at(answer: str, place: float) -> str:
    """ODK XForms: the choice at a place counted from 0; empty when there is none."""
    chosen = answer.split()
    return chosen[int(place)] if place >= 0 and place < len(chosen) else ""


@function("count-selected string", gives="number")
def count_selected(answer: str) -> float:
    """ODK XForms: how many choices the answer holds."""
    return float(len(answer.split()))


@special("jr:choice-name any any")
def choice_name(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms: the label, in the language shown, of a choice of the question at a path."""
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
    """ODK XForms: how many of the nodes have a value."""
    if isinstance(value, list):
        return float(sum(bool(node.text()) for node in value))
    return float(bool(values.text_of(value)))
