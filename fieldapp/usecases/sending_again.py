"""What the server did not take, or not wholly: shown, taken up anew, or given up knowingly.

A refused operation never changes (formats F3). What it said is offered as a draft over the record
as it stands now, and becomes a new operation when its author finishes that; a change of an entity
by hand has no form and becomes one at once. The refused one is put aside, and can be read for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from fieldapp.domain.entity import LABEL, STATE, flat, patch_lines
from fieldapp.domain.ids import EntityId, RecordId, new_record_id
from fieldapp.domain.merge import generic_path, lay_over
from fieldapp.domain.operation import Changes, FormRef, ObjectRef, Operation, PatchLine
from fieldapp.domain.scalars import is_instance
from fieldapp.errors import DraftInTheWay, NothingChanged, PackMissing
from fieldapp.packs import QuestionWords, open_form, question_words
from fieldapp.storage import drafts, entities, put_aside, records
from fieldapp.storage.database import Database
from fieldapp.storage.drafts import Draft
from fieldapp.storage.entities import StoredEntity
from fieldapp.storage.operations import StoredOperation
from fieldapp.sync import protocol
from fieldapp.usecases.access_log import about, note, note_reading
from fieldapp.usecases.entity_words import words_of
from fieldapp.usecases.lists import lists_of
from fieldapp.usecases.records import form_title, title_of
from fieldapp.usecases.session import Session, append_operation, entity_ref, surroundings

Standing = Literal["refused", "partly", "aside"]

#: Nobody brings what another wrote.
_OF_OTHERS = frozenset({protocol.CODE_NOT_THE_AUTHOR})
#: The id is another's, or of a record that was deleted: what was typed begins a record of its own.
_UNDER_ANOTHER_ID = frozenset({protocol.CODE_ID_TAKEN, protocol.CODE_DELETED})
_INSTANCE = "meta/instanceID"
#: What an entity is called that is not on this device (any more).
_SOMEBODY = "이 노트북에 없는 대상"


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of 주고받기 that asks nothing of the server any more.

    standing: `partly` for what was taken in without its step or signature, `aside` for what was put
    aside; is_again: whether what it said was taken up anew. record_id: "" for an entity.
    """

    op_id: str
    record_id: str
    title: str
    standing: Standing
    code: str | None
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One question: what stood there before and what was typed, in words; None for no answer."""

    question: str
    before: str | None
    typed: str | None


@dataclass(frozen=True, slots=True)
class Inside:
    """A refused operation with everything built on it, as its author reads it; op_id: its own.

    at: when it was first written; lines: what all of it together said of its object. target: where
    its step would have led, "" without one; state: where the record stands on this device. others:
    how many changes of other objects wait for it, too. can_again: whether it can be taken up anew;
    is_by_form: by a form that is opened, instead of at once; is_new: as a record of its own.
    """

    op_id: str
    record_id: str
    title: str
    standing: Standing
    code: str | None
    at: datetime
    lines: tuple[TypedLine, ...]
    target: str
    state: str
    others: int
    can_again: bool
    is_by_form: bool
    is_new: bool


def notices(session: Session) -> tuple[Notice, ...]:
    """What was taken in without its step or its signature and nobody has answered yet."""
    with session.store.reading() as db:
        found = put_aside.notices(db)
        return tuple(_notice(session, db, [own], "partly") for own in found)


def all_aside(session: Session) -> tuple[Notice, ...]:
    """What was put aside, the latest first; one line for all that was built on one another."""
    told: dict[tuple[str, ObjectRef], Notice] = {}
    with session.store.reading() as db:
        for one in put_aside.all_aside(db):
            key = (one.root, one.own.operation.object)
            if key not in told:
                together = _asked(put_aside.refused_with(db, one.root), one.own.operation.op_id)
                told[key] = _notice(session, db, together, "aside", is_again=one.deed == "again")
    return tuple(told.values())


def inside(session: Session, op_id: str) -> Inside | None:
    """All that can be said of one such operation; None when it is none any more, since a round or
    somebody has answered it.
    """
    with session.store.reading() as db:
        group = put_aside.refused_with(db, op_id)
        standing: Standing = "aside"
        if group and group[0].state != "settled":
            # What waits for a refused one goes where that goes.
            standing, op_id = "refused", group[0].operation.op_id
        if not group:
            group = tuple(own for own in put_aside.notices(db) if own.operation.op_id == op_id)
            standing = "partly"
        if not group:
            return None
        asked = _asked(group, op_id)
        of = asked[0].operation.object
        case = _Case(session, db, asked)
        shown = Inside(
            op_id=op_id,
            record_id=of.id if of.type == "record" and records.exists(db, of.id) else "",
            title=case.title(),
            standing=standing,
            code=asked[0].code,
            at=datetime.fromisoformat(asked[0].operation.at),
            lines=case.lines(),
            target=_target(asked),
            state=case.state(),
            others=len(group) - len(asked),
            can_again=standing != "partly" and case.can_again(),
            is_by_form=of.type == "record",
            is_new=case.is_new(),
        )
        subject, form_id = case.subject(), case.form_id()
    note_reading(
        session,
        "view",
        subjects=subject,
        object_id=of.id,
        form_id=form_id,
        detail={"page": "refused"},
    )
    return shown


def again(session: Session, op_id: str) -> tuple[Changes, RecordId | None]:
    """Take up anew what a refused operation said, and put it aside with everything built on it.

    Of a record: as a draft over the record as it stands, whose id is returned and which is to be
    opened. Of an entity: as a change at once. Raises DraftInTheWay, NothingChanged when nothing is
    left to say, PackMissing.
    """
    with session.store.writing() as db:
        group = put_aside.refused_with(db, op_id)
        if not group:
            raise NothingChanged
        if group[0].state != "settled":
            op_id = group[0].operation.op_id
        asked = _asked(group, op_id)
        case = _Case(session, db, asked)
        if not case.can_again():
            raise NothingChanged
        changes = Changes(outbox=True)
        if group[0].state == "settled":
            # Nothing builds on it any more: its own draft alone would be written over.
            _refuse_drafts(db, asked)
        else:
            _refuse_drafts(db, group)
            changes = put_aside.put_aside(db, group, session.clock.now())
        put_aside.note_again(db, asked, session.clock.now())
        if asked[0].operation.object.type == "entity":
            return changes | case.change_entity(), None
        draft = case.draft()
        drafts.keep(db, draft)
        return changes | Changes(drafts=frozenset({draft.record_id})), draft.record_id


def drop(session: Session, op_id: str) -> Changes:
    """Give up what a refused operation said, and everything built on it; it can still be read.

    Raises DraftInTheWay.
    """
    with session.store.writing() as db:
        group = put_aside.refused_with(db, op_id)
        if not group or group[0].state == "settled":
            return Changes()
        _refuse_drafts(db, group)
        changes = put_aside.put_aside(db, group, session.clock.now())
        for of in dict.fromkeys(own.operation.object for own in group):
            subjects = ((of.list, of.id),) if of.list is not None else ()
            note(session, db, "change", subjects=subjects, object_id=of.id, detail={"page": "drop"})
    return changes


def note_seen(session: Session, op_id: str) -> Changes:
    """Its author knows what of it was not taken in."""
    with session.store.writing() as db:
        put_aside.note_seen(db, op_id, session.clock.now())
    return Changes(outbox=True)


class _Case:
    """What own operations on one object say together, oldest first, beside how it stands now."""

    def __init__(self, session: Session, db: Database, asked: Sequence[StoredOperation]) -> None:
        self._session = session
        self._db = db
        self._first = asked[0].operation
        self._of: ObjectRef = self._first.object
        self._code = asked[0].code
        self._is_aside = asked[0].state == "settled"
        self._operations = [own.operation for own in asked]
        self._patch = [
            line
            for operation in self._operations
            for line in operation.patch
            if not line.path.startswith("@")
        ]

    def title(self) -> str:
        """What the object is called; of a record that is not here by what was typed."""
        if self._of.list is not None:
            found = self._entity()
            typed = lay_over({}, self._patch)
            return found.doc.label if found else typed.get(LABEL, _SOMEBODY)
        return title_of(form_title(self._session, self.form_id()), self._typed())

    def state(self) -> str:
        """Where the record stands on this device; "" for none."""
        standing = self._record()
        return standing.doc.state if standing else ""

    def form_id(self) -> str:
        """The form of a record."""
        form = self._form()
        return form.id if form else ""

    def subject(self) -> tuple[tuple[str, str], ...]:
        """Whom it is about, as the log names it."""
        if self._of.list is not None:
            return ((self._of.list, self._of.id),)
        standing = self._record()
        return about(standing.doc.subject if standing else self._first.subject)

    def is_new(self) -> bool:
        """Whether what was typed begins a record: the server has none of this id, or another's."""
        if self._of.type == "entity":
            return False
        if self._code in _UNDER_ANOTHER_ID:
            return True
        standing = self._record()
        if standing is None:
            return True
        # What stands here is the refused one itself; once that is aside it is another, on its way.
        is_itself = self._first.kind == "create" and not self._is_aside
        return is_itself and standing.server_doc is None

    def can_again(self) -> bool:
        """Whether there is something to say, by whom it was said, and a form to say it with."""
        if self._code in _OF_OTHERS or self._first.kind in ("move", "delete", "resolve"):
            return False
        if self._of.type == "entity":
            is_there = self._first.kind == "create" or self._entity() is not None
            return is_there and bool(self._properties())
        if not self._has_pack():
            return False
        standing = self._record()
        if self.is_new():
            return self._first.kind == "create" or standing is not None
        if standing is None or standing.server_doc is None:
            return False
        there = standing.server_doc.answers
        return lay_over(there, self._patch) != there

    def draft(self) -> Draft:
        """What was typed over the record as it stands. To be called once it was put aside."""
        typed, form = self._typed(), self._form()
        if form is None:
            raise NothingChanged
        at = self._session.clock.now()
        if self.is_new():
            record_id = RecordId(self._of.id)
            if self._code in _UNDER_ANOTHER_ID:
                record_id = new_record_id(at)
                typed.pop(_INSTANCE, None)
            return Draft(
                record_id,
                form,
                is_amendment=False,
                base=None,
                answers=typed,
                updated_at=at,
            )
        standing = records.find(self._db, self._of.id)
        return Draft(
            standing.record_id,
            form,
            is_amendment=True,
            base=standing.base,
            answers=typed,
            updated_at=at,
            seen=standing.doc.answers,
        )

    def change_entity(self) -> Changes:
        """The same properties by a new operation. To be called once it was put aside."""
        list_name = self._of.list or ""
        standing = self._entity()
        before = flat(standing.doc) if standing else {}
        changed = {
            name: (before.get(name), value)
            for name, value in self._properties().items()
            if before.get(name) != value
        }
        if changed:
            operation = append_operation(
                self._session,
                self._db,
                object=entity_ref(list_name, standing.entity_id) if standing else self._of,
                kind="change" if standing else "create",
                patch=patch_lines(changed),
                base=standing.base if standing else None,
                scope=None if standing else self._session.worker.scope,
                reason=self._first.reason,
            )
            entities.apply_operation(self._db, operation)
        shown = standing.entity_id if standing else EntityId(self._of.id)
        return Changes(entities=frozenset({shown}), outbox=True)

    def lines(self) -> tuple[TypedLine, ...]:
        """What was typed, question by question; what a form works out by itself is left out."""
        words, calculated = self._words()
        told: dict[str, TypedLine] = {}
        for operation in self._operations:
            for line in _told(operation):
                if generic_path(line.path) in calculated or line.path.startswith("meta/"):
                    continue
                known = words.get(line.path)
                before = told[line.path].before if line.path in told else _said(known, line.old)
                question = known.label if known else line.path
                told[line.path] = TypedLine(question, before, _said(known, line.new))
        return tuple(told.values())

    def _words(self) -> tuple[Mapping[str, QuestionWords], frozenset[str]]:
        if self._of.list is not None:
            return words_of(self._session, self._of.list), frozenset()
        form = self._form()
        try:
            pack = self._session.catalogue.find(form) if form else None
        except PackMissing:
            pack = None
        if pack is None:
            return {}, frozenset()
        around = surroundings(self._session, RecordId(self._of.id))
        filling = open_form(pack, around, self._typed(), lists_of(self._session, pack))
        return question_words(filling), pack.plans.merge.calculated

    def _typed(self) -> dict[str, str]:
        """The record's answers as they stand here, with what was typed over them; of an id that is
        another's record nothing of theirs.
        """
        standing = None if self._code == protocol.CODE_ID_TAKEN else self._record()
        return lay_over(standing.doc.answers if standing else {}, self._patch)

    def _properties(self) -> dict[str, str | None]:
        """What was set of an entity. Its state goes by steps alone."""
        return {line.path: line.new for line in self._patch if line.path != STATE}

    def _record(self) -> records.StoredRecord | None:
        of_record = self._of.type == "record" and records.exists(self._db, self._of.id)
        return records.find(self._db, self._of.id) if of_record else None

    def _entity(self) -> StoredEntity | None:
        """Also where it turned out to be another."""
        return entities.find_or_none(self._db, self._of.list or "", self._of.id)

    def _form(self) -> FormRef | None:
        standing = self._record()
        return standing.doc.form if standing else self._first.form

    def _has_pack(self) -> bool:
        form = self._form()
        return form is not None and form in self._session.catalogue.forms()


