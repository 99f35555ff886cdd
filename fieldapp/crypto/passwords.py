"""Passwords of server accounts: hashed one way, with their own salt (고시 제7조)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fieldapp.crypto.wrapping import STANDARD, Cost, password_bytes


def hash_password(password: str, cost: Cost = STANDARD) -> str:
    """An Argon2id hash in PHC text, which names its own cost."""
    return _hasher(cost).hash(password_bytes(password))


def verify_password(stored: str, password: str) -> bool:
    """Whether the password is the one hashed; False for a hash that cannot be read."""
    try:
        return _hasher(STANDARD).verify(stored, password_bytes(password))
    except (VerificationError, InvalidHashError, UnicodeError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made at another cost than today's, and wants making again."""
    return _hasher(STANDARD).check_needs_rehash(stored)


def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(
        time_cost=cost.time_cost, memory_cost=cost.memory_kib, parallelism=cost.parallelism
    )
