"""Pull: what changed in the scopes of the one who asks, in order, as of one instant.

A cursor is the scope's counter at the last row returned, under the epoch it was counted in; to
whoever carries it, it is opaque. One of another epoch, or one that cannot be read, starts again:
a device skips revisions it knows, so starting again costs time and nothing else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from fieldapp import failpoints
from fieldapp.domain.exchange import ChangeKind, PulledRow, PullRequest
from fieldapp.domain.shapes import encode
from fieldapp.server.database import Connection, Pool, epoch_of, transaction_of
from fieldapp.server.rows import object_ref
from fieldapp.server.sessions import Account, receiver

#: Rows fetched at once: few enough that large documents do not fill memory.
_FETCH_ROWS = 200

# A few change rows first, then each one's document by its key: whatever the planner believes of the
# tables, it cannot come to read a whole scope for each row. Where its object is seen is compared
# afterwards, since what has left must not show its new contents here. Of an object that several
# scopes of the asker see, each gives what the one that may see most does: a revision has one form.
ROWS = """
    select c.scope_seq, c.change, c.object_id::text, c.list, c.rev,
        case when r.scope = c.scope or s.view = 'full' then r.doc end,
        case when r.scope = c.scope or s.view = 'full' then r.hash end,
        case when e.scope = c.scope or s.view = 'full' or e.scope = any(%(scopes)s) or f.seen
            then e.doc end,
        case when e.scope = c.scope or s.view = 'full' or e.scope = any(%(scopes)s) or f.seen
            then e.hash end,
        s.card, s.card_hash,
        case when k.scope = c.scope then k.doc end,
        coalesce(r.rev, e.rev)
    from (
        select * from fieldapp.change_row
        where scope = %(scope)s and scope_seq > %(after)s order by scope_seq limit %(limit)s
    ) c
    left join fieldapp.object_scope s on c.change = 'put' and s.object_id = c.object_id
        and s.list = coalesce(c.list, '') and s.scope = c.scope and s.until_rev is null
    left join fieldapp.record r on c.change = 'put' and c.list is null and r.id = c.object_id
    left join fieldapp.entity e on c.change = 'put' and e.list = c.list and e.id = c.object_id
        and (e.scope = c.scope or s.scope is not null)
    left join lateral (
        select true as seen from fieldapp.object_scope f
        where s.view = 'card' and f.object_id = c.object_id and f.list = c.list
            and f.scope = any(%(scopes)s) and f.view = 'full' and f.until_rev is null limit 1
    ) f on true
    left join fieldapp.conflict k on c.change = 'conflict' and k.id = c.conflict
    order by c.scope_seq
"""


@dataclass(frozen=True, slots=True)
class _Found:
    """A change row, with what it may show of its object."""

    scope_seq: int
    change: ChangeKind
    object_id: str
    list: str | None
    rev: int
    record: Any
    record_hash: str | None
    entity: Any
    entity_hash: str | None
    card: Any
    card_hash: str | None
    conflict: Any
    standing_rev: int | None

    def shown(self) -> tuple[Any, str | None, int]:
        """Document, its hash, and the revision it is of; no document when there is none to see."""
        if self.change != "put":
            return self.conflict, None, self.rev
        for doc, hash_ in ((self.record, self.record_hash), (self.entity, self.entity_hash)):
            if doc is not None:
                return doc, hash_, self.standing_rev or self.rev
        return self.card, self.card_hash, self.rev


class _Page(msgspec.Struct, frozen=True):
    """A `PullReply` whose rows are JSON already."""

    epoch: str
    rows: list[msgspec.Raw]
    cursors: dict[str, str]
    more: bool


def pull(pool: Pool, account: Account, replica: str, request: PullRequest) -> bytes:
    """One page as JSON of a `PullReply`: rows up to the budget in bytes, at least one if any.

    Raises MembershipMissing, ReplicaDrained, ReplicaRevoked.
    """
    with transaction_of(pool, account.id, snapshot=True) as connection:
        asker = receiver(connection, replica)
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
        seq = position(request.cursors.get(scope), epoch)
        if not more:
            for found in _rows(connection, scopes, scope, seq):
                pulled = _row(scope, found)
                if pulled is not None:
                    if rows and len(pulled) > left:
                        more = True
                        break
                    rows.append(msgspec.Raw(pulled))
                    left -= len(pulled)
                seq = found.scope_seq
        cursors[scope] = _cursor(epoch, seq)
    return _Page(epoch, rows, cursors, more)


def _rows(connection: Connection, scopes: list[str], scope: str, seq: int) -> Iterator[_Found]:
    """Every change of a scope after a number, in order; `scopes` are all those of the asker."""
    while True:
        found = connection.execute(
            ROWS, {"scopes": scopes, "scope": scope, "after": seq, "limit": _FETCH_ROWS}
        ).fetchall()
        for row in found:
            yield _Found(*row)
        if len(found) < _FETCH_ROWS:
            return
        seq = found[-1][0]


def _row(scope: str, found: _Found) -> bytes | None:
    """The row on the wire; None when its object is no longer the scope's to see."""
    doc, hash_, rev = found.shown()
    if found.change in ("put", "conflict") and doc is None:
        return None
    return encode(
        PulledRow(
            scope=scope,
            scope_seq=found.scope_seq,
            change=found.change,
            object=object_ref(found.object_id, found.list),
            rev=rev,
            hash=hash_,
            doc=doc,
        )
    )


def _cursor(epoch: str, seq: int) -> str:
    return base64.urlsafe_b64encode(f"{epoch}:{seq}".encode()).decode()


def position(cursor: str | None, epoch: str) -> int:
    """The number that a cursor stands at; 0 for one of another epoch, or that cannot be read."""
    try:
        of_epoch, _, seq = base64.urlsafe_b64decode((cursor or "").encode()).decode().partition(":")
        return max(int(seq), 0) if of_epoch == epoch and len(seq) < 19 else 0
    except (binascii.Error, ValueError):
        return 0
