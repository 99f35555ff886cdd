"""A pattern's text to its tree.

The dialect is what JavaScript (web-forms, Enketo) and Java (Collect) both read: classes, groups,
quantifiers with `?` and `+` behind, looking around, references, `\\p{…}`, `(?i)` at the beginning.
`\\d \\w \\s \\b` mean ASCII, as they do there.
"""

from __future__ import annotations

import re
from typing import Literal, NoReturn

from fieldapp.forms.xpath.patterns.tree import (
    DIGIT,
    LINE_END,
    SPACE,
    WORD,
    Again,
    Chars,
    Edge,
    Either,
    Group,
    Look,
    Range,
    Repeat,
    Sequence,
    Tree,
    complement,
)

LONGEST_PATTERN = 5_000
DEEPEST_NESTING = 30
MOST_REPEATS = 100_000

_COUNT = re.compile(r"\{([0-9]+)(?:(,)([0-9]+)?)?\}")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}")
_CATEGORY = re.compile(r"([pP])(?:\{\^?(?:Is|script=|sc=|gc=)?([A-Za-z]+)\}|([A-Z]))")
_REFERENCE = re.compile(r"k<([A-Za-z]\w*)>")
_NAMED_GROUP = re.compile(r"\(\?P?<([A-Za-z]\w*)>")
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "e": 27, "a": 7, "0": 0}
_CLASSES = {"d": DIGIT, "w": WORD, "s": SPACE}
_CATEGORIES = {
    "Alpha": "L", "Alphabetic": "L", "Letter": "L", "Uppercase": "Lu", "Upper": "Lu",
    "Lowercase": "Ll", "Lower": "Ll", "Digit": "Nd", "Number": "N", "Punct": "P",
    "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Mark": "M", "Space": "Z",
}  # fmt: skip
_KNOWN = re.compile(
    r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfson]?|Hangul|Han|Latin"
)


class PatternRefused(ValueError):
    """The text is no regular expression."""


