"""The operation: one immutable change (formats F3), and what a view is told of it.

Everything that changes is an operation; outbox, audit, undo, merge and USB bundles are that one
list. An operation is immutable from commit on; undo is another operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from fieldapp.domain.canonical import canonical_json, shape_hash
from fieldapp.domain.ids import EntityId, OperationId, RecordId, ReplicaId, ScopeId
from fieldapp.domain.scalars import (
    AnswerText,
    Counting,
    Instant,
    Name,
    Path,
    Revision,
    Signed,
    Uuid,
    Uuid7,
    check_instants,
    is_instance,
)
from fieldapp.domain.shapes import Shape

OperationKind = Literal["create", "change", "move", "delete", "resolve"]
#: An operation's life on the device (F3).
OperationState = Literal["new", "sent", "acked", "settled", "quarantined"]
#: What the server made of it (F3).
ReceiptStatus = Literal["applied", "merged", "conflict", "duplicate", "held", "rejected"]

#: What a restore may give an operation anew.
_RENUMBERED = frozenset({"replica", "seq"})
#: The answer that names the record, the same in every revision (F1).
INSTANCE_ID = "meta/instanceID"


class FormRef(Shape, frozen=True, kw_only=True):
    """A form and the version that fixed the record for life."""

    id: Name
    version: Name


class ObjectRef(Shape, frozen=True, kw_only=True):
    """What the operation changes; `list` on entities only."""

    type: Literal["record", "entity"]
    id: Uuid
    list: Name | None = None

    def __post_init__(self) -> None:
        if (self.list is None) == (self.type == "entity"):
            raise ValueError("an entity, and only an entity, is of a list")


class Subject(Shape, frozen=True, kw_only=True):
    """Whom a record is about: an entity of a list (F9)."""

    list: Name
    id: Uuid


class Base(Shape, frozen=True, kw_only=True):
    """What the worker saw: the server's revision or one's own earlier operation, never both."""

    rev: Revision | None = None
    op: Uuid | None = None

    def __post_init__(self) -> None:
        if (self.rev is None) == (self.op is None):
            raise ValueError("a base is one of rev and op")


class PatchLine(Shape, frozen=True, kw_only=True):
    """One path and its lexical values before and after; an absent value has no key (F1, F3).

    Removing a repeat instance is one line (F2): its path, and as `old` the canonical JSON of its
    answers, keyed by their paths below the instance.
    """

    path: Path
    old: AnswerText | None = None
    new: AnswerText | None = None

    def __post_init__(self) -> None:
        if is_instance(self.path) and (self.old is None or self.new not in (None, self.old)):
            raise ValueError("a repeat instance is removed whole or left, and never set")


class Transition(Shape, frozen=True, kw_only=True):
    """A step of the workflow, and the revision the worker had seen when taking it (F7)."""

    to: Name
    seen_rev: Revision


class ClockStamp(Shape, frozen=True, kw_only=True):
    """How far the device's clock was known to be off, and which boot it counted in."""

    offset_ms: Signed
    boot_id: Name


class PropertyChange(Shape, frozen=True, kw_only=True):
    """An entity property before and after."""

    old: AnswerText | None = None
    new: AnswerText | None = None

    def __post_init__(self) -> None:
        if self.old == self.new:
            raise ValueError("a property change changes something")


class Effect(Shape, frozen=True, kw_only=True):
    """An entity change that a form causes, carried inside the record's operation (F4)."""

    list: Name
    id: Uuid
    set: dict[str, PropertyChange]
    base: Base | None = None
    create: bool = False

    def __post_init__(self) -> None:
        if self.create == (self.base is not None):
            raise ValueError("an effect creates an entity or has a base, never both")
        if not self.create and not self.set:
            raise ValueError("an effect sets something")


