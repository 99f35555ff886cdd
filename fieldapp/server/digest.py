"""The digest door: one hash for all that a scope shows a replica (`domain.digest`).

It is only said of a scope in which nothing has changed since the replica's cursor: of any other the
hashes would differ, and nothing would be amiss.
"""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from fieldapp.domain.exchange import DigestReply, DigestRequest
from fieldapp.server.asking import doors_of, in_thread, replica_of
from fieldapp.server.bodies import body_of
from fieldapp.server.database import Connection, Pool, epoch_of, transaction_of
from fieldapp.server.openapi import door
from fieldapp.server.pull import ROWS, position
from fieldapp.server.replies import json_reply
from fieldapp.server.sessions import Account, receiver
from fieldapp.sync import protocol

# Over the rows of a pull themselves, so that both show the same: hashed where they are, and no
# document is read.
_DIGEST = f"""
    select encode(sha256(convert_to(
        coalesce(string_agg(line, E'\\n' order by line collate "C"), ''), 'UTF8')), 'hex')
    from (
        select case
            when change = 'put' and record is not null
                then 'put /' || id || ' ' || standing_rev || ' ' || record_hash
            when change = 'put' and entity is not null
                then 'put ' || list || '/' || id || ' ' || standing_rev || ' ' || entity_hash
            when change = 'put' and card is not null
                then 'put ' || list || '/' || id || ' ' || rev || ' ' || card_hash
            when change = 'conflict' and conflict is not null
                then 'conflict ' || coalesce(list, '') || '/' || (conflict ->> 'id') || ' ' || rev
                    || case when jsonb_exists(conflict, 'decided_by') then ' 1' else ' 0' end
        end as line
        from ({ROWS}) as shown (
            scope_seq, change, id, list, rev, record, record_hash, entity, entity_hash,
            card, card_hash, conflict, standing_rev)
    ) lines
"""  # noqa: S608 - constants
_HAS_MOVED_ON = (
    "select exists (select from fieldapp.change_row where scope = %s and scope_seq > %s)"
)


def digests(pool: Pool, account: Account, replica: str, request: DigestRequest) -> DigestReply:
    """The digest of each scope that this replica may see and has read to its end.

    Raises MembershipMissing, ReplicaDrained, ReplicaRevoked.
    """
    with transaction_of(pool, account.id, snapshot=True) as connection:
        asker = receiver(connection, replica)
        epoch = epoch_of(connection)
        scopes = sorted(asker.scopes)
        return DigestReply(
            epoch=epoch,
            digests={
                scope: _digest(connection, scopes, scope)
                for scope in sorted(asker.scopes & request.cursors.keys())
                if _is_at_end(connection, scope, position(request.cursors[scope], epoch))
            },
        )


def add_digest_door(app: FastAPI) -> None:
    """`POST /sync/v1/digest`."""

    @app.post(
        protocol.DIGEST,
        openapi_extra=door(
            takes=DigestRequest,
            gives=DigestReply,
            troubles=(400, 401, 403, 413, 426),
            replica=True,
        ),
    )
    async def digest_door(request: Request) -> Response:
        """What this replica has, by scope, if it has everything."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = await body_of(request, DigestRequest)
        return json_reply(await in_thread(lambda: digests(doors.pool, account, replica, asked)))


def _is_at_end(connection: Connection, scope: str, seq: int) -> bool:
    row = connection.execute(_HAS_MOVED_ON, [scope, seq]).fetchone()
    return row is not None and not row[0]


def _digest(connection: Connection, scopes: list[str], scope: str) -> str:
    row = connection.execute(
        _DIGEST, {"scopes": scopes, "scope": scope, "after": 0, "limit": None}
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate without a row")
    return str(row[0])
