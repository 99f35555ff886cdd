"""Digests, base64, signatures and random names."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.forms.xpath.asking import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("digest('abc', 'SHA-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("digest('abc', 'sha-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("digest('abc', 'SHA-256')", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        ("string-length(digest('abc', 'SHA-384', 'hex'))", "96"),
        ("string-length(digest('abc', 'SHA-512', 'hex'))", "128"),
        ("digest('한글', 'MD5')", "UrjFSrTqZy7mzf3+8KMdtA=="),
        ("digest('abc', 'ROT13')", ""),
    ],
)
def test_a_digest_is_of_the_text_in_utf_8(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("base64-decode('7ZWc6riA')", "한글"),
        ("base64-decode('AGEAYgBj')", "\0a\0b\0c"),
        ("base64-decode(' 7ZWc 6riA ')", "한글"),
        ("base64-decode('SGVsbG8')", "Hello"),
        ("base64-decode('/w==')", "\ufffd"),
        ("base64-decode('?')", ""),
        ("base64-decode('a')", ""),
        ("base64-decode('YQ=')", ""),
        ("base64-decode('가')", ""),
        ("base64-decode('')", ""),
    ],
)
def test_base64_is_decoded_forgivingly_and_read_as_utf_8(text: str, expected: str) -> None:
    assert answer(text) == expected


def test_the_words_of_a_signed_text_come_out_when_the_key_is_the_signers() -> None:
    signer, other = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
    words = "가상-카드 17".encode()
    signed = base64.b64encode(signer.sign(words) + words).decode()
    forged = base64.b64encode(signer.sign(words) + b"another").decode()
    keys = [
        base64.b64encode(
            one.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        ).decode()
        for one in (signer, other)
    ]  # fmt: skip

    assert answer(f"extract-signed('{signed}', '{keys[0]}')") == "가상-카드 17"
    assert answer(f"extract-signed('{signed}', '{keys[1]}')") == ""
    assert answer(f"extract-signed('{forged}', '{keys[0]}')") == ""


@pytest.mark.parametrize("text", ["", "AAAA", "?", "A" * 88])
def test_what_is_signed_by_nobody_is_empty(text: str) -> None:
    assert answer(f"extract-signed('{text}', '{text}')") == ""


def test_a_uuid_comes_from_the_world_and_one_of_a_length_has_that_length() -> None:
    assert answer("uuid()") == "00000000-0000-4000-8000-000000000000"
    assert len(answer("uuid(8)")) == 8
    assert answer("uuid(8)") == answer("uuid(8)")
    assert answer("uuid(-1)") == ""
    assert answer("uuid('x')") == ""
