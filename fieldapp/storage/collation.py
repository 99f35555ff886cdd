"""The order of names in Korean: 가나다, then other scripts, then Latin without regard to case, then
numbers by their value; what is no letter before all of them.

A key, not a comparison: kept beside what it orders, where an index reads it in binary order.
"""

from __future__ import annotations

import re
from unicodedata import normalize

#: Behind the last syllable: letters of other scripts keep their own order there.
_BEHIND_HANGUL = "\ud7ff"
#: Behind those: Latin letters, then numbers, each in a part of the private use area.
_LATIN, _NUMBER = 0xE000, 0xF000
_LONGEST = 0x8FF
_LAST = "\U0010ffff"
_MOVED = re.compile(
    r"(?P<number>[0-9]+)|(?P<latin>[a-z\u00aa\u00ba\u00df-\u00f6\u00f8-\u024f])"
    r"|[\u0250-\u10ff\u1200-\u1fff\u2c00-\u2dff\u3040-\u30ff\u3400-\u9fff\ua000-\uabff"
    r"\ud7a4-\U0010ffff]"
)
#: Most names: syllables, spaces and signs stand for themselves.
_PLAIN = re.compile(r"[ -/:-@\[-`{-~\uac00-\ud7a3]*")


def folded(text: str) -> str:
    """The text as it is compared: composed (NFC) and without regard to case."""
    return normalize("NFC", normalize("NFC", text).casefold())


def sort_key(text: str) -> str:
    """What to sort a name by, in the order of code points: `2통` before `10통`, `김` before `Kim`.

    Equal for texts that differ in case, composition or leading zeros alone: order those by their
    id. Numbers of more than 2,303 digits come last among themselves, digit by digit.
    """
    return text if _PLAIN.fullmatch(text) else _MOVED.sub(_moved, folded(text))


def keys_from(beginning: str) -> tuple[str, str]:
    """Between which keys all names lie that begin so; others may lie there, too."""
    # A number at its end may go on, and is another one then.
    whole = beginning.rstrip("0123456789")
    key = sort_key(whole) if whole else chr(_NUMBER)
    return key, key + _LAST


def _moved(found: re.Match[str]) -> str:
    text = found[0]
    if found["number"]:
        value = text.lstrip("0")
        # The longer number is the greater one.
        return chr(_NUMBER) + chr(_NUMBER + min(len(value), _LONGEST)) + value
    if found["latin"]:
        return chr(_LATIN + ord(text))
    return _BEHIND_HANGUL + text
