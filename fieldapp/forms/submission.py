"""Answers ↔ instance XML, each a pure function of the other (F1).

The XML is what ODK Central and every other ODK client reads: namespaces as the form has them,
repeat keys as `fa:key`, which others pass over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import UUID, uuid5

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import FormDefinition, ModelNode
from fieldapp.forms.filling import Filling
from fieldapp.forms.paths import below, parts_of
from fieldapp.forms.reading.xml import FIELDAPP, JAVAROSA, OPENROSA, local_name, parse_xml, tag
from fieldapp.forms.repeats import key_rank
from fieldapp.forms.xpath.nodes import is_element, split_name

_KEY = tag(FIELDAPP, "key")
_NO_ID = UUID(int=0)


def submission_xml(
    form: Filling | FormDefinition, answers: Mapping[str, str] | None = None
) -> bytes:
    """The instance XML of a filling, or of a definition with its answers.

    What has no answer is left out, groups as well, so the irrelevant is absent and the XML says
    just what the answers say. Answers at unknown paths have no place in it.
    """
    if isinstance(form, Filling):
        definition, answers = form.definition, form.answers()
    else:
        definition, answers = form, answers or {}
    namespace = definition.root_namespace
    prefixes = {"fa": FIELDAPP, "jr": JAVAROSA, "orx": OPENROSA}
    for node in definition.root.walk():
        if node.namespace and node.prefix:
            prefixes.setdefault(node.prefix, node.namespace)
    if not any("[" in path for path in answers):
        del prefixes["fa"]
    name = tag(namespace, definition.root.local) if namespace else definition.root.local
    # lxml's types know no default namespace, which has the prefix None.
    declared = cast("dict[str, str]", {None: namespace, **prefixes} if namespace else prefixes)
    root = etree.Element(name, nsmap=declared)
    _write(root, definition.root, _Answers(answers), namespace)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


class _Answers:
    """The answers, every place on the way to one, and the repeat keys in order."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.by_path = answers
        self.places: set[str] = set()
        self.keys: dict[str, list[str]] = {}
        for path in answers:
            here = ""
            for name, key in parts_of(path) or ():
                here = below(here, name)
                if key:
                    known = self.keys.setdefault(here, [])
                    if key not in known:
                        known.append(key)
                    here += f"[{key}]"
                self.places.add(here)
        for known in self.keys.values():
            known.sort(key=key_rank)


def _write(top: etree._Element, root: ModelNode, answers: _Answers, namespace: str) -> None:
    pending = [(top, root, "")]
    while pending:
        element, node, here = pending.pop()
        for attribute in node.attributes:
            text = answers.by_path.get(below(here, f"@{attribute.local}"), attribute.default)
            name = attribute.local
            element.set(tag(attribute.namespace, name) if attribute.namespace else name, text)
        if node.is_leaf:
            element.text = answers.by_path.get(here)
            continue
        for child in node.children:
            space = child.namespace or namespace
            name = tag(space, child.local) if space else child.local
            place = below(here, child.local)
            if not child.is_repeat and place in answers.places:
                pending.append((etree.SubElement(element, name), child, place))
            for key in answers.keys.get(place, ()) if child.is_repeat else ():
                made = etree.SubElement(element, name)
                made.set(_KEY, key)
                pending.append((made, child, f"{place}[{key}]"))


def answers_from_xml(definition: FormDefinition, xml: bytes) -> dict[str, str]:
    """The answers that an instance XML holds; raises FormRefused when it is none of this form.

    Instances without `fa:key`, as other clients send them, get a key made of the instanceID, the
    repeat's path and the position (F2). Elements that the form does not have are answers at
    unknown paths.
    """
    root = parse_xml(xml)
    if local_name(root) != definition.root.local:
        raise FormRefused(form=definition.form_id, reason=FormReason.NOT_THIS_FORM)
    answers: dict[str, str] = {}
    instance_id = _instance_id(root)
    pending = [(root, definition.root, "")]
    while pending:
        element, model, here = pending.pop()
        _read_attributes(element, model, here, definition, answers)
        children = [child for child in element if is_element(child)]
        if not children:
            if element.text and here:
                answers[here] = element.text
            continue
        known = {child.local: child for child in model.children}
        positions: dict[str, int] = {}
        below_here = []
        for child in children:
            name = local_name(child)
            if child.get(tag(JAVAROSA, "template")) is not None:
                continue
            place = below(here, name)
            node = known.get(name)
            if node is None:
                node = ModelNode(name, place)
            elif node.is_repeat:
                positions[name] = positions.get(name, 0) + 1
                key = child.get(_KEY) or _key_for(instance_id, place, positions[name])
                place = f"{place}[{key}]"
            below_here.append((child, node, place))
        pending.extend(reversed(below_here))
    return answers


def _read_attributes(
    element: etree._Element,
    model: ModelNode,
    here: str,
    definition: FormDefinition,
    answers: dict[str, str],
) -> None:
    bound = {a.local for a in model.attributes if a.path in definition.leaves}
    if not bound:
        return
    for name, value in element.items():
        _, local = split_name(str(name))
        if local in bound and value:
            answers[below(here, f"@{local}")] = str(value)


def _instance_id(root: etree._Element) -> str:
    for child in root.iter():
        if is_element(child) and local_name(child) == "instanceID":
            return (child.text or "").strip()
    return ""


def _key_for(instance_id: str, path: str, position: int) -> str:
    try:
        base = UUID(instance_id.removeprefix("uuid:"))
    except ValueError:
        base = _NO_ID
    return str(uuid5(base, f"{path} {position}"))
