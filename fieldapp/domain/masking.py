"""Names as others may read them (가림): `김*수`, `김*`, `남궁*수`; one rule for screen and print.

One mask everywhere, since two different ones put side by side give the name back.
"""

from __future__ import annotations

from typing import Final

_DOUBLE_SURNAMES: Final = frozenset(
    {"남궁", "독고", "동방", "망절", "사공", "서문", "선우", "소봉", "어금", "장곡", "제갈", "황보"}
)
#: Synthetic persons say so in front of their name.
_SYNTHETIC: Final = "가상-"


def masked_name(name: str) -> str:
    """The surname, a star for each syllable between, the last syllable where there are three."""
    if name.startswith(_SYNTHETIC):
        return _SYNTHETIC + masked_name(name.removeprefix(_SYNTHETIC))
    surname = name[:2] if name[:2] in _DOUBLE_SURNAMES and len(name) > 2 else name[:1]
    given = name[len(surname) :]
    if not given:
        return surname and "*"
    return surname + "*" * max(1, len(given) - 1) + given[1:][-1:]
