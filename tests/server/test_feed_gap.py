"""No cursor passes a row whose transaction is still open (T4): numbers are given late and in one
order, and their counter is held until the commit.

Once by chance, with writers over three scopes at once through two server processes and a reader who
polls them all; FIELDAPP_FEED_BATCHES says how long. And once for certain, with one push that stands
still after its number was given: there a sequence in place of the counter loses the row.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from fieldapp.domain.exchange import PulledRow
from fieldapp.domain.operation import Operation
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.migrations import migrate
from fieldapp.server.process import ServerProcess
from tests.servers import Laptop, OneDatabase, Server, survey

WRITERS, SCOPES = 6, 3
BATCHES = int(os.environ.get("FIELDAPP_FEED_BATCHES", "10"))

#: Whoever is named in `held` stands still between a number and its commit, as long as the test has
#: the lock; that is where a busy machine takes its time.
_LOCK = 20_261_121
_GENEROUS_S = 120
_STANDING_STILL = """
    create table fieldapp.held (account text);
    create function fieldapp.stand_still() returns trigger
    language plpgsql security definer set search_path = '' set lock_timeout = 0 as $$
    begin
        if exists (select from fieldapp.held where account = current_setting('app.user')) then
            perform pg_advisory_xact_lock_shared(20261121);
        end if;
        return new;
    end $$;
    create trigger stand_still before insert on fieldapp.change_row
    for each row execute function fieldapp.stand_still();
"""
#: As most protocols have it: no number is given twice, and none is held until the commit.
_IN_SEQUENCE = """
    alter table fieldapp.scope_head rename to counted_head;
    create view fieldapp.scope_head as select scope, head from fieldapp.counted_head;
    grant select, update on fieldapp.scope_head to fieldapp_sync;
    create sequence fieldapp.early;
    create function fieldapp.number() returns trigger
    language plpgsql security definer set search_path = '' as $$
    begin
        new.head := nextval('fieldapp.early');
        return new;
    end $$;
    create trigger number instead of update on fieldapp.scope_head
    for each row execute function fieldapp.number();
"""


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


def test_a_push_that_stands_still_after_its_number_was_given_holds_the_next_number_back(
    postgres: EmbeddedPostgres, server: Server
) -> None:
    with numbering(postgres, server, "counted", _STANDING_STILL) as counted:
        feed = overtaken(counted)

    assert feed.seen_meanwhile == []
    assert feed.seen == [feed.slow, feed.quick]


def test_a_row_is_lost_where_the_number_is_not_held_until_the_commit(
    postgres: EmbeddedPostgres, server: Server
) -> None:
    with numbering(postgres, server, "early", _STANDING_STILL + _IN_SEQUENCE) as early:
        feed = overtaken(early)

    assert feed.seen_meanwhile == feed.seen == [feed.quick]


@dataclass(frozen=True)
class Overtaken:
    """Two records, and which of them a reader was given: while one stood still, and in all."""

    slow: str
    quick: str
    seen_meanwhile: list[str]
    seen: list[str]


def overtaken(server: Server) -> Overtaken:
    """One push stands still after its number was given, another comes, and a reader polls."""
    scope = server.new_scope()
    slow, quick, reader = (server.laptop(server.new_user(scope), scope) for _ in range(3))
    server.sql("insert into fieldapp.held values (%s)", [slow.user])
    first, second = slow.create(survey(1)), quick.create(survey(2))
    with (
        psycopg.connect(server.postgres.owner_url) as holder,
        ThreadPoolExecutor(2) as pool,
    ):
        holder.execute("select pg_advisory_lock(%s)", [_LOCK])
        standing = pool.submit(brought, slow, first)
        wait_until_waiting(server, 1)
        passing = pool.submit(brought, quick, second)
        # It waits for the counter, or is through.
        while not passing.done() and waiting(server) < 2:
            continue
        seen = [row.object.id for row in reader.pull()]
        holder.execute("select pg_advisory_unlock(%s)", [_LOCK])
        standing.result()
        passing.result()
    later = [row.object.id for row in reader.pull()]
    return Overtaken(first.object.id, second.object.id, seen, seen + later)


def brought(laptop: Laptop, operation: Operation) -> None:
    """Bring it, again as long as the server is too busy."""
    while (reply := laptop.post_push(operation)).status_code == 503:
        continue
    assert reply.json()["results"][0]["status"] in ("applied", "duplicate")


def waiting(server: Server) -> int:
    """How many transactions of this database wait for another."""
    rows = server.sql(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    return int(rows[0][0])


def wait_until_waiting(server: Server, count: int) -> None:
    """Until so many transactions stand still."""
    until = time.monotonic() + _GENEROUS_S
    while waiting(server) < count:
        assert time.monotonic() < until


def write(laptop: Laptop, seed: int, scopes: list[str]) -> set[tuple[str, str]]:
    """Batches of 1 to 10 records, each of any scope; returns scope and id."""
    chance = random.Random(seed)
    written: set[tuple[str, str]] = set()
    for _ in range(BATCHES):
        batch = [
            laptop.create(survey(), scope=chance.choice(scopes))
            for _ in range(chance.randint(1, 10))
        ]
        reply = laptop.post_push(*batch)
        while reply.status_code == 503:  # somebody holds a counter for long: come again
            reply = laptop.post_push(*batch)
        assert reply.status_code == 200, reply.text
        assert {receipt["status"] for receipt in reply.json()["results"]} == {"applied"}
        written |= {(one.scope or "", one.object.id) for one in batch}
    return written


@contextmanager
def numbering(
    postgres: EmbeddedPostgres, server: Server, name: str, statements: str
) -> Iterator[Server]:
    """A server over a database of its own, changed by these statements."""
    database = OneDatabase(postgres, f"feed_{name}")
    postgres.create_database(database.name)
    migrate(database.owner_url)
    with psycopg.connect(database.owner_url) as owner:
        owner.execute(statements.encode())
    with ServerProcess.start(database.sync_url, packs_dir=server.packs) as process:
        running = Server(process.base_url, database, process, server.packs)
        yield running
        running.close()
