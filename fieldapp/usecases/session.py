"""An unlocked profile: whose it is, its store, its clock, its forms."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fieldapp.clock import KOREA, Clock, instant_text
from fieldapp.domain.access import Worker
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
from fieldapp.errors import PackRefused
from fieldapp.packs import Catalogue, Pack, Surroundings
from fieldapp.storage import meta, operations
from fieldapp.storage.database import Database, Store


@dataclass(frozen=True, slots=True)
class Session:
    """What every use case is given.

    boot_id: names this run of the device's clock. refused: workbooks beside the app that were not
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
    return tuple(sorted(newest, key=lambda pack: pack.plans.title))


def surroundings(session: Session, record_id: RecordId) -> Surroundings:
    """What a form may ask of this device while that record is open."""
    return Surroundings(
        now=session.clock.now,
        record_id=record_id,
        seed=secrets.randbits(32),
        properties={"username": session.worker.name},
    )


def lock(session: Session) -> None:
    """Close the store; what was typed stands in its drafts."""
    session.store.close()


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
    """Stamp the next operation of this replica and append it, inside the caller's transaction."""
    at = session.clock.now().astimezone(KOREA)
    operation = Operation(
        op_id=new_operation_id(at),
        replica=session.store.identity(db).replica,
        seq=operations.next_seq(db),
        object=object,
        kind=kind,
        patch=patch,
        form=form,
        author=session.worker.name,
        at=instant_text(at),
        clock=ClockStamp(offset_ms=meta.clock_offset_ms(db), boot_id=session.boot_id),
        scope=scope,
        subject=subject,
        base=base,
        transition=transition,
        effects=effects,
        reason=reason,
    )
    # The types alone let anything pass; whatever is kept must be what the server can read.
    read(Operation, to_wire(operation))
    operations.append(db, operation)
    return operation
