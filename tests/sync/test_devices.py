"""A copied store, a device being returned, one used no more: what a round makes of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from msgspec import structs

from fieldapp.domain import exchange as ex
from fieldapp.domain.shapes import decode, encode
from fieldapp.errors import ReplicaCloned, ReplicaRevoked
from fieldapp.sync import protocol
from fieldapp.sync.connection import Connection
from fieldapp.sync.exchange import run_exchange
from tests.sync.model import NOON, TOKENS, MemoryReplica, ModelServer, Reply


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def exchange(replica: MemoryReplica, base_url: str) -> tuple[ex.ExchangeOutcome, list[ex.Progress]]:
    seen: list[ex.Progress] = []
    with Connection(base_url, clock_now=lambda: NOON, tokens=TOKENS) as connection:
        outcome, _ = run_exchange(
            replica, connection, now=lambda: NOON, progress=seen.append, cancelled=lambda: False
        )
    return outcome, seen


def only(on: str, instead: Reply) -> Callable[[str, Reply], Reply]:
    return lambda path, reply: instead if path == on else reply


def cloned(incarnation: int) -> Reply:
    body = {"code": protocol.CODE_REPLICA_CLONED, "incarnation": incarnation}
    return Reply(status=409, body=json.dumps(body).encode())


def greeting(*commands: str) -> Callable[[str, Reply], Reply]:
    def answer(path: str, reply: Reply) -> Reply:
        if path != protocol.HELLO:
            return reply
        return Reply(body=encode(structs.replace(decode(ex.Hello, reply.body), commands=commands)))

    return answer


def test_a_copy_of_a_store_goes_on_as_the_life_after_the_one_the_server_names(
    server: ModelServer,
) -> None:
    replica = MemoryReplica("가상-가")
    record = replica.create({"q1": "5"})

    def takes_the_tenth_life(path: str, reply: Reply) -> Reply:
        if path != protocol.PUSH:
            return reply
        pushed = decode(ex.PushRequest, server.requests[-1][2])
        return reply if pushed.incarnation == 10 else cloned(9)

    server.answer_with = takes_the_tenth_life
    outcome, seen = exchange(replica, server.base_url)

    assert replica.identity().incarnation == 10
    assert (outcome.sent, outcome.rejected) == (1, 0)
    assert seen[-1].stage == "pull"
    assert list(server.records) == [record]


def test_what_was_numbered_anew_in_the_middle_of_a_round_counts_once(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    for value in range(protocol.PUSH_MAX_OPERATIONS + 5):
        replica.create({"q1": str(value)})

    def second_batch_meets_a_copy(path: str, reply: Reply) -> Reply:
        if path != protocol.PUSH:
            return reply
        pushed = decode(ex.PushRequest, server.requests[-1][2])
        is_first = pushed.incarnation == 1 and pushed.ops[0].seq == 1
        return reply if is_first or pushed.incarnation == 2 else cloned(1)

    server.answer_with = second_batch_meets_a_copy
    outcome, _ = exchange(replica, server.base_url)

    assert outcome.sent == len(server.records) == protocol.PUSH_MAX_OPERATIONS + 5


@pytest.mark.parametrize("named", [b"", b"0", b"-1", b"1e99", b'"7"', b"9007199254740991"])
def test_a_server_that_calls_every_life_a_clone_is_left_after_a_few(
    server: ModelServer, named: bytes
) -> None:
    replica = MemoryReplica("가상-가")
    replica.create({"q1": "5"})
    body = b'{"code":"replica_cloned"' + (b',"incarnation":' + named if named else b"") + b"}"
    server.answer_with = only(protocol.PUSH, Reply(status=409, body=body))

    with pytest.raises(ReplicaCloned):
        exchange(replica, server.base_url)

    assert len(server.requests) < 10
    assert replica.identity().incarnation < 10
    assert replica.unsent() == 1


def test_a_device_that_is_being_returned_sends_and_asks_for_nothing(server: ModelServer) -> None:
    here, there = MemoryReplica("가상-가"), MemoryReplica("가상-나")
    there.create({"q1": "5"})
    exchange(there, server.base_url)
    here.create({"q1": "4"})

    server.answer_with = greeting("sing", "drain")
    outcome, seen = exchange(here, server.base_url)

    assert (outcome.sent, outcome.received, outcome.is_drained) == (1, 0, True)
    assert protocol.PULL not in [path for path, _, _ in server.requests[-2:]]
    assert len(server.records) == 2
    assert here.unsent() == 0
    assert "pull" not in {step.stage for step in seen}


def test_a_command_that_nobody_knows_is_passed_over(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")

    server.answer_with = greeting("sing")
    outcome, _ = exchange(replica, server.base_url)

    assert not outcome.is_drained


def test_a_device_set_aside_between_two_requests_ends_its_round_well(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    replica.create({"q1": "5"})
    body = json.dumps({"code": protocol.CODE_REPLICA_DRAINED}).encode()
    server.answer_with = only(protocol.PULL, Reply(status=403, body=body))

    outcome, _ = exchange(replica, server.base_url)

    assert (outcome.sent, outcome.is_drained) == (1, True)
    assert replica.exchanged_at == NOON


def test_a_device_used_no_more_is_told_how_much_is_here_alone(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    replica.create({"q1": "5"})
    body = json.dumps({"code": protocol.CODE_REPLICA_REVOKED}).encode()
    server.answer_with = only(protocol.HELLO, Reply(status=403, body=body))

    with pytest.raises(ReplicaRevoked) as revoked:
        exchange(replica, server.base_url)

    assert revoked.value.facts["unsent"] == replica.unsent() == 1
