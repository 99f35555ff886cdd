"""The `<h:body>`: controls, their choices, groups and repeats (ODK XForms, body)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import (
    Control,
    ControlKind,
    Item,
    Itemset,
    ModelNode,
    Remark,
    Text,
)
from fieldapp.forms.reading.model import MOST_NODES, path_of
from fieldapp.forms.reading.texts import expression, optional, text_by
from fieldapp.forms.reading.xml import JAVAROSA, XFORMS, first, local_name, tag
from fieldapp.forms.xpath.nodes import is_element

_KINDS: dict[str, ControlKind] = {
    "input": "input",
    "secret": "secret",
    "select1": "select1",
    "select": "select",
    "rank": "rank",  # `odk:rank`
    "range": "range",
    "trigger": "trigger",
    "upload": "upload",
    "group": "group",
    "repeat": "repeat",
}
_PARTS = frozenset({"label", "hint", "item", "itemset", "help", "alert", "setvalue", "setgeopoint"})
_BOUNDS = ("start", "end", "step")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")
_MEDIA = re.compile(r"[^/\s]+/[^/\s]+\Z")
_OWN = frozenset({
    "ref", "nodeset", "appearance", tag(JAVAROSA, "count"), tag(JAVAROSA, "noAddRemove"),
})  # fmt: skip


def repeat_paths(body: etree._Element, root: ModelNode) -> Iterator[str]:
    """The paths that `<repeat>` names, wherever it stands."""
    pending = [(body, "")]
    while pending:
        element, base = pending.pop()
        for child in element:
            kind = local_name(child) if is_element(child) else ""
            if kind not in {"group", "repeat"}:
                continue
            reference = _reference(child)
            path = path_of(reference, root, base) if reference else base
            if kind == "repeat" and reference:
                yield path
            pending.append((child, path))


def controls_of(
    body: etree._Element, root: ModelNode
) -> tuple[tuple[Control, ...], tuple[Remark, ...]]:
    """The controls in order, and remarks on those that are left out.

    A control of a node that is not there is left out with what it would have shown; a control of
    a kind that ODK XForms does not have is left out likewise. Raises FormRefused for a reference
    that is no path, an expression that cannot be read, bounds that are no numbers.
    """
    reading = _Reading(root)
    return reading.controls(body, ""), tuple(reading.remarks)


def body_classes(body: etree._Element) -> tuple[str, ...]:
    """The form's style words (`pages`, `theme-grid`), each once."""
    return tuple(dict.fromkeys((body.get("class") or "").split()))


class _Reading:
    def __init__(self, root: ModelNode) -> None:
        self._root = root
        self._nodes = {node.path: node for node in root.walk()}
        self._count = 0
        self.remarks: list[Remark] = []

    def controls(self, parent: etree._Element, base: str) -> tuple[Control, ...]:
        """The controls inside one, whose references are relative to `base`."""
        controls: list[Control] = []
        for element in parent:
            if not is_element(element):
                continue
            name = local_name(element)
            kind = _KINDS.get(name)
            if kind is not None:
                controls += self._control(element, kind, base)
            elif name not in _PARTS and element.get("ref") is not None:
                self._remark(element.get("ref") or "", FormReason.UNKNOWN_CONTROL, name)
        return tuple(controls)

    def _control(self, element: etree._Element, kind: ControlKind, base: str) -> Iterator[Control]:
        reference = _reference(element)
        self._count += 1
        if self._count > MOST_NODES:
            raise FormRefused(node=reference, reason=FormReason.TOO_LARGE)
        path = path_of(reference, self._root, base) if reference else None
        model = None if path is None else self._nodes.get(path)
        if model is None and (reference or kind != "group"):
            self._remark(reference or kind, FormReason.UNKNOWN_NODE, reference)
            return
        node = reference or kind
        is_around = kind in {"group", "repeat"}
        yield Control(
            kind=kind,
            path=path,
            appearance=" ".join((element.get("appearance") or "").split()),
            label=_text(element, "label", node),
            hint=_text(element, "hint", node),
            items=tuple(_items(element, node)),
            itemset=_itemset(element, node),
            children=self.controls(element, path or base) if is_around else (),
            count=optional(element.get(tag(JAVAROSA, "count")), node),
            is_fixed=_is_true(element.get(tag(JAVAROSA, "noAddRemove"))),
            attributes=self._attributes(element, kind, node),
        )

    def _attributes(self, element: etree._Element, kind: ControlKind, node: str) -> dict[str, str]:
        attributes = {
            etree.QName(name).localname: str(value)
            for name, value in element.items()
            if str(name) not in _OWN
        }
        if kind == "range":
            self._check_bounds(attributes, node)
        media = attributes.get("mediatype", "").strip()
        if kind == "upload" and media and not attributes.get("accept") and not _MEDIA.match(media):
            raise FormRefused(node=node, reason=FormReason.BAD_MEDIA, name=media)
        return attributes

    def _check_bounds(self, attributes: dict[str, str], node: str) -> None:
        for name in _BOUNDS:
            bound = attributes.get(name, "").strip()
            if not bound:
                self._remark(node, FormReason.MISSING_BOUND, name)
            elif not _NUMBER.match(bound):
                raise FormRefused(node=node, reason=FormReason.BAD_BOUND, name=bound)

    def _remark(self, node: str, reason: FormReason, name: str) -> None:
        self.remarks.append(Remark(node, reason, name))


def _reference(element: etree._Element) -> str:
    """`ref` or `nodeset`: both may be used (ODK XForms, body attributes)."""
    return (element.get("ref") or element.get("nodeset") or "").strip()


def _is_true(written: str | None) -> bool:
    return (written or "").replace(" ", "") in {"true()", "true"}


def _text(element: etree._Element, name: str, node: str) -> Text | None:
    child = first(element, name)
    return None if child is None else text_by(child.get("ref"), child, node)


def _items(element: etree._Element, node: str) -> Iterable[Item]:
    for item in element.iterfind(tag(XFORMS, "item")):
        value = first(item, "value")
        yield Item(
            value=((value.text or "") if value is not None else "").strip(),
            label=_text(item, "label", node) or Text(),
        )


def _itemset(element: etree._Element, node: str) -> Itemset | None:
    itemset = first(element, "itemset")
    if itemset is None:
        return None
    value, label = first(itemset, "value"), first(itemset, "label")
    return Itemset(
        nodeset=expression(_reference(itemset), node),
        value=expression((value.get("ref") if value is not None else None) or "name", node),
        label=optional(label.get("ref") if label is not None else None, node),
    )
