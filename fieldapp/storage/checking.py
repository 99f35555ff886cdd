"""Whether a store file is whole: each page against its authentication, each table and index."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.errors import Cancelled
from fieldapp.storage.sqlite import Database, quoted

#: Called with how many parts are done, of how many.
Progress = Callable[[int, int], None]


def is_sound(
    db: Database,
    progress: Progress = lambda _done, _of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bool:
    """Read all of a store. Raises Cancelled (asked between two parts: pages, then a table each)."""
    names = db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    parts = ["cipher_integrity_check"]
    parts += [f"integrity_check({quoted(name)})" for (name,) in names]
    for done, part in enumerate(parts):
        if cancelled():
            raise Cancelled(unsent="-")
        progress(done, len(parts))
        if any(row != ("ok",) for row in db.rows(f"PRAGMA {part}")):
            return False
    progress(len(parts), len(parts))
    return True
