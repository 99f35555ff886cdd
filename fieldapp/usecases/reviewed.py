"""What a reviewer looks at a record beside: its answers when somebody but its author last stepped.

Headers say which revision that was, on every laptop the same; its answers are the present ones with
everything undone that later revisions changed. Those are fetched within a round, for the records
that wait for this worker, so that a review needs no network (formats, Rules: History).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from fieldapp.domain.history import PastRevision
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import PatchLine
from fieldapp.domain.record import Answers
from fieldapp.domain.scalars import is_instance
from fieldapp.domain.workflow import SERVER
from fieldapp.errors import ExchangeTrouble, MalformedMessage, RecordMissing
from fieldapp.storage import records, revisions
from fieldapp.storage.database import Database
from fieldapp.storage.records import StoredRecord
from fieldapp.sync.connection import Connection
from fieldapp.usecases.history import fetch_over
from fieldapp.usecases.session import Session


def answers_before(db: Database, stored: StoredRecord) -> Mapping[str, str] | None:
    """The answers that were last looked at by a step; None where none was, or what changed since
    is not on this device: then what this laptop itself kept at a step of its own.
    """
    kept = records.reviewed_answers(db, stored.record_id)
    if stored.server_doc is None or (kept is not None and stored.base.op is not None):
        # A step that was taken here and that nobody has heard of yet is the last one.
        return kept
    known = revisions.of_record(db, stored.record_id)
    rev = seen_revision(known, stored.doc.author)
    if rev is None:
        return kept
    before = answers_at(stored.server_doc.answers, known, rev, stored.rev)
    return kept if before is None else before


def seen_revision(known: Sequence[PastRevision], author: str) -> int | None:
    """The newest revision in which somebody but the author, and no rule, took a step.

    known: newest first.
    """
    by_rev = {one.rev: one for one in known}
    for one in known:
        earlier = by_rev.get(one.rev - 1)
        if one.who not in (author, SERVER) and earlier is not None and earlier.state != one.state:
            return one.rev
    return None


def answers_at(
    present: Mapping[str, str], known: Iterable[PastRevision], rev: int, newest: int
) -> Answers | None:
    """The answers at a revision, from those at the newest; None unless every later one is known."""
    later = {one.rev: one.lines for one in known if one.rev > rev}
    answers = dict(present)
    for number in range(newest, rev, -1):
        lines = later.get(number)
        if lines is None:
            return None
        for line in lines:
            _undo(answers, line)
    return answers


def fetch_reviewed(
    session: Session,
    connection: Connection,
    record_ids: Iterable[RecordId],
    cancelled: Callable[[], bool],
) -> int:
    """Fetch what `answers_before` needs for these records; for how many something came.

    A line that breaks here breaks no round: what is missing is asked for again in the next one.
    """
    fetched = 0
    for record_id in record_ids:
        if cancelled():
            break
        with session.store.reading() as db:
            stored = records.find(db, record_id)
            known = revisions.of_record(db, record_id)
        rev = seen_revision(known, stored.doc.author)
        if rev is None or all(lack <= rev for lack in revisions.lacking(known, stored.rev)):
            continue
        try:
            fetched += fetch_over(session, connection, record_id) > 0
        except RecordMissing:
            continue
        except (ExchangeTrouble, MalformedMessage):
            break
    return fetched


def _undo(answers: Answers, line: PatchLine) -> None:
    if line.path.startswith("@"):
        return
    if is_instance(line.path):
        inside = msgspec.json.decode(line.old or "{}", type=dict[str, str])
        answers |= {f"{line.path}/{name}": text for name, text in inside.items()}
    elif line.old is None:
        answers.pop(line.path, None)
    else:
        answers[line.path] = line.old
