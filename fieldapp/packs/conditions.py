"""Guards and `where`: the named subset of XPath, as a tree and back as text (formats F7).

The subset is what device, server and SQL can all decide alike: comparisons of an answer with a
constant or another answer, `selected()`, `not()`, `and`, `or`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from fieldapp.domain.plans import (
    AllOf,
    AnswerOf,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    Not,
    Selected,
)
from fieldapp.forms.xpath import ast
from fieldapp.packs.columns import TableRow
from fieldapp.packs.expressions import Cell, read_expression, referred
from fieldapp.packs.findings import Findings, shown
from fieldapp.packs.formulas import check_references
from fieldapp.packs.survey import Survey

_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_REMEDY: Final = (
    "여기에는 '${문항} = 값' 같은 비교와 and, or, not(), selected()만 쓸 수 있습니다. "
    "다른 계산은 calculate 문항에 두고 그 문항과 비교하세요."
)


class _OutsideSubsetError(Exception):
    """The tree says something that the subset cannot; never leaves this module."""


def read_condition(
    row: TableRow, meaning: str, survey: Survey, findings: Findings
) -> Condition | None:
    """The condition in a cell; None when it is empty or has a problem, which is in findings."""
    text = row[meaning]
    if not text:
        return None
    cell = Cell(row.sheet, row.number, row.head(meaning))
    expression = read_expression(text, cell, findings)
    if expression is None or not check_references(survey, text, cell, findings):
        return None
    try:
        return _condition(expression.tree, survey)
    except _OutsideSubsetError:
        findings.add(
            cell.sheet,
            cell.row,
            cell.column,
            f"이 열에서 쓸 수 없는 식입니다: {shown(text, 80)}",
            _REMEDY,
        )
        return None


def _condition(tree: ast.Expr, survey: Survey) -> Condition:
    if isinstance(tree, ast.Binary):
        if tree.operator in {"and", "or"}:
            operands = tuple(_condition(part, survey) for part in _chain(tree, tree.operator))
            return AllOf(operands) if tree.operator == "and" else AnyOf(operands)
        if tree.operator in _COMPARISONS:
            # A comparison of two constants is a slip of the pen, not a rule.
            left, right = _operand(tree.left, survey), _operand(tree.right, survey)
            if isinstance(left, Constant) and isinstance(right, Constant):
                raise _OutsideSubsetError
            return Comparison(tree.operator, left, right)  # type: ignore[arg-type]
    if isinstance(tree, ast.Call):
        if tree.name == "not" and len(tree.arguments) == 1:
            return Not(_condition(tree.arguments[0], survey))
        if tree.name == "selected" and len(tree.arguments) == 2:
            answer, choice = (_operand(argument, survey) for argument in tree.arguments)
            if isinstance(answer, AnswerOf) and isinstance(choice, Constant):
                return Selected(answer, _plain(choice.value))
    raise _OutsideSubsetError


def _chain(tree: ast.Expr, operator: str) -> list[ast.Expr]:
    """`a and b and c` as its operands; the tree leans left and may be long."""
    operands: list[ast.Expr] = []
    while isinstance(tree, ast.Binary) and tree.operator == operator:
        operands.append(tree.right)
        tree = tree.left
    return [tree, *reversed(operands)]


def _operand(tree: ast.Expr, survey: Survey) -> AnswerOf | Constant:
    if isinstance(tree, ast.StringLiteral | ast.NumberLiteral):
        return Constant(tree.value)
    if isinstance(tree, ast.Negation) and isinstance(tree.operand, ast.NumberLiteral):
        return Constant(-tree.operand.value)
    name = referred(tree)
    question = survey.question(name) if name is not None else None
    if question is None or question.repeats:
        raise _OutsideSubsetError
    return AnswerOf(question.path)


def xpath_of(condition: Condition) -> str:
    """The condition as XPath over paths below the form's root."""
    if isinstance(condition, Comparison):
        return (
            f"{_operand_text(condition.left)} {condition.operator} {_operand_text(condition.right)}"
        )
    if isinstance(condition, Selected):
        return f"selected({condition.answer.path}, {_quoted(condition.choice)})"
    if isinstance(condition, Not):
        return f"not({xpath_of(condition.operand)})"
    word = " and " if isinstance(condition, AllOf) else " or "
    return word.join(f"({xpath_of(operand)})" for operand in condition.operands)


def answers_of(condition: Condition | None) -> tuple[str, ...]:
    """The paths that a condition asks, in order, each once."""
    if condition is None:
        return ()
    if isinstance(condition, Comparison):
        paths = [
            side.path for side in (condition.left, condition.right) if isinstance(side, AnswerOf)
        ]
    elif isinstance(condition, Selected):
        paths = [condition.answer.path]
    else:
        parts = (condition.operand,) if isinstance(condition, Not) else condition.operands
        paths = [path for part in parts for path in answers_of(part)]
    return tuple(dict.fromkeys(paths))


def _operand_text(operand: AnswerOf | Constant) -> str:
    if isinstance(operand, AnswerOf):
        return operand.path
    if isinstance(operand.value, str):
        return _quoted(operand.value)
    return _plain(operand.value)


def _plain(value: str | float) -> str:
    """A number without exponent, which XPath does not have."""
    if isinstance(value, str):
        return value
    return format(Decimal(repr(value)).normalize(), "f")


def _quoted(text: str) -> str:
    """A text between quotes; XPath has no escape, so one that holds both kinds is joined."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = ', "\'", '.join(f"'{part}'" for part in text.split("'"))
    return f"concat({parts})"
