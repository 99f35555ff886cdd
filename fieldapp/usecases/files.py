"""Photos, drawings and signatures: kept encrypted beside the store, named in answers (F1)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from fieldapp.domain.ids import ReplicaId
from fieldapp.errors import BlobMissing, ServerUnreachable, SignInRefused
from fieldapp.storage import blobs, meta
from fieldapp.storage.blob_queue import naming
from fieldapp.sync.connection import Connection
from fieldapp.sync.files import Download
from fieldapp.usecases.line import keep_tokens
from fieldapp.usecases.session import Session

#: A bad line costs a piece of the file, not the file: so often a download is gone on with.
_ATTEMPTS = 3


def keep_file(session: Session, content: bytes, extension: str) -> str:
    """Keep a file; returns the answer that names it, `<sha256>.<ext>`.

    Raises BlobRefused, StoreFull.
    """
    return blobs.keep(session.store, content, extension)


def read_file(session: Session, name: str) -> bytes:
    """The file that an answer names, if this device has it. Raises BlobMissing, BlobDamaged."""
    return blobs.read(session.store, name)


def fetch_file(
    session: Session, name: str, *, cancelled: Callable[[], bool] = lambda: False
) -> bytes:
    """The same, from the server when it is not on this device; from then on it is.

    Raises BlobMissing when the server has it not, or not yet, or not for this account; the errors
    of ExchangeTrouble.
    """
    try:
        return blobs.read(session.store, name)
    except BlobMissing:
        pass
    with session.store.reading() as db:
        address, tokens, replica = meta.server_address(db), meta.tokens(db), meta.identity(db)
        named_by = naming(db, name)
    if named_by is None:
        raise BlobMissing(name=name)
    if address is None or tokens is None:
        raise SignInRefused
    download = Download(name, named_by)
    with Connection(
        address, clock_now=session.clock.now, tokens=tokens, on_tokens=keep_tokens(session)
    ) as connection:
        content = _gone_on_with(download, connection, replica.replica, cancelled)
    blobs.keep_received(session.store, name, content)
    return content


def _gone_on_with(
    download: Download,
    connection: Connection,
    replica: ReplicaId,
    cancelled: Callable[[], bool],
) -> bytes:
    for _ in range(_ATTEMPTS - 1):
        with suppress(ServerUnreachable):
            return download.go_on(connection, replica, cancelled)
    return download.go_on(connection, replica, cancelled)
