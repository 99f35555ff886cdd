"""Choosing between values: ODK XForms, boolean functions, and current()."""

from __future__ import annotations

from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.ast import Call
from fieldapp.forms.xpath.evaluation import Compiled, Context, Run
from fieldapp.forms.xpath.functions.registry import Arguments, function, special
from fieldapp.forms.xpath.knowing import known_truth
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import Value, ValueKind

# What is no number is no answer either.
_EMPTY = frozenset({"", "NaN"})


@special("if any any any", gives="any")
def choose(compiler: Arguments, call: Call) -> Compiled:
    """The second argument when the first is true, else the third; lazily.

    ODK XForms, boolean functions.
    """
    asked, if_true, if_false = call.arguments
    known = known_truth(asked)
    if known is not None:
        return compiler.compiled(if_true if known else if_false)
    truth = compiler.boolean(asked)
    yes, no = compiler.compiled(if_true), compiler.compiled(if_false)
    yes_run, no_run = yes.run, no.run
    kind: ValueKind = yes.kind if yes.kind == no.kind else "any"
    return Compiled(lambda context: yes_run(context) if truth(context) else no_run(context), kind)


@special("coalesce any any any*", gives="string")
def coalesce(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms, boolean functions: the first argument that is not empty; lazily."""
    texts = [compiler.string(argument) for argument in call.arguments]

    def first(context: Context) -> str:
        return next((found for text in texts if (found := text(context)) not in _EMPTY), "")

    return Compiled(first, "string")


@special("once any", gives="string")
def once(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms, boolean functions: the node's own value when it has one, else the argument."""
    text = compiler.string(call.arguments[0])

    def keep(context: Context) -> str:
        kept = context.current.text() or text(context)
        return "" if kept in _EMPTY else kept

    return Compiled(keep, "string")


@special("depend any any*", gives="any")
def depend(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms (JavaRosa): the first argument; the others only make it be worked out anew."""
    for argument in call.arguments[1:]:
        compiler.compiled(argument)
    return compiler.compiled(call.arguments[0])


@function("current", gives="nodes", context=True)
def current(context: Context) -> list[Node]:
    """ODK XForms, node-set functions: the expression's own node, also inside predicates."""
    return [context.current]


@function("boolean-from-string string", gives="boolean")
def boolean_from_string(text: str) -> bool:
    """ODK XForms, boolean functions: true for `true` and `1`."""
    return text in {"true", "1"}


@special("checklist any any any*", gives="boolean")
def checklist(compiler: Arguments, call: Call) -> Compiled:
    """Whether at least min and at most max (-1: any) of the answers are true.

    ODK XForms, boolean functions.
    """
    lowest, highest = (compiler.number(argument) for argument in call.arguments[:2])
    answers = [compiler.compiled(argument).run for argument in call.arguments[2:]]

    def within(context: Context) -> bool:
        trues = sum(truth for answer in answers for truth in _truths(answer(context)))
        return _is_within(float(trues), lowest(context), highest(context))

    return Compiled(within, "boolean")


@special("weighted-checklist any any any any any*", gives="boolean")
def weighted_checklist(compiler: Arguments, call: Call) -> Compiled:
    """As checklist, each true answer counting for the weight after it.

    ODK XForms, boolean functions.
    """
    lowest, highest = (compiler.number(argument) for argument in call.arguments[:2])
    rest: list[Run] = [compiler.compiled(argument).run for argument in call.arguments[2:]]

    def within(context: Context) -> bool:
        zone = context.world.zone
        weight = 0.0
        for answer, weighing in zip(rest[::2], rest[1::2], strict=False):
            truths, found = _truths(answer(context)), weighing(context)
            weights = (
                [values.number_in(node.text(), zone) for node in found]
                if isinstance(found, list)
                else [values.number_of(found, zone)]
            )
            weight += sum(w for truth, w in zip(truths, weights, strict=False) if truth)
        return _is_within(weight, lowest(context), highest(context))

    return Compiled(within, "boolean")


def _truths(value: Value) -> list[bool]:
    if not isinstance(value, list):
        return [values.truth_of(value)]
    return [node.text() != "" for node in value]


def _is_within(number: float, lowest: float, highest: float) -> bool:
    return (lowest < 0 or number >= lowest) and (highest < 0 or number <= highest)
