"""대상: households as a list and one of them with all that was written about it (ux §4, §7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

from fieldapp.clock import KOREA, today
from fieldapp.domain.access import may_pass_on
from fieldapp.domain.ids import RecordId
from fieldapp.errors import PackMissing
from fieldapp.packs import copy_blocks, open_form
from fieldapp.storage import entities, records, search
from fieldapp.storage.collation import sort_key
from fieldapp.storage.entities import EntityRow
from fieldapp.storage.records import RecordRow, StoredRecord
from fieldapp.usecases import caseload as cases
from fieldapp.usecases.access_log import about, note_reading, note_search
from fieldapp.usecases.caseload import Cared, age_text, by_name, caseload, cycle_of, why_due
from fieldapp.usecases.household_words import facts_of, persons_of
from fieldapp.usecases.lists import lists_of
from fieldapp.usecases.moving import away, passed_on
from fieldapp.usecases.records import form_title
from fieldapp.usecases.session import Session, surroundings
from fieldapp.usecases.words import ChoiceWords

#: From how alike name and address on are two households shown side by side.
_ALIKE = 0.8
_SHOWN_ALIKE = 5
_TIMELINE = 200


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One line of 대상."""

    entity_id: str
    name: str
    age_text: str
    area: str
    grade: str
    next_due: date | None
    last_on: date | None
    worker: str
    state: str
    address: str


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """Part of the list, and how many there are in all."""

    rows: tuple[HouseholdRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a value of the pane."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of the household."""

    name: str
    relation: str
    age_text: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One record about the household: when, how, who, and what can be copied of it."""

    record_id: RecordId
    at: datetime
    title: str
    who: str
    state: str
    summary: str
    copy_text: str


@dataclass(frozen=True, slots=True)
class HouseholdDetail:
    """One household. safety is read before the door and never printed (ux §1.3)."""

    row: HouseholdRow
    facts: tuple[Fact, ...]
    safety: str
    promises: tuple[str, ...]
    persons: tuple[PersonRow, ...]
    timeline: tuple[TimelineRow, ...]
    dues: tuple[str, ...]
    #: Where it was sent that still stands here, in a sentence; who sent and shared it before.
    away: str = ""
    passed_on: tuple[str, ...] = ()
    may_pass_on: bool = False
    #: The households that turned out to be this one, by name.
    joined: tuple[str, ...] = ()


def households(
    session: Session,
    *,
    text: str = "",
    grade: str | None = None,
    area: str | None = None,
    limit: int = 500,
    offset: int = 0,
) -> HouseholdPage:
    """Households that fit, the most urgent first; `text` as in the search of everything."""
    with session.store.reading() as db:
        fitting = search.ids_in(db, cases.HOUSEHOLDS, text) if text.strip() else None
        found = [
            cared
            for cared in caseload(session, db)
            if (fitting is None or cared.entity.entity_id in fitting)
            and (grade is None or cared.prop(cases.GRADE) == grade)
            and (area is None or cared.prop(cases.AREA) == area)
        ]
    day = today(session.clock)
    found.sort(key=lambda cared: (cared.due.due_on if cared.due else date.max, by_name(cared)))
    shown = found[offset : offset + limit]
    if fitting is not None:
        named = [(cases.HOUSEHOLDS, cared.entity.entity_id) for cared in shown]
        note_search(session, text.strip(), named)
    return HouseholdPage(tuple(_row(cared, day) for cared in shown), len(found))


def household(session: Session, entity_id: str) -> HouseholdDetail:
    """One household with its timeline, newest first. Raises EntityMissing."""
    day = today(session.clock)
    with session.store.reading() as db:
        entity = entities.find(db, cases.HOUSEHOLDS, entity_id)
        cycle = cycle_of(session, db, of=entity.entity_id)
        cared = cycle.of(entity.row) if cycle else Cared(entity.row, ())
        joined = entities.aliases_of(db, cases.HOUSEHOLDS, entity.entity_id)
        persons = entities.belonging_to(db, cases.PERSONS, entity)
        told = records.of_subject(db, cases.HOUSEHOLDS, entity.entity_id, limit=_TIMELINE)
        sent = away(session, db, entity)
    shown = [(cases.HOUSEHOLDS, str(entity.entity_id))]
    shown += [(cases.PERSONS, person.entity_id) for person in persons]
    note_reading(session, "view", subjects=shown)
    words = ChoiceWords(session)
    return HouseholdDetail(
        row=_row(cared, day),
        facts=tuple(Fact(label, value) for label, value in facts_of(session, entity)),
        safety=cared.prop(cases.SAFETY),
        promises=tuple(line for line in cared.prop(cases.PROMISES).splitlines() if line.strip()),
        persons=tuple(PersonRow(*person) for person in persons_of(session, persons, day)),
        timeline=tuple(_timeline_row(session, words, row) for row in told),
        dues=tuple(why_due(due, day) for due in cared.dues),
        away=sent.sentence if sent is not None else "",
        passed_on=passed_on(entity),
        may_pass_on=may_pass_on(session.worker.roles),
        joined=tuple(one.label for one in joined),
    )


def areas(session: Session) -> tuple[str, ...]:
    """Every 통 that a household stands in, in natural order."""
    with session.store.reading() as db:
        found = entities.values(db, cases.HOUSEHOLDS, cases.AREA)
    return tuple(sorted(found, key=_natural))


def likely_duplicates(
    session: Session, name: str, birth: str = "", address: str = ""
) -> tuple[HouseholdRow, ...]:
    """Households that may be the same: by name, birth date and street, never by a number of a
    person (corrections.md §1.1). Most alike first.
    """
    day = today(session.clock)
    with session.store.reading() as db:
        alike = _Likeness(name, birth, address)
        found = [
            (likeness, household)
            for household in entities.every(db, cases.HOUSEHOLDS)
            if (likeness := alike.of(household)) >= _ALIKE
        ]
        found.sort(key=lambda one: (-one[0], sort_key(one[1].label), one[1].entity_id))
        cycle = cycle_of(session, db) if found else None
        most = [household for _, household in found[:_SHOWN_ALIKE]]
        return tuple(
            _row(cycle.of(household) if cycle else Cared(household, ()), day) for household in most
        )


def copy_text(session: Session, record_id: RecordId) -> str:
    """행복이음에 옮길 글 of a record: its first block, which is the whole of it; "" without one.

    Raises RecordMissing.
    """
    with session.store.reading() as db:
        stored = records.find(db, record_id)
    note_reading(
        session,
        "view",
        subjects=about(stored.doc.subject),
        object_id=record_id,
        form_id=stored.doc.form.id,
    )
    return copied_of(session, stored)


def copied_of(session: Session, stored: StoredRecord | RecordRow) -> str:
    """The same of a record whose reading the caller logs."""
    try:
        pack = session.catalogue.find(stored.doc.form)
    except PackMissing:
        return ""
    if not pack.plans.copies:
        return ""
    filling = open_form(
        pack, surroundings(session, stored.record_id), stored.doc.answers, lists_of(session, pack)
    )
    return next((block.text for block in copy_blocks(pack, filling)), "")


def _row(cared: Cared, day: date) -> HouseholdRow:
    return HouseholdRow(
        entity_id=cared.entity.entity_id,
        name=_name(cared),
        age_text=age_text(day, cared.prop(cases.BIRTH)),
        area=cared.prop(cases.AREA),
        grade=cared.prop(cases.GRADE),
        next_due=cared.due.due_on if cared.due else None,
        last_on=max((due.last_on for due in cared.dues if due.last_on), default=None),
        worker=cared.prop(cases.WORKER),
        state="이번 달 쉼" if cared.prop(cases.PAUSED) == "yes" else "",
        address=cared.prop(cases.ADDRESS),
    )


def _timeline_row(session: Session, words: ChoiceWords, row: RecordRow) -> TimelineRow:
    given = row.doc.answers
    happened = [
        words.of(row.doc.form, name, _anywhere(given, name)) for name in ("method", "result")
    ]
    said = [text for name in ("said", "seen", "note", "memo") if (text := _anywhere(given, name))]
    on = _anywhere(given, "visit_date")
    created = datetime.fromisoformat(row.doc.created).astimezone(KOREA)
    at = datetime.combine(date.fromisoformat(on), created.timetz()) if on else created
    return TimelineRow(
        record_id=row.record_id,
        at=at,
        title=form_title(session, row.doc.form.id),
        who=row.doc.author,
        state=row.doc.state,
        summary=". ".join([word for word in happened if word] + said[:1]),
        copy_text="",
    )


def _anywhere(given: dict[str, str], name: str) -> str:
    return next((text for path, text in given.items() if path.rpartition("/")[2] == name), "")


def _name(cared: Cared) -> str:
    return cared.entity.doc.label


class _Likeness:
    """How alike households are to one that is about to be written: 1.0 for name and birth (or name
    and street) the same.
    """

    def __init__(self, name: str, birth: str, address: str) -> None:
        self._name = name.strip()
        self._birth = birth
        self._address = address
        # Its second text is looked into once, however many it is compared to.
        self._named = SequenceMatcher(None, b=self._name)

    def of(self, household: EntityRow) -> float:
        """Between 0 and 1; 0 for names that no street could make alike enough."""
        self._named.set_seq1(household.label)
        least = 2 * _ALIKE - 1
        if not self._name or self._named.quick_ratio() < least:
            return 0.0
        named = self._named.ratio()
        birth = household.doc.props.get(cases.BIRTH, "")
        if self._birth and birth:
            return named if self._birth[:4] == birth[:4] else named * 0.5
        address = household.doc.props.get(cases.ADDRESS, "")
        if self._address and address:
            return (named + SequenceMatcher(None, address, self._address).ratio()) / 2
        return named * 0.9


def _natural(area: str) -> tuple[int, str]:
    digits = "".join(character for character in area if character.isdigit())
    return int(digits or 0), area
