"""An expression's text to tokens (XPath 1.0 §3.7).

The rules that tell `*` the operator from `*` the wildcard, and `div` the operator from `div` the
element, look only at the token before, so they are settled here and the parser never asks.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, NoReturn, TypeAlias

from fieldapp.errors import ExpressionRefused, FormReason

# Beyond these an expression is an attack or an accident: the longest of 3,785 `relevant`s seen in
# public forms has 2,000 characters, machine-made sums of a thousand questions have 60,000.
LONGEST_TEXT = 200_000
MOST_TOKENS = 50_000

Kind: TypeAlias = Literal[
    "number", "text", "name", "function", "type", "axis", "operator", "mark", "end"
]

_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
# A number may follow without a space, as in `7mod2`: no name can stand there.
_OPERATOR_START = re.compile(r"(and|or|div|mod)(?:\Z|(?=[0-9]))")
_OPERATOR_MARKS = frozenset({"/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "*"})
_FOLLOWING = re.compile(r"[ \t\r\n]*(\(|::)?")
_OPENING = frozenset({"@", "::", "(", "[", ","})

_NAME = r"[^\W\d][\w.\-·]*"
_TOKEN = re.compile(
    rf"""
    (?P<space>   [\ \t\r\n]+ )
  | (?P<number>  (?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+) (?:[eE][+\-]?[0-9]+)? )
  | (?P<text>    "[^"]*" | '[^']*' )
  | (?P<name>    {_NAME} (?: :(?!:) (?: {_NAME} | \* ) )? )
  | (?P<mark>    // | :: | \.\. | != | <= | >= | [()\[\].@,/|+\-=<>*] )
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """One token; for a text the quotes are gone, for an axis the `::` is a token of its own.

    The last is of kind `end` and stands behind the text.
    """

    kind: Kind
    text: str
    column: int


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of an expression; raises ExpressionRefused with the column of the trouble."""
    if len(text) > LONGEST_TEXT:
        _refuse(text, LONGEST_TEXT, FormReason.TOO_LARGE)
    tokens: list[Token] = []
    after_operand = False
    column, end = 0, len(text)
    while column < end:
        match = _TOKEN.match(text, column)
        if match is None:
            _refuse_character(text, column)
        group = match.lastgroup
        if group == "space":
            column = match.end()
            continue
        if len(tokens) == MOST_TOKENS:
            _refuse(text, column, FormReason.TOO_LARGE)
        found = match.group()
        kind = _kind(group, found, text, match.end(), after_operand=after_operand)
        begin, column = column, match.end()
        if kind == "text":
            found = found[1:-1]
        elif kind == "operator" and group == "name":
            # `1mod1`: the rest comes next.
            found = found[:3] if found[:2] != "or" else "or"
            column = begin + len(found)
        tokens.append(Token(kind, found, begin))
        after_operand = kind != "operator" and not (kind == "mark" and found in _OPENING)
    tokens.append(Token("end", "", end))
    return tuple(tokens)


def _kind(group: str | None, found: str, text: str, end: int, *, after_operand: bool) -> Kind:
    if group == "name":
        if after_operand and _OPERATOR_START.match(found):
            return "operator"
        return _kind_of_name(found, _following(text, end))
    if group == "mark":
        return _kind_of_mark(found, after_operand=after_operand)
    return "number" if group == "number" else "text"


def _following(text: str, column: int) -> str:
    match = _FOLLOWING.match(text, column)
    return (match[1] or "") if match else ""


def _kind_of_mark(found: str, *, after_operand: bool) -> Kind:
    if found == "*":
        return "operator" if after_operand else "name"
    return "operator" if found in _OPERATOR_MARKS else "mark"


def _kind_of_name(found: str, following: str) -> Kind:
    if following == "(":
        return "type" if found in _NODE_TYPES else "function"
    return "axis" if following == "::" else "name"


def _refuse_character(text: str, column: int) -> NoReturn:
    character = text[column]
    if character in "'\"":
        _refuse(text, column, FormReason.OPEN_QUOTE)
    if character == "$":
        end = re.compile(r"\$\{?[\w.\-:]*\}?").match(text, column)
        name = end.group() if end else character
        _refuse(text, column, FormReason.VARIABLE, name)
    _refuse(text, column, FormReason.UNKNOWN_CHARACTER, character)


def _refuse(text: str, column: int, reason: FormReason, name: str = "") -> NoReturn:
    raise ExpressionRefused(expression=text[:LONGEST_TEXT], column=column, reason=reason, name=name)
