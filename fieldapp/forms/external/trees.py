"""XML to a tree of nodes: a list as a file, or the answers that were saved last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from fieldapp.errors import FormRefused, ListFileRefused
from fieldapp.forms.instances import NodeInstance
from fieldapp.forms.items import instance_from
from fieldapp.forms.reading.xml import OPENROSA, parse_xml
from fieldapp.forms.xpath.nodes import Document, NodeKind, is_element, split_name


class XmlList:
    """A tree of any shape: `instance('x')/towndata/town[@id = 3]` finds its way in it."""

    def __init__(self, content: bytes, file: str, *, is_submission: bool) -> None:
        try:
            root = parse_xml(content)
        except FormRefused as refusal:
            line = str(refusal.facts.get("node", "")).partition(":")[0]
            raise ListFileRefused(
                file=file, line=line or "-", reason=refusal.facts["reason"]
            ) from None
        _plain(root, is_submission=is_submission)
        around = etree.Element("instance")
        around.append(root)
        node = instance_from(around)
        Document().append(node)
        self._tree = NodeInstance(node)

    @property
    def tree(self) -> NodeInstance:
        """The tree below an `<instance>`, with the indexes that looking into it has made."""
        return self._tree

    def find(self, column: str, value: str) -> Iterable[Mapping[str, str]]:
        """The children of the root that have a child `column` with the value."""
        return [row for row in self.scan() if row.get(column) == value]

    def scan(self) -> Iterable[Mapping[str, str]]:
        """The children of the root, each with the text of its own children."""
        (root,) = self.tree.node().children
        for item in root.children:
            if item.kind == NodeKind.ELEMENT:
                yield {
                    leaf.local: leaf.text()
                    for leaf in item.children
                    if leaf.kind == NodeKind.ELEMENT
                }


def _plain(root: etree._Element, *, is_submission: bool) -> None:
    """Names as a form's expressions write them: a default namespace is none to them.

    The white space between elements goes too: it is half of the nodes of a long list.
    """
    for element in root.iter():
        if not is_element(element):
            continue
        namespace, local = split_name(str(element.tag))
        if namespace and (element.prefix is None or (is_submission and namespace == OPENROSA)):
            element.tag = local
        if len(element):
            element.text = element.text if (element.text or "").strip() else None
            for child in element:
                child.tail = child.tail if (child.tail or "").strip() else None
