"""What every door begins with: who asks, in which protocol, for which replica.

The doors stand in modules of their own (`app`, `…_doors`) and share this.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar, cast

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from fieldapp import failpoints
from fieldapp.clock import Clock
from fieldapp.domain.ids import UUID_PATTERN
from fieldapp.errors import MalformedMessage, SignInRefused
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.database import Pool
from fieldapp.server.forms import Forms
from fieldapp.server.sessions import Account, Sessions
from fieldapp.sync import protocol
from fieldapp.sync.agreement import OURS, Versions, agreed

T = TypeVar("T")


class Doors:
    """What the doors of one app share; each finds it by `doors_of`."""

    def __init__(
        self,
        settings: ServerSettings,
        pool: Pool,
        sessions: Sessions,
        forms: Forms,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.pool = pool
        self.sessions = sessions
        self.forms = forms
        self.clock = clock

    async def account(self, request: Request) -> Account:
        """The signed-in account. Raises SignInRefused."""
        token = _bearer(request)
        return await run_in_threadpool(self.sessions.account_of, token, self.clock.now())

    async def sync_account(self, request: Request) -> Account:
        """The account that is signed in on the device that a sync request names.

        Raises SignInRefused, ReplicaRevoked, MalformedMessage, ProtocolTooOld, ProtocolTooNew.
        """
        spoken = request.headers.get(protocol.PROTOCOL_HEADER, "")
        if not spoken.isascii() or not spoken.isdigit():
            raise MalformedMessage(
                shape="request", place=protocol.PROTOCOL_HEADER, reason="not a number"
            )
        version = int(spoken[:9])
        agreed(Versions(version, version), OURS)
        token, replica = _bearer(request), replica_of(request)
        now = self.clock.now()
        return await run_in_threadpool(self.sessions.account_of_device, token, replica, now)


def _bearer(request: Request) -> str:
    """The token that a request carries. Raises SignInRefused."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SignInRefused
    return token


def doors_of(request: Request) -> Doors:
    """What the doors of this request's app share."""
    return cast("Doors", request.app.state.doors)


def replica_of(request: Request) -> str:
    """The replica that the request names. Raises MalformedMessage."""
    return id_of(request.headers.get(protocol.REPLICA_HEADER, ""), protocol.REPLICA_HEADER)


def id_of(text: str, place: str) -> str:
    """An id in an address or a header. Raises MalformedMessage, which names the place alone."""
    if not re.fullmatch(UUID_PATTERN, text):
        raise MalformedMessage(shape="request", place=place, reason="not an id")
    return text


async def in_thread(work: Callable[[], T]) -> T:
    """Work with the database, off the event loop."""
    done = await run_in_threadpool(work)
    failpoints.reach("door.before_reply")
    return done
