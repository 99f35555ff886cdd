"""The app server: the doors of formats F11 over one pool of PostgreSQL connections.

A door reads its body on the event loop, bounded and strict, and does its work in a thread: the SQL
is plain synchronous psycopg, the work between two statements is Python, and a thread a request is
the simplest thing that keeps other requests answered. Stateless: any number of these processes may
share one database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from fieldapp.clock import Clock, SystemClock
from fieldapp.domain.exchange import (
    Enrolled,
    Enrolment,
    Hello,
    PullReply,
    PullRequest,
    PushReply,
    PushRequest,
    Refresh,
    SignIn,
    Tokens,
)
from fieldapp.errors import FieldAppError
from fieldapp.server.asking import Doors, doors_of, in_thread, replica_of
from fieldapp.server.bodies import PackedReplies, body_from, body_of
from fieldapp.server.catalogue_doors import add_catalogue_doors
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.database import open_pool
from fieldapp.server.digest import add_digest_door
from fieldapp.server.file_doors import add_file_doors
from fieldapp.server.forms import Forms
from fieldapp.server.hello import greet
from fieldapp.server.history_doors import add_history_doors
from fieldapp.server.log_doors import add_log_doors
from fieldapp.server.migrations import known_version
from fieldapp.server.numbers import add_numbers_door
from fieldapp.server.openapi import Health, describe, door
from fieldapp.server.pull import pull
from fieldapp.server.push import push
from fieldapp.server.replies import JSON, Crashes, json_reply, plain_trouble, trouble_reply
from fieldapp.server.sessions import Sessions
from fieldapp.server.sights import add_sights_door
from fieldapp.sync import protocol


def create_app(settings: ServerSettings, clock: Clock | None = None) -> FastAPI:
    """The application, its connections opened and its packs read; it closes them when it stops.

    Raises DatabaseUnreachable, SchemaTooOld, PackRefused.
    """
    at = clock or SystemClock()
    pool = open_pool(settings)
    try:
        forms = Forms.load(settings.packs_dir, at).refreshed(pool)
        doors = Doors(settings, pool, Sessions(pool, settings), forms, at)
    except BaseException:
        pool.close()
        raise

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await run_in_threadpool(pool.close)

    app = FastAPI(title="fieldapp", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.doors = doors
    _add_account_doors(app)
    _add_sync_doors(app)
    add_history_doors(app)
    add_digest_door(app)
    add_file_doors(app)
    add_log_doors(app)
    add_numbers_door(app)
    add_catalogue_doors(app)
    add_sights_door(app)
    describe(app)
    app.exception_handler(FieldAppError)(_trouble)
    app.exception_handler(HTTPException)(_no_such_door)
    app.add_middleware(PackedReplies)
    app.add_middleware(Crashes)
    return app


def _trouble(_request: Request, error: Exception) -> Response:
    if not isinstance(error, FieldAppError):
        raise error
    return trouble_reply(error)


def _no_such_door(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return plain_trouble(error.status_code, "no_such_door")


def _add_account_doors(app: FastAPI) -> None:
    @app.get("/health", openapi_extra=door(gives=Health))
    async def health(request: Request) -> Response:
        """Whether this process and its database answer."""
        doors = doors_of(request)

        def ask() -> None:
            with doors.pool.connection() as connection:
                connection.execute("select 1")

        await in_thread(ask)
        return json_reply(Health("ok", known_version()))

    @app.post(
        protocol.SIGN_IN, openapi_extra=door(takes=SignIn, gives=Tokens, troubles=(400, 401, 413))
    )
    async def sign_in(request: Request) -> Response:
        """Tokens for the server password."""
        doors, asked = doors_of(request), await body_of(request, SignIn)
        return json_reply(await in_thread(lambda: doors.sessions.sign_in(asked, doors.clock.now())))

    @app.post(
        protocol.REFRESH, openapi_extra=door(takes=Refresh, gives=Tokens, troubles=(400, 401, 413))
    )
    async def refresh(request: Request) -> Response:
        """New tokens for a refresh token."""
        doors, asked = doors_of(request), await body_of(request, Refresh)
        return json_reply(
            await in_thread(lambda: doors.sessions.refresh(asked.refresh, doors.clock.now()))
        )

    @app.post(
        protocol.ENROLL,
        openapi_extra=door(takes=Enrolment, gives=Enrolled, troubles=(400, 401, 403, 413)),
    )
    async def enroll(request: Request) -> Response:
        """A name for a new replica, for a one-time code and its public key."""
        doors = doors_of(request)
        account = await doors.account(request)
        asked = await body_of(request, Enrolment)
        return json_reply(
            await in_thread(lambda: doors.sessions.enrol(account, asked, doors.clock.now()))
        )


def _add_sync_doors(app: FastAPI) -> None:
    @app.get(
        protocol.HELLO,
        openapi_extra=door(gives=Hello, troubles=(400, 401, 403, 426), replica=True),
    )
    async def hello(request: Request) -> Response:
        """What the server speaks, its time, and what this replica may hold."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        return json_reply(
            await in_thread(
                lambda: greet(doors.pool, doors.forms, account, replica, doors.clock.now())
            )
        )

    @app.post(
        protocol.PUSH,
        openapi_extra=door(
            takes=PushRequest,
            gives=PushReply,
            troubles=(400, 401, 403, 409, 413, 426),
            replica=True,
        ),
    )
    async def push_door(request: Request) -> Response:
        """Operations of one replica, each with its receipt."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        batch = await body_from(replica, request, PushRequest)
        return json_reply(
            await in_thread(
                lambda: push(
                    doors.pool,
                    doors.forms.refreshed(doors.pool),
                    account,
                    batch,
                    doors.clock.now(),
                )
            )
        )

    @app.post(
        protocol.PULL,
        openapi_extra=door(
            takes=PullRequest, gives=PullReply, troubles=(400, 401, 403, 413, 426), replica=True
        ),
    )
    async def pull_door(request: Request) -> Response:
        """One page of what changed in the scopes of this replica."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = await body_of(request, PullRequest)
        page = await in_thread(lambda: pull(doors.pool, account, replica, asked))
        return Response(page, media_type=JSON)
