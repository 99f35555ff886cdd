"""이력: who changed what in a record, when and why; what was decided where two differed.

Everything on this device is shown offline: one's own changes that the server has not had, the
headers that came with the document, and what was fetched before. The values of older revisions are
fetched when somebody looks, and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

import msgspec

from fieldapp.domain.exchange import ConflictDoc, ConflictLine
from fieldapp.domain.history import PastRevision
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import generic_path
from fieldapp.domain.operation import PatchLine
from fieldapp.domain.scalars import is_instance
from fieldapp.errors import PackMissing
from fieldapp.packs import QuestionWords, open_form, question_words
from fieldapp.storage import conflicts, meta, operations, records, revisions
from fieldapp.storage.conflicts import StoredConflict
from fieldapp.storage.operations import StoredOperation
from fieldapp.storage.records import StoredRecord
from fieldapp.sync.connection import Connection
from fieldapp.usecases.access_log import about, note_reading
from fieldapp.usecases.line import open_line
from fieldapp.usecases.lists import lists_of, standing_label
from fieldapp.usecases.records import Delivery, form_title, title_of
from fieldapp.usecases.remarks import remarks
from fieldapp.usecases.session import Session, surroundings

_SUBJECT = "@subject"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One question: its value before and after in words; None where there was none."""

    path: str
    question: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A value that nobody chose where two differed, and whose it was."""

    path: str
    question: str
    value: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A revision, or an own change that the server has not taken.

    rev: 0 for the latter; delivery: how that stands, "received" for a revision. lines: None where
    the values are still with the server alone; `questions` names what changed all the same. left:
    values not chosen, for a change that decided a conflict.
    """

    rev: int
    who: str
    at: datetime
    state: str
    reason: str
    delivery: Delivery
    questions: tuple[str, ...]
    lines: tuple[ChangedLine, ...] | None
    left: tuple[LeftLine, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A record's changes, newest first. lacking: of how many revisions the server alone knows
    what they changed; revisions: how many it has made. remarks: questions at which the record as it
    stands does not fit its form, each with the form's sentence.
    """

    record_id: RecordId
    title: str
    changes: tuple[Change, ...]
    revisions: int
    lacking: int
    remarks: tuple[tuple[str, str], ...] = ()


def history(session: Session, record_id: RecordId) -> History:
    """What this device knows. Raises RecordMissing."""
    with session.store.reading() as db:
        stored = records.find(db, record_id)
        known = revisions.of_record(db, record_id)
        own = [
            one
            for one in operations.for_object(db, record_id)
            if one.state in ("new", "sent", "quarantined")
            or (one.state == "acked" and one.rev is not None and one.rev > stored.rev)
            or _is_aside(one)
        ]
        decided = [one for one in conflicts.of_record(db, record_id) if not one.is_open]
        labels = {
            reference: standing_label(db, *reference.split("/", 1))
            for reference in _references(known, own)
        }
    note_reading(
        session,
        "view",
        subjects=about(stored.doc.subject),
        object_id=record_id,
        form_id=stored.doc.form.id,
        detail={"page": "history"},
    )
    words = _words(session, stored, known, labels)
    changes = (
        *((_own(one, words), one.operation.patch) for one in reversed(own)),
        *((_revision(one, words), one.lines) for one in known),
    )
    return History(
        record_id=record_id,
        title=title_of(form_title(session, stored.doc.form.id), stored.doc.answers),
        changes=_with_left(changes, decided, words),
        revisions=stored.rev,
        lacking=len(revisions.lacking(known, stored.rev)),
        remarks=tuple(
            (words.question(path), sentence)
            for path, sentence in remarks(session, record_id, stored.doc).items()
        ),
    )


def fetch(session: Session, record_id: RecordId) -> int:
    """Fetch what of a record's revisions is not here; how many were stored.

    Raises the errors of ExchangeTrouble, MalformedMessage, RecordMissing; what was fetched before
    one of them is kept.
    """
    with session.store.reading() as db:
        newest = records.find(db, record_id).rev
        is_whole = not revisions.lacking(revisions.of_record(db, record_id), newest)
    if is_whole:
        return 0
    with open_line(session) as connection:
        return fetch_over(session, connection, record_id)


def fetch_over(session: Session, connection: Connection, record_id: RecordId) -> int:
    """As `fetch`, over a line that is open."""
    with session.store.reading() as db:
        newest = records.find(db, record_id).rev
        lacking = revisions.lacking(revisions.of_record(db, record_id), newest)
        replica = meta.identity(db).replica
    stored = 0
    while lacking:
        reply = connection.history(record_id, replica, before=lacking[0] + 1)
        with session.store.writing() as db:
            stored += revisions.keep(db, reply)
            known = revisions.of_record(db, record_id)
        if not reply.more:
            break
        oldest = reply.revisions[-1].rev
        # Older ones only: what a page left out, it leaves out again.
        lacking = tuple(rev for rev in revisions.lacking(known, newest) if rev < oldest)
    return stored


class _Words:
    """Questions and values as people say them; raw where this device lacks the form's version."""

    def __init__(
        self,
        questions: Mapping[str, QuestionWords],
        calculated: frozenset[str],
        labels: Mapping[str, str],
    ) -> None:
        self._questions = questions
        self._calculated = calculated
        self._labels = labels

    def is_told(self, path: str) -> bool:
        """Whether a person wrote there: what the form works out by itself is left out."""
        return generic_path(path) not in self._calculated and not path.startswith("meta/")

    def question(self, path: str) -> str:
        """What was asked there."""
        known = self._questions.get(path)
        return known.label if known else path

    def value(self, path: str, value: str | None) -> str | None:
        """What was answered; of a repeat instance everything that stood in it."""
        if value is None:
            return None
        if path == _SUBJECT:
            return self._labels.get(value) or value
        if is_instance(path):
            inside = msgspec.json.decode(value, type=dict[str, str])
            below = [(f"{path}/{name}", text) for name, text in inside.items()]
            return "\n".join(
                f"{self.question(name)}: {self.value(name, text)}"
                for name, text in below
                if self.is_told(name)
            )
        known = self._questions.get(path)
        return known.words(value) if known else value

    def lines(self, lines: Iterable[PatchLine]) -> tuple[ChangedLine, ...]:
        """What changed, without what a resolve left as it was."""
        return tuple(
            ChangedLine(
                path=line.path,
                question=self.question(line.path),
                before=self.value(line.path, line.old),
                after=self.value(line.path, line.new),
            )
            for line in lines
            if line.old != line.new and self.is_told(line.path)
        )


def _revision(one: PastRevision, words: _Words) -> Change:
    told = [words.question(path) for path in one.paths if words.is_told(path)]
    return Change(
        rev=one.rev,
        who=one.who,
        at=datetime.fromisoformat(one.when),
        state=one.state,
        reason=one.reason or "",
        delivery="received",
        questions=tuple(dict.fromkeys(told)),
        lines=None if one.lines is None else words.lines(one.lines),
    )


def _own(one: StoredOperation, words: _Words) -> Change:
    operation = one.operation
    lines = words.lines(operation.patch)
    return Change(
        rev=0,
        who=operation.author,
        at=datetime.fromisoformat(operation.at),
        state=operation.transition.to if operation.transition else "",
        reason=operation.reason or "",
        delivery=_delivery(one),
        questions=tuple(dict.fromkeys(line.question for line in lines)),
        lines=lines,
    )


def _is_aside(one: StoredOperation) -> bool:
    """Refused, and put aside by its author (`sending_again`)."""
    return one.state == "settled" and one.status == "rejected"


def _delivery(one: StoredOperation) -> Delivery:
    if _is_aside(one):
        return "aside"
    if one.state == "quarantined":
        return "quarantined"
    if one.status == "held":
        return "held"
    return "unsent" if one.state == "new" else "sent"


def _with_left(
    changes: Sequence[tuple[Change, Iterable[PatchLine] | None]],
    decided: Iterable[StoredConflict],
    words: _Words,
) -> tuple[Change, ...]:
    """Each change with the values that it decided against: they are in no revision."""
    left: dict[int, tuple[LeftLine, ...]] = {}
    for kept in decided:
        # Instants are whole seconds: two changes may share one, and the reason tells them apart.
        said = (kept.decided_by, _instant(kept.decided_at), kept.reason or "")
        for place, (change, lines) in enumerate(changes):
            if said == (change.who, change.at, change.reason) and lines is not None:
                left[place] = (*left.get(place, ()), *_left(kept.doc, lines, words))
                break
    return tuple(
        replace(change, left=left.get(place, ())) for place, (change, _) in enumerate(changes)
    )


def _left(doc: ConflictDoc, lines: Iterable[PatchLine], words: _Words) -> tuple[LeftLine, ...]:
    chosen = {line.path: line.new for line in lines}
    return tuple(
        LeftLine(line.path, words.question(line.path), words.value(line.path, value), by, at)
        for line in doc.lines
        for value, by, at in _sides(doc, line)
        if value != chosen.get(line.path, line.ours)
    )


def _sides(doc: ConflictDoc, line: ConflictLine) -> tuple[tuple[str | None, str, datetime], ...]:
    return (
        (line.ours, doc.ours_author, datetime.fromisoformat(doc.ours_at)),
        (line.theirs, doc.theirs_author, datetime.fromisoformat(doc.theirs_at)),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def _references(known: Iterable[PastRevision], own: Iterable[StoredOperation]) -> set[str]:
    """Entities that a change of subject names, as `list/id`."""
    lines = chain(*(one.lines or () for one in known), *(one.operation.patch for one in own))
    values = (value for line in lines if line.path == _SUBJECT for value in (line.old, line.new))
    return {value for value in values if value is not None and "/" in value}


def _words(
    session: Session,
    stored: StoredRecord,
    known: Iterable[PastRevision],
    labels: Mapping[str, str],
) -> _Words:
    """Of the form as it stands, and of what it asked when the oldest known values stood."""
    try:
        pack = session.catalogue.find(stored.doc.form)
    except PackMissing:
        return _Words({}, frozenset(), labels)
    older = dict(stored.doc.answers)
    for line in chain(*(one.lines or () for one in known)):
        if is_instance(line.path) and line.old is not None:
            inside = msgspec.json.decode(line.old, type=dict[str, str])
            older |= {f"{line.path}/{name}": text for name, text in inside.items()}
        elif line.old is not None and not line.path.startswith("@"):
            older[line.path] = line.old
    around = surroundings(session, stored.record_id)
    lists = lists_of(session, pack)
    questions = question_words(open_form(pack, around, older, lists))
    questions |= question_words(open_form(pack, around, stored.doc.answers, lists))
    return _Words(questions, pack.plans.merge.calculated, labels)
