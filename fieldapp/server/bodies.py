"""Bodies, in and out: requests read as hostile, bounded before and after unpacking; replies packed.

Every reply says which codings a request may use (`Accept-Encoding` of a response, RFC 7694).
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fieldapp.domain.shapes import decode
from fieldapp.errors import MalformedMessage
from fieldapp.sync.packing import (
    ACCEPTED,
    WORTH_PACKING_BYTES,
    Coding,
    TooLarge,
    Unpackable,
    best_of,
    coding_of,
    pack,
    unpack,
)
from fieldapp.sync.protocol import BODY_MAX_BYTES

T = TypeVar("T")

#: A larger body is packed and unpacked beside the event loop, not on it.
_QUICK_BYTES = 65_536


class BodyTooLarge(MalformedMessage):
    """More bytes than a request may bring."""


class CodingUnknown(MalformedMessage):
    """A body under a coding that this server cannot unpack."""


async def body_of(request: Request, shape: type[T]) -> T:
    """The request's body as a shape. Raises MalformedMessage, BodyTooLarge, CodingUnknown."""
    try:
        coding = coding_of(request.headers.get("content-encoding"))
    except Unpackable as error:
        raise CodingUnknown(
            shape=shape.__name__, place="Content-Encoding", reason="unknown"
        ) from error
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > BODY_MAX_BYTES:
            raise _too_large(shape)
    if len(received) <= _QUICK_BYTES:
        return _read(shape, coding, bytes(received))
    return await run_in_threadpool(_read, shape, coding, bytes(received))


class _OfReplica(Protocol):
    """A message that names the replica it is from."""

    @property
    def replica(self) -> str: ...


S = TypeVar("S", bound=_OfReplica)


async def body_from(replica: str, request: Request, shape: type[S]) -> S:
    """The same, of a message that must be from the replica that asks."""
    asked = await body_of(request, shape)
    if asked.replica != replica:
        raise MalformedMessage(shape=shape.__name__, place="$.replica", reason="other replica")
    return asked


def _read(shape: type[T], coding: Coding, packed: bytes) -> T:
    try:
        plain = unpack(coding, packed, BODY_MAX_BYTES)
    except TooLarge as error:
        raise _too_large(shape) from error
    except Unpackable as error:
        raise MalformedMessage(shape=shape.__name__, place="$", reason=coding) from error
    return decode(shape, plain)


def _too_large(shape: type) -> BodyTooLarge:
    return BodyTooLarge(shape=shape.__name__, place="$", reason="size")


class PackedReplies:
    """ASGI middleware: JSON that is long enough leaves packed as the asker takes it best.

    Only what leaves in one piece: files go out in many, and are packed already.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and pack what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        coding = best_of(Headers(scope=scope).get("accept-encoding"))
        start: Message | None = None

        async def packed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Accept-Encoding"] = ACCEPTED
                start = message
                return
            if start is not None:
                head, start = start, None
                message = await _packed(coding, head, message)
                await send(head)
            await send(message)

        await self._app(scope, receive, packed)


async def _packed(coding: Coding, head: Message, message: Message) -> Message:
    """The body under the coding, its head changed to say so; as it came where that is no use."""
    headers = MutableHeaders(scope=head)
    body = message.get("body", b"")
    is_json = headers.get("content-type", "").startswith("application/json")
    is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
    if not (is_json and is_whole and "content-encoding" not in headers):
        return message
    headers.add_vary_header("Accept-Encoding")
    if coding == "identity" or len(body) < WORTH_PACKING_BYTES:
        return message
    if len(body) <= _QUICK_BYTES:
        body = pack(coding, body)
    else:
        body = await run_in_threadpool(pack, coding, body)
    headers["Content-Encoding"] = coding
    headers["Content-Length"] = str(len(body))
    return {**message, "body": body}
