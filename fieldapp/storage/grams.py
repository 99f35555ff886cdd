"""What a line of 찾기 is looked up by, and what a word that is typed asks for.

Pairs of letters, since Korean words are short and run into what follows them: 김순례 has 김순, 순례
and, its end marked, 례〓, so that every single syllable begins a pair. The same of its 초성. Beside
them what a pair alone would find too much of: how the line begins, four digits in a row, and the
last digits of each of its parts, backwards. All are words of FTS5's index, which keeps for each the
lines that have it and nothing else; the words stand in any order there, so whoever finds a line
looks into it once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import add
from typing import TypeAlias

#: By a word of lines what it is looked up by.
ByWord: TypeAlias = dict[str, frozenset[str]]

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
#: Between the parts of a line: label, number, telephones, addresses.
LINE = "\n"
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_SYLLABLES_AN_INITIAL = 588
_INITIAL_OF = {
    code: INITIALS[(code - _FIRST_SYLLABLE) // _SYLLABLES_AN_INITIAL]
    for code in range(_FIRST_SYLLABLE, _LAST_SYLLABLE + 1)
}
_END = "〓"
#: Before what is no pair: nobody types these.
_BEGINNING, _FOUR, _TAIL, _LIST = "\ue080", "\ue081", "\ue082", "\ue083"
#: Only ASCII letters and digits are parts of a word to FTS5's tokenizer `ascii`, and all beyond it.
_IN_A_WORD = {
    code: 0xE000 + code
    for code in range(128)
    if not chr(code).isalnum() and not chr(code).isspace()
}
_DIGITS = re.compile("[0-9]{4,}")
_DIGITS_AT_END = re.compile(r"[0-9-]{1,4}\Z")
#: Of beginnings and ends each length up to this is kept: none is looked up by a part of it.
_LONGEST = 4
#: Of a text that was pasted: a line that has these has the rest, or is refused when looked into.
_MOST_ASKED = 24


def choseong(text: str) -> str:
    """Each syllable as its first consonant; everything else as it is."""
    return text.translate(_INITIAL_OF)


def is_choseong(word: str) -> bool:
    """Whether a word has 초성 and no whole syllable (`ㄱㅅ`, `ㄱ-2`)."""
    return any(character in INITIALS for character in word) and choseong(word) == word


def syllables_of(initial: str) -> tuple[str, str]:
    """The first and the last syllable that begin with the consonant."""
    first = _FIRST_SYLLABLE + INITIALS.index(initial) * _SYLLABLES_AN_INITIAL
    return chr(first), chr(first + _SYLLABLES_AN_INITIAL - 1)


def grams(list_name: str, text: str, initials: str, by_word: ByWord | None = None) -> str:
    """Everything one line is looked up by, with spaces between; text folded, initials its 초성.

    by_word: what words of other lines gave, and then of this one: addresses repeat theirs. Held no
    longer than its lines are written, since they are words about people.
    """
    known = {} if by_word is None else by_word
    found = {_in_a_word(_LIST + list_name)}
    for word, leads in zip(text.split(), initials.split(), strict=True):
        pieces = known.get(word)
        if pieces is None:
            pieces = known[word] = _of_word(_in_a_word(word), _in_a_word(leads))
        found.update(pieces)
    for line in (text, initials):
        if line and not line[0].isspace():
            found.update(_beginnings(_BEGINNING, line.split(None, 1)[0]))
    for part in text.split(LINE):
        tail = _DIGITS_AT_END.search(part[-_LONGEST:])
        if tail is not None:
            found.update(_beginnings(_TAIL, tail[0][::-1]))
    return " ".join(found)


def asked(words: Iterable[str]) -> str:
    """FTS5: lines that may have each of the words somewhere."""
    return " AND ".join(gram for word in words for gram in _asked(word))


def asked_of_list(list_name: str) -> str:
    """FTS5: the lines of a list."""
    return _quoted(_LIST + list_name)


def asked_at_beginning(word: str) -> str:
    """FTS5: lines that may begin with the word."""
    return _quoted(_BEGINNING + word[:_LONGEST])


def asked_at_end(word: str) -> str:
    """FTS5: lines of which a part may end with the digits (and hyphens) of the word."""
    return _quoted(_TAIL + word[::-1][:_LONGEST])


def _of_word(word: str, leads: str) -> frozenset[str]:
    pieces = [*_pairs(word + _END), *_fours(word)]
    if leads != word:
        pieces += _pairs(leads + _END)
    return frozenset(pieces)


def _asked(word: str) -> Iterator[str]:
    if len(word) == 1:
        yield _quoted(word) + "*"
        return
    fours = sorted(set(_fours(word)))
    pairs = [] if fours and word.isdigit() else sorted(set(_pairs(word)))
    for gram in [*fours, *pairs][:_MOST_ASKED]:
        yield _quoted(gram)


def _beginnings(mark: str, word: str) -> list[str]:
    start = mark + _in_a_word(word[:_LONGEST])
    return [start[:length] for length in range(2, len(start) + 1)]


def _pairs(word: str) -> Iterator[str]:
    return map(add, word, word[1:])


def _fours(text: str) -> list[str]:
    return [
        _FOUR + run[place : place + 4]
        for run in _DIGITS.findall(text)
        for place in range(len(run) - 3)
    ]


def _quoted(gram: str) -> str:
    return f'"{_in_a_word(gram)}"'


def _in_a_word(text: str) -> str:
    return text.translate(_IN_A_WORD)
