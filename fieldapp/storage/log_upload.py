"""Which lines of the access log the server does not have yet. All of them stay here as well."""

from __future__ import annotations

import re

from fieldapp.domain.log_upload import LogCheckpoint, LogLine
from fieldapp.domain.shapes import encode
from fieldapp.storage import access_log, meta
from fieldapp.storage.sqlite import Database

_HASH = re.compile("[0-9a-f]{64}")
_NO_HASH = "0" * 64
_NOT_SENT = re.compile("[^0-9A-Za-z+/=:.-]")


def lines_to_send(db: Database, max_lines: int, max_bytes: int) -> tuple[LogLine, ...]:
    """From the line that the server acknowledged last (that one included, where there is one), as
    many as the limits take, but at least one that is new; () when it has them all.
    """
    through = meta.logged_through(db)
    lines: list[LogLine] = []
    size = 0
    for line in access_log.lines(db, max(through, 1), max_lines):
        size += len(encode(line))
        if lines and lines[-1].log_seq > through and size > max_bytes:
            break
        lines.append(line)
    return tuple(lines) if lines and lines[-1].log_seq > through else ()


def checkpoints_to_send(db: Database, most: int) -> tuple[LogCheckpoint, ...]:
    """By rising log_seq, those of lines that the server has and beyond the one it has last."""
    rows = db.rows(
        f"SELECT {access_log.WHOLE_CHECKPOINT} FROM log_checkpoint"  # noqa: S608 - constants
        " WHERE log_seq > ? AND log_seq <= ? ORDER BY log_seq LIMIT ?",
        (meta.checked_through(db), meta.logged_through(db), most),
    )
    return tuple(
        LogCheckpoint(
            log_seq=log_seq,
            at=_sendable(at),
            hash=hash_ if _HASH.fullmatch(hash_) else _NO_HASH,
            signature=_sendable(signature),
            public_key=_sendable(key),
        )
        for log_seq, at, hash_, signature, key in rows
    )


def _sendable(text: str) -> str:
    """What somebody made of a checkpoint must not keep it, and those behind it, from the server,
    where it will be found not to hold.
    """
    return _NOT_SENT.sub("", text)[:200]
