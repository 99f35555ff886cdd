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
from fieldapp.forms.xpath import values, walking
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
from fieldapp.forms.xpath.axes import name_test, type_test
from fieldapp.forms.xpath.evaluation import (
    Binder,
    Compiled,
    Context,
    Namespaces,
    Nodes,
    Run,
    Spot,
)
from fieldapp.forms.xpath.functions import FUNCTIONS, foreign
from fieldapp.forms.xpath.knowing import known_truth
from fieldapp.forms.xpath.nodes import Node, in_document_order
from fieldapp.forms.xpath.parser import PRECEDENCE, parse
from fieldapp.forms.xpath.values import Value, ValueKind
from fieldapp.forms.xpath.walking import Walk

_ARITHMETIC = frozenset({"+", "-", "*", "div", "mod"})
_ONE_NODE_AXES = frozenset({"self", "parent"})


def compile_text(
    text: str, *, namespaces: Namespaces | None = None, binder: Binder | None = None
) -> Compiled:
    """Compile an expression; raises ExpressionRefused."""
    return compile_tree(parse(text), text, namespaces=namespaces, binder=binder)


def compile_tree(
    tree: Expr, text: str, *, namespaces: Namespaces | None = None, binder: Binder | None = None
) -> Compiled:
    """Compile a parsed expression; `text` is what a refusal quotes."""
    try:
        return Compiler(text, namespaces or {}, binder).compiled(tree)
    except RecursionError:
        # The parser's bound holds for any stack but one that is nearly full already.
        raise ExpressionRefused(
            expression=text, column=0, reason=FormReason.TOO_DEEP, name=""
        ) from None


