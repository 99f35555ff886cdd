"""The thirteen axes and the node tests (XPath 1.0 §2.2-§2.3).

An axis yields nodes in its own direction: nearest first for the reverse ones, as positions in a
predicate count. `ordered_axes` says which axes leave a single context node's result in document
order already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fieldapp.forms.xpath.ast import Axis, NodeType
from fieldapp.forms.xpath.nodes import XML_NAMESPACE, Node, NodeKind

REVERSE_AXES: frozenset[Axis] = frozenset(
    {"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"}
)

_ELEMENT, _ATTRIBUTE = NodeKind.ELEMENT, NodeKind.ATTRIBUTE
_OFF_TREE = frozenset({NodeKind.ATTRIBUTE, NodeKind.NAMESPACE})


def child(node: Node) -> Iterable[Node]:
    return node.content()


def attribute(node: Node) -> Iterable[Node]:
    return node.attributes


def itself(node: Node) -> Iterable[Node]:
    return (node,)


def parent(node: Node) -> Iterable[Node]:
    return () if node.parent is None else (node.parent,)


def ancestor(node: Node) -> Iterator[Node]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def ancestor_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from ancestor(node)


def descendant_or_self(node: Node) -> Iterator[Node]:
    return node.walk()


def descendant(node: Node) -> Iterator[Node]:
    below = node.walk()
    next(below)
    return below


def following_sibling(node: Node) -> Iterable[Node]:
    if node.parent is None or node.kind in _OFF_TREE:
        return ()
    siblings = node.parent.content()
    return siblings[siblings.index(node) + 1 :]


def preceding_sibling(node: Node) -> Iterable[Node]:
    if node.parent is None or node.kind in _OFF_TREE:
        return ()
    siblings = node.parent.content()
    return reversed(siblings[: siblings.index(node)])


def following(node: Node) -> Iterator[Node]:
    if node.kind in _OFF_TREE and node.parent is not None:
        # What follows an attribute begins inside its element (XPath 1.0 §5: document order).
        yield from descendant(node.parent)
        node = node.parent
    for start in ancestor_or_self(node):
        for sibling in following_sibling(start):
            yield from sibling.walk()


def preceding(node: Node) -> Iterator[Node]:
    if node.kind in _OFF_TREE and node.parent is not None:
        node = node.parent
    for start in ancestor_or_self(node):
        for sibling in preceding_sibling(start):
            yield from reversed(list(sibling.walk()))


def namespace(node: Node) -> Iterator[Node]:
    if node.kind != _ELEMENT:
        return
    known: dict[str, str] = {}
    for element in ancestor_or_self(node):
        for prefix, uri in (element.declared or {}).items():
            known.setdefault(prefix, uri)
    known.setdefault("xml", XML_NAMESPACE)
    for prefix, uri in known.items():
        if uri:
            yield Node(NodeKind.NAMESPACE, prefix, value=uri, parent=node)


AXES: dict[Axis, Callable[[Node], Iterable[Node]]] = {
    "ancestor": ancestor,
    "ancestor-or-self": ancestor_or_self,
    "attribute": attribute,
    "child": child,
    "descendant": descendant,
    "descendant-or-self": descendant_or_self,
    "following": following,
    "following-sibling": following_sibling,
    "namespace": namespace,
    "parent": parent,
    "preceding": preceding,
    "preceding-sibling": preceding_sibling,
    "self": itself,
}

_KINDS: dict[NodeType, NodeKind] = {
    "text": NodeKind.TEXT,
    "comment": NodeKind.COMMENT,
    "processing-instruction": NodeKind.INSTRUCTION,
}


def name_test(axis: Axis, local: str, uri: str | None) -> Callable[[Node], bool]:
    """Whether a node is of the axis' principal kind and bears the name; `*` is any.

    `uri` is None for an unprefixed `*`, which any namespace passes.
    """
    kind = {"attribute": NodeKind.ATTRIBUTE, "namespace": NodeKind.NAMESPACE}.get(axis, _ELEMENT)
    if local == "*":
        if uri is None:
            return lambda node: node.kind == kind
        return lambda node: node.kind == kind and node.namespace == uri
    wanted = uri or ""
    return lambda node: node.local == local and node.kind == kind and node.namespace == wanted


def type_test(node_type: NodeType, target: str | None) -> Callable[[Node], bool]:
    """`text()`, `comment()`, `processing-instruction('target')`; `node()` needs no test."""
    kind = _KINDS[node_type]
    if target is None:
        return lambda node: node.kind == kind
    return lambda node: node.kind == kind and node.local == target
