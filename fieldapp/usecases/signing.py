"""공동 확인: the two who filled a joint record sign it, on two laptops or on one (formats F6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldapp.clock import KOREA, instant_text
from fieldapp.crypto.passwords import verify_password
from fieldapp.domain.canonical import canonical_json
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes, PatchLine
from fieldapp.domain.record import Signature
from fieldapp.domain.shapes import to_wire
from fieldapp.domain.workflow import (
    seats_to_sign,
    signed_hash,
    signing_step,
    standing_signatures,
)
from fieldapp.errors import EntityMissing, NotToSignYet, PinMissing, SeatTaken, WrongPin
from fieldapp.packs import seat_words
from fieldapp.storage import answers, entities, records
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity
from fieldapp.storage.records import StoredRecord
from fieldapp.usecases.hiding import pin_verifier
from fieldapp.usecases.lists import change
from fieldapp.usecases.records import title_of
from fieldapp.usecases.seats import MONITORS, PIN, USER, monitor_in
from fieldapp.usecases.session import Session, append_operation, record_ref


@dataclass(frozen=True, slots=True)
class SeatState:
    """One seat: who sits there, and whether and how they signed what stands now."""

    seat: str
    title: str
    name: str
    signed_at: datetime | None
    same_device: bool
    can_sign: bool
    can_sign_by_pin: bool


@dataclass(frozen=True, slots=True)
class SigningState:
    """A record that is to be signed. problem: why it cannot be now, "" when it can."""

    record_id: RecordId
    title: str
    state: str
    seats: tuple[SeatState, ...]
    problem: str

    @property
    def is_ready(self) -> bool:
        """Whether somebody may sign now."""
        return not self.problem


def signing(session: Session, record_id: RecordId) -> SigningState:
    """Who signed a record and who may. Raises RecordMissing, PackMissing."""
    with session.store.reading() as db:
        stored = records.find(db, record_id)
        pack = session.catalogue.find(stored.doc.form)
        seats = tuple(
            _seat(session, db, stored, seat) for seat in seats_to_sign(pack.plans.workflow)
        )
    step = signing_step(pack.plans.workflow)
    is_time = step is not None and stored.doc.state == step.source
    return SigningState(
        record_id=record_id,
        title=title_of(pack.plans.title, stored.doc.answers),
        state=stored.doc.state,
        seats=seats,
        problem="" if is_time else f"'{stored.doc.state}' 상태입니다.",
    )


def sign(session: Session, record_id: RecordId, seat: str, *, pin: str | None = None) -> Changes:
    """Sign for a seat: one's own, or with the PIN of the one who sits there (`같은 기기`).

    The server completes the record when both stand. Raises NotToSignYet, SeatTaken, WrongPin,
    PinMissing, EntityMissing (nobody was given the seat).
    """
    with session.store.writing() as db:
        stored = records.find(db, record_id)
        pack = session.catalogue.find(stored.doc.form)
        step = signing_step(pack.plans.workflow)
        if step is None or stored.doc.state != step.source:
            raise NotToSignYet(state=stored.doc.state)
        person = monitor_in(db, seat, stored.doc.answers)
        if person is None:
            raise EntityMissing(list=MONITORS, entity_id=seat)
        name = person.doc.props.get(USER, person.doc.label)
        is_own = name == session.worker.name
        _check(stored, seat, name)
        if not is_own:
            _check_pin(person, name, pin or "")
        at = session.clock.now().astimezone(KOREA)
        signature = Signature(
            by=name,
            at=instant_text(at),
            part=seat,
            hash=signed_hash(stored.doc.answers),
            same_device=not is_own,
        )
        before = next((one for one in stored.doc.signatures if one.part == seat), None)
        operation = append_operation(
            session,
            db,
            object=record_ref(record_id),
            kind="change",
            form=stored.doc.form,
            patch=(
                PatchLine(
                    path=f"@signed/{seat}",
                    old=None if before is None else _text(before),
                    new=_text(signature),
                ),
            ),
            base=stored.base,
        )
        records.apply_operation(db, operation, kind=stored.doc.kind)
        answers.project(db, records.find(db, record_id), pack.plans.projection)
    return Changes(records=frozenset({record_id}), outbox=True)


def set_pin(session: Session, pin: str) -> Changes:
    """Set one's own four digits; they reach the other laptops with the next 주고받기.

    Raises WeakPin, EntityMissing (the worker is in no team).
    """
    verifier = pin_verifier(pin)
    with session.store.writing() as db:
        mine = entities.where(db, MONITORS, USER, session.worker.name)
        if not mine:
            raise EntityMissing(list=MONITORS, entity_id="-")
        me = change(session, db, MONITORS, mine[0].entity_id, {PIN: verifier})
    return Changes(entities=frozenset({me}), outbox=True)


def _check(stored: StoredRecord, seat: str, name: str) -> None:
    others = standing_signatures(stored.doc.signatures, stored.doc.answers)
    if any(one.by == name and one.part != seat for one in others):
        raise SeatTaken(name=name)


def _check_pin(person: StoredEntity, name: str, pin: str) -> None:
    verifier = person.doc.props.get(PIN)
    if verifier is None:
        raise PinMissing(name=name)
    if not verify_password(verifier, pin):
        raise WrongPin(name=name)


def _seat(session: Session, db: Database, stored: StoredRecord, seat: str) -> SeatState:
    person = monitor_in(db, seat, stored.doc.answers)
    name = "" if person is None else person.doc.props.get(USER, person.doc.label)
    standing = standing_signatures(stored.doc.signatures, stored.doc.answers)
    mark = next((one for one in standing if one.part == seat), None)
    is_mine = name == session.worker.name
    return SeatState(
        seat=seat,
        title=seat_words(seat),
        name=name,
        signed_at=None if mark is None else datetime.fromisoformat(mark.at),
        same_device=mark is not None and mark.same_device,
        can_sign=mark is None and is_mine,
        can_sign_by_pin=mark is None
        and not is_mine
        and person is not None
        and PIN in person.doc.props,
    )


def _text(signature: Signature) -> str:
    return canonical_json(to_wire(signature)).decode()
