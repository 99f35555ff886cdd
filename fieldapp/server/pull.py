"""Pull: what changed in the scopes of the one who asks, in order, as of one instant.

A cursor is the scope's counter at the last row returned, under the epoch it was counted in; to
whoever carries it, it is opaque. One of another epoch, or one that cannot be read, starts again:
a device skips revisions it knows, so starting again costs time and nothing else.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from fieldapp import failpoints
from fieldapp.domain.exchange import PulledRow, PullRequest
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.shapes import encode
from fieldapp.server.database import Connection, Pool, epoch_of, transaction_of
from fieldapp.server.sessions import Account, speaker

#: Rows fetched at once: few enough that large documents do not fill memory.
_FETCH_ROWS = 100

_ROWS = """
    select c.scope_seq, c.change, c.object_id::text, c.rev, r.rev, r.hash, r.doc, k.doc
    from fieldapp.change_row c
    -- On the scope as well as the id: a record that has left must not show its new contents here.
    left join fieldapp.record r
        on c.change = 'put' and r.id = c.object_id and r.scope = c.scope
    left join fieldapp.conflict k
        on c.change = 'conflict' and k.id = c.conflict and k.scope = c.scope
    where c.scope = %s and c.scope_seq > %s
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
            with connection.cursor(name="changes") as cursor:
                cursor.itersize = _FETCH_ROWS
                for row in cursor.execute(_ROWS, [scope, seq]):
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


def _row(scope: str, row: tuple[Any, ...]) -> bytes | None:
    """The row on the wire; None when its record is no longer the scope's to see."""
    scope_seq, change, object_id, rev, record_rev, hash_, record_doc, conflict_doc = row
    doc = record_doc if change == "put" else conflict_doc if change == "conflict" else None
    if change in ("put", "conflict") and doc is None:
        return None
    return encode(
        PulledRow(
            scope=scope,
            scope_seq=scope_seq,
            change=change,
            object=ObjectRef(type="record", id=object_id),
            rev=record_rev if change == "put" else rev,
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
