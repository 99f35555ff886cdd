"""PostgreSQL is stopped as a power cut would, in the middle of pushes, and started again (T3).

The app server is the same process all the while: it finds its way back by itself, and what it said
it had taken is there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from fieldapp.domain.operation import Operation
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.process import ServerProcess
from tests.servers import Laptop, Server, beside, embedded_postgres, survey

#: How often the database is lost, and what must have been taken in between.
STOPS = int(os.environ.get("FIELDAPP_STOPS", "1"))
TAKEN_BETWEEN = 6
WRITERS, BATCH = 3, 4
GENEROUS_S = 120.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGQUIT is a matter of POSIX")


@pytest.fixture
def own_server(compiled_packs: Path) -> Iterator[Server]:
    """A cluster that only this test loses, and one app server over it."""
    with (
        embedded_postgres() as postgres,
        ServerProcess.start(
            postgres.sync_url, packs_dir=compiled_packs, env=beside(compiled_packs)
        ) as process,
    ):
        running = Server(process.base_url, postgres, process, compiled_packs)
        yield running
        running.close()


def stop_at_once(postgres: EmbeddedPostgres) -> None:
    """`pg_ctl stop -m immediate`: no backend ends what it was doing."""
    info = postgres._server.get_postmaster_info()
    os.kill(info.pid, signal.SIGQUIT)
    info.process.wait(GENEROUS_S)


def start_again(postgres: EmbeddedPostgres) -> None:
    """It recovers from its log before it answers."""
    postgres._server.ensure_postgres_running()


@dataclass
class Office:
    """Laptops that push without a pause, and bring again whatever was not acknowledged."""

    is_over: threading.Event = field(default_factory=threading.Event)
    taken: threading.Condition = field(default_factory=threading.Condition)
    acknowledged: list[str] = field(default_factory=list)
    refusals: int = 0

    def write(self, laptop: Laptop) -> None:
        """Until it is over."""
        number = 0
        while not self.is_over.is_set():
            number += 1
            self._bring(laptop, [laptop.create(survey(number)) for _ in range(BATCH)])

    def _bring(self, laptop: Laptop, batch: list[Operation]) -> None:
        while True:
            try:
                reply = laptop.post_push(*batch)
            except httpx.TransportError:
                continue
            if reply.status_code == 200:
                break
            # The database is away: come again, and nothing else is ever said of it.
            assert reply.status_code == 503, reply.text
            with self.taken:
                self.refusals += 1
                self.taken.notify_all()
        with self.taken:
            self.acknowledged += [operation.op_id for operation in batch]
            self.taken.notify_all()

    def wait_for_taken(self, more: int) -> None:
        """Until so many more were acknowledged."""
        with self.taken:
            goal = len(self.acknowledged) + more
            assert self.taken.wait_for(lambda: len(self.acknowledged) >= goal, GENEROUS_S)

    def wait_for_refused(self, more: int) -> None:
        """Until somebody was told so often that the database is away."""
        with self.taken:
            goal = self.refusals + more
            assert self.taken.wait_for(lambda: self.refusals >= goal, GENEROUS_S)


def test_what_was_acknowledged_outlives_a_database_that_is_stopped_at_once(
    own_server: Server,
) -> None:
    office, scope = Office(), own_server.new_scope()
    laptops = [own_server.laptop(own_server.new_user(scope), scope) for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(office.write, laptop) for laptop in laptops]
        try:
            for _ in range(STOPS):
                office.wait_for_taken(TAKEN_BETWEEN)
                stop_at_once(own_server.postgres)
                office.wait_for_refused(1)
                start_again(own_server.postgres)
            office.wait_for_taken(TAKEN_BETWEEN)
        finally:
            office.is_over.set()
        for one in writing:
            one.result()

    assert own_server.process is not None
    assert own_server.process.is_running()
    made = [row[0] for row in own_server.sql("select op_id::text from fieldapp.record_version")]
    assert sorted(made) == sorted(office.acknowledged)
    rows = laptops[0].pull()
    assert [row.scope_seq for row in rows] == list(range(1, len(made) + 1))
    assert len({row.object.id for row in rows}) == len(made)
