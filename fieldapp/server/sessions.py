"""Who is asking: sign-in, tokens, enrolment, and which replica speaks.

The role of the app server cannot read accounts, tokens or codes; it asks the narrow functions of
the schema. Passwords and tokens are stored as hashes only.
"""

from __future__ import annotations

import base64
import binascii
import threading
from dataclasses import dataclass, replace
from datetime import datetime

from fieldapp import failpoints
from fieldapp.clock import instant_text
from fieldapp.crypto.passwords import hash_password, verify_password
from fieldapp.crypto.tokens import new_token, token_hash
from fieldapp.domain.exchange import Enrolled, Enrolment, SignIn, Tokens
from fieldapp.domain.ids import uuid7
from fieldapp.errors import (
    EnrolRefused,
    MalformedMessage,
    MembershipMissing,
    ReplicaDrained,
    ReplicaRevoked,
    SignInRefused,
)
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.database import Connection, Pool, transaction_of

#: Each check of a password takes 64 MiB: a morning's sign-ins queue here rather than fill memory.
_CHECKS_AT_ONCE = 2

_SPEAKER = """
    select incarnation, applied_seq, settled_seq, state from fieldapp.replica where id = %s
"""
_SPEAKER_LOCKED = _SPEAKER + " for update"


@dataclass(frozen=True, slots=True)
class Account:
    """The one who is signed in."""

    id: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Speaker:
    """The replica that asks, as the server knows it, and the scopes its account belongs to.

    is_drained: its device is being returned (반납 준비), so it may bring and receives nothing.
    """

    replica: str
    incarnation: int
    applied_seq: int
    settled_seq: int
    scopes: frozenset[str]
    is_drained: bool = False


class Sessions:
    """Sign-in and tokens over one pool."""

    def __init__(self, pool: Pool, settings: ServerSettings) -> None:
        self._pool = pool
        self._settings = settings
        self._checks = threading.BoundedSemaphore(_CHECKS_AT_ONCE)
        # Whoever asks for an account that does not exist waits as long as for one that does.
        self._nobody = hash_password(new_token())

    def sign_in(self, asked: SignIn, now: datetime) -> Tokens:
        """Tokens for the right password. Raises SignInRefused, and says no more than that."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "select account, password_hash from fieldapp.sign_in_facts(%s)",
                [_storable(asked.user)],
            ).fetchone()
        account, stored = row or (None, self._nobody)
        with self._checks:
            is_right = verify_password(stored, asked.password)
        if account is None or not is_right:
            raise SignInRefused
        with self._pool.connection() as connection:
            return self._issue(connection, account, now)

    def refresh(self, refresh: str, now: datetime) -> Tokens:
        """New tokens for a refresh token, of the same device. Raises SignInRefused."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "select fieldapp.spend_refresh(%s, %s)", [token_hash(refresh), now]
            ).fetchone()
            if row is None or row[0] is None:
                raise SignInRefused
            return self._issue(connection, row[0], now, spent=refresh)

    def account_of(self, token: str, now: datetime) -> Account:
        """Whose bearer token this is. Raises SignInRefused for one unknown or expired."""
        with self._pool.connection() as connection:
            row = connection.execute(
                "select id, name, roles from fieldapp.account_of_token(%s, %s)",
                [token_hash(token), now],
            ).fetchone()
        if row is None:
            raise SignInRefused
        return Account(id=row[0], name=row[1], roles=frozenset(row[2]))

    def account_of_device(self, token: str, replica: str, now: datetime) -> Account:
        """Whose bearer token this is when this device speaks with it; the first that does keeps it.

        Raises SignInRefused for one unknown, expired or of another device; ReplicaRevoked.
        """
        with self._pool.connection() as connection:
            row = connection.execute(
                "select id, name, roles, state from fieldapp.account_of_device(%s, %s::uuid, %s)",
                [token_hash(token), replica, now],
            ).fetchone()
        if row is None:
            raise SignInRefused
        if row[3] == "revoked":
            raise ReplicaRevoked
        return Account(id=row[0], name=row[1], roles=frozenset(row[2]))

    def enrol(self, account: Account, asked: Enrolment, now: datetime) -> Enrolled:
        """A name for a new replica of this account. Raises EnrolRefused, MalformedMessage."""
        key = _public_key(asked.public_key)
        with transaction_of(self._pool, account.id) as connection:
            row = connection.execute(
                "select fieldapp.enrol(%s, %s, %s, %s::uuid, %s)",
                [token_hash(asked.code), account.id, key, uuid7(now), now],
            ).fetchone()
            if row is None or row[0] is None:
                raise EnrolRefused
            return Enrolled(replica=str(row[0]), scopes=tuple(sorted(scopes_of(connection))))

    def _issue(
        self, connection: Connection, account: str, now: datetime, *, spent: str | None = None
    ) -> Tokens:
        token, refresh = new_token(), new_token()
        expires = now + self._settings.token_lifetime
        facts = [token_hash(token), token_hash(refresh), account, expires]
        facts.append(now + self._settings.refresh_lifetime)
        if spent is None:
            connection.execute("select fieldapp.keep_token(%s, %s, %s, %s, %s)", facts)
        else:
            connection.execute(
                "select fieldapp.keep_renewed_token(%s, %s, %s, %s, %s, %s)",
                [*facts, token_hash(spent)],
            )
        failpoints.reach("token.before_commit")
        return Tokens(token=token, refresh=refresh, expires=instant_text(expires))


def scopes_of(connection: Connection) -> frozenset[str]:
    """The scopes that this transaction's account belongs to."""
    rows = connection.execute("select scope from fieldapp.membership").fetchall()
    return frozenset(row[0] for row in rows)


def speaker(connection: Connection, replica: str, *, locked: bool = False) -> Speaker:
    """The replica that asks. `locked`: its row is held until the transaction ends.

    Raises MembershipMissing for one that is unknown, another account's, or a member of nothing: the
    asker is not told which. ReplicaRevoked.
    """
    row = connection.execute(_SPEAKER_LOCKED if locked else _SPEAKER, [replica]).fetchone()
    scopes = scopes_of(connection)
    if row is None or not scopes:
        raise MembershipMissing
    if row[3] == "revoked":
        raise ReplicaRevoked
    return Speaker(replica, row[0], row[1], row[2], scopes, is_drained=row[3] == "drain")


def receiver(connection: Connection, replica: str) -> Speaker:
    """The replica that asks for what others wrote. Raises as `speaker`, and ReplicaDrained."""
    asker = speaker(connection, replica)
    if asker.is_drained:
        raise ReplicaDrained
    return asker


def begin_incarnation(connection: Connection, before: Speaker, incarnation: int) -> Speaker:
    """The replica from now on, its laptop cloned or restored from a backup: its numbers begin anew,
    and of those nothing has arrived or settled. To be called with its row locked.

    incarnation: usually the next; later ones when this server was restored from a backup itself.
    """
    connection.execute(
        "update fieldapp.replica set incarnation = %s, applied_seq = 0, settled_seq = 0"
        " where id = %s",
        [incarnation, before.replica],
    )
    return replace(before, incarnation=incarnation, applied_seq=0, settled_seq=0)


def _public_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedMessage(shape="Enrolment", place="$.public_key", reason="base64") from error
    if len(key) != 32:
        raise MalformedMessage(shape="Enrolment", place="$.public_key", reason="length")
    return key


def _storable(text: str) -> str:
    """PostgreSQL's text holds no NUL, so no name with one was ever given out."""
    return text.replace("\x00", "\ufffd")
