"""Any order of changes by hand, by forms and by others, of lost replies, receipts and pulls.

The model is a server that applies in order and a list of what was written here; the device must
show the one with the rest of the other laid over it, find it by every property, and lose nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.entity import STATE
from fieldapp.domain.operation import Base, Operation
from fieldapp.domain.record import RevisionHeader
from fieldapp.storage import entities, operations, search
from fieldapp.storage.database import Store
from fieldapp.storage.entities import EntityRows
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b
from tests.storage import entity_building as e

NAMES = ("grade", "phone", STATE)
TEXTS = st.one_of(st.none(), st.sampled_from(["1", "2", "가", "010-1234-5678"]))
CHANGES = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, TEXTS))
WHICH = st.integers(0, 30)


@dataclass
class Touch:
    """What an operation of this device does to an entity, and the revision that includes it."""

    operation: Operation
    values: Mapping[str, str | None]
    state: str = "new"
    rev: int | None = None

    @property
    def is_by_hand(self) -> bool:
        return self.operation.object.type == "entity"


@dataclass
class Expected:
    """An entity: the server's truth, what of it was pulled, and what was written here."""

    server: dict[str, str] | None = None
    rev: int = 0
    history: list[RevisionHeader] = field(default_factory=list)
    pulled: dict[str, str] | None = None
    pulled_rev: int = 0
    touches: list[Touch] = field(default_factory=list)

    def apply(self, values: Mapping[str, str | None], header: RevisionHeader) -> None:
        """The server takes something in."""
        after = {**(self.server or {}), **values}
        self.server = {name: text for name, text in after.items() if text is not None}
        self.rev = header.rev
        self.history.insert(0, header)

    def laid(self) -> list[Touch]:
        return [touch for touch in self.touches if self.is_laid(touch)]

    def is_laid(self, touch: Touch) -> bool:
        if touch.state == "quarantined":
            makes = touch.operation.kind == "create" and self.pulled is None
            return touch.is_by_hand or makes
        return touch.rev is None or touch.rev > self.pulled_rev

    def shown(self) -> dict[str, str] | None:
        laid = self.laid()
        if self.pulled is None and not laid:
            return None
        after: dict[str, str | None] = dict(self.pulled or {})
        for touch in laid:
            is_refused = touch.state == "quarantined" and touch.operation.kind != "create"
            after |= {
                name: text
                for name, text in touch.values.items()
                if not (is_refused and name == STATE)
            }
        return {name: text for name, text in after.items() if text is not None}


