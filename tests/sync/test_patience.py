"""A server that is too busy is left alone for as long as it asks, and not by all at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain import exchange as ex
from fieldapp.errors import Cancelled, ServerBusy
from fieldapp.sync.connection import Connection
from fieldapp.sync.exchange import run_exchange
from fieldapp.sync.patience import MOST_WAITED_S, Patience, retry_after_s
from fieldapp.sync.protocol import PUSH
from tests.sync.model import NOON, TOKENS, MemoryReplica, ModelServer, Reply

NOTHING: dict[str, str] = {}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def asking(seconds: float) -> dict[str, str]:
    return {"Retry-After": f"{seconds:.0f}"}


def busy_at_push(server: ModelServer, *, times: int, status: int = 503) -> None:
    left = times

    def answer(path: str, honest: Reply) -> Reply:
        nonlocal left
        if path != PUSH or left == 0:
            return honest
        left -= 1
        return Reply(status=status, headers=asking(7))

    server.answer_with = answer


def exchange(replica: MemoryReplica, server: ModelServer, patience: Patience) -> ex.ExchangeOutcome:
    with Connection(
        server.base_url, clock_now=lambda: NOON, tokens=TOKENS, patience=patience
    ) as connection:
        outcome, _ = run_exchange(
            replica, connection, now=lambda: NOON, progress=lambda _: None, cancelled=lambda: False
        )
    return outcome


@pytest.mark.parametrize("status", [429, 503])
def test_a_round_waits_as_long_as_the_server_asks_and_then_comes_to_its_end(
    server: ModelServer, status: int
) -> None:
    replica, slept = MemoryReplica("가상-가"), list[float]()
    record = replica.create({"q1": "5"})
    busy_at_push(server, times=2, status=status)
    told: list[None] = []

    outcome = exchange(
        replica, server, Patience(sleep=slept.append, told=lambda: told.append(None))
    )

    assert outcome.sent == 1
    assert list(server.records) == [record]
    assert len(told) == 2
    assert sum(slept) >= 14


def test_a_server_that_stays_busy_is_left_and_everything_waits_for_another_round(
    server: ModelServer,
) -> None:
    replica, slept = MemoryReplica("가상-가"), list[float]()
    replica.create({"q1": "5"})
    busy_at_push(server, times=1000)

    with pytest.raises(ServerBusy) as busy:
        exchange(replica, server, Patience(sleep=slept.append))

    assert (busy.value.facts["status"], busy.value.facts["unsent"]) == (503, 1)
    assert sum(slept) <= MOST_WAITED_S + 1
    busy_at_push(server, times=0)
    assert exchange(replica, server, Patience(sleep=slept.append)).sent == 1


def test_a_wait_ends_at_once_when_the_worker_stops_it() -> None:
    slept: list[float] = []
    patience = Patience(sleep=slept.append, cancelled=lambda: len(slept) == 3)

    with pytest.raises(Cancelled):
        patience.wait(503, asking(60))

    assert sum(slept) < 1


def test_who_asks_for_too_long_is_not_waited_for_at_all() -> None:
    slept: list[float] = []

    with pytest.raises(ServerBusy):
        Patience(sleep=slept.append).wait(429, asking(3600))

    assert slept == []


@given(asked=st.integers(0, 30), chance=st.floats(0, 1, exclude_max=True))
def test_no_less_is_waited_than_asked_and_at_most_half_as_much_again(
    asked: int, chance: float
) -> None:
    slept: list[float] = []

    Patience(sleep=slept.append, chance=lambda: chance).wait(503, asking(asked))

    assert asked - 1e-6 <= sum(slept) <= max(asked * 1.5, asked + 1) + 1e-6


def test_laptops_sent_away_together_come_back_one_by_one() -> None:
    waited: set[float] = set()
    for _ in range(20):
        slept: list[float] = []
        Patience(sleep=slept.append).wait(503, asking(10))
        waited.add(round(sum(slept), 6))

    assert len(waited) == 20


def test_a_server_that_names_no_time_is_given_more_of_it_each_time_until_it_answers() -> None:
    slept: list[float] = []
    patience = Patience(sleep=slept.append, chance=lambda: 0.0)
    waits: list[float] = []
    for _ in range(4):
        slept.clear()
        patience.wait(503, NOTHING)
        waits.append(sum(slept))
    patience.answered()
    slept.clear()
    patience.wait(503, NOTHING)

    assert waits == [1, 2, 4, 8]
    assert sum(slept) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": " 0 "}, 0),
        (
            {
                "Retry-After": "Wed, 02 Dec 2026 09:00:30 GMT",
                "Date": "Wed, 02 Dec 2026 09:00:00 GMT",
            },
            30,
        ),
        (
            {
                "Retry-After": "Wed, 02 Dec 2026 08:00:00 GMT",
                "Date": "Wed, 02 Dec 2026 09:00:00 GMT",
            },
            0,
        ),
        ({"Retry-After": "Wed, 02 Dec 2026 09:00:30 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1e9"}, None),
        ({"Retry-After": "９"}, None),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_asked_for_is_read_by_the_servers_own_clock(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_s(headers) == seconds


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_header_makes_the_reading_of_a_time_fail(asked: str, date: str) -> None:
    found = retry_after_s({"Retry-After": asked, "Date": date})

    assert found is None or found >= 0