class Operation(Shape, frozen=True, kw_only=True):
    """The one envelope for records and entities (F3).

    `seq` has no holes within (replica, incarnation). `scope` stands on create and move only,
    `subject` on create only, `base` on everything but create; records name their form. A `resolve`
    says of each disputed path what stands now, so its lines may leave a value as it is.
    """

    op_id: Uuid7
    replica: Uuid
    seq: Counting
    object: ObjectRef
    kind: OperationKind
    patch: tuple[PatchLine, ...] = ()
    form: FormRef | None = None
    author: Name
    at: Instant
    clock: ClockStamp
    scope: Name | None = None
    subject: Subject | None = None
    base: Base | None = None
    transition: Transition | None = None
    effects: tuple[Effect, ...] = ()
    reason: AnswerText | None = None

    def __post_init__(self) -> None:
        check_instants(self.at)
        broken = next(self._broken_rules(), None)
        if broken is not None:
            raise ValueError(broken)

    def _broken_rules(self) -> Iterator[str]:
        kind, is_record = self.kind, self.object.type == "record"
        if (self.scope is not None) != (kind in ("create", "move")):
            yield "scope stands on create and move, and on nothing else"
        if self.subject is not None and not (kind == "create" and is_record):
            yield "subject stands on the create of a record"
        if (self.base is None) != (kind == "create"):
            yield "everything but a create has a base"
        if self.base is not None and self.base.op == self.op_id:
            yield "an operation is not its own base"
        if is_record and self.form is None:
            yield "a record is of a form"
        if not is_record and (self.effects or self.transition):
            yield "effects and steps ride in a record's operation"
        if kind == "delete" and (self.patch or self.transition or self.effects):
            yield "a delete carries nothing else"
        if kind == "change" and not (self.patch or self.transition):
            yield "a change changes something"
        if kind == "resolve" and not self.patch:
            yield "a resolve names what it resolves"
        yield from self._broken_lines()

    def _broken_lines(self) -> Iterator[str]:
        if len({line.path for line in self.patch}) != len(self.patch):
            yield "a patch names a path once"
        for line in self.patch:
            if line.old == line.new and self.kind != "resolve":
                yield "a patch line changes something"
            if line.old is not None and self.kind == "create":
                yield "before a create there is nothing"
            if line.path == "@subject" and self.kind == "create":
                yield "a create names its subject in `subject`"
            if line.path == INSTANCE_ID and line.new != f"uuid:{self.object.id}":
                yield "instanceID is the record's own id"


def operation_hash(operation: Operation) -> str:
    """sha256 of the canonical operation without replica and seq, which a restore may renumber."""
    return shape_hash(operation, without=_RENUMBERED)


def changed_answers(
    before: Mapping[str, str] | None, after: Mapping[str, str]
) -> tuple[PatchLine, ...]:
    """The patch from one set of answers (F1) to another, by path.

    A repeat instance of which nothing is left is one line (F2).
    """
    old = before or {}
    kept = {instance for path in after for instance in instances_of(path)}
    removed: set[str] = set()
    changed: set[str] = set()
    for path in old.keys() | after.keys():
        gone = next((one for one in instances_of(path) if one not in kept), None)
        if gone is not None:
            removed.add(gone)
        elif old.get(path) != after.get(path):
            changed.add(path)
    return tuple(
        PatchLine(path=path, old=value_at(old, path), new=value_at(after, path))
        for path in sorted(removed | changed)
    )


def instances_of(path: str) -> tuple[str, ...]:
    """The repeat instances that an answer stands in, outermost first."""
    return tuple(path[: end.end()] for end in re.finditer(r"\](?=/|$)", path))


def value_at(answers: Mapping[str, str], path: str) -> str | None:
    """The answer at a path; of a repeat instance the canonical JSON of what stands below it."""
    if not is_instance(path):
        return answers.get(path)
    below = f"{path}/"
    inside = {
        key.removeprefix(below): value for key, value in answers.items() if key.startswith(below)
    }
    return canonical_json(inside).decode() if inside else None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a use case changed, so that a view knows when to reload."""

    records: frozenset[RecordId] = frozenset()
    entities: frozenset[EntityId] = frozenset()
    drafts: frozenset[RecordId] = frozenset()
    scopes: frozenset[ScopeId] = frozenset()
    outbox: bool = False
    conflicts: bool = False

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            records=self.records | other.records,
            entities=self.entities | other.entities,
            drafts=self.drafts | other.drafts,
            scopes=self.scopes | other.scopes,
            outbox=self.outbox or other.outbox,
            conflicts=self.conflicts or other.conflicts,
        )


@dataclass(frozen=True, slots=True)
class ReplicaIdentity:
    """One profile's store on one laptop, and which life of it this is."""

    replica: ReplicaId
    incarnation: int


__all__ = [
    "Base", "Changes", "ClockStamp", "Effect", "FormRef", "Instant", "Name", "ObjectRef",
    "Operation", "OperationId", "OperationKind", "OperationState", "PatchLine", "Path",
    "PropertyChange", "ReceiptStatus", "ReplicaIdentity", "Revision", "Subject", "Transition",
    "Uuid", "Uuid7", "changed_answers", "instances_of", "operation_hash", "value_at",
]  # fmt: skip
