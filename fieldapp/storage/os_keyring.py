"""Opening without the password on one's own laptop: the operating system keeps a secret.

The secret (32 random bytes, 44 characters of base64: Windows takes few) wraps the data key in the
key file; the data key itself never leaves it. Whatever any program of the same user can read, the
secret can be read by too: so it is an offer, never the only way in.

A keyring may ask its user something, or hang: each call has a thread of its own and a limit, and
whatever goes wrong is "not remembered". Only the keyrings of operating systems are used, by name;
no plug-in, and no file in clear, can put itself before them.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import threading
from collections.abc import Callable
from typing import TypeVar

from keyring.backend import KeyringBackend, get_all_keyring

from fieldapp.errors import KeyTrouble, StoreTrouble
from fieldapp.storage import key
from fieldapp.storage.profile import Profile

#: A call that has no answer by then has none.
LIMIT_S = 5.0
_ALLOWED = tuple(
    f"keyring.backends.{name}" for name in ("Windows", "macOS", "SecretService", "kwallet")
)
_SERVICE = "fieldapp"
_SECRET_BYTES = 32
_Answer = TypeVar("_Answer")


def remember(profile: Profile, password: str) -> bool:
    """Let this profile be opened by its user's keyring. False when there is none to be trusted.

    Raises WrongPassword, which leaves what was remembered, and KeyFileDamaged, StoreFull,
    StoreUnreadable, after which nothing may be.
    """
    # Before the keyring loses what it had.
    key.open_key_file(profile.key_path, password)
    secret = secrets.token_bytes(_SECRET_BYTES)
    text = base64.b64encode(secret).decode()
    if not _within_limit(lambda: _put(profile.id, text)):
        return False
    try:
        key.add_keyring(profile.key_path, password, secret)
    except (KeyTrouble, StoreTrouble):
        _within_limit(lambda: _remove(profile.id))
        raise
    return True


def open_remembered(profile: Profile) -> bytes | None:
    """The profile's data key; None when the keyring does not have it, or does not answer.

    Raises KeyFileDamaged, StoreUnreadable.
    """
    text = _within_limit(lambda: _get(profile.id))
    try:
        secret = base64.b64decode(text or "", validate=True)
    except (ValueError, binascii.Error):
        return None
    return key.open_with_secret(profile.key_path, secret) if secret else None


def forget(profile: Profile) -> None:
    """No keyring opens this profile any more, even one that cannot be asked now.

    Raises KeyFileDamaged, StoreFull, StoreUnreadable.
    """
    key.remove_keyring(profile.key_path)
    _within_limit(lambda: _remove(profile.id))


def _within_limit(call: Callable[[], _Answer]) -> _Answer | None:
    """What the call answers; None after any error, or when the limit passed. A call that hangs
    keeps its thread, which does not keep the app.
    """
    answers: list[_Answer] = []

    def ask() -> None:
        try:
            answers.append(call())
        except Exception:  # noqa: BLE001 - each backend and D-Bus has errors of its own
            return

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    return answers[0] if answers else None


def _put(account: str, text: str) -> bool:
    keyring = _keyring()
    keyring.set_password(_SERVICE, account, text)
    return keyring.get_password(_SERVICE, account) == text


def _get(account: str) -> str | None:
    return _keyring().get_password(_SERVICE, account)


def _remove(account: str) -> None:
    _keyring().delete_password(_SERVICE, account)


def _keyring() -> KeyringBackend:
    """The best of the allowed keyrings. Raises LookupError when this system has none."""
    # Not keyring.get_keyring(): a plug-in or a setting could name another, and a chain asks all.
    found = [one for one in get_all_keyring() if type(one).__module__.startswith(_ALLOWED)]
    if not found:
        raise LookupError
    return max(found, key=lambda one: float(one.priority))
