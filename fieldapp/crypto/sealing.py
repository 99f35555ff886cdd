"""Bytes at rest beside a store: AES-256-GCM under keys derived from the store's own (HKDF-SHA256).

A sealed file begins with the name of its algorithm, so that another can follow.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HEADER = b"fieldapp-sealed aes-256-gcm\n"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealBroken(ValueError):
    """Not sealed with this key for this purpose, or changed since."""


def derived_key(data_key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose; whoever has them cannot tell the data key or another purpose's."""
    return HKDF(
        algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"fieldapp {purpose} v1".encode()
    ).derive(data_key)


def seal(key: bytes, content: bytes, bound_to: str) -> bytes:
    """Encrypt content so that it opens only with the key and under the same `bound_to`."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _HEADER + nonce + AESGCM(key).encrypt(nonce, content, _bound(bound_to))


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """The content. Raises SealBroken."""
    if not sealed.startswith(_HEADER):
        raise SealBroken
    start = len(_HEADER) + _NONCE_BYTES
    try:
        return AESGCM(key).decrypt(sealed[len(_HEADER) : start], sealed[start:], _bound(bound_to))
    except (InvalidTag, ValueError):
        raise SealBroken from None


def keyed_name(key: bytes, text: str) -> str:
    """64 hex digits that say nothing about the text to whoever lacks the key."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _bound(text: str) -> bytes:
    return _HEADER + text.encode()
