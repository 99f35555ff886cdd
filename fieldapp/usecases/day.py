"""하루 마치기: what was done today, what is not sent, what is still to be copied, and tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fieldapp.clock import KOREA, today
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes
from fieldapp.storage import marks, operations, records
from fieldapp.storage.records import RecordRow
from fieldapp.usecases.access_log import about, note_reading
from fieldapp.usecases.caseload import caseload
from fieldapp.usecases.households import copied_of
from fieldapp.usecases.lists import standing_label
from fieldapp.usecases.session import Session, newest_packs

_CALL = "phone"
_MOST = 200


@dataclass(frozen=True, slots=True)
class CopyText:
    """A contact of today and the text that goes into 행복이음 by hand."""

    record_id: RecordId
    title: str
    text: str
    is_copied: bool


@dataclass(frozen=True, slots=True)
class DayEnd:
    """The day in numbers. unsent: operations without a receipt; tomorrow: households due then."""

    day: date
    visits: int
    calls: int
    unsent: int
    to_copy: tuple[CopyText, ...]
    tomorrow: int


def day_end(session: Session) -> DayEnd:
    """What the day came to."""
    day = today(session.clock)
    contacts: list[tuple[RecordRow, str]] = []
    with session.store.reading() as db:
        for pack in newest_packs(session):
            schedule = pack.plans.schedule
            if schedule is None or schedule.contact is None:
                continue
            paths = schedule.contact
            contacts += [
                (row, row.doc.answers.get(paths.method, ""))
                for row in records.of_form(db, pack.plans.form.id, states=None, limit=_MOST)
                if _is_mine(session, row, day, row.doc.answers.get(paths.date))
            ]
        copied = marks.copied(db, [row.record_id for row, _ in contacts])
        labels = {
            row.record_id: standing_label(db, row.doc.subject.list, row.doc.subject.id)
            for row, _ in contacts
            if row.doc.subject
        }
        unsent = operations.count_unsent(db)
        tomorrow = sum(
            cared.due is not None and cared.due.due_on <= day + timedelta(days=1)
            for cared in caseload(session, db)
        )
    if contacts:
        shown = [subject for row, _ in contacts for subject in about(row.doc.subject)]
        note_reading(session, "view", subjects=shown, detail={"count": len(contacts)})
    return DayEnd(
        day=day,
        visits=sum(method != _CALL for _, method in contacts),
        calls=sum(method == _CALL for _, method in contacts),
        unsent=unsent,
        to_copy=tuple(
            CopyText(
                record_id=row.record_id,
                title=labels.get(row.record_id, ""),
                text=copied_of(session, row),
                is_copied=row.record_id in copied,
            )
            for row, _ in contacts
        ),
        tomorrow=tomorrow,
    )


def mark_copied(session: Session, record_id: RecordId) -> Changes:
    """Note that the text of a record was copied (옮김), on this laptop."""
    with session.store.writing() as db:
        marks.put_copied(db, record_id, at=session.clock.now())
    return Changes(records=frozenset({record_id}))


def _is_mine(session: Session, row: RecordRow, day: date, on: str | None) -> bool:
    if row.doc.author != session.worker.name:
        return False
    if on:
        return on == day.isoformat()
    return datetime.fromisoformat(row.doc.created).astimezone(KOREA).date() == day
