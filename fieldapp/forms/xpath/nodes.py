"""The nodes that expressions walk over: XPath 1.0 §5, in slots.

One shape serves the live instance of a form, its secondary instances and any XML document. An
element that holds nothing but text keeps it in `value` and grows its text node only when an
expression asks for one, which next to none does: a list of 50,000 choices has no text nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from lxml import etree

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"


class NodeKind(IntEnum):
    """The seven kinds of XPath 1.0 §5."""

    DOCUMENT = 0
    ELEMENT = 1
    ATTRIBUTE = 2
    TEXT = 3
    COMMENT = 4
    INSTRUCTION = 5
    NAMESPACE = 6


class Node:
    """One node.

    `value` is the text of a leaf element, attribute, text, comment or instruction; None for an
    element with children, and for the text node of a leaf, whose text is its parent's. `order`
    is its place in the document when the document's `is_numbered` says so.
    """

    __slots__ = (
        "attributes",
        "children",
        "declared",
        "grown",
        "kind",
        "local",
        "namespace",
        "order",
        "parent",
        "prefix",
        "value",
    )

    def __init__(
        self,
        kind: NodeKind,
        local: str = "",
        namespace: str = "",
        *,
        prefix: str = "",
        value: str | None = None,
        parent: Node | None = None,
    ) -> None:
        self.kind = kind
        self.local = local
        self.namespace = namespace
        self.prefix = prefix
        self.value = value
        self.parent = parent
        self.children: list[Node] = []
        self.attributes: tuple[Node, ...] | list[Node] = ()
        self.declared: dict[str, str] | None = None  # prefixes first declared on this element
        self.grown: tuple[Node, ...] | None = None  # the text node of a leaf, once asked for
        self.order = -1

    @property
    def name(self) -> str:
        """The qualified name as written."""
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    def append(self, child: Node) -> None:
        """Add a child; a leaf that held text must not get one."""
        child.parent = self
        self.children.append(child)

    def named(self, local: str) -> list[Node]:
        """The child elements of that name that are in no namespace."""
        return [
            child
            for child in self.children
            if child.local == local and child.kind == NodeKind.ELEMENT and not child.namespace
        ]

    def width(self) -> int:
        """How many children `named` looks at, for the count of an expression's steps."""
        return len(self.children)

    def content(self) -> list[Node] | tuple[Node, ...]:
        """The children as XPath sees them, the text node of a leaf included."""
        if self.children or self.kind > NodeKind.ELEMENT or not self.value:
            return self.children
        if self.grown is None:
            self.grown = (Node(NodeKind.TEXT, parent=self),)
        return self.grown

    def root(self) -> Node:
        """The topmost node above this one."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def text(self) -> str:
        """The string-value (XPath 1.0 §5)."""
        if self.value is not None:
            return self.value
        if self.kind == NodeKind.TEXT:
            return (self.parent.value or "") if self.parent is not None else ""
        return "".join(_texts(self))

    def walk(self) -> Iterator[Node]:
        """This node and everything below it but attributes, in document order."""
        pending: list[Node] = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.content()))


class Document(Node):
    """A document node; numbers its tree when an order is needed and after a change forgets it."""

    __slots__ = ("ids", "is_numbered")

    def __init__(self) -> None:
        super().__init__(NodeKind.DOCUMENT)
        self.is_numbered = False
        self.ids: dict[str, Node] | None = None

    def number(self) -> None:
        """Give every node its place in document order (attributes after their element)."""
        place = 0
        for node in self.walk():
            node.order = place
            place += 1
            for attribute in node.attributes:
                attribute.order = place
                place += 1
        self.is_numbered = True

    def element_with_id(self, wanted: str) -> Node | None:
        """The first element whose `id` or `xml:id` is `wanted`."""
        if self.ids is None:
            self.ids = {}
            for node in self.walk():
                for attribute in node.attributes:
                    if attribute.local == "id" and attribute.value is not None:
                        self.ids.setdefault(attribute.value, node)
        return self.ids.get(wanted)


def in_document_order(nodes: list[Node]) -> list[Node]:
    """The nodes sorted, each once. Nodes of different documents keep the documents apart."""
    if len(nodes) < 2:
        return nodes
    unique = list(dict.fromkeys(nodes))
    roots = {id(root): root for root in (node.root() for node in unique)}
    for root in roots.values():
        is_stale = isinstance(root, Document) and not root.is_numbered
        if isinstance(root, Document) and (is_stale or any(node.order < 0 for node in unique)):
            root.number()
    if len(roots) == 1:
        return sorted(unique, key=_order)
    places = {key: place for place, key in enumerate(roots)}
    return sorted(unique, key=lambda node: (places[id(node.root())], node.order))


def _order(node: Node) -> int:
    return node.order


def _texts(node: Node) -> Iterator[str]:
    pending: list[Node] = [node]
    while pending:
        below = pending.pop()
        if below.kind == NodeKind.TEXT or (below.kind == NodeKind.ELEMENT and not below.children):
            yield below.text() if below.kind == NodeKind.TEXT else below.value or ""
        else:
            pending.extend(reversed(below.children))


# XML to nodes


def document_from(tree: etree._ElementTree, *, without_namespace: str = "") -> Document:
    """The nodes of a parsed XML document. Entities must have been refused by the parser."""
    document = Document()
    top = tree.getroot()
    for sibling in reversed(list(top.itersiblings(preceding=True))):
        _append_any(document, sibling)
    document.append(element_from(top, without_namespace=without_namespace))
    for sibling in top.itersiblings():
        _append_any(document, sibling)
    return document


def element_from(source: etree._Element, *, without_namespace: str = "") -> Node:
    """The node of an lxml element and all below it.

    Names in `without_namespace` lose it: the XForms default namespace around a form's instances.
    """
    top = _one_element(source, without_namespace)
    pending = [(source, top)]
    while pending:
        element, node = pending.pop()
        is_leaf = len(element) == 0
        if is_leaf:
            node.value = element.text or ""
            continue
        if element.text:
            node.append(Node(NodeKind.TEXT, value=element.text))
        for child in element:
            if is_element(child):
                made = _one_element(child, without_namespace)
                node.append(made)
                pending.append((child, made))
            else:
                _append_any(node, child)
            if child.tail:
                last = node.children[-1]
                if last.kind == NodeKind.TEXT:
                    last.value = (last.value or "") + child.tail
                else:
                    node.append(Node(NodeKind.TEXT, value=child.tail))
    return top


def _one_element(source: etree._Element, without_namespace: str) -> Node:
    namespace, local = split_name(str(source.tag))
    if namespace == without_namespace:
        namespace = ""
    node = Node(NodeKind.ELEMENT, local, namespace, prefix=source.prefix or "" if namespace else "")
    parent = source.getparent()
    inherited = parent.nsmap if parent is not None else {}
    if source.nsmap != inherited:
        node.declared = {
            prefix or "": uri
            for prefix, uri in source.nsmap.items()
            if inherited.get(prefix) != uri
        }
    if source.attrib:
        node.attributes = [
            _attribute(node, source, str(name), str(value)) for name, value in source.items()
        ]
    return node


def _attribute(owner: Node, source: etree._Element, name: str, value: str) -> Node:
    namespace, local = split_name(name)
    prefix = ""
    if namespace == XML_NAMESPACE:
        prefix = "xml"
    elif namespace:
        prefix = next((p for p, uri in source.nsmap.items() if uri == namespace and p), "")
    return Node(NodeKind.ATTRIBUTE, local, namespace, prefix=prefix, value=value, parent=owner)


def _append_any(parent: Node, source: etree._Element) -> None:
    if isinstance(source, etree._Comment):
        parent.append(Node(NodeKind.COMMENT, value=source.text or ""))
    if isinstance(source, etree._ProcessingInstruction):
        parent.append(Node(NodeKind.INSTRUCTION, str(source.target or ""), value=source.text or ""))


def is_element(source: etree._Element) -> bool:
    """Whether it is an element: lxml hands out comments and instructions as well."""
    return isinstance(source.tag, str)


def split_name(name: str) -> tuple[str, str]:
    """lxml's `{namespace}local` taken apart."""
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return namespace, local
    return "", name
