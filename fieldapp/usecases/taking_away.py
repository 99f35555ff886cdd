"""거두기: what the server wants off this device, where it is more than anybody moves in a day."""

from __future__ import annotations

from fieldapp.domain.ids import EntityId, RecordId
from fieldapp.domain.operation import Changes
from fieldapp.storage import held_rows, meta, pulled, taking
from fieldapp.storage.taking import Leaving
from fieldapp.usecases.access_log import note
from fieldapp.usecases.backup_places import back_up_both
from fieldapp.usecases.session import Session


def leaving(session: Session) -> Leaving | None:
    """What waits for somebody to agree that it leaves; None when nothing does."""
    with session.store.reading() as db:
        return taking.leaving(db)


def let_go(session: Session) -> Changes:
    """Let it leave, once a backup holds it. What is unsent of it stays until it is sent.

    Raises what keeps a backup from being made (`back_up_both`): then nothing leaves.
    """
    # Today's may have been made before this came or was written here.
    back_up_both(session)
    with session.store.writing() as db:
        rows = taking.let_go(db)
        held_rows.note(db, rows)
        changed = pulled.accept_all(db, rows, meta.epoch(db) or "", lambda _: False)
        pulled.drop_evicted(db)
        note(session, db, "delete", detail={"page": "leaving", "count": len(rows)})
    return Changes(
        records=frozenset(RecordId(row.object.id) for row in changed if row.object.list is None),
        entities=frozenset(EntityId(row.object.id) for row in changed if row.object.list),
        conflicts=True,
    )


__all__ = ["Leaving", "leaving", "let_go"]
