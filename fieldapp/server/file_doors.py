"""`/files`: attachments up by tus 1.0 (creation, checksum, expiration, termination), down by Range.

A file is `<sha256>.<ext>`, as answers name it (F1); the asker says which record or entity names it.
An upload's address comes back to whoever opens it again, with what is here already, so that a
device keeps nothing but the file. Source: https://tus.io/protocols/resumable-upload (1.0.0).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.responses import StreamingResponse

from fieldapp.domain.exchange import UploadState
from fieldapp.domain.ids import UUID_PATTERN
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.scalars import Name, Uuid
from fieldapp.errors import MalformedMessage
from fieldapp.server.asking import doors_of, in_thread, replica_of
from fieldapp.server.bodies import BodyTooLarge
from fieldapp.server.object_store import ObjectStore
from fieldapp.server.openapi import door
from fieldapp.server.ranges import span_of
from fieldapp.server.replies import json_reply, plain_trouble
from fieldapp.server.uploads import LIFETIME, Asked, FileRefused, Uploads
from fieldapp.sync import protocol

_TUS = {"Tus-Resumable": protocol.TUS_VERSION, "Cache-Control": "no-store"}
_OFFSET_TYPE = "application/offset+octet-stream"
#: What a checksum may be made with; tus wants sha1 among them.
_CHECKSUMS = {"sha1": 20, "sha256": 32}
_KINDS = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "gif": "image/gif", "pdf": "application/pdf",
}  # fmt: skip


def add_file_doors(app: FastAPI) -> None:
    """Add `/files` to an app whose doors are open."""
    doors = app.state.doors
    uploads = Uploads(doors.pool, ObjectStore(doors.settings.files_dir))
    app.exception_handler(FileRefused)(_refused)
    _add_tus(app, uploads)
    _add_download(app, uploads)


def _add_tus(app: FastAPI, uploads: Uploads) -> None:
    @app.options(protocol.FILES, openapi_extra=_described(204))
    async def offers() -> Response:
        """Which tus this server speaks."""
        return Response(
            status_code=204,
            headers=_TUS
            | {
                "Tus-Version": protocol.TUS_VERSION,
                "Tus-Extension": "creation,checksum,expiration,termination",
                "Tus-Max-Size": str(protocol.FILE_MAX_BYTES),
                "Tus-Checksum-Algorithm": ",".join(_CHECKSUMS),
            },
        )

    @app.post(
        protocol.FILES,
        openapi_extra=_described(201, 400, 401, 403, 404, 412, 413, 426, gives=UploadState),
    )
    async def create(request: Request) -> Response:
        """Open an upload for a file that a record names; or find the one begun before."""
        _check_tus(request)
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        size = _number(request, "Upload-Length")
        if size > protocol.FILE_MAX_BYTES:
            raise BodyTooLarge(shape="upload", place="Upload-Length", reason="size")
        if size == 0:
            raise _malformed("Upload-Length", "empty")
        asked = _asked(_metadata(request.headers.get("upload-metadata", "")))
        now = doors.clock.now()
        state = await in_thread(lambda: uploads.open(account, replica, asked, size, now))
        reply = json_reply(state, 201)
        reply.headers.update(
            _progress(state)
            | {
                "Location": f"{protocol.FILES}/{state.upload}",
                "Upload-Expires": (now + LIFETIME).strftime("%a, %d %b %Y %H:%M:%S GMT"),
            }
        )
        return reply

    @app.head(protocol.FILES + "/{upload}", openapi_extra=_described(200, 400, 401, 403, 404, 410))
    async def ask(request: Request, upload: str) -> Response:
        """How much of an upload is here."""
        _check_tus(request)
        doors, upload = doors_of(request), _upload_id(upload)
        account, replica = await doors.sync_account(request), replica_of(request)
        state = await in_thread(lambda: uploads.state(account, replica, upload, doors.clock.now()))
        return Response(headers=_progress(state))

    @app.patch(
        protocol.FILES + "/{upload}",
        openapi_extra=_described(204, 400, 401, 403, 404, 409, 410, 413, 415, 460),
    )
    async def append(request: Request, upload: str) -> Response:
        """The next bytes of an upload, at most 262,144."""
        _check_tus(request)
        doors, upload = doors_of(request), _upload_id(upload)
        account, replica = await doors.sync_account(request), replica_of(request)
        if request.headers.get("content-type") != _OFFSET_TYPE:
            raise FileRefused(415, "other_content_type")
        offset = _number(request, "Upload-Offset")
        content = await _chunk(request)
        _check_sum(request.headers.get("upload-checksum"), content)
        state = await in_thread(
            lambda: uploads.add(
                account, replica, upload, offset=offset, content=content, now=doors.clock.now()
            )
        )
        return Response(status_code=204, headers=_progress(state))

    @app.delete(
        protocol.FILES + "/{upload}", openapi_extra=_described(204, 400, 401, 403, 404, 410)
    )
    async def end(request: Request, upload: str) -> Response:
        """Give an upload up."""
        _check_tus(request)
        doors, upload = doors_of(request), _upload_id(upload)
        account, replica = await doors.sync_account(request), replica_of(request)
        await in_thread(lambda: uploads.end(account, replica, upload, doors.clock.now()))
        return Response(status_code=204, headers=_TUS)


def _add_download(app: FastAPI, uploads: Uploads) -> None:
    @app.get(
        protocol.FILES + "/{name}", openapi_extra=_described(200, 206, 400, 401, 403, 404, 416)
    )
    async def read(request: Request, name: str) -> Response:
        """A file, or a range of it, for whoever sees the record or entity in the query."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = _asked({**request.query_params, "name": name})
        size = await in_thread(lambda: uploads.size_for(account, replica, asked))
        headers = {
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-store",
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        span = span_of(request.headers.get("range", ""), size)
        if span is None:
            start, end, status = 0, size, 200
        elif span[0] >= span[1]:
            refusal = plain_trouble(416, "no_such_range")
            refusal.headers["Content-Range"] = f"bytes */{size}"
            return refusal
        else:
            (start, end), status = span, 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        headers["Content-Length"] = str(end - start)
        return StreamingResponse(
            uploads.pieces(asked, start, end),
            status_code=status,
            headers=headers,
            media_type=_KINDS.get(name.rpartition(".")[2], "application/octet-stream"),
        )


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, FileRefused):
        raise error
    reply = plain_trouble(error.status, error.code)
    reply.headers.update(_TUS)
    if error.status == 412:
        reply.headers["Tus-Version"] = protocol.TUS_VERSION
    return reply


