"""What was passed on from here and is in no pulled revision yet: moves and shares of entities (F8).

A move says nothing of its object's document, so that what was sent away stands here as it did until
the server takes it; lists leave it out meanwhile. Shares stand in no document at all: this device
knows of its own, and asks the server for those of others.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.entity import SHARE
from fieldapp.storage import operations
from fieldapp.storage.sqlite import Database

# The two are indexes of their own: everything else this device ever wrote is passed over.
_MOVES = """
SELECT t.id, o.doc ->> '$.scope' FROM (
    SELECT position FROM operation WHERE op_state IN ('new', 'sent')
    UNION ALL SELECT position FROM operation WHERE op_state = 'acked'
) open
CROSS JOIN operation o ON o.position = open.position AND o.kind = 'move'
CROSS JOIN operation_entity t ON t.position = o.position AND t.list = ?
CROSS JOIN entity e ON e.list = t.list AND e.id = t.id
WHERE t.rev IS NULL OR t.rev > e.rev
ORDER BY o.position
"""


def homes_to_be(db: Database, list_name: str) -> Mapping[str, str]:
    """Where the entities of a list will be at home that were moved here, by id: by the newest move,
    where no pulled revision includes it.
    """
    return dict(db.rows(_MOVES, (list_name,)))


def own_shares(
    db: Database, list_name: str, entity_id: str, *, after_rev: int | None = None
) -> Mapping[str, str | None]:
    """By scope how this device last let it see an entity (`full`, `card`); None: no more.

    after_rev: only what the server's revision of that number does not include. What settled is in
    every revision; in another life of the server it has lost its number.
    """
    found: dict[str, str | None] = {}
    for one in operations.for_entity(db, list_name, entity_id):
        if one.state == "quarantined" or one.status == "rejected":
            continue
        if after_rev is not None and (
            one.state == "settled" or (one.rev is not None and one.rev <= after_rev)
        ):
            continue
        for line in one.operation.patch:
            if line.path == SHARE:
                sees, _, scope = (line.new or line.old or "").partition(" ")
                found.pop(scope, None)
                found[scope] = sees if line.new is not None else None
    return found
