"""What devices signed of their 접속기록, held against the lines that are here.

A chain of hashes shows where somebody wrote into it, unless they wrote all of it anew: then what
was signed before, and is kept here out of their reach, does not fit it any more. Every checkpoint
is kept with what was found when it came, also one that does not hold: it is evidence.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import psycopg

from fieldapp.crypto.signing import is_signed_by
from fieldapp.domain.access_log import checkpoint_message
from fieldapp.domain.log_upload import CheckpointsReply, CheckpointsRequest, LogCheckpoint
from fieldapp.server.database import Connection, Pool, transaction_of
from fieldapp.server.sessions import Account, Speaker, speaker

#: stands: the line is here, and the device's own key signed it. early: it is of the time before the
#: device was enrolled, whose key nobody vouches for. forked: the line is here and another of its
#: number, too: the laptop was restored, or its log rewritten. other_chain: of that number only
#: another line is here. other_key, bad_signature: nothing that this device signed.
Finding = Literal["stands", "early", "forked", "other_chain", "other_key", "bad_signature"]

_FACTS = """
    select l.device, l.others, fieldapp.log_reached(%(replica)s), encode(r.public_key, 'base64')
    from fieldapp.replica r
    left join fieldapp.log_line(%(replica)s, %(log_seq)s, %(hash)s) l on true
    where r.id = %(replica)s
"""
# Without a conflict target: naming one asks for the right to read.
_INSERT = """
    insert into fieldapp.log_checkpoint
        (replica, log_seq, hash, at, signature, public_key, account, finding)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
    on conflict do nothing
"""


def take_checkpoints(pool: Pool, account: Account, request: CheckpointsRequest) -> CheckpointsReply:
    """Keep each whose line, or another of its number, is here, up to the first that is ahead of the
    lines. n deliveries have the effect of one. Raises MembershipMissing.
    """
    through = 0
    with transaction_of(pool, account.id) as connection:
        asker = speaker(connection, request.replica)
        for one in request.checkpoints:
            finding = _finding(connection, asker, one)
            if finding is None:
                break
            connection.execute(
                _INSERT,
                [
                    asker.replica, one.log_seq, one.hash, one.at, one.signature, one.public_key,
                    account.id, finding,
                ],
            )  # fmt: skip
            through = one.log_seq
    return CheckpointsReply(checked_through=through)


def _finding(connection: Connection, asker: Speaker, one: LogCheckpoint) -> Finding | None:
    """None when the log has not come that far."""
    row = connection.execute(
        _FACTS, {"replica": asker.replica, "log_seq": one.log_seq, "hash": one.hash}
    ).fetchone()
    device, others, reached, enrolled_key = row or (None, 0, 0, "")
    if device is None:
        return "other_chain" if reached >= one.log_seq else None
    if not _is_signed(one, device):
        return "bad_signature"
    if one.public_key != enrolled_key:
        return "other_key" if device == asker.replica else "early"
    return "forked" if others else "stands"


def _is_signed(one: LogCheckpoint, device: str) -> bool:
    try:
        signature = base64.b64decode(one.signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    message = checkpoint_message(one.log_seq, one.at, one.hash, device)
    return is_signed_by(one.public_key, message, signature)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is signed of a device's log. log_seq, stored_at: of the last that was found to stand."""

    replica: str
    account: str
    log_seq: int | None
    stored_at: datetime | None
    doubtful: int


def list_checked(owner: psycopg.Connection) -> Sequence[Checked]:
    """Every device that brought checkpoints, doubtful ones first. As the owner of the tables."""
    rows = owner.execute(
        "select replica::text, min(account),"
        " max(log_seq) filter (where finding in ('stands', 'early')),"
        " max(stored_at) filter (where finding in ('stands', 'early')),"
        " count(*) filter (where finding not in ('stands', 'early')) as doubtful"
        " from fieldapp.log_checkpoint group by replica order by doubtful desc, replica"
    ).fetchall()
    return [Checked(*row) for row in rows]
