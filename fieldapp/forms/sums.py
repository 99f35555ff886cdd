"""Sums over the instances of a repeat, kept by difference: an answer costs one of them, not all."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isfinite, nan

from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import plain_number


class RunningSum:
    """The sum of what stands in some slots, exact to the last bit as `math.fsum` is.

    It is told which slots are new or may say something else, and reads them when it is asked.
    """

    def __init__(self, slots: Iterable[Node]) -> None:
        self._numbers: dict[Node, Fraction | None] = {}
        self._total = Fraction()
        self._empty = 0
        self._due = set(slots)

    def changed(self, slot: Node) -> None:
        """A slot may say something else, or is there for the first time."""
        self._due.add(slot)

    def value(self) -> float | None:
        """The sum; NaN when a slot is empty; None when one holds what is no plain decimal."""
        while self._due:
            if not self._read(self._due.pop()):
                return None
        if self._empty:
            return nan
        try:
            return float(self._total)
        except OverflowError:
            return None

    def _read(self, slot: Node) -> bool:
        text = slot.value or ""
        number = plain_number(text)
        if text and (number is None or not isfinite(number)):
            self._due.add(slot)  # to be looked at again whenever the sum is asked
            return False
        if slot in self._numbers:
            before = self._numbers[slot]
            self._empty -= before is None
            self._total -= before or 0
        after = None if number is None else Fraction(number)
        self._numbers[slot] = after
        self._empty += after is None
        self._total += after or 0
        return True
