"""Entity lists as forms ask them, and entities as use cases find them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fieldapp.domain.entity import LABEL, EntityDoc, flat, patch_lines
from fieldapp.domain.ids import EntityId
from fieldapp.domain.operation import Subject
from fieldapp.errors import NothingChanged
from fieldapp.packs import EntityStanding, Pack
from fieldapp.storage import entities
from fieldapp.storage.database import Database
from fieldapp.storage.entities import EntityRows
from fieldapp.storage.reference import ReferenceRows
from fieldapp.usecases.session import Session, append_operation, entity_ref


def lists_of(session: Session, pack: Pack) -> Mapping[str, EntityRows | ReferenceRows]:
    """The lists that a form asks, row by row from the store: of entities, and reference data."""
    store = session.store
    return {
        **{one.name: EntityRows(store, one.name) for one in pack.plans.entities},
        **{name: ReferenceRows(store, name) for name in pack.plans.references},
    }


def standing_in(db: Database) -> Callable[[str, str], EntityStanding | None]:
    """How an entity stands on this device, for the effects of a form (formats F4)."""

    def standing(list_name: str, entity_id: str) -> EntityStanding | None:
        found = entities.find_or_none(db, list_name, entity_id)
        return None if found is None else EntityStanding(flat(found.doc), found.base)

    return standing


def register(
    session: Session,
    db: Database,
    list_name: str,
    entity_id: str,
    *,
    label: str,
    props: Mapping[str, str],
) -> EntityId:
    """A new entity that no form made: a site, a monitor, a target; in the caller's transaction."""
    values = {LABEL: label, **{name: value for name, value in props.items() if value}}
    operation = append_operation(
        session,
        db,
        object=entity_ref(list_name, entity_id),
        kind="create",
        patch=patch_lines({name: (None, value) for name, value in values.items()}),
        scope=session.worker.scope,
    )
    entities.apply_operation(db, operation)
    return EntityId(entity_id)


def change(
    session: Session, db: Database, list_name: str, entity_id: str, props: Mapping[str, str]
) -> EntityId:
    """Set properties of an entity by hand; "" takes one away. In the caller's transaction.

    Raises EntityMissing, NothingChanged.
    """
    standing = entities.find(db, list_name, entity_id)
    before = flat(standing.doc)
    changed = {
        name: (before.get(name), value or None)
        for name, value in props.items()
        if before.get(name, "") != value
    }
    if not changed:
        raise NothingChanged
    operation = append_operation(
        session,
        db,
        object=entity_ref(list_name, standing.entity_id),
        kind="change",
        patch=patch_lines(changed),
        base=standing.base,
    )
    entities.apply_operation(db, operation)
    return standing.entity_id


def subject_in(pack: Pack, answers: Mapping[str, str]) -> Subject | None:
    """Whom the answers are about: the question that has the name of the subject's list."""
    name = pack.plans.subject
    if name is None:
        return None
    value = next((text for path, text in answers.items() if path.rpartition("/")[2] == name), None)
    return None if value is None else Subject(list=name, id=value)


def property_of(doc: EntityDoc, *names: str) -> str:
    """The first of these properties that has a value."""
    return next((doc.props[name] for name in names if doc.props.get(name)), "")


def standing_label(db: Database, list_name: str, entity_id: str | None) -> str:
    """How an entity is called on this device; "" for one that it does not hold."""
    found = entities.find_or_none(db, list_name, entity_id) if entity_id else None
    return "" if found is None else found.doc.label
