"""Households with their contact cycle: who is due, since when and why, in words (catalog A1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fieldapp.clock import KOREA
from fieldapp.domain.conditions import paths_of
from fieldapp.domain.plans import Schedule, ScheduleRule
from fieldapp.domain.schedule import Contact, Due, due_by
from fieldapp.packs import Pack, guard
from fieldapp.storage import contacts, entities
from fieldapp.storage.collation import sort_key
from fieldapp.storage.contacts import ContactFacts
from fieldapp.storage.database import Database
from fieldapp.storage.entities import EntityRow
from fieldapp.usecases.homes import sent_away
from fieldapp.usecases.session import Session, newest_packs
from fieldapp.usecases.workdays import is_workday

HOUSEHOLDS = "household"
PERSONS = "person"
#: Properties that the household workbook saves and the core shows.
GRADE = "grade"
GRADE_SINCE = "grade_since"
AREA = "tong"
ADDRESS = "address"
PHONE = "phone"
BIRTH = "birth"
SEX = "sex"
SAFETY = "safety"
WORKER = "worker"
PROMISES = "promises"
NEXT_DATE = "next_date"
NEXT_TIME = "next_time"
NEXT_METHOD = "next_method"
PAUSED = "paused"
#: How far back contacts are read: a half-year rule and its reprieve.
_CONTACTS_SINCE = timedelta(days=400)
#: What the rules ask of a household, in one order.
_Asked = tuple[str | None, ...]
#: What decides what is due: graded when, taken in when, what the rules ask, contacts.
_Facts = tuple[str | None, str, _Asked, tuple[ContactFacts, ...]]


@dataclass(frozen=True, slots=True)
class Cared:
    """A household with the dues of its rules, the most urgent first."""

    entity: EntityRow
    dues: tuple[Due, ...]

    @property
    def due(self) -> Due | None:
        """What is due first."""
        return self.dues[0] if self.dues else None

    def prop(self, name: str) -> str:
        """A property, "" when it has none."""
        return self.entity.doc.props.get(name, "")


class Cycle:
    """The contact cycle of one programme, read once for many households, or `of` one alone."""

    def __init__(
        self,
        session: Session,
        db: Database,
        pack: Pack,
        schedule: Schedule,
        *,
        of: str | None = None,
    ) -> None:
        self._day = session.clock.now().astimezone(KOREA).date()
        self._holds = guard(pack)
        self._rules = schedule.rules
        asked = (path for rule in schedule.rules for path in paths_of(rule.applies_when))
        self._asked = tuple(dict.fromkeys(asked))
        self._met = _contacts(session, db, schedule, self._day, of)
        self._applying: dict[_Asked, tuple[ScheduleRule, ...]] = {}
        self._known: dict[_Facts, tuple[Due, ...]] = {}

    def of(self, entity: EntityRow) -> Cared:
        """A household with what is due."""
        props = entity.doc.props
        if props.get(PAUSED) == "yes":
            return Cared(entity, ())
        # Few facts decide, and they have few values: what was due once is due again.
        facts = (
            props.get(GRADE_SINCE),
            entity.created_on,
            tuple([props.get(name) for name in self._asked]),
            self._met.get(entity.entity_id, ()),
        )
        dues = self._known.get(facts)
        if dues is None:
            dues = self._known[facts] = self._dues(*facts, props)
        return Cared(entity, dues)

    def _dues(
        self,
        grade_since: str | None,
        created_on: str,
        asked: _Asked,
        met: tuple[ContactFacts, ...],
        props: Mapping[str, str],
    ) -> tuple[Due, ...]:
        since = _day(grade_since) or date.fromisoformat(created_on)
        contacts = [
            Contact(date.fromisoformat(on), method, confirmed == "yes")
            for on, method, confirmed in met
        ]
        dues = [
            due_by(rule, contacts, since=since, today=self._day, is_workday=is_workday)
            for rule in self._rules_for(asked, props)
        ]
        return tuple(sorted(dues, key=lambda due: due.due_on))

    def _rules_for(self, asked: _Asked, props: Mapping[str, str]) -> tuple[ScheduleRule, ...]:
        applying = self._applying.get(asked)
        if applying is None:
            applying = self._applying[asked] = tuple(
                rule
                for rule in self._rules
                if rule.applies_when is None or self._holds(rule.applies_when, props)
            )
        return applying


def caseload(session: Session, db: Database) -> tuple[Cared, ...]:
    """Every household on this device with its dues, in no order; not those that were sent away."""
    cycle = cycle_of(session, db)
    away = sent_away(session, db, HOUSEHOLDS)
    return tuple(
        cycle.of(entity) if cycle else Cared(entity, ())
        for entity in entities.every(db, HOUSEHOLDS)
        if entity.entity_id not in away
    )


def cycle_of(session: Session, db: Database, *, of: str | None = None) -> Cycle | None:
    """The contact cycle of the programme that has one for households, to be asked of all of them
    or `of` one; None without it.
    """
    for pack in newest_packs(session):
        schedule = pack.plans.schedule
        if schedule is not None and schedule.rules and schedule.subject == HOUSEHOLDS:
            return Cycle(session, db, pack, schedule, of=of)
    return None


def by_name(cared: Cared) -> tuple[str, str]:
    """The order of a list of names, as 가나다 has it; those of one name stand still."""
    return sort_key(cared.entity.label), cared.entity.entity_id


def why_due(due: Due, day: date) -> str:
    """`10일째 연락 없음 (7일에 한 번)`, `12. 31.까지 (한 달에 한 번 방문)`."""
    rule = due.rule
    if rule.unit == "day":
        if due.last_on is None:
            return f"아직 연락한 적 없음 ({rule.label})"
        if due.elapsed_days > rule.every:
            return f"{due.elapsed_days}일째 연락 없음 ({rule.label})"
        return f"오늘이 {due.elapsed_days}일째 ({rule.label})"
    late = due.overdue_days(day)
    if late:
        return f"{due.due_on.month}. {due.due_on.day}.까지였음 ({rule.label})"
    return f"{due.due_on.month}. {due.due_on.day}.까지 ({rule.label})"


def age_on(day: date, birth: str | None) -> int | None:
    """The age in full years (만 나이); None when the birth date is not known whole."""
    born = _day(birth)
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_text(day: date, birth: str | None) -> str:
    """`78세`, or "" when it is not known."""
    age = age_on(day, birth)
    return "" if age is None else f"{age}세"


def _contacts(
    session: Session, db: Database, schedule: Schedule, day: date, of: str | None
) -> Mapping[str, tuple[ContactFacts, ...]]:
    """Contacts by household, of every form of the programme that counts as one; those of a
    household that turned out to be another are the other's.
    """
    found: dict[str, tuple[ContactFacts, ...]] = {}
    names = entities.alias_ids(db, schedule.subject or HOUSEHOLDS)
    asked = (of, *(alias for alias, one in names.items() if one == of)) if of else (None,)
    for pack in newest_packs(session):
        other = pack.plans.schedule
        if other is None or other.contact is None or other.subject != schedule.subject:
            continue
        for one in asked:
            met = contacts.by_subject(
                db,
                pack.plans.form.id,
                other.contact,
                since=day - _CONTACTS_SINCE,
                subject=one,
                newest_only=all(rule.minimum == 1 for rule in schedule.rules),
            )
            for subject, of_form in met.items():
                name = names.get(subject, subject)
                found[name] = found.get(name, ()) + of_form
    return found


def _day(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat(text or "").date()
    except ValueError:
        return None
