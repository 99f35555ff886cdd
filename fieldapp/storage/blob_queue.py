"""Which attachments the server lacks, and what names them there: the store as `sync.files` sees it.

A file waits for the operation that names it: until the server has taken that, it would refuse the
file. So nothing of a draft goes up, nor of an operation that is held or refused.
"""

from __future__ import annotations

import re

import msgspec

from fieldapp.domain.exchange import WaitingFile
from fieldapp.domain.operation import ObjectRef
from fieldapp.storage import blobs
from fieldapp.storage.database import Store
from fieldapp.storage.sqlite import Database

_NAMES = re.compile(r"[0-9a-f]{64}\.[a-z]{3,4}")


class _Envelope(msgspec.Struct, frozen=True):
    """Of an operation, what it is about."""

    object: ObjectRef


class StoreFiles:
    """One store's attachments, offered to be sent."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self) -> tuple[WaitingFile, ...]:
        """What the server lacks of objects that it has, small ones first."""
        with self._store.reading() as db:
            return waiting_files(db)

    def content(self, name: str) -> bytes:
        """A file. Raises BlobMissing, BlobDamaged, StoreLocked."""
        return blobs.read(self._store, name)

    def note_sent(self, name: str) -> None:
        """The server has it."""
        with self._store.writing() as db:
            blobs.note_sent(db, name)


def waiting_files(db: Database) -> tuple[WaitingFile, ...]:
    """The attachments that the server lacks and would take, small ones first."""
    sizes: dict[str, int] = dict(
        db.rows("SELECT name, size FROM blob WHERE blob_state = 'waiting' ORDER BY size, name")
    )
    if not sizes:
        return ()
    # One pass over what was taken, newest first: a file waits seldom for long.
    named: dict[str, ObjectRef] = {}
    for (doc,) in db.rows(
        "SELECT doc FROM operation WHERE op_state IN ('acked', 'settled')"
        " AND status IS NOT 'rejected'"
        " AND (instr(doc, '.jp') OR instr(doc, '.png') OR instr(doc, '.webp')"
        " OR instr(doc, '.gif') OR instr(doc, '.pdf')) ORDER BY position DESC"
    ):
        for name in _NAMES.findall(doc):
            if name in sizes and name not in named:
                named[name] = msgspec.json.decode(doc, type=_Envelope).object
    return tuple(
        WaitingFile(name, size, named[name]) for name, size in sizes.items() if name in named
    )


def naming(db: Database, name: str) -> ObjectRef | None:
    """An object of this device that names a file; None when nothing does (any more)."""
    row = db.row(
        "SELECT NULL, id FROM record WHERE instr(server_doc, ?1) > 0 UNION ALL"
        " SELECT NULL, record_id FROM reviewed WHERE instr(answers, ?1) > 0 UNION ALL"
        " SELECT list, id FROM entity WHERE instr(server_doc, ?1) > 0 LIMIT 1",
        (name,),
    )
    if row is None:
        return None
    kind = "record" if row[0] is None else "entity"
    return msgspec.convert(
        {"type": kind, "id": row[1]} | ({"list": row[0]} if row[0] else {}), ObjectRef
    )
