"""Every trouble as JSON `{code, happened, safe, next}`, and as a log line without personal data."""

from __future__ import annotations

import logging
import traceback

import psycopg
from psycopg_pool import PoolTimeout
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fieldapp.domain.shapes import Shape, encode
from fieldapp.errors import (
    EnrolRefused,
    EntityMissing,
    ExchangeTrouble,
    FieldAppError,
    MalformedMessage,
    MembershipMissing,
    ProtocolTooNew,
    ProtocolTooOld,
    RecordMissing,
    ReplicaCloned,
    ReplicaDrained,
    ReplicaRevoked,
    SignInRefused,
)
from fieldapp.messages import message_for
from fieldapp.server.bodies import BodyTooLarge, CodingUnknown
from fieldapp.sync.agreement import OURS
from fieldapp.sync.protocol import (
    CODE_REPLICA_CLONED,
    CODE_REPLICA_DRAINED,
    CODE_REPLICA_REVOKED,
    PROTOCOL_HEADER,
)

log = logging.getLogger("fieldapp.server")

JSON = "application/json"

#: Class → (HTTP status, code); the nearest ancestor counts.
_CODES: dict[type[FieldAppError], tuple[int, str]] = {
    BodyTooLarge: (413, "body_too_large"),
    CodingUnknown: (415, "coding_unknown"),
    MalformedMessage: (400, "malformed"),
    SignInRefused: (401, "sign_in_refused"),
    EnrolRefused: (403, "enrol_refused"),
    MembershipMissing: (403, "membership_missing"),
    RecordMissing: (404, "record_missing"),
    EntityMissing: (404, "entity_missing"),
    ReplicaCloned: (409, CODE_REPLICA_CLONED),
    ReplicaDrained: (403, CODE_REPLICA_DRAINED),
    ReplicaRevoked: (403, CODE_REPLICA_REVOKED),
    ProtocolTooOld: (426, "protocol_too_old"),
    ProtocolTooNew: (426, "protocol_too_new"),
    FieldAppError: (500, "server_failed"),
}


class Trouble(Shape, frozen=True, kw_only=True):
    """A refused request: a code for the device, three Korean sentences for the worker.

    incarnation: with `replica_cloned`, the one that the server knows; the next is free.
    """

    code: str
    happened: str
    safe: str
    next: str
    incarnation: int | None = None


def json_reply(value: object, status: int = 200) -> Response:
    """A shape as JSON."""
    return Response(encode(value), status_code=status, media_type=JSON)


def trouble_reply(error: FieldAppError) -> Response:
    """An error raised on purpose."""
    status, code = next(_CODES[kind] for kind in type(error).__mro__ if kind in _CODES)
    reply = _reply(status, code, error)
    if status == 426:
        # RFC 9110 §15.5.22 asks for Upgrade; the range is what the device reads.
        reply.headers["Upgrade"] = "fieldapp-sync"
        reply.headers[PROTOCOL_HEADER] = str(OURS)
    return reply


def plain_trouble(status: int, code: str) -> Response:
    """A refusal that has no error class: no such door, no such method."""
    return _reply(status, code, ExchangeTrouble())


class Crashes:
    """ASGI middleware: whatever nobody expected ends here, in a reply and one log line.

    Not an exception handler: that one lets the error go on to uvicorn, which logs its text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer for what comes back as an error."""
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            # A line that broke is the device's to begin again, and no defect of ours.
            return
        except Exception as error:  # noqa: BLE001 - the last place before the log
            reply = crash_reply(error)
            if scope["type"] == "http" and not has_begun:
                await reply(scope, receive, send)


def crash_reply(error: Exception) -> Response:
    """A defect of ours, or a database that cannot answer now (503: come again)."""
    is_busy = isinstance(error, psycopg.OperationalError | PoolTimeout)
    log.error("%s", described(error))
    if is_busy:
        reply = _reply(503, "busy", ExchangeTrouble())
        reply.headers["Retry-After"] = "5"
        return reply
    return _reply(500, "server_failed", ExchangeTrouble())


def described(error: BaseException) -> str:
    """Class, SQLSTATE and places of an error; its text may quote what somebody wrote."""
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__} sqlstate={state} at {places}"


def _reply(status: int, code: str, error: FieldAppError) -> Response:
    message = message_for(error)
    incarnation = error.facts.get("incarnation")
    return json_reply(
        Trouble(
            code=code,
            happened=message.happened,
            safe=message.safe,
            next=message.next,
            incarnation=incarnation if isinstance(incarnation, int) else None,
        ),
        status,
    )
