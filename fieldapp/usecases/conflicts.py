"""서로 다른 내용: shown side by side in words, settled by an operation of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from fieldapp.domain.exchange import ConflictLine
from fieldapp.domain.ids import ConflictId, EntityId, RecordId
from fieldapp.domain.merge import lay_over
from fieldapp.domain.operation import Changes, Effect, ObjectRef, PatchLine
from fieldapp.domain.workflow import is_locked
from fieldapp.errors import PackMissing, ReasonMissing
from fieldapp.packs import Pack, QuestionWords, open_form, question_words
from fieldapp.storage import answers, conflicts, entities, records
from fieldapp.storage.database import Database
from fieldapp.storage.records import StoredRecord
from fieldapp.usecases.corrections import to_decide
from fieldapp.usecases.entity_words import words_of
from fieldapp.usecases.finishing import effects_anew
from fieldapp.usecases.lists import lists_of, standing_label
from fieldapp.usecases.records import form_title, title_of
from fieldapp.usecases.session import Session, append_operation, surroundings

Side = Literal["base", "ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Typed:
    """직접 적기: a value of neither side; "" for no answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ConflictLineView:
    """One question with its three values in words; None where there was no answer.

    choices: value → words of a choice, empty where anything may be written.
    """

    path: str
    question: str
    base: str | None
    ours: str | None
    theirs: str | None
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict as a person settles it: `ours` stood on the server, `theirs` arrived later.

    record_id: None for a conflict of an entity. is_correction: `theirs` was asked of a record that
    is locked (정정 요청).
    """

    conflict_id: ConflictId
    object: ObjectRef
    title: str
    ours_author: str
    ours_at: datetime
    theirs_author: str
    theirs_at: datetime
    lines: tuple[ConflictLineView, ...]
    is_correction: bool = False

    @property
    def record_id(self) -> RecordId | None:
        """The record that it is of."""
        return RecordId(self.object.id) if self.object.type == "record" else None


def open_conflicts(session: Session) -> tuple[ConflictView, ...]:
    """Every conflict that waits for this person, 정정 요청 last."""
    with session.store.reading() as db:
        found = [
            (
                kept,
                records.find(db, kept.object.id) if kept.object.type == "record" else None,
                standing_label(db, kept.object.list or "", kept.object.id),
                is_asked,
            )
            for kept, is_asked in to_decide(session, db)
        ]
    return tuple(
        replace(
            _of_entity(session, kept, label)
            if stored is None
            else _of_record(session, kept, stored),
            is_correction=is_asked,
        )
        for kept, stored, label, is_asked in found
    )


def settle(
    session: Session,
    conflict_id: ConflictId,
    choices: Mapping[str, Side | Typed],
    reason: str,
) -> Changes:
    """Settle every line of a conflict: a resolve operation with the chosen values and the reason.

    Works offline; the values not chosen stay in the history. Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(label="정하기")
    with session.store.writing() as db:
        kept = conflicts.find(db, conflict_id)
        patch = tuple(_chosen(line, choices[line.path]) for line in kept.doc.lines)
        if kept.object.type == "record":
            at, changes = _settle_record(session, db, kept, patch, reason)
        else:
            at, changes = _settle_entity(session, db, kept, patch, reason)
        conflicts.mark_decided(db, conflict_id, by=session.worker.name, at=at, reason=reason)
    return changes | Changes(outbox=True, conflicts=True)


def _settle_record(
    session: Session,
    db: Database,
    kept: conflicts.StoredConflict,
    patch: tuple[PatchLine, ...],
    reason: str,
) -> tuple[str, Changes]:
    stored = records.find(db, kept.record_id)
    pack = session.catalogue.find(stored.doc.form)
    effects = _effects(session, db, pack, stored, patch)
    operation = append_operation(
        session,
        db,
        object=kept.object,
        kind="resolve",
        form=stored.doc.form,
        patch=patch,
        base=stored.base,
        effects=effects,
        reason=reason,
    )
    records.apply_operation(db, operation, kind=stored.doc.kind)
    entities.apply_effects(db, operation)
    answers.project(db, records.find(db, kept.record_id), pack.plans.projection)
    return operation.at, Changes(
        records=frozenset({kept.record_id}),
        entities=frozenset(EntityId(effect.id) for effect in effects),
    )


def _effects(
    session: Session, db: Database, pack: Pack, stored: StoredRecord, patch: Sequence[PatchLine]
) -> tuple[Effect, ...]:
    """What a 정정 요청 that is taken in makes of the form's entities: the change that asked for it
    made nothing of them. Of two people's changes each brought its own.
    """
    if not is_locked(pack.plans.workflow, stored.doc.state):
        return ()
    around = surroundings(session, stored.record_id)
    after = open_form(pack, around, lay_over(stored.doc.answers, patch), lists_of(session, pack))
    return effects_anew(session, db, pack, stored, before=stored.doc.answers, after=after)


def _settle_entity(
    session: Session,
    db: Database,
    kept: conflicts.StoredConflict,
    patch: tuple[PatchLine, ...],
    reason: str,
) -> tuple[str, Changes]:
    entity = entities.find(db, kept.object.list or "", kept.object.id)
    operation = append_operation(
        session,
        db,
        object=kept.object,
        kind="resolve",
        patch=patch,
        base=entity.base,
        reason=reason,
    )
    entities.apply_operation(db, operation)
    return operation.at, Changes(entities=frozenset({EntityId(kept.object.id)}))


def _chosen(line: ConflictLine, side: Side | Typed) -> PatchLine:
    """The patch line against what stands on the server (`ours`)."""
    new = (side.text.strip() or None) if isinstance(side, Typed) else getattr(line, side)
    return PatchLine(path=line.path, old=line.ours, new=new)


def _of_record(
    session: Session, kept: conflicts.StoredConflict, stored: StoredRecord
) -> ConflictView:
    title = title_of(form_title(session, stored.doc.form.id), stored.doc.answers)
    return _view(kept, title, _questions(session, stored))


def _of_entity(session: Session, kept: conflicts.StoredConflict, label: str) -> ConflictView:
    return _view(kept, label, words_of(session, kept.object.list or ""))


def _view(
    kept: conflicts.StoredConflict, title: str, words: Mapping[str, QuestionWords]
) -> ConflictView:
    return ConflictView(
        conflict_id=kept.conflict_id,
        object=kept.object,
        title=title,
        ours_author=kept.doc.ours_author,
        ours_at=datetime.fromisoformat(kept.doc.ours_at),
        theirs_author=kept.doc.theirs_author,
        theirs_at=datetime.fromisoformat(kept.doc.theirs_at),
        lines=tuple(_line(words.get(line.path), line) for line in kept.doc.lines),
    )


def _line(question: QuestionWords | None, line: ConflictLine) -> ConflictLineView:
    """Values in the words of the form; raw where this device lacks the version."""

    def words(value: str | None) -> str | None:
        return value if value is None or question is None else question.words(value)

    return ConflictLineView(
        path=line.path,
        question=question.label if question else line.path,
        base=words(line.base),
        ours=words(line.ours),
        theirs=words(line.theirs),
        choices=question.choices if question else {},
    )


def _questions(session: Session, stored: StoredRecord) -> dict[str, QuestionWords]:
    try:
        pack = session.catalogue.find(stored.doc.form)
    except PackMissing:
        return {}
    around = surroundings(session, stored.record_id)
    return question_words(open_form(pack, around, stored.doc.answers, lists_of(session, pack)))
