"""Tokens to syntax tree: the whole grammar of XPath 1.0, by precedence climbing.

Nesting is bounded, chains are not: `a + b + …` of any length is read in a loop and leans left, so
a thousand-question sum is a flat loop here and in the compiler, while ten thousand opening
brackets are refused at the hundredth.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast, get_args

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.xpath.ast import (
    ANY_NODE,
    DESCENDANTS,
    PARENT,
    SELF,
    Axis,
    Binary,
    Call,
    Expr,
    Filtered,
    NameTest,
    Negation,
    NodeType,
    NumberLiteral,
    Operator,
    Path,
    Step,
    StringLiteral,
    TypeTest,
)
from fieldapp.forms.xpath.lexer import Token, tokens_of

DEEPEST_NESTING = 60

PRECEDENCE: dict[str, int] = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
_UNARY = 7

_AXES = frozenset(get_args(Axis))
_STEP_MARKS = frozenset({".", "..", "@"})


@lru_cache(maxsize=4096)
def parse(text: str) -> Expr:
    """The syntax tree of an expression.

    Raises ExpressionRefused with the expression, a 0-based caret column and the reason. The same
    text always gives the same tree, so the many `. >= 1` of a form are read once.
    """
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._next = 0
        self._depth = 0

    def whole(self) -> Expr:
        if not self._tokens:
            raise self._refusal(FormReason.EMPTY, 0)
        expr = self._binary(1)
        if self._next < len(self._tokens):
            raise self._unexpected()
        return expr

    # Operators

    def _binary(self, lowest: int) -> Expr:
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            raise self._refusal(FormReason.TOO_DEEP, self._column())
        left = self._unary()
        while (token := self._peek()) is not None and token.kind == "operator":
            precedence = PRECEDENCE.get(token.text, 0)
            if precedence < lowest or precedence == 0:
                break
            self._next += 1
            right = self._binary(precedence + 1)
            left = Binary(left, cast("Operator", token.text), right)
        self._depth -= 1
        return left

    def _unary(self) -> Expr:
        signs = 0
        while self._takes("operator", "-"):
            signs += 1
        if not signs:
            return self._path()
        operand = self._binary(_UNARY)
        # Two signs leave a number, not the operand itself: --'5' is 5.
        return Negation(Negation(operand)) if signs % 2 == 0 else Negation(operand)

    # Paths

    def _path(self) -> Expr:
        token = self._peek()
        if token is None:
            raise self._refusal(FormReason.ENDS_EARLY, len(self._text))
        if token.kind == "operator" and token.text == "/":
            self._next += 1
            return Path("root", self._steps() if self._at_step() else ())
        if token.kind == "operator" and token.text == "//":
            self._next += 1
            return Path("root", (DESCENDANTS, *self._steps()))
        if self._at_step():
            return Path("context", self._steps())
        return self._filtered()

    def _filtered(self) -> Expr:
        primary = self._primary()
        predicates = self._predicates()
        start: Expr = Filtered(primary, predicates) if predicates else primary
        if self._takes("operator", "/"):
            return Path(start, self._steps())
        if self._takes("operator", "//"):
            return Path(start, (DESCENDANTS, *self._steps()))
        return start

    def _steps(self) -> tuple[Step, ...]:
        steps = [self._step()]
        while True:
            if self._takes("operator", "/"):
                steps.append(self._step())
            elif self._takes("operator", "//"):
                steps += (DESCENDANTS, self._step())
            else:
                return tuple(steps)

    def _at_step(self) -> bool:
        token = self._peek()
        if token is None:
            return False
        if token.kind == "mark":
            return token.text in _STEP_MARKS
        return token.kind in {"name", "axis", "type"}

    def _step(self) -> Step:
        if self._takes("mark", "."):
            return SELF
        if self._takes("mark", ".."):
            return PARENT
        axis: Axis = "child"
        if self._takes("mark", "@"):
            axis = "attribute"
        elif (token := self._peek()) is not None and token.kind == "axis":
            if token.text not in _AXES:
                raise self._refusal(FormReason.UNKNOWN_AXIS, token.column, token.text)
            axis = cast("Axis", token.text)
            self._next += 1
            self._expect("::")
        return Step(axis, self._test(), self._predicates())

    def _test(self) -> NameTest | TypeTest:
        token = self._take()
        if token.kind == "name":
            prefix, colon, local = token.text.partition(":")
            if not colon:
                return NameTest(None, token.text, token.column)
            return NameTest(prefix, local, token.column)
        if token.kind == "type":
            self._expect("(")
            target = None
            if token.text == "processing-instruction":
                following = self._peek()
                if following is not None and following.kind == "text":
                    target = following.text
                    self._next += 1
            self._expect(")")
            if token.text == "node":
                return ANY_NODE
            return TypeTest(cast("NodeType", token.text), target)
        self._next -= 1
        raise self._unexpected()

    def _predicates(self) -> tuple[Expr, ...]:
        predicates: list[Expr] = []
        while self._takes("mark", "["):
            predicates.append(self._binary(1))
            self._expect("]")
        return tuple(predicates)

    # What stands alone

    def _primary(self) -> Expr:
        token = self._take()
        if token.kind == "number":
            return NumberLiteral(float(token.text))
        if token.kind == "text":
            return StringLiteral(token.text)
        if token.kind == "function":
            return Call(token.text, self._arguments(), token.column)
        if token.kind == "mark" and token.text == "(":
            inner = self._binary(1)
            self._expect(")")
            return inner
        self._next -= 1
        raise self._unexpected()

    def _arguments(self) -> tuple[Expr, ...]:
        self._expect("(")
        if self._takes("mark", ")"):
            return ()
        arguments = [self._binary(1)]
        while self._takes("mark", ","):
            arguments.append(self._binary(1))
        self._expect(")")
        return tuple(arguments)

    # Tokens

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> Token:
        token = self._peek()
        if token is None:
            raise self._refusal(FormReason.ENDS_EARLY, len(self._text))
        self._next += 1
        return token

    def _takes(self, kind: str, text: str) -> bool:
        token = self._peek()
        if token is None or token.kind != kind or token.text != text:
            return False
        self._next += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._takes("mark", mark):
            raise self._unexpected()

    def _column(self) -> int:
        token = self._peek()
        return token.column if token else len(self._text)

    def _unexpected(self) -> ExpressionRefused:
        token = self._peek()
        if token is None:
            return self._refusal(FormReason.ENDS_EARLY, len(self._text))
        return self._refusal(FormReason.UNEXPECTED, token.column, token.text)

    def _refusal(self, reason: FormReason, column: int, name: str = "") -> ExpressionRefused:
        return ExpressionRefused(expression=self._text, column=column, reason=reason, name=name)
