"""Attachments: photographs, drawings, signatures, each an encrypted file beside the store (F1).

An answer names one by the hash of its content (`<sha256>.<ext>`); the file is named by a keyed hash
of that, so that a folder tells nobody which picture it holds. The file stands before the row, and
the row before any answer that names it: what a power cut leaves is at most a file of no use.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from fieldapp.crypto.sealing import SealBroken, derived_key, keyed_name, seal, unseal
from fieldapp.errors import BlobDamaged, BlobMissing, BlobReason, BlobRefused, StoreUnreadable
from fieldapp.failpoints import reach
from fieldapp.storage.database import Store
from fieldapp.storage.sqlite import Database
from fieldapp.storage.whole_files import write_whole

MAX_BYTES = 20 * 1024 * 1024
EXTENSIONS = frozenset({"jpg", "jpeg", "png", "webp", "gif", "pdf"})

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z]{3,4}")
#: Where they lie, beside the store.
ATTACHMENTS = "attachments"
_CONTENT, _NAMES = "attachments", "attachment names"


def keep(store: Store, content: bytes, extension: str) -> str:
    """Keep a file, once however often it is given; returns the answer that names it.

    Durable on return. Raises BlobRefused, StoreFull, StoreUnreadable, StoreLocked.
    """
    extension = extension.lower().lstrip(".")
    if extension not in EXTENSIONS:
        raise BlobRefused(reason=BlobReason.UNKNOWN_KIND)
    if not content:
        raise BlobRefused(reason=BlobReason.EMPTY)
    if len(content) > MAX_BYTES:
        raise BlobRefused(reason=BlobReason.TOO_LARGE)
    name = f"{hashlib.sha256(content).hexdigest()}.{extension}"
    _keep(store, name, content, "waiting")
    return name


def keep_received(store: Store, name: str, content: bytes) -> None:
    """Keep a file that came from the server, so that it need not come again.

    Durable on return. Raises BlobDamaged when it is not what its name says, StoreFull,
    StoreUnreadable, StoreLocked.
    """
    if not is_name(name) or hashlib.sha256(content).hexdigest() != name.partition(".")[0]:
        raise BlobDamaged(name=name)
    _keep(store, name, content, "sent")


def _keep(store: Store, name: str, content: bytes, state: str) -> None:
    path = _path(store, name)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreUnreadable from error
    if not path.exists():
        reach("blob.before_file")
        write_whole(path, seal(store.derived_key(_CONTENT), content, name))
    with store.writing() as db:
        reach("blob.before_row")
        db.execute(
            "INSERT INTO blob (name, sha256, size, path, blob_state) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET blob_state = excluded.blob_state"
            " WHERE blob_state = 'erased'",
            (name, name.partition(".")[0], len(content), path.name, state),
        )


def read(store: Store, name: str) -> bytes:
    """The content that an answer names. Raises BlobMissing, BlobDamaged, StoreLocked."""
    if not _NAME.fullmatch(name):
        raise BlobMissing(name="")
    try:
        sealed = _path(store, name).read_bytes()
    except FileNotFoundError:
        raise BlobMissing(name=name) from None
    except OSError as error:
        raise StoreUnreadable from error
    try:
        content = unseal(store.derived_key(_CONTENT), sealed, name)
    except SealBroken:
        raise BlobDamaged(name=name) from None
    if hashlib.sha256(content).hexdigest() != name.partition(".")[0]:
        raise BlobDamaged(name=name)
    return content


def note_sent(db: Database, name: str) -> None:
    """The server has hashed the whole of it."""
    db.execute(
        "UPDATE blob SET blob_state = 'sent' WHERE name = ? AND blob_state = 'waiting'", (name,)
    )


def begin_epoch(db: Database) -> None:
    """A server in another life may lack what it had: every file is offered again, and one that it
    still has costs a request.
    """
    db.execute("UPDATE blob SET blob_state = 'waiting' WHERE blob_state = 'sent'")


def mark_evicted(db: Database, answers: Iterable[str]) -> None:
    """Of a record that left this device, the files that the server has and nothing here names."""
    _mark_unnamed(db, answers, "sent")


def is_name(text: str) -> bool:
    """Whether an answer has the form of an attachment's name."""
    return _NAME.fullmatch(text) is not None


def mark_erased(db: Database, answers: Iterable[str]) -> None:
    """Of an erased record's answers, those that name a file which no other record or draft names:
    their files go with the next `sweep`.
    """
    _mark_unnamed(db, answers, "waiting", "sent")


def sweep(store: Store) -> int:
    """Delete the files of erased attachments; returns how many. Raises StoreUnreadable."""
    with store.reading() as db:
        erased = db.rows("SELECT name, path FROM blob WHERE blob_state = 'erased'")
    for name, path in erased:
        try:
            (store.path.parent / ATTACHMENTS / path).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnreadable from error
        with store.writing() as db:
            db.execute("DELETE FROM blob WHERE name = ? AND blob_state = 'erased'", (name,))
    return len(erased)


def sealed_again(sealed: bytes, name: str, old_key: bytes, new_key: bytes) -> bytes:
    """A sealed file under another data key; one that is damaged stays what it is."""
    try:
        content = unseal(derived_key(old_key, _CONTENT), sealed, name)
    except SealBroken:
        return sealed
    return seal(derived_key(new_key, _CONTENT), content, name)


def file_name(data_key: bytes, name: str) -> str:
    """How the file of an attachment is called under a data key."""
    return keyed_name(derived_key(data_key, _NAMES), name)


def _path(store: Store, name: str) -> Path:
    return store.path.parent / ATTACHMENTS / keyed_name(store.derived_key(_NAMES), name)


def _mark_unnamed(db: Database, answers: Iterable[str], *states: str) -> None:
    for name in {text for text in answers if is_name(text)}:
        db.execute(
            "UPDATE blob SET blob_state = 'erased' WHERE name = ?1 AND blob_state IN (?2, ?3)"
            " AND NOT EXISTS (SELECT 1 FROM record WHERE instr(local_doc, ?1) > 0"
            " OR instr(server_doc, ?1) > 0)"
            " AND NOT EXISTS (SELECT 1 FROM draft WHERE instr(answers, ?1) > 0)",
            (name, states[0], states[-1]),
        )
