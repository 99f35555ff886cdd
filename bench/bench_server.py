"""Push and pull of 5,000 records of about 2 kB over loopback, beside the floor of the database.

The floor is psycopg's executemany of the same documents into one plain table, 500 a transaction,
and one select of them all: no HTTP, no receipts, no merge, no versions, no row-level security.
Client, server and PostgreSQL share this machine's cores. Run: `make bench ARGS=server`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg.types.json import Jsonb

from fieldapp.domain.operation import Operation
from fieldapp.domain.shapes import encode, to_wire
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.process import ServerProcess
from fieldapp.sync import protocol

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for the tests' own server

from bench.measuring import told_rate
from tests.servers import PACKS, Laptop, Server, embedded_postgres, survey

RECORDS = 5_000
PUSH_BAR, PULL_BAR = 2_000, 3_000  # records a second (design.md §4)
#: Pads an operation to about 2 kB of JSON.
TEXT = "가상-약속한 시간에 와서 부탁한 곳을 깨끗이 치우고 돌아갔음. " * 12


def bench(records: int = RECORDS) -> int:
    """Print what was measured; 1 when a bar was missed."""
    with (
        embedded_postgres() as postgres,
        ServerProcess.start(postgres.sync_url, packs_dir=PACKS) as process,
    ):
        server = Server(process.base_url, postgres, process, PACKS)
        scope = server.new_scope()
        writer, reader = server.new_laptop(scope), server.new_laptop(scope)
        try:
            operations = [writer.create(survey(n + 1) | {"good": TEXT}) for n in range(records)]
            bytes_each = len(encode(operations[0]))
            pushed = _timed_push(writer, operations)
            pulled = _timed_pull(reader, records)
            floor_in, floor_out = _floor(postgres, operations)
        finally:
            server.close()
    print(f"{records:,} records, {bytes_each:,} bytes of JSON an operation")
    is_met = [
        told_rate("push", records / pushed, records / floor_in, PUSH_BAR),
        told_rate("pull", records / pulled, records / floor_out, PULL_BAR),
    ]
    return 0 if all(is_met) else 1


def _timed_push(laptop: Laptop, operations: Sequence[Operation]) -> float:
    began = time.perf_counter()
    at = 0
    while at < len(operations):
        batch: list[Operation] = []
        size = 0
        for operation in operations[at : at + protocol.PUSH_MAX_OPERATIONS]:
            size += len(encode(operation))
            if batch and size > protocol.PUSH_MAX_BYTES:
                break
            batch.append(operation)
        reply = laptop.push(*batch)
        if any(receipt.status != "applied" for receipt in reply.results):
            raise SystemExit("a record was not applied")
        at += len(batch)
    return time.perf_counter() - began


def _timed_pull(laptop: Laptop, expected: int) -> float:
    began = time.perf_counter()
    rows = laptop.pull()
    took = time.perf_counter() - began
    if len(rows) != expected:
        raise SystemExit(f"{len(rows)} rows of {expected}")
    return took


def _floor(postgres: EmbeddedPostgres, operations: Sequence[Operation]) -> tuple[float, float]:
    documents = [(operation.object.id, to_wire(operation)) for operation in operations]
    with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
        connection.execute("create table floor (id uuid primary key, doc jsonb not null)")
        began = time.perf_counter()
        for at in range(0, len(documents), protocol.PUSH_MAX_OPERATIONS):
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(
                    "insert into floor values (%s, %s)",
                    [(key, Jsonb(doc)) for key, doc in documents[at : at + 500]],
                )
        written = time.perf_counter() - began
        began = time.perf_counter()
        connection.execute("select doc from floor order by id").fetchall()
        return written, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(bench(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS))
