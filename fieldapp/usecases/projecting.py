"""통계 준비: what was received becomes columns, a slice a transaction, so that a save goes between.

Where it stands is in the store itself: a lock or a killed process between two slices loses none.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.storage import answers
from fieldapp.usecases.exchange import projections_of
from fieldapp.usecases.session import Session

#: What a save may have to wait behind: less than a blink of the storage lane.
SLICE_RECORDS = 100


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice did. waiting: records that are still to be projected."""

    done: int
    waiting: int


def project_slice(session: Session) -> Slice:
    """Project up to SLICE_RECORDS records that wait. Raises StoreFull, StoreLocked."""
    done = answers.project_due(session.store, projections_of(session.catalogue), SLICE_RECORDS)
    with session.store.reading() as db:
        return Slice(done, answers.due_count(db))
