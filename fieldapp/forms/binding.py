"""Short cuts from an expression to the slots it means, without walking there."""

from __future__ import annotations

from typing import cast

from fieldapp.forms.definition import FormDefinition, ModelNode
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.ast import (
    Binary,
    Call,
    Expr,
    Filtered,
    NameTest,
    Negation,
    Path,
    Step,
    StringLiteral,
)
from fieldapp.forms.xpath.compiler import compile_tree, picks_places
from fieldapp.forms.xpath.evaluation import Compiled, Context, Nodes, Total
from fieldapp.forms.xpath.nodes import Node, in_document_order
from fieldapp.forms.xpath.values import Value


class FormBinder:
    """The short cuts of one expression, which stands at `base`."""

    def __init__(self, definition: FormDefinition, base: ModelNode, text: str) -> None:
        self._definition = definition
        self._base = base
        self._text = text

    def bind(self, path: Path) -> Nodes | None:
        """A look-up instead of a walk: absolute paths, and rows found by equality."""
        if isinstance(path.start, Call) and path.start.name == "instance":
            return self._rows(path)
        if path.start in {"root", "context"}:
            return self._single(path)
        return None

    def total(self, path: Path) -> Total | None:
        """The sum of every instance of a node, kept by difference; None for other paths."""
        place = self._place(path) if path.start == "root" else None
        if place is None or not place.repeats or not place.is_leaf:
            return None
        summed = place
        return lambda context: cast("FormWorld", context.world).tree.sum_of(summed)

    def _single(self, path: Path) -> Nodes | None:
        place = self._place(path)
        if place is None:
            return None
        if place.repeats:
            every = place
            return lambda context: cast("FormWorld", context.world).tree.every(every)
        wanted = place.path
        return lambda context: cast("FormWorld", context.world).tree.single[wanted]

    def _place(self, path: Path) -> ModelNode | None:
        """The node of the form that a path without predicates leads to, whichever instance."""
        place: ModelNode | None = None if path.start == "root" else self._base
        # Without steps it is where a function stands just now, which may be another node.
        if not path.steps or (path.start == "context" and self._base.repeats):
            return None
        for step in path.steps:
            # Up again from where there may be no instance is left to the walk.
            if step.predicates or (step.axis == "parent" and place is not None and place.repeats):
                return None
            place = self._next(place, step)
            if place is None or (place.repeats and path.start == "context"):
                return None
        return place

    def _next(self, place: ModelNode | None, step: Step) -> ModelNode | None:
        if step.axis == "parent" and not isinstance(step.test, NameTest):
            return place.parent if place is not None else None
        if step.axis == "self" and not isinstance(step.test, NameTest):
            return place
        if not isinstance(step.test, NameTest) or step.test.local == "*":
            return None
        local = step.test.local
        if step.axis == "child":
            if place is None:
                root = self._definition.root
                return root if root.local == local else None
            child = place.child(local)
            # A prefixed name outside the form's own namespaces is left to the walk.
            is_plain = step.test.prefix is None and child is not None and not child.namespace
            return child if is_plain else None
        return None

    # instance('x')/root/item[column = …]

    def _rows(self, path: Path) -> Nodes | None:
        start = cast("Call", path.start)
        if len(start.arguments) != 1 or not isinstance(start.arguments[0], StringLiteral):
            return None
        name = start.arguments[0].value
        names: list[str] = []
        for place, step in enumerate(path.steps):
            if step.axis != "child" or not isinstance(step.test, NameTest) or step.test.prefix:
                return None
            names.append(step.test.local)
            if step.predicates:
                return self._by_equality(name, tuple(names), step, path.steps[place + 1 :])
        return None

    def _by_equality(
        self, name: str, steps: tuple[str, ...], step: Step, rest: tuple[Step, ...]
    ) -> Nodes | None:
        if any(further.predicates for further in rest):
            return None
        conjuncts = _conjuncts(step.predicates[0])
        place = next((n for n, one in enumerate(conjuncts) if _equality(one) is not None), None)
        if place is None:
            return None
        others = [*conjuncts[:place], *conjuncts[place + 1 :]]
        rest_of_them = step.predicates[1:]
        if any(map(_counts_positions, [*others, *rest_of_them])):
            return None
        if any(map(picks_places, rest_of_them)):
            return None
        column, wanted_tree = cast("tuple[str, Expr]", _equality(conjuncts[place]))
        wanted = self._compile(wanted_tree)
        if wanted.kind not in {"string", "nodes"}:
            return None
        remaining = (*others, *step.predicates[1:])
        tail = self._tail(remaining, rest)
        run = wanted.run

        def found(context: Context) -> list[Node]:
            world = cast("FormWorld", context.world)
            list_of = world.list_of(name)
            if list_of is None:
                return []
            texts = _texts(run(context))
            if len(texts) == 1:
                rows = list_of.where(steps, column, texts[0])
            else:
                rows = in_document_order(
                    [row for text in texts for row in list_of.where(steps, column, text)]
                )
            return rows if tail is None else tail(context, rows)

        return found

    def _tail(self, predicates: tuple[Expr, ...], rest: tuple[Step, ...]) -> _Tail | None:
        """What is left to do with the rows found: the other predicates, the further steps."""
        if not predicates and not rest:
            return None
        steps = rest
        if predicates:
            steps = (Step("self", _ANY, predicates), *rest)
        # Every predicate that is left is a truth about its row, none counts positions: row by row
        # is then the same as all at once.
        made = compile_tree(
            Path("context", steps),
            self._text,
            namespaces=self._definition.namespaces,
            binder=_RowBinder(self),
        )
        return _Tail(made)

    def _compile(self, tree: Expr) -> Compiled:
        return compile_tree(tree, self._text, namespaces=self._definition.namespaces, binder=self)


