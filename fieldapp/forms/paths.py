"""Answer paths (formats F1, F2): `areas[n3]/items[n1]/score`, without keys `areas/items/score`."""

from __future__ import annotations

import re

_KEY = re.compile(r"\[[^\]/]*\]")
_PART = re.compile(r"(?P<name>[^\[\]/]+)(?:\[(?P<key>[^\[\]/]+)\])?\Z")


def without_keys(path: str) -> str:
    """The path with its repeat keys left out."""
    return _KEY.sub("", path) if "[" in path else path


def parts_of(path: str) -> tuple[tuple[str, str], ...] | None:
    """Each step's name and repeat key (``""`` for none); None when the text is no path."""
    parts = []
    for text in path.split("/"):
        match = _PART.match(text)
        if match is None:
            return None
        parts.append((match["name"], match["key"] or ""))
    return tuple(parts)


def below(path: str, name: str) -> str:
    """The path of a child."""
    return f"{path}/{name}" if path else name
