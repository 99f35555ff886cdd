"""What the server keeps of a password or a token, and what a replica's signature is worth."""

from __future__ import annotations

import base64
import unicodedata

import pytest

from fieldapp.crypto.passwords import hash_password, is_outdated, verify_password
from fieldapp.crypto.signing import SigningKey, is_signed_by, new_signing_key
from fieldapp.crypto.tokens import new_token, token_hash
from fieldapp.crypto.wrapping import FAST_FOR_TESTS


def test_account_password_is_known_again_however_its_syllables_were_typed() -> None:
    stored = hash_password("가상-서버-2026", FAST_FOR_TESTS)

    assert verify_password(stored, unicodedata.normalize("NFD", "가상-서버-2026"))
    assert not verify_password(stored, "가상-서버-2027")
    assert "가상" not in stored


def test_account_password_is_hashed_at_the_standard_cost_unless_told() -> None:
    assert "m=65536,t=3,p=1" in hash_password("가상-서버-2026")
    assert is_outdated(hash_password("가상-서버-2026", FAST_FOR_TESTS))


@pytest.mark.parametrize("stored", ["", "가상", "$argon2id$v=19$m=8,t=1,p=1$x", "$2b$12$abc"])
def test_hash_that_cannot_be_read_lets_nobody_in(stored: str) -> None:
    assert not verify_password(stored, "가상-서버-2026")


def test_tokens_never_repeat_and_are_kept_as_hashes() -> None:
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}
    assert len({token_hash(token) for token in tokens} | tokens) == 2000
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_signature_holds_for_its_message_and_its_key_alone() -> None:
    key, other = new_signing_key(), new_signing_key()
    signature = key.sign("가상 꾸러미".encode())

    assert is_signed_by(key.public_base64, "가상 꾸러미".encode(), signature)
    assert not is_signed_by(key.public_base64, "가상 꾸러미!".encode(), signature)
    assert not is_signed_by(other.public_base64, "가상 꾸러미".encode(), signature)
    assert not is_signed_by("not a key", b"", signature)
    assert len(base64.b64decode(key.public_base64)) == 32


def test_signing_key_survives_being_stored_and_does_not_show_itself() -> None:
    key = new_signing_key()

    assert SigningKey(key.private_bytes).public_base64 == key.public_base64
    assert key.private_bytes.hex() not in repr(key)
    assert repr(key.private_bytes) not in repr(key)
