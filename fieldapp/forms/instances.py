"""Secondary instances: lists that a form looks things up in.

Those inside the form are nodes with an index that is made when a column is first asked by
equality. Lists of entities come from outside as an `Instance`, row by row, and only the rows that
an expression wants are ever made into nodes (formats, "Entity lists reach forms lazily").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, cast, runtime_checkable

from fieldapp.forms.items import ItemList
from fieldapp.forms.xpath.nodes import Document, Node, NodeKind


class Instance(Protocol):
    """A list of rows, column name to text; the same row always has the same `name`."""

    def find(self, column: str, value: str) -> Iterable[Mapping[str, str]]:
        """The rows whose column has the value, in the list's order."""
        ...

    def scan(self) -> Iterable[Mapping[str, str]]:
        """All rows, in the list's order."""
        ...


@runtime_checkable
class SearchedInstance(Protocol):
    """What an `Instance` may offer beside: rows found by what a worker types."""

    def search(self, text: str, limit: int) -> Iterable[Mapping[str, str]]:
        """The first rows whose label has the text or its 초성 in it; the first ones for ``""``."""
        ...


@runtime_checkable
class TreeInstance(Protocol):
    """What an `Instance` may be instead of rows: nodes of any shape, with their indexes."""

    @property
    def tree(self) -> NodeInstance:
        """The tree, the same at every asking."""
        ...


class Row(Node):
    """A row of a list from outside as an `<item>`: a column becomes a node when it is asked for.

    A filter looks at one or two of some thirty columns, in each of 20,000 rows.
    """

    __slots__ = ("_leaves", "columns")

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._leaves: dict[str, Node] = {}
        super().__init__(NodeKind.ELEMENT, "item")
        self.columns = columns

    def column(self, name: str) -> str | None:
        """The text of a column; None where the row has none of that name."""
        return self.columns.get(name)

    def named(self, local: str) -> list[Node]:
        """The leaf of a column."""
        return [self._leaf(local)] if local in self.columns else []

    def width(self) -> int:
        """One: a column is found without looking at the others."""
        return 1

    @property
    def children(self) -> list[Node]:
        """A leaf for each column."""
        return [self._leaf(column) for column in self.columns]

    @children.setter
    def children(self, children: list[Node]) -> None:
        """Rows are what they are; the node's own beginning without children changes nothing."""

    def _leaf(self, column: str) -> Node:
        leaf = self._leaves.get(column)
        if leaf is None:
            leaf = Node(NodeKind.ELEMENT, column, value=self.columns[column], parent=self)
            self._leaves[column] = leaf
        return leaf


class NodeInstance:
    """An instance that stands in the form: `instance('x')/root/item` by walking or by index."""

    def __init__(self, node: Node) -> None:
        self._node = node
        below = node.children[0] if len(node.children) == 1 else None
        is_plain = isinstance(below, ItemList) and not below.namespace
        self._list = cast("ItemList", below) if is_plain else None
        self._indexes: dict[tuple[tuple[str, ...], str], dict[str, list[Node]]] = {}

    def node(self) -> Node:
        """The `<instance>` node."""
        return self._node

    def where(self, steps: tuple[str, ...], column: str, value: str) -> list[Node]:
        """The nodes at the steps that have a child `column` with the value; not to be changed."""
        if self._list is not None and steps == (self._list.local, self._list.item_local):
            return self._list.where(column, value)
        index = self._indexes.get((steps, column))
        if index is None:
            index = self._indexes[steps, column] = self._index(steps, column)
        return index.get(value, _NONE)

    def _index(self, steps: tuple[str, ...], column: str) -> dict[str, list[Node]]:
        nodes = [self._node]
        for step in steps:
            nodes = [c for node in nodes for c in node.children if _is_named(c, step)]
        index: dict[str, list[Node]] = {}
        for node in nodes:
            for text in dict.fromkeys(
                child.text() for child in node.children if _is_named(child, column)
            ):
                index.setdefault(text, []).append(node)
        return index


class RowInstance:
    """An instance whose rows come from outside: `root/item` with a leaf for each column."""

    def __init__(self, rows: Instance) -> None:
        self._rows = rows
        self._node: Node | None = None
        self._found: dict[tuple[str, str], list[Node]] = {}

    def node(self) -> Node:
        """The `<instance>` node with every row below: asked only when no index can serve."""
        if self._node is None:
            self._node = Node(NodeKind.ELEMENT, "instance")
            self._node.append(self._root(self._rows.scan()))
            Document().append(self._node)
        return self._node

    def where(self, steps: tuple[str, ...], column: str, value: str) -> list[Node]:
        """The rows whose column has the value."""
        if steps != ITEMS or (column == _ID and not value):
            return _NONE
        found = self._found.get((column, value))
        if found is None:
            root = self._root(self._rows.find(column, value))
            found = self._found[column, value] = root.children
        return found

    def scan(self) -> Iterable[Mapping[str, str]]:
        """All rows as they come, none made into nodes."""
        return self._rows.scan()

    def search(self, text: str, limit: int) -> Iterable[Mapping[str, str]] | None:
        """The rows that answer a text; None when the list leaves searching to the asker."""
        return self._rows.search(text, limit) if isinstance(self._rows, SearchedInstance) else None

    @staticmethod
    def _root(rows: Iterable[Mapping[str, str]]) -> Node:
        root = Node(NodeKind.ELEMENT, "root")
        Document().append(root)
        for row in rows:
            root.append(Row(row))
        return root


def list_from(instance: Instance) -> NodeInstance | RowInstance:
    """What a filling looks into: a tree as it stands, anything else row by row."""
    return instance.tree if isinstance(instance, TreeInstance) else RowInstance(instance)


#: Where the rows of a list from outside stand below its `<instance>`.
ITEMS = ("root", "item")
_ID = "name"  # never empty: an unanswered question looks nobody up
_NONE: list[Node] = []


def _is_named(node: Node, name: str) -> bool:
    return node.local == name and node.kind == NodeKind.ELEMENT and not node.namespace
