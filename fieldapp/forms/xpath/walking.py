"""Walking from nodes to nodes: the steps of a path and what their predicates keep.

Each function makes one walk, a closure over what the compiler knows. Every walk tells the context
how many nodes it looks at, so that an expression that would look at them for hours is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.ast import Axis
from fieldapp.forms.xpath.axes import AXES, REVERSE_AXES
from fieldapp.forms.xpath.evaluation import Context, Nodes, Run, Spot
from fieldapp.forms.xpath.nodes import Node, NodeKind, in_document_order

Walk: TypeAlias = Callable[[Context, list[Node]], list[Node]]
Test: TypeAlias = Callable[[Node], bool]

_ELEMENT = NodeKind.ELEMENT
_plain_named = Node.named
_FLAT_AXES = frozenset({"self", "child", "attribute"})


def in_turn(start: Nodes, walks: Sequence[Walk]) -> Nodes:
    """From what `start` gives, one walk after the other; however many, no deeper on the stack."""
    if not walks:
        return start
    if len(walks) == 1:
        one = walks[0]
        return lambda context: one(context, start(context))
    if len(walks) == 2:
        first, second = walks
        return lambda context: second(context, first(context, start(context)))

    def walked(context: Context) -> list[Node]:
        nodes = start(context)
        for walk in walks:
            if not nodes:
                return nodes
            nodes = walk(context, nodes)
        return nodes

    return walked


def child_of_here(local: str, spot: Spot) -> Nodes:
    """`name` from the context node: what nearly every predicate begins with."""

    def named(context: Context) -> list[Node]:
        node = context.node
        context.spend(node.width(), spot)
        return node.named(local)

    return named


def child_of_root(local: str) -> Nodes:
    """`/name`: a document has one element, so nothing is counted."""
    return lambda context: context.world.root.named(local)


def children_named(local: str, spot: Spot) -> Walk:
    """`child::name`, the name in no namespace."""

    def named(context: Context, starts: list[Node]) -> list[Node]:
        if len(starts) == 1:
            context.spend(starts[0].width(), spot)
            return starts[0].named(local)
        context.spend(sum([start.width() for start in starts]), spot)
        if starts and type(starts[0]).named is not _plain_named:
            return _ordered_children(starts, [node for s in starts for node in s.named(local)])
        result = [
            node
            for start in starts
            for node in start.children
            if node.local == local and node.kind == _ELEMENT and not node.namespace
        ]
        return _ordered_children(starts, result)

    return named


def children_passing(matches: Test, spot: Spot) -> Walk:
    """`child::*` and names in a namespace."""

    def passing(context: Context, starts: list[Node]) -> list[Node]:
        context.spend(sum([start.width() for start in starts]), spot)
        return _ordered_children(
            starts, [node for start in starts for node in start.children if matches(node)]
        )

    return passing


def parents(_context: Context, nodes: list[Node]) -> list[Node]:
    """`..`"""
    if len(nodes) == 1:
        parent = nodes[0].parent
        return [] if parent is None else [parent]
    return in_document_order([node.parent for node in nodes if node.parent is not None])


def along(axis: Axis, test: Test | None, rows: Sequence[Walk], spot: Spot) -> Walk:
    """Any axis, with a test and predicates, whose positions count along the axis."""
    reach = AXES[axis]
    keeps_order = axis in _FLAT_AXES
    is_reverse = axis in REVERSE_AXES

    def walk(context: Context, starts: list[Node]) -> list[Node]:
        result: list[Node] = []
        for start in starts:
            chosen = list(reach(start))
            context.spend(len(chosen) + 1, spot)
            if test is not None:
                chosen = [node for node in chosen if test(node)]
            for row in rows:
                chosen = row(context, chosen)
            result += chosen
        if len(starts) == 1 and not is_reverse:
            return result
        if keeps_order and len(starts) > 1:
            return result if axis != "child" else _ordered_children(starts, result)
        return in_document_order(result)

    return walk


# Predicates (§2.4)


def at_place(place: float) -> Walk:
    """`[3]`"""
    if not place.is_integer() or place < 1:
        return lambda _context, _nodes: []
    index = int(place) - 1
    return lambda _context, nodes: nodes[index : index + 1]


def kept_where(run: Run, spot: Spot) -> Walk:
    """A number picks that position, anything else picks where it is true."""
    truth_of = values.truth_of

    def keep(context: Context, nodes: list[Node]) -> list[Node]:
        if not nodes:
            return nodes
        context.spend(len(nodes), spot)
        inner = context.inner(len(nodes))
        kept = []
        for position, node in enumerate(nodes, 1):
            inner.node = node
            inner.position = position
            value = run(inner)
            if value == position if type(value) is float else truth_of(value):
                kept.append(node)
        return kept

    return keep


def kept_where_true(truth: Callable[[Context], bool], spot: Spot) -> Walk:
    """The same of a predicate that is known to give a truth."""

    def keep(context: Context, nodes: list[Node]) -> list[Node]:
        if not nodes:
            return nodes
        context.spend(len(nodes), spot)
        inner = context.inner(len(nodes))
        kept = []
        for position, node in enumerate(nodes, 1):
            inner.node = node
            inner.position = position
            if truth(inner):
                kept.append(node)
        return kept

    return keep


def _ordered_children(starts: list[Node], children: list[Node]) -> list[Node]:
    # Children of nodes in document order are in order too, unless one start contains another.
    if len(starts) < 2:
        return children
    if len({start.parent for start in starts}) == 1:
        return children  # of siblings, as the instances of a repeat are
    above = set(starts)
    if any(_has_ancestor_in(start, above) for start in starts):
        return in_document_order(children)
    return children


def _has_ancestor_in(node: Node, nodes: set[Node]) -> bool:
    above = node.parent
    while above is not None:
        if above in nodes:
            return True
        above = above.parent
    return False
