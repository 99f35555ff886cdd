"""Devices as the one who runs the server sees them: who has one, and whether it may still exchange.

These work as the owner of the tables, from the command line, never inside the app server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import errors as pg

from fieldapp.domain.exchange import DeviceState
from fieldapp.errors import UnknownReplica


@dataclass(frozen=True, slots=True)
class Device:
    """One profile's store on one laptop. applied_seq: how many of its operations are here."""

    replica: str
    account: str
    state: DeviceState
    incarnation: int
    applied_seq: int
    last_seen: datetime


def list_devices(owner: psycopg.Connection, *, account: str | None = None) -> Sequence[Device]:
    """Every device, or those of one account, the one last heard of first."""
    rows = owner.execute(
        "select id::text, account, state, incarnation, applied_seq, last_seen"
        " from fieldapp.replica where %(account)s::text is null or account = %(account)s"
        " order by last_seen desc, id",
        {"account": account},
    ).fetchall()
    return [Device(*row) for row in rows]


def set_state(owner: psycopg.Connection, replica: str, state: DeviceState) -> Device:
    """From now on the device is in this state, whichever it was in before; as it then stands.

    Nothing on the device is destroyed by it. One that is used no more may be set to `drain` for as
    long as it takes to bring what it had not sent. Raises UnknownReplica.
    """
    try:
        row = owner.execute(
            "update fieldapp.replica set state = %s where id = %s::uuid"
            " returning id::text, account, state, incarnation, applied_seq, last_seen",
            [state, replica],
        ).fetchone()
    except pg.InvalidTextRepresentation as error:
        raise UnknownReplica(replica=replica) from error
    if row is None:
        raise UnknownReplica(replica=replica)
    return Device(*row)
