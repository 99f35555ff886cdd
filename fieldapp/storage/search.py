"""찾기: entities by any part of what they are known by, by 초성, by the end of a telephone number.

One line an entity, kept in the transaction that changes it: label, number, names, telephones and
addresses; no notes, so that what was said in confidence is not found by typing a word of it.

What few lines may have is looked up by its pieces (grams.py), looked into and sorted. What many
have is met soon enough by reading all in their order, and nothing is sorted then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

import msgspec

from fieldapp.domain.entity import NUMBER, EntityDoc
from fieldapp.domain.ids import EntityId
from fieldapp.storage.collation import folded, keys_from, sort_key
from fieldapp.storage.documents import read_stored_values
from fieldapp.storage.grams import (
    INITIALS,
    LINE,
    ByWord,
    asked,
    asked_at_beginning,
    asked_at_end,
    asked_of_list,
    choseong,
    grams,
    is_choseong,
    syllables_of,
)
from fieldapp.storage.sqlite import Database, Row

_TELEPHONE = re.compile(r"(?:\w+_)?(?:phone|tel|mobile)\d*", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\w+_)?(?:addr|address|road)(?:_\w+)?", re.IGNORECASE)
#: The other properties by which a worker knows an entity.
_NAMED = re.compile(rf"{NUMBER}|content|(?:\w+_)?name", re.IGNORECASE)
_NO_DIGIT = re.compile(r"\D")
_BETWEEN_INITIALS = re.compile(f"[{INITIALS}]+")
#: What people say of a telephone or a number: its end.
_NUMBER = re.compile(r"[0-9-]+")
#: Up to so many lines are looked into one by one. More of 100,000 are met so often in their order
#: that fifty are found among the first few thousand.
_FEW = 2_000
#: Among so many times the rows wanted, enough mostly fit letter by letter.
_OFTEN_ENOUGH = 8

#: List and id of an entity.
Key: TypeAlias = tuple[str, str]
#: Its sort key and text.
_Line: TypeAlias = tuple[str, str]


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
    those of which a number ends with it, as people give the last four digits of a telephone; those
    alike by label.

    A word of 초성 is looked for among them; digits also in telephones without their hyphens.
    """
    words = folded(text).split()
    if not words:
        return ()
    found = list(islice(_ranked(db, words, limit), limit))
    rows = db.rows(
        "SELECT e.list, e.id, coalesce(e.local_doc, e.server_doc) FROM json_each(?) found"
        " CROSS JOIN search s ON s.position = found.value"
        " CROSS JOIN entity e ON e.list = s.list AND e.id = s.id ORDER BY found.key",
        (_json(found),),
    )
    return tuple(
        _hit(list_name, entity_id, read_stored_values(doc)) for list_name, entity_id, doc in rows
    )


def ids_in(db: Database, list_name: str, text: str) -> frozenset[str]:
    """The entities of one list that `find` would name, however many; no document is read."""
    words = folded(text).split()
    if not words:
        return frozenset()
    rows = db.rows(
        "SELECT s.id FROM search_gram g CROSS JOIN search s ON s.position = g.rowid"  # noqa: S608
        f" WHERE g.search_gram MATCH ? AND {_having(words)}",
        (f"{asked_of_list(list_name)} AND {asked(words)}", *words),
    )
    return frozenset(entity_id for (entity_id,) in rows)


def ids_by_label(db: Database, list_name: str, text: str, limit: int) -> tuple[str, ...]:
    """The first entities of a list, by label, whose label has the text as it is typed: each letter
    itself or as 초성, so that `김ㅊㅅ` is on its way to 김철수. No document is read.
    """
    wanted = folded(text)
    leads = choseong(wanted)
    if leads == wanted or not any(letter in INITIALS for letter in wanted):
        column = "choseong" if leads == wanted else "text"
        found = _with_label(db, list_name, column, wanted, limit=limit)
        return tuple(entity_id for entity_id, _ in found)
    # Its longest part without 초성 stands in the label as it is.
    whole = max(_BETWEEN_INITIALS.split(wanted), key=len)
    for reach in (_OFTEN_ENOUGH * limit, -1):
        candidates = _with_label(db, list_name, "text", whole, also=leads, limit=reach)
        fitting = [entity_id for entity_id, text in candidates if _fits(wanted, leads, text)]
        if len(fitting) >= limit or len(candidates) != reach:
            break
    return tuple(fitting[:limit])


