"""Entities as this device shows them: what lives on between records (household 가구, site 시설…).

As with records, the server's document has one's own operations laid over it: those on the entity
itself and the effects that ride in a record's operation (formats F4). A device never merges (F5).
An alias leads to the entity that it turned out to be (F9); lists leave it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.ids import EntityId, OperationId, ScopeId
from fieldapp.domain.operation import Base, Operation
from fieldapp.errors import EntityMissing
from fieldapp.storage import search, touches
from fieldapp.storage.database import Store
from fieldapp.storage.documents import read_stored_entity, read_stored_values
from fieldapp.storage.entity_laying import INDEXED_CHARACTERS, lay_new, newest_laid
from fieldapp.storage.sqlite import Database, Row

_COLUMNS = (
    "e.list, e.id, coalesce(e.local_doc, e.server_doc), e.local_doc IS NOT NULL, e.rev, e.scope,"
    " e.updated, e.created_on, e.deleted"
)
#: Those that lists show: neither deleted nor found to be another.
SHOWN = "e.deleted = 0 AND e.merged_into IS NULL"
#: CROSS JOIN: the value is looked up first, then the entities that have it.
_HAVING_VALUE = (
    "entity_value v CROSS JOIN entity e ON e.list = v.list AND e.id = v.id"
    " WHERE v.list = ? AND v.name = ? AND v.value = ?"
)


#: By label as 가나다 has it, read from an index: all that are shown have a line to be found by.
_BY_LABEL = (
    "search s CROSS JOIN entity e ON e.list = s.list AND e.id = s.id"
    f" WHERE s.list = ? AND {SHOWN} ORDER BY s.sort_key, s.id"
)
#: The same order of those chosen in another way.
_SORTED = "ORDER BY sort_key(e.label), e.id"


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity as whoever looks through all of them needs it; doc without its history."""

    entity_id: EntityId
    doc: EntityDoc
    created_on: str

    @property
    def label(self) -> str:
        """What it is called."""
        return self.doc.label


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """An entity on this device.

    doc: as shown here, in lists without its history; rev: of the server's document, 0 for none;
    base: what the next change of it names as its base; updated: the instant of its newest revision
    or own operation; created_on: the Korean day of the first; is_pending: own operations are in no
    pulled revision yet.
    """

    list: str
    entity_id: EntityId
    doc: EntityDoc
    rev: int
    base: Base
    scope: ScopeId
    updated: str
    created_on: str
    has_conflict: bool
    is_pending: bool
    is_deleted: bool

    @property
    def label(self) -> str:
        """What it is called."""
        return self.doc.label

    @property
    def props(self) -> Mapping[str, str]:
        """Its properties that have a value."""
        return self.doc.props

    @property
    def state(self) -> str | None:
        """The state that workflow rows about its list speak of."""
        return self.doc.state

    @property
    def row(self) -> EntityRow:
        """What lists look at."""
        return EntityRow(self.entity_id, self.doc, self.created_on)


def find(db: Database, list_name: str, entity_id: str) -> StoredEntity:
    """One entity; under an alias the one that it turned out to be. Raises EntityMissing."""
    found = find_or_none(db, list_name, entity_id)
    if found is None:
        raise EntityMissing(list=list_name, entity_id=entity_id)
    return found


def find_or_none(db: Database, list_name: str, entity_id: str) -> StoredEntity | None:
    """As `find`; None when this device does not hold it."""
    return _one(db, list_name, standing_for(db, list_name, entity_id))


def under_its_own_name(db: Database, list_name: str, entity_id: str) -> StoredEntity:
    """One entity, also when it turned out to be another. Raises EntityMissing."""
    return _present(db, list_name, entity_id)


def aliases_of(db: Database, list_name: str, entity_id: str) -> tuple[StoredEntity, ...]:
    """The entities that turned out to be this one, itself left out, by label."""
    return _listed(
        db,
        list_name,
        "entity e WHERE e.list = ? AND e.merged_into = ? AND e.deleted = 0 " + _SORTED,
        entity_id,
    )


def belonging_to(db: Database, list_name: str, owner: StoredEntity) -> tuple[StoredEntity, ...]:
    """Entities of a list whose property named after the owner's list names it, or one that turned
    out to be it.
    """
    names = (owner, *aliases_of(db, owner.list, owner.entity_id))
    return tuple(one for name in names for one in where(db, list_name, owner.list, name.entity_id))


def alias_ids(db: Database, list_name: str) -> Mapping[str, str]:
    """Every entity of a list that turned out to be another, and which one it is."""
    return {
        alias: standing_for(db, list_name, alias)
        for (alias,) in db.rows(
            "SELECT id FROM entity WHERE merged_into IS NOT NULL AND list = ? AND deleted = 0",
            (list_name,),
        )
    }


