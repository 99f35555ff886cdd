"""Which lines of the access log the server does not have yet. All of them stay here as well."""

from __future__ import annotations

from fieldapp.domain.log_upload import LogLine
from fieldapp.domain.shapes import encode
from fieldapp.storage import access_log, meta
from fieldapp.storage.sqlite import Database


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
