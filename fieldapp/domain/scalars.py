"""The scalars of the wire: ids, instants, names, paths, answer texts, whole numbers (F1-F3).

Patterns mean the same in Python and in JSON Schema: no `\\d` or `\\w` (Python's take in every
script's digits and letters), and `$(?!\\n)`, because Python's `$` lets a line feed follow.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from fieldapp.domain.ids import UUID7_PATTERN, UUID_PATTERN

#: The largest whole number that RFC 8785 and every reader of JSON keep exactly.
MAX_WHOLE = 2**53 - 1

_END = r"$(?!\n)"
_UUID = UUID_PATTERN.removeprefix("^").removesuffix(_END)
# XML 1.0 (fifth edition), productions 4 and 4a, without the colon at the start.
_FIRST = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = f"[{_FIRST}][{_FIRST}:.0-9\u00b7\u0300-\u036f\u203f\u2040-]*"
_KEY = rf"\[(?:n[1-9][0-9]*|{_UUID})\]"
_STEP = f"{_NAME}(?:{_KEY})?"

Uuid = Annotated[str, Meta(pattern=UUID_PATTERN)]
Uuid7 = Annotated[str, Meta(pattern=UUID7_PATTERN)]
#: UTC with offset, one spelling: `2026-11-21T15:20:33+09:00`, up to microseconds, never `Z`.
Instant = Annotated[
    str,
    Meta(
        pattern=r"^(?:19|2[0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
        r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
        rf"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]{_END}"
    ),
]
#: A user, scope, list, form, state: one line, no control characters.
Name = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=rf"^[^\x00-\x1f\x7f\ud800-\udfff]+{_END}")
]
#: Text that XML can hold; never empty: an empty answer has no key (F1).
AnswerText = Annotated[
    str, Meta(min_length=1, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+$")
]
#: Where a patch line points: an answer, a repeat instance (`areas[n3]`), a property of an entity,
#: or one of `@subject`, `@merged_into`, `@home`, `@share` and a seat's signature
#: `@signed/monitor2` (F1-F3, F6, F8, F9).
Path = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2000,
        pattern=f"^(?:@subject|@merged_into|@home|@share|@signed/{_NAME}|{_STEP}(?:/{_STEP})*(?:/@{_NAME})?){_END}",
    ),
]
#: The key of an answer (F1): below the form's root, with repeat keys, ending in a question or in
#: an attribute that the form binds (`meta/entity/@id`, F4).
AnswerPath = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2000,
        pattern=f"^(?:(?:{_STEP}/)*{_NAME}|(?:{_STEP}/)+@{_NAME}){_END}",
    ),
]
#: sha256 in hex.
Digest = Annotated[str, Meta(pattern=f"^[0-9a-f]{{64}}{_END}")]
Whole = Annotated[int, Meta(ge=0, le=MAX_WHOLE)]
Counting = Annotated[int, Meta(ge=1, le=MAX_WHOLE)]
Signed = Annotated[int, Meta(ge=-MAX_WHOLE, le=MAX_WHOLE)]
Revision = Whole


def check_instants(*texts: str | None) -> None:
    """Refuse what the pattern lets by: 30 February. Raises ValueError."""
    for text in texts:
        if text is None:
            continue
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValueError("no such day or time") from None


def is_instance(path: str) -> bool:
    """Whether a path names a repeat instance rather than an answer (`areas[n3]`)."""
    return path.endswith("]")
