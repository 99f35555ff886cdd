"""Canonical JSON (RFC 8785) and the hashes that formats F3 and F10 take of it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import msgspec
import rfc8785

from fieldapp.errors import MalformedMessage

_LARGEST = 2**53 - 1
#: How a character from U+E000 on begins in UTF-8: only there does the order of UTF-16 units, which
#: RFC 8785 asks for, differ from that of code points, by which msgspec sorts.
_LATE = bytes(range(0xEE, 0xF5))


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value. Raises MalformedMessage for what JSON cannot hold."""
    try:
        # msgspec writes the same bytes twenty times faster where there is no number but whole ones.
        quick = _sorted(value) if _is_plain(value) else None
        return rfc8785.dumps(value) if quick is None else quick
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise MalformedMessage(shape="canonical JSON", reason=type(error).__name__) from error


def canonical_hash(value: Any) -> str:
    """sha256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def shape_hash(shape: msgspec.Struct, *, without: frozenset[str] = frozenset()) -> str:
    """`canonical_hash` of a shape as it stands on the wire, some of its fields left out.

    In a tenth of the time for one whose types hold texts, truth values and whole numbers that
    RFC 8785 keeps, which is what the caller vouches for.
    """
    kept = {
        name: value
        for name, default in _defaults(type(shape))
        if name not in without and (value := getattr(shape, name)) != default
    }
    try:
        quick = _sorted(kept)
    except UnicodeEncodeError as error:
        raise MalformedMessage(shape="canonical JSON", reason=type(error).__name__) from error
    if quick is None:
        return canonical_hash(msgspec.to_builtins(kept))
    return hashlib.sha256(quick).hexdigest()


@lru_cache(maxsize=64)
def _defaults(shape: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """The fields of a shape, each with the value for which it is left out (`NODEFAULT` for none).

    Raises ValueError for a default made anew each time, which this does not know.
    """
    fields = msgspec.structs.fields(shape)
    if any(one.default_factory not in (msgspec.NODEFAULT, dict) for one in fields):
        raise ValueError("a field with a default of its own making")
    return tuple((one.name, {} if one.default_factory is dict else one.default) for one in fields)


def _sorted(value: Any) -> bytes | None:
    """The canonical bytes of what holds no number but whole ones; None where keys may have to be
    ordered otherwise.
    """
    quick = msgspec.json.encode(value, order="sorted")
    return quick if len(quick.translate(None, _LATE)) == len(quick) else None


def _is_plain(value: Any) -> bool:
    """Texts, truth values and whole numbers, and objects and lists of them."""
    kind = type(value)
    if kind is str or kind is bool:
        return True
    if kind is dict:
        return all(type(key) is str for key in value) and all(map(_is_plain, value.values()))
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return kind is int and -_LARGEST <= value <= _LARGEST
