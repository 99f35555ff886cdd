"""The `<model>`: primary instance, binds, secondary instances, actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast, get_args

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import Bind, Control, DataType, ModelNode, Remark
from fieldapp.forms.items import instance_from
from fieldapp.forms.paths import below
from fieldapp.forms.reading.texts import expression, message, optional
from fieldapp.forms.reading.xml import ENTITIES, JAVAROSA, OPENROSA, XFORMS, local_name, tag
from fieldapp.forms.xpath.ast import Call, NameTest, Path
from fieldapp.forms.xpath.nodes import Document, Node, is_element, split_name

_TYPES = {name: cast("DataType", name) for name in get_args(DataType)}
_OTHER_NAMES: dict[str, DataType] = {
    "integer": "int",
    "long": "int",
    "double": "decimal",
    "float": "decimal",
    "datetime": "dateTime",
    "selectone": "select1",
    "odk:rank": "rank",
    "intent": "string",
}
_PLAIN_PATH = re.compile(r"(?:/[^\W\d][\w.\-]*)+\Z")
#: Beyond these a form is an attack or an accident: the largest seen has 1,589 nodes, and machines
#: make forms of ten thousand.
MOST_NODES = 100_000
LONGEST_PATH = 1_000

NOWHERE = "/"
_CURRENT = Call("current", ())
# Their names lose the prefix: `orx:meta/orx:instanceID` is answered at `meta/instanceID`.
PLAIN_NAMESPACES = frozenset({XFORMS, OPENROSA, f"{OPENROSA}/", JAVAROSA})


@dataclass(frozen=True, slots=True)
class PrimaryInstance:
    """The form's own instance: its tree, and the XML it was read from."""

    root: ModelNode
    element: etree._Element
    form_id: str
    version: str
    root_namespace: str
    remarks: tuple[Remark, ...]
    twins: tuple[str, ...]  # paths that stand twice in one place: repeats, or a mistake


def primary_instance(model: etree._Element) -> PrimaryInstance:
    """The tree of the first `<instance>`; raises FormRefused when there is none."""
    instance = model.find(tag(XFORMS, "instance"))
    roots = [c for c in instance if is_element(c)] if instance is not None else []
    if not roots:
        raise FormRefused(reason=FormReason.NO_INSTANCE)
    element, *others = roots
    namespace, local = split_name(str(element.tag))
    root = ModelNode(local, "", namespace="", prefix="")
    twins = _fill(root, element)
    return PrimaryInstance(
        root=root,
        element=element,
        form_id=element.get("id") or namespace or local,
        version=element.get("version") or element.get(tag(OPENROSA, "version")) or "",
        root_namespace="" if namespace == XFORMS else namespace,
        remarks=tuple(
            Remark(f"/{local}", FormReason.MANY_ROOTS, local_name(other)) for other in others
        ),
        twins=tuple(twins),
    )


def _fill(top: ModelNode, source: etree._Element) -> dict[str, None]:
    """Make the nodes below the root; gives the paths that stand there more than once."""
    pending = [(top, source)]
    twins: dict[str, None] = {}
    count = 0
    while pending:
        node, element = pending.pop()
        count += 1
        if count > MOST_NODES:
            raise FormRefused(node=f"/{node.path}", reason=FormReason.TOO_LARGE)
        node.attributes = tuple(_attributes(node, element))
        children: dict[str, ModelNode] = {}
        for child in element:
            if not is_element(child):
                continue
            local = split_name(str(child.tag))[1]
            if local in children:
                # The template, or the first, says what an instance looks like; the others only
                # say that there is one to begin with.
                twins[children[local].path] = None
                continue
            made = _node(node, child)
            children[local] = made
            pending.append((made, child))
        node.children = tuple(children.values())
        if not children:
            node.default = (element.text or "").strip()
    return twins


def _node(parent: ModelNode, element: etree._Element) -> ModelNode:
    namespace, local = split_name(str(element.tag))
    # Expressions have no name for a default namespace: what is written without a prefix is plain.
    is_plain = namespace in PLAIN_NAMESPACES or element.prefix is None
    path = below(parent.path, local)
    if len(path) > LONGEST_PATH:
        raise FormRefused(node=f"/{path[:LONGEST_PATH]}…", reason=FormReason.TOO_LARGE)
    return ModelNode(
        local,
        path,
        parent=parent,
        namespace="" if is_plain else namespace,
        prefix="" if is_plain else element.prefix or "",
        written_namespace="" if namespace == XFORMS else namespace,
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

    Predicates are left out. What names no place below the root gets a path that no node has.
    Raises FormRefused for what is no expression.
    """
    start = f"/{root.local}/"
    if reference.startswith(start) and _PLAIN_PATH.match(reference):
        return reference[len(start) :]
    tree = expression(reference, base or root.local).tree if reference.strip() else None
    if not isinstance(tree, Path) or not (isinstance(tree.start, str) or tree.start == _CURRENT):
        return NOWHERE
    names = [] if tree.start == "root" else [root.local, *(base.split("/") if base else [])]
    for step in tree.steps:
        if step.axis == "parent" and names:
            names.pop()
        elif step.axis in {"child", "attribute"} and isinstance(step.test, NameTest):
            names.append(("@" if step.axis == "attribute" else "") + step.test.local)
        elif step.axis != "self":
            return NOWHERE
    return "/".join(names[1:]) if names and names[0] == root.local else NOWHERE


def binds_of(model: etree._Element, root: ModelNode) -> tuple[dict[str, Bind], tuple[Remark, ...]]:
    """The binds by path, and remarks on those that say something we do not know."""
    known = {node.path for node in root.walk()}
    binds: dict[str, Bind] = {}
    remarks: list[Remark] = []
    for count, element in enumerate(model.iterfind(tag(XFORMS, "bind"))):
        if count > MOST_NODES:
            raise FormRefused(node="bind", reason=FormReason.TOO_LARGE)
        reference = element.get("nodeset") or element.get("ref") or ""
        path = path_of(reference, root)
        if path not in known:
            remarks.append(Remark(reference, FormReason.UNKNOWN_NODE, reference))
            continue
        written = element.get("type", "").strip()
        data_type = _type(written or "string")
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
            constraint_message=message(element.get(tag(JAVAROSA, "constraintMsg")), reference),
            required_message=message(element.get(tag(JAVAROSA, "requiredMsg")), reference),
            preload=element.get(tag(JAVAROSA, "preload")) or "",
            preload_parameter=element.get(tag(JAVAROSA, "preloadParams")) or "",
            max_pixels=element.get(tag(OPENROSA, "max-pixels")) or "",
            save_to=element.get(tag(ENTITIES, "saveto")) or "",
        )
    return binds, tuple(remarks)


def binds_of_uploads(body: Iterable[Control], binds: Mapping[str, Bind]) -> dict[str, Bind]:
    """The binds of files that say no type: what is uploaded is binary and nothing else."""
    found: dict[str, Bind] = {}
    for top in body:
        for control in top.walk():
            if control.kind == "upload" and control.path is not None:
                bind = binds.get(control.path, Bind(control.path))
                if bind.data_type == "string":
                    found[control.path] = replace(bind, data_type="binary")
    return found


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
            inside[name] = instance_from(element, without_namespace=XFORMS)
            Document().append(inside[name])  # which knows the order of its nodes
    return inside, outside
