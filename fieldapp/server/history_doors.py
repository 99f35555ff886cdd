"""The door to a record's older revisions."""

from __future__ import annotations

import re

from fastapi import FastAPI, Request, Response

from fieldapp.domain.history import HistoryReply
from fieldapp.errors import MalformedMessage
from fieldapp.server.asking import doors_of, id_of, in_thread, replica_of
from fieldapp.server.history import history
from fieldapp.server.openapi import door
from fieldapp.server.replies import JSON
from fieldapp.sync import protocol


def add_history_doors(app: FastAPI) -> None:
    """`GET /sync/v1/history/{record}`."""

    @app.get(
        protocol.HISTORY + "/{record}",
        openapi_extra=door(gives=HistoryReply, troubles=(400, 401, 403, 404, 426), replica=True),
    )
    async def history_door(request: Request, record: str, before: str = "") -> Response:
        """Revisions of a record below `before`, newest first, with what each changed."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        of, below = id_of(record, "record"), _revision(before)
        page = await in_thread(lambda: history(doors.pool, account, replica, of, below))
        return Response(page, media_type=JSON)


def _revision(text: str) -> int | None:
    """A revision in an address, None for none. Raises MalformedMessage."""
    if not re.fullmatch(r"(?:[1-9][0-9]{0,14})?", text, re.ASCII):
        raise MalformedMessage(shape="request", place="before", reason="not a revision")
    return int(text) if text else None