def put_all(db: Database, entities: Iterable[tuple[str, str, EntityDoc]]) -> None:
    """Bring the lines of entities (list, id, document) up to their documents, each named once: a
    statement for all of them. An alias has no line.
    """
    lines: dict[Key, _Line] = {}
    for list_name, entity_id, doc in entities:
        if doc.merged_into is not None:
            remove(db, list_name, entity_id)
            continue
        text = folded(LINE.join(_known_by(doc)))
        lines[list_name, entity_id] = (sort_key(text.partition(LINE)[0]), text)
    stale: dict[Key, int] = {}
    for list_name, entity_id, position, *line in db.rows(
        "SELECT s.list, s.id, s.position, s.sort_key, s.text FROM json_each(?) asked CROSS JOIN"
        " search s ON s.list = asked.value ->> 0 AND s.id = asked.value ->> 1",
        (msgspec.json.encode(list(lines)).decode(),),
    ):
        if lines[list_name, entity_id] == tuple(line):
            del lines[list_name, entity_id]
        else:
            stale[list_name, entity_id] = position
    if lines:
        _write(db, lines, stale)


def remove(db: Database, list_name: str, entity_id: str) -> None:
    """An entity is found no more."""
    for (position,) in db.rows(
        "DELETE FROM search WHERE list = ? AND id = ? RETURNING position", (list_name, entity_id)
    ):
        db.execute("DELETE FROM search_gram WHERE rowid = ?", (position,))


def sweep(db: Database) -> None:
    """Take the pieces of removed lines out of the file: FTS5 only marks them, until it next merges.

    Writes all pieces anew (0.1 s for 20,000 entities): for what must be gone, not what is hidden.
    """
    db.execute("INSERT INTO search_gram (search_gram) VALUES ('optimize')")


def _write(db: Database, lines: Mapping[Key, _Line], stale: Mapping[Key, int]) -> None:
    """By list and id the sort key and text of lines to write, those that stand at a position first
    taken from there.
    """
    last = db.count("SELECT max(position) FROM search")
    db.execute_many("DELETE FROM search_gram WHERE rowid = ?", [(at,) for at in stale.values()])
    db.execute_many("DELETE FROM search WHERE position = ?", [(at,) for at in stale.values()])
    # FTS5 takes rows in ascending order without writing out what it gathered; the indexes take
    # neighbours while their pages are at hand.
    by_label = sorted(lines.keys() - stale.keys(), key=lines.__getitem__)
    placed = [
        *sorted((at, key) for key, at in stale.items()),
        *enumerate(by_label, last + 1),
    ]
    initials = [choseong(lines[key][1]) for _, key in placed]
    db.execute_many(
        "INSERT INTO search (position, list, id, sort_key, text, choseong)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (position, *key, *lines[key], leads)
            for (position, key), leads in zip(placed, initials, strict=True)
        ],
    )
    by_word: ByWord = {}
    db.execute_many(
        "INSERT INTO search_gram (rowid, grams) VALUES (?, ?)",
        [
            (position, grams(key[0], lines[key][1], leads, by_word))
            for (position, key), leads in zip(placed, initials, strict=True)
        ],
    )


def _ranked(db: Database, words: Sequence[str], limit: int) -> Iterator[int]:
    """The positions of lines that have every word, the best first."""
    column, first = ("choseong" if is_choseong(words[0]) else "text"), words[0]
    anywhere = asked(words)
    begins = f"instr(s.{column}, ?1) = 1"
    ends = f"instr(s.text || '{LINE}', ?2) > 0" if _NUMBER.fullmatch(first) else "0 AND ?2 IS NULL"
    having = _having(words, first_parameter=3)
    values = (first, first + LINE, *words)
    few = _few(db, anywhere)
    if few is not None:
        yield from _sorted(
            db, few, f"CASE WHEN {begins} THEN 0 WHEN {ends} THEN 1 ELSE 2 END", having, values
        )
        return
    few = _few(db, f"{asked_at_beginning(first)} AND {anywhere}")
    if few is not None:
        yield from _sorted(db, few, "NULL", f"{begins} AND {having}", values)
    else:
        for low, high in _beginning_so(first):
            within = f"s.sort_key BETWEEN ?{len(values) + 1} AND ?{len(values) + 2}"
            condition = f"{within} AND {begins} AND {having}"
            yield from _in_order(db, condition, (*values, low, high), limit)
    if _NUMBER.fullmatch(first):
        condition = f"NOT ({begins}) AND {ends} AND {having}"
        few = _few(db, f"{asked_at_end(first)} AND {anywhere}")
        if few is not None:
            yield from _sorted(db, few, "NULL", condition, values)
        else:
            yield from _in_order(db, condition, values, limit)
    yield from _in_order(db, f"NOT ({begins}) AND NOT ({ends}) AND {having}", values, limit)


