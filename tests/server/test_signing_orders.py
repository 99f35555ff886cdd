"""Whatever two monitors edit, sign and fetch, in any order: a signature covers what stands."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldapp.domain.canonical import canonical_json
from fieldapp.domain.operation import Operation
from fieldapp.domain.record import RecordDoc, Signature
from fieldapp.domain.shapes import read, to_wire
from fieldapp.domain.workflow import signed_hash
from tests.server.errands import checked, new_town, record_of
from tests.server.workbooks import CHECK
from tests.servers import Laptop, Server

SEATS = ("monitor1", "monitor2")


@dataclass(frozen=True)
class Act:
    """A monitor changes an answer (to `value`), signs, or fetches what the other did."""

    who: int
    what: str
    value: str = "1"


@dataclass
class Desk:
    """A monitor's laptop: the record as it was fetched, with own changes laid over it."""

    laptop: Laptop
    base: int | str
    answers: dict[str, str]

    def does(self, act: Act, record: str) -> None:
        """One act; whatever the server makes of it."""
        if act.what == "fetch":
            self.laptop.cursors = {}
            rows = self.laptop.pull()
            (self.base,) = [row.rev for row in rows if row.object.id == record and row.hash]
            self.answers = dict(record_of(rows, record).answers)
            return
        line = self._edit(act) if act.what == "edit" else self._signature(act)
        if line[1] == line[2]:
            return
        operation: Operation = self.laptop.change(record, self.base, [line], form=CHECK)
        assert self.laptop.receipt(operation).rev is not None
        self.base = operation.op_id

    def _edit(self, act: Act) -> tuple[str, str | None, str | None]:
        before = self.answers.get("score")
        self.answers["score"] = act.value
        return "score", before, act.value

    def _signature(self, act: Act) -> tuple[str, str | None, str | None]:
        signature = Signature(
            by=self.laptop.user,
            at="2026-11-30T14:10:00+09:00",
            part=SEATS[act.who],
            hash=signed_hash(self.answers),
        )
        return f"@signed/{SEATS[act.who]}", None, canonical_json(to_wire(signature)).decode()


acts = st.builds(
    Act, st.integers(0, 1), st.sampled_from(["edit", "sign", "fetch"]), st.sampled_from("12")
)


@pytest.fixture(scope="module")
def pair(server: Server) -> tuple[Laptop, Laptop]:
    town = new_town(server)
    return town.laptop("monitor"), town.laptop("monitor")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(played=st.lists(acts, max_size=9))
@example(played=[Act(0, "sign"), Act(1, "sign"), Act(0, "edit", "2"), Act(1, "sign")])
def test_a_record_is_confirmed_just_while_both_have_signed_what_stands(
    server: Server, pair: tuple[Laptop, Laptop], played: list[Act]
) -> None:
    made = checked(pair[0], score="1")
    pair[0].push(made)
    record = made.object.id
    answers = {line.path: line.new for line in made.patch if line.new is not None}
    desks = [Desk(laptop, 1, dict(answers)) for laptop in pair]

    for act in played:
        desks[act.who].does(act, record)

        ((stored,),) = server.sql("select doc from fieldapp.record where id = %s", [record])
        doc = read(RecordDoc, stored)
        assert {one.hash for one in doc.signatures} <= {signed_hash(doc.answers)}
        is_signed = {one.part for one in doc.signatures} == set(SEATS)
        assert doc.state == ("완료" if is_signed else "서명 전")
