"""The step of a round that tells a restored server which official numbers are known here.

Before anything is brought again, and once in each life of the server: the next pull may bring
documents from the backup, in which a number is missing that stands on paper by now.
"""

from __future__ import annotations

from fieldapp.domain.exchange import Hello
from fieldapp.domain.numbers import NumbersReply, NumbersRequest
from fieldapp.errors import ServerFailed
from fieldapp.sync.connection import Connection
from fieldapp.sync.protocol import COMMAND_REFILLING, NUMBERS, NUMBERS_MAX
from fieldapp.sync.replica import Replica


def tell_numbers(replica: Replica, connection: Connection, hello: Hello) -> None:
    """Tell them if this server is being refilled and was not told yet.

    A server that does not know this door draws its numbers anew. Raises ExchangeTrouble, so that
    the round is over before anything else is brought.
    """
    if COMMAND_REFILLING not in hello.commands:
        return
    known = replica.numbers_to_tell()
    who = replica.identity().replica
    for start in range(0, len(known), NUMBERS_MAX):
        request = NumbersRequest(replica=who, numbers=known[start : start + NUMBERS_MAX])
        try:
            connection.bring(NumbersReply, NUMBERS, request, who)
        except ServerFailed as failure:
            if failure.facts.get("status") != 404:
                raise
            break
    replica.note_numbers_told()
