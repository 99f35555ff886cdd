"""A search that is still being typed: whom it has shown so far, kept before it is shown.

Every syllable asks anew, and the access log wants one entry a search. What was shown meanwhile
stands here, in the same encrypted file, so that neither a lock nor a killed process loses it:
`access_log.append` makes an entry of it before it adds any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fieldapp.domain.ids import UserId
from fieldapp.storage.sqlite import Database


@dataclass(frozen=True, slots=True)
class OpenSearch:
    """What its entry is going to say.

    at: when it showed something last; shown: everybody it showed, in the order in which they came;
    fields: what it looked in; text: the keyed hash of the text that stood last; texts: how many
    texts were asked on the way to it.
    """

    at: datetime
    user: UserId
    shown: tuple[tuple[str, str], ...]
    fields: str
    text: str
    texts: int


def show(
    db: Database,
    *,
    at: datetime,
    user: UserId,
    fields: str,
    text: str,
    shown: Iterable[tuple[str, str]],
) -> None:
    """A search is about to show these, as a part of the one that is open, or beginning one."""
    db.execute(
        "INSERT INTO open_search (only, at, user, fields, text, texts)"
        " VALUES (1, ?1, ?2, ?3, ?4, 1) ON CONFLICT (only) DO UPDATE"
        " SET at = ?1, texts = texts + (text <> ?4), text = ?4",
        (at.isoformat(), user, fields, text),
    )
    db.execute_many(
        "INSERT INTO open_search_shown (list, id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        list(shown),
    )


def is_open(db: Database) -> bool:
    """Whether a search has shown something that no entry names yet."""
    return db.value("SELECT 1 FROM open_search") is not None


def take(db: Database) -> OpenSearch | None:
    """What was shown, for the entry that the caller writes in the same transaction; then none is
    open any more. None when there was none.
    """
    row = db.row("SELECT at, user, fields, text, texts FROM open_search")
    if row is None:
        return None
    at, user, fields, text, texts = row
    shown = db.rows("SELECT list, id FROM open_search_shown ORDER BY position")
    db.execute("DELETE FROM open_search")
    db.execute("DELETE FROM open_search_shown")
    return OpenSearch(
        at=datetime.fromisoformat(at),
        user=UserId(user),
        shown=tuple((list_name, entity_id) for list_name, entity_id in shown),
        fields=fields,
        text=text,
        texts=texts,
    )
