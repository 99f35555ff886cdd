"""The face a page is set in: Pretendard GOV, regular and bold, embedded in every PDF.

The font prints a filler box for a character that it lacks and says nothing, so every text is
asked for before it is set; the answer is GlyphMissing, with the character's code point.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

from fieldapp.errors import GlyphMissing
from fieldapp.reports.canvas import Face, load_face

#: Beside the package in a checkout and in a bundle alike.
FONT_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"

_FILES = {
    False: ("Body", "PretendardGOV-Regular.ttf"),
    True: ("BodyBold", "PretendardGOV-Bold.ttf"),
}
_LOADING = Lock()


def face(*, bold: bool = False) -> Face:
    """The face, read from its file on first use (0.1 s). Raises OSError when the file is gone."""
    with _LOADING:
        return _faces()[bold]


@cache
def _faces() -> dict[bool, Face]:
    return {bold: load_face(name, FONT_FOLDER / file) for bold, (name, file) in _FILES.items()}


@lru_cache(maxsize=50_000)
def ems(text: str, *, bold: bool = False) -> float:
    """How wide a text is set at size 1. Its characters have been checked."""
    widths = _faces()[bold].widths
    return sum([widths[ord(character)] for character in text]) / 1000


def check_text(text: str, place: str) -> None:
    """Raise GlyphMissing for a character that cannot be printed, or not filed as CP949.

    korea.md print rule 7. `place` names where on the page it stands, never whose text it is.
    Newlines are for the writer to break at.
    """
    for character in text.replace("\n", ""):
        if not _is_safe(character):
            raise GlyphMissing(codepoint=f"U+{ord(character):04X}", place=place)


@lru_cache(maxsize=30_000)
def _is_safe(character: str) -> bool:
    if any(ord(character) not in face(bold=bold).widths for bold in (False, True)):
        return False
    try:
        character.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True
