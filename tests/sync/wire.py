"""What a server sent over a line, as anybody reads it who gets hold of the bytes: HTTP/1.1 answers,
unpacked as far as they go.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import zstandard

_HEAD_END = b"\r\n\r\n"
_ANSWER = b"HTTP/1.1 "


def bodies(stream: bytes) -> Iterator[bytes]:
    """Head and body of every answer of one connection; the last one may have been cut anywhere."""
    while stream:
        head, _, rest = stream.partition(_HEAD_END)
        yield head
        fields = _fields(head)
        # An answer to HEAD has a length and no body.
        if rest.startswith(_ANSWER):
            stream = rest
            continue
        if fields.get(b"transfer-encoding") == b"chunked":
            body, stream = _dechunked(rest)
        else:
            length = int(fields.get(b"content-length", b"0"))
            body, stream = rest[:length], rest[length:]
        yield _unpacked(fields.get(b"content-encoding", b""), body)


def _fields(head: bytes) -> dict[bytes, bytes]:
    lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _dechunked(rest: bytes) -> tuple[bytes, bytes]:
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        count = int(size or b"0", 16)
        body, rest = body + rest[:count], rest[count + 2 :]
        if not count:
            break
    return body, rest


def _unpacked(coding: bytes, packed: bytes) -> bytes:
    if coding == b"zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    if coding == b"gzip":
        return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(packed)
    return packed
