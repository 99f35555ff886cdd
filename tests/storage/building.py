"""What the store's tests are made of: a laptop's hand that writes operations, and a server's word.

Everything goes through the real store; nothing here keeps state of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fieldapp.clock import KOREA, instant_text
from fieldapp.domain.exchange import (
    ConflictDoc,
    ConflictRef,
    PulledRow,
    PullReply,
    PushReply,
    Receipt,
)
from fieldapp.domain.ids import OperationId, RecordId, ReplicaId, new_operation_id, new_record_id
from fieldapp.domain.operation import (
    Base,
    ClockStamp,
    FormRef,
    ObjectRef,
    Operation,
    ReplicaIdentity,
    Transition,
    changed_answers,
)
from fieldapp.domain.plans import ColumnType, Projection
from fieldapp.domain.record import RecordDoc, document_hash
from fieldapp.domain.shapes import to_wire
from fieldapp.storage import meta, operations, records
from fieldapp.storage.database import Database, Store
from fieldapp.storage.drafts import Draft
from fieldapp.storage.records import StoredRecord

NOON = datetime(2026, 12, 1, 12, tzinfo=KOREA)
FORM = FormRef(id="P13e", version="2026120101")
SCOPE = "가상-햇살동"
AUTHOR = "가상-오사무"
EPOCH = "0193a000-0000-4000-8000-000000000001"
IDENTITY = ReplicaIdentity(ReplicaId("0193a000-0000-4000-8000-00000000000a"), 1)
COLUMNS: tuple[tuple[str, ColumnType], ...] = (
    ("today", "date"),
    ("mode", "text"),
    ("items/q1", "text"),
    ("items/q2", "text"),
    ("serial", "integer"),
)
PROJECTION = Projection("P13e", COLUMNS)


def projections(form_id: str, _version: str) -> Projection | None:
    """What this device's packs name."""
    return PROJECTION if form_id == "P13e" else None


def record_id_at(minute: int = 0) -> RecordId:
    """A fresh record id."""
    return new_record_id(NOON + timedelta(minutes=minute))


def next_operation(db: Database, record_id: str, kind: str, **facts: Any) -> Operation:
    """The next operation of this store's replica, not yet appended."""
    who = meta.identity(db)
    return Operation(
        **{
            "op_id": new_operation_id(NOON),
            "replica": who.replica,
            "seq": operations.next_seq(db),
            "object": ObjectRef(type="record", id=record_id),
            "kind": kind,
            "form": FORM,
            "author": AUTHOR,
            "at": instant_text(NOON),
            "clock": ClockStamp(offset_ms=0, boot_id="b-1"),
            **facts,
        }
    )


def create(
    store: Store,
    answers: Mapping[str, str],
    *,
    record_id: RecordId | None = None,
    at: datetime = NOON,
    state: str = "완료",
) -> RecordId:
    """Write a record, as finishing a form does."""
    record_id = record_id or record_id_at()
    with store.writing() as db:
        operation = next_operation(
            db,
            record_id,
            "create",
            patch=changed_answers(None, dict(answers)),
            scope=SCOPE,
            transition=Transition(to=state, seen_rev=0),
            at=instant_text(at),
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="survey")
    return record_id


def amend(store: Store, record_id: str, answers: Mapping[str, str | None]) -> OperationId:
    """Change some answers of a record; None takes one away."""
    with store.writing() as db:
        before = records.find(db, record_id)
        after = {**before.doc.answers, **answers}
        operation = next_operation(
            db,
            record_id,
            "change",
            patch=changed_answers(
                before.doc.answers, {path: text for path, text in after.items() if text is not None}
            ),
            base=before.base,
            reason="오타",
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="survey")
    return OperationId(operation.op_id)


def step(store: Store, record_id: str, to: str) -> OperationId:
    """Take a step of the workflow, changing no answer."""
    with store.writing() as db:
        before = records.find(db, record_id)
        operation = next_operation(
            db,
            record_id,
            "change",
            transition=Transition(to=to, seen_rev=before.rev),
            base=before.base,
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="survey")
    return OperationId(operation.op_id)


def draft(
    record_id: str, answers: Mapping[str, str], *, base: Base | None = None, at: datetime = NOON
) -> Draft:
    """A draft that amends a record where it has a base, and begins one where it has none."""
    return Draft(
        record_id=RecordId(record_id),
        form=FORM,
        is_amendment=base is not None,
        base=base,
        answers=answers,
        updated_at=at,
    )


def found(store: Store, record_id: str) -> StoredRecord:
    """The record as it stands."""
    with store.reading() as db:
        return records.find(db, record_id)


def answers_of(store: Store, record_id: str) -> dict[str, str]:
    """What the device shows."""
    return found(store, record_id).doc.answers


def own(store: Store, record_id: str) -> list[operations.StoredOperation]:
    """One's own operations on a record."""
    with store.reading() as db:
        return list(operations.for_object(db, record_id))


def document(answers: Mapping[str, str], **facts: Any) -> RecordDoc:
    """A server's document."""
    return RecordDoc(
        **{
            "form": FORM,
            "kind": "survey",
            "scope": SCOPE,
            "state": "완료",
            "author": AUTHOR,
            "created": instant_text(NOON),
            "updated": instant_text(NOON),
            "answers": dict(answers),
            **facts,
        }
    )


def put(
    record_id: str, rev: int, answers: Mapping[str, str], *, scope_seq: int = 1, **facts: Any
) -> PulledRow:
    """A pulled document."""
    doc = document(answers, **facts)
    return row(
        "put", record_id, rev, scope_seq=scope_seq, doc=to_wire(doc), hash=document_hash(doc)
    )


def row(change: str, record_id: str, rev: int, *, scope_seq: int = 1, **facts: Any) -> PulledRow:
    """A pulled row of any kind."""
    return PulledRow(
        **{
            "scope": SCOPE,
            "scope_seq": scope_seq,
            "change": change,
            "object": ObjectRef(type="record", id=record_id),
            "rev": rev,
            **facts,
        }
    )


def conflict_row(record_id: str, conflict: ConflictDoc, scope_seq: int = 1) -> PulledRow:
    """A pulled conflict."""
    return row("conflict", record_id, 1, scope_seq=scope_seq, doc=to_wire(conflict))


def page(*rows: PulledRow, epoch: str = EPOCH, cursor: str = "c-1") -> PullReply:
    """A page of a pull."""
    return PullReply(epoch=epoch, rows=rows, cursors={SCOPE: cursor}, more=False)


def receipt(op_id: str, status: str, **facts: Any) -> Receipt:
    """The server's word on one operation."""
    if status == "conflict":
        facts = {"conflict": ConflictRef(id=new_uuid(), paths=("items/q1",)), **facts}
    return Receipt(**{"op_id": op_id, "status": status, **facts})


def reply(
    receipts: Sequence[Receipt], *, epoch: str = EPOCH, settled_through: int = 0
) -> PushReply:
    """The server's answer to a push."""
    return PushReply(
        epoch=epoch,
        results=tuple(receipts),
        applied_seq=settled_through,
        settled_through=settled_through,
    )


def new_uuid() -> str:
    """Any id a server would give."""
    return str(uuid.uuid4())


def count_waiting(db: Database) -> int:
    """How many attachments the server has not yet, whether or not a record names them."""
    return db.count("SELECT count(*) FROM blob WHERE blob_state = 'waiting'")
