"""서로 다른 내용: shown side by side in words, settled by an operation of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fieldapp.domain.exchange import ConflictLine
from fieldapp.domain.ids import ConflictId, RecordId
from fieldapp.domain.operation import Changes, PatchLine
from fieldapp.errors import PackMissing, ReasonMissing
from fieldapp.packs import QuestionWords, open_form, question_words
from fieldapp.storage import answers, conflicts, records
from fieldapp.usecases.records import form_title, title_of
from fieldapp.usecases.session import Session, append_operation, surroundings

Side = Literal["base", "ours", "theirs"]


@dataclass(frozen=True, slots=True)
class ConflictLineView:
    """One question with its three values in words; None where there was no answer."""

    path: str
    question: str
    base: str | None
    ours: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict as a person settles it: `ours` stood on the server, `theirs` arrived later."""

    conflict_id: ConflictId
    record_id: RecordId
    title: str
    ours_author: str
    ours_at: datetime
    theirs_author: str
    theirs_at: datetime
    lines: tuple[ConflictLineView, ...]


def open_conflicts(session: Session) -> tuple[ConflictView, ...]:
    """Every conflict that waits for a person, oldest first."""
    with session.store.reading() as db:
        found = [(kept, records.find(db, kept.record_id)) for kept in conflicts.open_conflicts(db)]
    return tuple(_view(session, kept, stored) for kept, stored in found)


def settle(
    session: Session, conflict_id: ConflictId, choices: Mapping[str, Side], reason: str
) -> Changes:
    """Settle every line of a conflict: a resolve operation with the chosen values and the reason.

    Works offline; the values not chosen stay in the history. Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(label="정하기")
    with session.store.writing() as db:
        kept = conflicts.find(db, conflict_id)
        stored = records.find(db, kept.record_id)
        operation = append_operation(
            session,
            db,
            record_id=kept.record_id,
            kind="resolve",
            form=stored.doc.form,
            patch=tuple(_chosen(line, choices[line.path]) for line in kept.doc.lines),
            base=stored.base,
            reason=reason,
        )
        records.apply_operation(db, operation, kind=stored.doc.kind)
        conflicts.mark_decided(
            db, conflict_id, by=session.worker.name, at=operation.at, reason=reason
        )
        pack = session.catalogue.find(stored.doc.form)
        answers.project(db, records.find(db, kept.record_id), pack.plans.projection)
    return Changes(records=frozenset({kept.record_id}), outbox=True, conflicts=True)


def _chosen(line: ConflictLine, side: Side) -> PatchLine:
    """The patch line against what stands on the server (`ours`)."""
    return PatchLine(path=line.path, old=line.ours, new=getattr(line, side))


def _view(
    session: Session, kept: conflicts.StoredConflict, stored: records.StoredRecord
) -> ConflictView:
    questions = _questions(session, stored)
    return ConflictView(
        conflict_id=kept.conflict_id,
        record_id=kept.record_id,
        title=title_of(form_title(session, stored.doc.form.id), stored.doc.answers),
        ours_author=kept.doc.ours_author,
        ours_at=datetime.fromisoformat(kept.doc.ours_at),
        theirs_author=kept.doc.theirs_author,
        theirs_at=datetime.fromisoformat(kept.doc.theirs_at),
        lines=tuple(_line(questions.get(line.path), line) for line in kept.doc.lines),
    )


def _line(question: QuestionWords | None, line: ConflictLine) -> ConflictLineView:
    """Values in the words of the form; raw where this device lacks the version."""
    labels = question.choices if question else {}

    def words(value: str | None) -> str | None:
        return None if value is None else labels.get(value, value)

    return ConflictLineView(
        path=line.path,
        question=question.label if question else line.path,
        base=words(line.base),
        ours=words(line.ours),
        theirs=words(line.theirs),
    )


def _questions(session: Session, stored: records.StoredRecord) -> dict[str, QuestionWords]:
    try:
        pack = session.catalogue.find(stored.doc.form)
    except PackMissing:
        return {}
    around = surroundings(session, stored.record_id)
    return question_words(open_form(pack, around, stored.doc.answers))
