"""Writers over three scopes at once through two server processes, and a reader who polls them all.

Every batch reaches the scopes in an order of its own and takes a different time: numbers are given
late and in one order, so that no cursor passes a row whose transaction is still open (T4).
"""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

from fieldapp.domain.exchange import PulledRow
from tests.servers import Laptop, Server, survey

WRITERS, BATCHES, SCOPES = 6, 10, 3


def test_no_row_of_any_scope_is_passed_by_a_cursor_while_two_processes_write(
    server: Server,
) -> None:
    scopes = [server.new_scope() for _ in range(SCOPES)]
    with server.another() as second:
        addresses = (server.base_url, second.base_url)

        def member(number: int) -> Laptop:
            return server.laptop(server.new_user(*scopes), scopes[0], addresses[number % 2])

        writers = [member(number) for number in range(WRITERS)]
        reader = member(1)
        are_done = threading.Event()
        seen: list[PulledRow] = []

        def poll() -> None:
            while not are_done.is_set():
                seen.extend(reader.pull(8_000))
            seen.extend(reader.pull(8_000))

        with ThreadPoolExecutor(WRITERS + 1) as pool:
            polling = pool.submit(poll)
            try:
                written = set().union(*pool.map(write, writers, range(WRITERS), [scopes] * WRITERS))
            finally:
                are_done.set()
            polling.result()

    assert sorted((row.scope, row.object.id) for row in seen) == sorted(written)
    for scope in scopes:
        # Dense, and in the order in which they were read.
        numbers = [row.scope_seq for row in seen if row.scope == scope]
        assert numbers == list(range(1, len(numbers) + 1))


def write(laptop: Laptop, seed: int, scopes: list[str]) -> set[tuple[str, str]]:
    """Batches of 1 to 10 records, each of any scope; returns scope and id."""
    chance = random.Random(seed)
    written: set[tuple[str, str]] = set()
    for _ in range(BATCHES):
        batch = [
            laptop.create(survey(), scope=chance.choice(scopes))
            for _ in range(chance.randint(1, 10))
        ]
        reply = laptop.push(*batch)
        assert {receipt.status for receipt in reply.results} == {"applied"}
        written |= {(one.scope or "", one.object.id) for one in batch}
    return written
