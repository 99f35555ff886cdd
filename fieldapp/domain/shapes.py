"""Strict reading and writing of the wire shapes: unknown keys, nulls and wrong types are refused.

The shapes themselves are frozen structs in `operation.py`, `record.py` and `exchange.py`; an absent
value is `None` in code and no key at all on the wire (formats F1, F3: never null).
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from fieldapp.errors import MalformedMessage

T = TypeVar("T")

MAX_DEPTH = 32
#: What was found of each shape (`_bounds_itself`).
_BOUNDED: dict[type, bool] = {}


class Shape(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Base of every wire shape: immutable, named fields, defaults left out when written."""


def to_wire(value: Any) -> Any:
    """Builtins (dict, list, str, int, bool) as they stand on the wire."""
    return msgspec.to_builtins(value)


def encode(value: Any) -> bytes:
    """UTF-8 JSON of a shape, keys in the order of its definition."""
    return msgspec.json.encode(value)


def read(shape: type[T], value: Any) -> T:
    """A shape from builtins. Raises MalformedMessage with the place that breaks it."""
    _refuse_null(value, shape.__name__, "$", 0)
    try:
        return msgspec.convert(value, shape)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _malformed(shape.__name__, error) from error


def decode(shape: type[T], raw: bytes | str) -> T:
    """A shape from JSON text. Raises MalformedMessage."""
    text = raw.encode() if isinstance(raw, str) else raw
    if b"null" not in text and _bounds_itself(shape):
        # Neither a null nor anything deep can be in it: no need to look for them.
        try:
            return msgspec.json.decode(text, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # The long way says where.
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(shape.__name__, error) from error
    return read(shape, value)


def _bounds_itself(shape: type) -> bool:
    """Whether a shape says of everything inside it what it is, and so how deep it goes."""
    if shape not in _BOUNDED:
        _BOUNDED[shape] = _is_closed(inspect.type_info(shape))
    return _BOUNDED[shape]


def _is_closed(kind: inspect.Type) -> bool:
    match kind:
        case inspect.StructType(fields=fields):
            return all(_is_closed(one.type) for one in fields)
        case inspect.UnionType(types=kinds) | inspect.TupleType(item_types=kinds):
            return all(map(_is_closed, kinds))
        case inspect.DictType(key_type=key, value_type=value):
            return _is_closed(key) and _is_closed(value)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return _is_closed(item)
    return isinstance(
        kind,
        inspect.StrType | inspect.IntType | inspect.BoolType | inspect.NoneType
        | inspect.LiteralType,
    )  # fmt: skip


def _refuse_null(value: Any, shape: str, place: str, depth: int) -> None:
    if value is None:
        raise MalformedMessage(shape=shape, place=place, reason="null")
    if depth > MAX_DEPTH:
        raise MalformedMessage(shape=shape, place="$", reason="too deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if item is None or isinstance(item, dict | list):
                _refuse_null(
                    item, shape, f"{place}.*" if "/" in key else f"{place}.{key}", depth + 1
                )
    elif isinstance(value, list):
        for item in value:
            if item is None or isinstance(item, dict | list):
                _refuse_null(item, shape, f"{place}[]", depth + 1)


def _malformed(shape: str, error: Exception) -> MalformedMessage:
    """The place only: a validation message never quotes the value, but a decode error may."""
    text = str(error)
    place = text.rpartition(" - at `")[2].rstrip("`") if " - at `" in text else "$"
    reason = text.partition(" - at `")[0] if isinstance(error, msgspec.ValidationError) else "JSON"
    return MalformedMessage(shape=shape, place=place, reason=reason)
