"""The doors by which devices bring their 접속기록."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from fieldapp.domain.log_upload import (
    CheckpointsReply,
    CheckpointsRequest,
    LogReply,
    LogRequest,
)
from fieldapp.server.access_log import take_log
from fieldapp.server.asking import doors_of, in_thread, replica_of
from fieldapp.server.bodies import body_from
from fieldapp.server.log_checkpoints import take_checkpoints
from fieldapp.server.openapi import door
from fieldapp.server.replies import json_reply
from fieldapp.sync import protocol


def add_log_doors(app: FastAPI) -> None:
    """`POST /sync/v1/log` and `/sync/v1/log/checkpoints`."""

    @app.post(
        protocol.LOG,
        openapi_extra=door(
            takes=LogRequest, gives=LogReply, troubles=(400, 401, 403, 413, 426), replica=True
        ),
    )
    async def log_door(request: Request) -> Response:
        """Lines of a replica's access log, and up to where they stand here."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = await body_from(replica, request, LogRequest)
        return json_reply(await in_thread(lambda: take_log(doors.pool, account, asked)))

    @app.post(
        protocol.LOG_CHECKPOINTS,
        openapi_extra=door(
            takes=CheckpointsRequest,
            gives=CheckpointsReply,
            troubles=(400, 401, 403, 413, 426),
            replica=True,
        ),
    )
    async def checkpoints_door(request: Request) -> Response:
        """What a replica signed of its access log, and up to where it stands here."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = await body_from(replica, request, CheckpointsRequest)
        return json_reply(await in_thread(lambda: take_checkpoints(doors.pool, account, asked)))
