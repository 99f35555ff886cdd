"""The name a printed file is saved under (korea.md print rule 20)."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import category, normalize

#: Of the whole name, in characters; a Hangul name of this length also fits ext4's 255 bytes.
LONGEST = 80

_ILLEGAL = re.compile(r'[<>:"/\\|?*\s_]+')
_LONGEST_EXTENSION = len(".hwpx")


def file_stem(day: date, office: str, title: str, version: int = 1) -> str:
    """`20261130_가상-햇살동_가사서비스이용만족도_v1`: NFC, no character that Windows refuses.

    Leaves room for an extension within 80 characters; the title gives way before the office.
    """
    tail = f"_v{version}"
    head = f"{day:%Y%m%d}"
    room = LONGEST - _LONGEST_EXTENSION - len(head) - len(tail) - 2
    place = _part(office)[: room // 2]
    return f"{head}_{place}_{_part(title)[: room - len(place)]}{tail}"


def file_name(day: date, office: str, title: str, extension: str, version: int = 1) -> str:
    """The stem with its extension (`pdf`, `xlsx`, `hwpx`)."""
    return f"{file_stem(day, office, title, version)}.{extension}"


def _part(text: str) -> str:
    kept = "".join(
        character
        for character in normalize("NFC", text)
        if category(character)[0] != "C" or character.isspace()
    )
    # Windows drops dots at an end and takes a leading one for a hidden file on other systems.
    return _ILLEGAL.sub("", kept).strip(". ") or "무제"