class EntityLife(RuleBasedStateMachine):
    """What a worker, their forms, others and a bad line do to entities."""

    @initialize()
    def first_day(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fieldapp-test-"))
        self.key = new_data_key()
        self.store = Store.create(
            self.folder / "store.db", self.key, identity=b.IDENTITY, created_at=b.NOON
        )
        self.replica = StoreReplica(self.store, b.projections)
        self.entities: dict[str, Expected] = {}
        self.minute = 0

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)

    @rule(props=CHANGES)
    def make_by_hand(self, props: dict[str, str | None]) -> None:
        entity = b.new_uuid()
        given = {name: text for name, text in props.items() if text is not None}
        operation = e.create_entity(self.store, given, entity_id=entity, at=self.now())
        self.entities[entity] = Expected(touches=[Touch(operation, given)])

    @precondition(lambda self: self.here())
    @rule(which=WHICH, props=CHANGES)
    def change_by_hand(self, which: int, props: dict[str, str | None]) -> None:
        entity, changed = self.chosen(which, props)
        if changed:
            operation = e.change_entity(self.store, entity, changed, at=self.now())
            self.entities[entity].touches.append(Touch(operation, changed))

    @rule(which=WHICH, props=CHANGES, made=CHANGES)
    def finish_a_form(
        self, which: int, props: dict[str, str | None], made: dict[str, str | None]
    ) -> None:
        """A form that makes one entity and changes another."""
        entity = b.new_uuid()
        given = {name: text for name, text in made.items() if text is not None}
        effects = [e.making(entity, given)]
        other, changed = self.chosen(which, props) if self.here() else ("", {})
        if changed:
            effects.append(e.changing(e.found(self.store, other), changed))
        operation = e.finish_form(
            self.store, effects, record_id=b.record_id_at(self.minute + 1), at=self.now()
        )
        self.entities[entity] = Expected(touches=[Touch(operation, given)])
        if changed:
            self.entities[other].touches.append(Touch(operation, changed))

    @rule(batch=st.integers(1, 4))
    def push_and_lose_the_reply(self, batch: int) -> None:
        for operation in pending(self.replica, batch, 1_000_000):
            self.server_takes(operation)
            self.note(operation, "sent")

    @rule(batch=st.integers(1, 4), words=st.lists(st.sampled_from("aaahr"), min_size=4, max_size=4))
    def push(self, batch: int, words: list[str]) -> None:
        receipts = []
        for operation, word in zip(pending(self.replica, batch, 1_000_000), words, strict=False):
            is_taken = any(touch.rev for _, touch in self.touches_of(operation))
            if word == "h" and not is_taken:
                self.note(operation, "sent")
                receipts.append(b.receipt(operation.op_id, "held", code="unknown_form"))
            elif word == "r" and not is_taken:
                self.note(operation, "quarantined")
                receipts.append(b.receipt(operation.op_id, "rejected", code="not_a_member"))
            else:
                self.server_takes(operation)
                self.note(operation, "acked")
                own = self.entities.get(operation.object.id)
                rev = self.touches_of(operation)[0][1].rev if own else 1
                status = "duplicate" if is_taken else "applied"
                receipts.append(b.receipt(operation.op_id, status, rev=rev))
        self.replica.accept_receipts(b.reply(receipts))

    @precondition(lambda self: self.entities)
    @rule(which=WHICH, props=CHANGES)
    def others_change(self, which: int, props: dict[str, str | None]) -> None:
        expected = list(self.entities.values())[which % len(self.entities)]
        if expected.server is not None:
            header = e.header(expected.rev + 1, who="가상-이담당", at=self.now())
            expected.apply(props, header)

    @precondition(lambda self: self.entities)
    @rule(which=WHICH)
    def pull(self, which: int) -> None:
        entity = list(self.entities)[which % len(self.entities)]
        expected = self.entities[entity]
        if expected.server is None:
            return
        row = e.put_entity(entity, expected.rev, expected.server, history=expected.history[:20])
        self.replica.accept_rows(b.page(row))
        expected.pulled, expected.pulled_rev = dict(expected.server), expected.rev

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder / "store.db", self.key)
        self.replica = StoreReplica(self.store, b.projections)

    @invariant()
    def everything_stands_as_it_was_written(self) -> None:
        if not hasattr(self, "store"):
            return
        rows = EntityRows(self.store, e.LIST)
        shown = {
            entity: values
            for entity, expected in self.entities.items()
            if (values := expected.shown()) is not None
        }
        with self.store.reading() as db:
            listed = {one.entity_id: one for one in entities.page(db, e.LIST, limit=-1)}
            assert {str(entity): one.props for entity, one in listed.items()} == shown
            assert {row.entity_id: row for row in entities.every(db, e.LIST)} == {
                entity: one.row for entity, one in listed.items()
            }
            for entity, values in shown.items():
                expected, stored = self.entities[entity], entities.find(db, e.LIST, entity)
                laid = expected.laid()
                assert stored.rev == expected.pulled_rev
                assert stored.is_pending == bool(laid)
                in_list = listed[stored.entity_id]
                assert (in_list.base, in_list.is_pending) == (stored.base, stored.is_pending)
                assert stored.base == (
                    Base(op=laid[-1].operation.op_id) if laid else Base(rev=expected.pulled_rev)
                )
                for name, text in values.items():
                    found = entities.where(db, e.LIST, name, text)
                    assert entity in {one.entity_id for one in found}
                    assert entity in {row["name"] for row in rows.find(name, text)}
                if "phone" in values:
                    hits = search.find(db, values["phone"], 1_000)
                    assert entity in {hit.entity_id for hit in hits}
            count = db.count("SELECT count(*) FROM entity_value")
            assert count == sum(len(values) for values in shown.values())
            assert db.count("SELECT count(*) FROM search") == len(shown)
            assert operations.next_seq(db) == 1 + db.count("SELECT count(*) FROM operation")

    def now(self) -> datetime:
        self.minute += 1
        return b.NOON + timedelta(minutes=self.minute)

    def here(self) -> list[str]:
        return [entity for entity, one in self.entities.items() if one.shown() is not None]

    def chosen(
        self, which: int, props: Mapping[str, str | None]
    ) -> tuple[str, dict[str, str | None]]:
        """An entity on this device and what of `props` would change it."""
        entity = self.here()[which % len(self.here())]
        shown = self.entities[entity].shown() or {}
        return entity, {name: text for name, text in props.items() if shown.get(name) != text}

    def touches_of(self, operation: Operation) -> list[tuple[Expected, Touch]]:
        return [
            (expected, touch)
            for expected in self.entities.values()
            for touch in expected.touches
            if touch.operation.op_id == operation.op_id
        ]

    def note(self, operation: Operation, state: str) -> None:
        for _, touch in self.touches_of(operation):
            touch.state = state

    def server_takes(self, operation: Operation) -> None:
        """Applied once, however often it arrives."""
        for expected, touch in self.touches_of(operation):
            if touch.rev is None:
                at = datetime.fromisoformat(operation.at)
                touch.rev = expected.rev + 1
                expected.apply(touch.values, e.header(touch.rev, who=operation.author, at=at))


TestEntityLife = EntityLife.TestCase
TestEntityLife.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