def read(text: str) -> tuple[Tree, bool]:
    """The tree of a pattern, and whether it asks for any case; raises PatternRefused."""
    if len(text) > LONGEST_PATTERN:
        raise PatternRefused(text[:40])
    ignores_case = text.startswith("(?i)")
    return _Reader(text.removeprefix("(?i)")).whole(), ignores_case


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._depth = 0
        self._groups = 0
        self._names: dict[str, int] = {}

    def whole(self) -> Tree:
        tree = self._either()
        if self._place < len(self._text):
            self._refuse()
        return tree

    def _either(self) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            self._refuse()
        options = [self._sequence()]
        while self._takes("|"):
            options.append(self._sequence())
        self._depth -= 1
        return options[0] if len(options) == 1 else Either(tuple(options))

    def _sequence(self) -> Tree:
        items: list[Tree] = []
        while self._place < len(self._text) and self._text[self._place] not in "|)":
            items.append(self._repeated(self._atom()))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _repeated(self, item: Tree) -> Tree:
        match = _COUNT.match(self._text, self._place)
        low, high = 0, None
        if match is not None:
            low = int(match[1])
            high = low if match[2] is None else int(match[3]) if match[3] else None
            self._place = match.end()
            if max(low, high or 0) > MOST_REPEATS or (high is not None and high < low):
                self._refuse()
        elif self._takes("*"):
            pass
        elif self._takes("+"):
            low = 1
        elif self._takes("?"):
            high = 1
        else:
            return item
        if isinstance(item, Edge | Look):
            self._refuse()
        greed: Literal["", "?", "+"] = "?" if self._takes("?") else "+" if self._takes("+") else ""
        if self._place < len(self._text) and self._text[self._place] in "*+?":
            self._refuse()
        return Repeat(item, low, high, greed)

    # One thing

    def _atom(self) -> Tree:
        character = self._next()
        if character in "*+?":
            self._refuse()
        if character in _SIGNS:
            return _SIGNS[character]
        readers = {"(": self._group, "[": self._class, "\\": self._escape}
        reader = readers.get(character)
        return _one(ord(character)) if reader is None else reader()

    def _group(self) -> Tree:
        named = _NAMED_GROUP.match(self._text, self._place - 1)
        if named is not None:
            self._place = named.end()
            return self._captured(named[1])
        for opening, is_ahead, is_negative in _LOOKS:
            if self._takes(opening):
                return Look(self._closed(), is_ahead, is_negative)
        if self._takes("?:"):
            return self._closed()
        if self._text.startswith("?", self._place):
            self._refuse()
        return self._captured(None)

    def _captured(self, name: str | None) -> Tree:
        self._groups += 1
        if name is not None:
            self._names[name] = self._groups
        return Group(self._closed())

    def _closed(self) -> Tree:
        inner = self._either()
        if not self._takes(")"):
            self._refuse()
        return inner

    def _escape(self) -> Tree:
        reference = _REFERENCE.match(self._text, self._place)
        if reference is not None:
            self._place = reference.end()
            if reference[1] not in self._names:
                self._refuse()
            return Again(self._names[reference[1]])
        character = self._peek()
        if character in "123456789":
            self._place += 1
            if int(character) > self._groups:
                self._refuse()
            return Again(int(character))
        if character in _EDGES:
            self._place += 1
            return Edge(_EDGES[character])
        return self._chars()

    def _chars(self) -> Chars:
        """What an escape means inside a class and outside."""
        category = _CATEGORY.match(self._text, self._place)
        if category is not None:
            self._place = category.end()
            name = category[2] or category[3]
            name = _CATEGORIES.get(name, name)
            if not _KNOWN.fullmatch(name):
                self._refuse()
            return Chars((), ((name, category[1] == "P"),))
        code = _CODE.match(self._text, self._place)
        if code is not None:
            self._place = code.end()
            return _one(min(int(code[1] or code[2] or code[3], 16), 0x10FFFF))
        character = self._next()
        if character.lower() in _CLASSES:
            ranges = _CLASSES[character.lower()]
            return Chars(ranges if character.islower() else complement(ranges))
        if character == "c" and self._peek().isalpha():
            return _one(ord(self._next().upper()) % 32)
        return _one(_CONTROLS.get(character, ord(character)))

    # `[…]`

    def _class(self) -> Tree:
        is_negated = self._takes("^")
        ranges: list[Range] = []
        categories: list[tuple[str, bool]] = []
        is_first = True
        while is_first or not self._takes("]"):
            is_first = False
            if self._takes("]"):
                break  # `[]` holds nothing, `[^]` anything
            member = self._member()
            categories += member.categories
            ranges += self._until(member)
        return Chars(tuple(ranges), tuple(categories), is_negated)

    def _until(self, member: Chars) -> tuple[Range, ...]:
        """The member's ranges, or those from it to the one behind a hyphen."""
        is_range = self._text.startswith("-", self._place) and not self._text.startswith(
            "-]", self._place
        )
        if not is_range or not _is_one(member):
            return member.ranges
        self._place += 1
        end = self._member()
        if not _is_one(end):
            return (*member.ranges, (45, 45), *end.ranges)
        first, last = member.ranges[0][0], end.ranges[0][0]
        if last < first:
            self._refuse()
        return ((first, last),)

    def _member(self) -> Chars:
        character = self._next()
        if character != "\\":
            return _one(ord(character))
        if self._takes("b"):
            return _one(8)
        return self._chars()

    # Characters

    def _next(self) -> str:
        character = self._peek()
        self._place += 1
        return character

    def _peek(self) -> str:
        if self._place >= len(self._text):
            self._refuse()
        return self._text[self._place]

    def _takes(self, text: str) -> bool:
        if not self._text.startswith(text, self._place):
            return False
        self._place += len(text)
        return True

    def _refuse(self) -> NoReturn:
        raise PatternRefused(self._text)


_LOOKS = (
    ("?=", True, False),
    ("?!", True, True),
    ("?<=", False, False),
    ("?<!", False, True),
)
_SIGNS: dict[str, Tree] = {
    ".": Chars(LINE_END, is_negated=True),
    "^": Edge("start"),
    "$": Edge("end"),
}
_EDGES: dict[str, Literal["start", "end", "word", "not word"]] = {
    "b": "word",
    "B": "not word",
    "A": "start",
    "Z": "end",
    "z": "end",
}


def _one(code: int) -> Chars:
    return Chars(((code, code),))


def _is_one(chars: Chars) -> bool:
    return (
        len(chars.ranges) == 1 and not chars.categories and chars.ranges[0][0] == chars.ranges[0][1]
    )
