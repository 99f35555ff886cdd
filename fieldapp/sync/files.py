"""Attachments between a store and its server: up when their records are there, down on demand.

Up (tus 1.0), small ones first, each in pieces with a checksum. Which pieces have arrived is the
server's matter: opening an upload again tells it, so nothing about it is kept here, and a file
counts as sent only when the server has hashed the whole. Pausing is stopping between two pieces.
Down by ranges, so that a cut line costs one piece; what came is not believed before its hash is
that of its name. None of this can spoil a round: records are through before files begin.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from fieldapp import failpoints
from fieldapp.domain.exchange import Progress, UploadState, WaitingFile
from fieldapp.domain.ids import ReplicaId
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.shapes import decode
from fieldapp.errors import (
    BlobDamaged,
    BlobMissing,
    Cancelled,
    ExchangeTrouble,
    MalformedMessage,
    ServerFailed,
)
from fieldapp.sync.connection import Connection
from fieldapp.sync.protocol import FILE_CHUNK_BYTES, FILE_MAX_BYTES, FILES, TUS_VERSION

#: How often a round opens one upload: after a piece that came garbled, or at another offset.
_OPENINGS = 3
#: What a download asks for at once.
_RANGE_BYTES = 1_048_576
_TUS = {"Tus-Resumable": TUS_VERSION}


class FileStore(Protocol):
    """The attachments of a store, as far as they concern the server."""

    def waiting(self) -> tuple[WaitingFile, ...]:
        """What the server lacks of objects that it has, small ones first."""

    def content(self, name: str) -> bytes:
        """A file. Raises BlobMissing, BlobDamaged."""

    def note_sent(self, name: str) -> None:
        """The server has it."""


@dataclass(frozen=True, slots=True)
class FilesOutcome:
    """How many files went up, and how many wait on. trouble: what ended it before the last."""

    sent: int
    left: int
    trouble: ExchangeTrouble | MalformedMessage | None = None


def send_files(
    files: FileStore,
    connection: Connection,
    replica: ReplicaId,
    *,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> FilesOutcome:
    """Send what waits. What the line or the server does about it is told, and raises nothing.

    A file that this server does not take, or that is not readable here, lets the others through.
    Raises the errors of the store.
    """
    waiting = files.waiting()
    sent = 0
    try:
        for number, file in enumerate(waiting):
            progress(Progress("files", number, len(waiting)))
            try:
                content = files.content(file.name)
            except (BlobMissing, BlobDamaged):
                continue
            if _send(file, content, _Line(connection, replica, cancelled)):
                failpoints.reach("files.before_note")
                files.note_sent(file.name)
                sent += 1
    except (ExchangeTrouble, MalformedMessage) as trouble:
        return FilesOutcome(sent, len(waiting) - sent, trouble)
    if waiting:
        progress(Progress("files", len(waiting), len(waiting)))
    return FilesOutcome(sent, len(waiting) - sent)


@dataclass
class Download:
    """One file on its way down; what came stays here, so that it may be gone on with."""

    name: str
    object: ObjectRef
    received: bytearray = field(default_factory=bytearray)

    def go_on(
        self, connection: Connection, replica: ReplicaId, cancelled: Callable[[], bool]
    ) -> bytes:
        """The whole file, from where it stopped before.

        Raises BlobMissing when the server has it not, or not for this account; the errors of
        ExchangeTrouble, MalformedMessage.
        """
        line = _Line(connection, replica, cancelled)
        is_whole = False
        while not is_whole:
            is_whole = self._take(*line.ask("GET", self._path(), self._range()))
        if hashlib.sha256(self.received).hexdigest() != self.name.partition(".")[0]:
            self.received.clear()
            raise _malformed("hash")
        return bytes(self.received)

    def _path(self) -> str:
        asked = f"object={self.object.id}"
        if self.object.list is not None:
            asked += f"&list={quote(self.object.list, safe='')}"
        return f"{FILES}/{self.name}?{asked}"

    def _range(self) -> dict[str, str]:
        start = len(self.received)
        return {"Range": f"bytes={start}-{start + _RANGE_BYTES - 1}"}

    def _take(self, status: int, body: bytes) -> bool:
        """Keep a piece; whether it was the last."""
        if status == 416 and self.received:
            return True
        if status == 404:
            raise BlobMissing(name=self.name)
        if status not in (200, 206):
            raise ServerFailed(status=status)
        if status == 200:
            # Something on the way does not know ranges: this is the whole.
            self.received.clear()
        self.received += body
        if len(self.received) > FILE_MAX_BYTES:
            self.received.clear()
            raise _malformed("too large")
        return status == 200 or len(body) < _RANGE_BYTES


@dataclass(frozen=True, slots=True)
class _Line:
    connection: Connection
    replica: ReplicaId
    cancelled: Callable[[], bool]

    def ask(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None = None
    ) -> tuple[int, bytes]:
        """One request, unless the worker has said stop. Raises Cancelled."""
        if self.cancelled():
            raise Cancelled
        return self.connection.file(method, path, self.replica, headers, content)


def _send(file: WaitingFile, content: bytes, line: _Line) -> bool:
    """Whether the server has the file now; False when it does not take it, in this round."""
    for _ in range(_OPENINGS):
        state = _opened(file, len(content), line)
        if state is None:
            return False
        if _append(state, content, line):
            return True
    return False


def _opened(file: WaitingFile, size: int, line: _Line) -> UploadState | None:
    texts = {"name": file.name, "object": file.object.id}
    if file.object.list is not None:
        texts["list"] = file.object.list
    metadata = ",".join(f"{key} {_base64(text.encode())}" for key, text in texts.items())
    headers = {"Upload-Length": str(size), "Upload-Metadata": metadata}
    status, body = line.ask("POST", FILES, _TUS | headers, b"")
    if status in (400, 404, 413):
        # It sees no record that names this file, or not yet: the record's own matter.
        return None
    if status != 201:
        raise ServerFailed(status=status)
    state = decode(UploadState, body)
    if state.size != size:
        raise _malformed("size")
    return state


def _append(state: UploadState, content: bytes, line: _Line) -> bool:
    """Send what is missing; False when the upload has to be opened again."""
    for start in range(state.offset, state.size, FILE_CHUNK_BYTES):
        piece = content[start : start + FILE_CHUNK_BYTES]
        headers = _TUS | {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(start),
            "Upload-Checksum": f"sha256 {_base64(hashlib.sha256(piece).digest())}",
        }
        status, _ = line.ask("PATCH", f"{FILES}/{state.upload}", headers, piece)
        if status in (404, 409, 410, 460):
            return False
        if status != 204:
            raise ServerFailed(status=status)
        failpoints.reach("files.after_piece")
    return True


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _malformed(reason: str) -> MalformedMessage:
    return MalformedMessage(shape="file", place="$", reason=reason)
