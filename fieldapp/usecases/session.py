"""An unlocked profile: whose it is, its store, its clock, its forms."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from fieldapp.clock import KOREA, Clock, instant_text
from fieldapp.domain.access import Worker
from fieldapp.domain.access_log import Deed
from fieldapp.domain.ids import RecordId, new_operation_id
from fieldapp.domain.operation import (
    Base,
    ClockStamp,
    Effect,
    FormRef,
    ObjectRef,
    Operation,
    OperationKind,
    PatchLine,
    Subject,
    Transition,
)
from fieldapp.domain.shapes import read, to_wire
from fieldapp.errors import NothingChanged, PackRefused, StoreTrouble
from fieldapp.packs import Catalogue, Pack, Surroundings
from fieldapp.storage import access_log, meta, operations, records
from fieldapp.storage.collation import sort_key
from fieldapp.storage.composed import composed_effects, composed_or_none, composed_patch
from fieldapp.storage.database import Database, Store
from fieldapp.usecases.working_clock import WorkingClock

#: How an operation is called in the access log.
_DEEDS: Mapping[OperationKind, Deed] = {
    "create": "create",
    "change": "change",
    "move": "change",
    "resolve": "change",
    "delete": "delete",
}


@dataclass(frozen=True, slots=True)
class Session:
    """What every use case is given.

    clock: by it everything is dated (`working_clock.py`). boot_id: names this run of the device's
    clock. refused: workbooks beside the app that were not
    taken; they never keep anybody from what is already written.
    """

    store: Store
    worker: Worker
    clock: Clock
    catalogue: Catalogue
    profile_id: str
    boot_id: str
    refused: tuple[PackRefused, ...] = ()


def newest_packs(session: Session) -> tuple[Pack, ...]:
    """The newest version of each installed form, by title."""
    names = {form.id for form in session.catalogue.forms()}
    newest = [session.catalogue.newest(name) for name in names]
    return tuple(sorted(newest, key=lambda pack: sort_key(pack.plans.title)))


def surroundings(session: Session, record_id: RecordId) -> Surroundings:
    """What a form may ask of this device while that record is open."""
    return Surroundings(
        now=session.clock.now,
        record_id=record_id,
        seed=secrets.randbits(32),
        properties={"username": session.worker.name},
    )


def lock(session: Session) -> None:
    """Log that the worker left, sign the access log and close the store; what was typed stands in
    its drafts.
    """
    # A disk that is full, or a store that is closed already, keeps nobody from locking.
    with suppress(StoreTrouble), session.store.writing() as db:
        now = session.clock.now()
        access_log.append(db, at=now, user=session.worker.user, deed="logout")
        access_log.checkpoint(db, access_log.key_of(db), now)
        keep_clock(session, db)
    session.store.close()


def keep_clock(session: Session, db: Database) -> None:
    """Note where the device's clock stands, so that it shows when somebody sets it meanwhile."""
    if isinstance(session.clock, WorkingClock) and (seen := session.clock.seen()) is not None:
        meta.put_clock_seen(db, seen)


def record_ref(record_id: str) -> ObjectRef:
    """A record as an operation names it."""
    return ObjectRef(type="record", id=record_id)


def entity_ref(list_name: str, entity_id: str) -> ObjectRef:
    """An entity as an operation names it."""
    return ObjectRef(type="entity", list=list_name, id=entity_id)


def append_operation(
    session: Session,
    db: Database,
    *,
    object: ObjectRef,  # noqa: A002 - the envelope's own word (F3)
    kind: OperationKind,
    patch: tuple[PatchLine, ...] = (),
    form: FormRef | None = None,
    base: Base | None = None,
    scope: str | None = None,
    subject: Subject | None = None,
    transition: Transition | None = None,
    effects: tuple[Effect, ...] = (),
    reason: str | None = None,
) -> Operation:
    """Stamp the next operation of this replica, append it and log it, inside the caller's
    transaction. What is written is composed (NFC) first.

    Raises NothingChanged when nothing but its spelling would.
    """
    written = tuple(
        line for line in composed_patch(patch) if kind == "resolve" or line.new != line.old
    )
    if patch and not written and kind == "change" and transition is None:
        raise NothingChanged
    at = session.clock.now().astimezone(KOREA)
    operation = Operation(
        op_id=new_operation_id(at),
        replica=session.store.identity(db).replica,
        seq=operations.next_seq(db),
        object=object,
        kind=kind,
        patch=written,
        form=form,
        author=session.worker.name,
        at=instant_text(at),
        clock=ClockStamp(offset_ms=meta.clock_offset_ms(db), boot_id=session.boot_id),
        scope=scope,
        subject=subject,
        base=base,
        transition=transition,
        effects=composed_effects(effects),
        reason=composed_or_none(reason),
    )
    # The types alone let anything pass; whatever is kept must be what the server can read.
    read(Operation, to_wire(operation))
    operations.append(db, operation)
    access_log.append(
        db,
        at=at,
        user=session.worker.user,
        deed=_DEEDS[kind],
        subjects=_subjects(db, operation),
        object_id=operation.object.id,
        form_id=form.id if form else "",
    )
    return operation


def _subjects(db: Database, operation: Operation) -> Iterator[tuple[str, str]]:
    """Whom an operation is about: by itself, by its record, by the effects it carries."""
    changed = operation.object
    if changed.list is not None:
        yield changed.list, changed.id
    elif operation.kind == "create":
        if operation.subject is not None:
            yield operation.subject.list, operation.subject.id
    elif (standing := records.subject_of(db, changed.id)) is not None:
        yield standing.list, standing.id
    for line in operation.patch:
        if line.path == "@subject" and line.new is not None:
            list_name, _, entity_id = line.new.partition("/")
            yield list_name, entity_id
    for effect in operation.effects:
        yield effect.list, effect.id
