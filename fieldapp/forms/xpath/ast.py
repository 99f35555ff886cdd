"""What an XPath 1.0 expression says, as frozen data.

The parser makes these, the compiler turns them into functions, and packs reads them to turn a
guard into a condition. `column` is the 0-based place in the text; it takes no part in equality,
so two expressions that differ only in white space are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal[
    "or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|"
]
Axis: TypeAlias = Literal[
    "ancestor",
    "ancestor-or-self",
    "attribute",
    "child",
    "descendant",
    "descendant-or-self",
    "following",
    "following-sibling",
    "namespace",
    "parent",
    "preceding",
    "preceding-sibling",
    "self",
]
NodeType: TypeAlias = Literal["node", "text", "comment", "processing-instruction"]


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number; XPath has no sign or exponent in it."""

    value: float


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """A text between quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`. Chains of one precedence lean to the left."""

    left: Expr
    operator: Operator
    right: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """`name(arguments)`; the name as written, prefix included."""

    name: str
    arguments: tuple[Expr, ...]
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class NameTest:
    """`local`, `prefix:local`, `*` or `prefix:*`."""

    prefix: str | None
    local: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TypeTest:
    """`node()`, `text()`, `comment()`, `processing-instruction('target')`."""

    node_type: NodeType
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`axis::test[predicate]…`."""

    axis: Axis
    test: NameTest | TypeTest
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (`/a`), from the context node (`a`), or from what `start` yields."""

    start: Literal["root", "context"] | Expr
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Filtered:
    """`(primary)[predicate]…`: positions count over the whole of what the primary yields."""

    primary: Expr
    predicates: tuple[Expr, ...]


Expr: TypeAlias = "NumberLiteral | StringLiteral | Negation | Binary | Call | Path | Filtered"

ANY_NODE = TypeTest("node")
SELF = Step("self", ANY_NODE)
PARENT = Step("parent", ANY_NODE)
DESCENDANTS = Step("descendant-or-self", ANY_NODE)
