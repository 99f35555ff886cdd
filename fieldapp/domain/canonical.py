"""Canonical JSON (RFC 8785) and the hashes that formats F3 and F10 take of it."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

from fieldapp.errors import MalformedMessage


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value. Raises MalformedMessage for what JSON cannot hold."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise MalformedMessage(shape="canonical JSON", reason=type(error).__name__) from error


def canonical_hash(value: Any) -> str:
    """sha256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()
