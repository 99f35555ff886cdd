"""확인: the queue of what waits for a second pair of eyes, each beside what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from fieldapp.clock import KOREA, today
from fieldapp.domain.ids import EntityId, RecordId
from fieldapp.domain.operation import Changes, Transition
from fieldapp.domain.plans import WorkflowStep
from fieldapp.domain.workflow import SERVER, automatic_step, checked_step, with_signatures
from fieldapp.errors import PackMissing, SeatTaken
from fieldapp.packs import Pack, QuestionWords, guard, open_form, question_words
from fieldapp.storage import answers, entities, records
from fieldapp.storage.records import RecordRow, StoredRecord
from fieldapp.usecases.access_log import about, note_reading
from fieldapp.usecases.grading import GradeProposal, decision, proposal_of
from fieldapp.usecases.lists import lists_of, standing_label
from fieldapp.usecases.records import title_of
from fieldapp.usecases.remarks import remarks
from fieldapp.usecases.reviewed import answers_before
from fieldapp.usecases.session import (
    Session,
    append_operation,
    newest_packs,
    record_ref,
    surroundings,
)
from fieldapp.usecases.steps import steps_for

#: How many of the automatically confirmed are looked at a week (corrections.md, settled).
SAMPLE = 3


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A record that waits. is_clean: nothing in it asks for a second look."""

    record_id: RecordId
    title: str
    subject: str
    author: str
    state: str
    at: datetime
    age_days: int
    is_clean: bool


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One question: what it said before and says now, in words; None where there was no answer.

    remark: why its form would not let it past as it stands, empty where it would.
    """

    path: str
    question: str
    before: str | None
    now: str | None
    is_changed: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """What the reviewer may do: go to `target`; 보완 요청 asks for a reason."""

    target: str
    label: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A record beside its last reviewed revision, and what may be done with it.

    proposal: a change of grade that confirming it decides.
    """

    record_id: RecordId
    title: str
    author: str
    at: datetime
    state: str
    lines: tuple[ReviewLine, ...]
    steps: tuple[ReviewStep, ...]
    reason: str
    proposal: GradeProposal | None = None


def queue(session: Session, limit: int = 500) -> tuple[ReviewRow, ...]:
    """Records that this worker may confirm or send back, oldest first; never one's own."""
    rows: list[ReviewRow] = []
    now = session.clock.now()
    with session.store.reading() as db:
        for pack in newest_packs(session):
            states = _states_to_review(pack, session.worker.roles)
            if not states:
                continue
            for row in records.of_form(db, pack.plans.form.id, states=states, limit=limit):
                if row.doc.author == session.worker.name:
                    continue
                subject = row.doc.subject
                label = standing_label(db, subject.list, subject.id) if subject else ""
                rows.append(_row(session, pack, row, label, now))
    return tuple(sorted(rows, key=lambda row: row.at))


def review(session: Session, record_id: RecordId) -> Review:
    """One record in words. Raises RecordMissing, PackMissing."""
    with session.store.reading() as db:
        stored = records.find(db, record_id)
        before = answers_before(db, stored)
        proposal = proposal_of(db, stored)
    pack = session.catalogue.find(stored.doc.form)
    note_reading(
        session,
        "view",
        subjects=about(stored.doc.subject),
        object_id=record_id,
        form_id=stored.doc.form.id,
    )
    return Review(
        record_id=record_id,
        title=title_of(pack.plans.title, stored.doc.answers),
        author=stored.doc.author,
        at=datetime.fromisoformat(stored.doc.updated),
        state=stored.doc.state,
        lines=_lines(session, pack, stored, before),
        steps=_steps(session, pack, stored.doc.state),
        reason=next((header.reason for header in stored.doc.history if header.reason), "") or "",
        proposal=proposal if _decides(pack, stored.doc.state, session.worker.roles) else None,
    )


def take_step(
    session: Session,
    record_id: RecordId,
    target: str,
    *,
    reason: str | None = None,
    comments: Mapping[str, str] | None = None,
    accepts_grade: bool = False,
) -> Changes:
    """Confirm a record or send it back; comments stand at their questions (path → words).

    Confirming decides a change of grade that the record asked for: it is accepted, or taken off.

    Raises SeatTaken for one's own record, ReasonMissing, RoleMissing, StepMissing,
    TransitionRefused.
    """
    with session.store.writing() as db:
        stored = records.find(db, record_id)
        if stored.doc.author == session.worker.name:
            raise SeatTaken(name=session.worker.name)
        pack = session.catalogue.find(stored.doc.form)
        words = _reason(session, pack, stored, reason, comments or {})
        step = checked_step(
            pack.plans.workflow,
            state=stored.doc.state,
            target=target,
            roles=session.worker.roles,
            answers=with_signatures(stored.doc.answers, stored.doc.signatures),
            reason=words,
            guard=guard(pack),
        )
        proposal = proposal_of(db, stored) if step.needs_seen else None
        effects = (
            decision(db, proposal, is_accepted=accepts_grade, on=today(session.clock))
            if proposal is not None
            else ()
        )
        operation = append_operation(
            session,
            db,
            object=record_ref(record_id),
            kind="change",
            form=stored.doc.form,
            base=stored.base,
            transition=Transition(to=target, seen_rev=stored.rev),
            effects=effects,
            reason=words,
        )
        records.apply_operation(db, operation, kind=stored.doc.kind)
        entities.apply_effects(db, operation)
        answers.project(db, records.find(db, record_id), pack.plans.projection)
    return Changes(
        records=frozenset({record_id}),
        entities=frozenset(EntityId(effect.id) for effect in effects),
        outbox=True,
    )


