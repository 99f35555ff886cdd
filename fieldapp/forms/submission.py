"""Answers ↔ instance XML, each a pure function of the other (F1).

The XML is what ODK Central and every other ODK client reads: namespaces as the form has them,
repeat keys as `fa:key`, which others pass over.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid5

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.definition import FormDefinition, ModelNode
from fieldapp.forms.entities import versions_of
from fieldapp.forms.filling import Filling
from fieldapp.forms.paths import below, without_keys
from fieldapp.forms.reading.xml import FIELDAPP, JAVAROSA, local_name, parse_xml, tag
from fieldapp.forms.writing import written
from fieldapp.forms.xpath.nodes import is_element, split_name

_KEY = tag(FIELDAPP, "key")
_NO_ID = UUID(int=0)


def submission_xml(
    form: Filling | FormDefinition, answers: Mapping[str, str] | None = None
) -> bytes:
    """The instance XML of a filling, or of a definition with its answers.

    What has no answer is left out, groups as well, so the irrelevant is absent and the XML says
    just what the answers say; of a filling it says beside which editions of entities its updates
    are based on (`baseVersion`…). Answers at unknown paths have no place in it.
    """
    if isinstance(form, Filling):
        definition, answers = form.definition, form.answers()
        answers |= versions_of(form, answers)
    else:
        definition, answers = form, answers or {}
    with without_collecting():
        return written(definition, answers)


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
    numbered = definition.counts.keys() | definition.fixed
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
                key = child.get(_KEY) or (
                    f"n{positions[name]}"
                    if without_keys(place) in numbered
                    else _key_for(instance_id, place, positions[name])
                )
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
    """A key made of record, repeat and position, which sorts by the position.

    A bare uuid5 would leave the order of the instances to chance wherever answers are kept sorted.
    """
    try:
        base = UUID(instance_id.removeprefix("uuid:"))
    except ValueError:
        base = _NO_ID
    bits = uuid5(base, f"{path} {position}").int & (2**80 - 1) | position << 80
    bits = bits & ~(0xF << 76) | 8 << 76
    return str(UUID(int=bits))
