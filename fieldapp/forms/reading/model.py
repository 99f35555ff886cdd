"""The `<model>`: primary instance, binds, secondary instances, actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast, get_args

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import Bind, DataType, ModelNode, Remark, SetValue
from fieldapp.forms.paths import below
from fieldapp.forms.reading.texts import expression, message, optional
from fieldapp.forms.reading.xml import ENTITIES, JAVAROSA, OPENROSA, XFORMS, local_name, tag
from fieldapp.forms.xpath.ast import NameTest, Path
from fieldapp.forms.xpath.nodes import Document, Node, element_from, is_element, split_name

_TYPES = {name: cast("DataType", name) for name in get_args(DataType)}
_OTHER_NAMES: dict[str, DataType] = {
    "integer": "int",
    "long": "int",
    "double": "decimal",
    "float": "decimal",
    "datetime": "dateTime",
    "selectone": "select1",
    "odk:rank": "rank",
}
_PLAIN_PATH = re.compile(r"(?:/[^\W\d][\w.\-]*)+\Z")
_TEMPLATE = tag(JAVAROSA, "template")
# Their names lose the prefix: `orx:meta/orx:instanceID` is answered at `meta/instanceID`.
PLAIN_NAMESPACES = frozenset({XFORMS, OPENROSA, JAVAROSA})


@dataclass(frozen=True, slots=True)
class PrimaryInstance:
    """The form's own instance: its tree, and the XML it was read from."""

    root: ModelNode
    element: etree._Element
    form_id: str
    version: str
    root_namespace: str


def primary_instance(model: etree._Element) -> PrimaryInstance:
    """The tree of the first `<instance>`; raises FormRefused when there is none."""
    instance = model.find(tag(XFORMS, "instance"))
    element = next((c for c in instance if is_element(c)), None) if (
        instance is not None
    ) else None  # fmt: skip
    if element is None:
        raise FormRefused(reason=FormReason.NO_INSTANCE)
    namespace, local = split_name(str(element.tag))
    root = ModelNode(local, "", namespace="", prefix="")
    _fill(root, element)
    return PrimaryInstance(
        root=root,
        element=element,
        form_id=element.get("id") or namespace or local,
        version=element.get("version") or element.get(tag(OPENROSA, "version")) or "",
        root_namespace="" if namespace == XFORMS else namespace,
    )


def _fill(top: ModelNode, source: etree._Element) -> None:
    pending = [(top, source)]
    while pending:
        node, element = pending.pop()
        node.attributes = tuple(_attributes(node, element))
        children: dict[str, ModelNode] = {}
        for child in element:
            if not is_element(child):
                continue
            made = _node(node, child)
            is_template = child.get(_TEMPLATE) is not None
            known = children.get(made.local)
            if known is not None and (known.is_repeat or is_template):
                # The template says what an instance looks like; the instances after it only
                # say that there is one to begin with.
                continue
            if known is not None:
                # Two alike without a template: a repeat that its `<repeat>` will claim.
                continue
            made.is_repeat = is_template
            children[made.local] = made
            pending.append((made, child))
        node.children = tuple(children.values())
        if not children:
            node.default = (element.text or "").strip()


def _node(parent: ModelNode, element: etree._Element) -> ModelNode:
    namespace, local = split_name(str(element.tag))
    is_plain = namespace in PLAIN_NAMESPACES
    return ModelNode(
        local,
        below(parent.path, local),
        parent=parent,
        namespace="" if is_plain else namespace,
        prefix="" if is_plain else element.prefix or "",
    )


def _attributes(owner: ModelNode, element: etree._Element) -> Iterable[ModelNode]:
    for name, value in element.items():
        namespace, local = split_name(str(name))
        if namespace == JAVAROSA:
            continue
        yield ModelNode(
            local,
            below(owner.path, f"@{local}"),
            parent=owner,
            namespace=namespace,
            prefix=next((p or "" for p, uri in element.nsmap.items() if uri == namespace), "")
            if namespace
            else "",
            default=str(value),
            is_attribute=True,
        )


def mark_repeats(root: ModelNode, repeats: Iterable[str]) -> None:
    """Say which nodes repeat, and for every node which repeats surround it."""
    known = set(repeats)
    for node in root.walk():
        if node.path in known and node.path:
            node.is_repeat = True
        around = node.parent.repeats if node.parent is not None else ()
        node.repeats = (*around, node.path) if node.is_repeat else around


