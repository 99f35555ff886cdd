"""The list of records and drafts, and the status line's facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from fieldapp.clock import KOREA, today
from fieldapp.domain.ids import RecordId
from fieldapp.errors import PackMissing
from fieldapp.storage import answers, drafts, meta, operations, records
from fieldapp.storage.collation import sort_key
from fieldapp.storage.drafts import Draft
from fieldapp.storage.records import RecordRow as StoredRow
from fieldapp.usecases.corrections import to_decide
from fieldapp.usecases.session import Session, newest_packs

#: Since when, in the words of RecordFilter.
PERIODS: tuple[str, ...] = ("today", "week", "month", "last_month")
Delivery = Literal[
    "draft", "unsent", "sent", "received", "held", "quarantined", "conflict", "aside"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line of 기록. `title` is the record's instanceName, or its form's title."""

    record_id: RecordId
    title: str
    form_title: str
    state: str
    updated_at: datetime
    author: str
    delivery: Delivery
    is_draft: bool


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What 기록 is narrowed to. form_id: "" for every form; period: of the day they were last
    changed, one of PERIODS or "" for whenever.
    """

    form_id: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Part of the list, and how many records (drafts apart) there are in all."""

    rows: tuple[RecordRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line says. `unsent` counts operations without a receipt."""

    saved_at: datetime | None
    unsent: int
    last_exchange: datetime | None
    open_conflicts: int
    quarantined: int
    due_projection: int


def records_page(
    session: Session, wanted: RecordFilter | None = None, limit: int = 500
) -> RecordPage:
    """Drafts first, then records, each newest first, of the form and the time that are wanted; and
    how many records there are beyond what is shown.
    """
    form_id = wanted.form_id or None if wanted else None
    since, until = _span(wanted.period if wanted else "", today(session.clock))
    with session.store.reading() as db:
        begun = [
            _draft_row(session, draft)
            for draft in drafts.all_drafts(db)
            if form_id in (None, draft.form.id)
            and (since is None or draft.updated_at >= since)
            and (until is None or draft.updated_at < until)
        ]
        kept = [
            _record_row(session, row)
            for row in records.page(db, limit=limit, form_id=form_id, since=since, until=until)
        ]
        total = len(kept)
        if total == limit:
            total = records.count(db, form_id=form_id, since=since, until=until)
    return RecordPage((*begun, *kept), total)


def forms_of_records(session: Session) -> tuple[tuple[str, str], ...]:
    """Forms by which the list can be narrowed: id and title, by title."""
    titles = ((pack.plans.form.id, pack.plans.title) for pack in newest_packs(session))
    return tuple(sorted(titles, key=lambda one: (sort_key(one[1]), one[0])))


def status(session: Session) -> Status:
    """The present truth of the status line, in one reading."""
    with session.store.reading() as db:
        return Status(
            saved_at=meta.saved_at(db),
            unsent=operations.count_unsent(db),
            last_exchange=meta.last_exchange(db),
            open_conflicts=len(to_decide(session, db)),
            quarantined=operations.count_quarantined(db),
            due_projection=answers.due_count(db),
        )


def title_of(form_title: str, answers_: dict[str, str]) -> str:
    """The record's own name where its form gives one."""
    return answers_.get("meta/instanceName") or form_title


def form_title(session: Session, form_id: str) -> str:
    """The form's title, or its id when this device no longer has it."""
    try:
        return session.catalogue.newest(form_id).plans.title
    except PackMissing:
        return form_id


def _span(period: str, day: date) -> tuple[datetime | None, datetime | None]:
    """From when on, until before when; None for no bound."""
    first = {
        "today": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "last_month": (day.replace(day=1) - timedelta(days=1)).replace(day=1),
    }.get(period)
    if first is None:
        return None, None
    end = day.replace(day=1) if period == "last_month" else None
    return _midnight(first), None if end is None else _midnight(end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, KOREA)


def _draft_row(session: Session, draft: Draft) -> RecordRow:
    title = form_title(session, draft.form.id)
    return RecordRow(
        record_id=draft.record_id,
        title=title_of(title, dict(draft.answers)),
        form_title=title,
        state="작성 중",
        updated_at=draft.updated_at,
        author=session.worker.name,
        delivery="draft",
        is_draft=True,
    )


def _record_row(session: Session, row: StoredRow) -> RecordRow:
    title = form_title(session, row.doc.form.id)
    return RecordRow(
        record_id=row.record_id,
        title=title_of(title, row.doc.answers),
        form_title=title,
        state=row.doc.state,
        updated_at=datetime.fromisoformat(row.doc.updated),
        author=row.doc.author,
        delivery=_delivery(row),
        is_draft=False,
    )


def _delivery(row: StoredRow) -> Delivery:
    if row.has_conflict:
        return "conflict"
    if row.op_state == "quarantined":
        return "quarantined"
    if row.is_held:
        return "held"
    states: dict[str | None, Delivery] = {"new": "unsent", "sent": "sent"}
    return states.get(row.op_state, "received")
