"""Pull: what changed in the scopes of the one who asks, in order, as of one instant.

A cursor is the scope's counter at the last row returned, under the epoch it was counted in; to
whoever carries it, it is opaque. One of another epoch, or one that cannot be read, starts again:
a device skips revisions it knows, so starting again costs time and nothing else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

import msgspec

from fieldapp import failpoints
from fieldapp.domain.exchange import PulledRow, PullRequest
from fieldapp.domain.shapes import encode
from fieldapp.server.database import Connection, Pool, epoch_of, transaction_of
from fieldapp.server.rows import object_ref
from fieldapp.server.sessions import Account, speaker

#: Rows fetched at once: few enough that large documents do not fill memory.
_FETCH_ROWS = 200

# A few change rows first, then each one's document by its key: whatever the planner believes of the
# tables, it cannot come to read a whole scope for each row. The scope is compared afterwards, since
# what has left must not show its new contents here.
_ROWS = """
    select c.scope_seq, c.change, c.object_id::text, c.list, c.rev,
        case when r.scope = c.scope then r.rev when e.scope = c.scope then e.rev end,
        case when r.scope = c.scope then r.hash when e.scope = c.scope then e.hash end,
        case when r.scope = c.scope then r.doc when e.scope = c.scope then e.doc
            when k.scope = c.scope then k.doc end
    from (
        select * from fieldapp.change_row
        where scope = %s and scope_seq > %s order by scope_seq limit %s
    ) c
    left join fieldapp.record r on c.change = 'put' and c.list is null and r.id = c.object_id
    left join fieldapp.entity e on c.change = 'put' and e.list = c.list and e.id = c.object_id
    left join fieldapp.conflict k on c.change = 'conflict' and k.id = c.conflict
    order by c.scope_seq
"""


class _Page(msgspec.Struct, frozen=True):
    """A `PullReply` whose rows are JSON already."""

    epoch: str
    rows: list[msgspec.Raw]
    cursors: dict[str, str]
    more: bool


def pull(pool: Pool, account: Account, replica: str, request: PullRequest) -> bytes:
    """One page as JSON of a `PullReply`: rows up to the budget in bytes, at least one if any.

    Raises MembershipMissing.
    """
    with transaction_of(pool, account.id, snapshot=True) as connection:
        asker = speaker(connection, replica)
        page = _page(connection, sorted(asker.scopes), request)
    failpoints.reach("pull.before_reply")
    return encode(page)


def _page(connection: Connection, scopes: list[str], request: PullRequest) -> _Page:
    epoch = epoch_of(connection)
    rows: list[msgspec.Raw] = []
    cursors: dict[str, str] = {}
    left = request.budget
    more = False
    for scope in scopes:
        seq = _position(request.cursors.get(scope), epoch)
        if not more:
            for row in _rows(connection, scope, seq):
                pulled = _row(scope, row)
                if pulled is not None:
                    if rows and len(pulled) > left:
                        more = True
                        break
                    rows.append(msgspec.Raw(pulled))
                    left -= len(pulled)
                seq = row[0]
        cursors[scope] = _cursor(epoch, seq)
    return _Page(epoch, rows, cursors, more)


def _rows(connection: Connection, scope: str, seq: int) -> Iterator[tuple[Any, ...]]:
    """Every change of a scope after a number, in order."""
    while True:
        found = connection.execute(_ROWS, [scope, seq, _FETCH_ROWS]).fetchall()
        yield from found
        if len(found) < _FETCH_ROWS:
            return
        seq = found[-1][0]


def _row(scope: str, row: tuple[Any, ...]) -> bytes | None:
    """The row on the wire; None when its object is no longer the scope's to see."""
    scope_seq, change, object_id, list_name, changed_rev, standing_rev, hash_, doc = row
    if change in ("put", "conflict") and doc is None:
        return None
    return encode(
        PulledRow(
            scope=scope,
            scope_seq=scope_seq,
            change=change,
            object=object_ref(object_id, list_name),
            rev=standing_rev if change == "put" else changed_rev,
            hash=hash_,
            doc=doc,
        )
    )


def _cursor(epoch: str, seq: int) -> str:
    return base64.urlsafe_b64encode(f"{epoch}:{seq}".encode()).decode()


def _position(cursor: str | None, epoch: str) -> int:
    try:
        of_epoch, _, seq = base64.urlsafe_b64decode((cursor or "").encode()).decode().partition(":")
        return max(int(seq), 0) if of_epoch == epoch and len(seq) < 19 else 0
    except (binascii.Error, ValueError):
        return 0
