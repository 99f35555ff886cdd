"""Documents of records and entities as text in a row. What a newer server adds is kept unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.operation import FormRef, Subject
from fieldapp.domain.record import RecordDoc, RecordKind, RevisionHeader, Signature
from fieldapp.domain.shapes import Shape, read

Doc = TypeVar("Doc", RecordDoc, EntityDoc)


class _Values(msgspec.Struct):
    """An entity's values, unchecked."""

    label: str
    props: dict[str, str]
    merged_into: str | None = None


class _Named(msgspec.Struct):
    """A form version, or an entity of a list, unchecked."""

    id: str
    version: str = ""
    list: str = ""


class _Shown(msgspec.Struct):
    """What is shown of a record in columns, unchecked."""

    form: _Named
    kind: RecordKind
    scope: str
    state: str
    author: str
    created: str
    updated: str
    answers: dict[str, str]
    subject: _Named | None = None


_VALUES = msgspec.json.Decoder(_Values)
_SHOWN = msgspec.json.Decoder(_Shown)


def written(doc: RecordDoc | EntityDoc | Mapping[str, Any]) -> str:
    """The text of a document; of one as pulled, with whatever it carries."""
    return msgspec.json.encode(doc).decode()


def read_stored(text: str) -> RecordDoc:
    """A record that this store wrote. Raises MalformedMessage for one it could not have."""
    return _stored(RecordDoc, text)


def read_stored_answers(text: str) -> RecordDoc:
    """As `read_stored` but without signatures and history and in a fifth of the time: for columns.
    What stands in the store was checked when it came.
    """
    shown = _SHOWN.decode(text)
    subject = shown.subject
    return RecordDoc(
        form=FormRef(id=shown.form.id, version=shown.form.version),
        kind=shown.kind,
        scope=shown.scope,
        state=shown.state,
        author=shown.author,
        created=shown.created,
        updated=shown.updated,
        answers=shown.answers,
        subject=None if subject is None else Subject(list=subject.list, id=subject.id),
    )


def read_pulled(wire: Mapping[str, Any]) -> RecordDoc:
    """The part of a pulled record that this app knows. Raises MalformedMessage."""
    return _pulled(RecordDoc, wire)


def read_stored_entity(text: str) -> EntityDoc:
    """An entity that this store wrote. Raises MalformedMessage for one it could not have."""
    return _stored(EntityDoc, text)


def read_stored_values(text: str) -> EntityDoc:
    """As `read_stored_entity` but without its history and in a tenth of the time: for lists. What
    stands in the store was checked when it came.
    """
    values = _VALUES.decode(text)
    return EntityDoc(label=values.label, props=values.props, merged_into=values.merged_into)


def read_pulled_entity(wire: Mapping[str, Any]) -> EntityDoc:
    """The part of a pulled entity that this app knows. Raises MalformedMessage."""
    return _pulled(EntityDoc, wire)


def _stored(shape: type[Doc], text: str) -> Doc:
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.ValidationError:
        return _pulled(shape, msgspec.json.decode(text))


def _pulled(shape: type[Doc], wire: Mapping[str, Any]) -> Doc:
    try:
        return msgspec.convert(wire, shape)
    except msgspec.ValidationError:
        return read(shape, _known_part(shape, wire))


_PARTS: Mapping[str, type[Shape]] = {
    "form": FormRef,
    "subject": Subject,
    "signatures": Signature,
    "history": RevisionHeader,
}


def _known_part(shape: type[Shape], wire: Mapping[str, Any]) -> dict[str, Any]:
    known = _fields(shape, wire)
    for name, part_shape in _PARTS.items():
        part = known.get(name)
        if isinstance(part, dict):
            known[name] = _fields(part_shape, part)
        elif isinstance(part, list):
            known[name] = [
                _fields(part_shape, item) if isinstance(item, dict) else item for item in part
            ]
    return known


def _fields(shape: type[Shape], wire: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wire[name] for name in shape.__struct_fields__ if name in wire}
