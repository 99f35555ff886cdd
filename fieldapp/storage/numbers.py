"""The official numbers that the server gave to entities which are here."""

from __future__ import annotations

import re

from fieldapp.domain.numbers import KnownNumber
from fieldapp.storage.sqlite import Database

#: What a register had before it was brought into this system may look otherwise.
_DRAWN = re.compile(r"[0-9]{4}-[1-9][0-9]{0,8}")


def known(db: Database) -> tuple[KnownNumber, ...]:
    """By list and id; those that the server drew, and no other."""
    rows = db.rows(
        "SELECT list, id, scope, number FROM (SELECT list, id, scope,"
        " json_extract(server_doc, '$.props.no') AS number FROM entity"
        " WHERE server_doc IS NOT NULL AND deleted = 0) WHERE number IS NOT NULL ORDER BY list, id"
    )
    return tuple(
        KnownNumber(list=list_name, id=entity_id, scope=scope, number=number)
        for list_name, entity_id, scope, number in rows
        if _DRAWN.fullmatch(number)
    )