def standing_for(db: Database, list_name: str, entity_id: str) -> str:
    """The id under which an entity lives on: its own, or where its alias leads on this device."""
    met = [entity_id]
    while True:
        following = db.value(
            "SELECT t.id FROM entity e JOIN entity t ON t.list = e.list AND t.id = e.merged_into"
            " WHERE e.list = ? AND e.id = ? AND t.deleted = 0",
            (list_name, met[-1]),
        )
        if following is None or following in met:
            return met[-1]
        met.append(following)


def page(
    db: Database, list_name: str, *, limit: int = 500, offset: int = 0
) -> tuple[StoredEntity, ...]:
    """Entities of a list by label, deleted and merged ones left out; limit -1 for all of them."""
    return _listed(
        db,
        list_name,
        f"{_BY_LABEL} LIMIT ? OFFSET ?",
        limit,
        offset,
    )


def every(db: Database, list_name: str) -> Iterator[EntityRow]:
    """All that `page` shows, in no order: read as the file has them, each page of it once."""
    rows = db.rows(
        "SELECT e.id, coalesce(e.local_doc, e.server_doc), e.created_on"  # noqa: S608 - a constant
        f" FROM entity e NOT INDEXED WHERE e.list = ? AND {SHOWN}",
        (list_name,),
    )
    return (
        EntityRow(EntityId(entity_id), read_stored_values(doc), created_on)
        for entity_id, doc, created_on in rows
    )


def where(
    db: Database, list_name: str, name: str, value: str, *, limit: int = -1
) -> tuple[StoredEntity, ...]:
    """Entities of a list whose property has this value, by label; limit -1 for all of them."""
    found = _listed(
        db,
        list_name,
        f"{_HAVING_VALUE} AND {SHOWN} {_SORTED} LIMIT ?",
        name,
        value[:INDEXED_CHARACTERS],
        limit,
    )
    return tuple(one for one in found if one.props.get(name) == value)


def having(db: Database, list_name: str, name: str) -> tuple[StoredEntity, ...]:
    """Entities of a list of which a property has any value, by label."""
    return _listed(
        db,
        list_name,
        "entity_value v CROSS JOIN entity e ON e.list = v.list AND e.id = v.id"
        f" WHERE v.list = ? AND v.name = ? AND {SHOWN} {_SORTED}",
        name,
    )


def values(db: Database, list_name: str, name: str) -> tuple[str, ...]:
    """Each value that a property has in a list, of a long one its beginning; reads no document."""
    rows = db.rows(
        "SELECT known.value FROM"  # noqa: S608 - constants
        " (SELECT DISTINCT value FROM entity_value WHERE list = ?1 AND name = ?2) known"
        " WHERE EXISTS (SELECT 1 FROM entity_value v CROSS JOIN entity e"
        " ON e.list = v.list AND e.id = v.id WHERE v.list = ?1 AND v.name = ?2"
        f" AND v.value = known.value AND {SHOWN})",
        (list_name, name),
    )
    return tuple(value for (value,) in rows)


def count(db: Database, list_name: str) -> int:
    """How many entities of a list are shown."""
    return db.count(
        f"SELECT count(*) FROM entity e WHERE e.list = ? AND {SHOWN}",  # noqa: S608 - a constant
        (list_name,),
    )


def apply_operation(db: Database, operation: Operation) -> StoredEntity:
    """Lay a new own operation over its entity, in the transaction that appends it.

    Raises EntityMissing when anything but a create meets no entity.
    """
    own = operation.object
    if own.list is None:
        raise ValueError("an operation on an entity")
    lay_new(db, own.list, own.id, operation, operation.scope or "")
    return _present(db, own.list, own.id)


def apply_effects(db: Database, operation: Operation) -> tuple[StoredEntity, ...]:
    """Lay the effects of a new own operation on a record over the entities that they change.

    After `records.apply_operation`: an entity that an effect makes is at home where the record is.
    A create of an entity that stands is laid like a change; a change of one that this device does
    not hold is in the operation alone.
    """
    scope = str(db.value("SELECT scope FROM record WHERE id = ?", (operation.object.id,)) or "")
    made = {(effect.list, effect.id) for effect in operation.effects if effect.create}
    laid = []
    for list_name, entity_id in touches.touched_by(operation):
        if (list_name, entity_id) in made or _one(db, list_name, entity_id) is not None:
            lay_new(db, list_name, entity_id, operation, scope)
            laid.append(_present(db, list_name, entity_id))
    return tuple(laid)


