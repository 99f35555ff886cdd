"""Record documents as text in a row. What a newer server adds is kept and not read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from fieldapp.domain.operation import FormRef, Subject
from fieldapp.domain.record import RecordDoc, RevisionHeader, Signature
from fieldapp.domain.shapes import Shape, read


def written(doc: RecordDoc | Mapping[str, Any]) -> str:
    """The text of a document; of one as pulled, with whatever it carries."""
    return msgspec.json.encode(doc).decode()


def read_stored(text: str) -> RecordDoc:
    """A document that this store wrote. Raises MalformedMessage for one it could not have."""
    try:
        return msgspec.json.decode(text, type=RecordDoc)
    except msgspec.ValidationError:
        return read_pulled(msgspec.json.decode(text))


def read_pulled(wire: Mapping[str, Any]) -> RecordDoc:
    """The part of a pulled document that this app knows. Raises MalformedMessage."""
    try:
        return msgspec.convert(wire, RecordDoc)
    except msgspec.ValidationError:
        return read(RecordDoc, _known_part(wire))


_PARTS: Mapping[str, type[Shape]] = {
    "form": FormRef,
    "subject": Subject,
    "signatures": Signature,
    "history": RevisionHeader,
}


def _known_part(wire: Mapping[str, Any]) -> dict[str, Any]:
    known = _fields(RecordDoc, wire)
    for name, shape in _PARTS.items():
        part = known.get(name)
        if isinstance(part, dict):
            known[name] = _fields(shape, part)
        elif isinstance(part, list):
            known[name] = [
                _fields(shape, item) if isinstance(item, dict) else item for item in part
            ]
    return known


def _fields(shape: type[Shape], wire: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wire[name] for name in shape.__struct_fields__ if name in wire}
