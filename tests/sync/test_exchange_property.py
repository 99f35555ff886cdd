"""Two modelled replicas, a modelled server, real HTTP over a line that breaks anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypothesis import example, given, settings

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Operation
from fieldapp.sync.connection import Connection
from fieldapp.sync.exchange import run_exchange
from tests.sync.lines import Cut, Line
from tests.sync.model import NOON, TOKENS, MemoryReplica, ModelServer
from tests.sync.schedules import (
    Step,
    Sync,
    Value,
    Write,
    assert_nothing_is_lost_or_doubled,
    bring_to_rest,
    play,
    schedules,
)


class ModelWorld:
    """Everything in memory but the line."""

    def __init__(self, server: ModelServer, line: Line) -> None:
        self.server = server
        self.line = line
        self.replicas = (MemoryReplica("가상-가"), MemoryReplica("가상-나"))

    def create(self, who: int, answers: Mapping[str, str]) -> None:
        self.replicas[who].create(answers)

    def amend(self, who: int, record: str, answers: Mapping[str, str]) -> None:
        self.replicas[who].amend(RecordId(record), answers)

    def exchange(self, who: int, cut: Cut | None, stop_after: int | None) -> None:
        self.line.mend(cut)
        asked = 0

        def cancelled() -> bool:
            nonlocal asked
            asked += 1
            return stop_after is not None and asked > stop_after

        with Connection(self.line.base_url, clock_now=lambda: NOON, tokens=TOKENS) as connection:
            run_exchange(
                self.replicas[who],
                connection,
                now=lambda: NOON,
                progress=lambda _: None,
                cancelled=cancelled,
            )

    def seen_by(self, who: int) -> dict[str, dict[str, str]]:
        replica = self.replicas[who]
        return {record: replica.answers(record) for record in replica.records()}

    def on_server(self) -> dict[str, dict[str, str]]:
        return {record: stored.answers for record, stored in self.server.records.items()}

    def unsent(self, who: int) -> int:
        return self.replicas[who].unsent()

    def written(self) -> list[Value]:
        return _values(op for replica in self.replicas for op in replica.outbox)

    def kept(self) -> list[Value]:
        return _values(op for stored in self.server.records.values() for op in stored.made_by)

    def conflicts_of(self, who: int) -> set[str]:
        return set(self.replicas[who].conflicts)

    def conflicts_on_server(self) -> set[str]:
        return set(self.server.conflicts)


def _values(ops: Iterable[Operation]) -> list[Value]:
    return [Value(op.op_id, line.path, line.new or "") for op in ops for line in op.patch]


@settings(max_examples=60)
@given(schedule=schedules(["q1", "q2", "items/q3", "good"], max_size=14))
@example(
    schedule=[
        Write(0, None, {"q1": "5"}),
        Sync(0),
        Sync(1),
        Write(0, 0, {"q1": "4"}),
        Write(1, 0, {"q1": "3"}),
        Sync(0, cut=Cut("down", 1000)),
        Sync(1),
    ]
)
def test_any_edits_losses_and_retries_leave_all_three_equal(schedule: list[Step]) -> None:
    with ModelServer() as server, Line(server.base_url) as line:
        world = ModelWorld(server, line)
        play(world, schedule)

        bring_to_rest(world)

        assert_nothing_is_lost_or_doubled(world)
