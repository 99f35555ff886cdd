"""Which digit chooses which answer, and how a list of choices is laid out (p13e, ux §3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fieldapp.forms import Choice

Layout = Literal["row", "column", "search"]
#: None of it (0) and not known (9) stand apart from the answers proper; so do their names.
_APART = {"0": "0", "none": "0", "na": "0", "9": "9", "unk": "9"}
ROW_MOST, COLUMN_MOST, _APART_MOST = 5, 9, 2


def digit_keys(choices: Sequence[Choice]) -> tuple[str, ...]:
    """A digit for each choice, empty where there is none left.

    A choice whose name is one digit has that digit; `none` and `na` have 0, `unk` has 9; others get
    1, 2, 3 … in order.
    """
    named = {choice.value: choice.value for choice in choices if _is_digit(choice.value)}
    for choice in choices:
        digit = _APART.get(choice.value, "")
        if digit and digit not in named.values():
            named[choice.value] = digit
    free = iter([digit for digit in "123456789" if digit not in named.values()])
    return tuple(named.get(choice.value) or next(free, "") for choice in choices)


def is_apart(choice: Choice) -> bool:
    """Whether it says none, not applicable or not known: set apart from the answers proper."""
    return choice.value in _APART


def proper_choices(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The answers proper: without the ones that are set apart."""
    return tuple(choice for choice in choices if not is_apart(choice))


def layout_of(choices: Sequence[Choice]) -> Layout:
    """Up to 5 choices stand in a row, 6-9 in a column, more are searched."""
    if len(choices) > COLUMN_MOST + _APART_MOST or "" in digit_keys(choices):
        return "search"
    return "row" if len(proper_choices(choices)) <= ROW_MOST else "column"


def shares_a_head(lists: Sequence[Sequence[Choice]], least: int = 3) -> bool:
    """Whether questions that follow each other can stand as a grid under one head of words.

    They can when there are three or more (`least`), every choice is named by its digit (or set
    apart), and each list is part of the longest, with the same words.
    """
    if len(lists) < least:
        return False
    longest = {(choice.value, choice.label) for choice in max(lists, key=len)}
    return all(
        2 < len(choices) <= COLUMN_MOST + _APART_MOST
        and all(_is_digit(choice.value) or is_apart(choice) for choice in choices)
        and {(choice.value, choice.label) for choice in choices} <= longest
        for choices in lists
    )


def _is_digit(name: str) -> bool:
    return len(name) == 1 and name in "0123456789"
