"""Remarks: what a finished record says now that its own form would not have let past (formats F5).

Two people amend different answers, each rightly, and together they break a rule of the form. The
server merges and refuses nothing; that it does not fit is told to whoever looks at the record. A
remark is a function of the form's version and the merged answers, so it is sent nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from fieldapp.clock import KOREA
from fieldapp.domain.ids import RecordId
from fieldapp.domain.plans import Workflow
from fieldapp.domain.record import HISTORY_HEADERS, RecordDoc, RevisionHeader
from fieldapp.domain.workflow import RECORD, steps_from
from fieldapp.errors import PackMissing
from fieldapp.packs import open_form
from fieldapp.usecases.session import Session, surroundings
from fieldapp.usecases.steps import causes_entities, has_caused_entities


def remarks(session: Session, record_id: RecordId, doc: RecordDoc) -> Mapping[str, str]:
    """Path → the sentence that the form would say there, in the form's order.

    Empty for a record that is still being worked on, for one that was written in one go (its form
    has looked at all of it) and for one whose form version is not on this device. The form is asked
    as the server runs it after a merge: without lists, so that what it once looked up stays, and on
    the day of the last answer. Whose breach it is is not told apart.
    """
    if not _is_rewritten(doc):
        return {}
    try:
        pack = session.catalogue.find(doc.form)
    except PackMissing:
        return {}
    if not is_finished(pack.plans.workflow, doc.state):
        return {}
    at = _last_answered(doc)
    asked = replace(surroundings(session, record_id), now=lambda: at)
    return {one.path: one.message for one in open_form(pack, asked, doc.answers).violations()}


def is_finished(workflow: Workflow, state: str) -> bool:
    """Whether somebody has finished a record in this state, all parts of it, and nobody is to
    finish it again: it has come past the step that completes the form (완료, 확인, 서명 전; neither
    예정 nor 보완 요청). Where none does, the states that nothing leads out of.
    """
    steps = [step for step in workflow.steps if step.object == RECORD]
    if any(causes_entities(workflow, step) for step in steps):
        return has_caused_entities(workflow, [state])
    return not steps_from(workflow, state)


def _is_rewritten(doc: RecordDoc) -> bool:
    """Whether answers came in more than one revision; headers tell of the last twenty."""
    return len(doc.history) >= HISTORY_HEADERS or sum(map(_has_answers, doc.history)) > 1


def _last_answered(doc: RecordDoc) -> datetime:
    """When an answer was last given, in Korea: what is laid here is newer than every header."""
    updated = _moment(doc.updated)
    if all(_moment(header.when) < updated for header in doc.history):
        return updated
    return max((_moment(one.when) for one in doc.history if _has_answers(one)), default=updated)


def _has_answers(header: RevisionHeader) -> bool:
    return any(not path.startswith("@") for path in header.paths)


def _moment(instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(KOREA)
