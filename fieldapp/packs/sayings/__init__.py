"""Everything pyxform says, told to an officer in Korean and English.

pyxform tells a mistake as one English sentence. Here each kind of sentence has its entry: the
piece by which it is known, what it means, what to do. A sentence without an entry is told in
general words, with the place it names; a test reads the installed pyxform and sees to it that each
of its sentences has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from fieldapp.packs.findings import shown
from fieldapp.packs.sayings.crashes import crash_told
from fieldapp.packs.sayings.entities import ENTITIES
from fieldapp.packs.sayings.files import FILES
from fieldapp.packs.sayings.names import NAMES
from fieldapp.packs.sayings.parameters import PARAMETERS
from fieldapp.packs.sayings.questions import QUESTIONS
from fieldapp.packs.sayings.saying import Saying, Told, told

__all__ = ["CATALOGUE", "OTHER", "Told", "crash_told", "told_by"]

CATALOGUE: Final = (*ENTITIES, *NAMES, *PARAMETERS, *QUESTIONS, *FILES)
#: The key of what no entry knows.
OTHER: Final = "other"
#: No sentence needs more; what a cell adds to one is the workbook's, not pyxform's.
_LONGEST: Final = 4_000
_MOST: Final = 100
_KNOWN: Final = tuple((re.compile(saying.said, re.DOTALL), saying) for saying in CATALOGUE)
#: pyxform joins mistakes of one kind with line ends.
_BETWEEN: Final = re.compile(r"\n(?=\[row : |Language '|Instance names must)")


def told_by(text: str) -> tuple[Told, ...]:
    """What one of pyxform's texts tells, a mistake each; at least one, at most a hundred."""
    sentences = _BETWEEN.split(text)[:_MOST]
    return tuple(_told(sentence[:_LONGEST]) for sentence in sentences)


def _told(sentence: str) -> Told:
    return next(_matches(sentence), None) or _in_general(sentence)


def _matches(sentence: str) -> Iterator[Told]:
    for known, saying in _KNOWN:
        match = known.search(sentence)
        if match:
            yield told(saying, match)


def _in_general(sentence: str) -> Told:
    """The place it names, and its own words: better in English than not at all."""
    words = shown(sentence, 160).replace("{", "{{").replace("}", "}}")
    general = Saying(
        OTHER,
        r"\A",
        ko=("pyxform이 받지 않는 내용입니다.", f"표시된 곳을 고치세요. (pyxform: {words})"),
        en=("pyxform does not accept this.", f"Mend the place named. (pyxform: {words})"),
    )
    match = re.search(general.said, sentence)
    assert match is not None  # noqa: S101 - the beginning of a text is always there
    return told(general, match)
