"""Attachments on the server: chunks until whole, then a file of a scope (tus 1.0, sync.md §5).

A file is taken from, and given to, whoever sees a record or an entity that names it: the name is
the hash of the content, so knowing it must open nothing. Offsets and chunks are rows, written in
one transaction, so any app server may go on where another one died. A whole file is hashed again
here before anybody is told that it arrived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from fieldapp import failpoints
from fieldapp.domain.exchange import UploadState
from fieldapp.domain.ids import uuid7
from fieldapp.domain.operation import ObjectRef
from fieldapp.errors import ExchangeTrouble
from fieldapp.server.database import Connection, Pool, transaction_of
from fieldapp.server.object_store import ObjectStore
from fieldapp.server.sessions import Account, receiver, speaker

#: An upload that nobody goes on with is forgotten after so long; the device begins it again.
LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one device and one account may bring, far above what people do: against a device gone
    wild and a stolen sign-in. An upload counts until it expires.
    """

    open_uploads: int = 100
    account_bytes: int = 8 * 1024**3


_LIMITS = Limits()

# A name is a hash of 64 digits: where its text stands, it is meant. A replaced picture is named by
# an older revision, one that lost against another by the conflict. An entity moves, and what was
# brought for it stays where it was brought: the scopes of its revisions are looked through.
_RECORD_SCOPES = """
    select array[r.scope] from fieldapp.record r
    where r.id = %(id)s and (
        position(%(name)s in r.doc::text) > 0
        or exists (select from fieldapp.record_version v
                   where v.record = r.id and position(%(name)s in v.doc::text) > 0)
        or exists (select from fieldapp.conflict c
                   where c.object_id = r.id and c.list is null
                   and position(%(name)s in c.doc::text) > 0))
"""
_ENTITY_SCOPES = """
    select e.scope || array(select distinct v.scope from fieldapp.entity_version v
                            where v.list = e.list and v.id = e.id)
    from fieldapp.entity e
    where e.list = %(list)s and e.id = %(id)s and (
        position(%(name)s in e.doc::text) > 0
        or exists (select from fieldapp.entity_version v
                   where v.list = e.list and v.id = e.id and position(%(name)s in v.doc::text) > 0)
        or exists (select from fieldapp.conflict c
                   where c.object_id = e.id and c.list = e.list
                   and position(%(name)s in c.doc::text) > 0))
"""


