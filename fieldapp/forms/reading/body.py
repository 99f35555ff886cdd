"""The `<h:body>`: controls, their choices, groups and repeats."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import Control, ControlKind, Item, Itemset, ModelNode, Text
from fieldapp.forms.reading.model import path_of
from fieldapp.forms.reading.texts import expression, optional, text_by
from fieldapp.forms.reading.xml import JAVAROSA, XFORMS, first, local_name, tag
from fieldapp.forms.xpath.nodes import is_element

_KINDS: dict[str, ControlKind] = {
    "input": "input",
    "secret": "secret",
    "select1": "select1",
    "select": "select",
    "rank": "rank",
    "range": "range",
    "trigger": "trigger",
    "upload": "upload",
    "group": "group",
    "repeat": "repeat",
}
_OWN = frozenset({"ref", "nodeset", "appearance", tag(JAVAROSA, "count")})


def repeat_paths(body: etree._Element, root: ModelNode) -> Iterable[str]:
    """The paths that `<repeat>` names, wherever it stands."""
    for element in body.iter(tag(XFORMS, "repeat")):
        yield path_of(element.get("nodeset") or element.get("ref") or "", root)


def controls_of(body: etree._Element, root: ModelNode) -> tuple[Control, ...]:
    """The controls in order; raises FormRefused for a control of a node that is not there."""
    known = {node.path for node in root.walk()}
    return _controls(body, root, known)


def _controls(parent: etree._Element, root: ModelNode, known: set[str]) -> tuple[Control, ...]:
    controls: list[Control] = []
    for element in parent:
        if not is_element(element):
            continue
        kind = _KINDS.get(local_name(element))
        if kind is not None:
            controls.append(_control(element, kind, root, known))
    return tuple(controls)


def _control(
    element: etree._Element, kind: ControlKind, root: ModelNode, known: set[str]
) -> Control:
    reference = element.get("ref") or element.get("nodeset")
    path = path_of(reference, root) if reference else None
    if path is not None and path not in known:
        raise FormRefused(node=reference, reason=FormReason.UNKNOWN_NODE, name=reference)
    if path is None and kind != "group":
        raise FormRefused(node=kind, reason=FormReason.UNKNOWN_NODE, name="")
    node = reference or kind
    return Control(
        kind=kind,
        path=path,
        appearance=" ".join((element.get("appearance") or "").split()),
        label=_text(element, "label", node),
        hint=_text(element, "hint", node),
        items=tuple(_items(element, node)),
        itemset=_itemset(element, node),
        children=_controls(element, root, known) if kind in {"group", "repeat"} else (),
        count=optional(element.get(tag(JAVAROSA, "count")), node),
        is_fixed=(element.get(tag(JAVAROSA, "noAddRemove")) or "").strip() == "true()",
        attributes={
            etree.QName(name).localname: str(value)
            for name, value in element.items()
            if str(name) not in _OWN
        },
    )


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
        nodeset=expression(itemset.get("nodeset") or "", node),
        value=expression((value.get("ref") if value is not None else None) or "name", node),
        label=optional(label.get("ref") if label is not None else None, node),
    )
