"""What a compiled expression is given when it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol, TypeAlias

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

    def instance(self, name: str) -> Node | None:
        """The `<instance>` node of a secondary instance; None when there is none."""
        ...

    def choice_label(self, node: Node, value: str) -> str:
        """The label that a choice of the question at `node` bears, for jr:choice-name()."""
        ...

    def text(self, text_id: str) -> str:
        """A text of the form in the language shown, for jr:itext()."""
        ...


class Context:
    """Where an expression runs: node, position and size (XPath 1.0 §1), `current` for current()."""

    __slots__ = ("current", "node", "position", "size", "world")

    def __init__(self, node: Node, world: World) -> None:
        self.node = node
        self.current = node
        self.position = 1
        self.size = 1
        self.world = world

    def inner(self, size: int) -> Context:
        """A context for a predicate over `size` nodes; the caller sets node and position."""
        made = Context(self.node, self.world)
        made.current = self.current
        made.size = size
        return made


Run: TypeAlias = Callable[[Context], Value]
Nodes: TypeAlias = Callable[[Context], list[Node]]


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


Namespaces: TypeAlias = Mapping[str, str]
