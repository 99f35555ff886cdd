"""Accounts, scopes and enrol codes, as the one who runs the server makes them.

These work as the owner of the tables, from the command line, never inside the app server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg

from fieldapp import failpoints
from fieldapp.crypto.passwords import hash_password
from fieldapp.crypto.tokens import new_token, token_hash
from fieldapp.crypto.wrapping import STANDARD, Cost
from fieldapp.errors import DatabaseUnreachable, UnknownAccount, UnknownScope

CODE_LIFETIME = timedelta(days=7)


@contextmanager
def owner_connection(owner_url: str, *, autocommit: bool = False) -> Iterator[psycopg.Connection]:
    """A transaction as the owner of the tables; with `autocommit` as many as the caller begins.

    Raises DatabaseUnreachable.
    """
    try:
        connection = psycopg.connect(owner_url, autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable from error
    with connection:
        yield connection
        failpoints.reach("owner.before_commit")
    failpoints.reach("owner.after_commit")


def add_scope(
    owner: psycopg.Connection,
    scope: str,
    *,
    kind: str = "town",
    parent: str | None = None,
    label: str | None = None,
) -> None:
    """Add a scope (F8) with its counter; of one that stands only what people call it is changed."""
    owner.execute(
        "insert into fieldapp.scope (id, kind, parent, label) values (%s, %s, %s, %s)"
        " on conflict (id) do update set label = coalesce(excluded.label, scope.label)",
        [scope, kind, parent, label],
    )
    owner.execute(
        "insert into fieldapp.scope_head (scope) values (%s) on conflict do nothing", [scope]
    )


def add_user(
    owner: psycopg.Connection,
    user: str,
    *,
    name: str,
    password: str,
    roles: Sequence[str] = (),
    scopes: Sequence[str] = (),
    cost: Cost = STANDARD,
) -> None:
    """Add an account, or give one that stands a new name, password and roles, and more scopes.

    Raises UnknownScope.
    """
    owner.execute(
        """
        insert into fieldapp.account (id, name, password_hash, roles) values (%s, %s, %s, %s)
        on conflict (id) do update set name = excluded.name,
            password_hash = excluded.password_hash, roles = excluded.roles, active = true
        """,
        [user, name, hash_password(password, cost), list(roles)],
    )
    for scope in scopes:
        _join(owner, user, scope)


def invite(owner: psycopg.Connection, user: str, *, scope: str, at: datetime) -> str:
    """A one-time code with which the user's next replica enrols; they become members of the scope.

    Raises UnknownAccount, UnknownScope.
    """
    _join(owner, user, scope)
    code = new_token()
    owner.execute(
        "insert into fieldapp.enrol_code (code_hash, account, expires_at) values (%s, %s, %s)",
        [token_hash(code), user, at + CODE_LIFETIME],
    )
    return code


def remove_member(owner: psycopg.Connection, user: str, scope: str) -> None:
    """The user belongs to the scope no more: their devices let go of what only it brought, once
    every operation is answered (F8).

    Raises UnknownAccount, UnknownScope; whoever was no member stays none.
    """
    _check_known(owner, user, scope)
    owner.execute(
        "delete from fieldapp.membership where account = %s and scope = %s", [user, scope]
    )


def _join(owner: psycopg.Connection, user: str, scope: str) -> None:
    _check_known(owner, user, scope)
    owner.execute(
        "insert into fieldapp.membership (account, scope) values (%s, %s) on conflict do nothing",
        [user, scope],
    )


def _check_known(owner: psycopg.Connection, user: str, scope: str) -> None:
    if not owner.execute("select from fieldapp.account where id = %s", [user]).rowcount:
        raise UnknownAccount(user=user)
    if not owner.execute("select from fieldapp.scope where id = %s", [scope]).rowcount:
        raise UnknownScope(scope=scope)
