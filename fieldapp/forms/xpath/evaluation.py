"""What a compiled expression is given when it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol, TypeAlias

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.xpath.ast import Path
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import Value, ValueKind


class World(Protocol):
    """What an expression may reach beside its node. No clock and no chance but through here."""

    @property
    def root(self) -> Node:
        """What `/` means, also inside a predicate on another document."""
        ...

    @property
    def zone(self) -> tzinfo:
        """Where midnight is when a date has no zone."""
        ...

    @property
    def is_korean(self) -> bool:
        """Whether months and weekdays are written in Korean."""
        ...

    def now(self) -> datetime: ...

    def random(self) -> float:
        """A number in [0, 1)."""
        ...

    def uuid(self) -> str: ...

    @property
    def version(self) -> str:
        """The form's version, for version(); empty when it has none."""
        ...

    def property(self, name: str) -> str:
        """What is known of device and worker (`deviceid`, `username`…), for property()."""
        ...

    def instance(self, name: str) -> Node | None:
        """The `<instance>` node of a secondary instance; None when there is none."""
        ...

    def rows(self, name: str, column: str, value: str) -> list[Node]:
        """The `root/item`s of a secondary instance whose column has the value, by an index."""
        ...

    def choice_label(self, node: Node, value: str) -> str:
        """The label that a choice of the question at `node` bears, for jr:choice-name()."""
        ...

    def text(self, text_id: str) -> str:
        """A text of the form in the language shown, for jr:itext()."""
        ...


# Nodes that one run of an expression may look at, some seconds' worth. Comparing each of
# 1,000 repeat instances with all the others takes a half of it.
MOST_STEPS = 4_000_000
# Characters of a text that an expression may put together.
LONGEST_RESULT = 1_000_000

#: Where in which expression a walk stands: its text and the 0-based column.
Spot: TypeAlias = tuple[str, int]


class Context:
    """Where an expression runs: node, position and size (XPath 1.0 §1), `current` for current()."""

    __slots__ = ("_left", "current", "node", "position", "size", "world")

    def __init__(self, node: Node, world: World) -> None:
        self.node = node
        self.current = node
        self.position = 1
        self.size = 1
        self.world = world
        self._left: list[int] | None = None  # steps, shared with every context inside

    def inner(self, size: int) -> Context:
        """A context for a predicate over `size` nodes; the caller sets node and position."""
        if self._left is None:
            self._left = [MOST_STEPS]
        made = Context(self.node, self.world)
        made.current = self.current
        made.size = size
        made._left = self._left
        return made

    def spend(self, steps: int, spot: Spot) -> None:
        """Note that so many nodes are looked at; raises ExpressionRefused when it is enough."""
        left = self._left
        if left is None:
            left = self._left = [MOST_STEPS]
        left[0] -= steps
        if left[0] < 0:
            raise too_much_work(spot)


def too_much_work(spot: Spot) -> ExpressionRefused:
    """The refusal of an expression that would run for ever, or fill the memory."""
    text, column = spot
    return ExpressionRefused(
        expression=text,
        column=column,
        reason=FormReason.TOO_MUCH_WORK,
        name=text[column : column + 20],
    )


Run: TypeAlias = Callable[[Context], Value]
Nodes: TypeAlias = Callable[[Context], list[Node]]
Total: TypeAlias = Callable[[Context], float | None]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function of the context, and the kind of value it is known to give."""

    run: Run
    kind: ValueKind


class Binder(Protocol):
    """A form's short cuts: how it reaches nodes it knows without walking to them."""

    def bind(self, path: Path) -> Nodes | None:
        """A function that yields exactly what walking `path` would; None to walk.

        Asked only where the context node is the expression's own node. The list is shared:
        nobody may change it.
        """
        ...

    def total(self, path: Path) -> Total | None:
        """A function that yields what `sum()` of an absolute path would, or None where it cannot
        say; None where there is no such short cut.
        """
        ...


Namespaces: TypeAlias = Mapping[str, str]
