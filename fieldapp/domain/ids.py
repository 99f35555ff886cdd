"""Names that are made offline and are unique everywhere: UUIDv7 text (formats F3)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NewType

RecordId = NewType("RecordId", str)
EntityId = NewType("EntityId", str)
OperationId = NewType("OperationId", str)
ReplicaId = NewType("ReplicaId", str)
ConflictId = NewType("ConflictId", str)
ScopeId = NewType("ScopeId", str)
UserId = NewType("UserId", str)

# `$(?!\n)`: Python's `$` alone lets a line feed follow.
UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$(?!\n)"
UUID7_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$(?!\n)"


def uuid7(at: datetime) -> str:
    """A UUIDv7 (RFC 9562 §5.7) for an aware instant: 48 bits of milliseconds, 74 random bits."""
    if at.tzinfo is None:
        raise ValueError("an id is minted at an aware instant")
    milliseconds = int(at.timestamp() * 1000)
    high = (milliseconds << 16) | 0x7000 | secrets.randbits(12)
    low = (0b10 << 62) | secrets.randbits(62)
    text = f"{high:016x}{low:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_record_id(at: datetime) -> RecordId:
    """Minted when the form is opened; the draft and the record share it."""
    return RecordId(uuid7(at))


def new_operation_id(at: datetime) -> OperationId:
    """Minted with the operation, never changed afterwards."""
    return OperationId(uuid7(at))
