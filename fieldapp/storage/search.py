"""찾기: entities by any part of what they are known by, by 초성, by the end of a telephone number.

One line an entity, kept in the transaction that changes it: label, number, names, telephones and
addresses; no notes, so that what was said in confidence is not found by typing a word of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from fieldapp.domain.entity import NUMBER, EntityDoc
from fieldapp.domain.ids import EntityId
from fieldapp.storage.documents import read_stored_values
from fieldapp.storage.sqlite import Database, Row

_TELEPHONE = re.compile(r"(?:\w+_)?(?:phone|tel|mobile)\d*", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\w+_)?(?:addr|address|road)(?:_\w+)?", re.IGNORECASE)
#: The other properties by which a worker knows an entity.
_NAMED = re.compile(rf"{NUMBER}|content|(?:\w+_)?name", re.IGNORECASE)
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_BETWEEN_INITIALS = re.compile(f"[{_INITIALS}]+")
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_SYLLABLES_AN_INITIAL = 588
#: What people say of a telephone or a number: its end.
_NUMBER = re.compile(r"[0-9-]+")
_LINE = "\n"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that was found. detail: its address, else its telephone, else its number."""

    list: str
    entity_id: EntityId
    label: str
    detail: str
    state: str | None


def find(db: Database, text: str, limit: int = 50) -> tuple[Hit, ...]:
    """Entities in which every word of `text` occurs: those whose label begins with it first, then
    those of which a number ends with it, as people give the last four digits of a telephone.

    A word of 초성 is looked for among them; digits also in telephones without their hyphens.
    """
    words = _normalised(text).split()
    if not words:
        return ()
    column, first = ("choseong" if _is_choseong(words[0]) else "text"), words[0]
    ends = f"instr(s.text || '{_LINE}', ?) > 0" if _NUMBER.fullmatch(first) else "? IS NULL"
    rows = db.rows(
        # The text begins with the label: sorted here, where no document is read.
        "SELECT e.list, e.id, coalesce(e.local_doc, e.server_doc) FROM"  # noqa: S608 - constants
        f" (SELECT s.list, s.id, s.text, CASE WHEN instr(s.{column}, ?) = 1 THEN 0"
        f" WHEN {ends} THEN 1 ELSE 2 END AS rank FROM search s"
        f" WHERE {_having(words)} ORDER BY rank, s.text, s.id LIMIT ?) s"
        " CROSS JOIN entity e ON e.list = s.list AND e.id = s.id"
        " ORDER BY s.rank, s.text, s.id",
        (first, first + _LINE, *words, limit),
    )
    return tuple(
        _hit(list_name, entity_id, read_stored_values(doc)) for list_name, entity_id, doc in rows
    )


def ids_in(db: Database, list_name: str, text: str) -> frozenset[str]:
    """The entities of one list that `find` would name, however many; no document is read."""
    words = _normalised(text).split()
    if not words:
        return frozenset()
    rows = db.rows(
        f"SELECT s.id FROM search s WHERE {_having(words)} AND s.list = ?",  # noqa: S608 - constants
        (*words, list_name),
    )
    return frozenset(entity_id for (entity_id,) in rows)


def ids_by_label(db: Database, list_name: str, text: str, limit: int) -> tuple[str, ...]:
    """The first entities of a list, by label, whose label has the text as it is typed: each letter
    itself or as 초성, so that `김ㅊㅅ` is on its way to 김철수. No document is read.
    """
    wanted = _normalised(text)
    leads = choseong(wanted)
    if leads == wanted or not any(letter in _INITIALS for letter in wanted):
        column = "choseong" if leads == wanted else "text"
        found = _with_label(db, list_name, column, wanted, limit=limit)
        return tuple(entity_id for entity_id, _ in found)
    # Its longest part without 초성 stands in the label as it is.
    whole = max(_BETWEEN_INITIALS.split(wanted), key=len)
    candidates = _with_label(db, list_name, "text", whole)
    fitting = (entity_id for entity_id, text in candidates if _fits(wanted, leads, text))
    return tuple(islice(fitting, limit))


def _with_label(
    db: Database, list_name: str, column: str, text: str, *, limit: int = -1
) -> list[Row]:
    """The entities whose label has the text (or has it as its 초성) and what is written of each, by
    label.
    """
    return db.rows(
        # The label is the first line of the text, and 초성 stand where their syllables do.
        "SELECT s.id, s.text FROM search s WHERE s.list = ?1"  # noqa: S608 - constants
        f" AND instr(s.{column}, ?2) > 0 AND instr(s.{column}, ?2) + length(?2)"
        f" <= instr(s.text || '{_LINE}', '{_LINE}') ORDER BY s.text, s.id LIMIT ?3",
        (list_name, text, limit),
    )


def put(db: Database, list_name: str, entity_id: str, doc: EntityDoc) -> None:
    """Bring the line of an entity up to its document; an alias has none."""
    if doc.merged_into is not None:
        remove(db, list_name, entity_id)
        return
    text = _normalised(_LINE.join(_known_by(doc)))
    db.execute(
        "INSERT INTO search (list, id, text, choseong) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (list, id) DO UPDATE SET text = excluded.text, choseong = excluded.choseong",
        (list_name, entity_id, text, choseong(text)),
    )


def remove(db: Database, list_name: str, entity_id: str) -> None:
    """An entity is found no more."""
    db.execute("DELETE FROM search WHERE list = ? AND id = ?", (list_name, entity_id))


def choseong(text: str) -> str:
    """Each syllable as its first consonant; everything else as it is."""
    return "".join(
        _INITIALS[(ord(character) - _FIRST_SYLLABLE) // _SYLLABLES_AN_INITIAL]
        if _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE
        else character
        for character in text
    )


def _having(words: Sequence[str]) -> str:
    """SQL: every word occurs in a line, as 초성 where it is of them; a parameter for each word."""
    return " AND ".join(
        f"instr({'s.choseong' if _is_choseong(word) else 's.text'}, ?) > 0" for word in words
    )


def _fits(wanted: str, leads: str, text: str) -> bool:
    """Whether somewhere in the label each letter stands itself or as its 초성."""
    label = text.partition(_LINE)[0]
    initials = choseong(label)
    start = initials.find(leads)
    while start >= 0:
        if all(
            letter in (label[place], initials[place]) for place, letter in enumerate(wanted, start)
        ):
            return True
        start = initials.find(leads, start + 1)
    return False


def _known_by(doc: EntityDoc) -> list[str]:
    lines = [doc.label]
    for name, value in sorted(doc.props.items()):
        is_telephone = _TELEPHONE.fullmatch(name) is not None
        if is_telephone or _ADDRESS.fullmatch(name) or _NAMED.fullmatch(name):
            lines.append(value)
        if is_telephone:
            lines.append(re.sub(r"\D", "", value))
    return lines


def _hit(list_name: str, entity_id: str, doc: EntityDoc) -> Hit:
    detail = _first(doc, _ADDRESS) or _first(doc, _TELEPHONE) or doc.props.get(NUMBER, "")
    return Hit(list_name, EntityId(entity_id), doc.label, detail, doc.state)


def _first(doc: EntityDoc, names: re.Pattern[str]) -> str:
    return next((doc.props[name] for name in sorted(doc.props) if names.fullmatch(name)), "")


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _is_choseong(word: str) -> bool:
    """Whether a word has 초성 and no whole syllable (`ㄱㅅ`, `ㄱ-2`)."""
    return any(character in _INITIALS for character in word) and choseong(word) == word
