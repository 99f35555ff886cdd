"""오늘: who is due, since when and why; this week; and what else waits (ux §4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fieldapp.clock import KOREA
from fieldapp.clock import today as day_of
from fieldapp.domain.ids import EntityId, RecordId
from fieldapp.domain.masking import masked_name
from fieldapp.domain.operation import Changes
from fieldapp.domain.schedule import Due
from fieldapp.storage import contacts, drafts, entities, plans, records
from fieldapp.storage.collation import sort_key
from fieldapp.storage.database import Database
from fieldapp.usecases import caseload as cases
from fieldapp.usecases import responses
from fieldapp.usecases.caseload import Cared, age_text, caseload, why_due
from fieldapp.usecases.corrections import to_decide
from fieldapp.usecases.lists import standing_label
from fieldapp.usecases.records import form_title, title_of
from fieldapp.usecases.session import Session, newest_packs
from fieldapp.usecases.workdays import is_workday

_WEEK = timedelta(days=7)
_VISIT = "visit"
#: States in which a record waits for its author.
_SENT_BACK = ("보완 요청",)
_PLANNED = ("예정",)

ChoreKind = Literal["draft", "sent_back", "conflict", "planned", "promise"]


@dataclass(frozen=True, slots=True)
class TodayRow:
    """A household that is due, planned or expects somebody. phone stands for rows to be called.

    A response that was begun has its record in `list` ("record") and `entity_id`. household: whom
    the row is about, "" when this device does not hold it.
    """

    list: str
    entity_id: str
    household: str
    name: str
    masked: str
    age_text: str
    area: str
    grade: str
    why: str
    how: str
    phone: str
    due_on: date | None
    overdue_days: int
    is_planned: bool


@dataclass(frozen=True, slots=True)
class TodayGroup:
    """Rows under one head: 기한 지남, 오늘."""

    title: str
    rows: tuple[TodayRow, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The day. visits and calls: what is still to be done; done: households met today."""

    day: date
    is_workday: bool
    groups: tuple[TodayGroup, ...]
    visits: int
    calls: int
    done: int


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that waits: a draft, a record sent back, a conflict, a promise.

    due: by when, in words; "" where no hour is set. is_late: that hour has passed.
    """

    kind: ChoreKind
    text: str
    record_id: RecordId | None
    entity_id: EntityId | None
    due: str = ""
    is_late: bool = False


def today(session: Session) -> Today:
    """Overdue ones first, then what is for today: due, planned, or expected at an hour."""
    day = day_of(session.clock)
    with session.store.reading() as db:
        planned = plans.of_day(db, day)
        met = _met_on(session, db, day)
        rows = [
            _row(cared, day, is_planned=cared.entity.entity_id in planned)
            for cared in caseload(session, db)
            if cared.entity.entity_id not in met
            and (cared.entity.entity_id in planned or _is_for(cared, day))
        ]
        begun = _begun_responses(session, db)
    late = [row for row in rows if row.overdue_days]
    now = [row for row in rows if not row.overdue_days]
    groups = (
        TodayGroup("기한 지난 대응", tuple(row for row in begun if row.overdue_days)),
        TodayGroup("기한 지남", _by_urgency(late)),
        TodayGroup("오늘", _by_urgency(now)),
        TodayGroup("안부 미확인 대응", tuple(row for row in begun if not row.overdue_days)),
    )
    shown = [*late, *now]
    return Today(
        day=day,
        is_workday=is_workday(day),
        groups=tuple(group for group in groups if group.rows),
        visits=sum(row.how != "전화" for row in shown),
        calls=sum(row.how == "전화" for row in shown),
        done=len(met),
    )


def week(session: Session) -> tuple[TodayGroup, ...]:
    """What falls due in the seven days from tomorrow, a group a day."""
    day = day_of(session.clock)
    with session.store.reading() as db:
        planned = plans.of_day(db, day)
        rows = [
            _row(cared, day, is_planned=cared.entity.entity_id in planned)
            for cared in caseload(session, db)
            if _is_due(cared, day + _WEEK)
        ]
    coming = [row for row in rows if row.due_on and day < row.due_on <= day + _WEEK]
    days = sorted({row.due_on for row in coming if row.due_on})
    return tuple(
        TodayGroup(
            f"{due.month}월 {due.day}일 {'월화수목금토일'[due.weekday()]}요일",
            _by_urgency(row for row in coming if row.due_on == due),
        )
        for due in days
    )


def chores(session: Session) -> tuple[Chore, ...]:
    """챙길 것: drafts, records sent back, conflicts, planned records, promises."""
    with session.store.reading() as db:
        return (
            *_draft_chores(session, db),
            *_record_chores(session, db, "sent_back", _SENT_BACK),
            *_conflict_chores(session, db),
            *_record_chores(session, db, "planned", _PLANNED),
            *_promise_chores(db),
        )


def toggle_plan(session: Session, entity_id: str) -> Changes:
    """Put a household into today's plan, or take it out; of this laptop alone."""
    with session.store.writing() as db:
        plans.toggle(db, day_of(session.clock), cases.HOUSEHOLDS, entity_id)
    return Changes(entities=frozenset({EntityId(entity_id)}))