def _notice(
    session: Session,
    db: Database,
    asked: Sequence[StoredOperation],
    standing: Standing,
    *,
    is_again: bool = False,
) -> Notice:
    of = asked[0].operation.object
    return Notice(
        op_id=asked[0].operation.op_id,
        record_id=of.id if of.type == "record" else "",
        title=_Case(session, db, asked).title(),
        standing=standing,
        code=asked[0].code,
        is_again=is_again,
    )


def _asked(group: Sequence[StoredOperation], op_id: str) -> list[StoredOperation]:
    """Those of a group that are about the same object as one of them."""
    of = next(own.operation.object for own in group if own.operation.op_id == op_id)
    return [own for own in group if own.operation.object == of]


def _target(asked: Sequence[StoredOperation]) -> str:
    """Where the last step would have led."""
    steps = [own.operation.transition for own in asked if own.operation.transition]
    return steps[-1].to if steps else ""


def _refuse_drafts(db: Database, group: Sequence[StoredOperation]) -> None:
    """A draft over what is put aside would build on something that is never going to be."""
    for own in group:
        if own.operation.object.type == "record" and drafts.exists(db, own.operation.object.id):
            raise DraftInTheWay


def _told(operation: Operation) -> list[PatchLine]:
    """The lines of a patch, a removed or added repeat instance as what stood in it."""
    told: list[PatchLine] = []
    for line in operation.patch:
        if not is_instance(line.path):
            told.append(line)
            continue
        old, new = (
            msgspec.json.decode(text, type=dict[str, str]) if text else {}
            for text in (line.old, line.new)
        )
        told += [
            PatchLine(path=f"{line.path}/{name}", old=old.get(name), new=new.get(name))
            for name in {**old, **new}
        ]
    return told


def _said(question: QuestionWords | None, value: str | None) -> str | None:
    return value if value is None or question is None else question.words(value)


__all__ = [
    "Inside", "Notice", "Standing", "TypedLine", "again", "all_aside", "drop", "inside",
    "note_seen", "notices",
]  # fmt: skip
