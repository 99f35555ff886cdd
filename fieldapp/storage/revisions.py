"""Revisions of a record beyond its document: headers as they came, and what was asked for since.

A revision never changes within one life of the server, so what is here is here for good. Revisions
of another life do not compare: the first document of the new one takes them away.
"""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.domain.history import HistoryReply, PastRevision
from fieldapp.domain.shapes import decode, encode
from fieldapp.storage.sqlite import Database


def keep(db: Database, reply: HistoryReply) -> int:
    """Store fetched revisions over their headers; how many were stored.

    None of a record that this device does not hold from the same life of the server: it left, or
    the server was restored while the answer was on its way.
    """
    known = db.row("SELECT epoch FROM record WHERE id = ? AND rev > 0", (reply.record,))
    if known is None or known[0] != reply.epoch:
        return 0
    db.execute_many(
        "INSERT OR REPLACE INTO revision (record_id, rev, doc) VALUES (?, ?, ?)",
        [(reply.record, one.rev, encode(one).decode()) for one in reply.revisions],
    )
    return len(reply.revisions)


def of_record(db: Database, record_id: str) -> tuple[PastRevision, ...]:
    """What is known of a record's revisions, newest first; `lines` where they were fetched."""
    rows = db.rows("SELECT doc FROM revision WHERE record_id = ? ORDER BY rev DESC", (record_id,))
    return tuple(decode(PastRevision, doc) for (doc,) in rows)


def forget_other_life(db: Database, record_id: str, epoch: str) -> None:
    """Before a document of this life of the server is stored: revisions of another one go, and
    those of a record that is read again from the beginning, of which nobody knows.
    """
    db.execute(
        "DELETE FROM revision WHERE record_id = ?1 AND EXISTS"
        " (SELECT 1 FROM record WHERE id = ?1 AND rev > 0 AND epoch IS NOT ?2)",
        (record_id, epoch),
    )


def lacking(known: Iterable[PastRevision], newest: int) -> tuple[int, ...]:
    """Which revisions up to the newest have not been fetched, newest first."""
    fetched = {one.rev for one in known if one.lines is not None}
    return tuple(rev for rev in range(newest, 0, -1) if rev not in fetched)
