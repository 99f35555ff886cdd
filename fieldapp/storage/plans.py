"""Whom a worker means to see on a day: the plan of 오늘, nobody's business but this laptop's."""

from __future__ import annotations

from datetime import date

from fieldapp.domain.ids import EntityId
from fieldapp.storage.sqlite import Database


def of_day(db: Database, day: date) -> tuple[EntityId, ...]:
    """The entities planned for a day, in the order in which they were put there."""
    rows = db.rows("SELECT entity_id FROM plan WHERE day = ? ORDER BY position", (day.isoformat(),))
    return tuple(EntityId(entity_id) for (entity_id,) in rows)


def toggle(db: Database, day: date, list_name: str, entity_id: str) -> bool:
    """Put an entity at the end of a day's plan, or take it out; returns whether it is in now."""
    on = day.isoformat()
    if db.execute(
        "DELETE FROM plan WHERE day = ? AND list = ? AND entity_id = ?", (on, list_name, entity_id)
    ):
        return False
    db.execute(
        "INSERT INTO plan (day, list, entity_id, position) SELECT ?1, ?2, ?3,"
        " 1 + coalesce(max(position), 0) FROM plan WHERE day = ?1",
        (on, list_name, entity_id),
    )
    return True
