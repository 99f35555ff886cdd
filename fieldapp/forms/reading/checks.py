"""What is odd about a form that was read: told to whoever keeps the form, and no reason to refuse.

Only texts that tell each other in a circle are refused: no words would ever come of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import (
    Bind,
    Control,
    Expression,
    ModelNode,
    Output,
    Parts,
    Remark,
    SetValue,
    Text,
    Translated,
)
from fieldapp.forms.reading.xml import ODK, tag
from fieldapp.forms.xpath.ast import StringLiteral
from fieldapp.forms.xpath.trees import calls_of

_Translations = Mapping[str, Mapping[str, Translated]]


def refuse_circles(translations: _Translations) -> None:
    """Raises FormRefused with the ids of texts that tell each other in a circle."""
    for language, texts in translations.items():
        told = {
            text_id: tuple(_told(chain(texts[text_id].parts, *texts[text_id].forms.values())))
            for text_id in texts
        }
        circle = _circle({text_id: ids for text_id, ids in told.items() if ids})
        if circle:
            raise FormRefused(
                node=f"itext/{language}", reason=FormReason.CYCLE, name=" → ".join(circle)
            )


def remarks_on(
    binds: Iterable[Bind],
    body: Sequence[Control],
    actions: Iterable[SetValue],
    translations: _Translations,
    lists: Collection[str],
) -> Iterator[Remark]:
    """Remarks on texts and lists that are asked for by a name which the form does not have."""
    known = {text_id for texts in translations.values() for text_id in texts}
    for node, text in _texts(binds, body):
        if text.text_id is not None and text.text_id not in known:
            yield Remark(node, FormReason.UNKNOWN_TEXT, text.text_id)
    for node, expression in _expressions(binds, body, actions):
        files = (name.removesuffix(".csv") for name in literals_of(expression, "pulldata"))
        for name in (*literals_of(expression, "instance"), *files):
            if name not in lists:
                yield Remark(node, FormReason.UNKNOWN_INSTANCE, name)


def remarks_on_model(model: etree._Element) -> Iterator[Remark]:
    """Remarks on what a model asks for that a laptop in an office does not do."""
    for element in model.iter(tag(ODK, "recordaudio")):
        yield Remark(element.get("ref", ""), FormReason.UNKNOWN_CONTROL, "recordaudio")


def remarks_on_twins(paths: Iterable[str], root: ModelNode) -> Iterator[Remark]:
    """Remarks on nodes that stand in one place more than once and are no repeat: one is kept."""
    nodes = {node.path: node for node in root.walk()}
    for path in paths:
        if not nodes[path].is_repeat:
            yield Remark(path, FormReason.DUPLICATE_NAME, nodes[path].local)


def literals_of(expression: Expression, function: str) -> Iterator[str]:
    """The texts that a function is called with as its first argument, anywhere in an expression."""
    if f"{function}(" not in expression.text.replace(" ", ""):
        return
    for call in calls_of(expression.tree, function):
        if call.arguments and isinstance(call.arguments[0], StringLiteral):
            yield call.arguments[0].value


def _texts(binds: Iterable[Bind], body: Sequence[Control]) -> Iterator[tuple[str, Text]]:
    for bind in binds:
        for message in (bind.constraint_message, bind.required_message):
            if message is not None:
                yield bind.path, message
    for control in _controls(body):
        node = control.path or control.kind
        for text in (control.label, control.hint, *(item.label for item in control.items)):
            if text is not None:
                yield node, text


def _expressions(
    binds: Iterable[Bind], body: Sequence[Control], actions: Iterable[SetValue]
) -> Iterator[tuple[str, Expression]]:
    for bind in binds:
        for one in (bind.relevant, bind.readonly, bind.required, bind.constraint, bind.calculate):
            if one is not None:
                yield bind.path, one
    for control in _controls(body):
        if control.itemset is not None:
            yield control.path or control.kind, control.itemset.nodeset
    for action in actions:
        if action.value is not None:
            yield action.path, action.value


def _controls(body: Sequence[Control]) -> Iterator[Control]:
    return (control for top in body for control in top.walk())


def _told(parts: Parts | Iterable[str | Output]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Output):
            yield from literals_of(part.value, "jr:itext")


def _circle(told: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A way from a text back to itself; empty when there is none."""
    done: set[str] = set()
    for top in told:
        way: list[str] = []
        pending = [(top, iter(told[top]))] if top not in done else []
        while pending:
            text_id, further = pending[-1]
            if not way or way[-1] != text_id:
                way.append(text_id)
            following = next((other for other in further if other not in done), None)
            if following is None:
                done.add(text_id)
                way.pop()
                pending.pop()
            elif following in way:
                return [*way[way.index(following) :], following]
            else:
                pending.append((following, iter(told.get(following, ()))))
    return []
