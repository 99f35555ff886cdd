"""Records as this device shows them: the server's document with one's own operations laid over it.

A device never merges (formats F5). An own operation stays laid until a pulled revision includes
it, so that neither a pull nor a lost reply can overwrite what was written here. A refused one
stays laid too, without its step of the workflow: what somebody typed does not vanish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import lay_over
from fieldapp.domain.operation import Base, FormRef, Operation, OperationState, PatchLine, Subject
from fieldapp.domain.record import RecordDoc, Signature
from fieldapp.domain.shapes import decode
from fieldapp.domain.workflow import standing_signatures
from fieldapp.errors import RecordMissing
from fieldapp.storage import operations
from fieldapp.storage.days import milliseconds
from fieldapp.storage.documents import read_stored, written
from fieldapp.storage.operations import StoredOperation
from fieldapp.storage.sqlite import Database, Row, Value

_SUBJECT = "@subject"
_SIGNED = "@signed/"
# An entity (?2 of the list ?1) and whatever was found to be the same.
_SUBJECTS = (
    "WITH RECURSIVE subject (id) AS (SELECT ?2 UNION SELECT e.id FROM entity e"
    " JOIN subject ON e.merged_into = subject.id AND e.list = ?1) "
)
_OF_SUBJECTS = " WHERE r.deleted = 0 AND r.subject_list = ?1 AND r.subject_id IN subject"
_TALLY = (
    f"{_SUBJECTS}SELECT r.scope, r.form_id, r.form_version, count(*) FROM record r"  # noqa: S608 - constants
    f"{_OF_SUBJECTS} GROUP BY 1, 2, 3"
)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record on this device.

    doc: as shown here; server_doc: as the server sent it last, None before it did; rev: that
    document's revision, 0 for none; base: what the next operation on it names as its base.
    """

    record_id: RecordId
    doc: RecordDoc
    server_doc: RecordDoc | None
    rev: int
    base: Base
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line of a list. op_state: of its most troubled own operation, None when it has none
    that is not settled; code: why that is held or refused.
    """

    record_id: RecordId
    doc: RecordDoc
    has_conflict: bool
    op_state: OperationState | None
    is_held: bool
    code: str | None

    @property
    def subject(self) -> Subject | None:
        """Whom the record is about."""
        return self.doc.subject

    @property
    def state(self) -> str:
        """The state that it shows."""
        return self.doc.state

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """The signatures that cover it."""
        return self.doc.signatures


_SELECT_ROW = (
    "SELECT r.id, coalesce(r.local_doc, r.server_doc), EXISTS (SELECT 1 FROM conflict c"
    " WHERE c.object_id = r.id AND c.object_type = 'record' AND c.is_open = 1) FROM record r"
)


def find(db: Database, record_id: str) -> StoredRecord:
    """One record. Raises RecordMissing."""
    row = db.row(
        "SELECT server_doc, local_doc, rev, deleted FROM record WHERE id = ?", (record_id,)
    )
    if row is None:
        raise RecordMissing(record_id=record_id)
    server_text, local_text, rev, deleted = row
    server_doc = None if server_text is None else read_stored(server_text)
    doc = server_doc if local_text is None else read_stored(local_text)
    if doc is None:
        raise RecordMissing(record_id=record_id)
    laid = _laid(db, record_id, rev)
    return StoredRecord(
        record_id=RecordId(record_id),
        doc=doc,
        server_doc=server_doc,
        rev=rev,
        base=Base(op=laid[-1].operation.op_id) if laid else Base(rev=rev),
        is_deleted=bool(deleted),
    )


def exists(db: Database, record_id: str) -> bool:
    """Whether this device holds the record."""
    return db.value("SELECT 1 FROM record WHERE id = ?", (record_id,)) is not None


def subject_of(db: Database, record_id: str) -> Subject | None:
    """Whom a record is about as it stands here; None for nobody, or without the record."""
    row = db.row("SELECT subject_list, subject_id FROM record WHERE id = ?", (record_id,))
    return None if row is None or row[0] is None else Subject(list=row[0], id=row[1])


def page(
    db: Database,
    *,
    limit: int,
    after: RecordRow | None = None,
    form_id: str | None = None,
    scope: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[RecordRow, ...]:
    """Records that are not deleted, newest first; `after` is the last row of the page before.

    since, until: last changed from the one on and before the other.
    """
    rows = db.rows(
        _SELECT_ROW + " WHERE r.deleted = 0 AND (?1 IS NULL OR r.form_id = ?1)"
        " AND (?2 IS NULL OR r.scope = ?2) AND (?3 IS NULL OR (r.updated_ms, r.id) < (?3, ?4))"
        " AND (?5 IS NULL OR r.updated_ms >= ?5) AND (?6 IS NULL OR r.updated_ms < ?6)"
        " ORDER BY r.updated_ms DESC, r.id DESC LIMIT ?7",
        (
            form_id,
            scope,
            None if after is None else milliseconds(after.doc.updated),
            None if after is None else after.record_id,
            _bound(since),
            _bound(until),
            limit,
        ),
    )
    return _listed(db, rows)


def of_subject(
    db: Database, list_name: str, entity_id: str, limit: int = 500
) -> tuple[RecordRow, ...]:
    """Records about an entity, newest first; those about its aliases are its own."""
    rows = db.rows(
        _SUBJECTS + _SELECT_ROW + _OF_SUBJECTS + " ORDER BY r.updated_ms DESC, r.id DESC LIMIT ?3",
        (list_name, entity_id, limit),
    )
    return _listed(db, rows)


def tally_of_subject(
    db: Database, list_name: str, entity_id: str
) -> Mapping[tuple[str, FormRef], int]:
    """How many records are about an entity or its aliases, by scope and form version."""
    rows = db.rows(_TALLY, (list_name, entity_id))
    return {(scope, FormRef(id=form, version=version)): n for scope, form, version, n in rows}


def of_form(
    db: Database, form_id: str, states: Sequence[str] | None = None, limit: int = 500
) -> tuple[RecordRow, ...]:
    """Records of a form, newest first; of these states alone where they are named."""
    marks = ", ".join("?" * len(states or ()))
    rows = db.rows(
        _SELECT_ROW
        + " WHERE r.deleted = 0 AND r.form_id = ?"
        + ("" if states is None else f" AND r.state IN ({marks})")
        + " ORDER BY r.updated_ms DESC, r.id DESC LIMIT ?",
        (form_id, *(states or ()), limit),
    )
    return _listed(db, rows)


def count(
    db: Database,
    *,
    form_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """How many records are not deleted: of one form or of all, last changed whenever or from
    `since` on and before `until`.
    """
    conditions = {
        " AND form_id = ?": form_id,
        " AND updated_ms >= ?": _bound(since),
        " AND updated_ms < ?": _bound(until),
    }
    asked = {condition: value for condition, value in conditions.items() if value is not None}
    sql = "SELECT count(*) FROM record WHERE deleted = 0" + "".join(asked)  # noqa: S608 - above
    return db.count(sql, tuple(asked.values()))


def apply_operation(db: Database, operation: Operation, *, kind: str) -> StoredRecord:
    """Lay a new own operation over its record; `kind` is that of the record's form.

    To be called in the transaction that appends the operation. Raises RecordMissing when anything
    but a create meets no record, ValueError for a create that names no first state.
    """
    record_id = operation.object.id
    local_text, server_text, rev, deleted = db.row(
        "SELECT local_doc, server_doc, rev, deleted FROM record WHERE id = ?", (record_id,)
    ) or (None, None, 0, 0)
    text = local_text or server_text
    current = None if text is None else read_stored(text)
    doc = _laid_over(current, operation, kind, takes_step=True)
    if current is not None and operation.transition and operation.author != current.author:
        # Whoever steps on another's record has looked at it: what they saw is kept for next time.
        _keep_reviewed(db, record_id, doc)
    is_deleted = operation.kind == "delete" or bool(deleted)
    _write(db, record_id, doc, is_deleted=is_deleted)
    return StoredRecord(
        record_id=RecordId(record_id),
        doc=doc,
        server_doc=None if server_text is None else read_stored(server_text),
        rev=rev,
        base=Base(op=operation.op_id),
        is_deleted=is_deleted,
    )


def void_signatures(db: Database, record_id: str, *, state: str) -> StoredRecord:
    """The newest own operation changed answers that somebody had signed (F6): signatures that do
    not cover them are gone, and the record shows `state`, as the server is going to say.
    """
    db.execute(
        "UPDATE operation SET unsigned_state = ? WHERE position ="
        " (SELECT max(position) FROM operation WHERE object_id = ?)",
        (state, record_id),
    )
    lay_again(db, record_id)
    return find(db, record_id)


def reviewed_answers(db: Database, record_id: str) -> Mapping[str, str] | None:
    """The answers as they stood when somebody but their author last took a step here."""
    text = db.value("SELECT answers FROM reviewed WHERE record_id = ?", (record_id,))
    return None if text is None else msgspec.json.decode(text, type=dict[str, str])


def lay_again(db: Database, record_id: str) -> bool:
    """Lay the own operations that no pulled revision includes over the server's document.

    Returns whether the device now shows something else; it is then due for projection.
    """
    row = db.row(
        "SELECT server_doc, local_doc, rev, kind, server_deleted FROM record WHERE id = ?",
        (record_id,),
    )
    if row is None:
        return False
    server_text, local_text, rev, kind, deleted = row
    laid = _laid(db, record_id, rev)
    if not laid and (local_text is None or server_text is None):
        return False
    doc = None if server_text is None else read_stored(server_text)
    for own in laid:
        is_refused = own.state == "quarantined" and own.operation.kind != "create"
        doc = _laid_over(doc, own.operation, kind, takes_step=not is_refused)
        if own.unsigned_state is not None and not is_refused:
            doc = msgspec.structs.replace(
                doc,
                signatures=standing_signatures(doc.signatures, doc.answers),
                state=own.unsigned_state,
            )
    if doc is None:
        return False
    is_deleted = bool(deleted) or any(
        own.operation.kind == "delete" and own.state != "quarantined" for own in laid
    )
    _write(db, record_id, doc, is_deleted=is_deleted, is_servers_own=not laid)
    return bool(written(doc) != (local_text or server_text))


def _laid(db: Database, record_id: str, rev: int) -> list[StoredOperation]:
    """Own operations that the document of this revision does not include, in their order."""
    return [
        own
        for own in operations.for_object(db, record_id)
        if own.state in ("new", "sent", "quarantined") or (own.rev or 0) > rev
    ]


def _laid_over(
    doc: RecordDoc | None, operation: Operation, kind: str, *, takes_step: bool
) -> RecordDoc:
    transition = operation.transition
    if doc is None:
        if operation.kind != "create" or operation.form is None or operation.scope is None:
            raise RecordMissing(record_id=operation.object.id)
        if transition is None:
            raise ValueError("a create on a device names the record's first state")
        doc = msgspec.convert(
            {
                "form": operation.form,
                "kind": kind,
                "scope": operation.scope,
                "state": transition.to,
                "author": operation.author,
                "created": operation.at,
                "updated": operation.at,
                "answers": {},
            },
            RecordDoc,
        )
    return msgspec.structs.replace(
        doc,
        answers=lay_over(
            doc.answers, [line for line in operation.patch if not line.path.startswith("@")]
        ),
        subject=_subject(doc.subject, operation),
        scope=operation.scope if operation.kind == "move" and operation.scope else doc.scope,
        state=transition.to if transition and takes_step else doc.state,
        signatures=_signed(doc.signatures, operation),
        updated=operation.at,
    )


def _signed(signatures: tuple[Signature, ...], operation: Operation) -> tuple[Signature, ...]:
    """The signatures after an operation; a line `@signed/<seat>` gives, replaces or takes one."""
    by_seat = {signature.part: signature for signature in signatures}
    for line in operation.patch:
        if line.path.startswith(_SIGNED):
            by_seat.pop(line.path.removeprefix(_SIGNED), None)
            if line.new is not None:
                signature = decode(Signature, line.new)
                by_seat[signature.part] = signature
    return tuple(by_seat.values())


def _subject(subject: Subject | None, operation: Operation) -> Subject | None:
    """Who the record is about after an operation; `@subject` travels as `list/id`."""
    changed: Sequence[PatchLine] = [line for line in operation.patch if line.path == _SUBJECT]
    if not changed:
        return operation.subject or subject
    list_name, _, subject_id = (changed[0].new or "").rpartition("/")
    return Subject(list=list_name, id=subject_id) if list_name else None


def _keep_reviewed(db: Database, record_id: str, doc: RecordDoc) -> None:
    db.execute(
        "INSERT OR REPLACE INTO reviewed (record_id, answers) VALUES (?, ?)",
        (record_id, msgspec.json.encode(doc.answers).decode()),
    )


def _write(
    db: Database,
    record_id: str,
    doc: RecordDoc,
    *,
    is_deleted: bool,
    is_servers_own: bool = False,
) -> None:
    columns: dict[str, Value] = {
        **described(doc),
        "local_doc": None if is_servers_own else written(doc),
        "deleted": int(is_deleted),
        "is_due": 1,
    }
    settings = ", ".join(f"{name} = ?" for name in columns)
    if db.execute(
        f"UPDATE record SET {settings} WHERE id = ?",  # noqa: S608 - columns named above
        (*columns.values(), record_id),
    ):
        return
    # No upsert: it would check the row it might insert, which has no server document.
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    db.execute(
        f"INSERT INTO record (id, {names}) VALUES (?, {marks})",  # noqa: S608 - named above
        (record_id, *columns.values()),
    )


def described(doc: RecordDoc) -> dict[str, Value]:
    """The columns of `record` by which a document is listed and found."""
    return {
        "form_id": doc.form.id,
        "form_version": doc.form.version,
        "kind": doc.kind,
        "subject_list": doc.subject.list if doc.subject else None,
        "subject_id": doc.subject.id if doc.subject else None,
        "scope": doc.scope,
        "state": doc.state,
        "author": doc.author,
        "created": doc.created,
        "updated": doc.updated,
        "updated_ms": milliseconds(doc.updated),
    }


def _bound(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at.isoformat())


def _listed(db: Database, rows: Sequence[Row]) -> tuple[RecordRow, ...]:
    """Rows of `_SELECT_ROW` with how one's own operations on them stand."""
    states = operations.states_of(db, [row[0] for row in rows])
    return tuple(
        RecordRow(
            record_id=RecordId(record_id),
            doc=read_stored(doc),
            has_conflict=bool(has_conflict),
            op_state=state.op_state if (state := states.get(record_id)) else None,
            is_held=state.is_held if state else False,
            code=state.code if state else None,
        )
        for record_id, doc, has_conflict in rows
    )
