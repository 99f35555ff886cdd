"""정정 요청 on the device (formats F7): what reached a locked record waits for who may lock it.

The server keeps such a change beside the record as a conflict; whether one is a 정정 요청 is read
off the state of its record. To everybody else it is nothing to decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.ids import ConflictId
from fieldapp.domain.operation import FormRef
from fieldapp.domain.plans import Workflow
from fieldapp.domain.workflow import is_locked, may_correct
from fieldapp.errors import PackMissing
from fieldapp.storage import conflicts
from fieldapp.storage.conflicts import StoredConflict
from fieldapp.storage.database import Database
from fieldapp.usecases.session import Session


def to_decide(session: Session, db: Database) -> tuple[tuple[StoredConflict, bool], ...]:
    """The open conflicts that this worker may decide, each with whether it is a 정정 요청: those of
    two people's changes first, then what was asked of locked records.
    """
    found = [
        (kept, workflow is not None)
        for kept, workflow in _open(session, db)
        if workflow is None or may_correct(workflow, session.worker.roles)
    ]
    return tuple(sorted(found, key=lambda one: one[1]))


def asked_of_others(session: Session, db: Database) -> frozenset[ConflictId]:
    """The open 정정 요청 that this worker's own changes became and that somebody else decides."""
    return frozenset(
        kept.conflict_id
        for kept, workflow in _open(session, db)
        if workflow is not None
        and not may_correct(workflow, session.worker.roles)
        and kept.doc.theirs_author == session.worker.name
    )


def _open(session: Session, db: Database) -> Iterator[tuple[StoredConflict, Workflow | None]]:
    """Each open conflict with the workflow of its record, where that is locked."""
    forms = conflicts.forms_of_open(db)
    for kept in conflicts.open_conflicts(db):
        yield kept, _locked_workflow(session, *forms.get(kept.object.id, (None, "")))


def _locked_workflow(session: Session, form: FormRef | None, state: str) -> Workflow | None:
    """The workflow of a record that is locked; None of any other."""
    if form is None:
        return None
    try:
        workflow = session.catalogue.find(form).plans.workflow
    except PackMissing:
        return None
    return workflow if is_locked(workflow, state) else None


__all__ = ["asked_of_others", "to_decide"]
