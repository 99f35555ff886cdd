"""찾기 (Ctrl+K): people, households, sites and improvements by name, 초성, phone or number."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.storage import search
from fieldapp.usecases.access_log import note_search, settle_search
from fieldapp.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: an entity, its label, and what tells it from others of that name."""

    list: str
    entity_id: str
    label: str
    detail: str


def find(session: Session, text: str, limit: int = 50) -> tuple[Hit, ...]:
    """What fits, best first; nothing for an empty text. One search after the other is one to the
    access log until `settle`.
    """
    if not text.strip():
        return ()
    with session.store.reading() as db:
        hits = tuple(
            Hit(hit.list, hit.entity_id, hit.label, hit.detail)
            for hit in search.find(db, text.strip(), limit)
        )
    note_search(session, text.strip(), [(hit.list, hit.entity_id) for hit in hits])
    return hits


def settle(session: Session) -> None:
    """The search has come to its end: something was opened, or nobody types any more."""
    settle_search(session)