def _beginning_so(word: str) -> Iterator[tuple[str, str]]:
    """Between which keys the labels lie that begin with the word, in their order."""
    if not is_choseong(word):
        yield keys_from(word)
        return
    yield keys_from(word[0])
    if word[0] in INITIALS:
        first, last = syllables_of(word[0])
        yield first, keys_from(last)[1]


def _few(db: Database, match: str) -> list[int] | None:
    """The positions that have those pieces, None when they are too many to look into each."""
    rows = db.rows(
        "SELECT rowid FROM search_gram WHERE search_gram MATCH ? LIMIT ?", (match, _FEW + 1)
    )
    return None if len(rows) > _FEW else [position for (position,) in rows]


def _sorted(
    db: Database, positions: Sequence[int], rank: str, condition: str, values: Sequence[str]
) -> Iterator[int]:
    """Those of the positions whose lines meet the condition, by rank and label."""
    rows = db.rows(
        f"SELECT s.position FROM json_each(?{len(values) + 1}) g"  # noqa: S608 - constants
        f" CROSS JOIN search s ON s.position = g.value WHERE {condition}"
        f" ORDER BY {rank}, s.sort_key, s.id",
        (*values, _json(positions)),
    )
    return (position for (position,) in rows)


def _in_order(db: Database, condition: str, values: Sequence[str], limit: int) -> Iterator[int]:
    """The first lines by label that meet the condition: read until they are enough."""
    rows = db.rows(
        f"SELECT s.position FROM search s INDEXED BY search_order WHERE {condition}"  # noqa: S608
        f" ORDER BY s.sort_key, s.id LIMIT ?{len(values) + 1}",
        (*values, limit),
    )
    return (position for (position,) in rows)


def _with_label(
    db: Database, list_name: str, column: str, text: str, *, also: str = "", limit: int = -1
) -> list[Row]:
    """The entities whose label has the text (or has it as its 초성) and what is written of each, by
    label. also: what their lines have besides, as 초성.
    """
    pieces = asked((*text.split(), *also.split()))
    match = asked_of_list(list_name) + (f" AND {pieces}" if pieces else "")
    # The label is the first line of the text, and 초성 stand where their syllables do.
    condition = (
        f"s.list = ?1 AND instr(s.{column}, ?2) > 0 AND instr(s.{column}, ?2) + length(?2)"
        f" <= instr(s.text || '{LINE}', '{LINE}') AND instr(s.choseong, ?4) > 0"
    )
    few = _few(db, match)
    if few is None:
        source = "search s INDEXED BY search_order"
        values: tuple[str | int, ...] = (list_name, text, limit, also)
    else:
        source = "json_each(?5) g CROSS JOIN search s ON s.position = g.value"
        values = (list_name, text, limit, also, _json(few))
    return db.rows(
        f"SELECT s.id, s.text FROM {source} WHERE {condition}"  # noqa: S608 - constants
        " ORDER BY s.sort_key, s.id LIMIT ?3",
        values,
    )


def _having(words: Sequence[str], *, first_parameter: int = 2) -> str:
    """SQL: every word occurs in a line, as 초성 where it is of them; a parameter for each word."""
    return " AND ".join(
        f"instr({'s.choseong' if is_choseong(word) else 's.text'}, ?{number}) > 0"
        for number, word in enumerate(words, first_parameter)
    )


def _fits(wanted: str, leads: str, text: str) -> bool:
    """Whether somewhere in the label each letter stands itself or as its 초성."""
    label = text.partition(LINE)[0]
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
        is_known, is_telephone = _says(name)
        if is_known:
            lines.append(value)
        if is_telephone:
            lines.append(_NO_DIGIT.sub("", value))
    return lines


@lru_cache(maxsize=1_000)
def _says(name: str) -> tuple[bool, bool]:
    """Whether an entity is known by a property of this name, and whether that is a telephone."""
    is_telephone = _TELEPHONE.fullmatch(name) is not None
    is_named = any(names.fullmatch(name) is not None for names in (_ADDRESS, _NAMED))
    return is_telephone or is_named, is_telephone


def _hit(list_name: str, entity_id: str, doc: EntityDoc) -> Hit:
    detail = _first(doc, _ADDRESS) or _first(doc, _TELEPHONE) or doc.props.get(NUMBER, "")
    return Hit(list_name, EntityId(entity_id), doc.label, detail, doc.state)


def _first(doc: EntityDoc, names: re.Pattern[str]) -> str:
    return next((doc.props[name] for name in sorted(doc.props) if names.fullmatch(name)), "")


def _json(positions: Sequence[int]) -> str:
    return msgspec.json.encode(positions).decode()
