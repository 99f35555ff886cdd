"""This profile's line to its server: the address and the tokens that its store keeps."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.domain.exchange import Tokens
from fieldapp.errors import SignInRefused
from fieldapp.storage import meta
from fieldapp.sync.connection import Connection
from fieldapp.usecases.session import Session


def open_line(session: Session) -> Connection:
    """A line that nobody has spoken on yet, to be closed by the caller.

    Raises SignInRefused for a profile that never signed in.
    """
    with session.store.reading() as db:
        address, tokens = meta.server_address(db), meta.tokens(db)
    if address is None or tokens is None:
        raise SignInRefused
    return Connection(
        address, clock_now=session.clock.now, tokens=tokens, on_tokens=keep_tokens(session)
    )


def keep_tokens(session: Session) -> Callable[[Tokens], None]:
    """Store each new pair of tokens: a refresh is spent once."""

    def keep(tokens: Tokens) -> None:
        with session.store.writing() as db:
            meta.put_tokens(db, tokens)

    return keep
