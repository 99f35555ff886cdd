"""What leaves this device with a scope that its account belongs to no more (formats F8).

Only what that scope alone brought, or what was made here for it. What another scope brought too may
be no more than a card there: that one is read again. Nothing that is not answered is
taken: an object leaves once every operation on it has its receipt, and one that the server refused
stays with what was written (`pulled.drop_evicted`).
"""

from __future__ import annotations

from collections.abc import Collection

from fieldapp.storage import held_rows, pulled
from fieldapp.storage.sqlite import Database

#: Made here for the scope, and by no scope brought: its list ("" for a record) and id.
_MADE_HERE = """
SELECT '', id FROM record WHERE scope = ?1 AND NOT EXISTS (SELECT 1 FROM held_row h
    WHERE h.list = '' AND h.id = record.id AND h.change = 'put')
UNION ALL
SELECT list, id FROM entity WHERE scope = ?1 AND NOT EXISTS (SELECT 1 FROM held_row h
    WHERE h.list = entity.list AND h.id = entity.id AND h.change = 'put')
"""

_ALSO_BY = """
SELECT DISTINCT o.scope FROM held_row h
JOIN held_row o ON o.list = h.list AND o.id = h.id AND o.change = 'put' AND o.scope <> h.scope
WHERE h.scope = ? AND h.change = 'put'
"""


def keep_scopes(db: Database, scopes: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Let go of every scope but these; returns the objects (list, id) that leave with them."""
    pulled_from = db.rows("SELECT scope FROM cursor UNION SELECT scope FROM held_row")
    leaving: list[tuple[str, str]] = []
    again: set[str] = set()
    for (scope,) in pulled_from:
        if scope not in scopes:
            leaving += held_rows.only_in(db, scope)
            again.update(one for (one,) in db.rows(_ALSO_BY, (scope,)) if one in scopes)
            held_rows.forget_scope(db, scope)
            leaving += [(str(name), str(one)) for name, one in db.rows(_MADE_HERE, (scope,))]
            db.execute("DELETE FROM kept_row WHERE scope = ?", (scope,))
    for scope in sorted(again):
        held_rows.read_again(db, scope)
    if leaving:
        leaving = list(dict.fromkeys(leaving))
        held_rows.evict(db, leaving)
        pulled.drop_evicted(db)
    return tuple(leaving)
