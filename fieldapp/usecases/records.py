"""The list of records and drafts, and the status line's facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fieldapp.domain.ids import RecordId
from fieldapp.errors import PackMissing
from fieldapp.storage import answers, conflicts, drafts, meta, operations, records
from fieldapp.storage.drafts import Draft
from fieldapp.storage.records import RecordRow as StoredRow
from fieldapp.usecases.session import Session

Delivery = Literal["draft", "unsent", "sent", "received", "held", "quarantined", "conflict"]


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
class Status:
    """What the status line says. `unsent` counts operations without a receipt."""

    saved_at: datetime | None
    unsent: int
    last_exchange: datetime | None
    open_conflicts: int
    quarantined: int
    due_projection: int


def records_and_drafts(session: Session, limit: int = 500) -> tuple[RecordRow, ...]:
    """Drafts first, then records, each newest first."""
    with session.store.reading() as db:
        begun = [_draft_row(session, draft) for draft in drafts.all_drafts(db)]
        kept = [_record_row(session, row) for row in records.page(db, limit=limit)]
    return (*begun, *kept)


def status(session: Session) -> Status:
    """The present truth of the status line, in one reading."""
    with session.store.reading() as db:
        return Status(
            saved_at=meta.saved_at(db),
            unsent=operations.count_unsent(db),
            last_exchange=meta.last_exchange(db),
            open_conflicts=conflicts.count_open(db),
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
