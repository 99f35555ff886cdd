"""Content codings of both sides: zstd (RFC 8878), with gzip for whoever lacks it. One module knows
zstandard.

What comes in is hostile: it is unpacked to at most as many bytes as the caller allows, and a zstd
frame may ask for no more than the window of RFC 9659 (8 MB), whatever its header says.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from typing import Literal

import zstandard

Coding = Literal["identity", "gzip", "zstd"]

#: What either side can unpack, the better first: the value of `Accept-Encoding`.
ACCEPTED = "zstd, gzip"
#: Below this a packed message is hardly smaller than a plain one.
WORTH_PACKING_BYTES = 512

_CODINGS: Mapping[str, Coding] = {"identity": "identity", "gzip": "gzip", "zstd": "zstd"}
#: RFC 9659 §3: no decoder of a content coding needs to hold more.
_WINDOW_BYTES = 8 * 1024 * 1024
#: 3: half a millisecond for 100 kB on a small laptop; higher levels gain a few per cent.
_ZSTD_LEVEL = 3
_GZIP_LEVEL = 6
_CUT_FRAME = "did not decompress full frame"


class Unpackable(ValueError):
    """Bytes that are not what their coding says."""


class TooLarge(Unpackable):
    """More bytes, unpacked, than the caller allows."""


class CutOff(Unpackable):
    """The beginning of something packed."""


def coding_of(header: str | None) -> Coding:
    """What a `Content-Encoding` header says. Raises Unpackable for a coding that nobody here knows.

    No coding, or `identity`, is plain; several one over another are never used here.
    """
    try:
        return _CODINGS[(header or "identity").strip().lower()]
    except KeyError:
        raise Unpackable("coding") from None


def best_of(accepted: str | None) -> Coding:
    """The best coding that an `Accept-Encoding` header takes (RFC 9110 §12.5.3); plain if none.

    `*` is not taken up on: whoever means zstd names it. A weight other than 0 counts as 1.
    """
    taken = set()
    for part in (accepted or "").lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=")
        if not weight or weight.strip("0."):
            taken.add(name.strip())
    if "zstd" in taken:
        return "zstd"
    return "gzip" if "gzip" in taken else "identity"


def pack(coding: Coding, plain: bytes) -> bytes:
    """The bytes under a coding. A zstd frame states its size, so that the reader can trust it."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(plain)
    if coding == "gzip":
        return gzip.compress(plain, _GZIP_LEVEL, mtime=0)
    return plain


def unpack(coding: Coding, packed: bytes, most: int) -> bytes:
    """The bytes that were packed, at most `most` of them. Raises TooLarge, CutOff, Unpackable."""
    if coding == "zstd":
        return _unpacked_zstd(packed, most)
    plain = _unpacked_gzip(packed, most) if coding == "gzip" else packed
    if len(plain) > most:
        raise TooLarge(coding)
    return plain


def _unpacked_gzip(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(packed, most + 1)
    except zlib.error as error:
        raise Unpackable("gzip") from error
    if len(plain) > most:
        raise TooLarge("gzip")
    if not unpacker.eof:
        raise CutOff("gzip")
    if unpacker.unused_data:
        raise Unpackable("gzip")
    return plain


def _unpacked_zstd(packed: bytes, most: int) -> bytes:
    """One whole frame. A frame of unknown size gets a buffer of `most` bytes and no more."""
    try:
        stated = zstandard.frame_content_size(packed)
        if stated > most:
            raise TooLarge("zstd")
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES)
        return unpacker.decompress(packed, max_output_size=max(most, 1), allow_extra_data=False)
    except zstandard.ZstdError as error:
        if _CUT_FRAME in str(error):
            raise CutOff("zstd") from error
        raise Unpackable("zstd") from error
