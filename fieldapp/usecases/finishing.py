"""마치기: the draft becomes a record, or an amendment a revision, with all that it causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.ids import EntityId, RecordId, new_record_id
from fieldapp.domain.operation import (
    Changes,
    Effect,
    PatchLine,
    Subject,
    Transition,
    changed_answers,
)
from fieldapp.domain.plans import WorkflowStep
from fieldapp.domain.workflow import standing_signatures, state_without_signatures, steps_from
from fieldapp.errors import AnswersIncomplete, NothingChanged, PackMissing, ReasonMissing
from fieldapp.failpoints import reach
from fieldapp.packs import Filling, Pack, effects_of, open_form
from fieldapp.storage import answers, drafts, entities, records
from fieldapp.storage.database import Database
from fieldapp.storage.records import StoredRecord
from fieldapp.usecases.filling import DraftSnapshot
from fieldapp.usecases.homes import home_of_record
from fieldapp.usecases.lists import lists_of, standing_in, subject_in
from fieldapp.usecases.session import Session, append_operation, record_ref, surroundings
from fieldapp.usecases.steps import (
    causes_entities,
    finishing_step,
    has_caused_entities,
    is_open,
    opened_forms,
    part_step,
)

#: The answer of a record that another one opened: which one (`open P03`).
ORIGIN = "origin"


def finish(
    session: Session,
    snapshot: DraftSnapshot,
    *,
    reason: str | None = None,
    target: str | None = None,
) -> Changes:
    """Make the draft a record, or an amendment a revision: one transaction.

    Operation, record, entities, projection and the draft's end commit together or not at all.
    target: the state to go to; by itself the one that completes the form. Raises AnswersIncomplete,
    NothingChanged, ReasonMissing (who changes what was complete says why) and TransitionRefused
    with the workbook's own sentence.
    """
    pack = session.catalogue.find(snapshot.form)
    filling = _filling(session, pack, snapshot.record_id, snapshot.answers)
    violations = filling.violations()
    if violations:
        raise AnswersIncomplete(violations=violations, count=len(violations))
    return _save(session, pack, snapshot, filling, is_part=False, reason=reason, target=target)


def save_part(session: Session, snapshot: DraftSnapshot) -> Changes:
    """Keep one's part of joint work as a revision, before all of it is answered (F6).

    Raises NothingChanged.
    """
    pack = session.catalogue.find(snapshot.form)
    filling = _filling(session, pack, snapshot.record_id, snapshot.answers)
    return _save(session, pack, snapshot, filling, is_part=True)


def _save(
    session: Session,
    pack: Pack,
    snapshot: DraftSnapshot,
    filling: Filling,
    *,
    is_part: bool,
    reason: str | None = None,
    target: str | None = None,
) -> Changes:
    final = dict(filling.answers())
    roles = session.worker.roles
    with session.store.writing() as db:
        stored = records.find(db, snapshot.record_id) if snapshot.is_amendment else None
        state = stored.doc.state if stored else None
        if is_part:
            step = part_step(pack, state, final, roles=roles)
        else:
            step = finishing_step(pack, state, final, roles=roles, target=target, reason=reason)
        made = _Saving(
            session=session,
            db=db,
            pack=pack,
            snapshot=snapshot,
            filling=filling,
            final=final,
            step=step,
            reason=(reason or "").strip() or None,
        )
        record, changes = made.amend(stored) if stored else made.create()
        answers.project(db, record, pack.plans.projection)
        drafts.discard(db, snapshot.record_id)
        reach("save.before_commit")
    reach("save.after_commit")
    return changes | Changes(drafts=frozenset({snapshot.record_id}), outbox=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saving:
    """One save inside its transaction."""

    session: Session
    db: Database
    pack: Pack
    snapshot: DraftSnapshot
    filling: Filling
    final: Mapping[str, str]
    step: WorkflowStep | None
    reason: str | None

    def create(self) -> tuple[StoredRecord, Changes]:
        """The first operation of a record: it fixes scope and form version. Returns the record as
        it stands after, too.
        """
        if self.step is None:
            raise AssertionError("a record begins with a step")  # finishing_step refuses before
        effects = self._effects(None)
        subject = subject_in(self.pack, self.final)
        operation = append_operation(
            self.session,
            self.db,
            object=record_ref(self.snapshot.record_id),
            kind="create",
            form=self.snapshot.form,
            patch=changed_answers(None, self.final),
            scope=home_of_record(self.session, self.db, subject),
            subject=subject,
            transition=Transition(to=self.step.target, seen_rev=0),
            effects=effects,
            reason=self.reason,
        )
        record = records.apply_operation(self.db, operation, kind=self.pack.plans.kind)
        entities.apply_effects(self.db, operation)
        return record, self._caused(effects)

    def amend(self, stored: StoredRecord) -> tuple[StoredRecord, Changes]:
        """A change against what the worker saw when the record was opened, not what stands now."""
        patch = changed_answers(self.snapshot.seen, self.final) + self._new_subject(stored)
        moves = self.step is not None and self.step.target != stored.doc.state
        if not patch and not moves:
            raise NothingChanged
        workflow = self.pack.plans.workflow
        if self.reason is None and not is_open(workflow, stored.doc.state):
            raise ReasonMissing(label="고치기")
        effects = self._effects(stored)
        operation = append_operation(
            self.session,
            self.db,
            object=record_ref(self.snapshot.record_id),
            kind="change",
            form=self.snapshot.form,
            patch=patch,
            base=self.snapshot.base,
            transition=Transition(to=self.step.target, seen_rev=stored.rev)
            if self.step is not None and moves
            else None,
            effects=effects,
            reason=self.reason,
        )
        laid = records.apply_operation(self.db, operation, kind=stored.doc.kind)
        if standing_signatures(laid.doc.signatures, laid.doc.answers) != laid.doc.signatures:
            laid = records.void_signatures(
                self.db,
                self.snapshot.record_id,
                state=state_without_signatures(workflow, laid.doc.state),
            )
        entities.apply_effects(self.db, operation)
        return laid, self._caused(effects)

    def _effects(self, stored: StoredRecord | None) -> tuple[Effect, ...]:
        """What the form makes of its entities now: at the step that says so, and ever after.

        What this record set before is what it changes now, also when it was sent back in between.
        """
        workflow = self.pack.plans.workflow
        if stored is not None and _has_caused(self.pack, stored):
            return effects_anew(
                self.session,
                self.db,
                self.pack,
                stored,
                before=self.snapshot.seen,
                after=self.filling,
            )
        if self.step is None or not causes_entities(workflow, self.step):
            return ()
        return effects_of(self.pack, None, self.filling, standing_in(self.db))

    def _new_subject(self, stored: StoredRecord) -> tuple[PatchLine, ...]:
        subject = subject_in(self.pack, self.final)
        old, new = _named(stored.doc.subject), _named(subject)
        return () if old == new else (PatchLine(path="@subject", old=old, new=new),)

    def _caused(self, effects: tuple[Effect, ...]) -> Changes:
        subject = subject_in(self.pack, self.final)
        opened = [
            open_planned(
                self.session, self.db, form_id, subject=subject, origin=self.snapshot.record_id
            )
            for form_id in (opened_forms(self.step) if self.step else ())
        ]
        return Changes(
            records=frozenset({self.snapshot.record_id, *(one for one in opened if one)}),
            entities=frozenset(EntityId(effect.id) for effect in effects),
        )


def effects_anew(
    session: Session,
    db: Database,
    pack: Pack,
    stored: StoredRecord,
    *,
    before: Mapping[str, str] | None,
    after: Filling,
) -> tuple[Effect, ...]:
    """What a record changes of its entities, where it has made something of them before.

    before: the answers that are replaced.
    """
    if not _has_caused(pack, stored):
        return ()
    earlier = _filling(session, pack, stored.record_id, before)
    return effects_of(pack, earlier, after, standing_in(db))


def _has_caused(pack: Pack, stored: StoredRecord) -> bool:
    states = [stored.doc.state, *(header.state for header in stored.doc.history)]
    return has_caused_entities(pack.plans.workflow, states)


def open_planned(
    session: Session, db: Database, form_id: str, *, subject: Subject | None, origin: RecordId
) -> RecordId | None:
    """A record of another form in its planned state, which a step causes (`open P03`).

    None when this device has no such form: the record that causes it stands all the same.
    """
    try:
        pack = session.catalogue.newest(form_id)
    except PackMissing:
        return None
    record_id = new_record_id(session.clock.now())
    preset = {ORIGIN: str(origin)} | ({subject.list: subject.id} if subject else {})
    given = {path: preset[path] for path in pack.definition.leaves if path in preset}
    create_planned(session, db, pack, record_id=record_id, given=given)
    return record_id


def create_planned(
    session: Session,
    db: Database,
    pack: Pack,
    *,
    record_id: RecordId,
    given: Mapping[str, str],
    scope: str | None = None,
) -> None:
    """A record in the first state of its workflow, with what is known so far and nothing else:
    whoever opens it first is asked the rest, and is the one who filled it.

    scope: where it is at home; by itself where a record about its subject is.
    """
    subject = subject_in(pack, given)
    operation = append_operation(
        session,
        db,
        object=record_ref(record_id),
        kind="create",
        form=pack.plans.form,
        patch=changed_answers(None, given),
        scope=scope or home_of_record(session, db, subject),
        subject=subject,
        transition=Transition(to=steps_from(pack.plans.workflow, None)[0].target, seen_rev=0),
    )
    record = records.apply_operation(db, operation, kind=pack.plans.kind)
    answers.project(db, record, pack.plans.projection)


def _named(subject: Subject | None) -> str | None:
    """A subject as a patch line names it."""
    return None if subject is None else f"{subject.list}/{subject.id}"


def _filling(
    session: Session, pack: Pack, record_id: RecordId, given: Mapping[str, str] | None
) -> Filling:
    return open_form(pack, surroundings(session, record_id), given, lists_of(session, pack))
