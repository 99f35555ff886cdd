"""Syntax tree to text: what `parse` reads as the same tree.

No white space but around operators, no brackets but where the tree needs them. A chain of
operators is written in a loop, as it is read.
"""

from __future__ import annotations

import math

from fieldapp.forms.xpath.ast import (
    DESCENDANTS,
    PARENT,
    SELF,
    Binary,
    Call,
    Expr,
    Filtered,
    NameTest,
    Negation,
    NumberLiteral,
    Path,
    Step,
    StringLiteral,
    TypeTest,
)
from fieldapp.forms.xpath.parser import PRECEDENCE, UNARY
from fieldapp.forms.xpath.values import number_text

_HIGHEST = 9
_ROOT = Path("root", ())


def written(tree: Expr) -> str:
    """The text of a tree.

    Raises ValueError for a text with quotes of both kinds and for a number below zero or NaN:
    XPath 1.0 has no literal for them, so no text reads as such a tree.
    """
    return _written(tree, 1)


def _written(tree: Expr, lowest: int) -> str:
    """The text, in brackets when its operator binds less than `lowest`."""
    level = _HIGHEST
    match tree:
        case Binary():
            level = PRECEDENCE[tree.operator]
            text = _chain(tree, level)
        case Negation():
            level = UNARY
            text = _negation(tree)
        case NumberLiteral(value):
            text = _number(value)
        case StringLiteral(value):
            text = _quoted(value)
        case Call(name, arguments):
            text = f"{name}({', '.join(_written(argument, 1) for argument in arguments)})"
        case Filtered(primary, predicates):
            text = _primary(primary) + _predicates(predicates)
        case Path():
            text = _path(tree)
    return text if level >= lowest else f"({text})"


def _operand(tree: Expr, lowest: int) -> str:
    # `/ * 2` would be the root's children.
    return "(/)" if tree == _ROOT else _written(tree, lowest)


def _chain(tree: Binary, level: int) -> str:
    links: list[str] = []
    first: Expr = tree
    while isinstance(first, Binary) and PRECEDENCE[first.operator] == level:
        links.append(f" {first.operator} {_operand(first.right, level + 1)}")
        first = first.left
    return _operand(first, level) + "".join(reversed(links))


def _negation(tree: Negation) -> str:
    operand = tree.operand
    # Two signs are the tree's own, a third would be read as one.
    if isinstance(operand, Negation) and not isinstance(operand.operand, Negation):
        return f"--{_operand(operand.operand, UNARY + 1)}"
    return f"-{_operand(operand, UNARY + 1)}"


def _path(tree: Path) -> str:
    if tree.start == "root":
        return "/" + _steps(tree.steps) if tree.steps else "/"
    if tree.start == "context":
        return _steps(tree.steps)
    start = tree.start
    before = _written(start, _HIGHEST) if isinstance(start, Filtered) else _primary(start)
    return f"{before}/{_steps(tree.steps)}"


def _primary(tree: Expr) -> str:
    """What may stand before `[` or `/`: a literal or a call as it is, all else in brackets."""
    if isinstance(tree, Call | StringLiteral | NumberLiteral):
        return _written(tree, _HIGHEST)
    return f"({_written(tree, 1)})"


def _steps(steps: tuple[Step, ...]) -> str:
    return "/".join(_step(step) for step in steps)


def _step(step: Step) -> str:
    if step == SELF:
        return "."
    if step == PARENT:
        return ".."
    if step == DESCENDANTS:
        return "descendant-or-self::node()"
    axis = {"child": "", "attribute": "@"}.get(step.axis, f"{step.axis}::")
    return axis + _test(step.test) + _predicates(step.predicates)


def _test(test: NameTest | TypeTest) -> str:
    if isinstance(test, TypeTest):
        return f"{test.node_type}({'' if test.target is None else _quoted(test.target)})"
    return test.local if test.prefix is None else f"{test.prefix}:{test.local}"


def _predicates(predicates: tuple[Expr, ...]) -> str:
    return "".join(f"[{_written(predicate, 1)}]" for predicate in predicates)


def _number(value: float) -> str:
    if math.isnan(value) or math.copysign(1.0, value) < 0:
        raise ValueError(value)
    return "1e999" if math.isinf(value) else number_text(value)


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    if '"' in text:
        raise ValueError(text)
    return f'"{text}"'
