"""A list that stands in the form, kept as columns of texts: `<item><name>…</name>…</item>`.

Fifty thousand choices are a quarter of a million nodes, of which a filter wants a few hundred. The
list holds its texts alone; an item becomes a node when it is found, its leaves when they are asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from lxml import etree

from fieldapp.forms.xpath.nodes import Node, NodeKind, element_from, is_element, split_name

#: Column name → the text of each row, None where the row has no such leaf; in document order.
Columns: TypeAlias = Mapping[str, Sequence[str | None]]


class Item(Node):
    """One row as an element whose children are leaves. Made by its list."""

    __slots__ = ("_columns", "_leaves", "_row")

    def __init__(self, local: str, columns: Columns, row: int) -> None:
        super().__init__(NodeKind.ELEMENT, local)
        self._columns = columns
        self._row = row
        self._leaves: list[Node] | None = None

    def column(self, name: str) -> str | None:
        """The text of a column; None where the item has none of that name."""
        texts = self._columns.get(name)
        return None if texts is None else texts[self._row]

    def named(self, local: str) -> list[Node]:
        """The leaf of a column."""
        return [leaf for leaf in self.children if leaf.local == local]

    def text(self) -> str:
        """All its texts, one after the other."""
        return "".join(texts[self._row] or "" for texts in self._columns.values())

    @property
    def children(self) -> list[Node]:
        """A leaf for each column; the same ones every time."""
        if self._leaves is None:
            self._leaves = [
                Node(NodeKind.ELEMENT, name, value=text, parent=self)
                for name, texts in self._columns.items()
                if (text := texts[self._row]) is not None
            ]
        return self._leaves

    @children.setter
    def children(self, children: list[Node]) -> None:
        """Items are what they are; the node's own beginning without children changes nothing."""


class ItemList(Node):
    """The element around the items: their columns, and those items that somebody asked for."""

    __slots__ = ("_columns", "_indexes", "_items", "_made", "_size", "item_local")

    def __init__(self, local: str, item_local: str, columns: Columns) -> None:
        super().__init__(NodeKind.ELEMENT, local)
        self.item_local = item_local
        self._columns = columns
        self._size = max(map(len, columns.values()))
        self._made: dict[int, Item] = {}
        self._items: list[Node] | None = None
        self._indexes: dict[str, dict[str, list[int]]] = {}

    def where(self, column: str, value: str) -> list[Node]:
        """The items whose column has the value, in order."""
        index = self._indexes.get(column)
        if index is None:
            index = self._indexes[column] = {}
            for row, text in enumerate(self._columns.get(column, ())):
                if text is not None:
                    index.setdefault(text, []).append(row)
        return [self._item(row) for row in index.get(value, ())]

    @property
    def children(self) -> list[Node]:
        """All items, made now if they were not."""
        if self._items is None:
            self._items = [self._item(row) for row in range(self._size)]
        return self._items

    @children.setter
    def children(self, children: list[Node]) -> None:
        """As with an item."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled as its columns. The element around it comes last: it is known by then."""
        own = {name: getattr(self, name) for name in _AROUND}
        return ItemList, (self.local, self.item_local, self._columns), (None, own)

    def _item(self, row: int) -> Item:
        made = self._made.get(row)
        if made is None:
            made = self._made[row] = Item(self.item_local, self._columns, row)
            made.parent = self
        return made


_AROUND = ("namespace", "prefix", "parent", "attributes", "declared")


def instance_from(source: etree._Element, *, without_namespace: str = "") -> Node:
    """The nodes of an `<instance>`: as a list where it is one, else node by node."""
    root = source[0] if len(source) == 1 and not source.text and not source[0].tail else None
    read = _read(root, without_namespace) if root is not None else None
    if root is None or read is None:
        return element_from(source, without_namespace=without_namespace)
    instance, plain = _alone(source, without_namespace), _alone(root, without_namespace)
    made = ItemList(plain.local, *read)
    for name in _AROUND:
        setattr(made, name, getattr(plain, name))
    for attribute in made.attributes:
        attribute.parent = made
    instance.append(made)
    return instance


def _alone(source: etree._Element, without_namespace: str) -> Node:
    """The node of an element as if it held nothing."""
    # lxml's types know no default namespace, which has the prefix None.
    shell = etree.Element(source.tag, nsmap=cast("dict[str, str]", source.nsmap))
    for name, value in source.items():
        shell.set(name, value)
    node = element_from(shell, without_namespace=without_namespace)
    node.value = None
    parent = source.getparent()
    if parent is not None and parent.nsmap == source.nsmap:
        node.declared = None
    return node


def _read(root: etree._Element, without_namespace: str) -> tuple[str, Columns] | None:
    """The items' name and their columns; None where they are not all alike and plain."""
    first = next(iter(root), None)
    if first is None or not is_element(first) or root.text:
        return None
    item_local = _plain_name(first, without_namespace)
    reading = _Reading(without_namespace)
    for row, element in enumerate(root):
        is_alike = element.tag == first.tag and not (element.text or element.tail or element.keys())
        if not is_alike or not reading.takes(row, element):
            return None
    columns = reading.columns(len(root))
    return (item_local, columns) if item_local and columns else None


class _Reading:
    """Columns in the making."""

    def __init__(self, without_namespace: str) -> None:
        self._without_namespace = without_namespace
        self._columns: dict[str, list[str | None]] = {}
        self._order: list[str] = []
        # The tags of an item's leaves → their names.
        self._shapes: dict[tuple[str, ...], list[str]] = {}
        # A region's name stands in each of its five hundred places.
        self._same: dict[str, str] = {}

    def takes(self, row: int, element: etree._Element) -> bool:
        """Take an item in; False for one that is not just leaves of different names."""
        tags = tuple(child.tag for child in element)
        names = self._shapes.get(tags)
        if names is None:
            names = self._shape(tags, element)
        for name, child in zip(names, element, strict=bool(names)):
            if len(child) or child.tail or child.keys():
                return False
            text = child.text or ""
            texts = self._columns[name]
            if len(texts) < row:
                texts.extend([None] * (row - len(texts)))
            texts.append(self._same.setdefault(text, text))
        return bool(names) or not tags

    def columns(self, size: int) -> Columns | None:
        """All columns, equally long; None where the items do not have them in one order."""
        place = {name: number for number, name in enumerate(self._order)}
        for names in self._shapes.values():
            places = [place[name] for name in names]
            if places != sorted(places):
                return None
        for texts in self._columns.values():
            texts.extend([None] * (size - len(texts)))
        return {name: self._columns[name] for name in self._order}

    def _shape(self, tags: tuple[str, ...], element: etree._Element) -> list[str]:
        """The names of the leaves, new ones put in where they stand; none for odd ones."""
        found = [_plain_name(child, self._without_namespace) for child in element]
        names = [name for name in found if name is not None]
        if len(set(names)) != len(found):
            return []
        place = 0
        for name in names:
            if name in self._columns:
                place = self._order.index(name) + 1
            else:
                self._columns[name] = []
                self._order.insert(place, name)
                place += 1
        self._shapes[tags] = names
        return names


def _plain_name(element: etree._Element, without_namespace: str) -> str | None:
    """Its name where that stands in no namespace; None otherwise, and for what is no element."""
    if not is_element(element):
        return None
    namespace, local = split_name(str(element.tag))
    return local if namespace in {"", without_namespace} else None
