"""Bearer tokens and one-time codes: random when made, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """sha256 in hex. Fast on purpose: a random token cannot be guessed as a password can."""
    return hashlib.sha256(token.encode()).hexdigest()
