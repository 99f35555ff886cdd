"""One version of a programme or list on its way down, piece by piece.

A line that breaks costs a piece: what came is kept by the store and gone on with, in a later round
if need be. What came is not believed before its hash is the one that was announced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote

from fieldapp.domain.catalogue import CatalogueItem
from fieldapp.domain.ids import RecordId, ReplicaId
from fieldapp.errors import Cancelled, MalformedMessage, ServerFailed
from fieldapp.sync.connection import Connection
from fieldapp.sync.protocol import CATALOGUE

#: What is asked for at once.
PIECE_BYTES = 262_144


class Arriving(Protocol):
    """Where what came so far is kept, by the hash of the whole."""

    def begun(self, sha256: str) -> bytes:
        """The first bytes, as many as came."""

    def keep(self, sha256: str, at_byte: int, content: bytes) -> None:
        """The bytes from at_byte on."""

    def forget(self, sha256: str) -> None:
        """It was something else."""


def fetch_item(
    item: CatalogueItem,
    connection: Connection,
    replica: ReplicaId,
    arriving: Arriving,
    *,
    record: RecordId | None = None,
    cancelled: Callable[[], bool],
) -> bytes:
    """The whole content. record: one that is written on it, where it is not offered otherwise.

    Raises MalformedMessage for other bytes than were announced, the errors of ExchangeTrouble.
    """
    received = bytearray(arriving.begun(item.sha256))
    while len(received) < item.size:
        if cancelled():
            raise Cancelled
        start = len(received)
        headers = {"Range": f"bytes={start}-{start + PIECE_BYTES - 1}"}
        status, body = connection.file("GET", _path(item, record), replica, headers)
        if status not in (200, 206):
            raise ServerFailed(status=status)
        if status == 200:
            # The whole: it is no longer than a piece, or something on the way knows no ranges.
            start = 0
            received.clear()
        if not body or start + len(body) > item.size:
            arriving.forget(item.sha256)
            raise _malformed("size")
        received += body
        arriving.keep(item.sha256, start, body)
    if hashlib.sha256(received).hexdigest() != item.sha256:
        arriving.forget(item.sha256)
        raise _malformed("hash")
    return bytes(received)


def _path(item: CatalogueItem, record: RecordId | None) -> str:
    name = "/".join(quote(part, safe="") for part in (item.kind, item.id, item.version))
    return f"{CATALOGUE}/{name}" + ("" if record is None else f"?record={record}")


def _malformed(reason: str) -> MalformedMessage:
    return MalformedMessage(shape="catalogue item", place="$", reason=reason)