class FileRefused(ExchangeTrouble):
    """A request about a file that is not done, with its HTTP status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__()
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """Which file, and the object that names it. `name` is `<sha256>.<ext>`."""

    name: str
    object: ObjectRef

    @property
    def sha256(self) -> str:
        """The hash that its content must have."""
        return self.name.partition(".")[0]


class Uploads:
    """Files of one app server; everything that lasts is in the database and the object store."""

    def __init__(self, pool: Pool, store: ObjectStore, limits: Limits = _LIMITS) -> None:
        self._pool = pool
        self._store = store
        self._limits = limits

    def open(
        self, account: Account, replica: str, asked: Asked, size: int, now: datetime
    ) -> UploadState:
        """A new upload, or the one that this replica began before.

        Its offset is the size when the scope has the file already. Raises MembershipMissing,
        FileRefused: 404 when nothing that the asker sees names the file (its record comes first),
        429 when too many uploads of the replica stand open, 413 when its account brought too much.
        """
        with transaction_of(self._pool, account.id) as connection:
            speaker(connection, replica)
            scope = _scopes_naming(connection, asked)[0]
            connection.execute("delete from fieldapp.upload where expires_at <= %s", [now])
            is_stored = _stored_size(
                connection, [scope], asked.name
            ) is not None and self._store.has(asked.sha256)
            if not is_stored:
                # Whole once, and its file is gone since: it has to come again.
                connection.execute(
                    "delete from fieldapp.upload"
                    " where replica = %s and scope = %s and name = %s and received = size",
                    [replica, scope, asked.name],
                )
            row = connection.execute(
                "insert into fieldapp.upload"
                " (id, replica, account, scope, name, size, expires_at)"
                " values (%s, %s, %s, %s, %s, %s, %s)"
                " on conflict on constraint upload_once"
                " do update set expires_at = excluded.expires_at"
                " returning id::text, received, size",
                [uuid7(now), replica, account.id, scope, asked.name, size, now + LIFETIME],
            ).fetchone()
            if row is None:
                raise FileRefused(404, "no_such_upload")
            if not is_stored and row[1] == 0:
                self._check_limits(connection, account, replica)
            if is_stored:
                connection.execute("delete from fieldapp.upload_chunk where upload = %s", [row[0]])
                connection.execute(
                    "update fieldapp.upload set received = size where id = %s", [row[0]]
                )
        return UploadState(upload=row[0], offset=size if is_stored else row[1], size=row[2])

    def state(self, account: Account, replica: str, upload: str, now: datetime) -> UploadState:
        """How far an upload has come. Raises MembershipMissing, FileRefused."""
        with transaction_of(self._pool, account.id) as connection:
            speaker(connection, replica)
            found = _own(connection, account, replica, upload, now)
        return UploadState(upload=upload, offset=found.received, size=found.size)

    def add(
        self,
        account: Account,
        replica: str,
        upload: str,
        *,
        offset: int,
        content: bytes,
        now: datetime,
    ) -> UploadState:
        """Keep the next bytes; with the last of them the file is hashed, and stored.

        Raises MembershipMissing, FileRefused: 409 at another offset, 410 for one that expired, 413
        beyond its size, 460 when the whole has another hash than its name says (it begins anew).
        """
        with transaction_of(self._pool, account.id) as connection:
            speaker(connection, replica)
            found = _own(connection, account, replica, upload, now)
            if offset != found.received:
                raise FileRefused(409, "other_offset")
            received = offset + len(content)
            if received > found.size:
                raise FileRefused(413, "beyond_size")
            if content:
                connection.execute(
                    "insert into fieldapp.upload_chunk (upload, at_byte, content)"
                    " values (%s, %s, %s)",
                    [upload, offset, content],
                )
                connection.execute(
                    "update fieldapp.upload set received = %s, expires_at = %s where id = %s",
                    [received, now + LIFETIME, upload],
                )
            is_right = not content or received < found.size or self._finish(connection, found)
            failpoints.reach("file.before_commit")
        failpoints.reach("file.after_commit")
        if not is_right:
            raise FileRefused(460, "other_hash")
        return UploadState(upload=upload, offset=received, size=found.size)

    def end(self, account: Account, replica: str, upload: str, now: datetime) -> None:
        """Forget an upload; a file that is stored stays. Raises MembershipMissing, FileRefused."""
        with transaction_of(self._pool, account.id) as connection:
            speaker(connection, replica)
            _own(connection, account, replica, upload, now)
            connection.execute("delete from fieldapp.upload where id = %s", [upload])

    def size_for(self, account: Account, replica: str, asked: Asked) -> int:
        """How large a file is that the asker may read. Raises MembershipMissing, FileRefused."""
        with transaction_of(self._pool, account.id, snapshot=True) as connection:
            receiver(connection, replica)
            size = _stored_size(connection, _scopes_naming(connection, asked), asked.name)
        if size is None or not self._store.has(asked.sha256):
            raise FileRefused(404, "no_such_file")
        return size

    def pieces(self, asked: Asked, start: int, end: int) -> Iterator[bytes]:
        """The bytes of a file whose size was asked before."""
        return self._store.pieces(asked.sha256, start, end)

    def _check_limits(self, connection: Connection, account: Account, replica: str) -> None:
        """Raises FileRefused; the upload that was just begun counts."""
        row = connection.execute(
            "select count(*) filter (where replica = %s and received < size),"
            " coalesce(sum(size), 0) from fieldapp.upload where account = %s",
            [replica, account.id],
        ).fetchone()
        open_uploads, brought = row or (0, 0)
        if open_uploads > self._limits.open_uploads:
            raise FileRefused(429, "too_many_uploads")
        if brought > self._limits.account_bytes:
            raise FileRefused(413, "too_many_bytes")

    def _finish(self, connection: Connection, found: _Upload) -> bool:
        """Move a whole upload into the store; False when it is not what its name says."""
        sha256 = found.name.partition(".")[0]
        hashed = hashlib.sha256()
        for content in _chunks(connection, found):
            hashed.update(content)
        if hashed.hexdigest() != sha256:
            connection.execute("delete from fieldapp.upload where id = %s", [found.id])
            return False
        failpoints.reach("file.before_store")
        hold(connection, sha256)
        self._store.put(sha256, _chunks(connection, found))
        failpoints.reach("file.after_store")
        _open(connection, found.name)
        connection.execute(
            "insert into fieldapp.file (scope, name, size) values (%s, %s, %s)"
            " on conflict do nothing",
            [found.scope, found.name, found.size],
        )
        connection.execute("delete from fieldapp.upload_chunk where upload = %s", [found.id])
        return True


def hold(connection: psycopg.Connection, sha256: str) -> None:
    """Until the transaction ends, nobody else puts this content into the store or sweeps it."""
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [sha256])


@dataclass(frozen=True, slots=True)
class _Upload:
    id: str
    scope: str
    name: str
    size: int
    received: int


def _own(
    connection: Connection, account: Account, replica: str, upload: str, now: datetime
) -> _Upload:
    """An upload of this replica, its row held until the transaction ends."""
    row = connection.execute(
        "select scope, name, size, received, expires_at from fieldapp.upload"
        " where id = %s and replica = %s and account = %s for update",
        [upload, replica, account.id],
    ).fetchone()
    if row is None:
        raise FileRefused(404, "no_such_upload")
    if row[4] <= now:
        raise FileRefused(410, "upload_expired")
    return _Upload(upload, *row[:4])


def _scopes_naming(connection: Connection, asked: Asked) -> list[str]:
    """The scopes that may hold the file, the home of its object first: the asker sees the object,
    and it names the file.
    """
    row = connection.execute(
        _RECORD_SCOPES if asked.object.type == "record" else _ENTITY_SCOPES,
        {"id": asked.object.id, "list": asked.object.list, "name": asked.name},
    ).fetchone()
    if row is None:
        raise FileRefused(404, "file_not_named")
    _open(connection, asked.name)
    return list(row[0])


def _open(connection: Connection, name: str) -> None:
    """Let row-level security show this file wherever it is, until the transaction ends."""
    connection.execute("select set_config('app.file', %s, true)", [name])


def _stored_size(connection: Connection, scopes: list[str], name: str) -> int | None:
    row = connection.execute(
        "select size from fieldapp.file where scope = any(%s) and name = %s limit 1",
        [scopes, name],
    ).fetchone()
    return None if row is None else int(row[0])


def _chunks(connection: Connection, found: _Upload) -> Iterator[bytes]:
    """Its bytes in order, one chunk in memory at a time."""
    at_byte = 0
    while at_byte < found.size:
        row = connection.execute(
            "select content from fieldapp.upload_chunk where upload = %s and at_byte = %s",
            [found.id, at_byte],
        ).fetchone()
        if row is None:
            return  # a hole: the hash will say so
        yield row[0]
        at_byte += len(row[0])
