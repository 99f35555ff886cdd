"""The OpenAPI document with the real shapes: what the doors read and write, not what they claim."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from fieldapp.domain.catalogue import CatalogueReply
from fieldapp.domain.exchange import (
    DigestReply,
    DigestRequest,
    Enrolled,
    Enrolment,
    Hello,
    PullReply,
    PullRequest,
    PushReply,
    PushRequest,
    Refresh,
    SightsReply,
    SignIn,
    Tokens,
    UploadState,
)
from fieldapp.domain.history import HistoryReply
from fieldapp.domain.log_upload import (
    CheckpointsReply,
    CheckpointsRequest,
    LogReply,
    LogRequest,
)
from fieldapp.domain.numbers import NumbersReply, NumbersRequest
from fieldapp.server.replies import JSON, Trouble
from fieldapp.sync.protocol import PROTOCOL_HEADER, REPLICA_HEADER

_TEMPLATE = "#/components/schemas/{name}"


class Health(msgspec.Struct, frozen=True):
    """`GET /health`: the database answers."""

    status: str
    schema: int


SHAPES = (
    SignIn, Tokens, Refresh, Enrolment, Enrolled, Hello, PushRequest, PushReply,
    CatalogueReply, PullRequest, PullReply, DigestRequest, DigestReply, HistoryReply, SightsReply,
    UploadState, LogRequest, LogReply, CheckpointsRequest, CheckpointsReply, NumbersRequest,
    NumbersReply, Trouble, Health,
)  # fmt: skip


def door(
    *, takes: type | None = None, gives: type, troubles: tuple[int, ...] = (), replica: bool = False
) -> dict[str, Any]:
    """`openapi_extra` of a door: its body, its reply, how it refuses, the headers it wants."""
    extra: dict[str, Any] = {
        "responses": {
            "200": {"description": gives.__name__, "content": _content(gives)},
            **{
                str(status): {"description": "Trouble", "content": _content(Trouble)}
                for status in (*troubles, 500, 503)
            },
        }
    }
    if takes is not None:
        extra["requestBody"] = {"required": True, "content": _content(takes)}
    if replica:
        extra["parameters"] = [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in (PROTOCOL_HEADER, REPLICA_HEADER)
        ]
        extra["security"] = [{"bearer": []}]
    return extra


def describe(app: FastAPI) -> None:
    """Make the app's document carry the components of every shape."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, routes=app.routes)
            _, components = msgspec.json.schema_components(SHAPES, ref_template=_TEMPLATE)
            for methods in found["paths"].values():
                for operation in methods.values():
                    # The framework's guess for what an address holds; we refuse that with 400.
                    operation["responses"].pop("422", None)
            found["components"] = {
                "schemas": components,
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            }
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _content(shape: type) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": _TEMPLATE.format(name=shape.__name__)}}}
