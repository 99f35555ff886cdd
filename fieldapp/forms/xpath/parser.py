"""Tokens to syntax tree: the whole grammar of XPath 1.0, by operator precedence.

Brackets may nest to a bound, chains have none: `a + b + …` of any length is read in a loop and
leans left, so a thousand-question sum is a flat loop here and in the compiler, while ten thousand
opening brackets are refused at the eightieth.
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

DEEPEST_NESTING = 80

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
UNARY = 7

_AXES = frozenset(get_args(Axis))
_STEP_MARKS = frozenset({".", "..", "@"})
_STEP_KINDS = frozenset({"name", "axis", "type"})
_GOES_ON = frozenset({"mark", "operator"})


@lru_cache(maxsize=4096)
def parse(text: str) -> Expr:
    """The syntax tree of an expression.

    Raises ExpressionRefused with the expression, a 0-based caret column and the reason. The same
    text always gives the same tree, so the many `. >= 1` of a form are read once.
    """
    try:
        return _Parser(text).whole()
    except RecursionError:
        # The bound holds for any stack but one that is nearly full already.
        raise ExpressionRefused(
            expression=text, column=0, reason=FormReason.TOO_DEEP, name=""
        ) from None


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._next = 0
        self._depth = 0

    def whole(self) -> Expr:
        if self._tokens[0].kind == "end":
            raise self._refusal(FormReason.EMPTY, 0)
        expr = self._expression()
        if self._tokens[self._next].kind != "end":
            raise self._unexpected()
        return expr

    # Operators

    def _expression(self) -> Expr:
        """Operands and the operators between them, those that bind closest first."""
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            raise self._refusal(FormReason.TOO_DEEP, self._tokens[self._next].column)
        operands: list[Expr] = []
        waiting: list[tuple[int, str]] = []  # precedence and sign of what still lacks its right
        while True:
            self._signs(waiting)
            operands.append(self._path())
            token = self._tokens[self._next]
            precedence = PRECEDENCE.get(token.text, 0) if token.kind == "operator" else 0
            while waiting and waiting[-1][0] >= precedence:
                _reduce(operands, waiting.pop()[1])
            if not precedence:
                self._depth -= 1
                return operands[0]
            waiting.append((precedence, token.text))
            self._next += 1

    def _signs(self, waiting: list[tuple[int, str]]) -> None:
        signs = 0
        while self._takes("operator", "-"):
            signs += 1
        if signs:
            # Two signs leave a number, not the operand itself: --'5' is 5.
            waiting.append((UNARY, "--" if signs % 2 == 0 else "-1"))

    # Paths

    def _path(self) -> Expr:
        token = self._tokens[self._next]
        if token.kind == "operator":
            if token.text == "/":
                self._next += 1
                return Path("root", self._steps() if self._at_step() else ())
            if token.text == "//":
                self._next += 1
                return Path("root", (DESCENDANTS, *self._steps()))
        if self._at_step():
            return Path("context", self._steps())
        return self._filtered()

    def _filtered(self) -> Expr:
        primary = self._primary()
        token = self._tokens[self._next]
        if token.kind not in _GOES_ON:
            return primary
        predicates = self._predicates()
        start: Expr = Filtered(primary, predicates) if predicates else primary
        if self._takes("operator", "/"):
            return Path(start, self._steps())
        if self._takes("operator", "//"):
            return Path(start, (DESCENDANTS, *self._steps()))
        return start

    def _steps(self) -> tuple[Step, ...]:
        steps = [self._step()]
        while self._tokens[self._next].kind == "operator":
            if self._takes("operator", "/"):
                steps.append(self._step())
            elif self._takes("operator", "//"):
                steps += (DESCENDANTS, self._step())
            else:
                break
        return tuple(steps)

    def _at_step(self) -> bool:
        token = self._tokens[self._next]
        if token.kind == "mark":
            return token.text in _STEP_MARKS
        return token.kind in _STEP_KINDS

    def _step(self) -> Step:
        token = self._tokens[self._next]
        axis: Axis = "child"
        if token.kind == "mark":
            if token.text == ".":
                self._next += 1
                return SELF
            if token.text == "..":
                self._next += 1
                return PARENT
            if token.text == "@":
                self._next += 1
                axis = "attribute"
        elif token.kind == "axis":
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
            following = self._tokens[self._next]
            if token.text == "processing-instruction" and following.kind == "text":
                target = following.text
                self._next += 1
            self._expect(")")
            if token.text == "node":
                return ANY_NODE
            return TypeTest(cast("NodeType", token.text), target)
        self._next -= 1
        raise self._unexpected()

    def _predicates(self) -> tuple[Expr, ...]:
        if not self._takes("mark", "["):
            return ()
        predicates: list[Expr] = []
        while True:
            predicates.append(self._expression())
            self._expect("]")
            if not self._takes("mark", "["):
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
            inner = self._expression()
            self._expect(")")
            return inner
        self._next -= 1
        raise self._unexpected()

    def _arguments(self) -> tuple[Expr, ...]:
        self._expect("(")
        if self._takes("mark", ")"):
            return ()
        arguments = [self._expression()]
        while self._takes("mark", ","):
            arguments.append(self._expression())
        self._expect(")")
        return tuple(arguments)

    # Tokens

    def _take(self) -> Token:
        token = self._tokens[self._next]
        if token.kind == "end":
            raise self._refusal(FormReason.ENDS_EARLY, token.column)
        self._next += 1
        return token

    def _takes(self, kind: str, text: str) -> bool:
        token = self._tokens[self._next]
        if token.text != text or token.kind != kind:
            return False
        self._next += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._takes("mark", mark):
            raise self._unexpected()

    def _unexpected(self) -> ExpressionRefused:
        token = self._tokens[self._next]
        if token.kind == "end":
            return self._refusal(FormReason.ENDS_EARLY, token.column)
        return self._refusal(FormReason.UNEXPECTED, token.column, token.text)

    def _refusal(self, reason: FormReason, column: int, name: str = "") -> ExpressionRefused:
        return ExpressionRefused(expression=self._text, column=column, reason=reason, name=name)


def _reduce(operands: list[Expr], sign: str) -> None:
    right = operands.pop()
    if sign == "-1":
        operands.append(Negation(right))
    elif sign == "--":
        operands.append(Negation(Negation(right)))
    else:
        operands.append(Binary(operands.pop(), cast("Operator", sign), right))
