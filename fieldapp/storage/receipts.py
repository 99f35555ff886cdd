"""The server's word on operations, taken in a batch at a time.

A receipt changes what a record shows in two cases only: a refused step is taken back, and a change
that a pull brought before its receipt is not laid twice. Every other record stays as it is, and
none of its operations is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from fieldapp.domain.exchange import Receipt
from fieldapp.domain.operation import OperationState
from fieldapp.storage import conflicts, entity_laying, touches
from fieldapp.storage.records import lay_again
from fieldapp.storage.sqlite import Database


@dataclass(slots=True)
class Answered:
    """What the operations that were answered are about: records, entities (list, id), and whether
    a refused decision waits for a person again.
    """

    records: set[str] = field(default_factory=set)
    entities: set[tuple[str, str]] = field(default_factory=set)
    has_conflicts: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An operation without a final receipt. shown_rev: of its record's document, 0 for none."""

    position: int
    object_id: str
    kind: str
    shown_rev: int | None


def take_in(db: Database, receipts: Sequence[Receipt], at: datetime | None) -> Answered:
    """Store the server's word; one on an operation that is not ours, or that was answered for good
    before, changes nothing.
    """
    waiting = _waiting(db, receipts)
    touched = _touched(db, waiting.values())
    answered = Answered()
    stored: list[tuple[str, str, str | None, str | None, int | None, int]] = []
    to_lay: set[str] = set()
    instant = at.isoformat() if at else None
    for receipt in receipts:
        own = waiting.pop(receipt.op_id, None)
        if own is None:
            continue
        state = _state_after(receipt)
        is_acked = state == "acked"
        rev = _included_in(receipt, own) if is_acked else None
        stored.append(
            (state, receipt.status, receipt.code, instant if is_acked else None, rev, own.position)
        )
        entities = touched.get(own.position, set())
        answered.entities |= entities
        if own.object_id not in {entity_id for _, entity_id in entities}:
            answered.records.add(own.object_id)
        if is_acked and entities:
            touches.note_receipt(db, receipt)
        if state == "quarantined" or (is_acked and (rev or 0) <= (own.shown_rev or 0)):
            to_lay.add(own.object_id)
        # A decision that met a newer value settled nothing: the server has both open.
        is_undecided = state == "quarantined" or receipt.conflict is not None
        if own.kind == "resolve" and is_undecided:
            answered.has_conflicts |= conflicts.reopen(db, own.object_id)
    db.execute_many(
        "UPDATE operation SET op_state = ?, status = ?, code = ?, acked_at = ?, rev = ?"
        " WHERE position = ?",
        stored,
    )
    for record_id in sorted(to_lay & answered.records):
        lay_again(db, record_id)
    for list_name, entity_id in sorted(answered.entities):
        entity_laying.lay_again(db, list_name, entity_id)
    return answered


def _waiting(db: Database, receipts: Iterable[Receipt]) -> dict[str, _Waiting]:
    """Those of the operations that wait for a receipt, by op_id."""
    rows = db.rows(
        "SELECT o.op_id, o.position, o.object_id, o.kind, r.rev FROM json_each(?) asked"
        " CROSS JOIN operation o ON o.op_id = asked.value"
        " LEFT JOIN record r ON r.id = o.object_id WHERE o.op_state IN ('new', 'sent')",
        (_json(receipt.op_id for receipt in receipts),),
    )
    return {op_id: _Waiting(*own) for op_id, *own in rows}


def _touched(db: Database, waiting: Iterable[_Waiting]) -> dict[int, set[tuple[str, str]]]:
    """The entities that operations change, by the operation's position."""
    found: dict[int, set[tuple[str, str]]] = {}
    for position, list_name, entity_id in db.rows(
        "SELECT t.position, t.list, t.id FROM json_each(?) asked"
        " CROSS JOIN operation_entity t ON t.position = asked.value",
        (_json(own.position for own in waiting),),
    ):
        found.setdefault(position, set()).add((list_name, entity_id))
    return found


def _state_after(receipt: Receipt) -> OperationState:
    if receipt.status == "held":
        return "sent"
    return "quarantined" if receipt.status == "rejected" else "acked"


def _included_in(receipt: Receipt, own: _Waiting) -> int | None:
    """The revision of its record; taken in without naming one, the next that is pulled."""
    if receipt.rev is not None or own.shown_rev is None:
        return receipt.rev
    return own.shown_rev + 1


def _json(values: Iterable[object]) -> str:
    return msgspec.json.encode(list(values)).decode()
