"""History: every revision of a record that the asker may see, with what each changed.

The database decides what that is: no query here names a scope. Somebody who may not see the record
as it stands sees none of its revisions, and is told no more than of a record that never was.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import msgspec

from fieldapp.domain.history import PastRevision
from fieldapp.domain.operation import PatchLine, changed_answers
from fieldapp.domain.shapes import encode
from fieldapp.errors import RecordMissing
from fieldapp.server.database import Connection, Pool, epoch_of, transaction_of
from fieldapp.server.sessions import Account, receiver
from fieldapp.sync.protocol import HISTORY_MAX_REVISIONS, PULL_BUDGET_BYTES

_SUBJECT = "@subject"

# Version rows alone would show what a record was to somebody who has lost sight of it.
_REVISIONS = """
    select v.rev, v.author, v.at, v.state, v.reason, v.paths,
        v.doc -> 'answers', v.doc -> 'subject'
    from fieldapp.record_version v
    where v.record = %(record)s and (%(before)s::bigint is null or v.rev < %(before)s)
        and exists (select from fieldapp.record r where r.id = v.record)
    order by v.rev desc limit %(limit)s
"""


class _Page(msgspec.Struct, frozen=True):
    """A `HistoryReply` whose revisions are JSON already."""

    epoch: str
    record: str
    revisions: list[msgspec.Raw]
    more: bool


def history(pool: Pool, account: Account, replica: str, record: str, before: int | None) -> bytes:
    """One page as JSON of a `HistoryReply`: revisions below `before`, or all there are.

    Raises MembershipMissing, ReplicaDrained; RecordMissing for a record that this account may not
    see.
    """
    with transaction_of(pool, account.id, snapshot=True) as connection:
        receiver(connection, replica)
        page = _page(connection, record, before)
    return encode(page)


def _page(connection: Connection, record: str, before: int | None) -> _Page:
    # One row more than is sent: what the last one changed is told by the one before it.
    rows = connection.execute(
        _REVISIONS, {"record": record, "before": before, "limit": HISTORY_MAX_REVISIONS + 1}
    ).fetchall()
    if not rows and not _is_seen(connection, record):
        raise RecordMissing(record_id=record)
    revisions: list[msgspec.Raw] = []
    left = PULL_BUDGET_BYTES
    for row, earlier in zip_longest(rows, rows[1:]):
        revision = encode(_revision(row, earlier))
        if len(revisions) == HISTORY_MAX_REVISIONS or (revisions and len(revision) > left):
            break
        revisions.append(msgspec.Raw(revision))
        left -= len(revision)
    return _Page(epoch_of(connection), record, revisions, len(revisions) < len(rows))


def _is_seen(connection: Connection, record: str) -> bool:
    found = connection.execute("select 1 from fieldapp.record where id = %s", [record]).fetchone()
    return found is not None


def _revision(row: tuple[Any, ...], earlier: tuple[Any, ...] | None) -> PastRevision:
    rev, who, when, state, reason, paths, answers, subject = row
    lines: tuple[PatchLine, ...] | None = None
    if rev == 1:
        lines = _lines({}, None, answers, subject)
    elif earlier is not None and earlier[0] == rev - 1:
        lines = _lines(earlier[6], earlier[7], answers, subject)
    return PastRevision(
        rev=rev, who=who, when=when, state=state, reason=reason, paths=tuple(paths), lines=lines
    )


def _lines(
    old: dict[str, str],
    old_subject: dict[str, str] | None,
    new: dict[str, str],
    new_subject: dict[str, str] | None,
) -> tuple[PatchLine, ...]:
    was, now = _reference(old_subject), _reference(new_subject)
    moved = (PatchLine(path=_SUBJECT, old=was, new=now),) if was != now else ()
    return (*moved, *changed_answers(old, new))


def _reference(subject: dict[str, str] | None) -> str | None:
    return f"{subject['list']}/{subject['id']}" if subject else None
