"""A data key, wrapped by a password: Argon2id makes a key of the password, AES-256-GCM wraps.

A random secret (of a keyring, of a recovery code) needs no stretching: HKDF makes a key of it.
The wrap names its algorithms and what they cost, so that both can be raised later. A password
change wraps the same data key again; the store under it is not re-encrypted.
"""

from __future__ import annotations

import secrets
import unicodedata
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldapp.crypto.blocklist import is_common
from fieldapp.errors import KeyFileDamaged, PasswordRule, WeakPassword, WrongPassword

#: A data key is so many random bytes: SQLCipher's raw key.
DATA_KEY_BYTES = 32

_SALT_BYTES = 16
_NONCE_BYTES = 12
_PURPOSE = b"fieldapp-data-key-v1"
#: With three kinds of characters so many, without them so many more (korea.md 1.2, 고시 제5조).
_SHORTEST_MIXED = 9
_SHORTEST = 12
_LONGEST = 200


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Argon2id spends: passes, KiB of memory, lanes. Bounded: a key file may be hostile."""

    time_cost: Annotated[int, msgspec.Meta(ge=1, le=20)]
    memory_kib: Annotated[int, msgspec.Meta(ge=8, le=1_048_576)]
    parallelism: Annotated[int, msgspec.Meta(ge=1, le=16)]


#: About 0.4 s on an office laptop (stack.md §4).
STANDARD = Cost(time_cost=3, memory_kib=65_536, parallelism=1)
#: Protects nothing. For tests alone, and only ever as an explicit argument.
FAST_FOR_TESTS = Cost(time_cost=1, memory_kib=8, parallelism=1)


class PasswordWrap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="password"):
    """A data key that a password opens. Bytes travel as base64."""

    kdf: Literal["argon2id-19"]
    cost: Cost
    salt: bytes
    cipher: Literal["aes-256-gcm"]
    nonce: bytes
    wrapped: bytes


class SecretWrap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data key that a random secret of 120 bits or more opens."""

    kdf: Literal["hkdf-sha256"]
    salt: bytes
    cipher: Literal["aes-256-gcm"]
    nonce: bytes
    wrapped: bytes


class KeyringWrap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="keyring"):
    """A data key whose secret the operating system keeps for its user."""

    key: SecretWrap


def new_data_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(DATA_KEY_BYTES)


def wrap(
    data_key: bytes, password: str, cost: Cost = STANDARD, *, purpose: bytes = _PURPOSE
) -> PasswordWrap:
    """Wrap 32 bytes; salt and nonce are new each time. What `purpose` it was wrapped for, it
    opens for."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    key = _stretched(password, salt, cost)
    return PasswordWrap(
        kdf="argon2id-19",
        cost=cost,
        salt=salt,
        cipher="aes-256-gcm",
        nonce=nonce,
        wrapped=AESGCM(key).encrypt(nonce, data_key, _bound(purpose, salt, cost)),
    )


def unwrap(wrapped: PasswordWrap, password: str, *, purpose: bytes = _PURPOSE) -> bytes:
    """The data key. Raises WrongPassword; KeyFileDamaged when it is not of a data key's length."""
    if len(wrapped.salt) < _SALT_BYTES or len(wrapped.nonce) != _NONCE_BYTES:
        raise KeyFileDamaged(reason="length")
    key = _stretched(password, wrapped.salt, wrapped.cost)
    try:
        data_key = AESGCM(key).decrypt(
            wrapped.nonce, wrapped.wrapped, _bound(purpose, wrapped.salt, wrapped.cost)
        )
    except InvalidTag:
        raise WrongPassword from None
    if len(data_key) != DATA_KEY_BYTES:
        raise KeyFileDamaged(reason="length")
    return data_key


def wrap_with_secret(data_key: bytes, secret: bytes, bound_to: bytes) -> SecretWrap:
    """Wrap a data key so that it opens with the secret and under the same `bound_to`."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    return SecretWrap(
        kdf="hkdf-sha256",
        salt=salt,
        cipher="aes-256-gcm",
        nonce=nonce,
        wrapped=AESGCM(_expanded(secret, salt)).encrypt(nonce, data_key, _PURPOSE + bound_to),
    )


def unwrap_with_secret(wrapped: SecretWrap, secret: bytes, bound_to: bytes) -> bytes | None:
    """The data key; None when the secret is another or the wrap was changed.

    Raises KeyFileDamaged when its parts are not of their lengths.
    """
    if len(wrapped.salt) < _SALT_BYTES or len(wrapped.nonce) != _NONCE_BYTES:
        raise KeyFileDamaged(reason="length")
    try:
        data_key = AESGCM(_expanded(secret, wrapped.salt)).decrypt(
            wrapped.nonce, wrapped.wrapped, _PURPOSE + bound_to
        )
    except InvalidTag:
        return None
    if len(data_key) != DATA_KEY_BYTES:
        raise KeyFileDamaged(reason="length")
    return data_key


def normalised(password: str) -> str:
    """NFC: a syllable typed on macOS arrives taken apart."""
    return unicodedata.normalize("NFC", password)


def password_bytes(password: str) -> bytes:
    """What is hashed: NFC in UTF-8; half a surrogate pair from an input method is no crash."""
    return normalised(password).encode("utf-8", "surrogatepass")


def check_password(password: str) -> None:
    """Raises WeakPassword unless it has 12 characters, or 9 of three kinds (letters by case,
    Hangul, digits, signs), and is neither one run over and over nor what everybody tries first.
    """
    text = normalised(password)
    if len(text) > _LONGEST:
        raise WeakPassword(rule=PasswordRule.TOO_LONG)
    kinds = {_kind(character) for character in text}
    if len(text) < (_SHORTEST_MIXED if len(kinds) >= 3 else _SHORTEST):
        raise WeakPassword(rule=PasswordRule.TOO_SHORT)
    if len(set(text)) < 5 or _is_run(text):
        raise WeakPassword(rule=PasswordRule.TOO_SIMPLE)
    if is_common(text):
        raise WeakPassword(rule=PasswordRule.TOO_COMMON)


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "upper" if character.isupper() else "lower" if character.islower() else "letter"
    return "sign"


def _is_run(text: str) -> bool:
    """`123456789012`, `abcdefghijkl`, and the same downwards."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}


def _stretched(password: str, salt: bytes, cost: Cost) -> bytes:
    try:
        return hash_secret_raw(
            password_bytes(password),
            salt,
            time_cost=cost.time_cost,
            memory_cost=cost.memory_kib,
            parallelism=cost.parallelism,
            hash_len=32,
            type=Type.ID,
            version=ARGON2_VERSION,
        )
    except HashingError as error:
        raise KeyFileDamaged(reason="cost") from error


def _expanded(secret: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=_PURPOSE).derive(secret)


def _bound(purpose: bytes, salt: bytes, cost: Cost) -> bytes:
    """What the cipher authenticates beside the key: nobody lowers a cost in the file unnoticed."""
    return purpose + msgspec.json.encode(cost) + salt
