"""Filling a form: open it, keep the draft behind the keyboard, finish it into a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fieldapp.domain.ids import RecordId, new_record_id
from fieldapp.domain.operation import (
    Base,
    Changes,
    FormRef,
    Transition,
    changed_answers,
)
from fieldapp.domain.plans import WorkflowStep
from fieldapp.domain.workflow import checked_step, steps_from
from fieldapp.errors import AnswersIncomplete, NothingChanged, ReasonMissing
from fieldapp.failpoints import reach
from fieldapp.packs import Filling, Pack, guard, open_form
from fieldapp.storage import answers, drafts, records
from fieldapp.storage.database import Database
from fieldapp.storage.drafts import Draft
from fieldapp.usecases.session import Session, append_operation, newest_packs, surroundings


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A form that this device can open, in its newest version."""

    form: FormRef
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class DraftSnapshot:
    """What stands in the window at one moment, taken on the UI thread and kept on another."""

    record_id: RecordId
    form: FormRef
    base: Base | None
    is_amendment: bool
    seen: Mapping[str, str]
    answers: Mapping[str, str]
    cursor_path: str | None


@dataclass(slots=True)
class OpenForm:
    """A form on the desk. Its `filling` belongs to the UI thread.

    seen: the record's answers when it was opened to amend, which the patch is taken against.
    """

    record_id: RecordId
    form: FormRef
    title: str
    filling: Filling
    base: Base | None = None
    is_amendment: bool = False
    seen: Mapping[str, str] = field(default_factory=dict)
    cursor_path: str | None = None
    was_recovered: bool = False
    steps: tuple[WorkflowStep, ...] = field(default_factory=tuple)

    def snapshot(self, cursor_path: str | None) -> DraftSnapshot:
        """The answers as typed, irrelevant ones included, and where the cursor stands."""
        return DraftSnapshot(
            record_id=self.record_id,
            form=self.form,
            base=self.base,
            is_amendment=self.is_amendment,
            seen=self.seen,
            answers=dict(self.filling.draft_answers()),
            cursor_path=cursor_path,
        )


def forms_available(session: Session) -> tuple[FormChoice, ...]:
    """The newest version of each installed form, by title."""
    return tuple(
        FormChoice(pack.plans.form, pack.plans.title, pack.plans.kind)
        for pack in newest_packs(session)
    )


def open_new(session: Session, form_id: str) -> OpenForm:
    """A blank form. The record's id is minted here and is the draft's key."""
    pack = session.catalogue.newest(form_id)
    record_id = new_record_id(session.clock.now())
    return _opened(session, pack, record_id, state=None)


def open_draft(session: Session, record_id: RecordId) -> OpenForm:
    """A form as it was left, on the version it was begun on. Raises RecordMissing, PackMissing."""
    with session.store.reading() as db:
        draft = drafts.find(db, record_id)
        state = records.find(db, record_id).doc.state if draft.is_amendment else None
    return _opened(
        session,
        session.catalogue.find(draft.form),
        record_id,
        state=state,
        answers=draft.answers,
        base=draft.base,
        is_amendment=draft.is_amendment,
        seen=draft.seen,
        cursor_path=draft.cursor_path,
        was_recovered=True,
    )


def open_record(session: Session, record_id: RecordId) -> OpenForm:
    """A finished record to amend, on its own form version; its draft if one was begun."""
    with session.store.reading() as db:
        if drafts.exists(db, record_id):
            return open_draft(session, record_id)
        stored = records.find(db, record_id)
    return _opened(
        session,
        session.catalogue.find(stored.doc.form),
        record_id,
        state=stored.doc.state,
        answers=stored.doc.answers,
        base=stored.base,
        is_amendment=True,
        seen=stored.doc.answers,
    )


def keep_draft(session: Session, snapshot: DraftSnapshot) -> Changes:
    """Write what stands in the window, at most two seconds behind the keyboard."""
    with session.store.writing() as db:
        drafts.keep(db, _draft(snapshot, session.clock.now()))
        reach("draft.before_commit")
    return Changes(drafts=frozenset({snapshot.record_id}))


