"""Expressions that plainly say one thing: a list, a column."""

from __future__ import annotations

from fieldapp.forms.definition import Expression
from fieldapp.forms.xpath.ast import Call, Expr, NameTest, Path, StringLiteral


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
