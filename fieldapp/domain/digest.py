"""One hash for all that a scope shows a replica, by which server and device find out that they
differ (formats F10 and `POST /sync/v1/digest`).

It is the sha256, in hexadecimal, of one line of UTF-8 for each row that a pull from the beginning
would bring, sorted by their bytes and joined by line feeds:

    put <list>/<id> <rev> <hash>             an object's document; no list for a record
    conflict <list>/<id> <rev> <0 or 1>      a conflict by its own id; 1 once it is decided
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest_of(lines: Iterable[str]) -> str:
    """The digest of these lines, in whatever order they come."""
    return hashlib.sha256(b"\n".join(sorted(line.encode() for line in lines))).hexdigest()


def put_line(list_name: str, object_id: str, rev: int, hash_: str) -> str:
    """The line of an object; list_name is "" for a record."""
    return f"put {list_name}/{object_id} {rev} {hash_}"


def conflict_line(list_name: str, conflict_id: str, rev: int, *, is_decided: bool) -> str:
    """The line of a conflict; list_name is "" for one of a record."""
    return f"conflict {list_name}/{conflict_id} {rev} {int(is_decided)}"
