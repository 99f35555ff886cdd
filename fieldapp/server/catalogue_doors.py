"""The doors of the catalogue: what is offered, and the bytes of one version by Range."""

from __future__ import annotations

from typing import Any, cast

from fastapi import FastAPI, Request, Response

from fieldapp.domain.catalogue import CatalogueKind, CatalogueReply
from fieldapp.server.asking import doors_of, id_of, in_thread, replica_of
from fieldapp.server.catalogue import ItemName, catalogue_for, content_for, piece_for
from fieldapp.server.openapi import door
from fieldapp.server.ranges import span_of
from fieldapp.server.replies import json_reply, plain_trouble
from fieldapp.sync import protocol


def add_catalogue_doors(app: FastAPI) -> None:
    """`GET /sync/v1/catalogue` and `…/{kind}/{id}/{version}`."""

    @app.get(
        protocol.CATALOGUE,
        openapi_extra=door(gives=CatalogueReply, troubles=(400, 401, 403, 426), replica=True),
    )
    async def catalogue_door(request: Request, record: str = "") -> Response:
        """The versions that are offered here; or, for a record, the one it is written on."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = id_of(record, "record") if record else None
        return json_reply(
            await in_thread(lambda: catalogue_for(doors.pool, account, replica, asked))
        )

    @app.get(
        protocol.CATALOGUE + "/{kind}/{item}/{version:path}",
        openapi_extra=_described(200, 206, 304, 400, 401, 403, 404, 416, 426),
    )
    async def item_door(
        request: Request, kind: str, item: str, version: str, record: str = ""
    ) -> Response:
        """A version, or a range of it; its name never comes to mean other bytes."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        if kind not in ("pack", "list") or "\x00" in item + version:
            return plain_trouble(404, "no_such_item")
        written_on = id_of(record, "record") if record else None
        name = ItemName(cast("CatalogueKind", kind), item, version, written_on)
        whole = await in_thread(lambda: content_for(doors.pool, account, replica, name))
        if whole is None:
            return plain_trouble(404, "no_such_item")
        headers = {
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-cache",
            "ETag": f'"{whole.sha256}"',
            "X-Content-Type-Options": "nosniff",
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        start, end = span_of(request.headers.get("range", ""), whole.size) or (0, whole.size)
        if start >= end:
            refusal = plain_trouble(416, "no_such_range")
            refusal.headers["Content-Range"] = f"bytes */{whole.size}"
            return refusal
        is_whole = (start, end) == (0, whole.size)
        if not is_whole:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{whole.size}"
        content = await in_thread(lambda: piece_for(doors.pool, account, name, start, end))
        return Response(
            content,
            status_code=200 if is_whole else 206,
            headers=headers,
            media_type="application/octet-stream",
        )


def _described(*statuses: int) -> dict[str, Any]:
    """`openapi_extra` of a door whose answer is bytes."""
    troubles = tuple(status for status in statuses if status >= 400)
    extra = door(gives=CatalogueReply, troubles=troubles, replica=True)
    extra["responses"] |= {
        str(status): {"description": "the bytes asked for, or none where they are known"}
        for status in statuses
        if status < 400
    }
    return extra
