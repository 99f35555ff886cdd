"""Expressions that plainly say one thing: a list, a column."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.forms.definition import Expression, Itemset
from fieldapp.forms.xpath.ast import (
    Binary,
    Call,
    Expr,
    NameTest,
    Negation,
    Path,
    Step,
    StringLiteral,
)


def list_name(tree: Expr) -> str | None:
    """The list that `instance('x')/…` is about; None for any other expression."""
    if not isinstance(tree, Path) or not isinstance(tree.start, Call):
        return None
    arguments = tree.start.arguments
    if tree.start.name != "instance" or len(arguments) != 1:
        return None
    return arguments[0].value if isinstance(arguments[0], StringLiteral) else None


def column_of(expression: Expression) -> str | None:
    """The column that an expression at a row plainly names; None for any other expression."""
    tree = expression.tree
    if not isinstance(tree, Path) or tree.start != "context" or len(tree.steps) != 1:
        return None
    step = tree.steps[0]
    if step.axis != "child" or step.predicates or not isinstance(step.test, NameTest):
        return None
    return None if step.test.prefix or step.test.local == "*" else step.test.local


def from_instance(tree: Expr, path: tuple[str, ...]) -> Expr:
    """The expression with absolute paths into a repeat leading from one instance of it.

    `path` is the repeat's, root first. pyxform names a repeat by `/data/r/name`, and means of each
    instance its own name.
    """
    match tree:
        case Binary(left, sign, right):
            return Binary(from_instance(left, path), sign, from_instance(right, path))
        case Negation(operand):
            return Negation(from_instance(operand, path))
        case Call(name, arguments, column):
            return Call(name, tuple(from_instance(one, path) for one in arguments), column)
        case Path("root", steps) if _leads_into(steps, path):
            return Path("context", steps[len(path) :])
        case _:
            return tree


def _leads_into(steps: tuple[Step, ...], path: tuple[str, ...]) -> bool:
    return len(steps) >= len(path) and all(
        step.axis == "child"
        and not step.predicates
        and isinstance(step.test, NameTest)
        and step.test.local == name
        for step, name in zip(steps, path, strict=False)
    )


@dataclass(frozen=True, slots=True)
class ListShape:
    """What an itemset plainly says: the rows of a list, filtered or whole, and two columns.

    label: None for a label that has to be worked out, an itext entry for one.
    """

    list_name: str
    steps: tuple[str, ...]
    is_whole: bool
    value: str
    label: str | None


def list_shape(itemset: Itemset) -> ListShape | None:
    """The shape of an itemset of plain columns; None for any other."""
    tree = itemset.nodeset.tree
    name = list_name(tree)
    value = column_of(itemset.value)
    if name is None or value is None or not isinstance(tree, Path):
        return None
    names = []
    for place, step in enumerate(tree.steps, 1):
        is_last = place == len(tree.steps)
        if step.axis != "child" or not isinstance(step.test, NameTest) or step.test.prefix:
            return None
        if step.predicates and not is_last:
            return None
        names.append(step.test.local)
    return ListShape(
        list_name=name,
        steps=tuple(names),
        is_whole=not tree.steps[-1].predicates if tree.steps else False,
        value=value,
        label=value if itemset.label is None else column_of(itemset.label),
    )
