"""Which bytes a request asks for (RFC 9110 §14)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(?:([0-9]{1,15})-([0-9]{0,15})|-([0-9]{1,15}))")


def span_of(header: str, size: int) -> tuple[int, int] | None:
    """From which byte up to which (§14.2); None: the whole, also when not understood.

    An empty span is one that cannot be satisfied.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        return max(size - int(suffix), 0), size if int(suffix) else 0
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size
