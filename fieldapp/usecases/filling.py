"""Filling a form: open it and keep the draft behind the keyboard. `finishing` makes it a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fieldapp.domain.entity import LABEL, flat
from fieldapp.domain.ids import RecordId, new_record_id
from fieldapp.domain.masking import masked_name
from fieldapp.domain.operation import Base, Changes, FormRef, Subject
from fieldapp.domain.plans import Part, WorkflowStep
from fieldapp.domain.record import RecordDoc
from fieldapp.domain.workflow import steps_from
from fieldapp.failpoints import reach
from fieldapp.packs import CopyBlock, Filling, Pack, copy_blocks, open_form
from fieldapp.storage import conflicts, drafts, entities, meta, records
from fieldapp.storage.database import Database
from fieldapp.storage.drafts import Draft
from fieldapp.usecases.access_log import about, note_reading
from fieldapp.usecases.lists import lists_of, subject_in
from fieldapp.usecases.preferences import PICTURE_PX, preferences
from fieldapp.usecases.seats import seat_of
from fieldapp.usecases.session import Session, newest_packs, surroundings
from fieldapp.usecases.steps import causes_entities, is_open, steps_for

#: Lists of people: whose names somebody beside the screen reads masked.
_PEOPLE = frozenset({"household", "person"})
#: The state of a record that its reviewer wants mended (F7).
_SENT_BACK = "보완 요청"


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
    asks_reason: what is saved changes a record that was complete. masked_subject: whom it is
    about, as somebody beside the screen may read it. last_answers: of the subject's last record of
    this form. parts: groups and the seats that fill them; seat: the worker's own, "" without one.
    kept_at: when the draft was last written. was_cut_off: the app did not close it itself.
    masked_path: the question that names a person, whose name is masked on the desk; "" without.
    picture_px: how long the longer edge of a new picture may be.
    sent_back: what the reviewer asks for, each word at a question on a line of its own; "" unless
    the record was sent back. differing: how many answers another has given otherwise, by whom.
    """

    record_id: RecordId
    form: FormRef
    title: str
    filling: Filling
    pack: Pack
    base: Base | None = None
    is_amendment: bool = False
    asks_reason: bool = False
    seen: Mapping[str, str] = field(default_factory=dict)
    cursor_path: str | None = None
    was_recovered: bool = False
    kept_at: datetime | None = None
    was_cut_off: bool = False
    masked_path: str = ""
    sent_back: str = ""
    differing: Mapping[str, int] = field(default_factory=dict)
    steps: tuple[WorkflowStep, ...] = field(default_factory=tuple)
    last_answers: Mapping[str, str] = field(default_factory=dict)
    masked_subject: str = ""
    parts: tuple[Part, ...] = ()
    seat: str = ""
    picture_px: int = PICTURE_PX[0]

    @property
    def planned(self) -> bool:
        """Whether the record was made before and is still being worked on."""
        return self.is_amendment and not self.asks_reason

    def copy_blocks(self) -> tuple[CopyBlock, ...]:
        """What can be copied into 행복이음, from the answers as they stand."""
        return copy_blocks(self.pack, self.filling)

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
    """The newest version of each form that the worker may begin, by title."""
    return tuple(
        FormChoice(pack.plans.form, pack.plans.title, pack.plans.kind)
        for pack in newest_packs(session)
        if steps_for(pack.plans.workflow, None, session.worker.roles)
    )


def open_new(
    session: Session,
    form_id: str,
    *,
    subject: Subject | None = None,
    preset: Mapping[str, str] | None = None,
) -> OpenForm:
    """A blank form. The record's id is minted here and is the draft's key.

    subject: whom it is about; its question is answered already, like those of `preset` (path →
    value). Raises UnknownPath, AnswerRefused for a preset that the form does not take.
    """
    pack = session.catalogue.newest(form_id)
    record_id = new_record_id(session.clock.now())
    opened = _opened(session, pack, record_id, state=None, subject=subject)
    if opened.last_answers:
        # Whoever begins a form about somebody is shown what was last said of them.
        note_reading(session, "view", subjects=about(subject), form_id=form_id)
    given = dict(preset or {})
    if subject is not None and (path := _subject_path(pack)):
        given.setdefault(path, subject.id)
    for path, value in given.items():
        opened.filling.answer(path, value)
    return opened


def open_draft(session: Session, record_id: RecordId) -> OpenForm:
    """A form as it was left, on the version it was begun on. Raises RecordMissing, PackMissing."""
    with session.store.reading() as db:
        draft = drafts.find(db, record_id)
        was_cut_off = meta.draft_on_desk(db) == record_id
        doc = records.find(db, record_id).doc if draft.is_amendment else None
        differing = _differing(db, record_id, session.worker.name)
    if doc is not None:
        _note_view(session, record_id, doc)
    pack = session.catalogue.find(draft.form)
    opened = _opened(
        session,
        pack,
        record_id,
        state=doc.state if doc else None,
        subject=subject_in(pack, draft.answers),
        answers=draft.answers,
        base=draft.base,
        is_amendment=draft.is_amendment,
        seen=draft.seen,
        cursor_path=draft.cursor_path,
        was_recovered=True,
    )
    opened.kept_at, opened.was_cut_off = draft.updated_at, was_cut_off
    opened.sent_back = _sent_back(doc) if doc else ""
    opened.differing = differing
    return opened


