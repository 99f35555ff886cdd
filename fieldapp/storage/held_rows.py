"""Which objects and conflicts each scope brought to this device, and what follows from that: the
digest that is compared with the server's, and what goes when a scope is read again from its
beginning and does not bring it any more.

A scope is read again into place: rows come as always, and each carries the number of the reading
that brought it last. What an earlier one brought goes once a pull has come to its end. Nothing goes
that something written here still waits on (`pulled.drop_evicted`), and of objects nothing while a
restored server is being refilled: this device may have the last copy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from fieldapp.domain.digest import conflict_line, digest_of, put_line
from fieldapp.domain.exchange import PulledRow
from fieldapp.domain.operation import ObjectRef
from fieldapp.storage import operations
from fieldapp.storage.sqlite import Database

#: So many objects of a scope, or this share of them, may leave without an evict of their own.
_FEW = 20
_SMALL_SHARE = 0.05

_NOTE = """
INSERT INTO held_row (scope, change, list, id, rev, hash, is_raw, reading)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, coalesce((SELECT number FROM reading WHERE scope = ?1), 0))
ON CONFLICT (scope, change, list, id) DO UPDATE SET rev = excluded.rev, hash = excluded.hash,
    is_raw = 0, reading = excluded.reading
"""
# What this device really has, not what it was given; of a row that it cannot read yet, that.
_PUTS = """
SELECT h.list, h.id,
    CASE WHEN h.is_raw THEN h.rev WHEN h.list = '' THEN r.rev ELSE e.rev END,
    CASE WHEN h.is_raw THEN h.hash WHEN h.list = '' THEN r.hash ELSE e.hash END
FROM held_row h
LEFT JOIN record r ON h.list = '' AND r.id = h.id
LEFT JOIN entity e ON e.list = h.list AND e.id = h.id
WHERE h.scope = ? AND h.change = 'put'
"""
_CONFLICTS = """
SELECT h.list, h.id, h.rev,
    CASE WHEN h.is_raw THEN h.hash = '1' ELSE json_extract(c.doc, '$.decided_by') IS NOT NULL END
FROM held_row h LEFT JOIN conflict c ON c.id = h.id
WHERE h.scope = ? AND h.change = 'conflict' AND (h.is_raw OR c.id IS NOT NULL)
"""
# By an earlier reading, and by no scope's present one.
_MISSING = """
SELECT h.list, h.id FROM held_row h JOIN reading n ON n.scope = h.scope
WHERE h.scope = ?1 AND h.change = ?2 AND h.reading < n.number
AND NOT EXISTS (SELECT 1 FROM held_row o WHERE o.list = h.list AND o.id = h.id
    AND o.change = h.change AND o.scope <> h.scope)
