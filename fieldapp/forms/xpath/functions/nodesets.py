"""Nodes by other means than a path: ODK XForms, node-set and repeat functions."""

from __future__ import annotations

import math
from datetime import tzinfo
from hashlib import sha256

from fieldapp.errors import FormReason
from fieldapp.forms.xpath.ast import Call, Expr, Filtered, Path, Step
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.functions.registry import Arguments, function, special
from fieldapp.forms.xpath.nodes import Node, NodeKind
from fieldapp.forms.xpath.values import Value, number_of, text_of


@function("position nodes?", gives="number", context=True)
def position(context: Context, nodes: list[Node] | None = None) -> float:
    """Of a node, its place among the siblings of its name.

    XPath 1.0 §4.1; ODK XForms, node-set functions.
    """
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
    """ODK XForms, node-set functions: a secondary instance, for `instance('x')/root/item`."""
    found = context.world.instance(name)
    return [] if found is None else [found]


@special("indexed-repeat any any any any*", gives="nodes")
def indexed_repeat(compiler: Arguments, call: Call) -> Compiled:
    """A node inside the n-th instance of a repeat, nested ones by further pairs.

    ODK XForms, repeat functions.
    """
    target, *pairs = call.arguments
    if len(pairs) % 2:
        compiler.refuse(FormReason.ARGUMENT_COUNT, call.column, call.name)
    # The pairs may stand in any order; a repeat within another has the longer path.
    ordered = sorted(zip(pairs[::2], pairs[1::2], strict=True), key=lambda pair: _length(pair[0]))
    repeats = [
        (compiler.nodes(repeat, call.name, call.column), compiler.number(place))
        for repeat, place in ordered
    ]
    # Compiled once, as the one or the other: whatever it holds may hold a call of its own.
    tail = _tail(ordered[-1][0], target)
    wanted = compiler.nodes(target if tail is None else tail, call.name, call.column)
    spot = compiler.spot(call)

    def found(context: Context) -> list[Node]:
        chosen: Node | None = None
        for instances, place in repeats:
            all_instances = instances(context)
            context.spend(len(all_instances), spot)
            within = [node for node in all_instances if _is_below(node, chosen)]
            index = place(context)
            if not 1 <= index <= len(within):
                return []
            chosen = within[int(index) - 1]
        if chosen is not None and tail is not None:
            inner = context.inner(1)
            inner.node = chosen
            return wanted(inner)
        return [node for node in wanted(context) if _is_below(node, chosen)]

    return Compiled(found, "nodes")


def _length(path: Expr) -> int:
    if not isinstance(path, Path):
        return 0
    return sum(-1 if step.axis == "parent" else 1 for step in path.steps)


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


@special("randomize any any?", gives="nodes")
def randomize(compiler: Arguments, call: Call) -> Compiled:
    """The nodes shuffled; the same seed always gives the same order.

    ODK XForms, node-set functions.

    Fisher and Yates from the inside out, chance by Park and Miller (multiplier 16807), as the
    field's engines do, so that a seed gives everybody the same order.
    """
    nodes = compiler.nodes(call.arguments[0], call.name, call.column)
    seed = compiler.compiled(call.arguments[1]).run if len(call.arguments) > 1 else None

    def shuffled(context: Context) -> list[Node]:
        result: list[Node] = []
        if seed is None:
            state = _first_state(math.floor(context.world.random() * 2**31))
        else:
            state = _first_state(_whole_seed(seed(context), context.world.zone))
        for place, node in enumerate(nodes(context)):
            state = state * _MULTIPLIER % _MODULUS
            other = int((state - 1) / (_MODULUS - 1) * (place + 1))
            result.append(node)
            result[place], result[other] = result[other], node
        return result

    return Compiled(shuffled, "nodes")


_MODULUS = 2_147_483_647
_MULTIPLIER = 16_807


def _whole_seed(value: Value, zone: tzinfo) -> int:
    """A seed as 64 bits with sign: a number without its fraction, of a text its SHA-256.

    As JavaRosa (issue 800) and web-forms do, so that the same seed gives everybody the same order.
    """
    number = number_of(value, zone)
    if math.isfinite(number):
        return max(_LEAST, min(_GREATEST, int(number)))
    if math.isinf(number):
        return _GREATEST if number > 0 else _LEAST
    text = text_of(value)
    if text in {"", "NaN"}:
        return 0
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big", signed=True)


_LEAST, _GREATEST = -(2**63), 2**63 - 1


def _first_state(seed: int) -> int:
    # The remainder has the sign of the seed, as in the other engines' languages.
    state = seed % _MODULUS if seed >= 0 else -(-seed % _MODULUS)
    return state if state > 0 else state + _MODULUS - 1
