"""A `Condition` (formats F7) as SQL over projected columns, under the comparisons of XPath 1.0.

An answer that is missing is an empty node: its text is '', its number is no number. A comparison
with no number is false, but for `!=`, which is true. Values travel as parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan

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
from fieldapp.storage.sqlite import Value


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement and the values of its marks, in order."""

    text: str
    values: tuple[Value, ...] = ()


#: The SQL expression that shows an answer as text, NULL where there is none.
ColumnOf = Callable[[str], str]


def sql_of(condition: Condition, column_of: ColumnOf) -> Sql:
    """An SQL expression that is 1 where the condition holds and 0 elsewhere, never NULL."""
    match condition:
        case Comparison():
            return _comparison(condition, column_of)
        case Selected(answer, choice):
            text = f"(' ' || coalesce({column_of(answer.path)}, '') || ' ')"
            return Sql(f"(instr({text}, ?) > 0)", (f" {choice} ",))
        case Not(operand):
            inner = sql_of(operand, column_of)
            return Sql(f"(NOT {inner.text})", inner.values)
        case AllOf(operands):
            return _joined(" AND ", "1", operands, column_of)
        case AnyOf(operands):
            return _joined(" OR ", "0", operands, column_of)


def _joined(word: str, nothing: str, operands: tuple[Condition, ...], column_of: ColumnOf) -> Sql:
    parts = [sql_of(operand, column_of) for operand in operands]
    text = word.join(part.text for part in parts)
    return Sql(f"({text or nothing})", tuple(value for part in parts for value in part.values))


def _comparison(comparison: Comparison, column_of: ColumnOf) -> Sql:
    operands = (comparison.left, comparison.right)
    is_numeric = comparison.operator not in ("=", "!=") or any(
        isinstance(operand, Constant) and not isinstance(operand.value, str) for operand in operands
    )
    read = _number if is_numeric else _text
    left, right = (read(operand, column_of) for operand in operands)
    otherwise = 1 if comparison.operator == "!=" else 0
    return Sql(
        f"coalesce({left.text} {comparison.operator} {right.text}, {otherwise})",
        (*left.values, *right.values),
    )


def _text(operand: AnswerOf | Constant, column_of: ColumnOf) -> Sql:
    if isinstance(operand, AnswerOf):
        return Sql(f"coalesce({column_of(operand.path)}, '')")
    return Sql("?", (str(operand.value),))


def _number(operand: AnswerOf | Constant, column_of: ColumnOf) -> Sql:
    if isinstance(operand, AnswerOf):
        return Sql(f"xpath_number({column_of(operand.path)})")
    if isinstance(operand.value, str):
        return Sql("xpath_number(?)", (operand.value,))
    return Sql("?", (None if isnan(operand.value) else float(operand.value),))
