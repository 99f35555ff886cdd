"""A password is tried: the attempt is counted, whoever asks for it (`storage/attempts.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fieldapp.clock import Clock
from fieldapp.errors import KeyTrouble, RecoveryNeeded, StoreTrouble, WrongPassword
from fieldapp.storage import attempts
from fieldapp.storage.key import has_recovery
from fieldapp.storage.profile import Profile


@contextmanager
def counted(stored: Profile, clock: Clock) -> Iterator[None]:
    """Around what a password opens. One that was right is no failure, whatever comes after; an
    attempt that came to no judgement leaves the count as it was.

    Raises TooManyAttempts, RecoveryNeeded; a WrongPassword from inside comes out with what is left
    and how long to wait.
    """
    path = stored.attempts_path
    can_recover = _can_recover(stored)
    attempts.begin(path, clock.now(), can_recover=can_recover)
    try:
        yield
    except WrongPassword:
        left = attempts.MOST_ATTEMPTS - attempts.count(path)
        if can_recover and left <= 0:
            raise RecoveryNeeded from None
        raise WrongPassword(attempts_left=left, wait_s=attempts.wait_s(path)) from None
    except BaseException:
        attempts.take_back(path)
        raise
    attempts.succeed(path)


def _can_recover(stored: Profile) -> bool:
    """Not by a key file that cannot be read: whoever opens it says what is wrong with it."""
    try:
        return has_recovery(stored.key_path)
    except (KeyTrouble, StoreTrouble):
        return False
