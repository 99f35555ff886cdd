"""Which way a pattern is run on a text."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from fieldapp.forms.xpath.patterns.automaton import Automaton, NoProgram
from fieldapp.forms.xpath.patterns.reading import PatternRefused, read
from fieldapp.forms.xpath.patterns.tree import (
    Again,
    Chars,
    Edge,
    Either,
    Group,
    Look,
    Repeat,
    Sequence,
    Tree,
)

# Ways that Python's matcher may try on one text: some milliseconds.
MOST_WAYS = 20_000
# Places that the automaton may be at, summed over the text: some seconds.
MOST_STEPS = 2_000_000


# Lengths of text between which it is looked for how far Python's matcher is let go.
_SHORTEST, _LONGEST = 4, 2**17


class PatternTooHard(Exception):
    """Neither way would come to an end on this text."""


class Pattern:
    """One pattern."""

    def __init__(self, text: str) -> None:
        """Raises PatternRefused."""
        self._tree, self._ignores_case = read(text)
        self._quick = self._compiled(text)

    def fits(self, text: str) -> bool:
        """Whether the whole text fits; raises PatternTooHard."""
        if self._quick is not None and len(text) <= self._longest:
            return self._quick.fullmatch(text) is not None
        automaton = self._automaton
        found = None if automaton is None else automaton.fits(text, MOST_STEPS)
        if found is None:
            raise PatternTooHard
        return found

    @cached_property
    def _longest(self) -> int:
        """Up to which length of text the matcher of Python has few ways to go."""
        length = _SHORTEST
        while length < _LONGEST and ways(self._tree, length * 2) <= MOST_WAYS:
            length *= 2
        return length if ways(self._tree, length) <= MOST_WAYS else -1

    @cached_property
    def _automaton(self) -> Automaton | None:
        try:
            return Automaton(self._tree, ignores_case=self._ignores_case)
        except NoProgram:
            return None

    def _compiled(self, text: str) -> re.Pattern[str] | None:
        """The same in Python's dialect; None for Unicode categories, which it has not."""
        flags = re.ASCII | (re.IGNORECASE if self._ignores_case else 0)
        try:
            written = _written(self._tree)
            return None if written is None else re.compile(written, flags)
        except (re.error, OverflowError, RecursionError):
            raise PatternRefused(text) from None


@lru_cache(maxsize=512)
def pattern_of(text: str) -> Pattern:
    """The pattern of a text, kept; raises PatternRefused."""
    return Pattern(text)


def ways(tree: Tree, length: int) -> float:  # noqa: PLR0911 (a line for each kind)
    """How many ways a backtracking matcher could go through the tree on so many characters.

    An upper bound, infinite where they multiply with the text.
    """
    match tree:
        case Sequence(items):
            product = 1.0
            for item in items:
                product *= ways(item, length)
            return product
        case Either(options):
            return sum(ways(option, length) for option in options)
        case Group(item):
            return ways(item, length)
        case Look(item, _, _):
            return 1 + ways(item, length)
        case Repeat(item, low, high, _):
            most = length if high is None else min(high, length)
            inner = ways(item, length)
            choices = max(1, most - low + 1)
            if inner == 1:
                return float(choices)
            return inner**most * choices if most * _digits(inner) < 15 else float("inf")
        case _:
            return 1.0


def _digits(number: float) -> float:
    return len(str(int(number))) if number < 1e15 else float("inf")


def _written(tree: Tree) -> str | None:  # noqa: PLR0911 (a line for each kind)
    match tree:
        case Chars():
            return _written_class(tree)
        case Edge(kind):
            return {"start": r"\A", "end": r"\Z", "word": r"\b", "not word": r"(?!\b)"}[kind]
        case Again(group):
            return rf"(?:\{group})"
        case Sequence(items):
            parts = [_written(item) for item in items]
            return None if None in parts else "".join(part or "" for part in parts)
        case Either(options):
            parts = [_written(option) for option in options]
            return None if None in parts else f"(?:{'|'.join(part or '' for part in parts)})"
        case Repeat(item, low, high, greed):
            inner = _written(item)
            count = f"{{{low},{'' if high is None else high}}}{greed}"
            return None if inner is None else f"(?:{inner}){count}"
        case Group(item):
            inner = _written(item)
            return None if inner is None else f"({inner})"
        case Look(item, is_ahead, is_negative):
            inner = _written(item)
            sign = ("?" if is_ahead else "?<") + ("!" if is_negative else "=")
            return None if inner is None else f"({sign}{inner})"


def _written_class(chars: Chars) -> str | None:
    if chars.categories:
        return None
    if not chars.ranges:
        return r"[\s\S]" if chars.is_negated else r"(?!)"
    ranges = "".join(f"{_code(first)}-{_code(last)}" for first, last in chars.ranges)
    return f"[{'^' if chars.is_negated else ''}{ranges}]"


def _code(code: int) -> str:
    return f"\\U{code:08x}"