def open_record(session: Session, record_id: RecordId) -> OpenForm:
    """A record to amend or, when it was planned, to fill, on its own form version.

    Its draft if one was begun.
    """
    with session.store.reading() as db:
        if drafts.exists(db, record_id):
            return open_draft(session, record_id)
        stored = records.find(db, record_id)
        differing = _differing(db, record_id, session.worker.name)
    _note_view(session, record_id, stored.doc)
    pack = session.catalogue.find(stored.doc.form)
    opened = _opened(
        session,
        pack,
        record_id,
        state=stored.doc.state,
        subject=stored.doc.subject,
        answers=stored.doc.answers,
        base=stored.base,
        is_amendment=True,
        seen=stored.doc.answers,
        is_first=_is_only_planned(pack, stored.doc.state),
    )
    opened.sent_back = _sent_back(stored.doc)
    opened.differing = differing
    return opened


def keep_draft(session: Session, snapshot: DraftSnapshot) -> Changes:
    """Write what stands in the window, at most two seconds behind the keyboard."""
    with session.store.writing() as db:
        drafts.keep(db, _draft(snapshot, session.clock.now()))
        meta.put_draft_on_desk(db, snapshot.record_id)
        reach("draft.before_commit")
    return Changes(drafts=frozenset({snapshot.record_id}))


def put_away(session: Session, snapshot: DraftSnapshot | None) -> Changes:
    """The form leaves the desk by the app's own doing: write what is not kept yet, if anything."""
    with session.store.writing() as db:
        if snapshot is not None:
            drafts.keep(db, _draft(snapshot, session.clock.now()))
        meta.put_draft_on_desk(db, "")
        reach("draft.before_commit")
    return Changes(drafts=frozenset({snapshot.record_id}) if snapshot else frozenset())


def discard_draft(session: Session, record_id: RecordId) -> Changes:
    """Throw a draft away; a record under it stays as it is."""
    with session.store.writing() as db:
        drafts.discard(db, record_id)
    return Changes(drafts=frozenset({record_id}))


def _note_view(session: Session, record_id: RecordId, doc: RecordDoc) -> None:
    note_reading(
        session, "view", subjects=about(doc.subject), object_id=record_id, form_id=doc.form.id
    )


def _opened(
    session: Session,
    pack: Pack,
    record_id: RecordId,
    *,
    state: str | None,
    subject: Subject | None = None,
    answers: Mapping[str, str] | None = None,
    base: Base | None = None,
    is_amendment: bool = False,
    seen: Mapping[str, str] | None = None,
    cursor_path: str | None = None,
    was_recovered: bool = False,
    is_first: bool = False,
) -> OpenForm:
    masked, last, seat = _known_of(session, pack, record_id, subject, answers or {})
    return OpenForm(
        record_id=record_id,
        form=pack.plans.form,
        title=pack.plans.title,
        filling=open_form(
            pack,
            surroundings(session, record_id),
            answers,
            lists_of(session, pack),
            is_first=is_first,
        ),
        pack=pack,
        base=base,
        is_amendment=is_amendment,
        asks_reason=is_amendment and not is_open(pack.plans.workflow, state),
        seen=dict(seen or {}),
        cursor_path=cursor_path,
        was_recovered=was_recovered,
        steps=steps_for(pack.plans.workflow, state, session.worker.roles),
        last_answers=last,
        masked_subject=masked,
        masked_path=(_subject_path(pack) or "") if pack.plans.subject in _PEOPLE else "",
        parts=pack.plans.parts,
        seat=seat,
        picture_px=preferences(session).picture_px,
    )


def _known_of(
    session: Session,
    pack: Pack,
    record_id: RecordId,
    subject: Subject | None,
    answers: Mapping[str, str],
) -> tuple[str, Mapping[str, str], str]:
    """The subject's masked name, the answers of its last record of this form, one's own seat."""
    with session.store.reading() as db:
        seat = seat_of(db, session.worker, pack, answers)
        if subject is None:
            return "", {}, seat
        entity = entities.find_or_none(db, subject.list, subject.id)
        name = flat(entity.doc)[LABEL] if entity else ""
        earlier = records.of_subject(db, subject.list, subject.id, limit=20)
    last = next(
        (
            row.doc.answers
            for row in earlier
            if row.doc.form.id == pack.plans.form.id and row.record_id != record_id
        ),
        {},
    )
    return masked_name(name) if subject.list in _PEOPLE else name, last, seat


def _differing(db: Database, record_id: RecordId, me: str) -> Mapping[str, int]:
    """How many questions of a record stand disputed, by the name of the other who answered."""
    found: dict[str, int] = {}
    for kept in conflicts.of_record(db, record_id):
        if kept.is_open:
            doc = kept.doc
            other = doc.theirs_author if doc.ours_author == me else doc.ours_author
            found[other] = found.get(other, 0) + len(doc.lines)
    return found


def _sent_back(doc: RecordDoc) -> str:
    """Why the record was sent back, while it waits to be mended."""
    if doc.state != _SENT_BACK:
        return ""
    return next((header.reason for header in doc.history if header.reason), "") or ""


def _is_only_planned(pack: Pack, state: str) -> bool:
    """Whether nobody has filled the record yet: it stands where planning put it."""
    workflow = pack.plans.workflow
    first = steps_from(workflow, None)[0]
    return (
        state == first.target and not causes_entities(workflow, first) and is_open(workflow, state)
    )


def _subject_path(pack: Pack) -> str | None:
    """Where the form asks whom it is about."""
    return next(
        (path for path in pack.definition.leaves if path.rpartition("/")[2] == pack.plans.subject),
        None,
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
