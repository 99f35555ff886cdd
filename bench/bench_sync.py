"""Push and pull of 5,000 surveys of about 2 kB by the real client, over loopback.

One laptop wrote them; the real exchange brings them from its encrypted store to a server process
over PostgreSQL, and another laptop's exchange takes them into its own store and then shows them in
columns. Client, server and database share this machine's cores.

The floors are executemany of the same documents into one plain table, as many a transaction as the
exchange has: psycopg into PostgreSQL for the push, SQLCipher into a file for the pull. They have no
HTTP, no receipts, no merge, no row-level security. Bars: design.md §4. `make bench ARGS=sync`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.types.json import Jsonb

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.exchange import ExchangeStage, Progress
from fieldapp.domain.ids import new_record_id
from fieldapp.domain.operation import Operation, Transition, changed_answers
from fieldapp.domain.shapes import encode, to_wire
from fieldapp.server import accounts
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.migrations import migrate
from fieldapp.server.process import ServerProcess
from fieldapp.storage import records
from fieldapp.storage.sqlite import connect
from fieldapp.sync import protocol
from fieldapp.usecases import exchange
from fieldapp.usecases.session import Session, append_operation, record_ref

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measuring import told_rate
from bench.samples import PACKS, PASSWORD, SCOPE, TEXT, form_of, new_profile, survey

RECORDS = 5_000
PUSH_BAR, STORED_BAR, PROJECTED_BAR = 2_000, 3_000, 1_500  # records a second


def main(count: int = RECORDS) -> int:
    """Print what was measured; 1 when a bar was missed."""
    with _folder() as root, EmbeddedPostgres(root / "cluster") as postgres:
        migrate(postgres.owner_url)
        with ServerProcess.start(postgres.sync_url, packs_dir=PACKS) as server:
            writer = _laptop(root / "a", postgres, server, "가상-오사무")
            reader = _laptop(root / "b", postgres, server, "가상-이사무")
            written = _write(writer, count)
            push, pull = _round(writer), _round(reader)
            writer.store.close()
            reader.store.close()
        if (push.sent, pull.received) != (count, count):
            raise SystemExit(f"{push.sent} of {count} records sent, {pull.received} received")
        size = protocol.PUSH_MAX_OPERATIONS
        batches = [written[at : at + size] for at in range(0, count, size)]
        into_postgres = count / _floor_postgres(postgres, batches)
        into_file = count / _floor_file(root / "floor.db", batches)
    bytes_each = sum(len(encode(operation)) for operation in written) // count
    print(f"{count:,} records, {bytes_each:,} bytes of JSON an operation")
    is_met = [
        told_rate("push", count / push.seconds("push"), into_postgres, PUSH_BAR),
        told_rate("pull, stored", count / pull.seconds("pull"), into_file, STORED_BAR),
        told_rate(
            "pull, projected", count / pull.seconds("pull", "project"), into_file, PROJECTED_BAR
        ),
    ]
    return 0 if all(is_met) else 1


class Round:
    """One exchange, and how long each of its stages took: a stage ends with its last news."""

    def __init__(self) -> None:
        self.sent = 0
        self.received = 0
        self._ended_at: dict[str, float] = {}
        self._began_at: dict[str, float] = {}
        self._last_at = time.perf_counter()

    def note(self, progress: Progress) -> None:
        """News of the exchange."""
        self._began_at.setdefault(progress.stage, self._last_at)
        self._last_at = self._ended_at[progress.stage] = time.perf_counter()

    def seconds(self, *stages: ExchangeStage) -> float:
        """From the end of what came before these stages to the end of the last of them."""
        return sum(self._ended_at[stage] - self._began_at[stage] for stage in stages)


def _round(session: Session) -> Round:
    seen = Round()
    outcome, _ = exchange.exchange(session, progress=seen.note, cancelled=lambda: False)
    seen.sent, seen.received = outcome.sent, outcome.received
    return seen


def _laptop(folder: Path, postgres: EmbeddedPostgres, server: ServerProcess, user: str) -> Session:
    """A laptop of a new account, enrolled for the town."""
    with accounts.owner_connection(postgres.owner_url) as owner:
        accounts.add_scope(owner, SCOPE)
        accounts.add_user(
            owner, user, name=user, password=PASSWORD, roles=["secretariat"], scopes=[SCOPE]
        )
        code = accounts.invite(owner, user, scope=SCOPE, at=datetime.now(UTC))
    session = new_profile(folder, user)
    exchange.sign_in(
        session, address=server.base_url, user=user, password=PASSWORD, enrol_code=code
    )
    return session


def _write(session: Session, count: int) -> list[Operation]:
    """So many surveys finished offline, in one transaction; their operations."""
    form = form_of(session)
    kind = session.catalogue.find(form).plans.kind
    written: list[Operation] = []
    with session.store.writing() as db:
        for serial in range(1, count + 1):
            record_id = new_record_id(session.clock.now())
            answers = survey(serial, TEXT) | {"meta/instanceID": f"uuid:{record_id}"}
            operation = append_operation(
                session,
                db,
                object=record_ref(record_id),
                kind="create",
                form=form,
                patch=changed_answers(None, answers),
                scope=SCOPE,
                transition=Transition(to="완료", seen_rev=0),
            )
            records.apply_operation(db, operation, kind=kind)
            written.append(operation)
    return written


def _floor_postgres(postgres: EmbeddedPostgres, batches: Sequence[Sequence[Operation]]) -> float:
    """Seconds to put the same documents into a plain table of the server's database."""
    with psycopg.connect(postgres.owner_url, autocommit=True) as connection:
        connection.execute("create table floor (id uuid primary key, doc jsonb not null)")
        began = time.perf_counter()
        for batch in batches:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(
                    "insert into floor values (%s, %s)",
                    [(operation.op_id, Jsonb(to_wire(operation))) for operation in batch],
                )
        return time.perf_counter() - began


def _floor_file(path: Path, batches: Sequence[Sequence[Operation]]) -> float:
    """Seconds to put the same documents into a plain table of an encrypted file."""
    database = connect(path, new_data_key(), "rwc")
    database.execute("CREATE TABLE floor (id TEXT PRIMARY KEY, doc TEXT NOT NULL)")
    began = time.perf_counter()
    for batch in batches:
        database.execute("BEGIN IMMEDIATE")
        database.execute_many(
            "INSERT INTO floor VALUES (?, ?)",
            [(operation.op_id, encode(operation).decode()) for operation in batch],
        )
        database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took


@contextmanager
def _folder() -> Iterator[Path]:
    """Gone afterwards; as root, the cluster in it belongs to somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS))