def _check_tus(request: Request) -> None:
    if request.headers.get("tus-resumable") != protocol.TUS_VERSION:
        raise FileRefused(412, "other_tus")


def _progress(state: UploadState) -> dict[str, str]:
    return _TUS | {"Upload-Offset": str(state.offset), "Upload-Length": str(state.size)}


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch("[0-9]{1,15}", text):
        raise _malformed(header, "not a number")
    return int(text)


def _upload_id(text: str) -> str:
    if not re.fullmatch(UUID_PATTERN, text):
        raise FileRefused(404, "no_such_upload")
    return text


def _metadata(header: str) -> dict[str, str]:
    """`key base64, key base64` (tus, Upload-Metadata). Raises MalformedMessage."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _, packed = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(packed, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise _malformed("Upload-Metadata", "base64") from error
    return found


def _asked(given: dict[str, str]) -> Asked:
    """`name`, `object` and, for an entity, `list`. Raises MalformedMessage."""
    name, list_name = given.get("name", ""), given.get("list")
    if not re.fullmatch(protocol.FILE_NAME_PATTERN, name):
        raise _malformed("name", "not a file's name")
    try:
        object_id = msgspec.convert(given.get("object"), Uuid)
        if list_name is None:
            return Asked(name, ObjectRef(type="record", id=object_id))
        of_list = msgspec.convert(list_name, Name)
        return Asked(name, ObjectRef(type="entity", list=of_list, id=object_id))
    except msgspec.ValidationError as error:
        raise _malformed("object", "not an object") from error


async def _chunk(request: Request) -> bytes:
    """The body as it comes: a picture is packed already, and nothing unpacks it here."""
    received = bytearray()
    async for part in request.stream():
        received += part
        if len(received) > protocol.FILE_CHUNK_BYTES:
            raise BodyTooLarge(shape="upload", place="$", reason="size")
    return bytes(received)


def _check_sum(header: str | None, content: bytes) -> None:
    """`sha256 <base64>`: what the line garbled is not kept. Raises FileRefused."""
    if header is None:
        return
    algorithm, _, text = header.partition(" ")
    if algorithm not in _CHECKSUMS:
        raise _malformed("Upload-Checksum", "unknown algorithm")
    try:
        told = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed("Upload-Checksum", "base64") from error
    if hashlib.new(algorithm, content, usedforsecurity=False).digest() != told:
        raise FileRefused(460, "other_checksum")


def _malformed(place: str, reason: str) -> MalformedMessage:
    return MalformedMessage(shape="upload", place=place, reason=reason)


def _described(done: int, *troubles: int, gives: type = UploadState) -> dict[str, Any]:
    """`openapi_extra`: what a device may meet here; only the opening of an upload answers JSON."""
    extra = door(
        gives=gives, troubles=tuple(status for status in troubles if status >= 400), replica=True
    )
    answer = extra["responses"].pop("200")
    for status in (done, *(status for status in troubles if status < 400)):
        extra["responses"][str(status)] = (
            answer if status == 201 else {"description": "done, or the bytes asked for"}
        )
    return extra
