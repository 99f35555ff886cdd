"""A record 기록: a filled form, its kind, subject, state and revisions (formats F10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fieldapp.domain.canonical import canonical_hash, shape_hash
from fieldapp.domain.operation import FormRef, Subject
from fieldapp.domain.scalars import (
    AnswerPath,
    AnswerText,
    Digest,
    Instant,
    Name,
    Path,
    Revision,
    check_instants,
)
from fieldapp.domain.shapes import Shape

RecordKind = Literal[
    "visit", "survey", "checklist", "register", "case",
    "referral", "meeting", "application", "log", "performance",
]  # fmt: skip
#: A record's answers: one flat object of texts (F1).
Answers = dict[AnswerPath, AnswerText]
#: How many revision headers a document carries (formats, History).
HISTORY_HEADERS = 20
_HISTORY = frozenset({"history"})


class RevisionHeader(Shape, frozen=True, kw_only=True):
    """Who made a revision, when, into which state, and which paths it touched."""

    rev: Revision
    who: Name
    when: Instant
    state: Name
    paths: tuple[Path, ...] = ()
    reason: AnswerText | None = None

    def __post_init__(self) -> None:
        check_instants(self.when)


class Signature(Shape, frozen=True, kw_only=True):
    """Who signed for which seat; the hash is of the answers it covers (F6).

    same_device: given with a PIN on the screen of the one who wrote (`같은 기기`).
    """

    by: Name
    at: Instant
    part: Name
    hash: Digest
    same_device: bool = False

    def __post_init__(self) -> None:
        check_instants(self.at)


class RecordDoc(Shape, frozen=True, kw_only=True):
    """The document of a record as push and pull carry it."""

    form: FormRef
    kind: RecordKind
    scope: Name
    state: Name
    author: Name
    created: Instant
    updated: Instant
    answers: Answers
    subject: Subject | None = None
    signatures: tuple[Signature, ...] = ()
    history: tuple[RevisionHeader, ...] = ()

    def __post_init__(self) -> None:
        check_instants(self.created, self.updated)


def document_hash(doc: Shape | Mapping[str, Any]) -> str:
    """sha256 of the canonical document without its history (F10)."""
    if isinstance(doc, Shape):
        return shape_hash(doc, without=_HISTORY)
    return canonical_hash({name: value for name, value in doc.items() if name not in _HISTORY})


__all__ = [
    "HISTORY_HEADERS", "AnswerText", "Answers", "RecordDoc", "RecordKind", "RevisionHeader",
    "Signature", "document_hash",
]  # fmt: skip
