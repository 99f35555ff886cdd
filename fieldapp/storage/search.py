"""찾기: entities by any part of what they are known by, by 초성, by the end of a telephone number.

One line an entity, kept in the transaction that changes it: label, number, names, telephones and
addresses; no notes, so that what was said in confidence is not found by typing a word of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from fieldapp.domain.entity import NUMBER, EntityDoc
from fieldapp.domain.ids import EntityId
from fieldapp.storage.documents import read_stored_values
from fieldapp.storage.sqlite import Database

_TELEPHONE = re.compile(r"(?:\w+_)?(?:phone|tel|mobile)\d*", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\w+_)?(?:addr|address|road)(?:_\w+)?", re.IGNORECASE)
#: The other properties by which a worker knows an entity.
_NAMED = re.compile(rf"{NUMBER}|content|(?:\w+_)?name", re.IGNORECASE)
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_SYLLABLES_AN_INITIAL = 588
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
    """Entities in which every word of `text` occurs, those whose label begins with it first.

    A word of 초성 is looked for among them; digits also in telephones without their hyphens.
    """
    words = _normalised(text).split()
    if not words:
        return ()
    condition = " AND ".join(
        f"instr({'s.choseong' if _is_choseong(word) else 's.text'}, ?) > 0" for word in words
    )
    first = int(_is_choseong(words[0]))
    rows = db.rows(
        # The text begins with the label: sorted here, where no document is read.
        "SELECT e.list, e.id, coalesce(e.local_doc, e.server_doc) FROM"  # noqa: S608 - constants
        " (SELECT s.list, s.id, s.text,"
        " instr(CASE WHEN ? THEN s.choseong ELSE s.text END, ?) > 1 AS is_inside FROM search s"
        f" WHERE {condition} ORDER BY is_inside, s.text, s.id LIMIT ?) s"
        " CROSS JOIN entity e ON e.list = s.list AND e.id = s.id"
        " ORDER BY s.is_inside, s.text, s.id",
        (first, words[0], *words, limit),
    )
    return tuple(
        _hit(list_name, entity_id, read_stored_values(doc)) for list_name, entity_id, doc in rows
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
