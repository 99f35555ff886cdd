"""The step of a round that brings 접속기록 up: last, because what people wrote outranks it."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp import failpoints
from fieldapp.domain.log_upload import CheckpointsReply, CheckpointsRequest, LogRequest
from fieldapp.errors import MalformedMessage, ServerFailed
from fieldapp.sync.connection import Connection
from fieldapp.sync.protocol import (
    CHECKPOINTS_MAX,
    LOG_CHECKPOINTS,
    LOG_MAX_LINES,
    PUSH_MAX_BYTES,
)
from fieldapp.sync.replica import Replica


def send_log(
    replica: Replica, connection: Connection, stop_if_cancelled: Callable[[], None]
) -> None:
    """Bring every line that the server has not acknowledged; what it acknowledges is remembered.

    A server that has lost lines (it was restored) tells how far back to go, and is followed once a
    round. One that takes no log today gets it another day: the round does not fail by that.
    """
    has_gone_back = False
    while lines := replica.log_lines(LOG_MAX_LINES, PUSH_MAX_BYTES):
        stop_if_cancelled()
        failpoints.reach("exchange.before_log")
        try:
            reply = connection.log(LogRequest(replica=replica.identity().replica, lines=lines))
        except ServerFailed:
            return
        failpoints.reach("exchange.after_log_reply")
        last = lines[-1].log_seq
        if reply.logged_through > last:
            raise MalformedMessage(shape="LogReply", place="$.logged_through", reason="too high")
        replica.note_logged(reply.logged_through)
        if reply.logged_through < last:
            if has_gone_back:
                return
            has_gone_back = True
    _send_checkpoints(replica, connection, stop_if_cancelled)


def _send_checkpoints(
    replica: Replica, connection: Connection, stop_if_cancelled: Callable[[], None]
) -> None:
    """Bring what was signed of lines that are there. A server that knows no such door does not get
    them, and one that misses a line gets them when it has it.
    """
    who = replica.identity().replica
    while checkpoints := replica.log_checkpoints(CHECKPOINTS_MAX):
        stop_if_cancelled()
        request = CheckpointsRequest(replica=who, checkpoints=checkpoints)
        try:
            reply = connection.bring(CheckpointsReply, LOG_CHECKPOINTS, request, who)
        except ServerFailed:
            return
        if not checkpoints[0].log_seq <= reply.checked_through <= checkpoints[-1].log_seq:
            return
        replica.note_checked(reply.checked_through)