class EntityRows:
    """A list as a form asks it: `forms.Instance` by shape, each question answered from the store.

    A row has `name` (the id), `label`, `__version` (the server's revision) and every property that
    has a value. An alias answers to its own name with what it turned out to be.
    """

    def __init__(self, store: Store, list_name: str) -> None:
        self._store = store
        self._list = list_name

    def find(self, column: str, value: str) -> Iterator[Mapping[str, str]]:
        """The rows whose column has the value, by label."""
        with self._store.reading() as db:
            if column == "name":
                found = find_or_none(db, self._list, value)
                rows = (
                    []
                    if found is None or found.is_deleted
                    else [_columns(value, found.doc, found.rev)]
                )
            elif column == "__version":
                rows = [row for row in self._rows(db) if row[column] == value]
            elif column == "label":
                rows = self._rows(db, "entity e WHERE e.list = ? AND e.label = ?", value)
            else:
                held = self._rows(db, _HAVING_VALUE, column, value[:INDEXED_CHARACTERS])
                rows = [row for row in held if row.get(column) == value]
        return iter(rows)

    def scan(self) -> Iterator[Mapping[str, str]]:
        """Every row, by label."""
        with self._store.reading() as db:
            return iter(self._rows(db))

    def search(self, text: str, limit: int) -> Iterator[Mapping[str, str]]:
        """The first rows, by label, whose label has the text or its 초성 in it; the first for "".

        Only their own documents are read: a list has 20,000 rows, and a worker types.
        """
        with self._store.reading() as db:
            if not text:
                rows = self._read_rows(db, f"{_BY_LABEL} LIMIT ?", self._list, limit)
            else:
                ids = search.ids_by_label(db, self._list, text, limit)
                chosen = (
                    "json_each(?) found CROSS JOIN entity e ON e.list = ? AND e.id = found.value"
                    " ORDER BY found.key"
                )
                rows = self._read_rows(db, chosen, msgspec.json.encode(ids).decode(), self._list)
        return iter(rows)

    def _rows(
        self, db: Database, chosen: str = "entity e WHERE e.list = ?", *values: str
    ) -> list[dict[str, str]]:
        return self._read_rows(db, f"{chosen} AND {SHOWN} {_SORTED}", self._list, *values)

    @staticmethod
    def _read_rows(db: Database, chosen: str, *values: str | int) -> list[dict[str, str]]:
        rows = db.rows(
            f"SELECT e.id, coalesce(e.local_doc, e.server_doc), e.rev FROM {chosen}",  # noqa: S608
            values,
        )
        return [_columns(entity_id, read_stored_values(doc), rev) for entity_id, doc, rev in rows]


def _columns(name: str, doc: EntityDoc, rev: int) -> dict[str, str]:
    return {**doc.props, "name": name, "label": doc.label, "__version": str(rev)}


def _one(db: Database, list_name: str, entity_id: str) -> StoredEntity | None:
    row = db.row(
        f"SELECT {_COLUMNS} FROM entity e WHERE e.list = ? AND e.id = ?",  # noqa: S608 - constants
        (list_name, entity_id),
    )
    if row is None:
        return None
    laid = newest_laid(db, list_name, [entity_id]) if row[3] else {}
    return _read(row, read_stored_entity(row[2]), laid, _disputed(db))


def _listed(
    db: Database, list_name: str, chosen: str, *values: str | int
) -> tuple[StoredEntity, ...]:
    rows = db.rows(
        f"SELECT {_COLUMNS} FROM {chosen}",  # noqa: S608 - constants
        (list_name, *values),
    )
    own = [row[1] for row in rows if row[3]]
    laid = newest_laid(db, list_name, own) if own else {}
    disputed = _disputed(db)
    return tuple(_read(row, read_stored_values(row[2]), laid, disputed) for row in rows)


def _disputed(db: Database) -> frozenset[tuple[str, str]]:
    """The entities (list, id) of which a conflict waits for a person."""
    return frozenset(
        db.rows("SELECT list, object_id FROM conflict WHERE is_open = 1 AND object_type = 'entity'")
    )


def _present(db: Database, list_name: str, entity_id: str) -> StoredEntity:
    found = _one(db, list_name, entity_id)
    if found is None:
        raise EntityMissing(list=list_name, entity_id=entity_id)
    return found


def _read(
    row: Row,
    doc: EntityDoc,
    laid: Mapping[str, OperationId],
    disputed: frozenset[tuple[str, str]],
) -> StoredEntity:
    list_name, entity_id, _, _, rev, scope, updated, created_on, deleted = row
    own = laid.get(entity_id)
    return StoredEntity(
        list=list_name,
        entity_id=EntityId(entity_id),
        doc=doc,
        rev=rev,
        base=Base(op=own) if own else Base(rev=rev),
        scope=ScopeId(scope),
        updated=updated,
        created_on=created_on,
        has_conflict=(list_name, entity_id) in disputed,
        is_pending=own is not None,
        is_deleted=bool(deleted),
    )
