"""The door that says who sees an entity: told to whoever belongs to its home, and to nobody else.

Shares are no part of a document: whom a household is shared with is nothing to those who see it.
"""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from fieldapp.domain.exchange import SeenBy, SightsReply
from fieldapp.errors import EntityMissing, MalformedMessage
from fieldapp.server.asking import doors_of, id_of, in_thread, replica_of
from fieldapp.server.database import Pool, transaction_of
from fieldapp.server.openapi import door
from fieldapp.server.replies import json_reply
from fieldapp.server.sessions import Account, receiver
from fieldapp.sync import protocol


def sights_of(
    pool: Pool, account: Account, replica: str, list_name: str, entity_id: str
) -> SightsReply:
    """Where an entity is at home, and who sees it beside.

    Raises EntityMissing for one whose home this account does not belong to, MembershipMissing,
    ReplicaDrained.
    """
    with transaction_of(pool, account.id, snapshot=True) as connection:
        asker = receiver(connection, replica)
        row = connection.execute(
            "select rev, scope from fieldapp.entity where list = %s and id = %s",
            [list_name, entity_id],
        ).fetchone()
        if row is None or row[1] not in asker.scopes:
            raise EntityMissing(list=list_name, entity_id=entity_id)
        seen_by = connection.execute(
            "select scope, view from fieldapp.seen_by(%s, %s)", [list_name, entity_id]
        ).fetchall()
    return SightsReply(
        list=list_name,
        id=entity_id,
        rev=row[0],
        home=row[1],
        seen_by=tuple(SeenBy(scope=scope, view=view) for scope, view in seen_by),
    )


def add_sights_door(app: FastAPI) -> None:
    """`GET /sync/v1/sights/{list}/{id}`."""

    @app.get(
        protocol.SIGHTS + "/{list_name}/{entity_id}",
        openapi_extra=door(gives=SightsReply, troubles=(400, 401, 403, 404, 426), replica=True),
    )
    async def sights_door(request: Request, list_name: str, entity_id: str) -> Response:
        """Who sees an entity, for members of its home scope."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = id_of(entity_id, "id")
        if "\0" in list_name:
            raise MalformedMessage(shape="request", place="list", reason="not a name")
        return json_reply(
            await in_thread(lambda: sights_of(doors.pool, account, replica, list_name, asked))
        )
