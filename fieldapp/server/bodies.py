"""Bodies of requests, read as hostile: bounded before and after decompression, shapes strict."""

from __future__ import annotations

import zlib
from typing import TypeVar

from starlette.requests import Request

from fieldapp.domain.shapes import decode
from fieldapp.errors import MalformedMessage
from fieldapp.sync.protocol import BODY_MAX_BYTES

T = TypeVar("T")


class BodyTooLarge(MalformedMessage):
    """More bytes than a request may bring."""


async def body_of(request: Request, shape: type[T]) -> T:
    """The request's body as a shape. Raises MalformedMessage, BodyTooLarge."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise MalformedMessage(shape=shape.__name__, place="Content-Encoding", reason="unknown")
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > BODY_MAX_BYTES:
            raise _too_large(shape)
    raw = bytes(received)
    return decode(shape, raw if encoding == "identity" else _unzipped(raw, shape))


def _unzipped(raw: bytes, shape: type) -> bytes:
    unzip = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = unzip.decompress(raw, BODY_MAX_BYTES + 1)
    except zlib.error as error:
        raise MalformedMessage(shape=shape.__name__, place="$", reason="gzip") from error
    if len(plain) > BODY_MAX_BYTES:
        raise _too_large(shape)
    if not unzip.eof:
        raise MalformedMessage(shape=shape.__name__, place="$", reason="gzip")
    return plain


def _too_large(shape: type) -> BodyTooLarge:
    return BodyTooLarge(shape=shape.__name__, place="$", reason="size")
