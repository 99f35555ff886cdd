"""Offices as a worker knows them: how each is called, which are one's own, whose a record is."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.operation import Subject
from fieldapp.storage import entities, passing, places
from fieldapp.storage.collation import sort_key
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity
from fieldapp.storage.places import PRIVATE, Places
from fieldapp.usecases.session import Session

#: What an office is called that this device was not told of: a restricted case's own circle.
HIDDEN = "비공개 관할"
#: Hangul syllables, and how many of them share an initial and a vowel (Unicode, ch. 3.12).
_SYLLABLES, _FINALS, _RIEUL = 11_172, 28, 8
#: What is said to whoever sees what is at home elsewhere.
GUEST = "다른 관할과 함께 보는 대상입니다. {deed}은 그 관할에서 합니다."


@dataclass(frozen=True, slots=True)
class Office:
    """A place to choose: its scope, what people call it and what stands above it."""

    scope: str
    name: str
    above: str = ""


def office_name(known: Places, scope: str) -> str:
    """What people call a scope."""
    return HIDDEN if known.every and known.kind(scope) is None else known.label(scope)


def own_office(session: Session) -> str:
    """What people call the office that this profile works for."""
    with session.store.reading() as db:
        return office_name(places.known(db), session.worker.scope)


def toward(name: str) -> str:
    """`가상-햇살동으로`, `가상-복지로`: the particle is the one that the last letter asks for."""
    last = ord(name[-1]) - ord("가") if name else -1
    if not 0 <= last < _SYLLABLES:
        return f"{name}(으)로"
    return f"{name}로" if last % _FINALS in (0, _RIEUL) else f"{name}으로"


def offices(known: Places, *kinds: str, without: str = "") -> tuple[Office, ...]:
    """The offices of these kinds by name, all but one."""
    found = [
        Office(
            scope=one.id,
            name=one.label,
            above=known.label(one.parent) if one.parent is not None else "",
        )
        for one in known.every
        if one.kind in kinds and one.id != without
    ]
    return tuple(sorted(found, key=lambda office: (sort_key(office.name), office.scope)))


def is_own(session: Session, known: Places, scope: str) -> bool:
    """Whether this worker belongs to a scope, as far as this device knows."""
    return scope == session.worker.scope or scope in known.own


def home_of_record(session: Session, db: Database, subject: Subject | None) -> str:
    """Where a new record belongs: to the worker's office; about somebody whose case is restricted
    to its named members alone.
    """
    about = None if subject is None else entities.find_or_none(db, subject.list, subject.id)
    if about is None:
        return session.worker.scope
    known = places.known(db)
    return about.scope if known.kind(about.scope) == PRIVATE else session.worker.scope


def sent_away(session: Session, db: Database, list_name: str) -> frozenset[str]:
    """The entities of a list that were sent away and still stand here: lists leave them out."""
    homes = passing.homes_to_be(db, list_name)
    if not homes:
        return frozenset()
    known = places.known(db)
    return frozenset(one for one, scope in homes.items() if not is_own(session, known, scope))


def guest_refusal(session: Session, known: Places, entity: StoredEntity, deed: str) -> str:
    """Why somebody here may not pass an entity on, as far as this device knows; "" when they may.

    deed: what is done there instead, as `보내는 일`. Which scope is its home no document says: the
    server knows. But a card has no history, and is nobody's own.
    """
    is_card = entity.rev > 0 and not entity.doc.history
    if is_card or not is_own(session, known, entity.scope):
        return GUEST.format(deed=deed)
    return ""
