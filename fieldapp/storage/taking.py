"""Rows of a pull that take something off this device: where they are many, they wait until a person
agreed.

An emptied or misled server looks just like one from which somebody moved everything (sync §3): what
it takes at once may be the last copy. What a later row brings back was never taken. An erasure
never waits: the law asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from fieldapp.domain.exchange import PulledRow
from fieldapp.storage.sqlite import Database, Row

#: So many objects may leave in one pull, or this share of what is here, before somebody is asked.
FEW = 20
SMALL_SHARE = 0.05

# What is here and would not be here any more: deleted, or of no other scope that brought it.
_LEAVING = """
SELECT DISTINCT w.list, w.id FROM waiting_row w
WHERE CASE WHEN w.list = ''
    THEN EXISTS (SELECT 1 FROM record r WHERE r.id = w.id AND r.deleted = 0 AND r.evicted = 0)
    ELSE EXISTS (SELECT 1 FROM entity e
        WHERE e.list = w.list AND e.id = w.id AND e.deleted = 0 AND e.evicted = 0) END
AND (w.doc ->> '$.change' = 'del'
    OR NOT EXISTS (SELECT 1 FROM held_row h WHERE h.list = w.list AND h.id = w.id
        AND h.change = 'put' AND h.scope NOT IN
        (SELECT o.scope FROM waiting_row o WHERE o.list = w.list AND o.id = w.id)))
"""
_HARMLESS = f"FROM waiting_row WHERE (list, id) NOT IN ({_LEAVING})"
_HERE = (
    "SELECT (SELECT count(*) FROM record WHERE deleted = 0 AND evicted = 0)"
    " + (SELECT count(*) FROM entity WHERE deleted = 0 AND evicted = 0)"
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """How much the server wants to take off this device at once."""

    records: int
    entities: int


def keep_back(
    db: Database, rows: Sequence[PulledRow], taken_before: int
) -> tuple[tuple[PulledRow, ...], int]:
    """The rows of a page that may be stored now, and how much this pull has taken with them.

    taken_before: how much its earlier pages took. Where it becomes more than few, those rows of the
    page wait that take something, and so do those of later pages until somebody agreed. Whatever a
    later row brings back does not wait to be taken any more.
    """
    is_any = _is_any(db)
    taking = [row for row in rows if row.change in ("del", "evict")]
    if not taking and not is_any:
        return tuple(rows), taken_before
    passed: list[PulledRow] = []
    for row in rows:
        if row.change in ("del", "evict"):
            _wait(db, row)
            continue
        if row.change == "put":
            db.execute(
                "DELETE FROM waiting_row WHERE scope = ? AND list = ? AND id = ? AND rev <= ?",
                (*_named(row), row.rev),
            )
        elif row.change == "erase":
            db.execute("DELETE FROM waiting_row WHERE list = ? AND id = ?", _named(row)[1:])
        passed.append(row)
    if is_any:
        return tuple(passed), taken_before
    taken = taken_before + db.count(f"SELECT count(*) FROM ({_LEAVING})")  # noqa: S608 - a constant
    if taken > max(FEW, db.count(_HERE) * SMALL_SHARE):
        return tuple(passed), taken
    # As they came: what took and what brought again is in its order.
    db.execute("DELETE FROM waiting_row")
    return tuple(rows), taken


def harmless(db: Database) -> tuple[PulledRow, ...]:
    """To be called at the end of a pull: those waiting rows that take nothing off this device,
    since another scope brought it meanwhile, or it is not here any more. They wait no more.
    """
    if not _is_any(db):
        return ()
    rows = db.rows(f"SELECT doc {_HARMLESS} ORDER BY scope, scope_seq")
    db.execute(f"DELETE {_HARMLESS}")
    return _read(rows)


def let_go(db: Database) -> tuple[PulledRow, ...]:
    """All waiting rows, in their order, whatever they take. They wait no more."""
    rows = db.rows("SELECT doc FROM waiting_row ORDER BY scope, scope_seq")
    db.execute("DELETE FROM waiting_row")
    return _read(rows)


def leaving(db: Database) -> Leaving | None:
    """What waits for somebody to agree; None when nothing does."""
    if not _is_any(db):
        return None
    lists = [list_name for list_name, _ in db.rows(_LEAVING)]
    return Leaving(records=lists.count(""), entities=len(lists) - lists.count(""))


def scopes(db: Database) -> frozenset[str]:
    """The scopes of which more is here than their server has, until somebody agreed."""
    return frozenset(scope for (scope,) in db.rows("SELECT DISTINCT scope FROM waiting_row"))


def forget(db: Database) -> None:
    """The server began another life: what it brings again is here to stay, and what it does not
    bring goes by that.
    """
    db.execute("DELETE FROM waiting_row")


def _wait(db: Database, row: PulledRow) -> None:
    db.execute(
        "INSERT OR REPLACE INTO waiting_row (scope, list, id, scope_seq, rev, doc)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*_named(row), row.scope_seq, row.rev, msgspec.json.encode(row).decode()),
    )


def _read(rows: Sequence[Row]) -> tuple[PulledRow, ...]:
    return tuple(msgspec.json.decode(doc, type=PulledRow) for (doc,) in rows)


def _is_any(db: Database) -> bool:
    return db.value("SELECT 1 FROM waiting_row LIMIT 1") is not None


def _named(row: PulledRow) -> tuple[str, str, str]:
    return row.scope, row.object.list or "", row.object.id