def _row(cared: Cared, day: date, *, is_planned: bool) -> TodayRow:
    due = cared.due
    appointed = cared.prop(cases.NEXT_DATE) == day.isoformat()
    hour = cared.prop(cases.NEXT_TIME)[:5] if appointed else ""
    name = cared.entity.doc.label
    why = why_due(due, day) if due else ""
    if appointed and not (due and due.overdue_days(day)):
        why = "약속한 날"
    return TodayRow(
        list=cases.HOUSEHOLDS,
        entity_id=cared.entity.entity_id,
        household=cared.entity.entity_id,
        name=name,
        masked=masked_name(name),
        age_text=age_text(day, cared.prop(cases.BIRTH)),
        area=cared.prop(cases.AREA),
        grade=cared.prop(cases.GRADE),
        why=why,
        how=hour or _how(cared),
        phone=cared.prop(cases.PHONE),
        due_on=_due_on(due, day if appointed else None),
        overdue_days=due.overdue_days(day) if due else 0,
        is_planned=is_planned,
    )


def _begun_responses(session: Session, db: Database) -> tuple[TodayRow, ...]:
    """Responses that nobody has ended, the one that is due first before the others."""
    found: list[tuple[datetime, TodayRow]] = []
    for row in records.of_form(db, responses.FORM, states=_PLANNED, limit=100):
        stands = responses.response(row.doc.answers, row.doc.created, session.clock.now())
        of = row.doc.subject
        entity = entities.find_or_none(db, of.list, of.id) if of else None
        props = entity.doc.props if entity else {}
        name = entity.doc.label if entity else form_title(session, responses.FORM)
        line = TodayRow(
            list="record",
            entity_id=row.record_id,
            household=entity.entity_id if entity else "",
            name=name,
            masked=masked_name(name),
            age_text=age_text(day_of(session.clock), props.get(cases.BIRTH)),
            area=props.get(cases.AREA, ""),
            grade=props.get(cases.GRADE, ""),
            why=stands.words,
            how="대응",
            phone=props.get(cases.PHONE, ""),
            due_on=stands.due_at.date(),
            overdue_days=stands.overdue_days,
            is_planned=False,
        )
        found.append((stands.due_at, line))
    return tuple(line for _, line in sorted(found, key=lambda one: (one[0], sort_key(one[1].name))))


def _due_on(due: Due | None, appointed: date | None) -> date | None:
    days = [day for day in (due.due_on if due else None, appointed) if day is not None]
    return min(days, default=None)


def _how(cared: Cared) -> str:
    wanted = cared.prop(cases.NEXT_METHOD)
    if cared.due is not None and cared.due.rule.method == _VISIT:
        return "방문"
    return "전화" if wanted == "phone" else "방문"


def _is_for(cared: Cared, day: date) -> bool:
    """Whether something is due by that day, or promised for it."""
    return _is_due(cared, day) or cared.prop(cases.NEXT_DATE) == day.isoformat()


def _is_due(cared: Cared, day: date) -> bool:
    return cared.due is not None and cared.due.due_on <= day


def _by_urgency(rows: Iterable[TodayRow]) -> tuple[TodayRow, ...]:
    """An hour before none, then the longest overdue, then grade, then name."""
    order = {"risk": 0, "caution": 1, "watch": 2, "closed": 3}
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                -row.overdue_days,
                order.get(row.grade, 4),
                row.how if ":" in row.how else "",
                sort_key(row.area),
                sort_key(row.name),
                row.entity_id,
            ),
        )
    )


def _met_on(session: Session, db: Database, day: date) -> frozenset[str]:
    """Households of which a contact was written for that day."""
    return frozenset(
        subject
        for pack in newest_packs(session)
        if pack.plans.schedule is not None and pack.plans.schedule.contact is not None
        for subject, on, _, _ in contacts.of_form(
            db, pack.plans.form.id, pack.plans.schedule.contact, since=day
        )
        if on == day.isoformat()
    )


def _draft_chores(session: Session, db: Database) -> Iterable[Chore]:
    for draft in drafts.all_drafts(db):
        title = title_of(form_title(session, draft.form.id), dict(draft.answers))
        yield Chore("draft", f"작성 중: {title}", draft.record_id, None)


def _record_chores(
    session: Session, db: Database, kind: ChoreKind, states: Sequence[str]
) -> Iterable[Chore]:
    for pack in newest_packs(session):
        for row in records.of_form(db, pack.plans.form.id, states=tuple(states), limit=100):
            is_mine = row.doc.author == session.worker.name
            if kind == "sent_back" and not is_mine:
                continue
            subject = row.doc.subject
            label = standing_label(db, subject.list, subject.id) if subject else ""
            at = datetime.fromisoformat(row.doc.created).astimezone(KOREA)
            text = f"{row.doc.state}: {pack.plans.title} {label}".rstrip()
            if kind == "planned" and pack.plans.form.id == responses.FORM:
                stands = responses.response(row.doc.answers, row.doc.created, session.clock.now())
                yield Chore(
                    kind, text, row.record_id, None, stands.words, is_late=stands.overdue_days > 0
                )
                continue
            if kind == "planned":
                text += f" ({at.month}. {at.day}. {at:%H:%M})"
            reason = next((header.reason for header in row.doc.history if header.reason), None)
            if kind == "sent_back" and reason:
                text += f" - {reason.splitlines()[0]}"
            yield Chore(kind, text, row.record_id, None)


def _conflict_chores(session: Session, db: Database) -> Iterable[Chore]:
    count = len(to_decide(session, db))
    if count:
        yield Chore("conflict", f"서로 다른 내용 {count}건", None, None)


def _promise_chores(db: Database) -> Iterable[Chore]:
    for household in entities.having(db, cases.HOUSEHOLDS, cases.PROMISES):
        said = ", ".join(household.props[cases.PROMISES].splitlines())
        yield Chore("promise", f"약속: {household.label} - {said}", None, household.entity_id)
