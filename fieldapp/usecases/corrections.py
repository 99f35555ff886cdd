"""정정 요청 on the device (formats F7): what reached a locked record waits for who may lock it.

The server keeps such a change beside the record as a conflict; whether one is a 정정 요청 is read
off the state of its record. To everybody else it is nothing to decide.
"""

from __future__ import annotations

from fieldapp.domain.plans import Workflow
from fieldapp.domain.workflow import is_locked, may_correct
from fieldapp.errors import PackMissing
from fieldapp.storage import conflicts, records
from fieldapp.storage.conflicts import StoredConflict
from fieldapp.storage.database import Database
from fieldapp.usecases.session import Session


def is_correction(session: Session, db: Database, kept: StoredConflict) -> bool:
    """Whether a conflict asks for a change of a record that is locked."""
    return _workflow_of_locked(session, db, kept) is not None


def to_decide(session: Session, db: Database) -> tuple[StoredConflict, ...]:
    """The open conflicts that this worker may decide: those of two people's changes first, then
    what was asked of locked records.
    """
    found: list[StoredConflict] = []
    asked: list[StoredConflict] = []
    for kept in conflicts.open_conflicts(db):
        workflow = _workflow_of_locked(session, db, kept)
        if workflow is None:
            found.append(kept)
        elif may_correct(workflow, session.worker.roles):
            asked.append(kept)
    return (*found, *asked)


def _workflow_of_locked(session: Session, db: Database, kept: StoredConflict) -> Workflow | None:
    if kept.object.type != "record" or not records.exists(db, kept.object.id):
        return None
    doc = records.find(db, kept.object.id).doc
    try:
        workflow = session.catalogue.find(doc.form).plans.workflow
    except PackMissing:
        return None
    return workflow if is_locked(workflow, doc.state) else None


__all__ = ["is_correction", "to_decide"]
