"""Content codings: what was packed comes out as it was; what is hostile does not come out."""

from __future__ import annotations

import gzip
import secrets
from typing import cast, get_args

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.sync.packing import (
    ACCEPTED,
    Coding,
    CutOff,
    TooLarge,
    Unpackable,
    best_of,
    coding_of,
    pack,
    unpack,
)

CODINGS = cast("tuple[Coding, ...]", get_args(Coding))
PACKED = ("gzip", "zstd")
NOISE = secrets.token_bytes(50_000)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(CODINGS), st.binary(max_size=3_000))
def test_what_was_packed_comes_out_as_it_was(coding: Coding, plain: bytes) -> None:
    assert unpack(coding, pack(coding, plain), len(plain)) == plain


@pytest.mark.parametrize("coding", CODINGS)
def test_one_byte_more_than_allowed_is_refused(coding: Coding) -> None:
    packed = pack(coding, NOISE)

    assert unpack(coding, packed, len(NOISE)) == NOISE
    with pytest.raises(TooLarge):
        unpack(coding, packed, len(NOISE) - 1)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PACKED), st.binary(max_size=400))
def test_any_bytes_are_unpacked_within_the_limit_or_refused(coding: Coding, raw: bytes) -> None:
    try:
        plain = unpack(coding, raw, 1_000)
    except Unpackable:
        return
    assert len(plain) <= 1_000


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PACKED), st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_never_brings_more_than_allowed(
    coding: Coding, place: int, change: int
) -> None:
    packed = bytearray(pack(coding, b'{"ops":[' + b'{"a":"b"},' * 300))
    packed[place % len(packed)] ^= change

    try:
        plain = unpack(coding, bytes(packed), 5_000)
    except Unpackable:
        return
    assert len(plain) <= 5_000


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize("cut", [9, 100, 20_000])
def test_the_beginning_of_a_frame_is_told_from_garbage(coding: Coding, cut: int) -> None:
    with pytest.raises(CutOff):
        unpack(coding, pack(coding, NOISE)[:-cut], len(NOISE))
    with pytest.raises(Unpackable) as garbage:
        unpack(coding, b"<html>" * 100, 1_000)
    assert garbage.type is Unpackable


@pytest.mark.parametrize("coding", PACKED)
def test_a_second_frame_behind_the_first_is_refused(coding: Coding) -> None:
    with pytest.raises(Unpackable):
        unpack(coding, pack(coding, b"a") + pack(coding, b"b"), 1_000)


def test_a_frame_that_does_not_state_its_size_is_unpacked_within_the_limit() -> None:
    packed = zstandard.ZstdCompressor(write_content_size=False).compress(NOISE)

    assert unpack("zstd", packed, len(NOISE)) == NOISE
    with pytest.raises(Unpackable):
        unpack("zstd", packed, len(NOISE) - 1)


def test_a_frame_that_asks_for_a_larger_window_than_the_standard_allows_is_refused() -> None:
    """RFC 9659: or 100 bytes could make us reserve two gigabytes."""
    wide = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    packed = packer.compress(NOISE) + packer.flush()

    with pytest.raises(Unpackable):
        unpack("zstd", packed, len(NOISE))


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        (None, "identity"), ("", "identity"), ("br", "identity"), ("*", "identity"),
        ("gzip", "gzip"), ("gzip, deflate, br, zstd", "zstd"), ("GZIP;q=0.5, ZSTD;q=0", "gzip"),
        ("zstd; q=0.001", "zstd"), ("zstd;q=0.000", "identity"), (ACCEPTED, "zstd"),
    ],
)  # fmt: skip
def test_the_best_that_the_other_side_takes_is_chosen(accepted: str | None, best: Coding) -> None:
    assert best_of(accepted) == best


@pytest.mark.parametrize("header", ["br", "zstd, gzip", "x-gzip", "ｚｓｔｄ"])
def test_a_coding_that_nobody_here_knows_is_refused(header: str) -> None:
    with pytest.raises(Unpackable):
        coding_of(header)


def test_gzip_is_read_as_others_write_it() -> None:
    assert unpack(coding_of("GZip"), gzip.compress(NOISE), len(NOISE)) == NOISE
