"""A pattern run in time that grows with the text, whatever the pattern (Thompson 1968).

All ways through the pattern are followed at once, a set of places in a program at each character.
References, looking around and possessive quantifiers have no such program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from fieldapp.forms.xpath.patterns.tree import (
    Chars,
    Edge,
    Either,
    Group,
    Repeat,
    Sequence,
    Tree,
    is_word,
)

# Places of a program: `(a{1000}){1000}` would have a million.
LONGEST_PROGRAM = 20_000


@dataclass(frozen=True, slots=True)
class _Split:
    """Go on at each of these places."""

    places: tuple[int, ...]


_Instruction: TypeAlias = "Chars | Edge | _Split | None"  # None: the text fits


class NoProgram(Exception):
    """The pattern has something that no automaton can do, or far too much of it."""


class Automaton:
    """A program for one pattern."""

    def __init__(self, tree: Tree, *, ignores_case: bool) -> None:
        """Raises NoProgram."""
        self._program: list[_Instruction] = []
        self._ignores_case = ignores_case
        self._write(tree)
        self._program.append(None)

    def fits(self, text: str, most_steps: int) -> bool | None:
        """Whether the whole text fits; None when it takes more steps than that."""
        steps = 0
        here = self._reached([0], text, 0)
        for place, character in enumerate(text):
            steps += len(here)
            if steps > most_steps:
                return None
            variants = self._variants(character)
            moved = [
                spot + 1
                for spot in here
                if isinstance(chars := self._program[spot], Chars)
                and any(chars.holds(variant) for variant in variants)
            ]
            if not moved:
                return False
            here = self._reached(moved, text, place + 1)
        return len(self._program) - 1 in here

    def _variants(self, character: str) -> tuple[str, ...]:
        if not (self._ignores_case and character.isascii()):
            return (character,)
        return (character.lower(), character.upper())

    def _reached(self, places: Iterable[int], text: str, at: int) -> set[int]:
        """Every place that is reached from these without taking a character."""
        reached: set[int] = set()
        pending = list(places)
        while pending:
            place = pending.pop()
            if place in reached:
                continue
            reached.add(place)
            instruction = self._program[place]
            if isinstance(instruction, _Split):
                pending += instruction.places
            elif isinstance(instruction, Edge) and _is_at(instruction, text, at):
                pending.append(place + 1)
        return reached

    # The program

    def _write(self, tree: Tree) -> None:
        if len(self._program) > LONGEST_PROGRAM:
            raise NoProgram
        match tree:
            case Chars() | Edge():
                self._program.append(tree)
            case Group(item):
                self._write(item)
            case Sequence(items):
                for item in items:
                    self._write(item)
            case Either(options):
                self._write_either(options)
            case Repeat(item, low, high, greed) if greed != "+":
                self._write_repeat(item, low, high)
            case _:
                raise NoProgram

    def _write_either(self, options: tuple[Tree, ...]) -> None:
        fork = self._hole()
        starts, ends = [], []
        for option in options:
            starts.append(len(self._program))
            self._write(option)
            ends.append(self._hole())
        self._program[fork] = _Split(tuple(starts))
        for end in ends:
            self._program[end] = _Split((len(self._program),))

    def _write_repeat(self, item: Tree, low: int, high: int | None) -> None:
        for _ in range(low):
            self._write(item)
        if high is None:
            fork = self._hole()
            self._write(item)
            self._program.append(_Split((fork,)))
            self._program[fork] = _Split((fork + 1, len(self._program)))
            return
        forks = []
        for _ in range(high - low):
            forks.append(self._hole())
            self._write(item)
        for fork in forks:
            self._program[fork] = _Split((fork + 1, len(self._program)))

    def _hole(self) -> int:
        self._program.append(_Split(()))
        return len(self._program) - 1


def _is_at(edge: Edge, text: str, at: int) -> bool:
    match edge.kind:
        case "start":
            return at == 0
        case "end":
            return at == len(text)
        case _:
            before = at > 0 and is_word(text[at - 1])
            after = at < len(text) and is_word(text[at])
            return (before is not after) is (edge.kind == "word")
