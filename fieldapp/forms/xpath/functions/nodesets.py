"""Nodes by other means than a path: ODK XForms §8.2, §8.7."""

from __future__ import annotations

import math

from fieldapp.errors import FormReason
from fieldapp.forms.xpath.ast import Call, Expr, Filtered, Path, Step
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.functions.registry import Arguments, function, special
from fieldapp.forms.xpath.nodes import Node, NodeKind


@function("position nodes?", gives="number", context=True)
def position(context: Context, nodes: list[Node] | None = None) -> float:
    """XPath 1.0 §4.1; ODK XForms: of a node, its place among the siblings of its name."""
    if nodes is None:
        return float(context.position)
    if not nodes:
        return math.nan
    node = nodes[0]
    if node.parent is None:
        return 1.0
    place = 0
    for sibling in node.parent.children:
        if (
            sibling.local == node.local
            and sibling.kind == NodeKind.ELEMENT
            and sibling.namespace == node.namespace
        ):
            place += 1
        if sibling is node:
            break
    return float(place)


@function("instance string", gives="nodes", context=True)
def instance(context: Context, name: str) -> list[Node]:
    """ODK XForms (XForms 1.1 §7.11.1): a secondary instance, for `instance('x')/root/item`."""
    found = context.world.instance(name)
    return [] if found is None else [found]


@special("indexed-repeat any any any any*")
def indexed_repeat(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms: a node inside the n-th instance of a repeat, nested ones by further pairs."""
    target, *pairs = call.arguments
    if len(pairs) % 2:
        compiler.refuse(FormReason.ARGUMENT_COUNT, call.column, call.name)
    wanted = compiler.nodes(target, call.name, call.column)
    repeats = [
        (
            compiler.nodes(repeat, call.name, call.column),
            compiler.number(place),
            _tail(repeat, target),
        )
        for repeat, place in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    tails = [
        None if tail is None else compiler.nodes(tail, call.name, call.column)
        for _, _, tail in repeats
    ]

    def found(context: Context) -> list[Node]:
        chosen: Node | None = None
        for instances, place, _ in repeats:
            within = [node for node in instances(context) if _is_below(node, chosen)]
            index = place(context)
            if not 1 <= index <= len(within):
                return []
            chosen = within[int(index) - 1]
        tail = tails[-1]
        if chosen is not None and tail is not None:
            inner = context.inner(1)
            inner.node = chosen
            return tail(inner)
        return [node for node in wanted(context) if _is_below(node, chosen)]

    return Compiled(found, "nodes")


def _tail(repeat: Expr, target: Expr) -> Path | None:
    """The steps from the repeat to the target when one path begins with the other."""
    if not (isinstance(repeat, Path) and isinstance(target, Path)):
        return None
    count = len(repeat.steps)
    begins = repeat.start == target.start and _bare(target.steps[:count]) == _bare(repeat.steps)
    # From outside the context, so that no binder takes `x` for the form's own node.
    return Path(Filtered(_HERE, ()), target.steps[count:]) if begins else None


_HERE = Path("context", ())


def _bare(steps: tuple[Step, ...]) -> list[Step]:
    return [Step(step.axis, step.test) for step in steps]


def _is_below(node: Node, above: Node | None) -> bool:
    if above is None:
        return True
    step: Node | None = node
    while step is not None:
        if step is above:
            return True
        step = step.parent
    return False


@special("randomize any any?")
def randomize(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms: the nodes shuffled; the same seed always gives the same order.

    Fisher and Yates from the end, chance by Park and Miller (multiplier 48271), as JavaRosa.
    """
    nodes = compiler.nodes(call.arguments[0], call.name, call.column)
    seed = compiler.number(call.arguments[1]) if len(call.arguments) > 1 else None

    def shuffled(context: Context) -> list[Node]:
        result = list(nodes(context))
        number = seed(context) if seed is not None else math.floor(context.world.random() * 2**31)
        state = _first_state(number)
        for last in range(len(result) - 1, 0, -1):
            state = state * _MULTIPLIER % _MODULUS
            other = int((state - 1) / (_MODULUS - 1) * (last + 1))
            result[last], result[other] = result[other], result[last]
        return result

    return Compiled(shuffled, "nodes")


_MODULUS = 2_147_483_647
_MULTIPLIER = 48_271


def _first_state(seed: float) -> int:
    whole = int(seed) if math.isfinite(seed) else 0
    state = math.fmod(whole, _MODULUS)
    return int(state) if state > 0 else int(state) + _MODULUS - 1
