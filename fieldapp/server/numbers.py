"""Official numbers (F9) across a restore: what laptops know is kept for the entities that have it.

A number that was drawn after the backup is on paper already. While the server is being refilled,
each laptop tells the numbers it knows before it brings anything (`domain.numbers`); they stand
reserved, the counters go beyond them, and `entity_rows.next_number` gives them out again.
"""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from fieldapp.domain.numbers import NumbersReply, NumbersRequest
from fieldapp.server.asking import doors_of, in_thread, replica_of
from fieldapp.server.bodies import body_from
from fieldapp.server.database import Pool, life_of, transaction_of
from fieldapp.server.entity_rows import HIGHEST
from fieldapp.server.openapi import door
from fieldapp.server.replies import json_reply
from fieldapp.server.rows import as_rows
from fieldapp.server.sessions import Account, speaker
from fieldapp.sync import protocol

# Nobody draws more after a backup, and a laptop gone wild moves no counter to the moon.
_FURTHEST = 10_000

# A number that another entity has, or is kept for, was drawn twice: whoever told first keeps it.
_KEEP = f"""
    insert into fieldapp.known_number (list, id, scope, year, count)
    select s.list, s.id, s.scope, s.year, s.count
    from json_to_recordset(%(numbers)s::json) as s (
        list text, id uuid, scope text, year integer, count bigint
    )
    left join fieldapp.number_counter c
        on c.scope = s.scope and c.list = s.list and c.year = s.year
    where s.scope = any(%(scopes)s) and s.count <= coalesce(c.last, 0) + {_FURTHEST}
        and not exists (
            select from fieldapp.entity e
            where e.scope = s.scope and e.list = s.list
                and e.doc -> 'props' ->> 'no' = s.year || '-' || s.count)
    order by s.list, s.scope, s.year, s.count
    on conflict do nothing
"""  # noqa: S608 - a constant
_REACH = f"""
    insert into fieldapp.number_counter as c (scope, list, year, last)
    select k.scope, k.list, k.year, greatest(max(k.count), (
        select {HIGHEST}
        from fieldapp.entity e
        where e.scope = k.scope and e.list = k.list
            and e.doc -> 'props' ->> 'no' like k.year || '-%%'))
    from fieldapp.known_number k where k.scope = any(%(scopes)s)
    group by k.scope, k.list, k.year order by k.scope, k.list, k.year
    on conflict (scope, list, year) do update set last = greatest(c.last, excluded.last)
"""  # noqa: S608 - a constant


def keep_numbers(pool: Pool, account: Account, request: NumbersRequest) -> NumbersReply:
    """Keep what is told for its entities; n deliveries have the effect of one.

    Nothing unless this server is being refilled: otherwise its own word counts.
    Raises MembershipMissing.
    """
    with transaction_of(pool, account.id) as connection:
        asker = speaker(connection, request.replica)
        if not life_of(connection).is_refilling:
            return NumbersReply(kept=0)
        numbers = []
        for known in request.numbers:
            year, _, count = known.number.partition("-")
            numbers.append(
                {
                    "list": known.list,
                    "id": known.id,
                    "scope": known.scope,
                    "year": int(year),
                    "count": int(count),
                }
            )
        asked = {"numbers": as_rows(numbers), "scopes": sorted(asker.scopes)}
        kept = connection.execute(_KEEP, asked).rowcount
        connection.execute(_REACH, asked)
    return NumbersReply(kept=kept)


def add_numbers_door(app: FastAPI) -> None:
    """`POST /sync/v1/numbers`."""

    @app.post(
        protocol.NUMBERS,
        openapi_extra=door(
            takes=NumbersRequest,
            gives=NumbersReply,
            troubles=(400, 401, 403, 413, 426),
            replica=True,
        ),
    )
    async def numbers_door(request: Request) -> Response:
        """Official numbers that a replica knows, while a restored server is being refilled."""
        doors = doors_of(request)
        account, replica = await doors.sync_account(request), replica_of(request)
        asked = await body_from(replica, request, NumbersRequest)
        return json_reply(await in_thread(lambda: keep_numbers(doors.pool, account, asked)))
