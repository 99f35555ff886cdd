"""One request is under way while what came before it is stored: what that may not change."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from fieldapp.domain import exchange as ex
from fieldapp.domain.operation import Changes, Operation
from fieldapp.errors import StoreFull
from fieldapp.sync import protocol
from fieldapp.sync.connection import Connection
from fieldapp.sync.exchange import run_exchange
from tests.sync.model import NOON, TOKENS, MemoryReplica, ModelServer, Reply

_LIMIT_S = 60.0


class Asked:
    """How often the server was asked at each door."""

    def __init__(self, server: ModelServer) -> None:
        self._times: Counter[str] = Counter()
        self._news = threading.Condition()
        server.answer_with = self._note

    def _note(self, path: str, reply: Reply) -> Reply:
        with self._news:
            self._times[path] += 1
            self._news.notify_all()
        return reply

    def wait_for(self, path: str, times: int) -> bool:
        """Whether it was asked so often within the limit."""
        with self._news:
            return self._news.wait_for(lambda: self._times[path] >= times, _LIMIT_S)


class SlowReplica(MemoryReplica):
    """Stores what the server said only when that one was asked for what comes next."""

    def __init__(self, name: str, asked: Asked) -> None:
        super().__init__(name)
        self._asked = asked
        self.batches = self.pages = 0

    def accept_receipts(self, reply: ex.PushReply) -> Changes:
        self.batches += 1
        if self.batches < len(self.outbox):
            assert self._asked.wait_for(protocol.PUSH, self.batches + 1)
        return super().accept_receipts(reply)

    def accept_rows(self, reply: ex.PullReply) -> Changes:
        self.pages += 1
        if reply.more:
            assert self._asked.wait_for(protocol.PULL, self.pages + 1)
        return super().accept_rows(reply)


class CarefulReplica(MemoryReplica):
    """Leaves out what builds on a refused operation, as a store does."""

    def pending(self, max_operations: int, max_bytes: int, after: int = 0) -> tuple[Operation, ...]:
        refused = {op_id for op_id, one in self.receipts.items() if one.status == "rejected"}
        found = super().pending(max_operations, max_bytes, after)
        return tuple(op for op in found if op.base is None or op.base.op not in refused)


class FullReplica(MemoryReplica):
    """Its disk is full when the first receipts come."""

    is_full = True

    def accept_receipts(self, reply: ex.PushReply) -> Changes:
        if self.is_full:
            raise StoreFull
        return super().accept_receipts(reply)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setattr("fieldapp.sync.exchange.PUSH_MAX_OPERATIONS", 1)
    with ModelServer() as server:
        server.budget = 1
        yield server


def exchange(replica: MemoryReplica, server: ModelServer) -> ex.ExchangeOutcome:
    with Connection(server.base_url, clock_now=lambda: NOON, tokens=TOKENS) as connection:
        outcome, _ = run_exchange(
            replica, connection, now=lambda: NOON, progress=lambda _: None, cancelled=lambda: False
        )
    return outcome


def test_the_server_has_the_next_batch_and_the_next_page_is_asked_for_while_this_one_is_stored(
    server: ModelServer,
) -> None:
    replica = SlowReplica("가상-가", Asked(server))
    for value in "1234":
        replica.create({"q1": value})

    outcome = exchange(replica, server)

    assert (outcome.sent, replica.batches, replica.pages) == (4, 4, 4)
    assert len(server.records) == len(replica.server_docs) == 4


def test_what_builds_on_a_refused_operation_is_not_handed_over_ahead_of_its_receipt(
    server: ModelServer,
) -> None:
    replica = CarefulReplica("가상-가")
    record = replica.create({"q1": "1"})
    exchange(replica, server)
    replica.delete(record)
    replica.amend(record, {"q1": "2"})

    outcome = exchange(replica, server)

    waiting = replica.outbox[-1].op_id.encode()
    assert outcome.rejected == 1
    assert not any(waiting in body for _, _, body in server.requests)


def test_a_batch_that_was_handed_over_before_the_disk_was_full_is_brought_again(
    server: ModelServer,
) -> None:
    replica = FullReplica("가상-가")
    for value in "12":
        replica.create({"q1": value})
    with pytest.raises(StoreFull):
        exchange(replica, server)
    replica.is_full = False

    outcome = exchange(replica, server)

    assert outcome.sent == 2
    assert all(len(stored.made_by) == 1 for stored in server.records.values())
    assert len(server.records) == len(replica.server_docs) == 2
