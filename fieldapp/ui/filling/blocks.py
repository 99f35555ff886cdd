"""How a section's items stand on its page: headings, cards, single lines, grids. No widgets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

from fieldapp.forms import Choice
from fieldapp.ui.filling.sections import CardHead, Heading, Section
from fieldapp.ui.questions.digits import shares_a_head
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.registry import kind_of


@dataclass(frozen=True, slots=True)
class Line:
    """A question with what hangs under it."""

    question: Asked
    under: list[Asked] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines under one head of words."""

    lines: tuple[Line, ...]


Block: TypeAlias = "Heading | CardHead | Line | Grid"
Signature: TypeAlias = tuple[object, ...]


def blocks_of(section: Section, *, has_room: bool) -> tuple[Block, ...]:
    """The blocks of a page; without room no scale stands as a grid."""
    blocks: list[Block] = []
    for is_choice, run in groupby(_lines(section.items), key=_is_choice):
        lines = list(run)
        choices = [line for line in lines if isinstance(line, Line)]
        is_numbered = any(line.question.place.number for line in choices)
        if is_choice and has_room and (section.is_field_list or is_numbered):
            lists = [line.question.choices for line in choices]
            if shares_a_head(lists, least=1 if is_numbered else 3):
                blocks.append(Grid(tuple(choices)))
                continue
        blocks += lines
    return tuple(blocks)


def signature_of(blocks: Iterable[Block]) -> Signature:
    """Two pages with one signature are made of the same widgets."""
    return tuple(_sign(block) for block in blocks)


def _lines(items: Sequence[Heading | CardHead | Asked]) -> Iterable[Heading | CardHead | Line]:
    line: Line | None = None
    for item in items:
        if isinstance(item, Asked) and line is not None and item.place.under == line.question.path:
            line.under.append(item)
            continue
        if line is not None:
            yield line
            line = None
        if isinstance(item, Asked):
            line = Line(item)
        else:
            yield item
    if line is not None:
        yield line


def _is_choice(item: Heading | CardHead | Line) -> bool:
    return isinstance(item, Line) and item.question.control == "select1"


def _sign(block: Block) -> object:
    if isinstance(block, Heading):
        return "heading"
    if isinstance(block, CardHead):
        return "card", block.path
    if isinstance(block, Grid):
        heads = tuple(c.value for c in longest_choices(block.lines))
        return "grid", heads, tuple(_sign_line(line, "grid") for line in block.lines)
    return _sign_line(block, kind_of(block.question))


def _sign_line(line: Line, kind: str) -> object:
    under = tuple((question.path, kind_of(question)) for question in line.under)
    return line.question.path, kind, under


def longest_choices(lines: Sequence[Line]) -> tuple[Choice, ...]:
    """The choices of the longest list, which the others are part of."""
    return max((line.question.choices for line in lines), key=len)
