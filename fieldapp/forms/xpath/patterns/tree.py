"""A regular expression as data."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

Range: TypeAlias = tuple[int, int]  # first and last code point


@dataclass(frozen=True, slots=True)
class Chars:
    """One character: of these ranges or Unicode categories, or when negated of none of them."""

    ranges: tuple[Range, ...]
    categories: tuple[tuple[str, bool], ...] = ()  # `\\p{L}` is ("L", False), `\\P{L}` ("L", True)
    is_negated: bool = False

    def holds(self, character: str) -> bool:
        """Whether it is one of them."""
        code = ord(character)
        found = any(first <= code <= last for first, last in self.ranges) or any(
            _is_of(character, category) is not negated for category, negated in self.categories
        )
        return found is not self.is_negated


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between characters."""

    kind: Literal["start", "end", "word", "not word"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them."""

    options: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`item` at least `low` times and at most `high`; None for any number."""

    item: Tree
    low: int
    high: int | None
    greed: Literal["", "?", "+"] = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A part that can be referred to."""

    item: Tree


@dataclass(frozen=True, slots=True)
class Look:
    """What must or must not stand before or after this place."""

    item: Tree
    is_ahead: bool
    is_negative: bool


@dataclass(frozen=True, slots=True)
class Again:
    """What the group of that number held."""

    group: int


Tree: TypeAlias = "Chars | Edge | Sequence | Either | Repeat | Group | Look | Again"

DIGIT: tuple[Range, ...] = ((48, 57),)
WORD: tuple[Range, ...] = ((48, 57), (65, 90), (95, 95), (97, 122))
# ECMAScript's white space, of which Java's is a part.
SPACE: tuple[Range, ...] = (
    (9, 13), (32, 32), (160, 160), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
LINE_END: tuple[Range, ...] = ((10, 10), (13, 13), (0x2028, 0x2029))


def complement(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """Every code point that is in none of the ranges."""
    result: list[Range] = []
    begin = 0
    for first, last in sorted(ranges):
        if first > begin:
            result.append((begin, first - 1))
        begin = max(begin, last + 1)
    if begin <= 0x10FFFF:
        result.append((begin, 0x10FFFF))
    return tuple(result)


def is_word(character: str) -> bool:
    """Whether `\\b` takes it for a part of a word."""
    code = ord(character)
    return any(first <= code <= last for first, last in WORD)


def _is_of(character: str, category: str) -> bool:
    if category == "Hangul":
        return "HANGUL" in unicodedata.name(character, "")
    if category == "Han":
        return unicodedata.name(character, "").startswith("CJK")
    if category == "Latin":
        return unicodedata.name(character, "").startswith("LATIN")
    return unicodedata.category(character).startswith(category)
