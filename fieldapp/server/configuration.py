"""What an app server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

#: The role that every connection of the app server works as; it owns nothing.
SYNC_ROLE = "fieldapp_sync"
#: What `server run` prints on a line of its own once it answers, followed by its address.
LISTENING = "listening "
#: Where attachments lie, in the environment; else beside where the server was started.
FILES_VARIABLE = "FIELDAPP_FILES"
DEFAULT_FILES = Path("fieldapp-files")


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the data is, and how long things last.

    database_url: a libpq URL. Whatever role it signs in as, the server works as `fieldapp_sync`.
    packs_dir: workbooks (`*.xlsx`, or compiled `*.pack`) whose form versions this server knows.
    files_dir: attachments; one folder for all app servers of a database.
    """

    database_url: str
    packs_dir: Path
    files_dir: Path = DEFAULT_FILES
    pool_connections: int = 8
    lock_timeout_ms: int = 5_000
    statement_timeout_ms: int = 15_000
    token_lifetime: timedelta = timedelta(hours=8)
    refresh_lifetime: timedelta = timedelta(days=30)
