"""접속기록 of the devices, taken in: appended, never read again through this server.

Whatever a device brings is kept. A line that does not fit its hash, or the line before it, is kept
as broken: refusing it would lose the evidence, and stop the log of a whole laptop at that place.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Json

from fieldapp.domain.access_log import entry_hash
from fieldapp.domain.log_upload import LogLine, LogReply, LogRequest
from fieldapp.domain.shapes import to_wire
from fieldapp.server.database import Connection, Pool, transaction_of
from fieldapp.server.sessions import Account, speaker

# Without a conflict target: naming one asks for the right to read.
_INSERT = """
    insert into fieldapp.access_log
        (replica, log_seq, hash, previous, account, at, deed, entry, broken)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict do nothing
"""
_STANDS = "select fieldapp.log_stands(%s, %s, %s) or fieldapp.log_stands(%s, %s, %s)"


def take_log(pool: Pool, account: Account, request: LogRequest) -> LogReply:
    """Append the lines that are new. n deliveries have the effect of one.

    Nothing is stored where the lines go on from one that is not here (this server was restored, or
    the laptop): the reply then says from where the device should bring them.
    Raises MembershipMissing.
    """
    with transaction_of(pool, account.id) as connection:
        asker = speaker(connection, request.replica)
        first = request.lines[0]
        if not _goes_on(connection, asker.replica, first):
            return LogReply(logged_through=_way_back(connection, asker.replica, first))
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, _rows(asker.replica, account.id, request.lines))
    return LogReply(logged_through=request.lines[-1].log_seq)


def _goes_on(connection: Connection, replica: str, first: LogLine) -> bool:
    if first.log_seq == 1:
        return True
    row = connection.execute(
        _STANDS,
        [replica, first.log_seq, first.hash, replica, first.log_seq - 1, first.previous],
    ).fetchone()
    return row is not None and bool(row[0])


def _way_back(connection: Connection, replica: str, first: LogLine) -> int:
    """The last line that is here; 0 when the device went another way at or before it."""
    row = connection.execute("select fieldapp.log_reached(%s)", [replica]).fetchone()
    reached = int(row[0]) if row else 0
    return reached if reached < first.log_seq - 1 else 0


def _rows(replica: str, account: str, lines: tuple[LogLine, ...]) -> list[tuple[Any, ...]]:
    rows = []
    previous = lines[0].previous
    for line in lines:
        is_whole = (
            line.previous == previous and entry_hash(line.previous, line.entry()) == line.hash
        )
        rows.append(
            (
                replica,
                line.log_seq,
                line.hash,
                line.previous,
                account,
                datetime.fromisoformat(line.at),
                line.deed,
                Json(to_wire(line)),
                not is_whole,
            )
        )
        previous = line.hash
    return rows
