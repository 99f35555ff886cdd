"""Guards, `where` and `applies_when`: the named subset of XPath, as a tree and back (formats F7).

The subset is what device, server and SQL can all decide alike: comparisons of an answer with a
constant or another answer, `selected()`, `not()`, `and`, `or`. What a `${name}` may be differs: a
guard asks the answers of a record, a schedule the properties of its subject, a column of a table
either. `Names` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

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
from fieldapp.packs.expressions import Cell, read_expression, references_in, referred
from fieldapp.packs.findings import NEAR, Findings, meant, shown
from fieldapp.packs.formulas import check_references, note_unlike
from fieldapp.packs.survey import Survey

_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_REMEDY: Final = (
    "여기에는 '${문항} = 값' 같은 비교와 and, or, not(), selected()만 쓸 수 있습니다. "
    "다른 계산은 calculate 문항에 두고 그 문항과 비교하세요."
)


class _OutsideSubsetError(Exception):
    """The tree says something that the subset cannot; never leaves this module."""


class Names(Protocol):
    """What `${name}` means where a condition stands."""

    def path(self, name: str) -> str | None:
        """The path that the condition asks; None for a name that cannot be asked here."""
        ...

    def check(self, text: str, cell: Cell, findings: Findings) -> bool:
        """Whether every name of the text can be asked here; those that cannot are told."""
        ...


@dataclass(frozen=True, slots=True)
class AnswerNames:
    """Questions of the survey.

    inside: the repeats around whatever asks, outer first. extra: pseudo questions.
    """

    survey: Survey
    inside: tuple[str, ...] = ()
    extra: frozenset[str] = frozenset()

    def path(self, name: str) -> str | None:
        """The question's path, generic inside repeats."""
        if name in self.extra:
            return name
        question = self.survey.question(name)
        if question is None or question.repeats != self.inside[: len(question.repeats)]:
            return None
        return question.path

    def check(self, text: str, cell: Cell, findings: Findings) -> bool:
        """Whether the names are questions, none of a repeat that is not around."""
        if not check_references(self.survey, text, cell, findings, extra=self.extra):
            return False
        for name in references_in(text):
            question = self.survey.question(name)
            if question is None or self.path(name) is not None:
                continue
            findings.add(
                cell.sheet,
                cell.row,
                cell.column,
                f"'${{{shown(name)}}}'은(는) 반복 안의 문항이라 여기에서 값이 하나가 아닙니다.",
                "반복 밖에 calculate 문항을 두고 그 문항과 비교하세요.",
            )
            return False
        return True


@dataclass(frozen=True, slots=True)
class PropertyNames:
    """Properties of an entity. known: those that this workbook saves or looks up.

    Another workbook may be the one that saves it, so any name may be a property; one that is
    nearly a known one is mentioned.
    """

    known: frozenset[str] = frozenset()

    def path(self, name: str) -> str | None:
        """The property itself."""
        return name

    def check(self, text: str, cell: Cell, findings: Findings) -> bool:
        """Any name may be one."""
        for name in references_in(text):
            near = meant(name, self.known, cutoff=NEAR)
            if name not in self.known and near is not None:
                findings.note(
                    cell.sheet,
                    cell.row,
                    cell.column,
                    f"'{shown(name)}'은(는) 이 서식이 남기지도 찾아보지도 않는 속성입니다. "
                    f"'{near}'을(를) 뜻한 것인지 보세요.",
                )
        return True


def read_condition(
    row: TableRow, meaning: str, names: Names, findings: Findings
) -> Condition | None:
    """The condition in a cell; None when it is empty or has a problem, which is in findings."""
    if not row[meaning]:
        return None
    return condition_of(
        row[meaning], Cell(row.sheet, row.number, row.head(meaning)), names, findings
    )


def condition_of(text: str, cell: Cell, names: Names, findings: Findings) -> Condition | None:
    """The condition that a text says; None when it has a problem, which is in findings."""
    expression = read_expression(text, cell, findings)
    if expression is None or not names.check(text, cell, findings):
        return None
    if isinstance(names, AnswerNames):
        note_unlike(names.survey, expression, cell, findings)
    try:
        return _condition(expression.tree, names)
    except _OutsideSubsetError:
        findings.add(
            cell.sheet,
            cell.row,
            cell.column,
            f"이 열에서 쓸 수 없는 식입니다: {shown(text, 80)}",
            _REMEDY,
        )
        return None


def _condition(tree: ast.Expr, names: Names) -> Condition:
    if isinstance(tree, ast.Binary):
        if tree.operator in {"and", "or"}:
            operands = tuple(_condition(part, names) for part in _chain(tree, tree.operator))
            return AllOf(operands) if tree.operator == "and" else AnyOf(operands)
        if tree.operator in _COMPARISONS:
            # A comparison of two constants is a slip of the pen, not a rule.
            left, right = _operand(tree.left, names), _operand(tree.right, names)
            if isinstance(left, Constant) and isinstance(right, Constant):
                raise _OutsideSubsetError
            return Comparison(tree.operator, left, right)  # type: ignore[arg-type]
    if isinstance(tree, ast.Call):
        if tree.name == "not" and len(tree.arguments) == 1:
            return Not(_condition(tree.arguments[0], names))
        if tree.name == "selected" and len(tree.arguments) == 2:
            answer, choice = (_operand(argument, names) for argument in tree.arguments)
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


def _operand(tree: ast.Expr, names: Names) -> AnswerOf | Constant:
    if isinstance(tree, ast.StringLiteral | ast.NumberLiteral):
        return Constant(tree.value)
    if isinstance(tree, ast.Negation) and isinstance(tree.operand, ast.NumberLiteral):
        return Constant(-tree.operand.value)
    name = referred(tree)
    path = names.path(name) if name is not None else None
    if path is None:
        raise _OutsideSubsetError
    return AnswerOf(path)


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