def discard_draft(session: Session, record_id: RecordId) -> Changes:
    """Throw a draft away; a record under it stays as it is."""
    with session.store.writing() as db:
        drafts.discard(db, record_id)
    return Changes(drafts=frozenset({record_id}))


def finish(session: Session, snapshot: DraftSnapshot, *, reason: str | None = None) -> Changes:
    """Make the draft a record, or an amendment a revision: one transaction.

    Operation, record, projection and the draft's end commit together or not at all.
    Raises AnswersIncomplete, NothingChanged, ReasonMissing (an amendment says why) and
    TransitionRefused with the workbook's own sentence.
    """
    pack = session.catalogue.find(snapshot.form)
    filling = open_form(pack, surroundings(session, snapshot.record_id), snapshot.answers)
    violations = filling.violations()
    if violations:
        raise AnswersIncomplete(violations=violations, count=len(violations))
    final = dict(filling.answers())
    with session.store.writing() as db:
        if snapshot.is_amendment:
            _amend(session, db, snapshot, final, reason)
        else:
            _create(session, db, snapshot, final, reason)
        answers.project(db, records.find(db, snapshot.record_id), pack.plans.projection)
        drafts.discard(db, snapshot.record_id)
        reach("save.before_commit")
    reach("save.after_commit")
    return Changes(
        records=frozenset({snapshot.record_id}),
        drafts=frozenset({snapshot.record_id}),
        outbox=True,
    )


def _create(
    session: Session,
    db: Database,
    snapshot: DraftSnapshot,
    final: Mapping[str, str],
    reason: str | None,
) -> None:
    """The first operation of a record: it fixes scope and form version, and enters the workflow."""
    pack = session.catalogue.find(snapshot.form)
    first = steps_from(pack.plans.workflow, None)[0]
    step = checked_step(
        pack.plans.workflow,
        state=None,
        target=first.target,
        roles=session.worker.roles,
        answers=final,
        reason=reason,
        guard=guard(pack),
    )
    operation = append_operation(
        session,
        db,
        record_id=snapshot.record_id,
        kind="create",
        form=snapshot.form,
        patch=changed_answers(None, final),
        scope=session.worker.scope,
        transition=Transition(to=step.target, seen_rev=0),
        reason=reason,
    )
    records.apply_operation(db, operation, kind=pack.plans.kind)


def _amend(
    session: Session,
    db: Database,
    snapshot: DraftSnapshot,
    final: Mapping[str, str],
    reason: str | None,
) -> None:
    """A change against what the worker saw when the record was opened, not what stands now."""
    patch = changed_answers(snapshot.seen, final)
    if not patch:
        raise NothingChanged
    if not (reason or "").strip():
        raise ReasonMissing(label="고치기")
    stored = records.find(db, snapshot.record_id)
    operation = append_operation(
        session,
        db,
        record_id=snapshot.record_id,
        kind="change",
        form=snapshot.form,
        patch=patch,
        base=snapshot.base,
        reason=reason,
    )
    records.apply_operation(db, operation, kind=stored.doc.kind)


def _opened(
    session: Session,
    pack: Pack,
    record_id: RecordId,
    *,
    state: str | None,
    answers: Mapping[str, str] | None = None,
    base: Base | None = None,
    is_amendment: bool = False,
    seen: Mapping[str, str] | None = None,
    cursor_path: str | None = None,
    was_recovered: bool = False,
) -> OpenForm:
    roles = session.worker.roles
    return OpenForm(
        record_id=record_id,
        form=pack.plans.form,
        title=pack.plans.title,
        filling=open_form(pack, surroundings(session, record_id), answers),
        base=base,
        is_amendment=is_amendment,
        seen=dict(seen or {}),
        cursor_path=cursor_path,
        was_recovered=was_recovered,
        steps=tuple(
            step
            for step in steps_from(pack.plans.workflow, state)
            if not step.roles or roles & set(step.roles)
        ),
    )


def _draft(snapshot: DraftSnapshot, at: datetime) -> Draft:
    return Draft(
        record_id=snapshot.record_id,
        form=snapshot.form,
        is_amendment=snapshot.is_amendment,
        base=snapshot.base,
        seen=snapshot.seen,
        answers=snapshot.answers,
        cursor_path=snapshot.cursor_path,
        updated_at=at,
    )
