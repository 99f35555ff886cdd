"""등급 변경 제안: what a contact asked for, and what the team leader's 확인 makes of it.

A grade goes up at once and down only when the team leader has given it (corrections.md §1.5): until
then the household keeps both, and the stricter rules hold. The decision rides in the very operation
that confirms the record, so that step and grade stand or fall together (formats F4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldapp.domain.operation import Effect, PropertyChange
from fieldapp.storage import entities
from fieldapp.storage.database import Database
from fieldapp.storage.records import StoredRecord
from fieldapp.usecases.caseload import GRADE, GRADE_SINCE, HOUSEHOLDS
from fieldapp.usecases.household_words import GRADE_UNKNOWN, GRADE_WORDS

#: Properties of a household, and the answers of a contact that leave them there.
GRADE_WANTED = "grade_wanted"
GRADE_REASON = "grade_reason"
_WANTED, _REASON = "grade_wanted", "wanted_reason"


@dataclass(frozen=True, slots=True)
class GradeProposal:
    """A change of grade that a record asked for and nobody has decided. now, wanted: in words."""

    household: str
    name: str
    now: str
    wanted: str
    reason: str


def proposal_of(db: Database, stored: StoredRecord) -> GradeProposal | None:
    """What the record asked for and its household still waits for; None when it is decided, or when
    a later contact asked for another grade.
    """
    wanted = stored.doc.answers.get(_WANTED)
    of = stored.doc.subject
    if not wanted or of is None or of.list != HOUSEHOLDS:
        return None
    household = entities.find_or_none(db, of.list, of.id)
    if household is None:
        return None
    props = household.doc.props
    if props.get(GRADE_WANTED) != wanted or props.get(GRADE) == wanted:
        return None
    return GradeProposal(
        household=household.entity_id,
        name=household.doc.label,
        now=GRADE_WORDS.get(props.get(GRADE, ""), GRADE_UNKNOWN),
        wanted=GRADE_WORDS.get(wanted, wanted),
        reason=stored.doc.answers.get(_REASON, ""),
    )


def decision(
    db: Database, proposal: GradeProposal, *, is_accepted: bool, on: date
) -> tuple[Effect, ...]:
    """What deciding does to the household: the grade as it was asked for, or as it stood; asked for
    no longer in either case.
    """
    household = entities.find(db, HOUSEHOLDS, proposal.household)
    props = household.doc.props
    wanted = props[GRADE_WANTED]
    after: dict[str, str | None] = {GRADE_WANTED: None}
    if is_accepted:
        after |= {GRADE: wanted, GRADE_SINCE: on.isoformat()}
    changes = {
        name: PropertyChange(old=props.get(name), new=new)
        for name, new in after.items()
        if props.get(name) != new
    }
    return (Effect(list=HOUSEHOLDS, id=household.entity_id, set=changes, base=household.base),)