class _RowBinder:
    """Inside a row only absolute paths are the form's."""

    def __init__(self, form: FormBinder) -> None:
        self._form = form

    def total(self, path: Path) -> Total | None:
        return self._form.total(path)

    def bind(self, path: Path) -> Nodes | None:
        return None if path.start == "context" else self._form.bind(path)


class _Tail:
    def __init__(self, made: Compiled) -> None:
        self._run = cast("Nodes", made.run)

    def __call__(self, context: Context, rows: list[Node]) -> list[Node]:
        inner = context.inner(1)
        result: list[Node] = []
        for row in rows:
            inner.node = row
            result += self._run(inner)
        return result


_ANY = Step("self", NameTest(None, "*")).test


def _conjuncts(tree: Expr) -> list[Expr]:
    if isinstance(tree, Binary) and tree.operator == "and":
        return [*_conjuncts(tree.left), tree.right]
    return [tree]


def _counts_positions(tree: Expr) -> bool:
    match tree:
        case Call(name, arguments):
            is_counting = name == "last" or (name == "position" and not arguments)
            return is_counting or any(map(_counts_positions, arguments))
        case Binary(left, _, right):
            return _counts_positions(left) or _counts_positions(right)
        case Negation(operand):
            return _counts_positions(operand)
        case Filtered(primary, _):
            return _counts_positions(primary)
        case _:
            # A path's predicates count among its own nodes.
            return False


def _equality(tree: Expr) -> tuple[str, Expr] | None:
    """`column = value` either way round, the value being the same for every row."""
    if not isinstance(tree, Binary) or tree.operator != "=":
        return None
    for mine, other in ((tree.left, tree.right), (tree.right, tree.left)):
        column = _column(mine)
        if column is not None and _is_fixed(other):
            return column, other
    return None


def _column(tree: Expr) -> str | None:
    if not isinstance(tree, Path) or tree.start != "context" or len(tree.steps) != 1:
        return None
    step = tree.steps[0]
    if step.axis != "child" or step.predicates or not isinstance(step.test, NameTest):
        return None
    return None if step.test.prefix or step.test.local == "*" else step.test.local


def _is_fixed(tree: Expr) -> bool:
    if isinstance(tree, StringLiteral):
        return True
    if not isinstance(tree, Path) or any(step.predicates for step in tree.steps):
        return False
    return tree.start == "root" or (isinstance(tree.start, Call) and tree.start.name == "current")


def _texts(value: Value) -> list[str]:
    if isinstance(value, list):
        return list(dict.fromkeys(node.text() for node in value))
    return [value] if isinstance(value, str) else []
