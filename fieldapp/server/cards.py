"""Cards anew when a newer form marks other properties (survey column `card`, formats F8).

A card is laid beside its entity whenever that changes; what a newer form lets it show, or no longer
lets it show, would come about with the entity's next change only. This brings it about now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import psycopg

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.record import document_hash
from fieldapp.domain.shapes import encode, read
from fieldapp.server.database import Connection, Pool, transaction_of
from fieldapp.server.rows import Change, object_ref, write_changes
from fieldapp.server.scopes import card_of

# Entities of a home scope first, as every write locks them.
_SHOWN = """
    select e.list, e.id::text, e.rev, e.doc, s.scope, s.card_hash
    from fieldapp.entity e
    join fieldapp.object_scope s on s.object_id = e.id and s.list = e.list
    where e.scope = %s and not e.deleted and s.view = 'card' and s.until_rev is null
    order by e.list, e.id, s.scope for update of e
"""
_LAY = """
    update fieldapp.object_scope set card = %s::jsonb, card_hash = %s
    where object_id = %s and list = %s and scope = %s and view = 'card' and until_rev is null
"""


def members(owner: psycopg.Connection) -> Mapping[str, str]:
    """Somebody who belongs to it, by scope: in whose name its cards are made."""
    rows = owner.execute(
        "select scope, min(account) from fieldapp.membership group by scope order by scope"
    ).fetchall()
    return dict(rows)


def refresh(
    pool: Pool, by_scope: Mapping[str, str], marked: Callable[[str], Collection[str]]
) -> int:
    """Lay every card that would show something else now, and tell who sees it; returns how many.

    marked: the properties that a card of a list shows. A scope at a time, each in a transaction.
    """
    return sum(_refresh(pool, scope, account, marked) for scope, account in by_scope.items())


def _refresh(pool: Pool, home: str, account: str, marked: Callable[[str], Collection[str]]) -> int:
    with transaction_of(pool, account, judging=True) as connection:
        changes = [
            Change(scope, of, rev)
            for of, rev, doc, scope, before in _shown(connection, home)
            if _lay(connection, of, scope, card_of(doc, marked(of.list or "")), before)
        ]
        write_changes(connection, changes)
    return len(changes)


def _shown(
    connection: Connection, home: str
) -> list[tuple[ObjectRef, int, EntityDoc, str, str | None]]:
    rows = connection.execute(_SHOWN, [home]).fetchall()
    return [
        (object_ref(object_id, list_name), rev, read(EntityDoc, doc), scope, card_hash)
        for list_name, object_id, rev, doc, scope, card_hash in rows
    ]


def _lay(
    connection: Connection, of: ObjectRef, scope: str, card: EntityDoc, before: str | None
) -> bool:
    """Whether it shows something else than it did."""
    after = document_hash(card)
    if after == before:
        return False
    connection.execute(_LAY, [encode(card).decode(), after, of.id, of.list, scope])
    return True
