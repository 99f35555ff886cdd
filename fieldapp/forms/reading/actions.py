"""The `<setvalue>` and `<odk:setgeopoint>` actions of model and body (ODK XForms, actions)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import ModelNode, Remark, SetValue
from fieldapp.forms.reading.model import path_of
from fieldapp.forms.reading.texts import expression, optional
from fieldapp.forms.reading.xml import ODK, XFORMS, local_name, tag

_SET_GEOPOINT = tag(ODK, "setgeopoint")
_ACTIONS = (tag(XFORMS, "setvalue"), _SET_GEOPOINT)
_EVENTS = frozenset({
    "odk-instance-first-load", "odk-instance-load", "odk-new-repeat", "xforms-value-changed",
    "xforms-ready", "xforms-revalidate", "jr-insert",
})  # fmt: skip
# What older forms call them (ODK XForms, deprecated events).
_NOW_CALLED = {"jr-insert": "odk-new-repeat", "xforms-ready": "odk-instance-first-load"}
_HOLDERS = frozenset({"group", "repeat"})


def actions_of(
    model: etree._Element, body: etree._Element, root: ModelNode
) -> tuple[tuple[SetValue, ...], tuple[Remark, ...]]:
    """The actions in order; those on nodes that are not there are remarked on and left out.

    Raises FormRefused for an event that nobody knows, and for one of new repeat instances in the
    model, where no repeat is around it.
    """
    known = {node.path for node in root.walk()}
    by_id = {
        bind.get("id"): bind.get("nodeset") or "" for bind in model.iterfind(tag(XFORMS, "bind"))
    }
    actions: list[SetValue] = []
    remarks: list[Remark] = []
    for place, element in [
        *(("model", action) for action in model.iter(*_ACTIONS)),
        *(("body", action) for action in body.iter(*_ACTIONS)),
    ]:
        reference = element.get("ref") or by_id.get(element.get("bind")) or ""
        events = tuple(_events(element, reference, is_in_model=place == "model"))
        around = _around(element, root) if place == "body" else []
        base = around[0][1] if around else ""
        path = path_of(reference, root, base)
        if path not in known:
            remarks.append(Remark(reference, FormReason.UNKNOWN_NODE, reference))
            continue
        is_nested = bool(around) and around[0][0] not in _HOLDERS
        actions.append(
            SetValue(
                events=events,
                path=path,
                value=optional(element.get("value"), reference),
                text=(element.text or "").strip(),
                trigger=around[0][1] if is_nested else None,
                target=expression(reference, reference) if "[" in reference else None,
                repeat=next((path for kind, path in around if kind == "repeat"), ""),
                is_location=element.tag == _SET_GEOPOINT,
            )
        )
    return tuple(actions), tuple(remarks)


def _events(element: etree._Element, reference: str, *, is_in_model: bool) -> Iterator[str]:
    for written in (element.get("event") or "").split():
        if written not in _EVENTS:
            raise FormRefused(node=reference, reason=FormReason.UNKNOWN_EVENT, name=written)
        event = _NOW_CALLED.get(written, written)
        if event == "odk-new-repeat" and is_in_model:
            raise FormRefused(node=reference, reason=FormReason.MISPLACED_EVENT, name=event)
        yield event


def _around(element: etree._Element, root: ModelNode) -> list[tuple[str, str]]:
    """Kind and path of each control around an action that names a node, innermost first."""
    named = [
        (local_name(holder), reference)
        for holder in element.iterancestors()
        if (reference := holder.get("ref") or holder.get("nodeset"))
    ]
    found: list[tuple[str, str]] = []
    base = ""
    for kind, reference in reversed(named):
        base = path_of(reference, root, base)
        found.insert(0, (kind, base))
    return found
