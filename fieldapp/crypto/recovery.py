"""A forgotten password: a recovery code wraps the data key, and only the office can read the code.

The laptop makes the code (120 random bits), wraps its data key with it and keeps it sealed for the
office's public key: X25519 with a fresh key pair (RFC 7748), HKDF-SHA256, AES-256-GCM. Nobody sees
the code before the office, which holds the private key under a passphrase, unseals it and reads it
out. A code is used once: with the new password comes a new one.

Code: 24 letters of Crockford's base32 and a check letter, said in five groups of five.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldapp.crypto.wrapping import (
    STANDARD,
    Cost,
    PasswordWrap,
    SecretWrap,
    check_password,
    unwrap,
    unwrap_with_secret,
    wrap,
    wrap_with_secret,
)
from fieldapp.errors import RecoveryCodeMistyped, RecoveryCodeWrong, RecoveryFileRefused

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What is read for another letter, and what separates groups.
_READ_AS: Final = str.maketrans("OIL", "011", " -\t\n\r")
_CODE_LETTERS = 24
_GROUP = 5
_PUBLIC_HEAD = "fieldapp-recovery-key x25519 "
_PURPOSE = b"fieldapp-recovery-code-v1"
_OFFICE_PURPOSE = b"fieldapp-office-key-v1"

_Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
_Nonce = Annotated[bytes, msgspec.Meta(min_length=12, max_length=12)]


class SealedCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recovery code that the holder of the private key to `office_key` reads."""

    agreement: Literal["x25519"]
    kdf: Literal["hkdf-sha256"]
    cipher: Literal["aes-256-gcm"]
    office_key: _Key
    ephemeral: _Key
    nonce: _Nonce
    sealed: bytes


class RecoveryWrap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="recovery"):
    """A data key that a recovery code opens, and the code, sealed for the office."""

    key: SecretWrap
    code: SealedCode


class OfficeKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file in which the office keeps its private key, under a passphrase."""

    format: Literal["fieldapp-recovery-key"]
    version: Literal[1]
    agreement: Literal["x25519"]
    public: _Key
    private: PasswordWrap


def wrap_for_recovery(data_key: bytes, office_key: bytes) -> RecoveryWrap:
    """Wrap a data key with a new code, and the code for the office's public key (32 bytes).

    Raises RecoveryFileRefused when that is no key.
    """
    code = _new_code()
    return RecoveryWrap(
        key=wrap_with_secret(data_key, code.encode(), office_key),
        code=_sealed(code, office_key),
    )


def unwrap_with_code(wrapped: RecoveryWrap, typed: str) -> bytes:
    """The data key. Raises RecoveryCodeMistyped, RecoveryCodeWrong, KeyFileDamaged.

    Nobody puts another office's key into the wrap unnoticed: the code would not open it.
    """
    secret = read_code(typed).encode()
    data_key = unwrap_with_secret(wrapped.key, secret, wrapped.code.office_key)
    if data_key is None:
        raise RecoveryCodeWrong
    return data_key


def read_code(typed: str) -> str:
    """The 25 letters, however they were written. Raises RecoveryCodeMistyped.

    One wrong letter, or two that changed places, are always noticed.
    """
    code = typed.upper().translate(_READ_AS)
    if len(code) != _CODE_LETTERS + 1 or not set(code) <= set(_LETTERS) or _checked(code):
        raise RecoveryCodeMistyped
    return code


def grouped(code: str) -> str:
    """A code as it is read out: `7K2MD-…`, five groups of five."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def new_office_key(passphrase: str, cost: Cost = STANDARD) -> OfficeKey:
    """A key pair for an office. Raises WeakPassword."""
    check_password(passphrase)
    private = X25519PrivateKey.generate()
    return OfficeKey(
        format="fieldapp-recovery-key",
        version=1,
        agreement="x25519",
        public=private.public_key().public_bytes_raw(),
        private=wrap(private.private_bytes_raw(), passphrase, cost, purpose=_OFFICE_PURPOSE),
    )


def open_code(sealed: SealedCode, office: OfficeKey, passphrase: str) -> str:
    """The code, for the office to read out. Raises WrongPassword, RecoveryFileRefused,
    KeyFileDamaged.
    """
    if sealed.office_key != office.public:
        raise RecoveryFileRefused
    private = X25519PrivateKey.from_private_bytes(
        unwrap(office.private, passphrase, purpose=_OFFICE_PURPOSE)
    )
    key = _agreed(private, sealed.ephemeral, sealed.ephemeral + sealed.office_key)
    try:
        code = AESGCM(key).decrypt(sealed.nonce, sealed.sealed, _bound(sealed.office_key))
    except InvalidTag:
        raise RecoveryFileRefused from None
    return read_code(code.decode("ascii", "replace"))


def public_text(public: bytes) -> str:
    """A public key as the line of a file."""
    return f"{_PUBLIC_HEAD}{base64.b64encode(public).decode()}\n"


def read_public(text: str) -> bytes:
    """The 32 bytes of a public key. Raises RecoveryFileRefused."""
    head, _, tail = text.strip().rpartition(" ")
    try:
        public = base64.b64decode(tail, validate=True)
    except (ValueError, binascii.Error):
        raise RecoveryFileRefused from None
    if head != _PUBLIC_HEAD.strip() or len(public) != 32:
        raise RecoveryFileRefused
    return public


def key_id(public: bytes) -> str:
    """16 hex digits by which two people tell over the telephone that they mean one key."""
    return hashlib.sha256(public).hexdigest()[:16]


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))
    return letters + _LETTERS[_doubled(_checked(letters))]


def _checked(letters: str) -> int:
    """The letters as a polynomial over GF(32), its value at a primitive element: 0 for a code."""
    value = 0
    for letter in letters:
        value = _doubled(value) ^ _LETTERS.index(letter)
    return value


def _doubled(value: int) -> int:
    """Times x in GF(32) modulo x^5 + x^2 + 1."""
    return value << 1 ^ (0b100101 if value & 0b10000 else 0)


def _sealed(code: str, office_key: bytes) -> SealedCode:
    private = X25519PrivateKey.generate()
    ephemeral = private.public_key().public_bytes_raw()
    nonce = secrets.token_bytes(12)
    key = _agreed(private, office_key, ephemeral + office_key)
    return SealedCode(
        agreement="x25519",
        kdf="hkdf-sha256",
        cipher="aes-256-gcm",
        office_key=office_key,
        ephemeral=ephemeral,
        nonce=nonce,
        sealed=AESGCM(key).encrypt(nonce, code.encode(), _bound(office_key)),
    )


def _agreed(private: X25519PrivateKey, public: bytes, salt: bytes) -> bytes:
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:  # a point of small order agrees on nothing
        raise RecoveryFileRefused from error
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=_PURPOSE).derive(shared)


def _bound(office_key: bytes) -> bytes:
    return _PURPOSE + office_key
