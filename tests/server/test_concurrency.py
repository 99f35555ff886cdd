"""Many writers and a polling reader on one scope: the cursor never passes a row still to come.

The regression of the usual design: a global sequence or a timestamp as the cursor loses a fifth of
the rows under eight writers, because numbers are taken before their transactions commit.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from fieldapp.domain.exchange import PushReply
from tests.server.errands import (
    changing,
    create_entity,
    entity,
    new_id,
    new_town,
    stored_entity,
    visited,
)
from tests.servers import Laptop, Server, survey

WRITERS = 6
BATCHES = 24
BATCH = 3


def write(laptop: Laptop) -> set[str]:
    written: set[str] = set()
    for _ in range(BATCHES):
        operations = [laptop.create(survey()) for _ in range(BATCH)]
        reply = laptop.push(*operations)
        assert {receipt.status for receipt in reply.results} == {"applied"}
        written |= {operation.object.id for operation in operations}
    return written


def test_no_row_is_lost_to_a_reader_that_polls_while_two_servers_write(server: Server) -> None:
    scope = server.new_scope()
    with server.another() as second:
        addresses = (server.base_url, second.base_url)
        writers = [
            server.laptop(server.new_user(scope), scope, addresses[number % 2])
            for number in range(WRITERS)
        ]
        reader = server.laptop(server.new_user(scope), scope, second.base_url)
        are_done = threading.Event()
        seen: list[str] = []

        def poll() -> None:
            while not are_done.is_set():
                seen.extend(row.object.id for row in reader.pull(20_000))
            seen.extend(row.object.id for row in reader.pull(20_000))

        with ThreadPoolExecutor(WRITERS + 1) as pool:
            polling = pool.submit(poll)
            try:
                written = set().union(*pool.map(write, writers))
            finally:
                are_done.set()
            polling.result()

    assert len(written) == WRITERS * BATCHES * BATCH
    assert len(seen) == len(written)
    assert set(seen) == written


def test_writers_of_the_same_records_in_opposite_order_all_come_through(server: Server) -> None:
    scope = server.new_scope()
    author = server.new_laptop(scope)
    created = [author.create(survey()) for _ in range(6)]
    author.push(*created)
    laptops = [server.new_laptop(scope) for _ in range(4)]

    def amend(laptop: Laptop) -> list[PushReply]:
        path = f"note_{laptops.index(laptop)}"
        order = created if laptops.index(laptop) % 2 else created[::-1]
        return [
            laptop.push(
                *(laptop.change(one.object.id, 1, [(path, None, str(turn))]) for one in order)
            )
            if turn == 0
            else laptop.push()
            for turn in range(2)
        ]

    with ThreadPoolExecutor(len(laptops)) as pool:
        replies = [reply for both in pool.map(amend, laptops) for reply in both]

    assert {receipt.status for reply in replies for receipt in reply.results} <= {
        "applied",
        "merged",
    }
    for row in author.pull():
        assert row.rev == 1 + len(laptops)
        assert row.doc is not None
        assert {f"note_{number}" for number in range(len(laptops))} <= set(row.doc["answers"])


def test_visits_of_the_same_households_in_opposite_order_all_come_through(server: Server) -> None:
    town = new_town(server)
    homes = [entity("household", new_id()) for _ in range(6)]
    author = town.laptop("secretariat")
    author.push(*(create_entity(author, of, {"label": "가상-집"}) for of in homes))
    laptops = [town.laptop("secretariat") for _ in range(4)]

    def visit(laptop: Laptop) -> set[str]:
        number = laptops.index(laptop)
        name = f"seen_by_{number}"
        order = homes if number % 2 else homes[::-1]
        visits = [visited(laptop, changing(of, 1, [(name, None, "yes")])) for of in order]
        return {receipt.status for receipt in laptop.push(*visits).results}

    with ThreadPoolExecutor(len(laptops)) as pool:
        assert list(pool.map(visit, laptops)) == [{"applied"}] * len(laptops)

    for of in homes:
        stands = stored_entity(server, of)
        assert stands.props == {f"seen_by_{number}": "yes" for number in range(len(laptops))}
        assert [header.rev for header in stands.history] == [5, 4, 3, 2, 1]


def test_the_same_batch_sent_twice_at_once_is_stored_once(server: Server, laptop: Laptop) -> None:
    operations = [laptop.create(survey(number + 1)) for number in range(10)]

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: laptop.push(*operations), range(4)))

    said = sorted(reply.results[0].status for reply in replies)
    assert said == ["applied", "duplicate", "duplicate", "duplicate"]
    rows = server.sql("select 1 from fieldapp.record_version where scope = %s", [laptop.scope])
    assert len(rows) == 10
