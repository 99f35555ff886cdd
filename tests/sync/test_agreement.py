"""A device and a server of different ages: the highest version of both, or a sentence which is old;
and the codings that both know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain import exchange as ex
from fieldapp.domain.ids import ReplicaId, uuid7
from fieldapp.domain.shapes import encode, to_wire
from fieldapp.errors import ProtocolTooNew, ProtocolTooOld
from fieldapp.messages import message_for
from fieldapp.sync import protocol
from fieldapp.sync.agreement import OURS, Versions, agreed
from fieldapp.sync.connection import Connection
from tests.outbox import pending
from tests.servers import Server
from tests.sync.lines import Line
from tests.sync.model import NOON, TOKENS, ModelServer, Reply
from tests.sync.real import Laptop

REPLICA = ReplicaId(uuid7(NOON))
RANGES = st.tuples(st.integers(1, 9), st.integers(1, 9)).map(
    lambda ends: Versions(min(ends), max(ends))
)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as model:
        yield model


def connected(model: ModelServer, speaks: Versions = OURS) -> Connection:
    return Connection(model.base_url, clock_now=lambda: NOON, tokens=TOKENS, speaks=speaks)


def speaking(model: ModelServer, server: Versions) -> None:
    """The model refuses what a server of these versions would."""

    def answer(_: str, honest: Reply) -> Reply:
        headers = model.requests[-1][1]
        if server.lowest <= int(headers[protocol.PROTOCOL_HEADER]) <= server.highest:
            return honest
        return Reply(status=426, headers={protocol.PROTOCOL_HEADER: str(server)})

    model.answer_with = answer


# Versions


@given(RANGES, RANGES)
def test_the_highest_version_of_both_is_spoken_or_the_older_side_is_named(
    device: Versions, server: Versions
) -> None:
    common = set(range(device.lowest, device.highest + 1)) & set(
        range(server.lowest, server.highest + 1)
    )
    try:
        version = agreed(device, server)
    except ProtocolTooOld:
        assert not common
        assert device.highest < server.lowest
    except ProtocolTooNew:
        assert not common
        assert server.highest < device.lowest
    else:
        assert version == max(common)


@given(RANGES)
def test_a_range_is_read_as_it_was_written(versions: Versions) -> None:
    assert Versions.read(str(versions)) == versions


@pytest.mark.parametrize("text", [None, "", "1", "1-", "3-1", "1-2-3", " 1-2", "a-b", "１-２"])
def test_what_is_no_range_is_none(text: str | None) -> None:
    assert Versions.read(text) is None


def test_a_later_device_goes_down_to_what_the_server_speaks_and_stays_there(
    model: ModelServer,
) -> None:
    speaking(model, Versions(1, 2))

    with connected(model, Versions(1, 5)) as connection:
        connection.hello(REPLICA)
        connection.pull(ex.PullRequest(cursors={}, budget=1_000), REPLICA)

    spoken = [headers[protocol.PROTOCOL_HEADER] for _, headers, _ in model.requests]
    assert spoken == ["5", "2", "2"]


def test_a_later_device_exchanges_with_the_server_of_today(tmp_path: Path, server: Server) -> None:
    with Line(server.base_url) as line:
        laptop = Laptop(tmp_path, server, server.new_scope(), line)
        with Connection(
            server.base_url,
            clock_now=laptop.now,
            tokens=laptop.tokens,
            speaks=Versions(OURS.lowest, OURS.highest + 2),
        ) as connection:
            greeting = connection.hello(laptop.replica.identity().replica)
        laptop.store.close()

    assert greeting.protocol_max == OURS.highest


@pytest.mark.parametrize(
    ("device", "server", "error", "remedy"),
    [
        (Versions(1, 3), Versions(4, 6), ProtocolTooOld, "앱을 새 판으로"),
        (Versions(4, 6), Versions(1, 3), ProtocolTooNew, "서버를 새 판으로"),
    ],
    ids=["old device", "old server"],
)
def test_without_a_common_version_the_worker_is_told_which_side_is_old(
    model: ModelServer,
    device: Versions,
    server: Versions,
    error: type[ProtocolTooOld | ProtocolTooNew],
    remedy: str,
) -> None:
    speaking(model, server)

    with connected(model, device) as connection, pytest.raises(error) as raised:
        connection.hello(REPLICA)

    assert raised.value.facts == {"ours": str(device), "theirs": str(server)}
    assert remedy in message_for(raised.value).next
    assert len(model.requests) == 1


def test_a_server_that_refuses_even_what_it_says_it_speaks_is_asked_no_third_time(
    model: ModelServer,
) -> None:
    model.answer_with = lambda _, __: Reply(status=426, headers={protocol.PROTOCOL_HEADER: "1-1"})

    with connected(model) as connection, pytest.raises(ProtocolTooOld):
        connection.hello(REPLICA)

    assert len(model.requests) == 2


def test_a_greeting_of_a_later_server_is_read_for_what_is_known_of_it(model: ModelServer) -> None:
    def later(path: str, honest: Reply) -> Reply:
        greeting = to_wire(ex.ReplicaSeen(id=REPLICA, last_seen=TOKENS.expires, applied_seq=1))
        scope = {"id": "town-1", "head": 3, "replicas": [greeting | {"lease": 1}], "mood": "good"}
        known = {
            "protocol_min": 1, "protocol_max": 9, "epoch": model.epoch,
            "server_time": TOKENS.expires, "scopes": [scope], "weather": {"sky": "clear"},
        }  # fmt: skip
        return Reply(body=encode(known)) if path == protocol.HELLO else honest

    model.answer_with = later

    with connected(model) as connection:
        greeting = connection.hello(REPLICA)

    assert [(scope.id, scope.head, len(scope.replicas)) for scope in greeting.scopes] == [
        ("town-1", 3, 1)
    ]


# Codings


def request_codings(model: ModelServer) -> list[str | None]:
    return [headers.get("Content-Encoding") for _, headers, _ in model.requests]


LONG = ex.PullRequest(cursors={f"town-{number}": "c" * 100 for number in range(20)}, budget=1_000)


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [("zstd, gzip", "zstd"), ("gzip", "gzip"), ("br", None), ("", None)],
)
def test_requests_are_packed_from_when_the_server_said_that_it_unpacks(
    model: ModelServer, accepts: str, coding: str | None
) -> None:
    model.accepts = accepts

    with connected(model) as connection:
        connection.pull(LONG, REPLICA)
        connection.pull(LONG, REPLICA)
        connection.pull(ex.PullRequest(cursors={}, budget=1_000), REPLICA)

    assert request_codings(model) == [None, coding, None]


def test_where_something_on_the_way_refuses_packed_requests_they_go_plain_from_then_on(
    model: ModelServer,
) -> None:
    model.accepts = "zstd"
    model.answer_with = lambda _, honest: (
        Reply(status=415) if "Content-Encoding" in model.requests[-1][1] else honest
    )

    with connected(model) as connection:
        for _ in range(3):
            connection.pull(LONG, REPLICA)

    assert request_codings(model) == [None, "zstd", None, None]


def test_a_day_of_visits_takes_a_quarter_of_its_bytes_on_the_line(
    tmp_path: Path, server: Server
) -> None:
    with Line(server.base_url) as line:
        writer, reader = (
            Laptop(tmp_path, server, scope, line) for scope in [server.new_scope()] * 2
        )
        ids = [writer.create({"serial": str(serial)}) for serial in range(1, 41)]
        plain = sum(len(encode(op)) for op in pending(writer.replica, 100, 10**9))
        writer.exchange()
        up = line.carried["up"]
        reader.exchange()
        down = line.carried["down"]
        writer.store.close()
        reader.store.close()

    assert len(ids) == 40
    assert up * 4 < plain
    assert down * 4 < plain
