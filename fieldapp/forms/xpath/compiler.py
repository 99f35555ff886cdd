"""Syntax tree to closures.

Each node of the tree becomes one Python function of the context; what kind of value it gives is
settled here, so that a number is never asked whether it is one. Unknown functions, wrong numbers
of arguments and unknown prefixes are refused now, not when a worker meets them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, cast

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.arithmetic import rule_of
from fieldapp.forms.xpath.ast import (
    Binary,
    Call,
    Expr,
    Filtered,
    NameTest,
    Negation,
    NumberLiteral,
    Operator,
    Path,
    Step,
    StringLiteral,
)
from fieldapp.forms.xpath.axes import AXES, REVERSE_AXES, name_test, type_test
from fieldapp.forms.xpath.evaluation import (
    Binder,
    Compiled,
    Context,
    Namespaces,
    Nodes,
    Run,
)
from fieldapp.forms.xpath.functions import FUNCTIONS
from fieldapp.forms.xpath.nodes import Node, NodeKind, in_document_order
from fieldapp.forms.xpath.parser import PRECEDENCE, parse
from fieldapp.forms.xpath.values import Value, ValueKind

_ONE_NODE_AXES = frozenset({"self", "parent"})
_ELEMENT = NodeKind.ELEMENT
_FLAT_AXES = frozenset({"self", "child", "attribute"})


def compile_text(
    text: str, *, namespaces: Namespaces | None = None, binder: Binder | None = None
) -> Compiled:
    """Compile an expression; raises ExpressionRefused."""
    return compile_tree(parse(text), text, namespaces=namespaces, binder=binder)


def compile_tree(
    tree: Expr, text: str, *, namespaces: Namespaces | None = None, binder: Binder | None = None
) -> Compiled:
    """Compile a parsed expression; `text` is what a refusal quotes."""
    return Compiler(text, namespaces or {}, binder).compiled(tree)


class Compiler:
    """Compiles one expression; functions that take their arguments unevaluated are handed it."""

    def __init__(self, text: str, namespaces: Namespaces, binder: Binder | None) -> None:
        self._text = text
        self._namespaces = namespaces
        self._binder = binder
        self._predicates = 0  # how deep inside predicates: there `.` is not the form's node

    # By the kind that is wanted

    def number(self, tree: Expr) -> Callable[[Context], float]:
        """The tree as a function that gives a number."""
        made = self.compiled(tree)
        run = made.run
        if made.kind == "number":
            return cast("Callable[[Context], float]", run)
        if made.kind == "nodes":
            nodes, number_in = cast("Nodes", run), values.number_in

            def number_of_first(context: Context) -> float:
                found = nodes(context)
                return number_in(found[0].text(), context.world.zone) if found else values.NAN

            return number_of_first
        return lambda context: values.number_of(run(context), context.world.zone)

    def string(self, tree: Expr) -> Callable[[Context], str]:
        """The tree as a function that gives a text."""
        made = self.compiled(tree)
        run = made.run
        if made.kind == "string":
            return cast("Callable[[Context], str]", run)
        if made.kind == "nodes":
            nodes = cast("Nodes", run)

            def text_of_first(context: Context) -> str:
                found = nodes(context)
                return found[0].text() if found else ""

            return text_of_first
        return lambda context: values.text_of(run(context))

    def boolean(self, tree: Expr) -> Callable[[Context], bool]:
        """The tree as a function that gives a truth."""
        made = self.compiled(tree)
        run = made.run
        if made.kind == "boolean":
            return cast("Callable[[Context], bool]", run)
        return lambda context: values.truth_of(run(context))

    def nodes(self, tree: Expr, asker: str, column: int) -> Nodes:
        """The tree as a function that gives nodes; refused when it cannot."""
        made = self.compiled(tree)
        if made.kind == "nodes":
            return cast("Nodes", made.run)
        if made.kind != "any":
            self.refuse(FormReason.NOT_NODES, column, asker)
        run = made.run

        def nodes_or_none(context: Context) -> list[Node]:
            found = run(context)
            return found if isinstance(found, list) else []

        return nodes_or_none

    def compiled(self, tree: Expr) -> Compiled:
        """The tree as a function, and the kind it gives."""
        match tree:
            case NumberLiteral(value) | StringLiteral(value):
                kind: ValueKind = "number" if isinstance(value, float) else "string"
                return Compiled(lambda _context: value, kind)
            case Negation(operand):
                negated = self.number(operand)
                return Compiled(lambda context: -negated(context), "number")
            case Binary():
                return self._chain(tree)
            case Call():
                return self._call(tree)
            case Path():
                return Compiled(self._path(tree), "nodes")
            case Filtered(primary, predicates):
                found = self.nodes(primary, "[ ]", 0)
                for predicate in predicates:
                    found = self._filtered(found, predicate)
                return Compiled(found, "nodes")

    def refuse(self, reason: FormReason, column: int, name: str) -> NoReturn:
        """Refuse the expression, saying where."""
        raise ExpressionRefused(expression=self._text, column=column, reason=reason, name=name)

    # Operators

    def _chain(self, tree: Binary) -> Compiled:
        # a + b - c leans left: the whole chain is unrolled here, so its length costs no depth.
        level = PRECEDENCE[tree.operator]
        links: list[tuple[Operator, Expr]] = []
        first: Expr = tree
        while isinstance(first, Binary) and PRECEDENCE[first.operator] == level:
            links.append((first.operator, first.right))
            first = first.left
        links.reverse()
        match tree.operator:
            case "or" | "and":
                return self._logic(tree.operator, [first, *(right for _, right in links)])
            case "|":
                return self._union([first, *(right for _, right in links)])
            case "+" | "-" | "*" | "div" | "mod":
                return self._arithmetic(first, links)
            case _:
                if len(links) == 1:
                    sign, right = links[0]
                    return self._comparison(sign, self.compiled(first), self.compiled(right))
                return self._comparisons(first, links)

    def _logic(self, sign: str, operands: list[Expr]) -> Compiled:
        truths = [self.boolean(operand) for operand in operands]
        if len(truths) == 2:
            left, right = truths
            if sign == "or":
                return Compiled(lambda context: left(context) or right(context), "boolean")
            return Compiled(lambda context: left(context) and right(context), "boolean")
        every = any if sign == "or" else all
        return Compiled(lambda context: every(truth(context) for truth in truths), "boolean")

    def _union(self, operands: list[Expr]) -> Compiled:
        parts = [self.nodes(operand, "|", 0) for operand in operands]
        return Compiled(
            lambda context: in_document_order([node for part in parts for node in part(context)]),
            "nodes",
        )

    def _arithmetic(self, first: Expr, links: list[tuple[Operator, Expr]]) -> Compiled:
        start = self.number(first)
        rest = [(rule_of(sign), self.number(right)) for sign, right in links]
        if len(rest) == 1:
            rule, right = rest[0]
            return Compiled(lambda context: rule(start(context), right(context)), "number")

        def total(context: Context) -> float:
            number = start(context)
            for rule, right in rest:
                number = rule(number, right(context))
            return number

        return Compiled(total, "number")

    def _comparison(self, sign: Operator, left: Compiled, right: Compiled) -> Compiled:
        mine, other = left.run, right.run
        if left.kind == right.kind == "number":
            compare = _COMPARISONS[sign]
            return Compiled(lambda context: compare(mine(context), other(context)), "boolean")
        if sign == "=":
            if left.kind == "nodes" and right.kind == "string":
                nodes, text = cast("Nodes", mine), cast("Callable[[Context], str]", other)
                return Compiled(lambda context: _any_text(nodes(context), text(context)), "boolean")
            return Compiled(
                lambda context: values.equal(mine(context), other(context), context.world.zone),
                "boolean",
            )
        if sign == "!=":
            return Compiled(
                lambda context: values.unequal(mine(context), other(context), context.world.zone),
                "boolean",
            )
        ordered = values.ordered
        return Compiled(
            lambda context: ordered(sign, mine(context), other(context), context.world.zone),
            "boolean",
        )

    def _comparisons(self, first: Expr, links: list[tuple[Operator, Expr]]) -> Compiled:
        # 1 < 2 < 3 compares a truth with 3, as the grammar has it.
        start = self.compiled(first).run
        rest = [(sign, self.compiled(right).run) for sign, right in links]

        def outcome(context: Context) -> Value:
            value, zone = start(context), context.world.zone
            for sign, right in rest:
                other = right(context)
                if sign == "=":
                    value = values.equal(value, other, zone)
                elif sign == "!=":
                    value = values.unequal(value, other, zone)
                else:
                    value = values.ordered(sign, value, other, zone)
            return value

        return Compiled(outcome, "boolean")

    # Calls

    def _call(self, tree: Call) -> Compiled:
        function = FUNCTIONS.get(tree.name)
        if function is None:
            self.refuse(FormReason.UNKNOWN_FUNCTION, tree.column, tree.name)
        if not function.takes(len(tree.arguments)):
            self.refuse(FormReason.ARGUMENT_COUNT, tree.column, tree.name)
        if function.is_special:
            return function.special(self, tree)
        arguments = [
            self._argument(tree, kind, argument)
            for kind, argument in zip(function.kinds(len(tree.arguments)), tree.arguments,
                                      strict=True)
        ]  # fmt: skip
        return Compiled(_applied(function.apply, function.wants_context, arguments), function.gives)

    def _argument(self, tree: Call, kind: str, argument: Expr) -> Run:
        match kind:
            case "string":
                return self.string(argument)
            case "number":
                return self.number(argument)
            case "boolean":
                return self.boolean(argument)
            case "nodes":
                return self.nodes(argument, tree.name, tree.column)
            case _:
                return self.compiled(argument).run

    # Paths

    def _path(self, tree: Path) -> Nodes:
        if self._binder is not None and not (self._predicates and tree.start == "context"):
            bound = self._binder.bind(tree)
            if bound is not None:
                return bound
        found = self._start(tree)
        steps = list(tree.steps)
        # One walk down for a//b: descendant-or-self::node()/child::b is descendant::b, unless
        # a predicate counts positions among b's siblings.
        for step in _merged(steps):
            found = self._stepped(found, step)
        return found

    def _start(self, tree: Path) -> Nodes:
        if tree.start == "root":
            return lambda context: [context.world.root]
        if tree.start == "context":
            return lambda context: [context.node]
        return self.nodes(tree.start, "/", 0)

    def _stepped(self, found: Nodes, step: Step) -> Nodes:
        if not step.predicates and step.axis == "child" and isinstance(step.test, NameTest):
            return self._children(found, step.test)
        axis = AXES[step.axis]
        test = self._test(step)
        if step.axis in _ONE_NODE_AXES and test is None and not step.predicates:
            if step.axis == "self":
                return found
            return lambda context: _parents(found(context))
        rows = [self._predicate(predicate) for predicate in step.predicates]
        keeps_order = step.axis in _FLAT_AXES
        is_reverse = step.axis in REVERSE_AXES

        def walk(context: Context) -> list[Node]:
            starts = found(context)
            result: list[Node] = []
            for start in starts:
                nodes: Iterable[Node] = axis(start)
                chosen = list(nodes) if test is None else [node for node in nodes if test(node)]
                for row in rows:
                    chosen = row(context, chosen)
                result += chosen
            if len(starts) == 1 and not is_reverse:
                return result
            if keeps_order and len(starts) > 1:
                return result if step.axis != "child" else _ordered_children(starts, result)
            return in_document_order(result)

        return walk

    def _children(self, found: Nodes, test: NameTest) -> Nodes:
        local, uri = test.local, self._uri(test)
        if local == "*" or uri:
            matches = name_test("child", local, uri)
            return lambda context: _ordered_children(
                starts := found(context),
                [node for start in starts for node in start.children if matches(node)],
            )

        def named(context: Context) -> list[Node]:
            starts = found(context)
            if len(starts) == 1:
                return starts[0].named(local)
            result = [
                node
                for start in starts
                for node in start.children
                if node.local == local and node.kind == _ELEMENT and not node.namespace
            ]
            return _ordered_children(starts, result)

        return named

    def _test(self, step: Step) -> Callable[[Node], bool] | None:
        if isinstance(step.test, NameTest):
            return name_test(step.axis, step.test.local, self._uri(step.test))
        if step.test.node_type == "node":
            return None
        return type_test(step.test.node_type, step.test.target)

    def _uri(self, test: NameTest) -> str | None:
        if test.prefix is None:
            return None if test.local == "*" else ""
        if test.prefix not in self._namespaces:
            self.refuse(FormReason.UNKNOWN_PREFIX, test.column, test.prefix)
        return self._namespaces[test.prefix]

    # Predicates

    def _filtered(self, found: Nodes, predicate: Expr) -> Nodes:
        row = self._predicate(predicate)
        return lambda context: row(context, found(context))

    def _predicate(self, tree: Expr) -> Callable[[Context, list[Node]], list[Node]]:
        """A number picks that position, anything else picks where it is true (§2.4)."""
        if isinstance(tree, NumberLiteral):
            place = tree.value
            if place != int(place) or place < 1:
                return lambda _context, _nodes: []
            index = int(place) - 1
            return lambda _context, nodes: nodes[index : index + 1]
        self._predicates += 1
        made = self.compiled(tree)
        self._predicates -= 1
        run = made.run

        def keep(context: Context, nodes: list[Node]) -> list[Node]:
            if not nodes:
                return nodes
            inner = context.inner(len(nodes))
            kept = []
            for position, node in enumerate(nodes, 1):
                inner.node = node
                inner.position = position
                value = run(inner)
                if value == position if type(value) is float else values.truth_of(value):
                    kept.append(node)
            return kept

        return keep


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _any_text(nodes: list[Node], text: str) -> bool:
    return any(node.text() == text for node in nodes)


def _parents(nodes: list[Node]) -> list[Node]:
    if len(nodes) == 1:
        parent = nodes[0].parent
        return [] if parent is None else [parent]
    return in_document_order([node.parent for node in nodes if node.parent is not None])


def _ordered_children(starts: list[Node], children: list[Node]) -> list[Node]:
    # Children of nodes in document order are in order too, unless one start contains another.
    if len(starts) < 2:
        return children
    if len({start.parent for start in starts}) == 1:
        return children  # of siblings, as the instances of a repeat are
    above = set(starts)
    if any(_has_ancestor_in(start, above) for start in starts):
        return in_document_order(children)
    return children


def _has_ancestor_in(node: Node, nodes: set[Node]) -> bool:
    above = node.parent
    while above is not None:
        if above in nodes:
            return True
        above = above.parent
    return False


def _merged(steps: list[Step]) -> Iterable[Step]:
    place = 0
    while place < len(steps):
        step = steps[place]
        following = steps[place + 1] if place + 1 < len(steps) else None
        if (
            step.axis == "descendant-or-self"
            and not isinstance(step.test, NameTest)
            and step.test.node_type == "node"
            and not step.predicates
            and following is not None
            and following.axis == "child"
            and not following.predicates
        ):
            yield Step("descendant", following.test)
            place += 2
        else:
            yield step
            place += 1


def _applied(apply: Callable[..., Value], wants_context: bool, arguments: list[Run]) -> Run:
    # The usual numbers of arguments without a list on the way.
    match (wants_context, arguments):
        case (False, [one]):
            return lambda context: apply(one(context))
        case (False, [one, two]):
            return lambda context: apply(one(context), two(context))
        case (False, _):
            return lambda context: apply(*[argument(context) for argument in arguments])
        case (True, []):
            return apply
        case _:
            return lambda context: apply(context, *[argument(context) for argument in arguments])
