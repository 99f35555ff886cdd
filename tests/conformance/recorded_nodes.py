"""Where the recorder's nodes are in ours.

The recorder walked a browser's DOM, which keeps a CDATA section apart from the text beside it and
has a node for the DOCTYPE. XPath 1.0 §5 has neither: §5.7 makes one text node of all that stands
between two tags. A recorded place is therefore looked up in a DOM of the same text, and the DOM's
node is then the node of ours that holds it; a DOCTYPE is held by none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.dom import minidom

from fieldapp.forms.xpath.axes import namespace
from fieldapp.forms.xpath.nodes import Document, Node, NodeKind

_STEP = re.compile(r"(@?)([^\[\]]+?)(?:\[(\d+)\])?\Z")
_TEXTS = frozenset({minidom.Node.TEXT_NODE, minidom.Node.CDATA_SECTION_NODE})
_TYPES = {
    "*": frozenset({minidom.Node.ELEMENT_NODE}),
    "text()": _TEXTS,
    "comment()": frozenset({minidom.Node.COMMENT_NODE}),
    "processing-instruction()": frozenset({minidom.Node.PROCESSING_INSTRUCTION_NODE}),
    "node()": frozenset(range(1, 13)),
}


@dataclass
class RecordedNodes:
    """The places of one document. `is_alike` is whether DOM and XPath see the same nodes."""

    document: Document
    held: dict[int, Node | None]  # the DOM's node, by identity → ours
    dom: minidom.Document
    is_alike: bool

    @classmethod
    def of(cls, text: str, document: Document) -> RecordedNodes:
        """Lay the DOM of a text beside our document of the same text."""
        dom = minidom.parseString(text.encode())  # noqa: S318 (the corpus, no stranger's file)
        held: dict[int, Node | None] = {id(dom): document}
        is_alike = _lay(dom, document, held)
        return cls(document, held, dom, is_alike)

    def at(self, place: str) -> Node | None:
        """Our node at a positional path such as `/*[1]/text()[2]`; None for a DOCTYPE.

        Raises LookupError when the document has no such place.
        """
        here: minidom.Node = self.dom
        for part in place.strip("/").split("/") if place != "/" else []:
            match = _STEP.match(part)
            assert match is not None, place
            if match[1] or match[2].startswith("namespace::"):
                return _beside(self.held[id(here)], match[2], is_attribute=bool(match[1]))
            types = _TYPES[match[2]]
            alike = [child for child in here.childNodes if child.nodeType in types]
            here = alike[int(match[3] or 1) - 1]
        return self.held[id(here)]

    def all_at(self, places: list[str]) -> list[Node]:
        """Our nodes at the places, each once: of texts side by side there is one node."""
        nodes = {identity(node): node for place in places if (node := self.at(place)) is not None}
        return list(nodes.values())


def in_model_order(nodes: list[Node]) -> list[Node]:
    """The nodes as a DOM could have them too.

    §5 orders an element's namespace nodes before its attributes and among themselves as it pleases
    whoever writes the engine; a DOM has them where they are declared, and none for `xml`.
    """
    if all(node.kind != NodeKind.NAMESPACE for node in nodes):
        return nodes
    places = {id(node.parent): place for place, node in reversed(list(enumerate(nodes)))}
    declared = [n for n in nodes if n.kind != NodeKind.NAMESPACE or n.local != "xml"]

    def place(pair: tuple[int, Node]) -> tuple[int, int, str, int]:
        index, node = pair
        if node.kind not in {NodeKind.NAMESPACE, NodeKind.ATTRIBUTE}:
            return index, 0, "", 0
        if node.kind == NodeKind.NAMESPACE:
            return places[id(node.parent)], 1, node.local, 0
        return places[id(node.parent)], 2, "", index

    return [node for _, node in sorted(enumerate(declared), key=place)]


def identity(node: Node) -> object:
    """What makes a node itself: namespace nodes are made anew whenever they are asked for."""
    if node.kind == NodeKind.NAMESPACE:
        return id(node.parent), node.local
    return id(node)


def _lay(dom: minidom.Node, node: Node, held: dict[int, Node | None]) -> bool:
    ours = iter(node.content())
    is_alike = True
    last: Node | None = None
    for child in dom.childNodes:
        if child.nodeType == minidom.Node.DOCUMENT_TYPE_NODE:
            held[id(child)] = None
            is_alike = False
        elif child.nodeType in _TEXTS and last is not None and last.kind == NodeKind.TEXT:
            held[id(child)] = last
            is_alike = False
        else:
            last = next(ours)
            held[id(child)] = last
            is_alike = _lay(child, last, held) and is_alike
    assert next(ours, None) is None
    return is_alike


def _beside(owner: Node | None, name: str, *, is_attribute: bool) -> Node:
    found: list[Node] = []
    if owner is not None and is_attribute and not name.startswith("xmlns"):
        found = [a for a in owner.attributes if name in {a.name, a.local}]
    elif owner is not None:
        # A DOM has attributes where XPath has namespace nodes (§5.4).
        prefix = name.removeprefix("namespace::").removeprefix("xmlns").lstrip(":")
        found = [n for n in namespace(owner) if n.local == prefix]
    if not found:
        raise LookupError(name)
    return found[0]
