"""Letting go of operations that settled: the server has them, and so has its backup.

They are kept two weeks longer, for a server that is restored from an older backup than the newest
(`operations.begin_epoch`). What is written here since stands in documents, not in operations.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from fieldapp.storage.sqlite import Database

KEPT_FOR = timedelta(days=14)
#: There is a later one of the same name: the newest tells which number is the next (F3).
HAS_LATER = (
    " EXISTS (SELECT 1 FROM operation later WHERE later.replica = operation.replica"
    " AND later.incarnation = operation.incarnation AND later.seq > operation.seq)"
)
# Not what an open one builds on, nor what no pulled document includes yet, nor what names a file
# that the server lacks.
_OLD = (
    "SELECT position FROM operation WHERE op_state = 'settled' AND acked_at < ?1 AND"  # noqa: S608
    + HAS_LATER
    + " AND NOT EXISTS (SELECT 1 FROM operation open WHERE open.base_op = operation.op_id"
    " AND open.op_state <> 'settled')"
    " AND NOT EXISTS (SELECT 1 FROM record WHERE id = operation.object_id"
    " AND (server_doc IS NULL OR rev < operation.rev))"
    " AND NOT EXISTS (SELECT 1 FROM operation_entity t JOIN entity e USING (list, id)"
    " WHERE t.position = operation.position AND (e.server_doc IS NULL OR e.rev < t.rev))"
    " AND NOT EXISTS (SELECT 1 FROM blob WHERE blob_state = 'waiting'"
    " AND instr(operation.doc, blob.name) > 0)"
)


def thin(db: Database, now: datetime) -> int:
    """Forget what settled and was acknowledged more than KEPT_FOR ago; returns how many."""
    # Instants of one clock and one zone: they sort as texts.
    before = (now - KEPT_FOR).isoformat()
    old = db.rows(_OLD, (before,))
    db.execute_many("DELETE FROM operation_entity WHERE position = ?", old)
    db.execute_many("DELETE FROM operation WHERE position = ?", old)
    return len(old)