"""


def note(db: Database, rows: Sequence[PulledRow]) -> None:
    """Remember what these rows bring and take; to be called before they are stored, since what one
    scope takes and another brings stays.
    """
    brought, taken, erased = [], [], []
    for row in rows:
        if row.change in ("put", "conflict"):
            brought.append((row.scope, *_named(row), row.rev, _hash(row)))
        elif row.change == "erase":
            erased.append((row.object.list or "", row.object.id))
        else:
            taken.append((row.scope, row.object.list or "", row.object.id))
    db.execute_many("DELETE FROM held_row WHERE list = ? AND id = ? AND change = 'put'", erased)
    db.execute_many(
        "DELETE FROM held_row WHERE scope = ? AND change = 'put' AND list = ? AND id = ?", taken
    )
    db.execute_many(_NOTE, brought)


def note_raw(db: Database, rows: Sequence[PulledRow]) -> None:
    """Those of the rows that were kept as they came are no more than that; to be called once they
    are stored.
    """
    asked = {(row.scope, row.scope_seq): row for row in rows if row.change in ("put", "conflict")}
    kept = db.rows(
        "SELECT k.scope, k.scope_seq FROM json_each(?) asked"
        " CROSS JOIN kept_row k ON k.scope = asked.value ->> 0 AND k.scope_seq = asked.value ->> 1",
        (msgspec.json.encode(list(asked)).decode(),),
    )
    db.execute_many(
        "UPDATE held_row SET is_raw = 1 WHERE scope = ? AND change = ? AND list = ? AND id = ?",
        [(scope, *_named(asked[scope, scope_seq])) for scope, scope_seq in kept],
    )


def _named(row: PulledRow) -> tuple[str, str, str]:
    """Change, list and id; a conflict is named by its own id."""
    doc = row.doc or {}
    what = row.object.id if row.change == "put" else str(doc.get("id", row.object.id))
    return row.change, row.object.list or "", what


def _hash(row: PulledRow) -> str:
    if row.change == "put":
        return row.hash or ""
    return str(int("decided_by" in (row.doc or {})))


def digest(db: Database, scope: str) -> str:
    """The digest of what this device has of a scope (`domain.digest`)."""
    return digest_of(_lines(db, scope))


def read_again(db: Database, scope: str) -> None:
    """The next pull reads this scope from its beginning, and whatever it brings is believed: a
    revision of no epoch is known to be of none.
    """
    db.execute("DELETE FROM cursor WHERE scope = ?", (scope,))
    held = "(SELECT id FROM held_row WHERE scope = ? AND change = 'put' AND list"
    db.execute(f"UPDATE record SET epoch = NULL WHERE id IN {held} = '')", (scope,))  # noqa: S608
    db.execute(
        f"UPDATE entity SET epoch = NULL WHERE id IN {held} = entity.list)",  # noqa: S608
        (scope,),
    )
    db.execute(
        "INSERT INTO reading (scope, number, is_open) VALUES (?, 1, 1)"
        " ON CONFLICT (scope) DO UPDATE SET number = number + 1, is_open = 1",
        (scope,),
    )


def read_all_again(db: Database) -> None:
    """The next pull reads every scope from its beginning."""
    for (scope,) in db.rows("SELECT scope FROM cursor UNION SELECT scope FROM held_row"):
        read_again(db, scope)


def end_reading(
    db: Database, scopes: Collection[str], *, spares_objects: bool
) -> tuple[ObjectRef, ...]:
    """A pull of these scopes has come to its end: of those that were read again, what it did not
    bring goes.

    spares_objects: conflicts alone go, and the readings stay open. So they do where more objects
    are missing than anybody deletes in a day: that is a server's mishap, and this may be the last
    copy. Returns the objects of which something goes, at once or once nothing waits on it any more.
    """
    gone: list[ObjectRef] = []
    for (scope,) in db.rows("SELECT scope FROM reading WHERE is_open = 1"):
        if scope in scopes:
            gone += _drop_conflicts(db, scope)
            if not spares_objects:
                gone += _evict(db, scope)
    return tuple(gone)


def only_in(db: Database, scope: str) -> tuple[tuple[str, str], ...]:
    """The objects (list, id) that this scope brought and no other; list is "" for a record."""
    rows = db.rows(
        "SELECT h.list, h.id FROM held_row h WHERE h.scope = ?1 AND h.change = 'put'"
        " AND NOT EXISTS (SELECT 1 FROM held_row o WHERE o.list = h.list AND o.id = h.id"
        " AND o.change = 'put' AND o.scope <> ?1)",
        (scope,),
    )
    return tuple((list_name, object_id) for list_name, object_id in rows)


def is_held(db: Database, list_name: str, object_id: str) -> bool:
    """Whether any scope brought the object and has not taken it again."""
    return (
        db.value(
            "SELECT 1 FROM held_row WHERE list = ? AND id = ? AND change = 'put'",
            (list_name, object_id),
        )
        is not None
    )


def forget_scope(db: Database, scope: str) -> None:
    """Nothing here was brought by this scope any more, and it is read from its beginning next."""
    for table in ("held_row", "reading", "cursor", "waiting_row"):
        db.execute(f"DELETE FROM {table} WHERE scope = ?", (scope,))  # noqa: S608 - named above


def _lines(db: Database, scope: str) -> Iterator[str]:
    for list_name, object_id, rev, hash_ in db.rows(_PUTS, (scope,)):
        if rev is not None:
            yield put_line(list_name, object_id, rev, hash_ or "")
    for list_name, conflict_id, rev, is_decided in db.rows(_CONFLICTS, (scope,)):
        yield conflict_line(list_name, conflict_id, rev, is_decided=bool(is_decided))


def _drop_conflicts(db: Database, scope: str) -> list[ObjectRef]:
    missing = [(conflict_id,) for _, conflict_id in db.rows(_MISSING, (scope, "conflict"))]
    of = [
        _ref(list_name or "", object_id)
        for asked in missing
        for list_name, object_id in db.rows(
            "SELECT list, object_id FROM conflict WHERE id = ?", asked
        )
    ]
    db.execute_many("DELETE FROM conflict WHERE id = ?", missing)
    _forget_earlier(db, scope, "conflict")
    return of


def _evict(db: Database, scope: str) -> list[ObjectRef]:
    missing = [(str(name), str(one)) for name, one in db.rows(_MISSING, (scope, "put"))]
    # What was written here and acknowledged is offered once more before it leaves: a server that
    # lost it takes it in again, and one that only moved it says so.
    operations.offer_again(db, [object_id for _, object_id in missing])
    held = db.count("SELECT count(*) FROM held_row WHERE scope = ? AND change = 'put'", (scope,))
    if len(missing) > max(_FEW, held * _SMALL_SHARE):
        return []
    evict(db, missing)
    _forget_earlier(db, scope, "put")
    db.execute("UPDATE reading SET is_open = 0 WHERE scope = ?", (scope,))
    return [_ref(list_name, object_id) for list_name, object_id in missing]


def _ref(list_name: str, object_id: str) -> ObjectRef:
    if list_name:
        return ObjectRef(type="entity", list=list_name, id=object_id)
    return ObjectRef(type="record", id=object_id)


def evict(db: Database, objects: Iterable[tuple[str, str]]) -> None:
    """Objects (list, id) leave this device as soon as nothing written here waits on them."""
    for list_name, object_id in objects:
        if list_name:
            db.execute(
                "UPDATE entity SET evicted = 1 WHERE list = ? AND id = ?", (list_name, object_id)
            )
        else:
            db.execute("UPDATE record SET evicted = 1 WHERE id = ?", (object_id,))


def _forget_earlier(db: Database, scope: str, change: str) -> None:
    db.execute(
        "DELETE FROM held_row WHERE scope = ?1 AND change = ?2"
        " AND reading < (SELECT number FROM reading WHERE scope = ?1)",
        (scope, change),
    )
