"""접속기록 of all devices, read by who answers for it (고시 제8조②: looked through every month).

As the owner of the tables, from the command line; no app server has a way to read a line of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg

from fieldapp.clock import KOREA
from fieldapp.domain.log_upload import LogLine
from fieldapp.domain.shapes import decode

# The text of an entry, not its fields: a device may have written what PostgreSQL reads as no text.
_LINES = """
    select account, entry::text, broken, stored_at from fieldapp.access_log
    where account = %(account)s
    and (%(replica)s::text is null or replica::text = %(replica)s)
    and (%(since)s::timestamptz is null or at >= %(since)s)
    and (%(until)s::timestamptz is null or at < %(until)s)
    and (%(named)s::text is null or position(%(named)s in entry::text) > 0)
    order by at desc, log_seq desc limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines. account: who; replica: on which device; named: the id of a person, household or
    record that was looked at or changed; since, until: Korean days, both included. None: any.
    """

    account: str | None = None
    replica: str | None = None
    named: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as the device wrote it. is_broken: it does not go on from the line before it, or is
    not what its hash says: somebody wrote into the file.
    """

    account: str
    line: LogLine
    is_broken: bool
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class ReadLog:
    """The newest of the wanted lines, in the order of their time; whether there are older ones."""

    lines: tuple[ReadLine, ...]
    has_more: bool


def read_log(owner: psycopg.Connection, wanted: Wanted, limit: int) -> ReadLog:
    """The newest `limit` of the lines that are wanted."""
    found: list[ReadLine] = []
    for account in _accounts(owner, wanted.account):
        # Lines are shown to nobody but their account, the owner of the tables included.
        owner.execute("select set_config('app.user', %s, true)", [account])
        asked = _asked(wanted) | {"account": account, "limit": limit + 1}
        found += [
            ReadLine(of, decode(LogLine, text), broken, stored_at)
            for of, text, broken, stored_at in owner.execute(_LINES, asked)
        ]
    found.sort(key=lambda one: (datetime.fromisoformat(one.line.at), one.line.log_seq))
    return ReadLog(tuple(found[-limit:]), has_more=len(found) > limit)


def _accounts(owner: psycopg.Connection, account: str | None) -> Sequence[str]:
    if account is not None:
        return [account]
    rows = owner.execute("select distinct account from fieldapp.replica order by account")
    return [str(one) for (one,) in rows.fetchall()]


def _asked(wanted: Wanted) -> dict[str, Any]:
    after = wanted.until + timedelta(days=1) if wanted.until else None
    return {
        "replica": wanted.replica,
        "named": wanted.named,
        "since": _midnight(wanted.since),
        "until": _midnight(after),
    }


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, KOREA)
