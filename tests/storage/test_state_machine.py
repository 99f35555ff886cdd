"""Any order of typing, saving, amending, receipts, pulls and reopening, against a plain model.

The model keeps what must hold and nothing of how: answers as a dict, operations as a list.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import lay_over
from fieldapp.domain.operation import Operation
from fieldapp.storage import answers, drafts, operations, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b

PATHS = ("mode", "items/q1", "items/q2", "good")
TEXTS = st.one_of(st.none(), st.sampled_from(["1", "2", "가", "나"]))
CHANGES = st.fixed_dictionaries({}, optional=dict.fromkeys(PATHS, TEXTS))
WHICH = st.integers(0, 30)


@dataclass
class Own:
    """An operation that this device wrote, and the revision that includes it."""

    operation: Operation
    state: str = "new"
    rev: int | None = None


@dataclass
class Expected:
    """A record: what the server said, what was written here since."""

    server: dict[str, str] | None = None
    rev: int = 0
    own: list[Own] = field(default_factory=list)

    def shown(self) -> dict[str, str]:
        shown = dict(self.server or {})
        for written in self.own:
            if written.state in ("new", "sent", "quarantined") or (written.rev or 0) > self.rev:
                shown = lay_over(shown, written.operation.patch)
        return shown


class LaptopLife(RuleBasedStateMachine):
    """What a worker, a server and a battery do to one store."""

    @initialize()
    def first_day(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fieldapp-test-"))
        self.key = new_data_key()
        self.store = Store.create(
            self.folder / "store.db", self.key, identity=b.IDENTITY, created_at=b.NOON
        )
        self.replica = StoreReplica(self.store, b.projections)
        self.records: dict[str, Expected] = {}
        self.drafts: dict[str, dict[str, str]] = {}
        self.minute = 0

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)

    def chosen(self, which: int) -> str:
        return list(self.records)[which % len(self.records)]

    def latest(self, record: str) -> Operation:
        return b.own(self.store, record)[-1].operation

    @rule(typed=CHANGES, which=WHICH)
    def type_and_keep(self, typed: dict[str, str | None], which: int) -> None:
        record = list(self.drafts)[which % len(self.drafts)] if self.drafts and which % 2 else None
        record = record or self.new_id()
        kept = {path: text for path, text in typed.items() if text is not None}
        with self.store.writing() as db:
            drafts.keep(db, b.draft(record, kept))
        self.drafts[record] = kept

    @precondition(lambda self: self.drafts)
    @rule(which=WHICH)
    def save_draft(self, which: int) -> None:
        record = list(self.drafts)[which % len(self.drafts)]
        b.create(self.store, self.drafts[record], record_id=RecordId(record))
        with self.store.writing() as db:
            drafts.discard(db, record)
        del self.drafts[record]
        self.records[record] = Expected(own=[Own(self.latest(record))])

    @precondition(lambda self: self.records)
    @rule(which=WHICH, typed=CHANGES)
    def amend(self, which: int, typed: dict[str, str | None]) -> None:
        record = self.chosen(which)
        before = self.records[record].shown()
        after = {**before, **typed}
        if {path: text for path, text in after.items() if text is not None} == before:
            return
        b.amend(self.store, record, typed)
        self.records[record].own.append(Own(self.latest(record)))

    @rule(batch=st.integers(1, 4))
    def push_and_lose_the_reply(self, batch: int) -> None:
        for operation in pending(self.replica, batch, 1_000_000):
            self.own_of(operation.op_id).state = "sent"

    @rule(batch=st.integers(1, 4), words=st.lists(st.sampled_from("amhr"), min_size=4, max_size=4))
    def push(self, batch: int, words: list[str]) -> None:
        receipts = []
        for operation, word in zip(pending(self.replica, batch, 1_000_000), words, strict=False):
            own = self.own_of(operation.op_id)
            own.state = "sent"
            if word == "h":
                receipts.append(b.receipt(operation.op_id, "held", code="unknown_form"))
            elif word == "r":
                receipts.append(b.receipt(operation.op_id, "rejected", code="step_refused"))
                own.state = "quarantined"
            else:
                own.rev = self.server_rev(operation.object.id) + 1
                own.state = "acked"
                status = "applied" if word == "a" else "merged"
                receipts.append(b.receipt(operation.op_id, status, rev=own.rev))
        self.replica.accept_receipts(b.reply(receipts))

    @rule(which=WHICH, others=CHANGES, behind=st.integers(0, 2))
    def pull(self, which: int, others: dict[str, str | None], behind: int) -> None:
        """The server's newest document, or one that this device has already."""
        record = self.chosen(which) if self.records and which % 4 else self.new_id()
        known = self.records.setdefault(record, Expected())
        rev = max(self.server_rev(record) + 1 - behind, 1)
        document = {path: text for path, text in others.items() if text is not None}
        self.replica.accept_rows(b.page(b.put(record, rev, document)))
        if rev > known.rev:
            known.server, known.rev = document, rev

    @rule()
    def project(self) -> None:
        answers.project_due(self.store, b.projections, 3)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder / "store.db", self.key)
        self.replica = StoreReplica(self.store, b.projections)

    @invariant()
    def everything_stands_as_it_was_written(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.reading() as db:
            assert {d.record_id: d.answers for d in drafts.all_drafts(db)} == self.drafts
            assert records.count(db) == len(self.records)
            for record, expected in self.records.items():
                stored = records.find(db, record)
                assert stored.doc.answers == expected.shown()
                assert stored.rev == expected.rev
                assert (stored.server_doc is None) == (expected.server is None)
                kept = operations.for_object(db, record)
                assert [(o.operation.op_id, o.state) for o in kept] == [
                    (o.operation.op_id, o.state) for o in expected.own
                ]
                assert [o.operation for o in kept] == [o.operation for o in expected.own]
            seqs = [seq for (seq,) in db.rows("SELECT seq FROM operation ORDER BY position")]
            assert seqs == list(range(1, len(seqs) + 1))

    def new_id(self) -> str:
        self.minute += 1
        return b.record_id_at(self.minute)

    def own_of(self, op_id: str) -> Own:
        return next(
            own
            for expected in self.records.values()
            for own in expected.own
            if own.operation.op_id == op_id
        )

    def server_rev(self, record: str) -> int:
        expected = self.records[record]
        return max([expected.rev, *(own.rev or 0 for own in expected.own)])


TestLaptopLife = LaptopLife.TestCase
TestLaptopLife.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
