"""가리기: four digits that bring a covered screen back (ux §4), for this profile on this laptop."""

from __future__ import annotations

from fieldapp.crypto.passwords import hash_password, verify_password
from fieldapp.errors import WeakPin
from fieldapp.storage import meta
from fieldapp.usecases.session import Session

_DIGITS = 4


def has_code(session: Session) -> bool:
    """Whether the worker has set the four digits."""
    with session.store.reading() as db:
        return meta.hiding_code(db) is not None


def set_code(session: Session, digits: str) -> None:
    """Set the four digits. Raises WeakPin."""
    verifier = pin_verifier(digits)
    with session.store.writing() as db:
        meta.put_hiding_code(db, verifier)


def check_code(session: Session, digits: str) -> bool:
    """Whether these are the digits."""
    with session.store.reading() as db:
        verifier = meta.hiding_code(db)
    return verifier is not None and verify_password(verifier, digits)


def pin_verifier(digits: str) -> str:
    """What is kept of a PIN. Raises WeakPin for anything but four digits, or four alike."""
    if len(digits) != _DIGITS or not digits.isascii() or not digits.isdigit():
        raise WeakPin
    if len(set(digits)) == 1 or digits in "01234567890" or digits in "09876543210":
        raise WeakPin
    return hash_password(digits)
