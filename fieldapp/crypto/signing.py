"""Ed25519 (RFC 8032): a replica signs, the server and other offices check."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A replica's key pair. `private_bytes` (32) lie in the encrypted store and nowhere else."""

    private_bytes: bytes = field(repr=False)

    @property
    def public_base64(self) -> str:
        """The 32 public bytes as enrolment carries them (44 characters of base64)."""
        public = Ed25519PrivateKey.from_private_bytes(self.private_bytes).public_key()
        return base64.b64encode(public.public_bytes_raw()).decode()

    def sign(self, message: bytes) -> bytes:
        """A signature of 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private_bytes).sign(message)


def new_signing_key() -> SigningKey:
    """A fresh key pair."""
    return SigningKey(Ed25519PrivateKey.generate().private_bytes_raw())


def is_signed_by(public_base64: str, message: bytes, signature: bytes) -> bool:
    """Whether the holder of that key signed exactly this; False for a key that cannot be read."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_base64, validate=True))
        public.verify(signature, message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
