"""One kind of sentence that pyxform says, and the same told to an officer in two languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fieldapp.packs.findings import shown

#: What pyxform puts before a sentence about a row, and how it names a sheet and a column.
_ROW: Final = re.compile(r"\[row : (\d+)\]")
_SHEET: Final = re.compile(r"[Oo]n the '([\w ]{1,40})' sheet|for sheet: '([\w ]{1,40})'")
_COLUMN: Final = re.compile(r"the '([\w :.()\-]{1,60})' value")
#: Facts that say where, besides filling the sentences.
_PLACES: Final = ("sheet", "row", "column")
#: What pyxform writes where it knows no value.
_UNKNOWN: Final = frozenset({"unknown", "None", ""})


@dataclass(frozen=True, slots=True)
class Saying:
    """What to tell for one kind of sentence.

    key: pyxform's own code where it has one. said: a regular expression for the piece by which the
    sentence is known; its groups fill `{…}` in ours. Some groups also say where: `sheet`, `row`,
    `column`; `question` and `type` (cells of survey), `list` and `choice` (cells of choices).
    ko, en: problem and remedy. sheet, column: where it is when the sentence does not say so.
    """

    key: str
    said: str
    ko: tuple[str, str]
    en: tuple[str, str]
    sheet: str = "survey"
    column: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing pyxform said, as far as its sentence tells. row: 0 where it names none."""

    key: str
    sheet: str
    row: int
    column: str
    problem: str
    remedy: str
    english: tuple[str, str]
    facts: Mapping[str, str]


def told(saying: Saying, match: re.Match[str]) -> Told:
    """What a sentence tells that matched this saying."""
    text = match.string
    facts = {
        name: "" if value is None or value.strip() in _UNKNOWN else value.strip()
        for name, value in match.groupdict().items()
    }
    stated = _ROW.search(text)
    row = facts.get("row") or (stated[1] if stated else "0")
    sheet = _SHEET.search(text)
    column = _COLUMN.search(text)
    seen = {name: shown(value) or "?" for name, value in facts.items()}
    problem, remedy = (sentence.format(**seen) for sentence in saying.ko)
    english = (saying.en[0].format(**seen), saying.en[1].format(**seen))
    return Told(
        key=saying.key,
        sheet=facts.get("sheet") or ((sheet[1] or sheet[2]) if sheet else saying.sheet),
        row=int(row[:9]),
        column=facts.get("column") or saying.column or (column[1] if column else ""),
        problem=problem,
        remedy=remedy,
        english=english,
        facts={name: value for name, value in facts.items() if name not in _PLACES},
    )
