"""What 가상구 had written before the story begins: pushed by laptops of its own, like everything.

Each contact is a form filled by the engine on the day it was made; only the window is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from pathlib import Path

from fieldapp.clock import KOREA, StillClock
from fieldapp.demo.district import QUICK
from fieldapp.demo.people import HAETSAL, Household, PastContact, People
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import RecordId, new_record_id
from fieldapp.domain.operation import Subject, Transition, changed_answers
from fieldapp.packs import open_form
from fieldapp.storage import answers, records
from fieldapp.storage.database import Database
from fieldapp.usecases import exchange, profiles
from fieldapp.usecases.lists import lists_of, register
from fieldapp.usecases.session import Session, append_operation, record_ref, surroundings

VISITS = "P01"
#: What is answered beside method and result, where it is asked.
_ROUTINE: Mapping[str, str] = {
    "cared/m_safety": "good",
    "cared/m_health": "good",
    "cared/m_care": "good",
    "cared/m_social": "good",
    "cared/m_service": "ok",
    "cared/m_link": "enough",
    "cared/voice": "same",
    "home/inside_seen": "in",
    "home/hazard": "none",
    "talk/did": "counsel",
    "alone_reason": "개를 묶어 두기로 미리 약속함",
    "absent_sign": "none",
    "absence/noncontact": "revisit",
    "absence/revisit_reason": "다음 날 다시 연락하기로 함",
}


#: And where something has to be done about it.
_ACTION: Mapping[str, str] = {
    "cared/m_health": "act",
    "cared/m_health_note": "무릎이 부어 병원 진료를 권함",
}


def seed_town(session: Session, clock: StillClock, people: People, town: str) -> int:
    """Households, persons and past contacts of a town; returns how many contacts it wrote."""
    households = [one for one in people.households if one.town == town]
    with session.store.writing() as db:
        clock_at(clock, datetime(2026, 8, 4, 9, 0, tzinfo=KOREA))
        for household in households:
            _register(session, db, household, people.contacts)
    past = [contact for contact in people.contacts if contact.town == town]
    with session.store.writing() as db:
        for number, contact in enumerate(past):
            hour = time(9 + number % 8, number * 7 % 60)
            clock_at(clock, datetime.combine(contact.on, hour, tzinfo=KOREA))
            _write_contact(session, db, clock, contact)
    return len(past)


def clock_at(clock: StillClock, at: datetime) -> None:
    """Let the time of a seeding laptop be another."""
    clock.move(at - clock.now())


def seeding_session(
    folder: Path, worker: Worker, *, password: str, packs: Path, clock: StillClock
) -> Session:
    """A profile that is made to write what happened before."""
    return profiles.create_profile(
        folder,
        label=worker.name,
        worker=worker,
        password=password,
        clock=clock,
        packs_dir=packs,
        cost=QUICK,
    )


def send_all(session: Session, *, address: str, password: str, code: str) -> int:
    """Enrol and push; returns how many operations the server took."""
    exchange.sign_in(
        session, address=address, user=session.worker.user, password=password, enrol_code=code
    )
    outcome, _ = exchange.exchange(session, progress=lambda _: None, cancelled=lambda: False)
    return outcome.sent


def _register(
    session: Session, db: Database, household: Household, contacts: Iterable[PastContact]
) -> None:
    register(
        session,
        db,
        "household",
        household.id,
        label=household.name,
        props={
            "worker": session.worker.name,
            **_left_by(household, contacts),
            **household.props,
        },
    )
    for number, (name, props) in enumerate(household.members):
        register(
            session,
            db,
            "person",
            f"{household.id[:-4]}{number:04x}",
            label=name,
            props={"household": household.id, **props},
        )


def _left_by(household: Household, contacts: Iterable[PastContact]) -> Mapping[str, str]:
    """What the newest contact left with the household, as P01 saves it."""
    own = [contact for contact in contacts if contact.household == household.id]
    if not own:
        return {}
    last = own[-1]
    confirmed = [one for one in own if one.result in ("self", "refused")]
    fails = 0
    for contact in reversed(own):
        if contact.result not in ("absent", "no_answer"):
            break
        fails += 1
    return {
        "last_contact": last.on.isoformat(),
        "last_method": last.method,
        "last_result": last.result,
        "fails_in_a_row": str(fails),
        "last_confirmed": confirmed[-1].on.isoformat() if confirmed else "",
    }


def _write_contact(
    session: Session, db: Database, clock: StillClock, contact: PastContact
) -> RecordId:
    pack = session.catalogue.newest(VISITS)
    record_id = new_record_id(clock.now())
    filling = open_form(pack, surroundings(session, record_id), None, lists_of(session, pack))
    for path, value in (
        ("household", contact.household),
        ("method", contact.method),
        ("result", contact.result),
    ):
        filling.answer(path, value)
    usual = {**_ROUTINE, **_ACTION} if contact.asks_action else _ROUTINE
    while asked := filling.violations():
        path = asked[0].path
        filling.answer(path, "not" if path.endswith("/kept") else usual[path])
    if contact.is_late:
        # Visited in October, written down when the month was closed already.
        clock_at(clock, datetime(2026, 11, 24, 17, 30, tzinfo=KOREA))
    operation = append_operation(
        session,
        db,
        object=record_ref(record_id),
        kind="create",
        form=pack.plans.form,
        patch=changed_answers(None, filling.answers()),
        scope=session.worker.scope,
        subject=Subject(list="household", id=contact.household),
        transition=Transition(to="완료", seen_rev=0),
    )
    stored = records.apply_operation(db, operation, kind=pack.plans.kind)
    answers.project(db, stored, pack.plans.projection)
    return record_id


__all__ = ["HAETSAL", "clock_at", "seed_town", "seeding_session", "send_all"]