def confirm_all(session: Session, record_ids: Sequence[RecordId], target: str) -> Changes:
    """Confirm several clean records after a look at some of them; each by its own operation."""
    changes = Changes()
    for record_id in record_ids:
        changes = changes | take_step(session, record_id, target)
    return changes


def sample(session: Session, limit: int = 500) -> tuple[ReviewRow, ...]:
    """Three of this week's automatically confirmed records, the same three all week.

    Which ones is decided by a hash of the week and the record: nobody chooses, everybody agrees.
    """
    now = session.clock.now().astimezone(KOREA)
    week = now.isocalendar()[:2]
    picked: list[tuple[str, ReviewRow]] = []
    with session.store.reading() as db:
        for pack in newest_packs(session):
            targets = tuple(
                step.target for step in pack.plans.workflow.steps if step.roles == (SERVER,)
            )
            if not targets or not _states_to_review(pack, session.worker.roles):
                continue
            for row in records.of_form(db, pack.plans.form.id, states=targets, limit=limit):
                at = datetime.fromisoformat(row.doc.updated).astimezone(KOREA)
                is_automatic = bool(row.doc.history) and row.doc.history[0].who == SERVER
                if not is_automatic or at.isocalendar()[:2] != week:
                    continue
                subject = row.doc.subject
                label = standing_label(db, subject.list, subject.id) if subject else ""
                key = sha256(f"{week}{row.record_id}".encode()).hexdigest()
                picked.append((key, _row(session, pack, row, label, now)))
    return tuple(row for _, row in sorted(picked)[:SAMPLE])


def _decides(pack: Pack, state: str, roles: frozenset[str]) -> bool:
    """Whether a record in this state is confirmed by these roles."""
    return any(step.needs_seen for step in steps_for(pack.plans.workflow, state, roles))


def _states_to_review(pack: Pack, roles: frozenset[str]) -> tuple[str, ...]:
    """States out of which a step by these roles demands that the record was seen."""
    return tuple(
        dict.fromkeys(
            step.source
            for step in pack.plans.workflow.steps
            if step.object == "record"
            and step.needs_seen
            and step.source is not None
            and roles & set(step.roles)
        )
    )


def _row(session: Session, pack: Pack, row: RecordRow, subject: str, now: datetime) -> ReviewRow:
    at = datetime.fromisoformat(row.doc.updated)
    given = with_signatures(row.doc.answers, row.doc.signatures)
    automatic = automatic_step(pack.plans.workflow, row.doc.state, given, guard(pack))
    return ReviewRow(
        record_id=row.record_id,
        title=title_of(pack.plans.title, row.doc.answers),
        subject=subject,
        author=row.doc.author,
        state=row.doc.state,
        at=at,
        age_days=(now.astimezone(KOREA).date() - at.astimezone(KOREA).date()).days,
        is_clean=automatic is not None and not remarks(session, row.record_id, row.doc),
    )


def _steps(session: Session, pack: Pack, state: str) -> tuple[ReviewStep, ...]:
    steps: dict[str, WorkflowStep] = {}
    for step in steps_for(pack.plans.workflow, state, session.worker.roles):
        steps.setdefault(step.target, step)
    return tuple(ReviewStep(step.target, step.label, step.needs_reason) for step in steps.values())


def _lines(
    session: Session, pack: Pack, stored: StoredRecord, before: Mapping[str, str] | None
) -> tuple[ReviewLine, ...]:
    now = stored.doc.answers
    filling = open_form(pack, surroundings(session, stored.record_id), now, lists_of(session, pack))
    words = question_words(filling)
    remarked = remarks(session, stored.record_id, stored.doc)
    lines: list[ReviewLine] = []
    for path in dict.fromkeys((*words, *(before or {}), *remarked)):
        question = words.get(path)
        old, new = (before or {}).get(path), now.get(path)
        if old is None and new is None and path not in remarked:
            continue
        label = question.label if question else path
        lines.append(
            ReviewLine(
                path=path,
                question=label,
                before=_said(question, old),
                now=_said(question, new),
                is_changed=before is not None and old != new,
                remark=remarked.get(path, ""),
            )
        )
    return tuple(lines)


def _said(question: QuestionWords | None, value: str | None) -> str | None:
    return value if value is None or question is None else question.words(value)


def _reason(
    session: Session,
    pack: Pack,
    stored: StoredRecord,
    reason: str | None,
    comments: Mapping[str, str],
) -> str | None:
    """The reason and, a line each, the comments with the question they stand at."""
    lines = [line for line in [(reason or "").strip()] if line]
    if comments:
        try:
            words = question_words(
                open_form(
                    pack,
                    surroundings(session, stored.record_id),
                    stored.doc.answers,
                    lists_of(session, pack),
                )
            )
        except PackMissing:
            words = {}
        lines += [
            f"[{words[path].label if path in words else path}] {text.strip()}"
            for path, text in comments.items()
            if text.strip()
        ]
    return "\n".join(lines) or None
