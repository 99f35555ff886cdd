"""Who fills which seat of a joint record (formats F6)."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.access import Worker
from fieldapp.domain.workflow import seats_to_sign
from fieldapp.packs import Pack
from fieldapp.storage import entities
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity

#: The list of people who may sit in a seat; `user` is their account's display name.
MONITORS = "monitor"
USER = "user"
PIN = "pin"


def seats_of(pack: Pack) -> tuple[str, ...]:
    """The seats of a form: those that sign, then those that only fill a part."""
    parts = (part.seat for part in pack.plans.parts)
    return tuple(dict.fromkeys((*seats_to_sign(pack.plans.workflow), *parts)))


def monitor_in(db: Database, seat: str, answers: Mapping[str, str]) -> StoredEntity | None:
    """Who was given the seat: the answer of the question that has the seat's name."""
    person = next(
        (value for path, value in answers.items() if path.rpartition("/")[2] == seat), None
    )
    return None if person is None else entities.find_or_none(db, MONITORS, person)


def seat_of(db: Database, worker: Worker, pack: Pack, answers: Mapping[str, str]) -> str:
    """The worker's own seat; "" for none."""
    for seat in seats_of(pack):
        person = monitor_in(db, seat, answers)
        if person is not None and person.doc.props.get(USER) == worker.name:
            return seat
    return ""
