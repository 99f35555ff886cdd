"""정정 요청 on the device (formats F7): what reached a locked record waits for who may lock it.

The server keeps such a change beside the record as a conflict; whether one is a 정정 요청 is read
off the state of its record. To everybody else it is nothing to decide.
"""

from __future__ import annotations

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
    forms = conflicts.forms_of_open(db)
    found: list[tuple[StoredConflict, bool]] = []
    for kept in conflicts.open_conflicts(db):
        workflow = _locked_workflow(session, *forms.get(kept.object.id, (None, "")))
        if workflow is None or may_correct(workflow, session.worker.roles):
            found.append((kept, workflow is not None))
    return tuple(sorted(found, key=lambda one: one[1]))


def _locked_workflow(session: Session, form: FormRef | None, state: str) -> Workflow | None:
    """The workflow of a record that is locked; None of any other."""
    if form is None:
        return None
    try:
        workflow = session.catalogue.find(form).plans.workflow
    except PackMissing:
        return None
    return workflow if is_locked(workflow, state) else None


__all__ = ["to_decide"]