def picks_places(predicate: Expr) -> bool:
    """Whether a predicate may be a number, which picks the node at that place (§2.4).

    Told without compiling it: who asks will compile it anyway.
    """
    match predicate:
        case Binary(_, operator, _):
            return operator in _ARITHMETIC
        case NumberLiteral() | Negation():
            return True
        case Call(name, _):
            function = FUNCTIONS.get(name)
            return function is None or function.gives in {"number", "any"}
        case _:
            return False


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
                rows = [self._predicate(predicate, (self._text, 0)) for predicate in predicates]
                return Compiled(walking.in_turn(found, rows), "nodes")

    def spot(self, call: Call) -> Spot:
        """Where a call stands, for refusals while it runs."""
        return self._text, call.column

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
        # What decides makes the rest unreachable (§3.4): it is not even compiled, so that a
        # function which is not there harms nobody behind `false() and`.
        decisive = sign == "or"
        truths: list[Callable[[Context], bool]] = []
        for operand in operands:
            known = known_truth(operand)
            if known is None:
                truths.append(self.boolean(operand))
            elif known is decisive:
                truths.append(lambda _context: decisive)
                break
        if not truths:
            return Compiled(lambda _context: not decisive, "boolean")
        if len(truths) == 1:
            return Compiled(truths[0], "boolean")
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
        if {left.kind, right.kind} == {"nodes", "number"}:
            return Compiled(_any_number(left, sign, right), "boolean")
        if sign == "=" and left.kind == "nodes" and right.kind == "string":
            nodes, text = cast("Nodes", mine), cast("Callable[[Context], str]", other)
            return Compiled(lambda context: _any_text(nodes(context), text(context)), "boolean")
        if sign in {"=", "!="}:
            alike = values.equal if sign == "=" else values.unequal
            return Compiled(
                lambda context: alike(mine(context), other(context), context.world.zone),
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
            is_foreign = foreign.is_foreign(tree.name)
            reason = FormReason.FOREIGN_FUNCTION if is_foreign else FormReason.UNKNOWN_FUNCTION
            self.refuse(reason, tree.column, tree.name)
        if not function.takes(len(tree.arguments)):
            self.refuse(FormReason.ARGUMENT_COUNT, tree.column, tree.name)
        if function.is_special:
            return function.special(self, tree)
        if tree.name == "sum" and (summed := self._sum(tree.arguments[0])) is not None:
            return summed
        arguments = [
            self._argument(tree, kind, argument)
            for kind, argument in zip(function.kinds(len(tree.arguments)), tree.arguments,
                                      strict=True)
        ]  # fmt: skip
        return Compiled(_applied(function.apply, function.wants_context, arguments), function.gives)

    def _sum(self, argument: Expr) -> Compiled | None:
        """A sum that is kept by whoever knows what changes, where that can be said."""
        if self._binder is None or not isinstance(argument, Path):
            return None
        kept = self._binder.total(argument)
        if kept is None:
            return None
        nodes = self._path(argument)
        added = FUNCTIONS["sum"].apply

        def total(context: Context) -> Value:
            known = kept(context)
            return known if known is not None else added(context, nodes(context))

        return Compiled(total, "number")

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
        steps = tree.steps
        for step in steps:
            if step.axis == "descendant-or-self":
                # One walk down for a//b: descendant-or-self::node()/child::b is descendant::b,
                # unless a predicate counts positions among b's siblings.
                steps = tuple(_merged(list(steps)))
                break
        walks: list[Walk] = []
        start: Nodes | None = None
        for place, step in enumerate(steps):
            plain = _plain_child(step)
            if plain is None:
                if (walk := self._walk(step)) is not None:
                    walks.append(walk)
            elif place == 0 and tree.start == "context":
                start = walking.child_of_here(plain.local, (self._text, plain.column))
            elif place == 0 and tree.start == "root":
                start = walking.child_of_root(plain.local)
            else:
                walks.append(walking.children_named(plain.local, (self._text, plain.column)))
        return walking.in_turn(start or self._start(tree), walks)

    def _start(self, tree: Path) -> Nodes:
        if tree.start == "root":
            return lambda context: [context.world.root]
        if tree.start == "context":
            return lambda context: [context.node]
        return self.nodes(tree.start, "/", 0)

    def _walk(self, step: Step) -> Walk | None:
        spot = self._text, step.test.column if isinstance(step.test, NameTest) else 0
        test = self._test(step)
        if (
            step.axis == "child"
            and test
            and isinstance(step.test, NameTest)
            and not step.predicates
        ):
            return walking.children_passing(test, spot)
        if step.axis in _ONE_NODE_AXES and test is None and not step.predicates:
            return None if step.axis == "self" else walking.parents
        rows = [self._predicate(predicate, spot) for predicate in step.predicates]
        return walking.along(step.axis, test, rows, spot)

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

    def _predicate(self, tree: Expr, spot: Spot) -> Walk:
        if isinstance(tree, NumberLiteral):
            return walking.at_place(tree.value)
        self._predicates += 1
        made = self.compiled(tree)
        self._predicates -= 1
        if made.kind == "boolean":
            return walking.kept_where_true(cast("Callable[[Context], bool]", made.run), spot)
        return walking.kept_where(made.run, spot)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_MIRRORED: dict[str, str] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _any_number(left: Compiled, sign: str, right: Compiled) -> Callable[[Context], bool]:
    """Nodes beside a number, or it beside them: what nearly every constraint asks."""
    if right.kind == "nodes":
        left, sign, right = right, _MIRRORED[sign], left
    nodes, number = cast("Nodes", left.run), cast("Callable[[Context], float]", right.run)
    number_in, compare = values.number_in, _COMPARISONS[sign]

    def compared(context: Context) -> bool:
        other, zone = number(context), context.world.zone
        for node in nodes(context):  # noqa: SIM110 (a generator costs more than what it runs)
            if compare(number_in(node.text(), zone), other):
                return True
        return False

    return compared


def _any_text(nodes: list[Node], text: str) -> bool:
    return any(node.text() == text for node in nodes)


def _plain_child(step: Step) -> NameTest | None:
    """The name that a step asks a child to have, in no namespace and without predicates."""
    test = step.test
    if step.axis != "child" or step.predicates or not isinstance(test, NameTest):
        return None
    return test if test.prefix is None and test.local != "*" else None


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