def path_of(reference: str, root: ModelNode, base: str = "") -> str:
    """The answer path of a `nodeset` or `ref`: absolute, or relative to `base`.

    Predicates are left out. Raises FormRefused when it is no simple path.
    """
    start = f"/{root.local}/"
    if reference.startswith(start) and _PLAIN_PATH.match(reference):
        return reference[len(start) :]
    tree = expression(reference, base or root.local).tree
    if not isinstance(tree, Path) or not isinstance(tree.start, str):
        raise FormRefused(node=reference, reason=FormReason.UNKNOWN_NODE, name=reference)
    names = [] if tree.start == "root" else [root.local, *(base.split("/") if base else [])]
    for step in tree.steps:
        if step.axis == "parent" and names:
            names.pop()
        elif step.axis in {"child", "attribute"} and isinstance(step.test, NameTest):
            names.append(("@" if step.axis == "attribute" else "") + step.test.local)
        elif step.axis != "self":
            raise FormRefused(node=reference, reason=FormReason.UNKNOWN_NODE, name=reference)
    if not names or names[0] != root.local:
        raise FormRefused(node=reference, reason=FormReason.UNKNOWN_NODE, name=reference)
    return "/".join(names[1:])


def binds_of(
    model: etree._Element, root: ModelNode
) -> tuple[Mapping[str, Bind], tuple[Remark, ...]]:
    """The binds by path, and remarks on those that say something we do not know."""
    known = {node.path for node in root.walk()}
    binds: dict[str, Bind] = {}
    remarks: list[Remark] = []
    for element in model.iterfind(tag(XFORMS, "bind")):
        reference = element.get("nodeset") or element.get("ref") or ""
        path = path_of(reference, root)
        if path not in known:
            remarks.append(Remark(reference, FormReason.UNKNOWN_NODE, reference))
            continue
        written = element.get("type") or "string"
        data_type = _type(written)
        if data_type is None:
            remarks.append(Remark(reference, FormReason.UNKNOWN_TYPE, written))
        if path in binds:
            remarks.append(Remark(reference, FormReason.DUPLICATE_BIND, reference))
        binds[path] = Bind(
            path=path,
            data_type=data_type or "string",
            relevant=optional(element.get("relevant"), reference),
            readonly=optional(element.get("readonly"), reference),
            required=optional(element.get("required"), reference),
            constraint=optional(element.get("constraint"), reference),
            calculate=optional(element.get("calculate"), reference),
            constraint_message=message(element.get(tag(JAVAROSA, "constraintMsg"))),
            required_message=message(element.get(tag(JAVAROSA, "requiredMsg"))),
            preload=element.get(tag(JAVAROSA, "preload")) or "",
            preload_parameter=element.get(tag(JAVAROSA, "preloadParams")) or "",
            max_pixels=element.get(tag(OPENROSA, "max-pixels")) or "",
            save_to=element.get(tag(ENTITIES, "saveto")) or "",
        )
    return binds, tuple(remarks)


def _type(written: str) -> DataType | None:
    lowered = written.strip()
    plain = lowered.partition(":")[2] or lowered
    return _TYPES.get(plain) or _OTHER_NAMES.get(lowered.lower()) or _OTHER_NAMES.get(plain.lower())


def secondary_instances(
    model: etree._Element,
) -> tuple[Mapping[str, Node], Mapping[str, str]]:
    """The instances after the first: those written in the form, and the addresses of others."""
    inside: dict[str, Node] = {}
    outside: dict[str, str] = {}
    for element in list(model.iterfind(tag(XFORMS, "instance")))[1:]:
        name = element.get("id") or ""
        if name in inside or name in outside:
            raise FormRefused(
                node=f"instance('{name}')", reason=FormReason.DUPLICATE_NAME, name=name
            )
        address = element.get("src")
        if address and len(element) == 0:
            outside[name] = address
        else:
            inside[name] = element_from(element, without_namespace=XFORMS)
            Document().append(inside[name])  # which knows the order of its nodes
    return inside, outside


def actions_of(
    places: Iterable[etree._Element], root: ModelNode
) -> tuple[tuple[SetValue, ...], tuple[Remark, ...]]:
    """The `<setvalue>` actions of the model and of the controls."""
    actions: list[SetValue] = []
    remarks: list[Remark] = []
    known = {node.path for node in root.walk()}
    for element in places:
        reference = element.get("ref") or ""
        events = (element.get("event") or "").split()
        path = path_of(reference, root)
        if path not in known:
            remarks.append(Remark(reference, FormReason.UNKNOWN_NODE, reference))
            continue
        holder = element.getparent()
        trigger = None
        if holder is not None and local_name(holder) not in {"model", "repeat", "group"}:
            trigger = path_of(holder.get("ref") or "", root)
        actions.append(
            SetValue(
                events=tuple(events),
                path=path,
                value=optional(element.get("value"), reference),
                text=(element.text or "").strip(),
                trigger=trigger,
            )
        )
    return tuple(actions), tuple(remarks)
