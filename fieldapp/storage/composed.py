"""One way to write a text: composed (NFC), as a Korean keyboard types it.

Names come apart into letters (NFD) on a Mac and in files from one: what looks the same would be
neither found nor equal. Whatever this device writes is composed before it is kept, hashed or
signed; what the server sends is kept as it came, since its hash is over those bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from unicodedata import normalize

import msgspec

from fieldapp.domain.operation import Effect, PatchLine, PropertyChange


def composed(text: str) -> str:
    """The text in NFC."""
    return normalize("NFC", text)


def composed_or_none(text: str | None) -> str | None:
    """As `composed`; None stays None."""
    return None if text is None else composed(text)


def composed_values(values: Mapping[str, str]) -> dict[str, str]:
    """Answers or properties with their values in NFC; paths are names of the form, and stay."""
    return {path: composed(text) for path, text in values.items()}


def composed_patch(patch: Iterable[PatchLine]) -> tuple[PatchLine, ...]:
    """A patch of which every new value is in NFC; the old ones stay what they were."""
    return tuple(msgspec.structs.replace(line, new=composed_or_none(line.new)) for line in patch)


def composed_effects(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Effects of which every new value is in NFC; what then changes nothing is left out."""
    made = (
        msgspec.structs.replace(effect, set=_composed_changes(effect.set)) for effect in effects
    )
    return tuple(effect for effect in made if effect.create or effect.set)


def _composed_changes(changes: Mapping[str, PropertyChange]) -> dict[str, PropertyChange]:
    new = {name: composed_or_none(change.new) for name, change in changes.items()}
    return {
        name: PropertyChange(old=change.old, new=new[name])
        for name, change in changes.items()
        if new[name] != change.old
    }
