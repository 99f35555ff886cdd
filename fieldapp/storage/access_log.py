"""접속기록 as rows: appended inside the transaction of the deed, chained, signed now and then.

The database itself refuses to change or remove a row (migration 0002). Whoever has the key and
leaves the app can still rewrite all of it, or cut off its end together with its checkpoints: that
shows once a checkpoint has been sent.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from fieldapp.crypto.signing import SigningKey, is_signed_by, new_signing_key
from fieldapp.domain.access_log import (
    CHAIN_BEGINS,
    Deed,
    LogEntry,
    checkpoint_message,
    entry_hash,
)
from fieldapp.domain.ids import ReplicaId, UserId
from fieldapp.domain.log_upload import LogLine
from fieldapp.storage import meta, open_search
from fieldapp.storage.days import KOREA
from fieldapp.storage.sqlite import Database, Row

_COLUMNS = "log_seq, at, user, device, deed, subjects, object_id, form_id, detail"
#: A row as it is kept, for whoever carries it over from another file of the same store.
WHOLE_ROW = f"{_COLUMNS}, previous, hash"
_INSERT = (
    f"INSERT INTO access_log ({WHOLE_ROW})"  # noqa: S608 - constants
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
#: A signed checkpoint as it is kept.
WHOLE_CHECKPOINT = "log_seq, at, hash, signature, public_key"
_INSERT_CHECKPOINT = f"INSERT INTO log_checkpoint ({WHOLE_CHECKPOINT}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - constants
_PAGE = 1_000


def append(
    db: Database,
    *,
    at: datetime,
    user: UserId,
    deed: Deed,
    subjects: Iterable[tuple[str, str]] = (),
    object_id: str = "",
    form_id: str = "",
    detail: Mapping[str, str | int] | None = None,
) -> LogEntry:
    """Log a deed of this device inside the caller's transaction; the chain goes on from the last.

    A subject that is named twice is logged once. A search that was still open is over: its entry
    comes first.
    """
    settle_search(db)
    return _append(
        db,
        at=at,
        user=user,
        deed=deed,
        subjects=subjects,
        object_id=object_id,
        form_id=form_id,
        detail=detail or {},
    )


def settle_search(db: Database) -> LogEntry | None:
    """Make an entry of the search that is open (open_search.py), of everybody it showed; None when
    there is none.
    """
    search = open_search.take(db)
    if search is None:
        return None
    detail: dict[str, str | int] = {
        "fields": search.fields,
        "text": search.text,
        "count": len(search.shown),
    }
    if search.texts > 1:
        detail["texts"] = search.texts
    return _append(
        db, at=search.at, user=search.user, deed="search", subjects=search.shown, detail=detail
    )


def _append(
    db: Database,
    *,
    at: datetime,
    user: UserId,
    deed: Deed,
    subjects: Iterable[tuple[str, str]],
    object_id: str = "",
    form_id: str = "",
    detail: Mapping[str, str | int],
) -> LogEntry:
    last, previous = _head(db)
    entry = LogEntry(
        log_seq=last + 1,
        at=_instant(at),
        user=user,
        device=meta.identity(db).replica,
        deed=deed,
        subjects=tuple(dict.fromkeys(subjects)),
        object_id=object_id,
        form_id=form_id,
        detail=dict(detail),
    )
    db.execute(
        _INSERT,
        (
            entry.log_seq,
            entry.at,
            entry.user,
            entry.device,
            entry.deed,
            msgspec.json.encode(entry.subjects).decode(),
            entry.object_id,
            entry.form_id,
            msgspec.json.encode(entry.detail).decode(),
            previous,
            entry_hash(previous, entry),
        ),
    )
    return entry


def last(db: Database) -> LogEntry | None:
    """The newest entry; None before the first."""
    row = db.row(
        f"SELECT {_COLUMNS} FROM access_log ORDER BY log_seq DESC LIMIT 1"  # noqa: S608 - constants
    )
    return None if row is None else _read(row)


def entries(db: Database, since: datetime, until: datetime) -> Iterator[LogEntry]:
    """Entries from `since` on, up to but without `until`, in the order they were made."""
    asked = (
        f"SELECT {_COLUMNS} FROM access_log"  # noqa: S608 - constants
        " WHERE at >= ? AND at < ? AND log_seq > ? ORDER BY log_seq LIMIT ?"
    )
    after = 0
    while rows := db.rows(asked, (_instant(since), _instant(until), after, _PAGE)):
        after = rows[-1][0]
        yield from map(_read, rows)


def lines(db: Database, first: int, most: int) -> Iterator[LogLine]:
    """From log_seq `first` on, with their places in the chain: as the server is told them.

    One that somebody made unreadable goes without what cannot be read; its hash then tells.
    """
    asked = (
        f"SELECT {WHOLE_ROW} FROM access_log"  # noqa: S608 - constants
        " WHERE log_seq >= ? ORDER BY log_seq LIMIT ?"
    )
    for row in db.rows(asked, (first, most)):
        *facts, previous, hash_ = row
        try:
            entry = _read(tuple(facts))
        except msgspec.MsgspecError:
            entry = _read((*facts[:5], "[]", *facts[6:8], "{}"))
        yield LogLine.of(entry, previous, hash_)


def verify(db: Database) -> int | None:
    """The first log_seq at which the chain or a checkpoint is broken; None when all is whole."""
    signed = _checkpoints(db)
    expected, previous = 1, CHAIN_BEGINS
    asked = (
        f"SELECT {WHOLE_ROW} FROM access_log"  # noqa: S608 - constants
        " WHERE log_seq > ? ORDER BY log_seq LIMIT ?"
    )
    while rows := db.rows(asked, (expected - 1, _PAGE)):
        for row in rows:
            log_seq, named, hash_ = row[0], row[-2], row[-1]
            if log_seq != expected or named != previous or not _fits(row):
                return expected
            checkpoint = signed.pop(log_seq, None)
            if checkpoint is not None and not _is_signed(checkpoint, hash_, device=row[3]):
                return expected
            expected, previous = expected + 1, hash_
    # A checkpoint of rows that are gone.
    return expected if signed else None


def carry_over(db: Database, rows: Iterable[Row], checkpoints: Iterable[Row] = ()) -> int:
    """Lay whole rows (`WHOLE_ROW`, by log_seq) of a store over its backup; returns how many.

    As they are, and only as long as each one goes on with the chain that stands here. With them
    their checkpoints (`WHOLE_CHECKPOINT`, by log_seq), whatever these say: one that does not hold
    is seen by `verify`. Of a row that the backup has itself, a checkpoint of that very row.
    """
    held, previous = _head(db)
    last, count = held, 0
    for row in rows:
        if row[0] <= last:
            continue
        if row[0] != last + 1 or row[-2] != previous or not _fits(row):
            break
        db.execute(_INSERT, row)
        last, previous, count = row[0], row[-1], count + 1
    signed = db.count("SELECT max(log_seq) FROM log_checkpoint")
    for log_seq, at, hash_, signature, public_key in checkpoints:
        is_carried = held < log_seq <= last or hash_ == _hash_of(db, log_seq)
        if is_carried and log_seq > signed:
            db.execute(_INSERT_CHECKPOINT, (log_seq, at, hash_, signature, public_key))
    return count


def checkpoint(db: Database, signing_key: SigningKey, at: datetime) -> None:
    """Sign where the chain stands. Nothing happens when the last entry is signed already."""
    log_seq, hash_ = _head(db)
    if log_seq == db.count("SELECT max(log_seq) FROM log_checkpoint"):
        return
    device = db.value("SELECT device FROM access_log WHERE log_seq = ?", (log_seq,))
    instant = _instant(at)
    signature = signing_key.sign(checkpoint_message(log_seq, instant, hash_, device))
    db.execute(
        _INSERT_CHECKPOINT,
        (log_seq, instant, hash_, base64.b64encode(signature).decode(), signing_key.public_base64),
    )


def key_of(db: Database) -> SigningKey:
    """What this device signs checkpoints with: its own key of the exchange, else, until it is
    enrolled, one made at first need.
    """
    private = meta.signing_key(db) if meta.is_enrolled(db) else None
    private = private or meta.log_key(db)
    if private is not None:
        return SigningKey(private)
    made = new_signing_key()
    meta.put_log_key(db, made.private_bytes)
    return made


def _head(db: Database) -> tuple[int, str]:
    row = db.row("SELECT log_seq, hash FROM access_log ORDER BY log_seq DESC LIMIT 1")
    return (0, CHAIN_BEGINS) if row is None else (row[0], row[1])


def _hash_of(db: Database, log_seq: int) -> str | None:
    hash_: str | None = db.value("SELECT hash FROM access_log WHERE log_seq = ?", (log_seq,))
    return hash_


def _checkpoints(db: Database) -> dict[int, Row]:
    rows = db.rows(f"SELECT {WHOLE_CHECKPOINT} FROM log_checkpoint")  # noqa: S608 - constants
    return {row[0]: row for row in rows}


def _fits(row: Row) -> bool:
    try:
        return bool(entry_hash(row[-2], _read(row[:-2])) == row[-1])
    except msgspec.MsgspecError:
        return False


def _is_signed(row: Row, hash_: str, *, device: str) -> bool:
    log_seq, at, named, signature, public_key = row
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    message = checkpoint_message(log_seq, at, hash_, device)
    return bool(named == hash_ and is_signed_by(public_key, message, raw))


def _read(row: Row) -> LogEntry:
    log_seq, at, user, device, deed, subjects, object_id, form_id, detail = row
    return LogEntry(
        log_seq=log_seq,
        at=at,
        user=UserId(user),
        device=ReplicaId(device),
        deed=deed,
        subjects=msgspec.json.decode(subjects, type=tuple[tuple[str, str], ...]),
        object_id=object_id,
        form_id=form_id,
        detail=msgspec.json.decode(detail, type=dict[str, str | int]),
    )


def _instant(at: datetime) -> str:
    # All of one offset, so that their texts sort.
    return at.astimezone(KOREA).isoformat(timespec="seconds")
