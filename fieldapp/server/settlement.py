"""What survives the loss of the database: a mark before a backup, settlement after it, and the new
life that a restore begins.

A laptop keeps what was acknowledged until it has settled (F3): until a restore of the newest good
backup would bring it back. So nothing settles by time, nor by what stands when the backup ends:
`mark` before it begins, and `settle` that mark once it is known to be good.

Works as the owner of the tables, from the command line, never inside the app server.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import psycopg

from fieldapp.domain.ids import UUID_PATTERN
from fieldapp.errors import UnknownMark

# Up to a held operation and no further: when it is judged one day, the backup has it as held still.
_REACHED = """
    select r.id::text, r.incarnation, least(r.applied_seq, (
        select min(o.seq) - 1 from fieldapp.op_receipt o
        where o.replica = r.id and o.incarnation = r.incarnation
        and o.result ->> 'status' = 'held'))
    from fieldapp.replica r
    where r.account = %s and exists (select from fieldapp.membership m where m.account = r.account)
"""
_SETTLE = """
    update fieldapp.replica r set settled_seq = s.seq
    from fieldapp.settlement_mark m,
        jsonb_to_recordset(m.seqs) as s (replica uuid, incarnation bigint, seq bigint)
    where m.id = %s and r.id = s.replica and r.incarnation = s.incarnation
    and r.settled_seq < s.seq
"""


def mark(owner: psycopg.Connection) -> str:
    """Note how far the operations of every replica have come; returns the mark's name.

    The transaction must have ended before the backup begins. Whatever it counts was committed, so
    that a backup which begins afterwards holds it.
    """
    reached: list[dict[str, Any]] = []
    for (account,) in owner.execute("select distinct account from fieldapp.replica").fetchall():
        # Receipts are shown to nobody but their account, the owner of the tables included.
        owner.execute("select set_config('app.user', %s, true)", [account])
        for replica, incarnation, seq in owner.execute(_REACHED, [account]):
            reached.append({"replica": replica, "incarnation": incarnation, "seq": seq})
    row = owner.execute(
        "insert into fieldapp.settlement_mark (seqs) values (%s::jsonb) returning id::text",
        [msgspec.json.encode(reached).decode()],
    ).fetchone()
    if row is None:
        raise LookupError("a mark without a name")
    return str(row[0])


def settle(owner: psycopg.Connection, marked: str) -> int:
    """The backup that began after this mark is good: what stood at the mark has settled.

    Returns for how many replicas something settled. Raises UnknownMark, also for a mark older than
    one that settled before.
    """
    if not re.fullmatch(UUID_PATTERN, marked):
        raise UnknownMark
    found = owner.execute(
        "select taken_at from fieldapp.settlement_mark where id = %s for update", [marked]
    ).fetchone()
    if found is None:
        raise UnknownMark
    settled = owner.execute(_SETTLE, [marked]).rowcount
    owner.execute("delete from fieldapp.settlement_mark where taken_at <= %s", [found[0]])
    return settled


def begin_life(owner: psycopg.Connection) -> str:
    """This database was restored from a backup: another epoch, in which nothing has settled.

    Every laptop then reads all its scopes again and offers again whatever of its own it still has;
    receipts make that harmless. Until `end_refill`, who changes what is not here yet waits for
    whoever made it. Returns the epoch. To be called before an app server answers again.
    """
    owner.execute("update fieldapp.replica set settled_seq = 0")
    owner.execute("delete from fieldapp.settlement_mark")
    owner.execute("truncate fieldapp.known_number")
    row = owner.execute(
        "update fieldapp.server_meta set epoch = gen_random_uuid(), refilling = true"
        " returning epoch::text"
    ).fetchone()
    if row is None:
        raise LookupError("a database without server_meta")
    return str(row[0])


def end_refill(owner: psycopg.Connection) -> None:
    """Every laptop has been back: what is not here by now, nobody is going to bring."""
    owner.execute("update fieldapp.server_meta set refilling = false")
