"""What the store's tests of entities are made of, beside `building`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fieldapp.clock import instant_text
from fieldapp.domain.entity import EntityDoc, patch_lines
from fieldapp.domain.exchange import ConflictDoc, ConflictLine, PulledRow
from fieldapp.domain.operation import (
    Base,
    Effect,
    ObjectRef,
    Operation,
    PropertyChange,
    Transition,
    changed_answers,
)
from fieldapp.domain.record import RevisionHeader, document_hash
from fieldapp.domain.shapes import to_wire
from fieldapp.storage import entities, operations, records
from fieldapp.storage.database import Store
from fieldapp.storage.entities import StoredEntity
from tests.storage import building as b

LIST = "household"
LABEL = "가상-김가구"


def create_entity(
    store: Store,
    props: Mapping[str, str],
    *,
    entity_id: str | None = None,
    list_name: str = LIST,
    label: str = LABEL,
    at: datetime = b.NOON,
) -> Operation:
    """Make an entity by an operation of its own."""
    patch = patch_lines({name: (None, value) for name, value in {**props, "label": label}.items()})
    return _operate(
        store, entity_id or b.new_uuid(), list_name, "create", patch=patch, scope=b.SCOPE, at=at
    )


def change_entity(
    store: Store,
    entity_id: str,
    props: Mapping[str, str | None],
    *,
    list_name: str = LIST,
    at: datetime = b.NOON,
) -> Operation:
    """Change properties of an entity; None takes one away."""
    before = found(store, entity_id, list_name)
    standing = {**before.props, "label": before.label}
    if before.doc.merged_into is not None:
        standing["@merged_into"] = before.doc.merged_into
    patch = patch_lines({name: (standing.get(name), value) for name, value in props.items()})
    return _operate(store, entity_id, list_name, "change", patch=patch, base=before.base, at=at)


def delete_entity(store: Store, entity_id: str) -> Operation:
    """Delete an entity."""
    base = found(store, entity_id).base
    return _operate(store, entity_id, LIST, "delete", base=base, reason="중복")


def finish_form(
    store: Store,
    effects: Sequence[Effect],
    answers: Mapping[str, str] | None = None,
    *,
    record_id: str | None = None,
    at: datetime = b.NOON,
) -> Operation:
    """Finish a form that writes entities: a record is made, its effects ride in the operation."""
    record_id = record_id or b.record_id_at()
    with store.writing() as db:
        operation = b.next_operation(
            db,
            record_id,
            "create",
            patch=changed_answers(None, dict(answers or {"mode": "paper"})),
            scope=b.SCOPE,
            transition=Transition(to="완료", seen_rev=0),
            effects=tuple(effects),
            at=instant_text(at),
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="visit")
        entities.apply_effects(db, operation)
    return operation


def step_form(
    store: Store, record_id: str, to: str, effects: Sequence[Effect], *, at: datetime = b.NOON
) -> Operation:
    """Take a step of a record that writes entities."""
    with store.writing() as db:
        before = records.find(db, record_id)
        operation = b.next_operation(
            db,
            record_id,
            "change",
            transition=Transition(to=to, seen_rev=before.rev),
            base=before.base,
            effects=tuple(effects),
            at=instant_text(at),
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="visit")
        entities.apply_effects(db, operation)
    return operation


def making(entity_id: str, props: Mapping[str, str], list_name: str = LIST) -> Effect:
    """An effect that makes an entity."""
    values = {"label": LABEL, **props}
    return Effect(
        list=list_name,
        id=entity_id,
        set={name: PropertyChange(new=value) for name, value in values.items()},
        create=True,
    )


def changing(
    entity: StoredEntity, props: Mapping[str, str | None], *, base: Base | None = None
) -> Effect:
    """An effect that changes an entity as it stands."""
    return Effect(
        list=entity.list,
        id=entity.entity_id,
        set={
            name: PropertyChange(old=entity.props.get(name), new=value)
            for name, value in props.items()
        },
        base=base or entity.base,
    )


def found(store: Store, entity_id: str, list_name: str = LIST) -> StoredEntity:
    """The entity as it stands."""
    with store.reading() as db:
        return entities.find(db, list_name, entity_id)


def props_of(store: Store, entity_id: str, list_name: str = LIST) -> Mapping[str, str]:
    """What the device shows."""
    return found(store, entity_id, list_name).props


def header(
    rev: int, *, who: str = b.AUTHOR, at: datetime = b.NOON, paths: tuple[str, ...] = ()
) -> RevisionHeader:
    """A revision of the server."""
    return RevisionHeader(rev=rev, who=who, when=instant_text(at), state="-", paths=paths)


def put_entity(
    entity_id: str,
    rev: int,
    props: Mapping[str, str],
    *,
    scope_seq: int = 1,
    list_name: str = LIST,
    label: str = LABEL,
    history: Sequence[RevisionHeader] = (),
    **facts: Any,
) -> PulledRow:
    """A pulled entity."""
    doc = EntityDoc(label=label, props=dict(props), history=tuple(history), **facts)
    return entity_row(
        "put",
        entity_id,
        rev,
        scope_seq=scope_seq,
        list_name=list_name,
        doc=to_wire(doc),
        hash=document_hash(doc),
    )


def entity_row(
    change: str,
    entity_id: str,
    rev: int,
    *,
    scope_seq: int = 1,
    list_name: str = LIST,
    **facts: Any,
) -> PulledRow:
    """A pulled row of an entity of any kind."""
    of = ObjectRef(type="entity", list=list_name, id=entity_id)
    return b.row(change, entity_id, rev, scope_seq=scope_seq, object=of, **facts)


def conflict_of(operation: Operation, name: str, base: str, ours: str, theirs: str) -> ConflictDoc:
    """A property that two changed."""
    return ConflictDoc(
        id=b.new_uuid(),
        lines=(ConflictLine(path=name, base=base, ours=ours, theirs=theirs),),
        ours_author="가상-이담당",
        ours_at="2026-12-01T11:00:00+09:00",
        theirs_author=operation.author,
        theirs_at=operation.at,
        op_id=operation.op_id,
    )


def _operate(
    store: Store, entity_id: str, list_name: str, kind: str, *, at: datetime = b.NOON, **facts: Any
) -> Operation:
    with store.writing() as db:
        operation = b.next_operation(
            db,
            entity_id,
            kind,
            object=ObjectRef(type="entity", list=list_name, id=entity_id),
            form=None,
            at=instant_text(at),
            **facts,
        )
        operations.append(db, operation)
        entities.apply_operation(db, operation)
    return operation
