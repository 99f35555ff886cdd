"""Canonical JSON (RFC 8785) and the hashes that formats F3 and F10 take of it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec
import rfc8785

from fieldapp.errors import MalformedMessage

_LARGEST = 2**53 - 1
#: UTF-8 of a character from U+E000 on: only there does the order of UTF-16 units, which RFC 8785
#: asks for, differ from that of code points, by which msgspec sorts.
_ORDER_MAY_DIFFER = re.compile(rb"[\xee-\xff]")


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value. Raises MalformedMessage for what JSON cannot hold."""
    try:
        # msgspec writes the same bytes twenty times faster where there is no number but whole ones.
        if _is_plain(value):
            quick = msgspec.json.encode(value, order="sorted")
            if _ORDER_MAY_DIFFER.search(quick) is None:
                return quick
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise MalformedMessage(shape="canonical JSON", reason=type(error).__name__) from error


def canonical_hash(value: Any) -> str:
    """sha256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


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
