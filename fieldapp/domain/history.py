"""Older revisions of a record, as they are fetched on demand (formats, Rules that follow: History).

A document carries the headers of its last twenty revisions. Whoever asks gets every one, with what
it changed; a revision never changes, so what was fetched once is kept.
"""

from __future__ import annotations

from itertools import pairwise

from fieldapp.domain.operation import PatchLine
from fieldapp.domain.record import RevisionHeader
from fieldapp.domain.scalars import Uuid
from fieldapp.domain.shapes import Shape


class PastRevision(RevisionHeader, frozen=True, kw_only=True):
    """A revision and, against the one before it, what it changed: answers by path, `@subject`.

    lines: () for a step that changed none; None where they are not known (only the header came
    with a document, or the revision before it is not for this reader).
    """

    lines: tuple[PatchLine, ...] | None = None


class HistoryReply(Shape, frozen=True, kw_only=True):
    """`GET /sync/v1/history/{record}?before=REV`: revisions below `before`, newest first.

    more: there are older ones; ask again with the last revision as `before`.
    """

    epoch: Uuid
    record: Uuid
    revisions: tuple[PastRevision, ...]
    more: bool

    def __post_init__(self) -> None:
        revs = [revision.rev for revision in self.revisions]
        if any(older >= newer for newer, older in pairwise(revs)):
            raise ValueError("revisions come newest first, each once")
        if self.more and not revs:
            raise ValueError("a page before more is not empty")
