"""합치기: two households that turn out to be one (formats F9).

Nothing is copied and nothing is lost: one becomes another name of the other, and is parted from it
again as easily. Its records, its persons and its contacts count for the one that stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.clock import today
from fieldapp.domain.access import may_pass_on
from fieldapp.domain.entity import MERGED_INTO
from fieldapp.domain.operation import Changes, PatchLine
from fieldapp.errors import TransitionRefused
from fieldapp.storage import entities, places, records
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity
from fieldapp.usecases import caseload as cases
from fieldapp.usecases.caseload import HOUSEHOLDS, age_text
from fieldapp.usecases.homes import guest_refusal
from fieldapp.usecases.households import likely_duplicates
from fieldapp.usecases.session import Session, append_operation, entity_ref

#: What this is called, in messages and on buttons.
DEED = "같은 가구 합치기"
DOING = "합치는 일"


@dataclass(frozen=True, slots=True)
class Twin:
    """A household beside another: label and value of what tells them apart."""

    entity_id: str
    name: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JoinPlan:
    """A household, those that may be the same, and those that were found to be.

    refusal: why nothing can be joined from here, "" when it can.
    """

    household: Twin
    refusal: str
    alike: tuple[Twin, ...]
    joined: tuple[Twin, ...]


def join_plan(session: Session, entity_id: str) -> JoinPlan:
    """What a household could be joined with, the most alike first. Raises EntityMissing."""
    with session.store.reading() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
    props = household.props
    alike = likely_duplicates(
        session, household.label, props.get(cases.BIRTH, ""), props.get(cases.ADDRESS, "")
    )
    with session.store.reading() as db:
        others = [
            entities.find(db, HOUSEHOLDS, row.entity_id)
            for row in alike
            if row.entity_id != household.entity_id
        ]
        joined = entities.aliases_of(db, HOUSEHOLDS, household.entity_id)
        return JoinPlan(
            household=_twin(session, db, household),
            refusal=_refusal(session, db, household),
            alike=_twins(session, db, others),
            joined=_twins(session, db, joined),
        )


def join(session: Session, entity_id: str, into: str) -> Changes:
    """A household turns out to be another. Raises EntityMissing, TransitionRefused."""
    with session.store.writing() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        standing = entities.find(db, HOUSEHOLDS, into)
        refusal = _refusal(session, db, household) or _refusal(session, db, standing)
        if household.entity_id == standing.entity_id:
            refusal = "이미 같은 가구입니다."
        if refusal:
            raise TransitionRefused(label=DEED, reason=refusal)
        # An alias leads to one that leads nowhere itself: what was joined before goes along.
        for alias in entities.aliases_of(db, HOUSEHOLDS, household.entity_id):
            _lead(session, db, alias, household.entity_id, standing.entity_id)
        _lead(session, db, household, None, standing.entity_id)
    return _changed(household, standing)


def part(session: Session, alias: str) -> Changes:
    """A household that was joined stands for itself again.

    Raises EntityMissing, TransitionRefused.
    """
    with session.store.writing() as db:
        household = entities.under_its_own_name(db, HOUSEHOLDS, alias)
        into = household.doc.merged_into
        refusal = _refusal(session, db, household)
        if into is None:
            refusal = "합친 가구가 아닙니다."
        if refusal or into is None:
            raise TransitionRefused(label="나누기", reason=refusal)
        _lead(session, db, household, into, None)
        standing = entities.find_or_none(db, HOUSEHOLDS, into)
    return _changed(household, *((standing,) if standing else ()))


def _refusal(session: Session, db: Database, household: StoredEntity) -> str:
    if not may_pass_on(session.worker.roles):
        return "가구를 합치는 일은 동 담당자나 팀장이 합니다."
    return guest_refusal(session, places.known(db), household, DOING)


def _lead(
    session: Session, db: Database, household: StoredEntity, old: str | None, new: str | None
) -> None:
    operation = append_operation(
        session,
        db,
        object=entity_ref(household.list, household.entity_id),
        kind="change",
        patch=(PatchLine(path=MERGED_INTO, old=old, new=new),),
        base=household.base,
    )
    entities.apply_operation(db, operation)


def _twins(session: Session, db: Database, found: Sequence[StoredEntity]) -> tuple[Twin, ...]:
    return tuple(_twin(session, db, one) for one in found)


def _twin(session: Session, db: Database, household: StoredEntity) -> Twin:
    props = household.props
    written = sum(records.tally_of_subject(db, HOUSEHOLDS, household.entity_id).values())
    persons = len(entities.belonging_to(db, cases.PERSONS, household))
    birth = props.get(cases.BIRTH, "")
    facts = (
        ("생년월일", f"{birth} ({age_text(today(session.clock), birth)})" if birth else ""),
        ("주소", props.get(cases.ADDRESS, "")),
        ("연락처", props.get(cases.PHONE, "")),
        ("담당", props.get(cases.WORKER, "")),
        ("처음 적음", household.created_on),
        ("기록", f"{written}건, 가구원 {persons}명"),
    )
    return Twin(
        household.entity_id,
        household.label,
        tuple((label, value) for label, value in facts if value),
    )


def _changed(*households: StoredEntity) -> Changes:
    return Changes(entities=frozenset(one.entity_id for one in households), outbox=True)
