"""다른 동으로 보내기: a household goes to another office, with its persons and its open case (F8).

What will happen is told before, in words. Records stay with the office that made them. Until the
next 주고받기 has brought the answer whoever sent it may take it back; after that the other office
sends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fieldapp.clock import KOREA
from fieldapp.domain.access import may_pass_on
from fieldapp.domain.entity import HOME, SHARE, SOURCE_DELETED
from fieldapp.domain.ids import EntityId
from fieldapp.domain.operation import Changes, FormRef
from fieldapp.errors import (
    EntityMissing,
    ExchangeTrouble,
    PackMissing,
    ReasonMissing,
    TransitionRefused,
)
from fieldapp.packs import Pack
from fieldapp.storage import entities, meta, passing, places, records
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity
from fieldapp.storage.places import TOWN, Places
from fieldapp.usecases.caseload import HOUSEHOLDS, PERSONS
from fieldapp.usecases.homes import (
    GUEST,
    Office,
    guest_refusal,
    is_own,
    office_name,
    offices,
    toward,
)
from fieldapp.usecases.line import open_line
from fieldapp.usecases.session import Session, append_operation, entity_ref, newest_packs

#: What this is called, in messages and on buttons.
DEED = "다른 동으로 보내기"
DOING = "보내는 일"
#: A case in one of these is over, and stays.
_CLOSED = frozenset({"종결", SOURCE_DELETED})


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What sending a household away would do.

    refusal: why it cannot be sent from here, "" when it can; goes, stays, after: sentences.
    """

    name: str
    here: str
    refusal: str
    offices: tuple[Office, ...]
    goes: tuple[str, ...]
    stays: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """A household that was sent away and stands here until the server's answer has come."""

    office: str
    sentence: str


def move_plan(session: Session, entity_id: str) -> MovePlan:
    """What sending a household away would do. Raises EntityMissing."""
    packs = newest_packs(session)
    with session.store.reading() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        known = places.known(db)
        persons = len(entities.belonging_to(db, PERSONS, household))
        cases = _open_cases(db, packs, household)
        told = records.tally_of_subject(db, HOUSEHOLDS, household.entity_id)
        own = {of: count for of, count in told.items() if is_own(session, known, of[0])}
        refusal = _refusal(session, known, db, household)
    stay = sum(own.values())
    read_there = sum(count for (_, form), count in own.items() if _follows(session, form))
    people = f"가구원 {persons}명" if persons else "가구 정보"
    return MovePlan(
        name=household.label,
        here=office_name(known, household.scope),
        refusal=refusal,
        offices=offices(known, TOWN, without=household.scope),
        goes=(
            f"가구와 {people}이 함께 갑니다." if persons else "가구 정보가 갑니다.",
            *((f"열린 사례 {cases}건이 함께 갑니다.",) if cases else ()),
            *((f"기록 {read_there}건을 그 동에서도 읽습니다.",) if read_there else ()),
        ),
        stays=(
            f"이 동에서 적은 기록 {stay}건은 이 동에 남습니다."
            if stay
            else "이 동에 남는 기록은 없습니다.",
        ),
        after=(
            "주고받기를 하면 이 동의 대상 목록에서 빠집니다.",
            "그 전에는 되돌릴 수 있고, 그 뒤에는 그 동에서 다시 보내야 합니다.",
        ),
    )


def home_refusal(session: Session, entity_id: str) -> str:
    """Why the server would not let it be sent from here, "" when it would, or cannot be asked now;
    for the network lane. Raises EntityMissing.
    """
    with session.store.reading() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        replica = meta.identity(db).replica
    if household.rev == 0:
        return ""
    try:
        with open_line(session) as connection:
            connection.sights(HOUSEHOLDS, household.entity_id, replica)
    except EntityMissing:
        return GUEST.format(deed=DOING)
    except ExchangeTrouble:
        return ""
    return ""


def send(session: Session, entity_id: str, office: str, reason: str) -> Changes:
    """Send a household to another office; the server takes its persons and open case along.

    Raises EntityMissing, ReasonMissing, TransitionRefused with the `MovePlan`'s refusal.
    """
    said = reason.strip()
    if not said:
        raise ReasonMissing(label=DEED)
    with session.store.writing() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        known = places.known(db)
        refusal = _refusal(session, known, db, household)
        if not refusal and office not in {
            one.scope for one in offices(known, TOWN, without=household.scope)
        }:
            refusal = "이 노트북이 아는 동이 아닙니다."
        if refusal:
            raise TransitionRefused(label=DEED, reason=refusal)
        _move(session, db, household, office, said)
    return _changed(household.entity_id)


def take_back(session: Session, entity_id: str) -> Changes:
    """Undo a sending whose answer has not come: another move, home again.

    Raises EntityMissing, TransitionRefused when it was not sent away from here.
    """
    with session.store.writing() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        if _away_to(session, db, household) is None:
            raise TransitionRefused(label="되돌리기", reason="보낸 가구가 아닙니다.")
        _move(session, db, household, household.scope, "되돌림")
    return _changed(household.entity_id)


def away(session: Session, db: Database, household: StoredEntity) -> Away | None:
    """Where a household was sent that still stands here; None for one that is at home."""
    office = _away_to(session, db, household)
    if office is None:
        return None
    name = office_name(places.known(db), office)
    return Away(
        office=name,
        sentence=f"{toward(name)} 보냈습니다. 주고받기를 하면 이 노트북에서 빠집니다.",
    )


def passed_on(household: StoredEntity) -> tuple[str, ...]:
    """When a household changed hands or its readers changed, newest first.

    The history names no other office: it is read by all who see the household.
    """
    deeds = {HOME: "관할을 옮김", SHARE: "함께 보기를 바꿈"}
    lines = []
    for header in household.doc.history:
        deed = next((deeds[path] for path in header.paths if path in deeds), None)
        if deed is not None:
            at = datetime.fromisoformat(header.when).astimezone(KOREA)
            reason = f" ({header.reason})" if header.reason else ""
            lines.append(f"{at.month}. {at.day}. {header.who} {deed}{reason}")
    return tuple(lines)


def _refusal(session: Session, known: Places, db: Database, household: StoredEntity) -> str:
    if not may_pass_on(session.worker.roles):
        return "가구를 보내는 일은 동 담당자나 팀장이 합니다."
    if _away_to(session, db, household) is not None:
        return "이미 보낸 가구입니다."
    return guest_refusal(session, known, household, DOING)


def _away_to(session: Session, db: Database, household: StoredEntity) -> str | None:
    office = passing.homes_to_be(db, household.list).get(household.entity_id)
    if office is None or is_own(session, places.known(db), office):
        return None
    return office


def _move(
    session: Session, db: Database, household: StoredEntity, office: str, reason: str
) -> None:
    operation = append_operation(
        session,
        db,
        object=entity_ref(household.list, household.entity_id),
        kind="move",
        base=household.base,
        scope=office,
        reason=reason,
    )
    entities.apply_operation(db, operation)


def _open_cases(db: Database, packs: Iterable[Pack], household: StoredEntity) -> int:
    """Everything beside persons that names the household and is not over."""
    lists = {saved.name for pack in packs for saved in pack.plans.entities}
    return sum(
        one.props.get("state") not in _CLOSED
        for name in lists - {HOUSEHOLDS, PERSONS}
        for one in entities.belonging_to(db, name, household)
    )


def _follows(session: Session, form: FormRef) -> bool:
    try:
        return session.catalogue.find(form).plans.follows
    except PackMissing:
        return False


def _changed(entity_id: EntityId) -> Changes:
    return Changes(entities=frozenset({entity_id}), outbox=True)
