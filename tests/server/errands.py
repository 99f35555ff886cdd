"""What workers do to entities and joint records, as operations of plain laptops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import ConflictDoc, PulledRow, Receipt
from fieldapp.domain.ids import uuid7
from fieldapp.domain.operation import (
    Base,
    Effect,
    ObjectRef,
    Operation,
    PatchLine,
    PropertyChange,
    Subject,
    Transition,
)
from fieldapp.domain.record import RecordDoc
from fieldapp.domain.shapes import read
from tests.server.workbooks import CHECK, HANDLE, VISIT
from tests.servers import Laptop, Server

Change = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class Town:
    """A scope with a laptop for each role that the small programmes ask for."""

    server: Server
    scope: str

    def laptop(self, *roles: str) -> Laptop:
        """One more person of the town."""
        return self.server.laptop(self.server.new_user(self.scope, roles=roles), self.scope)


def new_town(server: Server) -> Town:
    """A town of its own."""
    return Town(server, server.new_scope())


def new_id() -> str:
    """An id as a laptop mints one."""
    return uuid7(datetime.now(UTC))


def entity(list_name: str, entity_id: str) -> ObjectRef:
    """An entity of a list."""
    return ObjectRef(type="entity", list=list_name, id=entity_id)


def create_entity(
    laptop: Laptop, of: ObjectRef, values: Mapping[str, str], **facts: Any
) -> Operation:
    """An operation that makes an entity."""
    patch = tuple(PatchLine(path=name, new=text) for name, text in values.items())
    return laptop.create(
        {}, object=of, record=of.id, patch=patch, transition=None, form=None, **facts
    )


def change_entity(
    laptop: Laptop, of: ObjectRef, base: int | str, patch: Sequence[Change], **facts: Any
) -> Operation:
    """An operation that changes an entity."""
    return laptop.change(of.id, base, patch, object=of, form=None, **facts)


def making(of: ObjectRef, values: Mapping[str, str]) -> Effect:
    """An effect that makes an entity."""
    changes = {name: PropertyChange(new=text) for name, text in values.items()}
    return Effect(list=of.list or "", id=of.id, create=True, set=changes)


def changing(of: ObjectRef, base: int | str, patch: Sequence[Change]) -> Effect:
    """An effect that changes an entity."""
    changes = {name: PropertyChange(old=old, new=new) for name, old, new in patch}
    on = Base(rev=base) if isinstance(base, int) else Base(op=base)
    return Effect(list=of.list or "", id=of.id, base=on, set=changes)


def planned(laptop: Laptop, **answers: str) -> Operation:
    """A checklist that two monitors are to fill."""
    return laptop.create(answers, form=CHECK, transition=_into("예정"))


def checked(laptop: Laptop, *effects: Effect, **answers: str) -> Operation:
    """A checklist finished in one go, with what it does to entities."""
    return laptop.create(answers, form=CHECK, transition=_into("서명 전"), effects=effects)


def handled(laptop: Laptop, *effects: Effect, **answers: str) -> Operation:
    """A step of an improvement, as a record of the register."""
    return laptop.create(answers, form=HANDLE, transition=_into("완료"), effects=effects)


def visited(
    laptop: Laptop, *effects: Effect, subject: Subject | None = None, **answers: str
) -> Operation:
    """A visit."""
    taken = _into("완료")
    return laptop.create(answers, form=VISIT, transition=taken, effects=effects, subject=subject)


def _into(state: str) -> Transition:
    return Transition(to=state, seen_rev=0)


def step(laptop: Laptop, record: str, base: int | str, to: str, **facts: Any) -> Operation:
    """A step of a record that stands, with nothing else unless `facts` say so."""
    seen = facts.pop("seen", base if isinstance(base, int) else 0)
    lines = facts.pop("lines", ())
    given = {"form": CHECK, "transition": Transition(to=to, seen_rev=seen), **facts}
    return laptop.change(record, base, lines, **given)


def said(receipt: Receipt) -> tuple[str, str | None]:
    """Status and code."""
    return receipt.status, receipt.code


def entity_of(rows: Sequence[PulledRow], of: ObjectRef) -> EntityDoc:
    """The entity as a pull brought it."""
    (row,) = [row for row in rows if row.object == of and row.change == "put"]
    return read(EntityDoc, row.doc)


def record_of(rows: Sequence[PulledRow], record: str) -> RecordDoc:
    """The record as a pull brought it."""
    (row,) = [row for row in rows if row.object.id == record and row.change == "put"]
    return read(RecordDoc, row.doc)


def conflicts_of(rows: Sequence[PulledRow], of: ObjectRef) -> list[ConflictDoc]:
    """The conflicts of an object that a pull brought."""
    found = [row for row in rows if row.object == of and row.change == "conflict"]
    return [read(ConflictDoc, row.doc) for row in found]


def stored_entity(server: Server, of: ObjectRef) -> EntityDoc:
    """The entity as the server has it."""
    ((doc,),) = server.sql(
        "select doc from fieldapp.entity where list = %s and id = %s", [of.list, of.id]
    )
    return read(EntityDoc, doc)
