"""Tables of words that go with a summary: who is overdue, which improvements were made."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.clock import today
from fieldapp.domain.masking import masked_name
from fieldapp.packs import Pack
from fieldapp.reports.document import Section
from fieldapp.reports.listing import listing_section
from fieldapp.storage.database import Database
from fieldapp.usecases import caseload as cases
from fieldapp.usecases.caseload import by_name, caseload, why_due
from fieldapp.usecases.household_words import GRADE_UNKNOWN, GRADE_WORDS
from fieldapp.usecases.monitoring import IMPROVEMENTS, improvements
from fieldapp.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Listings:
    """Tables, and whom they name: (list, id)."""

    sections: tuple[Section, ...] = ()
    about: tuple[tuple[str, str], ...] = ()


def listings_of(session: Session, db: Database, pack: Pack, *, is_masked: bool) -> Listings:
    """What is listed below the figures of a pack."""
    schedule = pack.plans.schedule
    if schedule is not None and schedule.rules and schedule.subject == cases.HOUSEHOLDS:
        return _overdue(session, db, is_masked=is_masked)
    if pack.plans.subject == IMPROVEMENTS:
        return Listings((_register(session),))
    return Listings()


def _overdue(session: Session, db: Database, *, is_masked: bool) -> Listings:
    day = today(session.clock)
    late = [
        (cared, due)
        for cared in caseload(session, db)
        if (due := cared.due) is not None and due.overdue_days(day)
    ]
    late.sort(key=lambda one: (-one[1].overdue_days(day), by_name(one[0])))
    section = listing_section(
        "기한이 지난 가구",
        ("이름", "통", "등급", "지난 날수", "까닭"),
        [
            (
                masked_name(cared.entity.label) if is_masked else cared.entity.label,
                cared.prop(cases.AREA),
                GRADE_WORDS.get(cared.prop(cases.GRADE), GRADE_UNKNOWN),
                due.overdue_days(day),
                why_due(due, day),
            )
            for cared, due in late
        ],
        ("text", "code", "code", "number", "text"),
        heading="연락이 늦어진 가구",
        unit="가구, 일",
    )
    named = tuple((cases.HOUSEHOLDS, str(cared.entity.entity_id)) for cared, _ in late)
    return Listings((section,), named)


def _register(session: Session) -> Section:
    return listing_section(
        "개선사항 관리대장",
        ("번호", "점검한 곳", "영역", "내용", "상태", "받은 부서"),
        [
            (row.number, row.site, row.area, row.content, row.state, row.dept)
            for row in improvements(session)
        ],
        ("code", "text", "text", "text", "code", "text"),
        heading="개선사항",
        unit="건",
        lists_persons=False,
    )
